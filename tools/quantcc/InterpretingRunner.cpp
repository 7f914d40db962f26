//===- InterpretingRunner.cpp - Running by the interpreter ----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The quantized stage, run by the reference interpreter.
//
//===----------------------------------------------------------------------===//

#include "DiagnosticCollector.h"
#include "StageRunner.h"
#include "quantcc/Interpreter/Interpreter.h"

#include <llvm/ADT/DenseMap.h>

using namespace llvm;
using namespace mlir;
using namespace quantcc;

StageRunner::~StageRunner() = default;

/// `type` is that of the function's argument: at the integer stage, the bits of
/// an unsigned value are those of a signless one.
static Tensor decodeTensor(const TensorSpec &spec, Type type,
                           const TensorBytes &bytes) {
  Tensor tensor;
  tensor.shape = spec.shape;
  if (spec.elementType.isF32()) {
    tensor.real = realValues(spec, bytes);
    return tensor;
  }
  tensor.stored = storedValues(spec, bytes);
  Type element = getElementTypeOrSelf(type);
  if (element.isSignlessInteger() && element.getIntOrFloatBitWidth() < 64)
    for (int64_t &value : tensor.stored)
      value = SignExtend64(value, element.getIntOrFloatBitWidth());
  return tensor;
}

static TensorBytes encodeTensor(const TensorSpec &spec, const Tensor &tensor) {
  if (spec.elementType.isF32())
    return encodeReals(spec, tensor.real);
  return encodeStored(spec, tensor.stored);
}

namespace {

class InterpretingRunner : public StageRunner {
public:
  InterpretingRunner(OwningOpRef<ModuleOp> ownedModule, Interpreter reference,
                     bool exposeValues)
      : module(std::move(ownedModule)), interpreter(std::move(reference)) {
    func::FuncOp entry = entryOf(*module);
    inputTypes.assign(entry.getArgumentTypes().begin(),
                      entry.getArgumentTypes().end());
    inputTensors = inputSpecs(entry);
    outputTensors = outputSpecs(entry);
    ownOutputs = outputTensors.size();
    state = interpreter.initialState();
    stateful = !state.empty();
    if (exposeValues)
      exposeLayers(entry);
  }

  Expected<std::vector<TensorBytes>>
  run(ArrayRef<TensorBytes> inputs) const override {
    std::vector<Tensor> tensors;
    for (auto [spec, type, bytes] : zip_equal(inputTensors, inputTypes, inputs))
      tensors.push_back(decodeTensor(spec, type, bytes));
    std::vector<TensorBytes> bytes(outputTensors.size());
    auto keep = [&](Value value, const Tensor &tensor) {
      if (auto place = exposed.find(value); place != exposed.end())
        bytes[place->second] =
            encodeTensor(outputTensors[place->second], tensor);
    };
    Expected<std::vector<Tensor>> results =
        stateful ? interpreter.run(tensors, state, keep)
                 : interpreter.run(tensors, keep);
    if (!results)
      return results.takeError();
    for (auto [index, result] : enumerate(*results))
      bytes[index] = encodeTensor(outputTensors[index], result);
    return bytes;
  }

private:
  /// Makes an output of the result of every network op.
  void exposeLayers(func::FuncOp entry);

  OwningOpRef<ModuleOp> module;
  Interpreter interpreter;
  /// What the last sample left.
  mutable InterpreterState state;
  SmallVector<Type> inputTypes;
  /// The output that each exposed value is.
  llvm::DenseMap<Value, size_t> exposed;
};

} // namespace

void InterpretingRunner::exposeLayers(func::FuncOp entry) {
  for (Operation &op : entry.getBody().front()) {
    if (op.getNumResults() != 1 || !isLayer(&op))
      continue;
    exposed[op.getResult(0)] = outputTensors.size();
    outputTensors.push_back(layerSpec(&op));
  }
}

Expected<std::unique_ptr<StageRunner>>
quantcc::makeInterpretingRunner(OwningOpRef<ModuleOp> module, StringRef name,
                                bool exposeValues) {
  if (Operation *island = findFloatIsland(*module))
    return createStringError(inconvertibleErrorCode(),
                             name + ": layer '" +
                                 describeLocation(island->getLoc()) +
                                 "' stays in float, which the interpreter "
                                 "does not compute");
  DiagnosticCollector diagnostics(module->getContext(), name);
  FailureOr<Interpreter> interpreter = Interpreter::create(entryOf(*module));
  if (failed(interpreter))
    return diagnostics.takeError("the model cannot be interpreted");
  return std::make_unique<InterpretingRunner>(
      std::move(module), std::move(*interpreter), exposeValues);
}
