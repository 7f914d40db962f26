//===- AccumulatorBounds.h - What accumulators may become ----- -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bounds the accumulators of a contraction, channel by channel, from its actual
// weights and bias and from the stored values that its input may have.
//
// An accumulator is bias + sum of x' * w', with x' and w' less their zero
// points. Every x' lies within an interval [a, c]; padding, which leaves taps
// out, and sums that are not complete yet put 0 into it. So whatever order the
// sum takes, it stays within
//
//   [min(bias, 0) + sum of min(a w', c w'), max(bias, 0) + sum of max(a w', c
//   w')]
//
// with a <= 0 <= c, and both ends are reached where a = min x', c = max x'.
// The alternative, |bias| + max|x'| * sum |w'|, is up to twice as large where
// x' has one sign, as after a relu. (docs/Numerics.md, N9 and N37)
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_ANALYSIS_ACCUMULATORBOUNDS_H
#define QUANTCC_ANALYSIS_ACCUMULATORBOUNDS_H

#include "quantcc/Support/StoredRange.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/SmallVector.h>
#include <mlir/IR/Operation.h>
#include <optional>

namespace quantcc {

/// The stored values that `value`, of per-tensor quantized type, may have:
/// those of a constant, those within the clamp of the op it comes from, or else
/// the storage range. Looks through ops that move or select stored values.
StoredRange inferStoredRange(mlir::Value value);

/// The interval of all sums that one output channel may go through.
struct AccumulatorBound {
  int64_t low = 0, high = 0;
  /// The largest |accumulator|, B in docs/Numerics.md; where it is 0, no
  /// multiplier matters.
  int64_t magnitude() const { return std::max(high, -low); }
};

/// The bound of one channel, for an input and weights less their zero points.
AccumulatorBound boundAccumulator(StoredRange input,
                                  llvm::ArrayRef<int64_t> weights,
                                  int64_t bias);

/// The bounds of `op`, a conv2d, linear or matmul on quantized operands: one an
/// output channel, and one in all for matmul. Ends beyond 2^62 are cut there.
/// Nothing for other ops.
std::optional<llvm::SmallVector<AccumulatorBound>>
computeAccumulatorBounds(mlir::Operation *op);

} // namespace quantcc

#endif // QUANTCC_ANALYSIS_ACCUMULATORBOUNDS_H
