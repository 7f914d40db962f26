//===- FixedPointFunctions.cpp - TFLite's fixed-point functions -----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The functions of 8-bit values as TFLite's reference kernels compute them, in
// fixed point.
//
// A value in Qm.f below is an i32 that stands for itself times 2^-f, with
// m + f = 31. The exponential and the reciprocal are gemmlowp's: a Taylor
// polynomial with a barrel shifter, and three Newton-Raphson steps.
//
//===----------------------------------------------------------------------===//

#include "FixedPointFunctions.h"

#include "quantcc/Support/RescaleRules.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace quantcc;
using namespace quantcc::tflite;

using Parameters = quantcc::QuantizationParameters;

static constexpr int32_t kMax = std::numeric_limits<int32_t>::max();
static constexpr int32_t kMin = std::numeric_limits<int32_t>::min();
/// One in Q2.29.
static constexpr int32_t kOneQ2 = 1 << 29;
/// The integer bits of the argument of logistic and tanh.
static constexpr int kArgumentBits = 4;

//===----------------------------------------------------------------------===//
// Fixed-point arithmetic
//===----------------------------------------------------------------------===//

/// a * b * 2^-31 to nearest, ties up: the product of Qm.f and Q0.31.
static int32_t multiply(int32_t a, int32_t b) {
  if (a == kMin && b == kMin)
    return kMax;
  int64_t product = static_cast<int64_t>(a) * b;
  int64_t nudge = product >= 0 ? (1 << 30) : 1 - (1 << 30);
  return static_cast<int32_t>((product + nudge) / (int64_t(1) << 31));
}

/// x * 2^-exponent to nearest, ties away from zero.
static int32_t divideByPowerOfTwo(int32_t x, int exponent) {
  int32_t mask = static_cast<int32_t>((int64_t(1) << exponent) - 1);
  int32_t remainder = x & mask;
  int32_t threshold = (mask >> 1) + (x < 0 ? 1 : 0);
  return (x >> exponent) + (remainder > threshold ? 1 : 0);
}

/// x * 2^exponent, saturated.
static int32_t shiftLeft(int32_t x, int exponent) {
  return static_cast<int32_t>(std::clamp<int64_t>(
      static_cast<int64_t>(x) * (int64_t(1) << exponent), kMin, kMax));
}

/// The mean of `a` and `b` to nearest, ties away from zero.
static int32_t halfSum(int32_t a, int32_t b) {
  int64_t sum = static_cast<int64_t>(a) + b;
  return static_cast<int32_t>((sum + (sum >= 0 ? 1 : -1)) / 2);
}

/// exp(a) in Q0.31 for `a` in Q0.31 within [-1/4, 0).
static int32_t expNearZero(int32_t a) {
  constexpr int32_t kExpOfMinusEighth = 1895147668;
  constexpr int32_t kThird = 715827883;
  // The Taylor series around -1/8.
  int32_t x = a + (1 << 28);
  int32_t x2 = multiply(x, x);
  int32_t x3 = multiply(x2, x);
  int32_t x4 = multiply(x2, x2);
  int32_t sum = divideByPowerOfTwo(
      multiply(divideByPowerOfTwo(x4, 2) + x3, kThird) + x2, 1);
  return kExpOfMinusEighth + multiply(kExpOfMinusEighth, x + sum);
}

