//===- FloatRequantizationTest.cpp - Tests of float requantization --------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Float forms against the integer rules, accumulator by accumulator. The
// integer rules have tests of their own, against 128-bit integers.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/FloatRequantization.h"

#include "TestChannels.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <random>

using namespace quantcc;

namespace {

/// A multiply-add, or a product and a sum that round each.
template <typename Float>
double multiplyAdd(Float value, Float scale, Float offset, bool isFused) {
  if (isFused)
    return std::fma(value, scale, offset);
  volatile Float product = value * scale;
  return product + offset;
}

/// The result as the machine computes it, in the operations of the form alone.
int32_t compute(const FloatRequantization &cheap,
                const ChannelRequantization &channel, int32_t acc) {
  double offset =
      cheap.form.isSplit && acc < 0 ? cheap.negativeOffset : cheap.offset;
  bool isFused = cheap.form.isFused;
  double rounded = std::nearbyint(
      cheap.form.isDouble
          ? multiplyAdd(double(acc), cheap.scale, offset, isFused)
          : multiplyAdd(float(acc), static_cast<float>(cheap.scale),
                        static_cast<float>(offset), isFused));
  return static_cast<int32_t>(
      std::fmin(std::fmax(rounded, channel.clamp.min), channel.clamp.max));
}

/// The result of a form without conversions, as the machine computes it.
int32_t computeBits(const FloatRequantization &cheap,
                    const ChannelRequantization &channel, int32_t acc) {
  bool isBelow = cheap.form.isSplit && acc < 0;
  uint32_t bits =
      uint32_t(acc) +
      uint32_t(isBelow ? cheap.negativeSumOffset : cheap.sumOffset) +
      0x4B000000u;
  if (acc == cheap.exception)
    ++bits;
  float sum;
  std::memcpy(&sum, &bits, sizeof(sum));
  double offset = isBelow ? cheap.negativeOffset : cheap.offset;
  float result = std::fma(sum, static_cast<float>(cheap.scale),
                          static_cast<float>(offset));
  int16_t low;
  std::memcpy(&low, &result, sizeof(low));
  return std::clamp<int32_t>(low, channel.clamp.min, channel.clamp.max);
}

TEST(FloatRequantizationTest, AFormWithoutConversionsIsEqualToo) {
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> exponent(-14, -4), mantissa(1, 2);
  int found = 0;
  for (int i = 0; i != 90; ++i) {
    int32_t zeroPoint = i % 2 == 0 ? -128 : int32_t(random() % 256) - 128;
    double scale = mantissa(random) * std::exp2(std::floor(exponent(random)));
    ChannelRequantization channel = makeChannel(
        scale, kRoundings[i % 3], zeroPoint, {zeroPoint, 127}, 1 << 18);
    channel.accumulators.min -= int64_t(random() % (1 << 18));
    auto cheap = findFloatRequantization(channel, kBitsFloatForm);
    if (!cheap)
      continue;
    ++found;
    EXPECT_EQ(cheap->form, kBitsFloatForm);
    for (int64_t acc = channel.accumulators.min;
         acc <= channel.accumulators.max; ++acc)
      ASSERT_EQ(computeBits(*cheap, channel, acc),
                requantizeChannel(channel, acc))
          << "accumulator " << acc << ", scale " << scale << ", zero point "
          << zeroPoint;
  }
  EXPECT_GT(found, 80);
}

TEST(FloatRequantizationTest, EachSignHasALineOfItsOwn) {
  std::mt19937_64 random(58);
  int lines = 0, converted = 0, split = 0;
  constexpr int kChannels = 80;
  for (int i = 0; i != kChannels; ++i) {
    double scale = std::exp2(-9 - double(random() % 4000) / 1000);
    int32_t zeroPoint = int32_t(random() % 41) - 20;
    ChannelRequantization channel =
        makeChannel(scale, Rounding::Double, zeroPoint, {-128, 127}, 1 << 20);
    lines += findFloatRequantization(channel, kBitsFloatForm).has_value();
    converted +=
        findFloatRequantization(channel, FloatForm{true, false}).has_value();
    auto cheap = findFloatRequantization(channel, kSplitBitsFloatForm);
    if (!cheap)
      continue;
    ++split;
    EXPECT_EQ(cheap->form, kSplitBitsFloatForm);
    for (int64_t acc = channel.accumulators.min;
         acc <= channel.accumulators.max; ++acc)
      ASSERT_EQ(computeBits(*cheap, channel, acc),
                requantizeChannel(channel, acc))
          << "accumulator " << acc << ", scale " << scale;
  }
  EXPECT_LT(lines, kChannels / 10);
  // No rounding but the last leaves more channels a form.
  EXPECT_GT(split, converted);
  EXPECT_GT(2 * split, kChannels);
}

TEST(FloatRequantizationTest, BothLinesAreCompared) {
  ChannelRequantization channel =
      makeChannel(0x1.6a09e6p-10, Rounding::Double, 3, {-128, 127}, 1 << 18);
  auto cheap = findFloatRequantization(channel, kSplitBitsFloatForm);
  ASSERT_TRUE(cheap.has_value());
  EXPECT_TRUE(isExact(*cheap, channel));
  FloatRequantization other = *cheap;
  // Of no matter where a form is one line.
  other.form = kBitsFloatForm;
  EXPECT_FALSE(isExact(other, channel));
  for (int32_t distance : {-1, 1})
    for (int32_t FloatRequantization::*offset :
         {&FloatRequantization::sumOffset,
          &FloatRequantization::negativeSumOffset}) {
      other = *cheap;
      other.*offset += 1000 * distance;
      EXPECT_FALSE(isExact(other, channel));
    }
  for (double FloatRequantization::*offset :
       {&FloatRequantization::offset, &FloatRequantization::negativeOffset}) {
    other = *cheap;
    other.*offset += 1;
    EXPECT_FALSE(isExact(other, channel));
  }
  // The sum of -1 is next to that of 0, but not to those beyond it.
  other = *cheap;
  other.negativeSumOffset = 0;
  EXPECT_FALSE(isExact(other, channel));
}

TEST(FloatRequantizationTest, ALineMayHaveNoAccumulators) {
  for (StoredRange accumulators :
       {StoredRange{5, 1 << 18}, StoredRange{-(1 << 18), -5}}) {
    ChannelRequantization channel = makeChannel(
        0x1.6a09e6p-10, Rounding::Double, 3, {-128, 127}, accumulators);
    auto cheap = findFloatRequantization(channel, kSplitBitsFloatForm);
    ASSERT_TRUE(cheap.has_value());
    for (int64_t acc = accumulators.min; acc <= accumulators.max; ++acc)
      ASSERT_EQ(computeBits(*cheap, channel, acc),
                requantizeChannel(channel, acc))
          << "accumulator " << acc;
  }
}

/// A channel whose steps no line in f32 has: with 24 bits of its multiplier,
/// one step at least is an accumulator late or early.
ChannelRequantization makeChannelOfNoLine() {
  return {
      {1108090059, 39}, Rounding::Double, -128, {-128, 127}, {-180619, 170771}};
}

TEST(FloatRequantizationTest, OneSumIsTakenForTheNext) {
  ChannelRequantization channel = makeChannelOfNoLine();
  EXPECT_FALSE(findFloatRequantization(channel, kBitsFloatForm).has_value());
  for (FloatForm form : {FloatForm{false, false}, FloatForm{true, false}})
    EXPECT_FALSE(findFloatRequantization(channel, form).has_value());
  auto cheap = findFloatRequantization(channel, kMendedBitsFloatForm);
  ASSERT_TRUE(cheap.has_value());
  EXPECT_EQ(cheap->form, kMendedBitsFloatForm);
  ASSERT_TRUE(cheap->exception.has_value());
  for (int64_t acc = channel.accumulators.min; acc <= channel.accumulators.max;
       ++acc)
    ASSERT_EQ(computeBits(*cheap, channel, acc),
              requantizeChannel(channel, acc))
        << "accumulator " << acc;

  FloatRequantization other = *cheap;
  EXPECT_TRUE(isExact(other, channel));
  for (int32_t distance : {-1, 1}) {
    other.exception = *cheap->exception + distance;
    EXPECT_FALSE(isExact(other, channel));
  }
  other.exception.reset();
  EXPECT_FALSE(isExact(other, channel));
  // A form of another kind would not heed it.
  other = *cheap;
  other.form = kBitsFloatForm;
  EXPECT_FALSE(isExact(other, channel));
}

TEST(FloatRequantizationTest, ChannelsNeedNoException) {
  ChannelRequantization channel =
      makeChannel(0x1.5p-9, Rounding::Double, -128, {-128, 127}, 1 << 17);
  auto plain = findFloatRequantization(channel, kBitsFloatForm);
  auto cheap = findFloatRequantization(channel, kMendedBitsFloatForm);
  ASSERT_TRUE(plain.has_value() && cheap.has_value());
  EXPECT_FALSE(cheap->exception.has_value());
  EXPECT_EQ(cheap->scale, plain->scale);
  EXPECT_EQ(cheap->sumOffset, plain->sumOffset);
}

TEST(FloatRequantizationTest, AnExceptionServesMostChannelsWithoutALine) {
  std::mt19937_64 random(12);
  int lines = 0, mended = 0;
  constexpr int kChannels = 400;
  for (int i = 0; i != kChannels; ++i) {
    double scale = std::exp2(-8 - double(random() % 4000) / 1000);
    ChannelRequantization channel =
        makeChannel(scale, Rounding::Double, -128, {-128, 127}, 1 << 20);
    bool hasLine = findFloatRequantization(channel, kBitsFloatForm).has_value();
    auto cheap = findFloatRequantization(channel, kMendedBitsFloatForm);
    lines += hasLine;
    if (hasLine || !cheap)
      continue;
    ++mended;
    for (int64_t acc = channel.accumulators.min;
         acc <= channel.accumulators.max; ++acc)
      ASSERT_EQ(computeBits(*cheap, channel, acc),
                requantizeChannel(channel, acc))
          << "accumulator " << acc << ", scale " << scale;
  }
  EXPECT_GT(2 * mended, kChannels - lines);
  EXPECT_GT(mended, 0);
}

TEST(FloatRequantizationTest, BitsHoldSumsBelowTwoToThe23Alone) {
  constexpr int32_t bound = 1 << 22;
  ChannelRequantization channel{
      {0, 31}, Rounding::Single, 5, {-128, 127}, {-bound, bound - 1}};
  FloatRequantization cheap{kBitsFloatForm, 0, 0x3p22 + 5, 0x3p22 + 5, bound};
  EXPECT_TRUE(isExact(cheap, channel));
  // Another sum at either end would be of another exponent.
  cheap.sumOffset = bound - 1;
  EXPECT_FALSE(isExact(cheap, channel));
  cheap.sumOffset = bound + 1;
  EXPECT_FALSE(isExact(cheap, channel));
  EXPECT_TRUE(findFloatRequantization(channel, kBitsFloatForm).has_value());
  ++channel.accumulators.max;
  EXPECT_FALSE(findFloatRequantization(channel, kBitsFloatForm).has_value());
}

TEST(FloatRequantizationTest, BitsHoldSumsAroundAnyBias) {
  // About 99 million times 2.3e-7 is 22.8.
  ChannelRequantization channel{{2073887053, 53},
                                Rounding::Double,
                                -128,
                                {-128, 127},
                                {99105456, 99198276}};
  auto cheap = findFloatRequantization(channel, kBitsFloatForm);
  ASSERT_TRUE(cheap.has_value());
  for (int32_t acc : {99105456, 99151776, 99198276})
    EXPECT_EQ(computeBits(*cheap, channel, acc), 23 - 128);
  // With a scale of 2^-20, which is searched for, 2^19 more is another half.
  channel.multiplier = {1 << 30, 50};
  channel.rounding = Rounding::Single;
  channel.accumulators = {99614720, 99614720 + (1 << 20)};
  cheap = findFloatRequantization(channel, kBitsFloatForm);
  ASSERT_TRUE(cheap.has_value());
  EXPECT_EQ(computeBits(*cheap, channel, 99614720), 95 - 128);
  EXPECT_EQ(computeBits(*cheap, channel, 99614720 + (1 << 19) - 1), 95 - 128);
  EXPECT_EQ(computeBits(*cheap, channel, 99614720 + (1 << 19)), 96 - 128);
}

TEST(FloatRequantizationTest, BitsHoldResultsOf16BitsAlone) {
  // Results up to 2^15 - 1 - 128 leave room for 128 more.
  ChannelRequantization channel{
      {1 << 30, 30}, Rounding::HalfEven, 0, {-128, 127}, {0, INT16_MAX - 128}};
  FloatRequantization cheap{kBitsFloatForm, 1, 0x3p22 - 0x1p23, 0x3p22 - 0x1p23,
                            0};
  EXPECT_TRUE(isExact(cheap, channel));
  ++channel.accumulators.max;
  EXPECT_FALSE(isExact(cheap, channel));
}

TEST(FloatRequantizationTest, AProvedFormIsEqualForEveryAccumulator) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> exponent(-14, -3), mantissa(1, 2);
  int found = 0, tried = 0;
  for (int i = 0; i != 60; ++i) {
    int32_t zeroPoint = i % 3 == 0 ? -128 : int32_t(random() % 256) - 128;
    StoredRange clamp =
        i % 5 == 0 ? StoredRange{zeroPoint, 127} : StoredRange{-128, 127};
    double scale = mantissa(random) * std::exp2(std::floor(exponent(random)));
    ChannelRequantization channel =
        makeChannel(scale, kRoundings[i % 3], zeroPoint, clamp, 1 << 18);
    std::vector<FloatForm> forms(std::begin(kFloatForms),
                                 std::end(kFloatForms));
    forms.insert(forms.end(), std::begin(kUnfusedFloatForms),
                 std::end(kUnfusedFloatForms));
    for (FloatForm form : forms) {
      ++tried;
      auto cheap = findFloatRequantization(channel, form);
      if (!cheap)
        continue;
      ++found;
      EXPECT_EQ(cheap->form, form);
      for (int32_t acc = -(1 << 18); acc <= 1 << 18; ++acc)
        ASSERT_EQ(compute(*cheap, channel, acc),
                  requantizeChannel(channel, acc))
            << "accumulator " << acc << ", scale " << scale << ", zero point "
            << zeroPoint;
    }
  }
  // Else there would be nothing to prove.
  EXPECT_GT(found, tried / 2);
}

