//===- LinearSumTest.cpp - Additions of bytes in a few instructions -------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Linear sums against the rule, for all operands.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/LinearSum.h"

#include <gtest/gtest.h>
#include <llvm/Support/Error.h>
#include <random>

using namespace quantcc;

namespace {

/// As N7 makes it from scales.
AdditionRule makeRule(double lhsScale, double rhsScale, double outScale,
                      Rounding rounding) {
  auto multiplier = [](double scale) {
    auto result = quantizeMultiplier(scale);
    EXPECT_TRUE(static_cast<bool>(result));
    return *result;
  };
  double twice = 2 * std::max(lhsScale, rhsScale);
  AdditionRule rule;
  rule.lhs = {-128, multiplier(lhsScale / twice)};
  rule.rhs = {4, multiplier(rhsScale / twice)};
  rule.isSubtraction = false;
  rule.leftShift = 20;
  rule.output = multiplier(twice / (outScale * (1 << 20)));
  rule.rounding = rounding;
  rule.outputZeroPoint = -20;
  rule.clamp = rule.operands = {-128, 127};
  return rule;
}

/// In operations of 32 bits.
int32_t compute(const LinearSum &sum, const AdditionRule &rule, int32_t x,
                int32_t y) {
  uint32_t total = static_cast<uint32_t>(x) * static_cast<uint32_t>(sum.lhs) +
                   static_cast<uint32_t>(y) * static_cast<uint32_t>(sum.rhs) +
                   static_cast<uint32_t>(sum.offset);
  int64_t shifted = static_cast<int32_t>(total) >> sum.shift;
  return static_cast<int32_t>(
      std::min(std::max(shifted, rule.clamp.min), rule.clamp.max));
}

TEST(LinearSumTest, TheRuleIsThatOfTwoRoundings) {
  // Scales 1, 1 and 1: a = (x - z) * 2^19, out = x - z + y - z + z_out.
  AdditionRule rule = makeRule(1, 1, 1, Rounding::Double);
  EXPECT_EQ(addByRule(rule, -128, 4), -20);
  EXPECT_EQ(addByRule(rule, -100, 14), 18);
  EXPECT_EQ(addByRule(rule, 127, 127), 127);
  rule.isSubtraction = true;
  EXPECT_EQ(addByRule(rule, -100, 14), -2);
  EXPECT_EQ(addByRule(rule, -128, 127), -128);
}

TEST(LinearSumTest, MostSumsAreLinear) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> scale(0.01, 0.1);
  int found = 0;
  constexpr int kRules = 60;
  for (int i = 0; i != kRules; ++i) {
    AdditionRule rule = makeRule(scale(random), scale(random), scale(random),
                                 i % 2 ? Rounding::Single : Rounding::Double);
    rule.isSubtraction = i % 3 == 0;
    if (i % 4 == 0)
      rule.operands = {0, 255};
    if (i % 5 == 0)
      rule.clamp = {-20, 100};
    auto sum = findLinearSum(rule);
    if (!sum)
      continue;
    ++found;
    for (int64_t x = rule.operands.min; x <= rule.operands.max; ++x)
      for (int64_t y = rule.operands.min; y <= rule.operands.max; ++y)
        ASSERT_EQ(compute(*sum, rule, int32_t(x), int32_t(y)),
                  addByRule(rule, int32_t(x), int32_t(y)))
            << "rule " << i << ", " << x << ", " << y;
  }
  EXPECT_GT(found, kRules / 2);
}

TEST(LinearSumTest, FindsACaseThatDiffers) {
  AdditionRule rule = makeRule(1, 1, 1, Rounding::Double);
  // x + 128 + y - 4 - 20, with halves to spare on both sides.
  EXPECT_TRUE(isExact({2, 2, 2 * 104, 1}, rule));
  EXPECT_TRUE(isExact({2, 2, 2 * 104 + 1, 1}, rule));
  EXPECT_FALSE(isExact({2, 2, 2 * 104 + 2, 1}, rule));
  EXPECT_FALSE(isExact({2, 2, 2 * 104 - 1, 1}, rule));
  EXPECT_FALSE(isExact({2, 3, 2 * 104, 1}, rule));
  EXPECT_FALSE(isExact({2, 2, 2 * 104, 2}, rule));
  // The same, but for sums that leave i32 on the way.
  EXPECT_TRUE(isExact({1 << 22, 1 << 22, 104 << 22, 22}, rule));
  EXPECT_FALSE(isExact({1 << 24, 1 << 24, 104 << 24, 24}, rule));
}

} // namespace
