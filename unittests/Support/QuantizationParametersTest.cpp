//===- QuantizationParametersTest.cpp - Tests of scale choice -----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/QuantizationParameters.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <llvm/Support/Error.h>
#include <random>

using namespace quantcc;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kLargest = std::numeric_limits<float>::max();
const StoredRange kI8 = storageBounds(8, /*isSigned=*/true);
const StoredRange kNarrowI8 = storageBounds(8, true, /*narrow=*/true);

QuantizationParameters asymmetric(float min, float max,
                                  StoredRange bounds = kI8) {
  return llvm::cantFail(chooseAsymmetricParameters(min, max, bounds));
}

QuantizationParameters symmetric(float min, float max,
                                 StoredRange bounds = kI8) {
  return llvm::cantFail(chooseSymmetricParameters(min, max, bounds));
}

template <typename T> std::string failureText(llvm::Expected<T> result) {
  return result ? "no error" : llvm::toString(result.takeError());
}

TEST(StorageBounds, OfEachKind) {
  EXPECT_EQ(storageBounds(8, true), (StoredRange{-128, 127}));
  EXPECT_EQ(storageBounds(8, true, true), (StoredRange{-127, 127}));
  EXPECT_EQ(storageBounds(8, false), (StoredRange{0, 255}));
  EXPECT_EQ(storageBounds(8, false, true), (StoredRange{1, 255}));
  EXPECT_EQ(storageBounds(2, true), (StoredRange{-2, 1}));
  EXPECT_EQ(storageBounds(32, true), (StoredRange{INT32_MIN, INT32_MAX}));
  EXPECT_EQ(storageBounds(32, false), (StoredRange{0, 4294967295}));
}

TEST(AsymmetricParameters, OfSimpleRanges) {
  EXPECT_EQ(asymmetric(0.0f, 255.0f), (QuantizationParameters{1.0f, -128}));
  EXPECT_EQ(asymmetric(-255.0f, 0.0f), (QuantizationParameters{1.0f, 127}));
  EXPECT_EQ(asymmetric(-128.0f, 127.0f), (QuantizationParameters{1.0f, 0}));
  EXPECT_EQ(asymmetric(-64.0f, 191.0f, {0, 255}),
            (QuantizationParameters{1.0f, 64}));
}

TEST(AsymmetricParameters, RangeIsWidenedToZero) {
  EXPECT_EQ(asymmetric(100.0f, 255.0f), asymmetric(0.0f, 255.0f));
  EXPECT_EQ(asymmetric(-255.0f, -100.0f), asymmetric(-255.0f, 0.0f));
}

TEST(AsymmetricParameters, TieOfTheZeroPointRoundsAway) {
  // -min / scale = 127.5 and 0.5.
  EXPECT_EQ(asymmetric(-127.5f, 127.5f).zeroPoint, 0);
  EXPECT_EQ(asymmetric(-0.5f, 254.5f).zeroPoint, -127);
}

TEST(AsymmetricParameters, ZeroIsExactAndTheRangeIsKept) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<float> exponent(-30.0f, 100.0f);
  for (int i = 0; i < 20000; ++i) {
    float min = -std::exp2(exponent(random)) * float(random() % 2);
    float max = std::exp2(exponent(random)) * float(random() % 2);
    QuantizationParameters params = asymmetric(min, max);
    ASSERT_TRUE(std::isnormal(params.scale) && params.scale > 0.0f);
    ASSERT_TRUE(kI8.contains(params.zeroPoint));
    ASSERT_EQ(dequantizeStored(quantizeReal(0.0f, params, kI8), params), 0.0f);
    double scale = params.scale;
    double low = scale * double(kI8.min - params.zeroPoint);
    double high = scale * double(kI8.max - params.zeroPoint);
    ASSERT_LE(low, min + scale * 0.50002) << min << " " << max;
    ASSERT_GE(high, max - scale * 0.50002) << min << " " << max;
  }
}

TEST(AsymmetricParameters, ZeroRangeHasScaleOne) {
  EXPECT_EQ(asymmetric(0.0f, 0.0f), (QuantizationParameters{1.0f, -128}));
  EXPECT_EQ(asymmetric(-0.0f, 0.0f, {0, 255}),
            (QuantizationParameters{1.0f, 0}));
}

TEST(AsymmetricParameters, TinyRangeHasTheSmallestScale) {
  float denormal = std::numeric_limits<float>::denorm_min();
  EXPECT_EQ(asymmetric(0.0f, denormal).scale, 0x1p-40f);
  EXPECT_EQ(asymmetric(-denormal, denormal).zeroPoint, -128);
  EXPECT_EQ(symmetric(-denormal, 0.0f).scale, 0x1p-40f);
}

