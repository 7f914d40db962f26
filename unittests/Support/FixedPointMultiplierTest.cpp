//===- FixedPointMultiplierTest.cpp - Tests of requantization -----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Requantization against a definition in 128-bit integers.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/FixedPointMultiplier.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <llvm/Support/Error.h>
#include <random>

using namespace quantcc;

namespace {

using Int128 = __int128;

constexpr int32_t kMin = std::numeric_limits<int32_t>::min();
constexpr int32_t kMax = std::numeric_limits<int32_t>::max();

/// How an exact quotient between two integers is rounded.
enum class Tie { Up, Away, Even };

/// numerator / 2^shift to the nearest integer, found by comparing the distances
/// to the two neighbours rather than by adding a half.
Int128 roundQuotient(Int128 numerator, int shift, Tie tie) {
  Int128 unit = Int128(1) << shift;
  Int128 below = numerator / unit;
  if (below * unit > numerator)
    --below;
  Int128 toBelow = numerator - below * unit;
  Int128 toAbove = unit - toBelow;
  if (toBelow != toAbove)
    return toBelow < toAbove ? below : below + 1;
  switch (tie) {
  case Tie::Up:
    return below + 1;
  case Tie::Away:
    return numerator > 0 ? below + 1 : below;
  case Tie::Even:
    return below % 2 == 0 ? below : below + 1;
  }
  return 0;
}

Int128 expectedResult(int32_t acc, FixedPointMultiplier m, Rounding rounding) {
  Int128 product = Int128(acc) * m.multiplier;
  if (rounding == Rounding::Single)
    return roundQuotient(product, m.shift, Tie::Up);
  if (rounding == Rounding::HalfEven)
    return roundQuotient(product, m.shift, Tie::Even);
  int leftShift = m.shift < 31 ? 31 - m.shift : 0;
  int rightShift = m.shift > 31 ? m.shift - 31 : 0;
  Int128 high = roundQuotient(product * (Int128(1) << leftShift), 31, Tie::Up);
  return roundQuotient(high, rightShift, Tie::Away);
}

void checkAll(int32_t acc, FixedPointMultiplier m) {
  if (leftShiftOverflows(std::llabs(acc), m.shift))
    return;
  for (Rounding rounding :
       {Rounding::Double, Rounding::Single, Rounding::HalfEven})
    ASSERT_EQ(Int128(requantize(acc, m, rounding)),
              expectedResult(acc, m, rounding))
        << acc << " * " << m.multiplier << " >> " << m.shift << " "
        << stringifyRounding(rounding).str();
}

std::string failureText(llvm::Expected<FixedPointMultiplier> result) {
  return result ? "no error" : llvm::toString(result.takeError());
}

TEST(Requantize, AgreesWithExactArithmeticAtTheEdges) {
  for (int32_t shift = 2; shift <= 62; ++shift)
    for (int32_t multiplier : {0, 1 << 30, (1 << 30) + 1, 1431655765, kMax})
      for (int32_t acc : {kMin, kMin + 1, -(1 << 30), -65537, -3, -2, -1, 0, 1,
                          2, 3, 127, 65537, 1 << 30, kMax - 1, kMax})
        checkAll(acc, {multiplier, shift});
}

TEST(Requantize, AgreesWithExactArithmeticOnTies) {
  // A multiplier of 2^30 leaves acc / 2^(shift - 30): odd multiples of half.
  for (int32_t shift = 31; shift <= 60; ++shift)
    for (int32_t odd = -31; odd <= 31; odd += 2) {
      int64_t acc = odd * (int64_t(1) << (shift - 31));
      if (acc >= kMin && acc <= kMax)
        checkAll(static_cast<int32_t>(acc), {1 << 30, shift});
    }
}

TEST(Requantize, AgreesWithExactArithmeticOnRandomValues) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 200000; ++i) {
    int32_t shift = 2 + random() % 61;
    int32_t multiplier = (1 << 30) + random() % (1u << 30);
    int32_t acc = static_cast<int32_t>(random()) >> (random() % 31);
    checkAll(acc, {multiplier, shift});
  }
}

TEST(Requantize, RoundingsDifferAsDefined) {
  // 5/2 and -5/2 as 5 * 2^30 * 2^-31.
  FixedPointMultiplier half{1 << 30, 31};
  EXPECT_EQ(requantize(5, half, Rounding::Single), 3);
  EXPECT_EQ(requantize(-5, half, Rounding::Single), -2);
  EXPECT_EQ(requantize(5, half, Rounding::HalfEven), 2);
  EXPECT_EQ(requantize(-5, half, Rounding::HalfEven), -2);
  // A quarter: the right shift after the high multiply rounds ties away.
  FixedPointMultiplier quarter{1 << 30, 32};
  EXPECT_EQ(requantize(-10, quarter, Rounding::Double), -3);
  EXPECT_EQ(requantize(-10, quarter, Rounding::Single), -2);
  // Rounded twice: 5/4 is 1.25, but 2.5 rounds to 3, and 1.5 to 2.
  EXPECT_EQ(requantize(5, quarter, Rounding::Double), 2);
  EXPECT_EQ(requantize(5, quarter, Rounding::Single), 1);
}

