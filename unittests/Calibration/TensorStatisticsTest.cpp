//===- TensorStatisticsTest.cpp - Tests of the statistics -----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "quantcc/Calibration/TensorStatistics.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

using namespace quantcc;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

std::string messageOf(llvm::Error error) {
  return error ? llvm::toString(std::move(error)) : "no error";
}

TensorStatistics statisticsOf(llvm::ArrayRef<std::vector<float>> samples) {
  TensorStatistics statistics;
  for (const std::vector<float> &sample : samples)
    llvm::cantFail(statistics.add("x", sample));
  return statistics;
}

TEST(TensorStatistics, OfTwoSamples) {
  TensorStatistics statistics =
      statisticsOf({{1.0f, 0.0f, 2.5f}, {-3.0f, -0.0f, -1.0f, 4.0f}});
  EXPECT_EQ(statistics.getNumSamples(), 2u);
  EXPECT_EQ(statistics.getNumValues(), 7u);
  EXPECT_EQ(statistics.getNumZeros(), 2u);
  EXPECT_EQ(statistics.getRange(), (RealRange{-3.0f, 4.0f}));
  EXPECT_EQ(statistics.getSumOfMinima().print(), "-0x3p+0");
  EXPECT_EQ(statistics.getSumOfMaxima().print(), "0xdp-1");
  EXPECT_EQ(statistics.getHistogram().getTotal(), 5u);
}

TEST(TensorStatistics, NegativeZeroIsZero) {
  RealRange range = statisticsOf({{-0.0f}}).getRange();
  EXPECT_FALSE(std::signbit(range.min));
  EXPECT_FALSE(std::signbit(range.max));
  EXPECT_EQ(statisticsOf({{-0.0f}}), statisticsOf({{0.0f}}));
}

TEST(TensorStatistics, MergeEqualsOneRun) {
  std::vector<std::vector<float>> samples = {
      {1e-20f, 3.0f}, {-1e20f}, {0.0f, 0.0f, 5.0f}};
  TensorStatistics all = statisticsOf(samples);
  TensorStatistics merged;
  for (int i : {2, 0, 1})
    merged.merge(statisticsOf(samples[i]));
  EXPECT_EQ(merged, all);
  merged.merge(TensorStatistics());
  EXPECT_EQ(merged, all);
}

TEST(TensorStatistics, ValuesThatAreNotFiniteAreAnError) {
  TensorStatistics statistics = statisticsOf({{1.0f}});
  TensorStatistics before = statistics;
  EXPECT_EQ(
      messageOf(statistics.add("conv/out", {1.0f, kNaN, kInfinity})),
      "tensor 'conv/out': expected finite values, found NaN at element 1");
  EXPECT_EQ(messageOf(statistics.add("y", {-kNaN})),
            "tensor 'y': expected finite values, found NaN at element 0");
  EXPECT_EQ(messageOf(statistics.add("y", {0.0f, 0.0f, kInfinity})),
            "tensor 'y': expected finite values, found infinity at element 2");
  EXPECT_EQ(messageOf(statistics.add("y", {-kInfinity})),
            "tensor 'y': expected finite values, found -infinity at element 0");
  EXPECT_EQ(messageOf(statistics.add("y", {})),
            "tensor 'y': expected values, found none");
  EXPECT_EQ(statistics, before);
}

TensorStatistics::Parts partsOf(const TensorStatistics &statistics) {
  return {statistics.getNumSamples(),  statistics.getNumValues(),
          statistics.getNumZeros(),    statistics.getRange(),
          statistics.getSumOfMinima(), statistics.getSumOfMaxima(),
          statistics.getHistogram(),   statistics.getChannels()};
}

TEST(TensorStatistics, AreMadeOfTheirParts) {
  for (const TensorStatistics &statistics :
       {statisticsOf({{1.0f, 0.0f, 2.5f}, {-3.0f}}), statisticsOf({{0.0f}}),
        statisticsOf({{-0.001f, 0.0f}}), statisticsOf({{1e30f, 1e-30f}})}) {
    llvm::Expected<TensorStatistics> made =
        TensorStatistics::fromParts(partsOf(statistics));
    ASSERT_TRUE(!!made) << llvm::toString(made.takeError());
    EXPECT_EQ(*made, statistics);
  }
}

