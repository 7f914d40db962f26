//===- ResizeIndices.h - Positions a resize reads ------------- -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which input positions each output position of a resize reads, and with what
// weight, per direction. (docs/Numerics.md, N14)
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CONVERSION_LINALGBUILDING_RESIZEINDICES_H
#define QUANTCC_CONVERSION_LINALGBUILDING_RESIZEINDICES_H

#include <llvm/ADT/SmallVector.h>
#include <mlir/IR/Builders.h>

namespace quantcc {

/// One direction of a resize: from `in` to `out` positions.
struct ResizeDirection {
  int64_t in;
  int64_t out;
  bool alignCorners;
  bool halfPixelCenters;
};

/// The input position of each output position.
llvm::SmallVector<int64_t> nearestIndices(const ResizeDirection &direction);

/// The two neighbours of each output position; the upper one's weight in units
/// of 2^-10, the lower one's being 1024 less that.
struct FixedInterpolation {
  explicit FixedInterpolation(const ResizeDirection &direction);

  llvm::SmallVector<int64_t> lower, upper, upperWeight;
};

/// The two neighbours of each output position and the upper one's weight, in
/// f32 arithmetic.
struct RealInterpolation {
  explicit RealInterpolation(const ResizeDirection &direction);

  llvm::SmallVector<int64_t> lower, upper;
  llvm::SmallVector<float> upperWeight;
};

/// In the body of an elementwise op over `[N,OH,OW,C]`: the element of `input`
/// `[N,H,W,C]` at the op's own n and c and at the i32 scalars `y` and `x`.
mlir::Value createPixelRead(mlir::OpBuilder &builder, mlir::Location loc,
                            mlir::Value input, mlir::Value y, mlir::Value x);

} // namespace quantcc

#endif // QUANTCC_CONVERSION_LINALGBUILDING_RESIZEINDICES_H