TEST(AsymmetricParameters, LargestRangeDoesNotOverflow) {
  for (unsigned width : {2u, 8u, 16u, 32u}) {
    StoredRange bounds = storageBounds(width, true);
    QuantizationParameters params = asymmetric(-kLargest, kLargest, bounds);
    EXPECT_TRUE(std::isnormal(params.scale)) << width;
    EXPECT_TRUE(bounds.contains(params.zeroPoint)) << width;
  }
}

TEST(AsymmetricParameters, UnusableRangeIsAnError) {
  for (float bad : {kNaN, kInfinity, -kInfinity})
    for (auto [min, max] : {std::pair(bad, 1.0f), std::pair(0.0f, bad)})
      EXPECT_NE(failureText(chooseAsymmetricParameters(min, max, kI8))
                    .find("expected a finite range, found ["),
                std::string::npos);
  EXPECT_EQ(failureText(chooseAsymmetricParameters(2.0f, 1.0f, kI8)),
            "expected a range with its minimum first, found [2, 1]");
  EXPECT_NE(failureText(chooseSymmetricParameters(kNaN, kNaN, kI8)),
            "no error");
}

TEST(SymmetricParameters, UseTheLargerMagnitude) {
  EXPECT_EQ(symmetric(-254.0f, 3.0f), (QuantizationParameters{2.0f, 0}));
  EXPECT_EQ(symmetric(1.0f, 254.0f), (QuantizationParameters{2.0f, 0}));
  EXPECT_EQ(symmetric(-127.0f, 0.0f, kNarrowI8),
            (QuantizationParameters{1.0f, 0}));
  EXPECT_EQ(symmetric(0.0f, 0.0f), (QuantizationParameters{1.0f, 0}));
}

TEST(QuantizeReal, TiesAwayFromZeroThenSaturates) {
  QuantizationParameters params{0.5f, 10};
  EXPECT_EQ(quantizeReal(0.25f, params, kI8), 11);
  EXPECT_EQ(quantizeReal(-0.25f, params, kI8), 9);
  EXPECT_EQ(quantizeReal(0.75f, params, kI8), 12);
  EXPECT_EQ(quantizeReal(-0.75f, params, kI8), 8);
  EXPECT_EQ(quantizeReal(58.5f, params, kI8), 127);
  EXPECT_EQ(quantizeReal(58.75f, params, kI8), 127);
  EXPECT_EQ(quantizeReal(-69.0f, params, kI8), -128);
  EXPECT_EQ(quantizeReal(-69.25f, params, kI8), -128);
  EXPECT_EQ(quantizeReal(-69.25f, params, kNarrowI8), -127);
}

TEST(QuantizeReal, ValuesOutsideEveryIntegerAreHandled) {
  QuantizationParameters params{kSmallestScale, -5};
  EXPECT_EQ(quantizeReal(kLargest, params, kI8), 127);
  EXPECT_EQ(quantizeReal(-kLargest, params, kI8), -128);
  EXPECT_EQ(quantizeReal(kInfinity, params, kI8), 127);
  EXPECT_EQ(quantizeReal(-kInfinity, params, kI8), -128);
  EXPECT_EQ(quantizeReal(kNaN, params, kI8), -5);
}

TEST(DequantizeStored, IsRoundedOnce) {
  EXPECT_EQ(dequantizeStored(127, {0.1f, -128}), float(255.0 * double(0.1f)));
  EXPECT_EQ(dequantizeStored(-128, {0.25f, -128}), 0.0f);
  EXPECT_EQ(dequantizeStored(INT32_MAX, {1.0f, 0}), 0x1p31f);
}

TEST(StoredClamp, OfFusedActivations) {
  // Scale 6/255 with zero point -128: relu6 is the whole range.
  QuantizationParameters params = asymmetric(0.0f, 6.0f);
  EXPECT_EQ(storedClamp(0.0f, 6.0f, params, kI8), kI8);
  QuantizationParameters wide{0.125f, -8};
  EXPECT_EQ(storedClamp(0.0f, kInfinity, wide, kI8), (StoredRange{-8, 127}));
  EXPECT_EQ(storedClamp(0.0f, 6.0f, wide, kI8), (StoredRange{-8, 40}));
  EXPECT_EQ(storedClamp(-1.0f, 1.0f, wide, kI8), (StoredRange{-16, 0}));
  EXPECT_EQ(storedClamp(-kInfinity, kInfinity, wide, kI8), kI8);
}

TEST(StoredClamp, EndOutsideTheBoundsIsClamped) {
  EXPECT_EQ(storedClamp(100.0f, 200.0f, {1.0f, 100}, kI8),
            (StoredRange{127, 127}));
}

} // namespace
