//===- LoadedModel.h - A model with memory to run in ------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A compiled model in this process, with the memory that a call of it needs.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_BENCHMARK_LOADEDMODEL_H
#define QUANTCC_BENCHMARK_LOADEDMODEL_H

#include "quantcc/Codegen/CompileObject.h"
#include "quantcc/Execution/CompiledModel.h"

#include <llvm/Support/Memory.h>

namespace quantcc {

/// One object that is loaded, and one set of inputs, outputs and arena. The
/// same model is given the same addresses, up to whole pages, each time: they
/// decide which parts of the caches are shared.
class LoadedModel {
public:
  /// Loads `object`, which is for a target that checkRunsHere
  /// allows, and fills its inputs with
  /// random stored values, the same each time.
  static llvm::Expected<std::unique_ptr<LoadedModel>>
  create(const CompiledObject &object);
  ~LoadedModel();

  const ModelInterface &interface() const { return code->interface(); }

  /// Runs the model once.
  void run() const { code->run(inputs, outputs, arena, state, parallelFor); }

  /// Has the tasks of a threaded model run by `pool`, instead of in order.
  void useThreads(ParallelFor pool) { parallelFor = pool; }

  /// Gives input `index` other stored values than it has. Expects as many
  /// bytes.
  void setInput(size_t index, llvm::ArrayRef<char> bytes);

  /// The stored values of an input or output, row by row.
  llvm::ArrayRef<char> inputBytes(size_t index) const;
  llvm::ArrayRef<char> outputBytes(size_t index) const;

private:
  LoadedModel() = default;
  llvm::Error allocate();
  void fillInputs();

  std::unique_ptr<CompiledModel> code;
  llvm::sys::MemoryBlock memory;
  llvm::SmallVector<const void *> inputs;
  llvm::SmallVector<void *> outputs;
  void *arena = nullptr;
  void *state = nullptr;
  ParallelFor parallelFor;
};

} // namespace quantcc

#endif // QUANTCC_BENCHMARK_LOADEDMODEL_H
