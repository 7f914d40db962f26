//===- Requantization.h - Building requantizations ------------ -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Storage properties of quantized tensors, and the builders of requantize ops
// and of constants that come from quantization parameters.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CONVERSION_QUANTIZEDTOLINALG_REQUANTIZATION_H
#define QUANTCC_CONVERSION_QUANTIZEDTOLINALG_REQUANTIZATION_H

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Support/FixedPointMultiplier.h"

#include <mlir/IR/Builders.h>

namespace quantcc {

/// The per-tensor parameters of a quantized tensor.
struct StoredTensor {
  explicit StoredTensor(mlir::Value value) : StoredTensor(value.getType()) {}
  explicit StoredTensor(mlir::Type type);

  float scale;
  int64_t zeroPoint;
  int64_t min;
  int64_t max;
  bool isSigned;
  unsigned width;

  /// The largest |stored - zero point|.
  int64_t largestMagnitude() const {
    return std::max(max - zeroPoint, zeroPoint - min);
  }
};

/// The multiplier for the real factor `real` under `rounding`, of 15 bits for
/// reduced; `inFloat` is the factor in f32 arithmetic, which half_even takes.
/// Emits an error on `op` if it has no fixed-point form.
mlir::FailureOr<FixedPointMultiplier> makeMultiplier(mlir::Operation *op,
                                                     double real, float inFloat,
                                                     Rounding rounding);

/// The bounds of accumulator magnitudes: beyond the first an accumulator needs
/// 64 bits, beyond the second it is refused. (docs/Numerics.md, N9)
constexpr double kNarrowAccumulatorBound = 0x1p31;
constexpr double kWideAccumulatorBound = 0x1p47;

/// Refuses, with an error on `op`, an accumulator whose magnitude may reach
/// `bound` where that is too much for `rounding` or for the multiplier's left
/// shift; 64-bit accumulators count only if `allowWide`.
mlir::LogicalResult checkAccumulator(mlir::Operation *op, double bound,
                                     FixedPointMultiplier multiplier,
                                     Rounding rounding, bool allowWide = false);

/// Refuses, with an error on `op`, which is in accumulator form, an accumulator
/// whose magnitude may reach `bound` where its result type does not hold it.
mlir::LogicalResult checkPlainAccumulator(mlir::Operation *op, double bound);

/// Refuses rounding half_even, which only products with weights and rescale
/// define. (docs/Numerics.md, N3)
mlir::LogicalResult refuseHalfEven(mlir::Operation *op, Rounding rounding);

/// `accumulator` requantized to the storage of `target`, a quantized tensor
/// type of the same shape, within `clamp` (stored values) or the storage range.
/// Several multipliers serve the indices of dimension `axis`. Multipliers of
/// the rounding reduced are applied with rounding single.
mlir::Value createRequantize(mlir::OpBuilder &builder, mlir::Location loc,
                             mlir::Value accumulator, mlir::Type target,
                             std::optional<llvm::ArrayRef<int32_t>> clamp,
                             llvm::ArrayRef<FixedPointMultiplier> multipliers,
                             std::optional<int64_t> axis, Rounding rounding);

/// A stored scalar as a signless integer of type `wide`.
mlir::Value extendStored(mlir::OpBuilder &builder, mlir::Location loc,
                         mlir::Value scalar, mlir::Type wide, bool isSigned);

/// The scalar stored - zero point, of type `wide`.
mlir::Value createDifference(mlir::OpBuilder &builder, mlir::Location loc,
                             mlir::Value scalar, const StoredTensor &tensor,
                             mlir::Type wide);

/// Stored values of the other signedness for the same reals: u8 = s8 + 128, and
/// back, by the sign bit.
mlir::Value createSignFlip(mlir::OpBuilder &builder, mlir::Location loc,
                           mlir::Value input);

/// The attribute of the integer type `type` that holds `value`, which may be
/// an unsigned stored value.
mlir::IntegerAttr storedAttr(mlir::Type type, int64_t value);

} // namespace quantcc

#endif // QUANTCC_CONVERSION_QUANTIZEDTOLINALG_REQUANTIZATION_H
