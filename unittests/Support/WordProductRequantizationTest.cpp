//===- WordProductRequantizationTest.cpp - Requantize in 32 bits ----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Products of 32 bits against the exact rule, at every accumulator.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/WordProductRequantization.h"

#include "TestChannels.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace quantcc;

namespace {

/// Compares at every accumulator, with 64 bits to see what leaves 32.
void expectEqual(const WordProduct &cheap,
                 const ChannelRequantization &channel) {
  for (int64_t acc = channel.accumulators.min; acc <= channel.accumulators.max;
       ++acc) {
    int64_t product = acc * cheap.multiplier;
    int64_t sum = product + cheap.offset;
    ASSERT_EQ(sum, static_cast<int32_t>(sum)) << "accumulator " << acc;
    sum += acc < 0 ? cheap.negativeOffset : 0;
    ASSERT_EQ(product, static_cast<int32_t>(product)) << "accumulator " << acc;
    ASSERT_EQ(sum, static_cast<int32_t>(sum)) << "accumulator " << acc;
    int64_t value = std::clamp<int64_t>(sum >> cheap.shift, channel.clamp.min,
                                        channel.clamp.max);
    ASSERT_EQ(value, requantizeChannel(channel, acc)) << "accumulator " << acc;
    ASSERT_EQ(value, evaluate(cheap, channel, acc)) << "accumulator " << acc;
  }
}

TEST(WordProductRequantizationTest, WhatIsFoundIsEqualForEveryAccumulator) {
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> mantissa(1, 2);
  int found = 0, wanted = 0;
  for (int i = 0; i != 300; ++i) {
    // From differences of bytes to products of two, and the scales that bring
    // them to about a byte.
    int bits = 9 + i % 9;
    int32_t zeroPoint = i % 4 == 0 ? -128 : int32_t(random() % 256) - 128;
    double scale = mantissa(random) * std::ldexp(1.0, 6 - bits + i % 3);
    Rounding rounding = i % 7 == 0 ? Rounding::HalfEven
                        : i % 2    ? Rounding::Double
                                   : Rounding::Single;
    int64_t bound = (int64_t(1) << bits) - 1 - int64_t(random() % 32);
    ChannelRequantization channel = makeChannel(
        scale, rounding, zeroPoint,
        i % 5 == 0 ? StoredRange{zeroPoint, 127} : StoredRange{-128, 127},
        {-bound + int64_t(random() % 7), bound});
    wanted += bits <= 12;
    auto cheap = findWordProduct(channel);
    if (!cheap)
      continue;
    found += bits <= 12;
    expectEqual(*cheap, channel);
  }
  // Where much room is left, nearly all have one.
  EXPECT_GT(wanted, 100);
  EXPECT_GE(found * 20, wanted * 19);
}

TEST(WordProductRequantizationTest, ScalesOfOneAndMoreHaveIt) {
  for (double scale : {0.5, 1.0, 1.25, 3.0}) {
    ChannelRequantization channel =
        makeChannel(scale, Rounding::Double, 5, {-128, 127}, {-255, 255});
    auto cheap = findWordProduct(channel);
    ASSERT_TRUE(cheap) << scale;
    expectEqual(*cheap, channel);
  }
}

TEST(WordProductRequantizationTest, DoubleRoundingTakesTwoLines) {
  // Halves, and what the first rounding makes halves, move away from zero.
  ChannelRequantization channel =
      makeChannel(0.21, Rounding::Double, 3, {-128, 127}, {-511, 511});
  auto cheap = findWordProduct(channel);
  ASSERT_TRUE(cheap);
  EXPECT_NE(cheap->negativeOffset, 0);
  expectEqual(*cheap, channel);
  // A relu has no steps where they differ.
  channel.zeroPoint = -128;
  cheap = findWordProduct(channel);
  ASSERT_TRUE(cheap);
  EXPECT_EQ(cheap->negativeOffset, 0);
  expectEqual(*cheap, channel);
}

TEST(WordProductRequantizationTest, AConstantChannelNeedsNoProduct) {
  ChannelRequantization channel =
      makeChannel(0x1p-20, Rounding::Single, 7, {-128, 127}, {-255, 255});
  auto cheap = findWordProduct(channel);
  ASSERT_TRUE(cheap);
  EXPECT_EQ(cheap->multiplier, 0);
  expectEqual(*cheap, channel);
}

TEST(WordProductRequantizationTest, ManyStepsOfLargeAccumulatorsHaveNone) {
  // 255 steps at places known to 2^-8 of the distance: 24 bits beside the
  // accumulator's 30.
  ChannelRequantization channel =
      makeChannel(1.2345678 * 0x1p-23, Rounding::Single, 0, {-128, 127},
                  {-(1 << 30), 1 << 30});
  EXPECT_FALSE(findWordProduct(channel));
}

} // namespace
