//===- HighProductRequantizationTest.cpp - Cheap integer forms ------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// High products against the exact rule, at every accumulator.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/HighProductRequantization.h"

#include "TestChannels.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace quantcc;

namespace {

/// The result in the operations of a machine of 32 bits alone.
int32_t compute(const HighProduct &cheap, const ChannelRequantization &channel,
                int32_t acc) {
  uint32_t operand = static_cast<uint32_t>(acc + cheap.biasOffset)
                     << cheap.preShift;
  bool isSplit = cheap.kind == HighProductKind::Split;
  if (isSplit)
    operand *= 2;
  int64_t product =
      int64_t(static_cast<int32_t>(operand)) * int64_t(cheap.multiplier);
  if (isSplit)
    product += int64_t(1) << 31;
  auto upper = static_cast<uint32_t>(product >> 32);
  uint32_t sum = upper + static_cast<uint32_t>(cheap.offset);
  if (cheap.kind == HighProductKind::Even)
    sum += upper >> cheap.shift & 1;
  if (isSplit)
    sum += static_cast<uint32_t>(acc >> 31);
  int32_t shifted = static_cast<int32_t>(sum) >> cheap.shift;
  return static_cast<int32_t>(std::min<int64_t>(
      std::max<int64_t>(shifted, channel.clamp.min), channel.clamp.max));
}

TEST(HighProductRequantizationTest, AProvedFormIsEqualForEveryAccumulator) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> exponent(-14, -3), mantissa(1, 2);
  constexpr int32_t kBound = 1 << 17;
  int lines = 0;
  for (int i = 0; i != 60; ++i) {
    int32_t zeroPoint = i % 3 == 0 ? -128 : int32_t(random() % 256) - 128;
    StoredRange clamp =
        i % 5 == 0 ? StoredRange{zeroPoint, 127} : StoredRange{-128, 127};
    double scale = mantissa(random) * std::exp2(std::floor(exponent(random)));
    ChannelRequantization channel =
        makeChannel(scale, kRoundings[i / 3 % 3], zeroPoint, clamp, kBound);
    for (HighProductKind kind :
         {HighProductKind::Line, HighProductKind::Split}) {
      int32_t natural = *naturalShift(channel, kind);
      for (int32_t shift : {natural, natural / 2, 1}) {
        auto cheap = findHighProduct(channel, kind, shift);
        if (!cheap)
          continue;
        lines += kind == HighProductKind::Line;
        EXPECT_EQ(cheap->kind, kind);
        EXPECT_EQ(cheap->shift, shift);
        for (int32_t acc = -kBound; acc <= kBound; ++acc)
          ASSERT_EQ(compute(*cheap, channel, acc),
                    requantizeChannel(channel, acc))
              << "accumulator " << acc << ", scale " << scale << ", zero point "
              << zeroPoint;
      }
    }
  }
  // Else there would be nothing to prove.
  EXPECT_GT(lines, 60);
}

TEST(HighProductRequantizationTest, LargeMultipliersAreShiftedUpBefore) {
  std::mt19937_64 random(10);
  std::uniform_real_distribution<double> exponent(-1, 4), mantissa(1, 2);
  constexpr int32_t kBound = 1 << 14;
  for (int i = 0; i != 60; ++i) {
    int32_t zeroPoint = int32_t(random() % 256) - 128;
    // Every other one a power of two, with ties.
    double scale = std::exp2(std::floor(exponent(random))) *
                   (i % 2 == 0 ? 1 : mantissa(random));
    // Ties to even go up and down: neither form has them.
    Rounding rounding = kRoundings[i / 2 % (i % 2 == 0 && scale < 1 ? 2 : 3)];
    ChannelRequantization channel =
        makeChannel(scale, rounding, zeroPoint, {-128, 127}, kBound);
    EXPECT_LT(*naturalShift(channel, HighProductKind::Line), 0);
    EXPECT_FALSE(
        findHighProduct(channel, HighProductKind::Line, 0).has_value());
    // A line is the rule; what is split comes close to it with bits to spare.
    for (HighProductKind kind :
         {HighProductKind::Line, HighProductKind::Split}) {
      int32_t preShift = naturalPreShift(channel, kind);
      EXPECT_GT(preShift, 0);
      auto cheap = findHighProduct(
          channel, kind, *naturalShift(channel, kind, preShift), preShift);
      ASSERT_TRUE(cheap.has_value()) << scale;
      EXPECT_EQ(cheap->preShift, preShift);
      for (int32_t acc = -kBound; acc <= kBound; ++acc)
        ASSERT_EQ(compute(*cheap, channel, acc),
                  requantizeChannel(channel, acc))
            << "accumulator " << acc << ", scale " << scale << ", zero point "
            << zeroPoint;
    }
    // Shifted by 16 bits, accumulators of 2^14 leave 2^30.
    EXPECT_FALSE(
        findHighProduct(channel, HighProductKind::Split,
                        *naturalShift(channel, HighProductKind::Split, 16), 16)
            .has_value());
  }
}

