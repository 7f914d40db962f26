//===- IntegerContraction.h - Constants of a contraction ------ -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a contraction with constant weights needs at compile time, with zero
// points folded away.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CONVERSION_QUANTIZEDTOLINALG_INTEGERCONTRACTION_H
#define QUANTCC_CONVERSION_QUANTIZEDTOLINALG_INTEGERCONTRACTION_H

#include "Requantization.h"
#include "quantcc/Support/StoredRange.h"

namespace quantcc {

/// A contraction acc[o] = bias[o] + sum (x - zp_x) * (w[o] - zp_w), written as
/// acc[o] = foldedBias[o] + sum x' * w'[o] with signed x' and w'. The channels
/// o are the outermost dimension of the weights.
struct IntegerContraction {
  /// w' = stored weight - zero point, in the op's layout.
  llvm::SmallVector<int64_t> weights;
  /// 8, or 16 where the differences from an unsigned zero point need it.
  unsigned weightWidth;
  /// bias - zp_x' * sum w', one value a channel, modulo 2^width.
  llvm::SmallVector<int64_t> foldedBias;
  /// 32, or 64 where the bound below or the accumulator form asks for it.
  unsigned accumulatorWidth;
  /// One a channel; none in accumulator form.
  llvm::SmallVector<FixedPointMultiplier> multipliers;
  /// The zero point of x': that of x, less 2^(width-1) for unsigned storage.
  int64_t inputZeroPoint;
};

/// Whether the multiplier of per-tensor weights is made from an f32 product, as
/// TFLite does for fully connected layers, or from an f64 one.
enum class MultiplierRule { Convolution, Linear };

/// What goes into a contraction: `weights` and `bias` (which may be null) are
/// the converted constants.
struct ContractionParts {
  StoredTensor input;
  mlir::quant::QuantizedType weightType;
  mlir::Value weights;
  mlir::Value bias;
  /// Of no matter in accumulator form.
  float outputScale;
  /// Whether the accumulator may need 64 bits.
  bool allowWide = true;
  /// The stored values that the input may have, if not the storage range.
  std::optional<StoredRange> inputRange = std::nullopt;
};

/// Reads the constants of `op` (conv2d or linear) from the converted operands
/// `weights` and `bias` (which may be null), and proves that no accumulator
/// overflows: each channel's bound (AccumulatorBounds.h) is below 2^31, or 2^47
/// for 64-bit accumulators. Emits an error on `op` otherwise. No rounding means
/// the accumulator form. (docs/Numerics.md, N9, N36 and N37)
mlir::FailureOr<IntegerContraction>
prepareContraction(mlir::Operation *op, mlir::Value weights, mlir::Value bias,
                   std::optional<Rounding> rounding, MultiplierRule rule);

/// The same of one of the contractions in `op`.
mlir::FailureOr<IntegerContraction>
prepareContraction(mlir::Operation *op, const ContractionParts &parts,
                   std::optional<Rounding> rounding, MultiplierRule rule);

/// x' of an activation `input` (already in storage types) of the quantized type
/// `type`: unsigned storage u becomes the signed u - 2^(width-1).
mlir::Value createSignedActivation(mlir::OpBuilder &builder, mlir::Location loc,
                                   mlir::Value input, mlir::Type type);

} // namespace quantcc

#endif // QUANTCC_CONVERSION_QUANTIZEDTOLINALG_INTEGERCONTRACTION_H