TEST(Requantize, LeftShiftOverflowIsDetected) {
  EXPECT_FALSE(leftShiftOverflows(int64_t(1) << 31, 31));
  EXPECT_FALSE(leftShiftOverflows(int64_t(1) << 31, 62));
  EXPECT_TRUE(leftShiftOverflows(int64_t(1) << 30, 30));
  EXPECT_FALSE(leftShiftOverflows((int64_t(1) << 30) - 1, 30));
  EXPECT_FALSE(leftShiftOverflows(3, 2));
  EXPECT_TRUE(leftShiftOverflows(4, 2));
  EXPECT_FALSE(leftShiftOverflows(0, 2));
}

TEST(QuantizeMultiplier, PowersOfTwoAreExact) {
  for (int exponent = -32; exponent <= 28; ++exponent) {
    llvm::Expected<FixedPointMultiplier> m =
        quantizeMultiplier(std::ldexp(1.0, exponent));
    ASSERT_TRUE(!!m) << llvm::toString(m.takeError());
    EXPECT_EQ(m->multiplier, 1 << 30);
    EXPECT_EQ(m->shift, 30 - exponent);
  }
}

TEST(QuantizeMultiplier, MantissaIsRoundedToNearest) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 20000; ++i) {
    double real =
        std::ldexp(1.0 + (random() >> 11) * 0x1p-53, int(random() % 60) - 32);
    llvm::Expected<FixedPointMultiplier> m = quantizeMultiplier(real);
    ASSERT_TRUE(!!m) << llvm::toString(m.takeError());
    ASSERT_GE(m->multiplier, 1 << 30);
    // Half a unit of the multiplier at most; both sides are exact in f64.
    double error = std::fabs(std::ldexp(m->multiplier, -m->shift) - real);
    ASSERT_LE(error, std::ldexp(0.5, -m->shift)) << real;
  }
}

TEST(QuantizeMultiplier, MantissaThatRoundsToOneRaisesTheExponent) {
  llvm::Expected<FixedPointMultiplier> m =
      quantizeMultiplier(std::nextafter(1.0, 0.0));
  ASSERT_TRUE(!!m);
  EXPECT_EQ(*m, (FixedPointMultiplier{1 << 30, 30}));
}

TEST(QuantizeMultiplier, TieOfTheMantissaRoundsAway) {
  // (2^30 + 1/2) * 2^-31.
  llvm::Expected<FixedPointMultiplier> m =
      quantizeMultiplier((0x1p30 + 0.5) * 0x1p-31);
  ASSERT_TRUE(!!m);
  EXPECT_EQ(*m, (FixedPointMultiplier{(1 << 30) + 1, 31}));
}

TEST(QuantizeMultiplier, TinyMultiplierBecomesZero) {
  FixedPointMultiplier zero{0, 31};
  llvm::Expected<FixedPointMultiplier> below =
      quantizeMultiplier(std::nextafter(0x1p-32, 0.0) * (1.0 - 0x1p-30));
  ASSERT_TRUE(!!below);
  EXPECT_EQ(*below, zero);
  llvm::Expected<FixedPointMultiplier> least =
      quantizeMultiplier(std::numeric_limits<double>::denorm_min());
  ASSERT_TRUE(!!least);
  EXPECT_EQ(*least, zero);
  llvm::Expected<FixedPointMultiplier> at = quantizeMultiplier(0x1p-32);
  ASSERT_TRUE(!!at);
  EXPECT_EQ(*at, (FixedPointMultiplier{1 << 30, 62}));
}

TEST(QuantizeMultiplier, UnusableMultiplierIsAnError) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (double real : {0.0, -0.0, -0.25, infinity, -infinity,
                      std::numeric_limits<double>::quiet_NaN()})
    EXPECT_NE(failureText(quantizeMultiplier(real))
                  .find("expected a finite multiplier above 0, found "),
              std::string::npos)
        << real;
  EXPECT_EQ(failureText(quantizeMultiplier(0x1p29)),
            "expected a multiplier below 2^29, found 5.36871e+08");
}

TEST(HalfEvenMultiplier, IsExact) {
  for (float real : {0.1f, 1.0f / 3.0f, 0x1.fffffep-1f, 0x1p-32f, 1234.5f,
                     std::nextafter(0x1p29f, 0.0f)}) {
    llvm::Expected<FixedPointMultiplier> m = halfEvenMultiplier(real);
    ASSERT_TRUE(!!m) << llvm::toString(m.takeError());
    EXPECT_EQ(std::ldexp(m->multiplier, -m->shift), double(real));
    EXPECT_GE(m->multiplier, 1 << 30);
  }
}

TEST(HalfEvenMultiplier, MultiplierThatIsFlushedNeverReachedHalf) {
  float real = std::nextafter(0x1p-32f, 0.0f);
  EXPECT_LT(double(real) * 0x1p31, 0.5);
  llvm::Expected<FixedPointMultiplier> m = halfEvenMultiplier(real);
  ASSERT_TRUE(!!m);
  EXPECT_EQ(m->multiplier, 0);
  EXPECT_EQ(requantize(kMin, *m, Rounding::HalfEven), 0);
}

TEST(HalfEvenMultiplier, UnusableMultiplierIsAnError) {
  EXPECT_NE(failureText(halfEvenMultiplier(0.0f)), "no error");
  EXPECT_NE(failureText(halfEvenMultiplier(0x1p29f)), "no error");
  EXPECT_NE(
      failureText(halfEvenMultiplier(std::numeric_limits<float>::quiet_NaN())),
      "no error");
}

} // namespace