TEST(HighProductRequantizationTest, TiesGoToEven) {
  std::mt19937_64 random(11);
  constexpr int32_t kBound = 1 << 14;
  for (int i = 0; i != 60; ++i) {
    int32_t zeroPoint = int32_t(random() % 256) - 128;
    // Ties at every accumulator, at few, and, of multiples of three, between.
    double scale = std::exp2(-1 - i % 12) * (i % 3 == 0 ? 0.75 : 1);
    ChannelRequantization channel =
        makeChannel(scale, Rounding::HalfEven, zeroPoint, {-128, 127}, kBound);
    int32_t preShift = naturalPreShift(channel, HighProductKind::Even);
    EXPECT_GT(preShift, 0);
    auto cheap = findHighProduct(
        channel, HighProductKind::Even,
        *naturalShift(channel, HighProductKind::Even, preShift), preShift);
    ASSERT_TRUE(cheap.has_value()) << scale;
    EXPECT_EQ(cheap->multiplier % 2, 0);
    EXPECT_EQ(cheap->biasOffset, 0);
    for (int32_t acc = -kBound; acc <= kBound; ++acc)
      ASSERT_EQ(compute(*cheap, channel, acc), requantizeChannel(channel, acc))
          << "accumulator " << acc << ", scale " << scale << ", zero point "
          << zeroPoint;
  }
  // M = 2^-6: 32 is a tie below 1, 96 one above. Without bits below those of
  // accumulators, 33 would pass for 32.
  ChannelRequantization channel{
      {1 << 30, 36}, Rounding::HalfEven, 0, {-128, 127}, {-kBound, kBound}};
  auto even = findHighProduct(channel, HighProductKind::Even, 6, 2);
  ASSERT_TRUE(even.has_value());
  EXPECT_EQ(compute(*even, channel, 32), 0);
  EXPECT_EQ(compute(*even, channel, 33), 1);
  EXPECT_EQ(compute(*even, channel, 96), 2);
  EXPECT_EQ(compute(*even, channel, -32), 0);
  EXPECT_EQ(compute(*even, channel, -96), -2);
  EXPECT_FALSE(findHighProduct(channel, HighProductKind::Even, 4).has_value());
  EXPECT_FALSE(
      findHighProduct(channel, HighProductKind::Line, 6, 2).has_value());
  HighProduct odd = *even;
  odd.multiplier += 1;
  EXPECT_FALSE(isExact(odd, channel));
}

TEST(HighProductRequantizationTest, EachRoundingHasANaturalForm) {
  std::mt19937_64 random(8);
  for (int i = 0; i != 200; ++i) {
    double scale = std::exp2(-4 - double(random() % 1000) / 100);
    int32_t zeroPoint = int32_t(random() % 256) - 128;
    ChannelRequantization single =
        makeChannel(scale, Rounding::Single, zeroPoint, {-128, 127}, 1 << 20);
    auto line = findHighProduct(single, HighProductKind::Line,
                                *naturalShift(single, HighProductKind::Line));
    ASSERT_TRUE(line.has_value()) << scale;
    // The rule itself: nothing but what it rounds with is added.
    EXPECT_EQ(line->multiplier, single.multiplier.multiplier);
    EXPECT_EQ(line->biasOffset, 0);

    ChannelRequantization twice = single;
    twice.rounding = Rounding::Double;
    EXPECT_TRUE(findHighProduct(twice, HighProductKind::Split,
                                *naturalShift(twice, HighProductKind::Split)))
        << scale;
    // Of a relu no negative accumulator matters.
    twice.zeroPoint = -128;
    EXPECT_TRUE(findHighProduct(twice, HighProductKind::Line,
                                *naturalShift(twice, HighProductKind::Line)))
        << scale;
  }
}

TEST(HighProductRequantizationTest, MostScalesDoWithFewerBits) {
  std::mt19937_64 random(9);
  int found = 0;
  for (int i = 0; i != 200; ++i) {
    double scale = std::exp2(-9 - double(random() % 1000) / 1000);
    ChannelRequantization channel =
        makeChannel(scale, Rounding::Double, -128, {-128, 127}, 1 << 18);
    found += findHighProduct(channel, HighProductKind::Line, 4).has_value();
  }
  EXPECT_GT(found, 190);
}

