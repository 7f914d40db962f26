//===- Interpreter.cpp - Executes a prepared function ---------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs the kernels of a prepared function in order.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Interpreter/Interpreter.h"

#include "Parameters.h"
#include "Program.h"
#include "ScalarProgram.h"

using namespace mlir;
using namespace quantcc;
using namespace quantcc::interpreter;

namespace {
/// What a step did that is defined nowhere, and its op.
struct Undefined {
  const char *what = nullptr;
  Operation *op = nullptr;
};
} // namespace

/// Of the step that this thread executes.
static thread_local Undefined undefined;

void interpreter::reportUndefined(const char *what) {
  if (!undefined.what)
    undefined.what = what;
}

std::string interpreter::describeUndefined() {
  return (undefined.op->getName().getStringRef() + ": " + undefined.what +
          ", which is defined nowhere (N38)")
      .str();
}

Interpreter::Interpreter(std::unique_ptr<Program> program)
    : program(std::move(program)) {}
Interpreter::Interpreter(Interpreter &&) = default;
Interpreter &Interpreter::operator=(Interpreter &&) = default;
Interpreter::~Interpreter() = default;

FailureOr<Interpreter> Interpreter::create(func::FuncOp function) {
  auto program = std::make_unique<Program>();
  if (failed(prepareProgram(function, *program)))
    return failure();
  return Interpreter(std::move(program));
}

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

std::optional<std::vector<Tensor>> interpreter::execute(
    const Interpreter::Program &p, ArrayRef<const Tensor *> arguments,
    InterpreterState &state, Interpreter::ValueCallback onValue) {
  std::vector<const Tensor *> values(p.types.size());
  llvm::copy(arguments, values.begin());
  for (size_t i = arguments.size(); i < values.size(); ++i)
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
      undefined = {};
      step.kernel(operands, computed[i]);
      // A loop reports what its innermost op did.
      if (undefined.what && !undefined.op)
        undefined.op = step.op;
      if (undefined.what)
        return std::nullopt;
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
  SmallVector<const Tensor *> arguments;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (llvm::Error error = checkInput(inputs[i], i, p.types[i]))
      return std::move(error);
    arguments.push_back(&inputs[i]);
  }
  auto results = execute(p, arguments, state, onValue);
  if (!results)
    return llvm::createStringError(describeUndefined());
  return std::move(*results);
}
