//===- ChannelStatisticsTest.cpp ------------------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "quantcc/Calibration/ChannelStatistics.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace quantcc;

namespace {

std::vector<std::string> print(llvm::ArrayRef<ExactSum> sums) {
  std::vector<std::string> texts;
  for (const ExactSum &sum : sums)
    texts.push_back(sum.print());
  return texts;
}

// Channels 0 and 1 of two samples: (1, -2), (3, 4), (5, 1) and (-1, 8).
TEST(ChannelStatistics, OfTwoSamples) {
  ChannelStatistics statistics;
  EXPECT_EQ(statistics.getNumChannels(), 0u);
  statistics.add({1.0f, -2.0f, 3.0f, 4.0f, 5.0f, 1.0f}, 2);
  statistics.add({-1.0f, 8.0f}, 2);
  EXPECT_EQ(statistics.getNumChannels(), 2u);
  EXPECT_EQ(statistics.getMinima(), llvm::ArrayRef<float>({-1.0f, -2.0f}));
  EXPECT_EQ(statistics.getMaxima(), llvm::ArrayRef<float>({5.0f, 8.0f}));
  // Means 3 and -1; 1 and 8.
  EXPECT_EQ(print(statistics.getSumsOfMeans()),
            (std::vector<std::string>{"0x1p+1", "0x9p+0"}));
}

TEST(ChannelStatistics, MeanIsSummedInF64AndRoundedToF32) {
  ChannelStatistics statistics;
  // 2^24 + 1 is no f32; the sum is exact in f64, and so is the mean, 2^23 +
  // 1/2.
  statistics.add({0x1p24f, 1.0f}, 1);
  // The f64 sum of 1 and 2^-53 twice is 1 in this order, 2^-52 more in the
  // other one; a third of it is rounded to f32.
  statistics.add({1.0f, 0x1p-53f, 0x1p-53f}, 1);
  ExactSum expected;
  expected.add(0x1p23f + 0.5f);
  expected.add(static_cast<float>(1.0 / 3.0));
  EXPECT_EQ(statistics.getSumsOfMeans().front(), expected);
}

TEST(ChannelStatistics, NegativeZeroIsZero) {
  for (std::vector<float> values :
       {std::vector<float>{-0.0f, 0.0f}, std::vector<float>{0.0f, -0.0f},
        std::vector<float>{-0.0f, -0.0f}}) {
    ChannelStatistics statistics;
    statistics.add(values, 1);
    EXPECT_FALSE(std::signbit(statistics.getMinima().front()));
    EXPECT_FALSE(std::signbit(statistics.getMaxima().front()));
  }
}

TEST(ChannelStatistics, MergeEqualsOneRun) {
  std::mt19937 random(11);
  std::normal_distribution<float> normal;
  std::vector<std::vector<float>> samples(24);
  for (std::vector<float> &sample : samples) {
    sample.resize(3 * 17);
    for (float &value : sample)
      value = std::exp(6.0f * normal(random)) * normal(random);
  }
  ChannelStatistics all;
  for (const std::vector<float> &sample : samples)
    all.add(sample, 3);
  for (int round = 0; round < 5; ++round) {
    std::shuffle(samples.begin(), samples.end(), random);
    std::vector<ChannelStatistics> shards(4);
    for (const std::vector<float> &sample : samples)
      shards[random() % shards.size()].add(sample, 3);
    ChannelStatistics merged;
    for (const ChannelStatistics &shard : shards)
      merged.merge(shard);
    EXPECT_EQ(merged, all);
  }
  all.merge(ChannelStatistics());
  EXPECT_EQ(all.getNumChannels(), 3u);
}

} // namespace
