//===- Interpreter.cpp - Executes the quantized stage ---------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prepares a function as a list of kernels over numbered values, and runs them
// in order.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Interpreter/Interpreter.h"

#include "Kernel.h"
#include "Parameters.h"
#include "ScalarProgram.h"

#include <llvm/ADT/DenseMap.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Quant/IR/Quant.h>
#include <mlir/Transforms/RegionUtils.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::interpreter;

namespace {

/// One op to execute: the numbers of its operands and results.
struct Step {
  enum class Kind { Compute, Read, Assign };
  Kind kind;
  /// Of a computation.
  SeveralKernel kernel;
  SmallVector<size_t> operands, results;
  Operation *op;
  /// The variable that is read or assigned.
  size_t variable = 0;
};

} // namespace

struct Interpreter::Program {
  /// Types of the values by their numbers, the function's arguments first.
  std::vector<RankedTensorType> types;
  size_t arguments = 0;
  /// Values known beforehand; null for the others.
  std::vector<std::unique_ptr<Tensor>> constants;
  std::vector<Step> steps;
  SmallVector<size_t> results;
  InterpreterState initialState;
};

/// What the step that this thread executes did that is defined nowhere.
static thread_local const char *undefined = nullptr;

void interpreter::reportUndefined(const char *what) {
  if (!undefined)
    undefined = what;
}

//===----------------------------------------------------------------------===//
// Preparation
//===----------------------------------------------------------------------===//

/// A tensor of `type` with zeros for elements.
static Tensor makeTensor(RankedTensorType type) {
  Tensor tensor;
  tensor.shape.assign(type.getShape().begin(), type.getShape().end());
  if (type.getElementType().isF32())
    tensor.real.resize(type.getNumElements());
  else
    tensor.stored.resize(type.getNumElements());
  return tensor;
}

/// Whether the interpreter holds values of `type`.
static bool isSupported(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || !tensor.hasStaticShape())
    return false;
  Type element = tensor.getElementType();
  if (element.isF32())
    return true;
  if (auto integer = dyn_cast<IntegerType>(element))
    return integer.getWidth() <= 64;
  auto quantized = dyn_cast<quant::QuantizedType>(element);
  return quantized && quantized.getStorageTypeIntegralWidth() <= 32;
}

/// The elements of a tensor of `type` that `value`, of `op`, gives as stored or
/// real values; a scalar is one of rank 0.
static FailureOr<Tensor> decodeElements(Operation *op, Attribute value,
                                        Type typeOfOp) {
  if (auto scalar = dyn_cast<IntegerAttr>(value)) {
    if (scalar.getValue().getBitWidth() > 64)
      return op->emitOpError()
             << "is not supported by the interpreter as " << typeOfOp;
    return Tensor{{}, {scalar.getValue().getSExtValue()}, {}};
  }
  auto elements = dyn_cast<DenseElementsAttr>(value);
  if (!elements || !isSupported(typeOfOp))
    return op->emitOpError()
           << "is not supported by the interpreter as " << typeOfOp;
  auto type = cast<RankedTensorType>(typeOfOp);
  Tensor tensor = makeTensor(type);
  if (type.getElementType().isF32()) {
    llvm::copy(elements.getValues<float>(), tensor.real.begin());
    return tensor;
  }
  Storage storage = storageOf(type);
  size_t next = 0;
  for (const APInt &value : elements.getValues<APInt>()) {
    if (!storage.isSigned && value.getActiveBits() > 63)
      return op->emitOpError() << "holds " << value.getZExtValue()
                               << ", which the interpreter's i64 does not";
    tensor.stored[next++] = storage.isSigned
                                ? value.getSExtValue()
                                : static_cast<int64_t>(value.getZExtValue());
  }
  return tensor;
}

/// Whether the op has a float operand or result.
static bool touchesFloat(Operation *op) {
  auto isFloat = [](Type type) { return getElementTypeOrSelf(type).isF32(); };
  return llvm::any_of(op->getOperandTypes(), isFloat) ||
         llvm::any_of(op->getResultTypes(), isFloat);
}

FailureOr<Kernel> interpreter::prepareKernel(Operation *op,
                                             ConstantLookup constants) {
  bool known = op->getNumResults() == 1 && isSupported(op->getResultTypes()[0]);
  if (known && !isa<quant::QuantDialect>(op->getDialect()))
    known = !touchesFloat(op);
  if (!known)
    return op->emitOpError() << "is not supported by the interpreter";
  FailureOr<Kernel> kernel = prepareContraction(op, constants);
  for (auto prepare : {prepareElementwise, preparePooling, prepareSoftmax,
                       prepareMoving, prepareResize, prepareCast,
                       prepareIntegerOp, prepareStructuredOp, prepareTensorOp})
    if (succeeded(kernel) && !*kernel)
      kernel = prepare(op);
  if (succeeded(kernel) && !*kernel)
    return op->emitOpError() << "is not supported by the interpreter";
  return kernel;
}

