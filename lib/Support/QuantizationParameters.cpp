//===- QuantizationParameters.cpp - Scale and zero point ------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Scale and zero point from a range of real values, and conversion of single
// values.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/QuantizationParameters.h"

#include <algorithm>
#include <cassert>
#include <cmath>

using namespace quantcc;
using llvm::Error;
using llvm::Expected;

static Error checkRange(float realMin, float realMax) {
  if (!std::isfinite(realMin) || !std::isfinite(realMax))
    return llvm::createStringError("expected a finite range, found [%g, %g]",
                                   realMin, realMax);
  if (realMin > realMax)
    return llvm::createStringError(
        "expected a range with its minimum first, found [%g, %g]", realMin,
        realMax);
  return Error::success();
}

/// The f32 scale for `span` real units over `steps` stored steps.
static float chooseScale(double span, int64_t steps) {
  if (span == 0.0)
    return kZeroRangeScale;
  return std::max(static_cast<float>(span / static_cast<double>(steps)),
                  kSmallestScale);
}

Expected<QuantizationParameters>
quantcc::chooseAsymmetricParameters(float realMin, float realMax,
                                    StoredRange bounds) {
  assert(bounds.min < bounds.max && bounds.min >= INT32_MIN &&
         bounds.max <= INT32_MAX && "bounds without room for a zero point");
  if (Error error = checkRange(realMin, realMax))
    return std::move(error);
  double min = std::min(realMin, 0.0f);
  double max = std::max(realMax, 0.0f);
  float scale = chooseScale(max - min, bounds.max - bounds.min);
  // |min / scale| is at most the number of steps, give or take the rounding of
  // the scale, so the conversion to an integer cannot overflow.
  int64_t zeroPoint =
      bounds.min - static_cast<int64_t>(std::round(min / scale));
  zeroPoint = std::clamp(zeroPoint, bounds.min, bounds.max);
  return QuantizationParameters{scale, static_cast<int32_t>(zeroPoint)};
}

Expected<QuantizationParameters>
quantcc::chooseSymmetricParameters(float realMin, float realMax,
                                   StoredRange bounds) {
  assert(bounds.min < 0 && bounds.max > 0 && "bounds without both signs");
  if (Error error = checkRange(realMin, realMax))
    return std::move(error);
  double magnitude = std::max(std::fabs(realMin), std::fabs(realMax));
  int64_t steps = std::min(-bounds.min, bounds.max);
  return QuantizationParameters{chooseScale(magnitude, steps), 0};
}

int64_t quantcc::quantizeReal(float real, const QuantizationParameters &params,
                              StoredRange bounds) {
  if (std::isnan(real))
    return std::clamp<int64_t>(params.zeroPoint, bounds.min, bounds.max);
  // The sum is exact in f64 wherever it lies within the bounds of a 32-bit
  // type; beyond them only its side matters.
  double stored =
      static_cast<double>(std::round(real / params.scale)) + params.zeroPoint;
  if (stored <= static_cast<double>(bounds.min))
    return bounds.min;
  if (stored >= static_cast<double>(bounds.max))
    return bounds.max;
  return static_cast<int64_t>(stored);
}

float quantcc::dequantizeStored(int64_t stored,
                                const QuantizationParameters &params) {
  // 24 bits times at most 29 bits is exact in f64 for storage up to 28 bits.
  return static_cast<float>(static_cast<double>(params.scale) *
                            static_cast<double>(stored - params.zeroPoint));
}

StoredRange quantcc::storedClamp(float realMin, float realMax,
                                 const QuantizationParameters &params,
                                 StoredRange bounds) {
  assert(realMin <= realMax && "clamp of real values is empty or NaN");
  // quantizeReal saturates an infinite end to the end of the bounds.
  return {quantizeReal(realMin, params, bounds),
          quantizeReal(realMax, params, bounds)};
}
