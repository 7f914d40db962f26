//===- WindowCounts.h - Positions a window covers ------------- -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts how many positions of each pooling window lie inside the input.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CONVERSION_LINALGBUILDING_WINDOWCOUNTS_H
#define QUANTCC_CONVERSION_LINALGBUILDING_WINDOWCOUNTS_H

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/SmallVector.h>

namespace quantcc {

/// The number of positions inside the input of each window of a pool.
struct WindowCounts {
  /// `inputShape` `[N,H,W,C]`, `resultShape` `[N,OH,OW,C]`; `kernel`, `strides`
  /// of 2 and `padding` of 4 values as the op has them.
  WindowCounts(llvm::ArrayRef<int64_t> inputShape,
               llvm::ArrayRef<int64_t> resultShape,
               llvm::ArrayRef<int64_t> kernel, llvm::ArrayRef<int64_t> strides,
               llvm::ArrayRef<int64_t> padding);

  /// The counts of a pooling op.
  template <typename PoolOp>
  explicit WindowCounts(PoolOp op)
      : WindowCounts(op.getInput().getType().getShape(),
                     op.getResult().getType().getShape(), op.getKernel(),
                     op.getStrides(), op.getPadding()) {}

  int64_t largest() const;
  bool isUniform() const;

  /// `[OH,OW]`, row by row.
  llvm::SmallVector<int64_t> values;
};

} // namespace quantcc

#endif // QUANTCC_CONVERSION_LINALGBUILDING_WINDOWCOUNTS_H