/// The kernel of an op of any number of results.
static FailureOr<SeveralKernel> prepareStep(Operation *op,
                                            ConstantLookup constants) {
  if (isRecurrentOp(op) && !touchesFloat(op))
    return prepareRecurrent(op, constants);
  FailureOr<Kernel> kernel = prepareKernel(op, constants);
  if (failed(kernel))
    return failure();
  return SeveralKernel(
      [kernel = std::move(*kernel)](ArrayRef<const Tensor *> operands,
                                    MutableArrayRef<Tensor> results) {
        kernel(operands, results.front());
      });
}

namespace {

/// Numbers the values of a function and prepares its ops.
class Preparation {
public:
  explicit Preparation(Interpreter::Program &program) : program(program) {}

  LogicalResult prepare(func::FuncOp function);

private:
  size_t number(Value value);
  LogicalResult prepare(Operation &op);
  LogicalResult prepareVariables(func::FuncOp function);

  Interpreter::Program &program;
  llvm::DenseMap<Value, size_t> numbers;
  llvm::DenseMap<StringAttr, size_t> variables;
};

} // namespace

size_t Preparation::number(Value value) {
  size_t next = program.types.size();
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type) {
    // A scalar is a tensor of rank 0; an index has 64 bits.
    Type element = value.getType();
    if (element.isIndex())
      element = IntegerType::get(value.getContext(), 64);
    type = RankedTensorType::get({}, element);
  }
  program.types.push_back(type);
  program.constants.emplace_back();
  numbers[value] = next;
  return next;
}

LogicalResult Preparation::prepare(Operation &op) {
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    FailureOr<Tensor> tensor =
        decodeElements(constant, constant.getValue(), constant.getType());
    if (failed(tensor))
      return failure();
    program.constants[number(constant)] =
        std::make_unique<Tensor>(std::move(*tensor));
    return success();
  }
  if (auto read = dyn_cast<ReadVariableOp>(op)) {
    program.steps.push_back(
        {Step::Kind::Read,
         {},
         {},
         {number(read)},
         read,
         variables.lookup(read.getVariableAttr().getAttr())});
    return success();
  }
  if (auto assign = dyn_cast<AssignVariableOp>(op)) {
    program.steps.push_back(
        {Step::Kind::Assign,
         {},
         {numbers.lookup(assign.getValue())},
         {},
         assign,
         variables.lookup(assign.getVariableAttr().getAttr())});
    return success();
  }
  auto constants = [&](Value value) -> const Tensor * {
    return program.constants[numbers.lookup(value)].get();
  };
  FailureOr<SeveralKernel> kernel = prepareStep(&op, constants);
  if (failed(kernel))
    return failure();
  SmallVector<size_t> operands;
  for (Value operand : op.getOperands())
    operands.push_back(numbers.lookup(operand));
  llvm::SetVector<Value> captured;
  getUsedValuesDefinedAbove(op.getRegions(), captured);
  for (Value value : captured)
    operands.push_back(numbers.lookup(value));
  SmallVector<size_t> results;
  for (Value result : op.getResults())
    results.push_back(number(result));
  // The storage cast of a constant is a constant.
  if (isa<quant::StorageCastOp>(op) && constants(op.getOperand(0))) {
    size_t result = results.front();
    auto tensor = std::make_unique<Tensor>(makeTensor(program.types[result]));
    (*kernel)(constants(op.getOperand(0)), *tensor);
    program.constants[result] = std::move(tensor);
    return success();
  }
  program.steps.push_back({Step::Kind::Compute, std::move(*kernel),
                           std::move(operands), std::move(results), &op});
  return success();
}

LogicalResult Preparation::prepareVariables(func::FuncOp function) {
  auto module = function->getParentOfType<ModuleOp>();
  if (!module)
    return success();
  for (auto variable : module.getOps<VariableOp>()) {
    FailureOr<Tensor> initial =
        decodeElements(variable, variable.getInitial(), variable.getType());
    if (failed(initial))
      return failure();
    variables[variable.getSymNameAttr()] = program.initialState.size();
    program.initialState.push_back(std::move(*initial));
  }
  return success();
}