/// exp(a) in Q0.31 for `a` <= 0 with `integerBits` integer bits, at most 5.
static int32_t expOfNegative(int32_t a, int integerBits) {
  if (a == 0)
    return kMax;
  int fractionBits = 31 - integerBits;
  int32_t quarter = 1 << (fractionBits - 2);
  int32_t small = (a & (quarter - 1)) - quarter;
  int32_t result = expNearZero(shiftLeft(small, integerBits));
  int32_t remainder = small - a;
  // exp(-2^exponent) in Q0.31, from 2^-2 on.
  static constexpr int32_t kPowers[] = {
      1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
  for (int exponent = -2; exponent < integerBits; ++exponent)
    if (remainder & (1 << (fractionBits + exponent)))
      result = multiply(result, kPowers[exponent + 2]);
  return result;
}

/// 2 / (1 + a) in Q2.29, for `a` in Q0.31 within [0, 1].
static int32_t twiceReciprocalOfOnePlus(int32_t a) {
  int32_t halfDenominator = halfSum(a, kMax);
  // 48/17 - 32/17 d is within 1/17 of 1/d; each step squares the error.
  int32_t x = 1515870810 + multiply(halfDenominator, -1010580540);
  for (int step = 0; step < 3; ++step) {
    int32_t error = kOneQ2 - multiply(halfDenominator, x);
    x += shiftLeft(multiply(x, error), 2);
  }
  return x;
}

/// 1 / (1 + exp(-a)) in Q0.31, for `a` in Q4.27.
static int32_t logistic(int32_t a) {
  if (a == 0)
    return 1 << 30;
  int32_t exp = expOfNegative(a > 0 ? -a : a, kArgumentBits);
  // Half of a value in Q2.29 is the same number in Q1.30.
  int32_t positive = shiftLeft(twiceReciprocalOfOnePlus(exp), 1);
  return a > 0 ? positive : kMax - positive;
}

/// tanh(a) in Q0.31, for `a` in Q4.27.
static int32_t hyperbolicTangent(int32_t a) {
  if (a == 0)
    return 0;
  // exp(-2|a|): a number in Q4.27 is half the same number in Q5.26.
  int32_t exp = expOfNegative(a < 0 ? a : -a, kArgumentBits + 1);
  int32_t positive = shiftLeft(twiceReciprocalOfOnePlus(exp) - kOneQ2, 2);
  return a < 0 ? -positive : positive;
}

//===----------------------------------------------------------------------===//
// Tables of logistic and tanh
//===----------------------------------------------------------------------===//

/// Tabulates `function` of the input in Q4.27, with results in Q0.31 that are
/// rounded to `resultBits` fractional bits. Inputs beyond 15 saturate.
static llvm::Expected<Int8Table> tabulate(int32_t (*function)(int32_t),
                                          const Parameters &input,
                                          int resultBits, int32_t zeroPoint) {
  int shift;
  double fraction =
      std::frexp(static_cast<double>(input.scale) *
                     static_cast<double>(1 << (31 - kArgumentBits)),
                 &shift);
  if (shift < 0)
    return llvm::createStringError("expected an input of scale 2^-27 or more");
  auto multiplier = static_cast<int32_t>(
      std::round(fraction * static_cast<double>(int64_t(1) << 31)));
  double largest = std::ldexp((1 << kArgumentBits) - 1, 31 - kArgumentBits);
  auto radius = static_cast<int32_t>(std::floor(std::ldexp(largest, -shift)));
  Int8Table table;
  for (int32_t stored = -128; stored <= 127; ++stored) {
    int32_t x = stored - input.zeroPoint;
    int32_t result = x <= -radius ? -128 : 127;
    if (x > -radius && x < radius) {
      // Within the radius the product with 2^shift fits.
      int32_t argument = multiply(x * (1 << shift), multiplier);
      result = divideByPowerOfTwo(function(argument), 31 - resultBits);
      result = std::clamp(result + zeroPoint, -128, 127);
    }
    table.push_back(static_cast<int8_t>(result));
  }
  return table;
}

llvm::Expected<Int8Table>
quantcc::tflite::logisticTable(const Parameters &input,
                               const Parameters &result) {
  if (result != Parameters{1.0f / 256.0f, -128})
    return llvm::createStringError(
        "expected a result of scale 1/256 and zero point -128");
  return tabulate(logistic, input, /*resultBits=*/8, /*zeroPoint=*/-128);
}

llvm::Expected<Int8Table> quantcc::tflite::tanhTable(const Parameters &input,
                                                     const Parameters &result) {
  if (result != Parameters{1.0f / 128.0f, 0})
    return llvm::createStringError(
        "expected a result of scale 1/128 and zero point 0");
  return tabulate(hyperbolicTangent, input, /*resultBits=*/7, /*zeroPoint=*/0);
}

//===----------------------------------------------------------------------===//
// Hard swish
//===----------------------------------------------------------------------===//

static int32_t saturateTo16(int64_t x) {
  return static_cast<int32_t>(std::clamp<int64_t>(x, INT16_MIN, INT16_MAX));
}

/// a * b * 2^-15 to nearest, ties up, of 16-bit values.
static int32_t multiply16(int32_t a, int32_t b) {
  int32_t product = a * b;
  int32_t nudge = product >= 0 ? (1 << 14) : 1 - (1 << 14);
  return saturateTo16((product + nudge) / (1 << 15));
}

namespace {
/// A multiplier of 15 bits: value * 2^(exponent - 15).
struct Multiplier16 {
  int32_t value;
  int exponent;
};
} // namespace

static llvm::Expected<Multiplier16> quantizeMultiplier16(double real) {
  llvm::Expected<FixedPointMultiplier> full = quantizeMultiplier(real);
  if (!full)
    return full.takeError();
  int64_t rounded = (static_cast<int64_t>(full->multiplier) + (1 << 15)) >> 16;
  return Multiplier16{saturateTo16(rounded), 31 - full->shift};
}

/// min(max(x + 3, 0), 6) / 6 in Q0.15, for `x` / 3 = value * multiplier.
static int32_t reluish(int32_t value, Multiplier16 multiplier) {
  // The left shifts saturate only where the result does. One of them comes
  // last, so that the multiplication rounds as late as it can.
  if (multiplier.exponent > 0)
    value = saturateTo16(static_cast<int64_t>(value) *
                         (int64_t(1) << (multiplier.exponent - 1)));
  value = multiply16(value, multiplier.value);
  if (multiplier.exponent > 0)
    value = saturateTo16(static_cast<int64_t>(value) * 2);
  if (multiplier.exponent < 0)
    value = divideByPowerOfTwo(value, -multiplier.exponent);
  return (value + (1 << 15)) >> 1;
}

llvm::Expected<Int8Table>
quantcc::tflite::hardSwishTable(const Parameters &input,
                                const Parameters &result) {
  float inputScale = (1.0f / 128.0f) * input.scale;
  auto output = quantizeMultiplier16(inputScale / result.scale);
  if (!output)
    return output.takeError();
  auto relu = quantizeMultiplier16(inputScale / (3.0f / 32768.0f));
  if (!relu)
    return relu.takeError();
  if (output->exponent > 0)
    return llvm::createStringError(
        "expected an input of at most 128 times the result's scale");
  Int8Table table;
  for (int32_t stored = -128; stored <= 127; ++stored) {
    int32_t value = (stored - input.zeroPoint) * (1 << 7);
    int32_t product =
        reluish(value, *relu) * multiply16(value, output->value) / (1 << 15);
    int32_t rounded = divideByPowerOfTwo(product, -output->exponent);
    table.push_back(
        static_cast<int8_t>(std::clamp(rounded + result.zeroPoint, -128, 127)));
  }
  return table;
}

//===----------------------------------------------------------------------===//
// Leaky relu
//===----------------------------------------------------------------------===//

llvm::Expected<llvm::SmallVector<int32_t, 256>> quantcc::tflite::leakyReluTable(
    const Parameters &input, StoredRange inputBounds, const Parameters &result,
    StoredRange resultBounds, float alpha) {
  auto identity =
      quantizeMultiplier(reluIdentityMultiplier(input.scale, result.scale));
  if (!identity)
    return identity.takeError();
  double slope = leakyReluMultiplier(input.scale, alpha, result.scale);
  FixedPointMultiplier negative;
  if (slope != 0.0) {
    auto multiplier = quantizeMultiplier(std::fabs(slope));
    if (!multiplier)
      return multiplier.takeError();
    negative = *multiplier;
  }
  llvm::SmallVector<int32_t, 256> table;
  for (int64_t stored = inputBounds.min; stored <= inputBounds.max; ++stored) {
    auto x = static_cast<int32_t>(stored - input.zeroPoint);
    FixedPointMultiplier multiplier = x < 0 ? negative : *identity;
    if (leftShiftOverflows(std::abs(x), multiplier.shift))
      return llvm::createStringError(
          "expected multipliers that do not overflow on stored values");
    // A negative slope multiplies the negated value.
    int32_t y =
        requantize(x < 0 && slope < 0.0 ? -x : x, multiplier, Rounding::Double);
    table.push_back(static_cast<int32_t>(
        std::clamp<int64_t>(static_cast<int64_t>(y) + result.zeroPoint,
                            resultBounds.min, resultBounds.max)));
  }
  return table;
}
