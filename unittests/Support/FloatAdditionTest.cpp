//===- FloatAdditionTest.cpp - Quantized sums in float --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/FloatAddition.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

using namespace quantcc;

namespace {

/// A sum with the multipliers that N7 gives for these scales.
QuantizedAddition makeAddition(double lhs, double rhs, double result,
                               Rounding rounding) {
  double twice = 2 * std::max(lhs, rhs);
  auto multiplier = [](double value) {
    int exponent;
    double fraction = std::frexp(value, &exponent);
    return FixedPointMultiplier{
        static_cast<int32_t>(std::llround(std::ldexp(fraction, 31)) - 1),
        31 - exponent};
  };
  QuantizedAddition addition;
  addition.lhs = {-7, multiplier(lhs / twice)};
  addition.rhs = {12, multiplier(rhs / twice)};
  addition.leftShift = 20;
  addition.output = multiplier(twice / (result * (1 << 20)));
  addition.rounding = rounding;
  addition.zeroPoint = -3;
  addition.clamp = {-128, 127};
  addition.isDifference = false;
  return addition;
}

TEST(FloatAdditionTest, AddsAsRealNumbersDo) {
  QuantizedAddition addition =
      makeAddition(0.03, 0.011, 0.037, Rounding::Single);
  for (int32_t lhs = -128; lhs <= 127; lhs += 5)
    for (int32_t rhs = -128; rhs <= 127; rhs += 3) {
      double real = (lhs + 7) * 0.03 + (rhs - 12) * 0.011;
      double stored = std::clamp(real / 0.037 - 3, -128.0, 127.0);
      EXPECT_NEAR(add(addition, lhs, rhs), stored, 0.5001);
    }
  addition.isDifference = true;
  // (3 + 7) * 0.03 - (-8 - 12) * 0.011 is 14.05 steps of 0.037.
  EXPECT_EQ(add(addition, 3, -8), 14 - 3);
}

TEST(FloatAdditionTest, FindsFormsOfRandomSums) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> exponent(-9, -3);
  int found = 0, count = 0;
  for (Rounding rounding : {Rounding::Double, Rounding::Single})
    for (int i = 0; i != 12; ++i) {
      QuantizedAddition addition =
          makeAddition(std::exp2(exponent(random)), std::exp2(exponent(random)),
                       std::exp2(exponent(random) + 1), rounding);
      for (auto [bias, isFused] :
           {std::pair(0, true), std::pair(128, true), std::pair(0, false)}) {
        ++count;
        if (auto cheap = findFloatAddition(addition, bias, isFused)) {
          ++found;
          EXPECT_EQ(cheap->operandBias, bias);
          EXPECT_EQ(cheap->isFused, isFused);
          // What isExact has tried, tried again without it.
          for (int32_t lhs = -128; lhs <= 127; ++lhs)
            for (int32_t rhs = -128; rhs <= 127; ++rhs)
              ASSERT_EQ(evaluate(*cheap, addition.clamp, lhs, rhs),
                        add(addition, lhs, rhs))
                  << lhs << " " << rhs;
        }
      }
    }
  EXPECT_GE(found * 10, count * 9) << found << " of " << count;
}

TEST(FloatAdditionTest, RefusesWhatDiffersInOnePair) {
  QuantizedAddition addition =
      makeAddition(0.03, 0.011, 0.037, Rounding::Single);
  auto cheap = findFloatAddition(addition, 128);
  ASSERT_TRUE(cheap);
  EXPECT_TRUE(isExact(*cheap, addition));
  FloatAddition wrong = *cheap;
  wrong.offset += 0.05f;
  EXPECT_FALSE(isExact(wrong, addition));
  wrong = *cheap;
  wrong.lhsScale *= 1.001f;
  EXPECT_FALSE(isExact(wrong, addition));
  wrong = *cheap;
  wrong.operandBias = 0;
  EXPECT_FALSE(isExact(wrong, addition));
}

TEST(FloatAdditionTest, RoundsProductsWhereThereAreNoMultiplyAdds) {
  // 3 times 1 + 2^-23 is no f32; halfway, it rounds up to 3 + 2^-21. Less that
  // and 1.5 there is a tie, which goes up to 2; without rounding it is below.
  FloatAddition sum{0, 1 + 0x1p-23f, 1.0f, -1.5f - 0x1p-21f};
  StoredRange clamp{-128, 127};
  EXPECT_EQ(evaluate(sum, clamp, 3, 0), 1);
  sum.isFused = false;
  EXPECT_EQ(evaluate(sum, clamp, 3, 0), 2);
}

TEST(FloatAdditionTest, DoesWithoutWhereTiesGoAwayFromZero) {
  // (a + b) / 2: half of all sums are ties, which rounding double sends away
  // from zero on both sides of it; no offset does that.
  QuantizedAddition addition = makeAddition(1, 1, 2, Rounding::Double);
  addition.lhs.zeroPoint = addition.rhs.zeroPoint = addition.zeroPoint = 0;
  addition.lhs.multiplier = addition.rhs.multiplier = {1 << 30, 31};
  addition.output = {1 << 30, 50};
  ASSERT_EQ(add(addition, 1, 0), 1);
  ASSERT_EQ(add(addition, -1, 0), -1);
  EXPECT_FALSE(findFloatAddition(addition, 0));
}

} // namespace
