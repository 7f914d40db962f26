//===- CompiledRunner.cpp - Running compiled code -------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The float, fake-quantized, integer and object stages, compiled for this
// machine and run in this process.
//
//===----------------------------------------------------------------------===//

#include "DiagnosticCollector.h"
#include "StageRunner.h"
#include "quantcc/Codegen/CompileObject.h"
#include "quantcc/Execution/WorkerPool.h"
#include "quantcc/Pipelines/Pipelines.h"

#include <llvm/Support/MemAlloc.h>
#include <mlir/Pass/PassManager.h>

using namespace llvm;
using namespace mlir;
using namespace quantcc;

namespace {

/// Memory of a size and alignment that are known only now.
class AlignedMemory {
public:
  AlignedMemory(int64_t bytes, int64_t alignment)
      : bytes(std::max<size_t>(bytes, 1)), alignment(alignment),
        memory(allocate_buffer(this->bytes, this->alignment)) {}
  ~AlignedMemory() { deallocate_buffer(memory, bytes, alignment); }
  AlignedMemory(const AlignedMemory &) = delete;
  AlignedMemory &operator=(const AlignedMemory &) = delete;

  void *data() const { return memory; }

private:
  size_t bytes, alignment;
  void *memory;
};

class CompiledRunner : public StageRunner {
public:
  CompiledRunner(std::vector<TensorSpec> inputs,
                 std::vector<TensorSpec> outputs, size_t own,
                 std::unique_ptr<CompiledModel> code, unsigned threads = 1)
      : model(std::move(code)), pool(threads) {
    inputTensors = std::move(inputs);
    outputTensors = std::move(outputs);
    ownOutputs = own;
    stateful = model->interface().isStateful();
    if (!stateful)
      return;
    state.emplace(model->stateBytes(), model->stateAlignment());
    model->reset(state->data());
  }

  Expected<std::vector<TensorBytes>>
  run(ArrayRef<TensorBytes> inputs) const override {
    std::vector<TensorBytes> outputs;
    std::vector<const void *> inputPointers;
    std::vector<void *> outputPointers;
    for (const TensorBytes &input : inputs)
      inputPointers.push_back(input.data());
    for (const TensorSpec &spec : outputTensors)
      outputs.emplace_back(spec.bytes());
    for (TensorBytes &output : outputs)
      outputPointers.push_back(output.data());
    // A fresh arena a run keeps threads apart; its content never matters.
    AlignedMemory arena(model->arenaBytes(), model->arenaAlignment());
    void *statePointer = state ? state->data() : nullptr;
    if (!model->interface().isThreaded()) {
      model->run(inputPointers, outputPointers, arena.data(), statePointer);
      return outputs;
    }
    std::lock_guard<std::mutex> lock(poolMutex);
    model->run(inputPointers, outputPointers, arena.data(), statePointer,
               pool.parallelFor());
    return outputs;
  }

private:
  std::unique_ptr<CompiledModel> model;
  /// For a threaded model, one sample at a time.
  mutable WorkerPool pool;
  mutable std::mutex poolMutex;
  /// What the last sample left, if the model is stateful.
  std::optional<AlignedMemory> state;
};

} // namespace

static llvm::Error lower(ModuleOp module, DiagnosticCollector &diagnostics) {
  PassManager passes(module.getContext());
  buildLoweringPipeline(passes, hostTarget());
  if (failed(passes.run(module)))
    return diagnostics.takeError("the model cannot be lowered");
  return llvm::Error::success();
}

Expected<std::unique_ptr<StageRunner>>
quantcc::makeCompiledRunner(OwningOpRef<ModuleOp> module, StringRef name,
                            size_t ownOutputs) {
  DiagnosticCollector diagnostics(module->getContext(), name);
  std::vector<TensorSpec> inputs = inputSpecs(entryOf(*module));
  std::vector<TensorSpec> outputs = outputSpecs(entryOf(*module));
  if (llvm::Error error = lower(*module, diagnostics))
    return std::move(error);
  FailureOr<std::unique_ptr<CompiledModel>> model =
      CompiledModel::compile(*module);
  if (failed(model))
    return diagnostics.takeError("the model cannot be compiled");
  return std::make_unique<CompiledRunner>(std::move(inputs), std::move(outputs),
                                          ownOutputs, std::move(*model));
}

Expected<std::unique_ptr<StageRunner>>
quantcc::makeObjectRunner(OwningOpRef<ModuleOp> module, StringRef name,
                          size_t ownOutputs, unsigned threads) {
  DiagnosticCollector diagnostics(module->getContext(), name);
  std::vector<TensorSpec> inputs = inputSpecs(entryOf(*module));
  std::vector<TensorSpec> outputs = outputSpecs(entryOf(*module));
  if (llvm::Error error = lower(*module, diagnostics))
    return std::move(error);
  TargetInfo target = hostTarget();
  target.pieces = threads;
  FailureOr<CompiledObject> object = compileObject(*module, target);
  if (failed(object))
    return diagnostics.takeError("the model cannot be compiled");
  Expected<std::unique_ptr<CompiledModel>> model =
      CompiledModel::load(object->interface, object->bytes);
  if (!model)
    return model.takeError();
  return std::make_unique<CompiledRunner>(std::move(inputs), std::move(outputs),
                                          ownOutputs, std::move(*model),
                                          std::max(threads, 1u));
}
