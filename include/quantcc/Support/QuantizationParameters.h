//===- QuantizationParameters.h - Scale and zero point ----------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Chooses the scale and zero point for a range of real values, and converts
// single values: real = scale x (stored - zero point).
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_SUPPORT_QUANTIZATIONPARAMETERS_H
#define QUANTCC_SUPPORT_QUANTIZATIONPARAMETERS_H

#include "quantcc/Support/StoredRange.h"

#include <cstdint>
#include <llvm/Support/Error.h>

namespace quantcc {

/// real = scale * (stored - zeroPoint). The scale is a normal positive f32.
struct QuantizationParameters {
  float scale = 1.0f;
  int32_t zeroPoint = 0;

  bool operator==(const QuantizationParameters &other) const {
    return scale == other.scale && zeroPoint == other.zeroPoint;
  }
  bool operator!=(const QuantizationParameters &other) const {
    return !(*this == other);
  }
};

/// The scale of a range that holds nothing but 0, where every scale is exact.
/// One is far from both ends of the multipliers that its uses can represent.
constexpr float kZeroRangeScale = 1.0f;

/// No scale below this is chosen, 2^-40: a range narrower than that is treated
/// as if it were as wide as this scale makes it. Smaller scales give
/// multipliers above the representable 2^29 as soon as an accumulator of
/// ordinary values is requantized to them.
constexpr float kSmallestScale = 0x1p-40f;

/// Chooses asymmetric parameters for real values in [realMin, realMax].
///
/// The range is widened to contain 0. scale = (max - min) / (bounds.max -
/// bounds.min), computed in f64 and rounded to nearest f32; the zero point is
/// bounds.min - min / scale rounded to nearest, ties away from zero, and
/// clamped to the bounds, so that real 0 is exactly the stored zero point and
/// the ends of the range move by at most half a scale.
///
/// Errors: an end is NaN or infinite, or realMin > realMax. Expects bounds of
/// two or more stored values that fit an i32 zero point.
llvm::Expected<QuantizationParameters>
chooseAsymmetricParameters(float realMin, float realMax, StoredRange bounds);

/// Chooses symmetric parameters for real values in [realMin, realMax]: zero
/// point 0, scale = max(|realMin|, |realMax|) / min(-bounds.min, bounds.max),
/// computed in f64 and rounded to nearest f32. Full [-128, 127] and narrow
/// [-127, 127] bounds thus give the same scale. Errors as above. Expects
/// bounds.min < 0 < bounds.max.
llvm::Expected<QuantizationParameters>
chooseSymmetricParameters(float realMin, float realMax, StoredRange bounds);

/// zeroPoint + round(real / scale), saturated to `bounds`. The quotient is an
/// f32 division, rounded to the nearest integer with ties away from zero, as in
/// TFLite's AffineQuantize (std::round). An infinity saturates; NaN gives the
/// zero point.
int64_t quantizeReal(float real, const QuantizationParameters &params,
                     StoredRange bounds);

/// scale * (stored - zeroPoint), rounded once, to the nearest f32.
float dequantizeStored(int64_t stored, const QuantizationParameters &params);

/// The stored clamp that stands for the clamp of real values to
/// [realMin, realMax] before quantization; an infinite end means no clamp at
/// that end. Each finite end becomes zeroPoint + round(end / scale), divided in
/// f32, ties away from zero, and is then clamped to `bounds`. Source: TFLite's
/// CalculateActivationRangeQuantized. Expects realMin <= realMax, no NaN.
StoredRange storedClamp(float realMin, float realMax,
                        const QuantizationParameters &params,
                        StoredRange bounds);

} // namespace quantcc

#endif // QUANTCC_SUPPORT_QUANTIZATIONPARAMETERS_H
