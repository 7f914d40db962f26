//===- BufferLifetimes.h - When buffers are used ----------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the memory planner has to know of the allocations of a function.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_BUFFERLIFETIMES_H
#define QUANTCC_LIB_CODEGEN_BUFFERLIFETIMES_H

#include "quantcc/Codegen/MemoryPlanner.h"

#include <mlir/Dialect/Bufferization/Transforms/BufferViewFlowAnalysis.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>

namespace quantcc {

/// The lifetimes of what a function of one block allocates, in moments: the
/// positions of the operations of its body.
class BufferLifetimes {
public:
  explicit BufferLifetimes(mlir::func::FuncOp function);

  /// All names of the memory of `alloc`.
  auto aliasesOf(mlir::memref::AllocOp alloc) const {
    return aliases.resolve(alloc);
  }

  /// When `op`, or the operation of the body that it lies in, runs.
  int64_t momentOf(mlir::Operation *op);

  /// Calls `touch` with each use of the memory of `alloc` that reads or writes
  /// it, or may, and its moment.
  void forEachTouch(
      mlir::memref::AllocOp alloc,
      llvm::function_ref<void(mlir::OpOperand &, int64_t moment)> touch);

  /// What `alloc`, of static shape, needs, without a name.
  BufferRequest makeRequest(mlir::memref::AllocOp alloc);

private:
  mlir::func::FuncOp function;
  mlir::BufferViewFlowAnalysis aliases;
  llvm::DenseMap<mlir::Operation *, int64_t> moments;
};

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_BUFFERLIFETIMES_H
