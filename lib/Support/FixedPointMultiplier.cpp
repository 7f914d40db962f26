//===- FixedPointMultiplier.cpp - Requantize in integers ------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fixed-point multipliers, and requantization of one accumulator under each
// rounding.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/FixedPointMultiplier.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <llvm/Support/ErrorHandling.h>

using namespace quantcc;
using llvm::Error;
using llvm::Expected;

static Error checkRealMultiplier(double real) {
  if (std::isfinite(real) && real > 0.0)
    return Error::success();
  return llvm::createStringError(
      "expected a finite multiplier above 0, found %g", real);
}

/// Applies the limits of the shift; `multiplier` is in [2^30, 2^31).
static Expected<FixedPointMultiplier> limitShift(int64_t multiplier,
                                                 int32_t shift, double real) {
  if (shift > kMaxRequantizeShift)
    return FixedPointMultiplier{0, 31};
  if (shift < kMinRequantizeShift)
    return llvm::createStringError("expected a multiplier below 2^29, found %g",
                                   real);
  return FixedPointMultiplier{static_cast<int32_t>(multiplier), shift};
}

Expected<FixedPointMultiplier> quantcc::quantizeMultiplier(double real) {
  if (Error error = checkRealMultiplier(real))
    return std::move(error);
  int exponent;
  double mantissa = std::frexp(real, &exponent);
  int64_t multiplier = static_cast<int64_t>(std::round(mantissa * 0x1p31));
  if (multiplier == int64_t(1) << 31) {
    multiplier /= 2;
    ++exponent;
  }
  return limitShift(multiplier, 31 - exponent, real);
}

Expected<FixedPointMultiplier> quantcc::halfEvenMultiplier(float real) {
  if (Error error = checkRealMultiplier(real))
    return std::move(error);
  int exponent;
  // A mantissa of at most 24 bits: the product is an integer.
  double mantissa = std::frexp(static_cast<double>(real), &exponent);
  return limitShift(static_cast<int64_t>(mantissa * 0x1p31), 31 - exponent,
                    real);
}

Expected<FixedPointMultiplier>
quantcc::reduceMultiplier(FixedPointMultiplier multiplier) {
  constexpr int32_t largest = (1 << 15) - 1, dropped = 16;
  if (multiplier.shift - dropped < kMinRequantizeShift)
    return llvm::createStringError(
        "expected a multiplier below 2^13, found %g",
        std::ldexp(multiplier.multiplier, -multiplier.shift));
  int64_t rounded =
      (int64_t(multiplier.multiplier) + (1 << (dropped - 1))) >> dropped;
  return FixedPointMultiplier{
      static_cast<int32_t>(std::min<int64_t>(rounded, largest)),
      multiplier.shift - dropped};
}

/// value / 2^shift to the nearest integer, ties towards positive infinity.
/// Expects shift >= 1 and no overflow of value + 2^(shift - 1).
static int64_t shiftHalfUp(int64_t value, int32_t shift) {
  return (value + (int64_t(1) << (shift - 1))) >> shift;
}

/// value / 2^shift to the nearest integer, ties away from zero.
static int64_t shiftHalfAway(int64_t value, int32_t shift) {
  if (shift == 0)
    return value;
  return value >= 0 ? shiftHalfUp(value, shift) : -shiftHalfUp(-value, shift);
}

/// value / 2^shift to the nearest integer, ties to even.
static int64_t shiftHalfEven(int64_t value, int32_t shift) {
  int64_t floor = value >> shift;
  int64_t remainder = value & ((int64_t(1) << shift) - 1);
  int64_t half = int64_t(1) << (shift - 1);
  bool up = remainder > half || (remainder == half && (floor & 1));
  return floor + up;
}

int32_t quantcc::requantize(int32_t accumulator,
                            FixedPointMultiplier multiplier,
                            Rounding rounding) {
  int32_t shift = multiplier.shift;
  assert(multiplier.multiplier >= 0 && "negative multiplier");
  assert(shift >= kMinRequantizeShift && shift <= kMaxRequantizeShift &&
         "shift out of range");
  assert(!leftShiftOverflows(std::abs(int64_t(accumulator)), shift) &&
         "accumulator overflows the left shift");
  int64_t product = int64_t(accumulator) * multiplier.multiplier;
  switch (rounding) {
  case Rounding::Double:
    // Below 31 the left shift and the doubling high multiply are together one
    // rounding of the same product.
    if (shift <= 31)
      return static_cast<int32_t>(shiftHalfUp(product, shift));
    return static_cast<int32_t>(
        shiftHalfAway(shiftHalfUp(product, 31), shift - 31));
  case Rounding::Single:
  case Rounding::Reduced:
    return static_cast<int32_t>(shiftHalfUp(product, shift));
  case Rounding::HalfEven:
    return static_cast<int32_t>(shiftHalfEven(product, shift));
  }
  llvm_unreachable("unknown rounding");
}

bool quantcc::leftShiftOverflows(int64_t bound, int32_t shift) {
  assert(bound >= 0 && bound <= int64_t(1) << 31 && "not an i32 magnitude");
  if (shift >= 31)
    return false;
  return bound > (int64_t(INT32_MAX) >> (31 - shift));
}
