//===- MovingToLinalg.h - Moving ops to linalg ---------------- -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Patterns for the network ops that move or select values and compute nothing:
// they serve the float and the quantized form alike.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CONVERSION_MOVINGTOLINALG_MOVINGTOLINALG_H
#define QUANTCC_CONVERSION_MOVINGTOLINALG_MOVINGTOLINALG_H

#include <mlir/IR/PatternMatch.h>
#include <mlir/Transforms/DialectConversion.h>

namespace quantcc {

/// Adds the lowerings of reshape, transpose, slice, pad, concat, maximum,
/// minimum, max_pool2d and resize with mode nearest to linalg and tensor ops.
/// Result types come from `converter`, which keeps f32 and turns quantized
/// types into storage types. (docs/Numerics.md, N10, N14 and N15)
void populateMovingToLinalgPatterns(const mlir::TypeConverter &converter,
                                    mlir::RewritePatternSet &patterns);

namespace detail {
void populateShapePatterns(const mlir::TypeConverter &converter,
                           mlir::RewritePatternSet &patterns);
void populateResizeNearestPatterns(const mlir::TypeConverter &converter,
                                   mlir::RewritePatternSet &patterns);
void populateSelectionPatterns(const mlir::TypeConverter &converter,
                               mlir::RewritePatternSet &patterns);
} // namespace detail

} // namespace quantcc

#endif // QUANTCC_CONVERSION_MOVINGTOLINALG_MOVINGTOLINALG_H
