//===- Preparation.cpp - Functions as lists of kernels --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Numbers the values of a function and turns its ops into kernels, those of a
// loop into a program of its own.
//
//===----------------------------------------------------------------------===//

#include "Parameters.h"
#include "Program.h"
#include "ScalarProgram.h"

#include <llvm/ADT/DenseMap.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Quant/IR/Quant.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Transforms/RegionUtils.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::interpreter;

Tensor interpreter::makeTensor(RankedTensorType type) {
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
  for (auto prepare :
       {prepareElementwise, preparePooling, prepareSoftmax, prepareMoving,
        prepareResize, prepareCast, prepareIntegerOp, prepareStructuredOp,
        prepareTensorOp, prepareFusedOp})
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

/// Numbers the values of a function or a loop and prepares its ops.
class Preparation {
public:
  explicit Preparation(Interpreter::Program &program) : program(program) {}

  LogicalResult prepare(func::FuncOp function);

private:
  size_t number(Value value);
  FailureOr<SeveralKernel> prepareLoop(scf::ForOp loop);
  LogicalResult prepareBody(Block &block);
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
  auto loop = dyn_cast<scf::ForOp>(op);
  FailureOr<SeveralKernel> kernel =
      loop ? prepareLoop(loop) : prepareStep(&op, constants);
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

/// Calls `body` for each step of a loop over `operands`: the bounds, the step,
/// the initial values of what it carries, and what its body uses from outside.
static void runLoop(const Interpreter::Program &body,
                    ArrayRef<const Tensor *> operands,
                    MutableArrayRef<Tensor> results) {
  int64_t position = operands[0]->stored.front();
  int64_t end = operands[1]->stored.front();
  int64_t step = operands[2]->stored.front();
  ArrayRef<const Tensor *> initial = operands.slice(3, results.size());
  std::vector<Tensor> carried;
  for (const Tensor *tensor : initial)
    carried.push_back(*tensor);
  if (step <= 0)
    reportUndefined("a loop whose step is not positive");
  // A loop of the integer stage holds no variables.
  InterpreterState state;
  bool goesOn = step > 0 && position < end;
  while (goesOn) {
    Tensor index{{}, {position}, {}};
    SmallVector<const Tensor *> arguments = {&index};
    for (const Tensor &tensor : carried)
      arguments.push_back(&tensor);
    llvm::append_range(arguments, operands.drop_front(3 + results.size()));
    auto next = execute(body, arguments, state, {});
    if (!next)
      return;
    carried = std::move(*next);
    goesOn = step < end - position;
    position += step;
  }
  llvm::move(carried, results.begin());
}

FailureOr<SeveralKernel> Preparation::prepareLoop(scf::ForOp loop) {
  if (touchesFloat(loop) || loop.getUnsignedCmp() ||
      !llvm::all_of(loop.getResultTypes(), isSupported))
    return loop.emitOpError() << "is not supported by the interpreter";
  if (loop.getBody()
          ->walk([](Operation *op) {
            return isa<ReadVariableOp, AssignVariableOp>(op)
                       ? WalkResult::interrupt()
                       : WalkResult::advance();
          })
          .wasInterrupted())
    return loop.emitOpError()
           << "is not supported by the interpreter around variables";
  auto body = std::make_shared<Interpreter::Program>();
  Preparation inner(*body);
  for (BlockArgument argument : loop.getBody()->getArguments())
    inner.number(argument);
  llvm::SetVector<Value> captured;
  getUsedValuesDefinedAbove(loop->getRegions(), captured);
  // What is constant outside is constant inside, for kernels that need to know.
  for (Value value : captured) {
    size_t index = inner.number(value);
    if (const Tensor *tensor = program.constants[numbers.lookup(value)].get())
      body->constants[index] = std::make_unique<Tensor>(*tensor);
  }
  body->arguments = body->types.size();
  if (failed(inner.prepareBody(*loop.getBody())))
    return failure();
  return SeveralKernel([body](ArrayRef<const Tensor *> operands,
                              MutableArrayRef<Tensor> results) {
    runLoop(*body, operands, results);
  });
}

LogicalResult Preparation::prepareBody(Block &block) {
  for (Operation &op : block.without_terminator())
    if (failed(prepare(op)))
      return failure();
  for (Value value : block.getTerminator()->getOperands())
    program.results.push_back(numbers.lookup(value));
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
  return prepareBody(block);
}

LogicalResult interpreter::prepareProgram(func::FuncOp function,
                                          Interpreter::Program &program) {
  return Preparation(program).prepare(function);
}
