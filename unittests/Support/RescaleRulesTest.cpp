//===- RescaleRulesTest.cpp - Tests of the multipliers of operators -----===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/RescaleRules.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <llvm/Support/Error.h>

using namespace quantcc;

namespace {

// Scales of full mantissas, so that each rounding of a product shows.
constexpr float kA = 0x1.fffffep-3f; // (2^24 - 1) * 2^-26
constexpr float kB = 0x1.fffffcp-4f; // (2^23 - 1) * 2^-26
constexpr float kC = 0x1p-2f;

TEST(RescaleRules, ConvolutionAndMulRoundNoProduct) {
  // (2^24 - 1)(2^23 - 1) = 2^47 - 2^24 - 2^23 + 1 has 47 bits: exact in f64.
  double product = std::ldexp(0x1p47 - 0x1p24 - 0x1p23 + 1.0, -52);
  EXPECT_EQ(convolutionMultiplier(kA, kB, kC), product * 4.0);
  EXPECT_EQ(mulMultiplier(kA, kB, kC), product * 4.0);
}

TEST(RescaleRules, LinearRoundsTheProductToSingle) {
  // Units of the 24-bit result are 2^23: 2^47 - 3 * 2^23 + 1 rounds down.
  double product = std::ldexp(0x1p47 - 3.0 * 0x1p23, -52);
  EXPECT_EQ(linearMultiplier(kA, kB, kC), product * 4.0);
  EXPECT_NE(linearMultiplier(kA, kB, kC), convolutionMultiplier(kA, kB, kC));
}

TEST(RescaleRules, LeakyReluRoundsTheQuotientToSingle) {
  // 1/3 to 24 bits is 11184811 * 2^-25, to 53 bits it is not.
  EXPECT_EQ(reluIdentityMultiplier(1.0f, 3.0f), 11184811.0 * 0x1p-25);
  EXPECT_EQ(leakyReluMultiplier(0.5f, 2.0f, 3.0f), 11184811.0 * 0x1p-25);
  EXPECT_NE(rescaleMultiplier(1.0f, 3.0f), 11184811.0 * 0x1p-25);
  EXPECT_NE(mulMultiplier(1.0f, 1.0f, 3.0f), 11184811.0 * 0x1p-25);
  EXPECT_EQ(onnxMultiplier(1.0f, 1.0f, 3.0f), 11184811.0f * 0x1p-25f);
}

TEST(RescaleRules, AddScalesBothSidesByTheLarger) {
  llvm::Expected<AddMultipliers> add = addMultipliers(0.5f, 0.125f, 0.25f);
  ASSERT_TRUE(!!add) << llvm::toString(add.takeError());
  EXPECT_EQ(add->leftShift, 20);
  EXPECT_EQ(add->lhs, (FixedPointMultiplier{1 << 30, 31})); // 1/2
  EXPECT_EQ(add->rhs, (FixedPointMultiplier{1 << 30, 33})); // 1/8
  // 1 / (2^20 / 4) = 2^-18.
  EXPECT_EQ(add->output, (FixedPointMultiplier{1 << 30, 48}));
}

TEST(RescaleRules, AddOfUnusableScalesIsAnError) {
  llvm::Expected<AddMultipliers> add =
      addMultipliers(0.5f, 0.5f, std::numeric_limits<float>::infinity());
  ASSERT_FALSE(!!add);
  EXPECT_EQ(llvm::toString(add.takeError()),
            "expected a finite multiplier above 0, found 0");
}

TEST(RescaleRules, SoftmaxScalingIsInQ5) {
  // 2^-4 * 2^26 = 2^22 = 0.5 * 2^23: 31 * 2^26 / 2^23 = 248.
  llvm::Expected<SoftmaxScaling> scaling = softmaxScaling(0.0625f, 1.0f);
  ASSERT_TRUE(!!scaling) << llvm::toString(scaling.takeError());
  EXPECT_EQ(scaling->multiplier, 1 << 30);
  EXPECT_EQ(scaling->leftShift, 23);
  EXPECT_EQ(scaling->minDifference, -248);
}

TEST(RescaleRules, SoftmaxScalingIsCapped) {
  llvm::Expected<SoftmaxScaling> scaling = softmaxScaling(1000.0f, 1.0f);
  ASSERT_TRUE(!!scaling) << llvm::toString(scaling.takeError());
  EXPECT_EQ(scaling->multiplier, std::numeric_limits<int32_t>::max());
  EXPECT_EQ(scaling->leftShift, 31);
  EXPECT_EQ(scaling->minDifference, 0);
}

TEST(RescaleRules, SoftmaxOfTooSmallScaleIsAnError) {
  llvm::Expected<SoftmaxScaling> scaling = softmaxScaling(0x1p-26f, 1.0f);
  ASSERT_FALSE(!!scaling);
  EXPECT_EQ(llvm::toString(scaling.takeError()),
            "expected a softmax input scale above 2^-26 / beta, found scale "
            "1.49012e-08, beta 1");
}

TEST(RescaleRules, WeightScaleLeavesRoomForTheBias) {
  EXPECT_EQ(weightScaleForBias(0.01f, 0.5f, 3.0f), 0.01f);
  float scale = weightScaleForBias(0x1p-40f, 0.5f, -3.0f);
  EXPECT_LE(3.0 / (double(scale) * 0.5), 0x1p30);
  EXPECT_GT(3.0 / (double(std::nextafter(scale, 0.0f)) * 0.5), 0x1p30);
  EXPECT_EQ(weightScaleForBias(0x1p-40f, 0.5f, 0.0f), 0x1p-40f);
}

} // namespace