TEST(FloatRequantizationTest, DoublePrecisionServesEveryRoundingOfARelu) {
  std::mt19937_64 random(8);
  for (int i = 0; i != 100; ++i) {
    double scale = std::exp2(-4 - double(random() % 1000) / 100);
    for (Rounding rounding : kRoundings) {
      ChannelRequantization channel =
          makeChannel(scale, rounding, -128, {-128, 127}, 1 << 20);
      EXPECT_TRUE(findFloatRequantization(channel, {false, true}).has_value())
          << scale;
    }
  }
}

TEST(FloatRequantizationTest, FindsWhereAFormStepsElsewhere) {
  ChannelRequantization channel =
      makeChannel(0x1p-6, Rounding::Single, 0, {-128, 127}, 1 << 14);
  // Ties are at accumulators of 32 modulo 64. They go up; to even, half of them
  // would go down.
  EXPECT_FALSE(isExact({{}, 0x1p-6, 0, 0}, channel));
  EXPECT_TRUE(isExact({{}, 0x1p-6, 0x1p-8, 0x1p-8}, channel));
  EXPECT_TRUE(isExact({{}, 0x1p-6, 0x1p-7, 0x1p-7}, channel));
  EXPECT_FALSE(isExact({{}, 0x1p-6, 0x1p-6, 0x1p-6}, channel));
  EXPECT_FALSE(
      isExact({{}, 0x1p-6, 0x1p-6 + 0x1p-9, 0x1p-6 + 0x1p-9}, channel));
  EXPECT_FALSE(isExact({{}, -0x1p-6, 0x1p-8, 0x1p-8}, channel));
  // With ties to even it is the other way round.
  channel.rounding = Rounding::HalfEven;
  EXPECT_TRUE(isExact({{}, 0x1p-6, 0, 0}, channel));
  EXPECT_FALSE(isExact({{}, 0x1p-6, 0x1p-8, 0x1p-8}, channel));
}