TEST(TensorStatistics, ChannelsAreMadeOfTheirParts) {
  TensorStatistics statistics;
  llvm::cantFail(statistics.add("x", {1.0f, 2.0f, 3.0f, -4.0f}, 2));
  EXPECT_EQ(statistics.getChannels().getNumChannels(), 2u);
  TensorStatistics twice = statistics;
  twice.merge(statistics);
  EXPECT_EQ(twice.getChannels().getSumsOfMeans()[1].print(), "-0x1p+1");
  llvm::Expected<TensorStatistics> made =
      TensorStatistics::fromParts(partsOf(twice));
  ASSERT_TRUE(!!made) << llvm::toString(made.takeError());
  EXPECT_EQ(*made, twice);
}

TEST(TensorStatistics, ChannelsThatContradictTheRestAreAnError) {
  auto messageFor = [](std::vector<float> minima, std::vector<float> maxima,
                       std::vector<float> means) -> std::string {
    TensorStatistics statistics;
    llvm::cantFail(statistics.add("x", {1.0f, 2.0f, 3.0f, -4.0f}));
    TensorStatistics::Parts parts = partsOf(statistics);
    std::vector<ExactSum> sums(means.size());
    for (size_t i = 0; i < means.size(); ++i)
      sums[i].add(means[i]);
    parts.channels = ChannelStatistics::of(minima, maxima, sums);
    llvm::Expected<TensorStatistics> made = TensorStatistics::fromParts(parts);
    return made ? "no error" : llvm::toString(made.takeError());
  };
  std::string prefix = "the statistics contradict each other: ";
  EXPECT_EQ(messageFor({1.0f, -4.0f}, {3.0f, 2.0f}, {2.0f, -1.0f}), "no error");
  EXPECT_EQ(messageFor({1.0f, -4.0f, 0.0f}, {3.0f, 2.0f, 0.0f}, {2, -1, 0}),
            prefix + "the values are not as many of each channel");
  EXPECT_EQ(messageFor({1.0f, -3.0f}, {3.0f, 2.0f}, {2.0f, -1.0f}),
            prefix + "the channels' extrema are not those of the tensor");
  EXPECT_EQ(messageFor({1.0f, -4.0f}, {2.5f, 2.0f}, {2.0f, -1.0f}),
            prefix + "the channels' extrema are not those of the tensor");
  EXPECT_EQ(messageFor({-4.0f, 2.0f}, {3.0f, 1.0f}, {2.0f, 1.0f}),
            prefix + "a channel's min and max are no range");
  EXPECT_EQ(messageFor({1.0f, -4.0f}, {3.0f, 2.0f}, {3.5f, -1.0f}),
            prefix + "a channel's mean is out of its range");
}

TEST(TensorStatistics, PartsThatContradictEachOtherAreAnError) {
  auto messageFor = [](auto change) -> std::string {
    TensorStatistics::Parts parts =
        partsOf(statisticsOf({{1.0f, 0.0f, 2.5f}, {-3.0f, 1.0f}}));
    change(parts);
    llvm::Expected<TensorStatistics> made = TensorStatistics::fromParts(parts);
    return made ? "no error" : llvm::toString(made.takeError());
  };
  using Parts = TensorStatistics::Parts;
  std::string prefix = "the statistics contradict each other: ";
  EXPECT_EQ(messageFor([](Parts &p) { p.numSamples = 0; }),
            prefix + "fewer values than samples, or none");
  EXPECT_EQ(messageFor([](Parts &p) { p.numSamples = 6; }),
            prefix + "fewer values than samples, or none");
  EXPECT_EQ(messageFor([](Parts &p) { p.range.max = kNaN; }),
            prefix + "min and max are no finite range");
  EXPECT_EQ(messageFor([](Parts &p) { p.range.max = -4.0f; }),
            prefix + "min and max are no finite range");
  EXPECT_EQ(messageFor([](Parts &p) { ++p.numValues; }),
            prefix + "the histogram does not count every value");
  EXPECT_EQ(messageFor([](Parts &p) { p.numZeros = 6; }),
            prefix + "the histogram does not count every value");
  EXPECT_EQ(messageFor([](Parts &p) { p.range.max = 2.0f; }),
            prefix + "min and max are not the ends of the histogram");
  EXPECT_EQ(messageFor([](Parts &p) { p.range.min = -4.0f; }),
            prefix + "min and max are not the ends of the histogram");
  EXPECT_EQ(messageFor([](Parts &p) { p.sumOfMaxima.add(100.0f); }),
            prefix + "a mean of the samples' extrema is out of range");
  EXPECT_EQ(messageFor([](Parts &p) {
              p = partsOf(statisticsOf({{1.0f, 1.0f}}));
              p.range.min = 0.0f;
            }),
            prefix + "the range ends at 0, but no value is 0");
}

} // namespace
