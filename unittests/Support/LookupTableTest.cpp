//===- LookupTableTest.cpp - Tests of tables of 8-bit functions ---------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/LookupTable.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

using namespace quantcc;

namespace {

const StoredRange kI8{-128, 127};

TEST(LookupTable, IdentityBetweenEqualParameters) {
  auto table =
      buildTable([](double x) { return x; }, {0.1f, 3}, kI8, {0.1f, 3}, kI8);
  ASSERT_EQ(table.size(), 256u);
  for (int stored = -128; stored <= 127; ++stored)
    EXPECT_EQ(table[stored + 128], stored);
}

TEST(LookupTable, OutputIsRoundedAwayFromZeroAndSaturated) {
  // Output steps of 2: odd inputs are ties.
  auto table =
      buildTable([](double x) { return x; }, {1.0f, 0}, kI8, {2.0f, 100}, kI8);
  EXPECT_EQ(table[128 + 3], 102);
  EXPECT_EQ(table[128 - 3], 98);
  EXPECT_EQ(table[128 + 53], 127);
  EXPECT_EQ(table[128 + 55], 127);
  EXPECT_EQ(table[0], 36);
}

TEST(LookupTable, SigmoidAtItsFixedPoints) {
  // TFLite's fixed output: scale 1/256, zero point -128.
  auto table = buildTable([](double x) { return 1.0 / (1.0 + std::exp(-x)); },
                          {0.5f, 0}, kI8, {1.0f / 256.0f, -128}, kI8);
  EXPECT_EQ(table[128], 0);
  EXPECT_EQ(table[255], 127);
  EXPECT_EQ(table[0], -128);
  for (int i = 1; i <= 127; ++i)
    EXPECT_NEAR(table[128 + i] + table[128 - i], 0, 1);
}

TEST(LookupTable, EntryThatIsNotANumberIsTheZeroPoint) {
  auto table = buildTable(
      [](double x) { return std::numeric_limits<double>::quiet_NaN(); },
      {1.0f, 0}, {0, 255}, {1.0f, 7}, kI8);
  EXPECT_EQ(table[9], 7);
}

} // namespace