TEST(FloatRequantizationTest, ProductsAreRoundedWhereThereAreNoMultiplyAdds) {
  // 3 times 1 + 2^-23 is no f32; halfway, it rounds up to 3 + 2^-21. Less that
  // and 1.5 there is a tie, which goes up to 2; without rounding it is below.
  ChannelRequantization channel{
      {1 << 30, 30}, Rounding::Single, 0, {-128, 127}, {-100, 100}};
  double offset = -1.5 - 0x1p-21;
  FloatRequantization cheap{{}, 1 + 0x1p-23, offset, offset};
  EXPECT_EQ(evaluate(cheap, channel, 3), 1);
  cheap.form.isFused = false;
  EXPECT_EQ(evaluate(cheap, channel, 3), 2);
  // f64 holds the product.
  cheap.form.isDouble = true;
  EXPECT_EQ(evaluate(cheap, channel, 3), 1);
}

TEST(FloatRequantizationTest, TheSignDecidesTiesOfRoundingDouble) {
  // M = 2^-6. The first rounding halves, ties up; the second goes away from
  // zero: 31 becomes 16, then 1; -31 becomes -15, then 0; -32 becomes -1.
  ChannelRequantization channel{
      {1 << 30, 36}, Rounding::Double, 3, {-128, 127}, {-(1 << 14), 1 << 14}};
  EXPECT_EQ(requantizeChannel(channel, 31), 4);
  EXPECT_EQ(requantizeChannel(channel, 30), 3);
  EXPECT_EQ(requantizeChannel(channel, -31), 3);
  EXPECT_EQ(requantizeChannel(channel, -32), 2);
  FloatForm split{true, false};
  EXPECT_TRUE(isExact({split, 0x1p-6, 3 + 0x3p-7, 3 - 0x1p-7}, channel));
  EXPECT_FALSE(isExact({split, 0x1p-6, 3 + 0x3p-7, 3}, channel));
  EXPECT_FALSE(isExact({split, 0x1p-6, 3, 3 - 0x1p-7}, channel));
  EXPECT_FALSE(findFloatRequantization(channel, {}).has_value());
  EXPECT_TRUE(findFloatRequantization(channel, split).has_value());
}

TEST(FloatRequantizationTest, RefusesWhatLeavesTheConversion) {
  // 2^31 - 1 times 2^20 is no i32: the conversion would give the lowest.
  ChannelRequantization channel{
      {1 << 30, 10}, Rounding::Single, 0, {-128, 127}, {-2000, 2000}};
  EXPECT_FALSE(findFloatRequantization(channel, {}).has_value());
  channel.accumulators = {-1, 1};
  EXPECT_TRUE(findFloatRequantization(channel, {}).has_value());
}

TEST(FloatRequantizationTest, AChannelThatIsAlwaysZeroHasAForm) {
  ChannelRequantization channel{
      {0, 31}, Rounding::Double, -7, {-128, 127}, {0, 0}};
  for (FloatForm form : kFloatForms) {
    auto cheap = findFloatRequantization(channel, form);
    ASSERT_TRUE(cheap.has_value());
    EXPECT_EQ(compute(*cheap, channel, 0), -7);
  }
  auto cheap = findFloatRequantization(channel, kBitsFloatForm);
  ASSERT_TRUE(cheap.has_value());
  EXPECT_EQ(computeBits(*cheap, channel, 0), -7);
}

} // namespace
