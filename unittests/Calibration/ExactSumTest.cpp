//===- ExactSumTest.cpp - Tests of exact sums -----------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "quantcc/Calibration/ExactSum.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <llvm/ADT/ArrayRef.h>
#include <random>
#include <vector>

using namespace quantcc;

namespace {

constexpr float kLargest = std::numeric_limits<float>::max();
constexpr float kLeast = std::numeric_limits<float>::denorm_min();

ExactSum sumOf(llvm::ArrayRef<float> values) {
  ExactSum sum;
  for (float value : values)
    sum.add(value);
  return sum;
}

TEST(ExactSum, PrintsAsOddIntegerTimesAPowerOfTwo) {
  EXPECT_EQ(sumOf({}).print(), "0x0p+0");
  EXPECT_EQ(sumOf({1.0f}).print(), "0x1p+0");
  EXPECT_EQ(sumOf({-0.75f}).print(), "-0x3p-2");
  EXPECT_EQ(sumOf({40.0f}).print(), "0x5p+3");
  EXPECT_EQ(sumOf({kLeast}).print(), "0x1p-149");
  EXPECT_EQ(sumOf({-kLargest}).print(), "-0xffffffp+104");
  // (2^24 - 1) 2^104 + 2^-149, in units of the latter: 2^277 - 2^253 + 1.
  EXPECT_EQ(sumOf({kLargest, kLeast}).print(),
            "0x1fffffe" + std::string(62, '0') + "1p-149");
}

TEST(ExactSum, IsExactWhereFloatingPointIsNot) {
  EXPECT_EQ(sumOf({kLargest, 1.0f, -kLargest}), sumOf({1.0f}));
  EXPECT_EQ(sumOf({1.0f, kLeast, -1.0f}), sumOf({kLeast}));
  EXPECT_EQ(sumOf({-0.0f, 0.0f}), sumOf({}));
}

TEST(ExactSum, IsTheSameInAnyOrderAndGrouping) {
  std::mt19937 random(5);
  std::vector<float> values;
  while (values.size() < 500) {
    float value = std::ldexp(float(int(random() % 2001) - 1000),
                             int(random() % 200) - 120);
    values.push_back(value);
  }
  ExactSum expected = sumOf(values);
  for (int i = 0; i < 10; ++i) {
    std::shuffle(values.begin(), values.end(), random);
    llvm::ArrayRef<float> all(values);
    size_t cut = random() % values.size();
    ExactSum sum = sumOf(all.drop_front(cut));
    sum.merge(sumOf(all.take_front(cut)));
    EXPECT_EQ(sum, expected);
    EXPECT_EQ(sum.print(), expected.print());
  }
}

TEST(ExactSum, DividesToTheMean) {
  EXPECT_EQ(sumOf({1.0f, 2.0f}).divideBy(2), 1.5);
  EXPECT_EQ(sumOf({-1.0f, -2.0f, -3.0f, 2.0f}).divideBy(4), -1.0);
  EXPECT_EQ(sumOf({kLargest, kLargest}).divideBy(2), double(kLargest));
  EXPECT_EQ(sumOf({kLeast}).divideBy(1), double(kLeast));
  EXPECT_EQ(sumOf({kLargest, -kLeast}).divideBy(1), double(kLargest));
  std::vector<float> equal(100, 0.1f);
  EXPECT_EQ(sumOf(equal).divideBy(100), double(0.1f));
}

TEST(ExactSum, ParsesWhatItPrints) {
  for (float value : {0.0f, 1.0f, -0.75f, kLeast, -kLeast, kLargest, 0.1f}) {
    ExactSum sum = sumOf({value, value, value});
    std::optional<ExactSum> parsed = ExactSum::parse(sum.print());
    ASSERT_TRUE(parsed) << value;
    EXPECT_EQ(*parsed, sum);
  }
}

TEST(ExactSum, ParsesNothingElse) {
  for (const char *text : {"",
                           "0",
                           "1.5",
                           "0x",
                           "0x1",
                           "0xp+0",
                           "0x1p",
                           "0x1p0",
                           "1p+0",
                           "0x2p+0",
                           "0x1p-150",
                           "0x1p+500",
                           "0x1p+99999999999",
                           "-0x0p+0",
                           "0x0p+1",
                           "0xFp+0",
                           " 0x1p+0",
                           "0x1p+0 ",
                           "0x01p+0",
                           "0x1p+00",
                           "+0x1p+0",
                           "0x1p--1",
                           "0x1p+-1"})
    EXPECT_FALSE(ExactSum::parse(text)) << text;
  EXPECT_FALSE(ExactSum::parse("0x" + std::string(100, 'f') + "p+0"));
}

} // namespace