LogicalResult Preparation::prepare(func::FuncOp function) {
  if (!llvm::hasSingleElement(function.getBody()))
    return function.emitOpError() << "expected a body of one block";
  Block &block = function.getBody().front();
  for (BlockArgument argument : block.getArguments()) {
    if (!isSupported(argument.getType()))
      return function.emitOpError()
             << "has an argument that is not supported by the interpreter: "
             << argument.getType();
    number(argument);
  }
  program.arguments = block.getNumArguments();
  if (failed(prepareVariables(function)))
    return failure();
  for (Operation &op : block.without_terminator())
    if (failed(prepare(op)))
      return failure();
  for (Value value : block.getTerminator()->getOperands())
    program.results.push_back(numbers.lookup(value));
  return success();
}

Interpreter::Interpreter(std::unique_ptr<Program> program)
    : program(std::move(program)) {}
Interpreter::Interpreter(Interpreter &&) = default;
Interpreter &Interpreter::operator=(Interpreter &&) = default;
Interpreter::~Interpreter() = default;

FailureOr<Interpreter> Interpreter::create(func::FuncOp function) {
  auto program = std::make_unique<Program>();
  if (failed(Preparation(*program).prepare(function)))
    return failure();
  return Interpreter(std::move(program));
}

//===----------------------------------------------------------------------===//
// Execution
//===----------------------------------------------------------------------===//

/// Checks that `input` can stand for argument `index` of type `type`.
static llvm::Error checkInput(const Tensor &input, size_t index,
                              RankedTensorType type) {
  size_t elements = type.getNumElements();
  bool isFloat = type.getElementType().isF32();
  if (ArrayRef<int64_t>(input.shape) != type.getShape() ||
      (isFloat ? input.real.size() : input.stored.size()) != elements) {
    std::string text;
    llvm::raw_string_ostream(text) << type;
    return llvm::createStringError("expected input %zu to be a %s", index,
                                   text.c_str());
  }
  if (isFloat)
    return llvm::Error::success();
  Storage storage = storageOf(type);
  if (storage.width > 32)
    return llvm::Error::success();
  int64_t lo = storage.min(), hi = lo + ((int64_t(1) << storage.width) - 1);
  if (quant::QuantizedType quantized = getQuantizedElementType(type)) {
    lo = quantized.getStorageTypeMin();
    hi = quantized.getStorageTypeMax();
  }
  for (int64_t value : input.stored)
    if (value < lo || value > hi)
      return llvm::createStringError(
          "expected stored values within [%lld, %lld] in input %zu, found %lld",
          static_cast<long long>(lo), static_cast<long long>(hi), index,
          static_cast<long long>(value));
  return llvm::Error::success();
}

llvm::Expected<std::vector<Tensor>>
Interpreter::run(ArrayRef<Tensor> inputs, ValueCallback onValue) const {
  InterpreterState state = program->initialState;
  return run(inputs, state, onValue);
}

const InterpreterState &Interpreter::initialState() const {
  return program->initialState;
}

llvm::Expected<std::vector<Tensor>>
Interpreter::run(ArrayRef<Tensor> inputs, InterpreterState &state,
                 ValueCallback onValue) const {
  const Program &p = *program;
  if (inputs.size() != p.arguments)
    return llvm::createStringError("expected %zu inputs, found %zu",
                                   p.arguments, inputs.size());
  std::vector<const Tensor *> values(p.types.size());
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (llvm::Error error = checkInput(inputs[i], i, p.types[i]))
      return std::move(error);
    values[i] = &inputs[i];
  }
  for (size_t i = inputs.size(); i < values.size(); ++i)
    values[i] = p.constants[i].get();

  std::vector<SmallVector<Tensor, 1>> computed(p.steps.size());
  for (size_t i = 0; i < p.steps.size(); ++i) {
    const Step &step = p.steps[i];
    SmallVector<const Tensor *> operands;
    for (size_t operand : step.operands)
      operands.push_back(values[operand]);
    if (step.kind == Step::Kind::Assign) {
      state[step.variable] = *operands.front();
      continue;
    }
    if (step.kind == Step::Kind::Read) {
      computed[i].push_back(state[step.variable]);
    } else {
      for (size_t result : step.results)
        computed[i].push_back(makeTensor(p.types[result]));
      undefined = nullptr;
      step.kernel(operands, computed[i]);
      if (undefined)
        return llvm::createStringError(
            "%s: %s, which is defined nowhere (N38)",
            step.op->getName().getStringRef().str().c_str(), undefined);
    }
    for (auto [result, tensor, value] :
         llvm::zip_equal(step.results, computed[i], step.op->getResults())) {
      values[result] = &tensor;
      if (onValue)
        onValue(value, tensor);
    }
  }
  std::vector<Tensor> results;
  for (size_t result : p.results)
    results.push_back(*values[result]);
  return results;
}
