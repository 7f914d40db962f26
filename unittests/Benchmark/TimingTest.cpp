//===- TimingTest.cpp - Tests of timing -----------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Quartiles by hand, and that times of work come out in the right order.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Benchmark/Timing.h"

#include <gtest/gtest.h>

using namespace quantcc;

TEST(Quartiles, OfOneValueAreThatValue) {
  Quartiles quartiles = quartilesOf({3});
  EXPECT_EQ(quartiles.lower, 3);
  EXPECT_EQ(quartiles.median, 3);
  EXPECT_EQ(quartiles.upper, 3);
}

TEST(Quartiles, LieBetweenSortedNeighbours) {
  // Sorted: 1 2 4 8; positions 0.75, 1.5 and 2.25.
  Quartiles quartiles = quartilesOf({8, 1, 4, 2});
  EXPECT_DOUBLE_EQ(quartiles.lower, 1.75);
  EXPECT_DOUBLE_EQ(quartiles.median, 3);
  EXPECT_DOUBLE_EQ(quartiles.upper, 5);
}

TEST(Quartiles, OfRatiosAreTakenRoundByRound) {
  Timing slow{{10, 30, 20}}, fast{{5, 10, 20}};
  // 2, 3 and 1: the ratio of the medians would be 2 as well, that of the upper
  // quartiles 25 / 15.
  Quartiles ratios = ratioQuartiles(slow, fast);
  EXPECT_DOUBLE_EQ(ratios.lower, 1.5);
  EXPECT_DOUBLE_EQ(ratios.median, 2);
  EXPECT_DOUBLE_EQ(ratios.upper, 2.5);
}

TEST(Timing, TakesOneSampleARoundOfEachAndLongerForMore) {
  volatile unsigned sink = 0;
  auto work = [&sink](unsigned steps) {
    for (unsigned i = 0; i != steps; ++i)
      sink = sink + i;
  };
  unsigned calls = 0;
  TimingOptions options;
  options.rounds = 7;
  options.sampleMicroseconds = 50;
  options.warmUpMicroseconds = 100;
  std::vector<Timing> timings = timeInterleaved({[&] { work(100); },
                                                 [&] {
                                                   ++calls;
                                                   work(10000);
                                                 }},
                                                options);
  ASSERT_EQ(timings.size(), 2u);
  EXPECT_EQ(timings[0].microseconds.size(), 7u);
  EXPECT_EQ(timings[1].microseconds.size(), 7u);
  EXPECT_GE(calls, 7u * 2);
  EXPECT_GT(timings[0].quartiles().median, 0);
  // A hundred times the work; a tenth of that is beyond any disturbance.
  EXPECT_GT(timings[1].quartiles().median, 10 * timings[0].quartiles().median);
}
