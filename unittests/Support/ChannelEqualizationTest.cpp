//===- ChannelEqualizationTest.cpp ----------------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/ChannelEqualization.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace quantcc;

namespace {

using Exponents = std::vector<int>;

Exponents choose(std::vector<float> magnitudes) {
  return chooseEqualizingExponents(magnitudes,
                                   Exponents(magnitudes.size(), kLargestRaise));
}

TEST(ChannelEqualization, LargestRaise) {
  EXPECT_EQ(largestRaise(1.0, 8.0), 3);
  EXPECT_EQ(largestRaise(1.0, std::nextafter(8.0, 0.0)), 2);
  EXPECT_EQ(largestRaise(3.0, 8.0), 1);
  EXPECT_EQ(largestRaise(8.0, 1.0), 0);
  EXPECT_EQ(largestRaise(1e-30, 1.0), kLargestRaise);
}

TEST(ChannelEqualization, PowersOfTwoBecomeEqual) {
  EXPECT_EQ(choose({1.0f, 8.0f, 0.25f}), (Exponents{3, 0, 5}));
}

TEST(ChannelEqualization, LargestChannelStays) {
  EXPECT_EQ(choose({5.0f}), (Exponents{0}));
  EXPECT_EQ(choose({0.7f, 0.7f}), (Exponents{0, 0}));
}

TEST(ChannelEqualization, ChannelOfZerosStays) {
  EXPECT_EQ(choose({0.0f, 1.0f, 0.5f}), (Exponents{0, 0, 1}));
  EXPECT_EQ(choose({0.0f, 0.0f}), (Exponents{0, 0}));
}

// Of 8 alone and 5 many times: without exceeding 8 the squares of the relative
// steps are 1 and 3 times (8/5)^2; at 10, with 5 as 10, (10/8)^2 and 3 times 1.
TEST(ChannelEqualization, MostChannelsDecideTheCommonRange) {
  EXPECT_EQ(choose({8.0f, 5.0f, 5.0f, 5.0f}), (Exponents{0, 1, 1, 1}));
  // A single one: 1 + 2.56 against 1.5625 + 1, and with two of 8, 2 + 2.56
  // against 3.125 + 1: still lower. With four: 4 + 2.56 against 6.25 + 1.
  EXPECT_EQ(choose({8.0f, 5.0f}), (Exponents{0, 1}));
  EXPECT_EQ(choose({8.0f, 8.0f, 5.0f}), (Exponents{0, 0, 1}));
  EXPECT_EQ(choose({8.0f, 8.0f, 8.0f, 8.0f, 5.0f}), (Exponents{0, 0, 0, 0, 0}));
}

TEST(ChannelEqualization, LimitsHold) {
  EXPECT_EQ(chooseEqualizingExponents({1.0f, 8.0f, 1.0f}, {1, 0, 16}),
            (Exponents{1, 0, 3}));
  EXPECT_EQ(choose({1e-30f, 1.0f}), (Exponents{kLargestRaise, 0}));
}

/// The sum of the squares of the relative steps.
double costOf(const std::vector<float> &magnitudes,
              const Exponents &exponents) {
  double largest = 0.0, cost = 0.0;
  for (size_t i = 0; i < magnitudes.size(); ++i)
    largest =
        std::max(largest, double(std::ldexp(magnitudes[i], exponents[i])));
  for (size_t i = 0; i < magnitudes.size(); ++i)
    cost += std::pow(largest / std::ldexp(magnitudes[i], exponents[i]), 2);
  return cost;
}

// All exponents of three channels in a range in which the best ones are.
TEST(ChannelEqualization, NoOtherExponentsAreBetter) {
  std::mt19937 random(3);
  std::uniform_real_distribution<float> logarithm(-3.0f, 3.0f);
  for (int round = 0; round < 200; ++round) {
    std::vector<float> magnitudes(3);
    for (float &magnitude : magnitudes)
      magnitude = std::exp2(logarithm(random));
    double best = INFINITY;
    for (int a = 0; a < 9; ++a)
      for (int b = 0; b < 9; ++b)
        for (int c = 0; c < 9; ++c)
          best = std::min(best, costOf(magnitudes, {a, b, c}));
    EXPECT_NEAR(costOf(magnitudes, choose(magnitudes)), best, 1e-9);
  }
}

TEST(ChannelEqualization, SecondTimeChangesNothing) {
  std::mt19937 random(5);
  std::uniform_real_distribution<float> logarithm(-6.0f, 6.0f);
  for (int round = 0; round < 200; ++round) {
    std::vector<float> magnitudes(1 + random() % 40);
    for (float &magnitude : magnitudes)
      magnitude = std::exp2(logarithm(random));
    Exponents exponents = choose(magnitudes);
    for (size_t i = 0; i < magnitudes.size(); ++i)
      magnitudes[i] = std::ldexp(magnitudes[i], exponents[i]);
    EXPECT_EQ(choose(magnitudes), Exponents(magnitudes.size(), 0));
  }
}

} // namespace
