//===- HistogramTest.cpp - Tests of the histogram -------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "quantcc/Calibration/Histogram.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <map>
#include <random>
#include <vector>

using namespace quantcc;

namespace {

/// The histogram by its definition: an exponent and the filled bins.
struct Reference {
  int exponent = -50;
  std::map<int, uint64_t> bins;

  explicit Reference(const std::vector<float> &values) {
    for (float value : values)
      while (std::fabs(double(value)) >= std::ldexp(2048.0, exponent))
        ++exponent;
    for (float value : values) {
      int bin =
          int(std::floor(std::ldexp(std::fabs(double(value)), -exponent)));
      if (value != 0.0f)
        ++bins[value > 0.0f ? bin : -1 - bin];
    }
  }
};

Histogram histogramOf(llvm::ArrayRef<float> values) {
  float magnitude = 0.0f;
  uint64_t positiveZeros = 0, negativeZeros = 0;
  for (float value : values) {
    magnitude = std::max(magnitude, std::fabs(value));
    if (value == 0.0f)
      ++(std::signbit(value) ? negativeZeros : positiveZeros);
  }
  Histogram histogram;
  histogram.add(values, magnitude, positiveZeros, negativeZeros);
  return histogram;
}

void expectEqual(const Histogram &histogram, const Reference &reference) {
  ASSERT_EQ(histogram.getExponent(), reference.exponent);
  uint64_t total = 0;
  for (int bin = -2048; bin < 2048; ++bin) {
    auto it = reference.bins.find(bin);
    uint64_t expected = it == reference.bins.end() ? 0 : it->second;
    ASSERT_EQ(histogram.getCount(bin), expected) << bin;
    total += expected;
  }
  EXPECT_EQ(histogram.getTotal(), total);
}

std::vector<float> makeValues(size_t count, unsigned seed, int spread) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(count);
  for (float &value : values)
    value = random() % 8 == 0 ? 0.0f
                              : std::ldexp(normal(random),
                                           int(random() % spread) - spread / 2);
  return values;
}

TEST(Histogram, CountsByItsDefinition) {
  for (size_t count : {1, 7, 1000, 40000})
    for (int spread : {1, 20, 250}) {
      std::vector<float> values = makeValues(count, count + spread, spread);
      expectEqual(histogramOf(values), Reference(values));
    }
}

TEST(Histogram, EdgesBelongToTheOuterBin) {
  std::vector<float> values = {2047.0f,         1.0f,    -1.0f, 0x1.fffffep-1f,
                               -0x1.fffffep-1f, -2047.0f};
  Histogram histogram = histogramOf(values);
  expectEqual(histogram, Reference(values));
  EXPECT_EQ(histogram.getExponent(), 0);
  EXPECT_EQ(histogram.getCount(1), 1u);
  EXPECT_EQ(histogram.getCount(0), 1u);
  EXPECT_EQ(histogram.getCount(-1), 1u);
  EXPECT_EQ(histogram.getCount(-2), 1u);
  EXPECT_EQ(histogram.getCount(-2048), 1u);
  EXPECT_EQ(histogram.getEdge(-2048), -2048.0);
}

TEST(Histogram, ExtremeValuesHaveBins) {
  constexpr float largest = std::numeric_limits<float>::max();
  constexpr float least = std::numeric_limits<float>::denorm_min();
  std::vector<float> values = {largest, -largest, least, -least};
  Histogram histogram = histogramOf(values);
  expectEqual(histogram, Reference(values));
  EXPECT_EQ(histogram.getExponent(), 117);
  EXPECT_EQ(histogram.getCount(2047), 1u);
  EXPECT_EQ(histogram.getCount(0), 1u);
  EXPECT_EQ(histogram.getCount(-1), 1u);
  EXPECT_EQ(histogramOf({least, -least}).getExponent(), -50);
}

TEST(Histogram, ZerosAreNotCounted) {
  Histogram histogram = histogramOf({0.0f, -0.0f, 3.0f});
  EXPECT_EQ(histogram.getTotal(), 1u);
  EXPECT_EQ(histogram.getCount(0), 0u);
  EXPECT_EQ(histogram.getCount(-1), 0u);
  EXPECT_EQ(histogramOf({0.0f}), Histogram());
}

TEST(Histogram, IsTheSameInAnyOrderAndGrouping) {
  std::vector<float> values = makeValues(3000, 1, 100);
  Histogram expected = histogramOf(values);
  std::mt19937 random(2);
  for (int i = 0; i < 20; ++i) {
    std::shuffle(values.begin(), values.end(), random);
    std::vector<Histogram> parts;
    for (llvm::ArrayRef<float> rest = values; !rest.empty();) {
      size_t count = std::min<size_t>(rest.size(), 1 + random() % 1000);
      parts.push_back(histogramOf(rest.take_front(count)));
      rest = rest.drop_front(count);
    }
    Histogram merged;
    for (const Histogram &part : parts)
      merged.merge(part);
    EXPECT_EQ(merged, expected);
  }
}

TEST(Histogram, IsMadeOfItsCounts) {
  Histogram histogram = Histogram::of(0, -2, {1, 0, 5});
  EXPECT_EQ(histogram.getExponent(), 0);
  EXPECT_EQ(histogram.getCount(-2), 1u);
  EXPECT_EQ(histogram.getCount(0), 5u);
  EXPECT_EQ(histogram.getTotal(), 6u);
}

} // namespace