TEST(HighProductRequantizationTest, FindsWhereAFormStepsElsewhere) {
  // M = 2^-6, halves up: ties at accumulators of 32 modulo 64.
  ChannelRequantization channel{
      {1 << 30, 36}, Rounding::Single, 5, {-128, 127}, {-(1 << 14), 1 << 14}};
  HighProduct exact{HighProductKind::Line, 4, 1 << 30, (5 << 4) + 8, 0};
  EXPECT_TRUE(isExact(exact, channel));
  auto altered = [&](auto change) {
    HighProduct other = exact;
    change(other);
    return isExact(other, channel);
  };
  EXPECT_FALSE(altered([](HighProduct &p) { ++p.offset; }));
  EXPECT_FALSE(altered([](HighProduct &p) { --p.offset; }));
  EXPECT_FALSE(altered([](HighProduct &p) { ++p.shift; }));
  EXPECT_FALSE(altered([](HighProduct &p) { p.multiplier -= 1 << 16; }));
  EXPECT_FALSE(altered([](HighProduct &p) { p.multiplier += 1 << 24; }));
  EXPECT_FALSE(
      altered([](HighProduct &p) { p.kind = HighProductKind::Split; }));
  // A unit of the upper half is four accumulators: they make up for it, and
  // one of them shows.
  EXPECT_FALSE(altered([](HighProduct &p) { p.biasOffset = 1; }));
  EXPECT_FALSE(altered([](HighProduct &p) { p.biasOffset = -1; }));
  EXPECT_TRUE(altered([](HighProduct &p) {
    p.biasOffset = 4;
    --p.offset;
  }));
}

TEST(HighProductRequantizationTest, TheSignDecidesTiesOfRoundingDouble) {
  // M = 2^-6; see FloatRequantizationTest for the steps.
  ChannelRequantization channel{
      {1 << 30, 36}, Rounding::Double, 3, {-128, 127}, {-(1 << 14), 1 << 14}};
  EXPECT_FALSE(findHighProduct(channel, HighProductKind::Line, 4).has_value());
  auto split = findHighProduct(channel, HighProductKind::Split, 5);
  ASSERT_TRUE(split.has_value());
  EXPECT_EQ(compute(*split, channel, 31), 4);
  EXPECT_EQ(compute(*split, channel, 30), 3);
  EXPECT_EQ(compute(*split, channel, -31), 3);
  EXPECT_EQ(compute(*split, channel, -32), 2);
}

TEST(HighProductRequantizationTest, RefusesWhatLeavesThirtyTwoBits) {
  constexpr int64_t kLarge = int64_t(1) << 30;
  ChannelRequantization channel{
      {1 << 30, 40}, Rounding::Single, 0, {-128, 127}, {-kLarge, kLarge}};
  EXPECT_FALSE(findHighProduct(channel, HighProductKind::Line, 8).has_value());
  channel.accumulators = {-(1 << 29), 1 << 29};
  EXPECT_TRUE(findHighProduct(channel, HighProductKind::Line, 8).has_value());
  // A multiplier of 1/2 and more has no bits to spare.
  channel.multiplier = {1 << 30, 31};
  EXPECT_LT(*naturalShift(channel, HighProductKind::Line), 0);
  EXPECT_FALSE(findHighProduct(channel, HighProductKind::Line, 0).has_value());
}

TEST(HighProductRequantizationTest, AConstantChannelHasAnyShift) {
  // A multiplier of 0, and a bias next to which the weights are nothing.
  ChannelRequantization zero{
      {0, 31}, Rounding::Double, -7, {-128, 127}, {-500, 500}};
  ChannelRequantization large{{1 << 30, 62},
                              Rounding::Double,
                              -7,
                              {-128, 127},
                              {(1 << 30) - 100, (1 << 30) + 100}};
  for (const ChannelRequantization &channel : {zero, large}) {
    EXPECT_FALSE(naturalShift(channel, HighProductKind::Line).has_value());
    for (HighProductKind kind : {HighProductKind::Line, HighProductKind::Split})
      for (int32_t shift : {1, 8, 20}) {
        auto cheap = findHighProduct(channel, kind, shift);
        ASSERT_TRUE(cheap.has_value());
        for (int64_t acc = channel.accumulators.min;
             acc <= channel.accumulators.max; ++acc)
          EXPECT_EQ(compute(*cheap, channel, static_cast<int32_t>(acc)),
                    requantizeChannel(channel, static_cast<int32_t>(acc)));
      }
  }
}

TEST(HighProductRequantizationTest, ALargeBiasIsTakenBack) {
  // Accumulators around 2^30 would overflow when they are doubled.
  ChannelRequantization channel{{1 << 30, 53},
                                Rounding::Single,
                                -128,
                                {-128, 127},
                                {(1 << 30) - (1 << 26), (1 << 30) + (1 << 26)}};
  auto cheap = findHighProduct(channel, HighProductKind::Line, 10);
  ASSERT_TRUE(cheap.has_value());
  EXPECT_LT(cheap->biasOffset, -(1 << 29));
  for (int64_t acc = channel.accumulators.min; acc <= channel.accumulators.max;
       acc += 997)
    ASSERT_EQ(compute(*cheap, channel, static_cast<int32_t>(acc)),
              requantizeChannel(channel, static_cast<int32_t>(acc)));
  EXPECT_FALSE(
      findHighProduct(channel, HighProductKind::Split, 10).has_value());
}

} // namespace
