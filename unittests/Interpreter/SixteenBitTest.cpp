//===- SixteenBitTest.cpp - Tests of N23 to N25 ---------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Ops that only values of 16 bits have a rule for, and transpose_conv2d.
// Expected values are counted out by hand, or come from formulas in the test
// that share nothing with the rules' steps.
//
//===----------------------------------------------------------------------===//

#include "InterpretedFunction.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <llvm/Support/FormatVariadic.h>
#include <random>

using namespace quantcc;

namespace {

using Values = std::vector<int32_t>;

std::string leakyRelu(llvm::StringRef alpha, llvm::StringRef rounding) {
  return llvm::formatv(R"mlir(
    !x = !quant.uniform<i16:f32, 0.5:3>
    !y = !quant.uniform<i16:f32, 1.0:-2>
    func.func @f(%x: tensor<9x!x>) -> tensor<9x!y> {{
      %r = quantcc.leaky_relu %x {{alpha = {0} : f32,
        rounding = #quantcc.rounding<{1}>} : (tensor<9x!x>) -> tensor<9x!y>
      return %r : tensor<9x!y>
    })mlir",
                       alpha, rounding);
}

// Centred: 0, 1, 3, -1, -3, -6, -32771, 32764, -2.
const Values kInputs = {3, 4, 6, 2, 0, -3, -32768, 32767, 1};

TEST(LeakyRelu, EachSideHasItsMultiplier) {
  // v / 2 and, below zero, v / 8: ties go up, and, with double, first to the
  // multiple of 2^-31 and then away from zero.
  InterpretedFunction single(leakyRelu("0.25", "single"));
  EXPECT_EQ(single({kInputs}),
            (Values{-2, -1, 0, -2, -2, -3, -4098, 16380, -2}));
  InterpretedFunction twice(leakyRelu("0.25", "double"));
  EXPECT_EQ(twice({kInputs}),
            (Values{-2, -1, 0, -2, -2, -3, -4098, 16380, -2}));
}

TEST(LeakyRelu, NegativeAndZeroSlopes) {
  // -v / 2 below zero; 32771 / 2 = 16385.5 goes up.
  InterpretedFunction negative(leakyRelu("-1.0", "single"));
  EXPECT_EQ(negative({kInputs}),
            (Values{-2, -1, 0, -1, 0, 1, 16384, 16380, -1}));
  InterpretedFunction zero(leakyRelu("0.0", "double"));
  EXPECT_EQ(zero({kInputs}), (Values{-2, -1, 0, -2, -2, -2, -2, 16380, -2}));
}

TEST(Lookup, SixteenBitsAreInterpolated) {
  InterpretedFunction function(R"mlir(
    !x = !quant.uniform<i16:f32, 0.5>
    func.func @f(%x: tensor<10x!x>, %t: tensor<513xi16>) -> tensor<10x!x> {
      %r = quantcc.lookup %x, %t
        : (tensor<10x!x>, tensor<513xi16>) -> tensor<10x!x>
      return %r : tensor<10x!x>
    })mlir");
  Values table(513, 0);
  table[0] = -32768;
  table[1] = 32767;
  table[256] = 100;
  table[257] = 99;
  table[511] = -5;
  table[512] = 1275;
  // 65535 * 127 / 128 - 32768 = 32255.00; 100 - r / 128 leaves 100 up to and
  // with r = 64; 1280 * 127 / 128 - 5 = 1265.
  EXPECT_EQ(
      function({{-32768, -32767, -32641, -32640, 0, 64, 65, 127, 32640, 32767},
                table}),
      (Values{-32768, -32256, 32255, 32767, 100, 100, 99, 99, -5, 1265}));
}

std::string softmax(unsigned rows, unsigned length, llvm::StringRef scale) {
  return llvm::formatv(R"mlir(
    !x = !quant.uniform<i16:f32, {2}>
    !y = !quant.uniform<i16:f32, 0.000030517578125>
    func.func @f(%x: tensor<{0}x{1}x!x>) -> tensor<{0}x{1}x!y> {{
      %r = quantcc.softmax %x {{beta = 1.0 : f32}
        : (tensor<{0}x{1}x!x>) -> tensor<{0}x{1}x!y>
      return %r : tensor<{0}x{1}x!y>
    })mlir",
                       rows, length, scale);
}

TEST(Softmax, SixteenBitsAreCloseToRealSoftmax) {
  // Interpolated in 512 steps, exp is off by 10^2 / 512^2 / 8 at most, relative
  // to itself: 1.6 units of 2^-15. Rounding adds another few.
  constexpr unsigned rows = 20, length = 7;
  for (auto [text, scale] : {std::pair("0.000244140625", 1.0 / 4096),
                             std::pair("0.000030517578125", 1.0 / 32768)}) {
    InterpretedFunction function(softmax(rows, length, text));
    std::mt19937 generator(5);
    Values inputs;
    for (unsigned i = 0; i < rows * length; ++i)
      inputs.push_back(static_cast<int32_t>(generator() % 65536) - 32768);
    std::fill(inputs.begin(), inputs.begin() + length, 32767);
    Values found = function({inputs});
    ASSERT_EQ(found.size(), inputs.size());
    for (unsigned row = 0; row < rows; ++row) {
      double sum = 0.0;
      for (unsigned c = 0; c < length; ++c)
        sum += std::exp(scale * inputs[row * length + c]);
      for (unsigned c = 0; c < length; ++c) {
        double share = std::exp(scale * inputs[row * length + c]) / sum;
        EXPECT_NEAR(found[row * length + c], share * 32768, 8.0);
      }
    }
  }
}

TEST(Softmax, OneSixteenBitValueIsNearlyOne) {
  InterpretedFunction function(softmax(1, 1, "0.5"));
  Values found = function({{-32768}});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_GE(found[0], 32760);
}

TEST(Softmax, SixteenBitScaleIsLimited) {
  // A left shift of 16 takes differences of up to 65535 beyond 2^31.
  EXPECT_TRUE(InterpretedFunction(softmax(1, 2, "4.0")).isValid());
  InterpretedFunction function(softmax(1, 2, "8.0"));
  EXPECT_FALSE(function.isValid());
  EXPECT_NE(function.messages().find("(N25)"), std::string::npos)
      << function.messages();
}

TEST(Softmax, EightBitsGiveSixteen) {
  InterpretedFunction function(R"mlir(
    !x = !quant.uniform<i8:f32, 0.0625>
    !y = !quant.uniform<i16:f32, 0.0000152587890625:-32768>
    func.func @f(%x: tensor<1x4x!x>) -> tensor<1x4x!y> {
      %r = quantcc.softmax %x {beta = 1.0 : f32}
        : (tensor<1x4x!x>) -> tensor<1x4x!y>
      return %r : tensor<1x4x!y>
    })mlir");
  Values inputs = {-128, 16, 0, 3}, found = function({inputs});
  double sum = 0.0;
  for (int32_t x : inputs)
    sum += std::exp(x / 16.0);
  ASSERT_EQ(found.size(), 4u);
  for (unsigned c = 0; c < 4; ++c)
    EXPECT_NEAR(found[c], std::exp(inputs[c] / 16.0) / sum * 65536 - 32768,
                1.0);
}

TEST(TransposeConv2D, EachPositionAddsAWindow) {
  // Rows of the input move 2 apart, columns 3; the border at the top and left
  // is cut off, positions that no window reaches hold the bias.
  InterpretedFunction function(R"mlir(
    !x = !quant.uniform<i8:f32, 1.0:1>
    !w = !quant.uniform<i8:f32, 1.0>
    func.func @f(%x: tensor<1x2x2x1x!x>, %w: tensor<1x2x2x1x!w>)
        -> tensor<1x4x5x1x!x> {
      %b = arith.constant dense<5> : tensor<1xi32>
      %r = quantcc.transpose_conv2d %x, %w, %b {strides = array<i64: 2, 3>,
        padding = array<i64: 1, -1, 0, 0>, rounding = #quantcc.rounding<double>}
        : (tensor<1x2x2x1x!x>, tensor<1x2x2x1x!w>, tensor<1xi32>)
        -> tensor<1x4x5x1x!x>
      return %r : tensor<1x4x5x1x!x>
    })mlir");
  // Centred input (1, 2 / 3, 4), weights (1, 10 / 20, 50), bias 5.
  EXPECT_EQ(function({{2, 3, 4, 5}, {1, 10, 20, 50}}),
            (Values{26, 56,  6, 46, 106, //
                    9,  36,  6, 10, 46,  //
                    66, 127, 6, 86, 127, //
                    6,  6,   6, 6,  6}));
}

} // namespace
