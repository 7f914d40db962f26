//===- CompiledModel.h - A model loaded into this process -------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiles a model for this machine, or takes an object that was compiled for
// it, loads it into the process and runs it.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_EXECUTION_COMPILEDMODEL_H
#define QUANTCC_EXECUTION_COMPILEDMODEL_H

#include "quantcc/Codegen/ModelInterface.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/Support/Error.h>
#include <memory>
#include <mlir/IR/BuiltinOps.h>
#include <mlir/Support/LLVM.h>

namespace llvm::orc {
class LLJIT;
} // namespace llvm::orc

namespace quantcc {

/// Part of a layer of a threaded model: what the header of NAME calls
/// NAME_task.
using ParallelTask = void (*)(void *context, int32_t index);

/// Runs a layer's tasks one after another in the calling thread.
void runInOrder(void *pool, int32_t count, ParallelTask task, void *context);

/// What runs the tasks of a threaded model: NAME_parallel_for in its header,
/// and the first argument for it.
struct ParallelFor {
  void (*run)(void *pool, int32_t count, ParallelTask task,
              void *context) = runInOrder;
  void *pool = nullptr;
};

class CompiledModel {
public:
  ~CompiledModel();

  /// Compiles `module`, float or integer, as `compileObject` does, for the
  /// machine this runs on. On failure, an error has been emitted.
  static mlir::FailureOr<std::unique_ptr<CompiledModel>>
  compile(mlir::ModuleOp module);

  /// Loads `object`, which was compiled for this machine, as it is. Errors: an
  /// object for another machine, a symbol that is missing.
  static llvm::Expected<std::unique_ptr<CompiledModel>>
  load(ModelInterface interface, llvm::ArrayRef<char> object);

  const ModelInterface &interface() const { return model; }
  llvm::ArrayRef<TensorInterface> inputs() const { return model.inputs; }
  llvm::ArrayRef<TensorInterface> outputs() const { return model.outputs; }
  int64_t arenaBytes() const { return model.arenaBytes; }
  int64_t arenaAlignment() const { return model.arenaAlignment; }
  int64_t stateBytes() const { return model.stateBytes; }
  int64_t stateAlignment() const { return model.stateAlignment; }

  /// Runs the model once, on stored values in row-major order. One pointer for
  /// each input and output, in order, each to as many bytes as the tensor has;
  /// `arena` points to arenaBytes() bytes at arenaAlignment(). For a stateful
  /// model, `state` points to stateBytes() bytes at stateAlignment(), which
  /// `reset` has written and earlier runs may have changed. Any number of
  /// threads may run at once, each with an arena and a state of its own. A
  /// model that is not threaded has no use for `parallelFor`.
  void run(llvm::ArrayRef<const void *> inputs, llvm::ArrayRef<void *> outputs,
           void *arena, void *state = nullptr,
           ParallelFor parallelFor = ParallelFor()) const;

  /// Writes the initial state of a stateful model to `state`.
  void reset(void *state) const;

private:
  CompiledModel(ModelInterface model, std::unique_ptr<llvm::orc::LLJIT> jit);

  ModelInterface model;
  std::unique_ptr<llvm::orc::LLJIT> jit;
  /// Calls the entry point with the pointers of an array.
  void (*invoke)(void *const *pointers) = nullptr;
  /// The model's reset; null for a stateless model.
  void (*initialize)(void *state) = nullptr;
};

} // namespace quantcc

#endif // QUANTCC_EXECUTION_COMPILEDMODEL_H
