//===- RangeEstimatorTest.cpp - Tests of the estimators -------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "quantcc/Calibration/RangeEstimator.h"

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

using namespace quantcc;

namespace {

TensorStatistics statisticsOf(llvm::ArrayRef<std::vector<float>> samples) {
  TensorStatistics statistics;
  for (const std::vector<float> &sample : samples)
    llvm::cantFail(statistics.add("x", sample));
  return statistics;
}

RealRange estimate(const TensorStatistics &statistics, llvm::StringRef name,
                   bool symmetric = false) {
  return estimateRange(statistics, llvm::cantFail(RangeEstimator::parse(name)),
                       {8, symmetric});
}

const char *const kAll[] = {"default",    "min-max",         "averaged-min-max",
                            "percentile", "percentile:99.9", "entropy",
                            "mse"};

TEST(RangeEstimator, NamesAreParsed) {
  for (const char *name : kAll)
    EXPECT_TRUE(!!RangeEstimator::parse(name)) << name;
  EXPECT_EQ(*RangeEstimator::parse("default"), RangeEstimator());
  EXPECT_EQ(RangeEstimator::parse("percentile:99.5")->percentile, 99.5);
  auto messageOf = [](llvm::StringRef text) {
    return llvm::toString(RangeEstimator::parse(text).takeError());
  };
  EXPECT_EQ(messageOf("max"),
            "unknown estimator 'max'; expected one of default, min-max, "
            "averaged-min-max, percentile[:P], entropy, mse");
  for (const char *text : {"", "0", "-1", "100.1", "nan", "x"})
    EXPECT_EQ(messageOf(std::string("percentile:") + text),
              std::string("expected a percentage in (0, 100], found '") + text +
                  "'");
}

TEST(RangeEstimator, MinMaxIsTheObservedRange) {
  TensorStatistics statistics = statisticsOf({{1.0f, 2.0f}, {-7.0f}});
  EXPECT_EQ(estimate(statistics, "min-max"), (RealRange{-7.0f, 2.0f}));
  // Of so few values the default clips none.
  EXPECT_EQ(estimate(statistics, "default"), (RealRange{-7.0f, 2.0f}));
}

TEST(RangeEstimator, DefaultClipsOneValueInHundredThousand) {
  // 400,000 values: 2 may be clipped on each side.
  std::vector<float> values(400000);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = 0.5f + static_cast<float>(i % 1000) / 2000.0f;
  values[7] = values[70000] = 90.0f;
  RealRange clipped = estimate(statisticsOf({values}), "default");
  EXPECT_LT(clipped.max, 2.0f);
  EXPECT_GE(clipped.max, 0.9995f);
  // A third value of that size is no longer rare enough.
  values[900] = 90.0f;
  EXPECT_GE(estimate(statisticsOf({values}), "default").max, 89.0f);
}

TEST(RangeEstimator, AveragedMinMaxIsTheMeanOfTheExtrema) {
  TensorStatistics statistics = statisticsOf({{0.0f, 1.0f}, {-2.0f, 3.0f}});
  EXPECT_EQ(estimate(statistics, "averaged-min-max"), (RealRange{-1.0f, 2.0f}));
}

/// 1, 2, ..., 1000: bins of width 1/2.
TensorStatistics oneToThousand(bool withZeros = false) {
  std::vector<float> values;
  for (int i = 1; i <= 1000; ++i)
    values.push_back(i);
  if (withZeros)
    values.resize(100000, 0.0f);
  return statisticsOf(values);
}

TEST(RangeEstimator, PercentileClipsHalfOfTheRestOnEachSide) {
  // 1 % of 1000 is 5 on each side: up to 995 stay.
  EXPECT_EQ(estimate(oneToThousand(), "percentile:99"),
            (RealRange{0.0f, 995.5f}));
  // All 10 of the largest magnitude.
  EXPECT_EQ(estimate(oneToThousand(), "percentile:99", /*symmetric=*/true),
            (RealRange{0.0f, 990.5f}));
  EXPECT_EQ(estimate(oneToThousand(), "percentile:100"),
            (RealRange{0.0f, 1000.0f}));
  EXPECT_EQ(estimate(oneToThousand(), "percentile:99.9"),
            (RealRange{0.0f, 1000.0f}));
}

TEST(RangeEstimator, PercentileOfBothSigns) {
  // 1 % of 1999 is 9 on each side: -491 and 1490 stay, each with its bin of
  // width 1, which reaches outwards.
  std::vector<float> values;
  for (int i = -500; i < 1500; ++i)
    values.push_back(i);
  EXPECT_EQ(estimate(statisticsOf(values), "percentile:99"),
            (RealRange{-492.0f, 1491.0f}));
}

TEST(RangeEstimator, PercentileDoesNotCountZeros) {
  EXPECT_EQ(estimate(oneToThousand(/*withZeros=*/true), "percentile:99"),
            (RealRange{0.0f, 995.5f}));
}

TEST(RangeEstimator, MeanSquaredErrorOfUniformValuesAndOneOutlier) {
  // A million values up to 1 and one at 100. Clipping it to t costs
  // (100 - t)^2, rounding the others 10^6 (t / 255)^2 / 12: the sum is least at
  // t = 100 / (1 + 10^6 / (12 * 255^2)) = 43.83; with 127 steps at 16.22.
  std::vector<float> values;
  for (int i = 0; i < 1000000; ++i)
    values.push_back((i + 0.5f) * 1e-6f);
  values.push_back(100.0f);
  TensorStatistics statistics = statisticsOf(values);
  RealRange range = estimate(statistics, "mse");
  EXPECT_EQ(range.min, 0.0f);
  EXPECT_NEAR(range.max, 43.83, 0.1);
  range = estimate(statistics, "mse", /*symmetric=*/true);
  EXPECT_NEAR(range.max, 16.22, 0.1);
  for (float &value : values)
    value = -value;
  range = estimate(statisticsOf(values), "mse");
  EXPECT_NEAR(range.min, -43.83, 0.1);
  EXPECT_EQ(range.max, 0.0f);
}

TEST(RangeEstimator, MeanSquaredErrorOfTwoOutliersOfDifferentSigns) {
  // By symmetry the range is [-t, t], the cost of each outlier (100 - t)^2 and
  // that of rounding 10^6 (2t / 255)^2 / 12: t = 100 / (1 + 2 * 10^6 / (12 *
  // 255^2)) = 28.07.
  std::vector<float> values;
  for (int i = 0; i < 500000; ++i) {
    values.push_back((i + 0.5f) * 2e-6f);
    values.push_back(-values.back());
  }
  values.push_back(100.0f);
  values.push_back(-100.0f);
  RealRange range = estimate(statisticsOf(values), "mse");
  EXPECT_NEAR(range.min, -28.07, 0.1);
  EXPECT_NEAR(range.max, 28.07, 0.1);
}

TEST(RangeEstimator, EntropyKeepsAUniformDistributionWhole) {
  std::vector<float> values;
  for (int i = 0; i < 2048; ++i)
    values.push_back(i + 0.5f);
  // Quantizing equal counts changes nothing; clipping any would.
  EXPECT_EQ(estimate(statisticsOf(values), "entropy"),
            (RealRange{0.0f, 2047.5f}));
}

TEST(RangeEstimator, EntropyClipsWhatLiesFarOutside) {
  // A triangle over 512 bins of width 1 and one value in the last bin. Over the
  // whole range 8 bins share a stored value, over 512 only 2; less would clip
  // the triangle.
  std::vector<float> values;
  for (int i = 0; i < 512; ++i)
    values.insert(values.end(), 1000 - i, i + 0.5f);
  values.push_back(2047.5f);
  EXPECT_EQ(estimate(statisticsOf(values), "entropy"),
            (RealRange{0.0f, 512.0f}));
  for (float &value : values)
    value = -value;
  EXPECT_EQ(estimate(statisticsOf(values), "entropy"),
            (RealRange{-512.0f, 0.0f}));
}

TEST(RangeEstimator, EveryEstimatorKeepsASingleValue) {
  for (float value : {5.0f, -5.0f, 1e-30f, -1e30f})
    for (const char *name : kAll)
      for (bool symmetric : {false, true}) {
        TensorStatistics statistics = statisticsOf({{value, value, 0.0f}});
        RealRange range = estimate(statistics, name, symmetric);
        // Up to a bin, between 2^-11 and 2^-10 of the largest magnitude.
        float slack = std::fabs(value) * 0x1p-10f;
        EXPECT_NEAR(range.min, std::min(value, 0.0f), slack) << name;
        EXPECT_NEAR(range.max, std::max(value, 0.0f), slack) << name;
      }
}

TEST(RangeEstimator, EveryEstimatorKeepsNothingButZeros) {
  for (const char *name : kAll)
    for (bool symmetric : {false, true})
      EXPECT_EQ(estimate(statisticsOf({{0.0f, -0.0f}}), name, symmetric),
                (RealRange{0.0f, 0.0f}));
}

} // namespace
