//===- ContractionTest.cpp - Tests of N9 ----------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Convolution and products. The expected values were computed with exact
// rational numbers from the rules' formulas.
//
//===----------------------------------------------------------------------===//

#include "InterpretedFunction.h"

#include <algorithm>
#include <cmath>
#include <llvm/Support/FormatVariadic.h>

using namespace quantcc;

namespace {

std::vector<int32_t> values(std::initializer_list<int32_t> list) {
  return list;
}

/// Strides, dilations, uneven padding, two groups, per-axis scales, a bias, a
/// clamp: the whole of the rule in one small case.
TEST(Conv2D, GroupedPaddedAndDilated) {
  InterpretedFunction function(R"mlir(
    !x = !quant.uniform<i8:f32, 0.05000000074505806:3>
    !w = !quant.uniform<i8:f32:0, {0.009999999776482582, 0.019999999552965164,
                                   0.003000000026077032, 0.007000000216066837}>
    !y = !quant.uniform<i8:f32, 0.30000001192092896:-5>
    func.func @f(%x: tensor<1x4x5x4x!x>, %w: tensor<4x2x3x2x!w>)
        -> tensor<1x2x4x4x!y> {
      %b = arith.constant dense<[1027, -3406, 2819, -8027]> : tensor<4xi32>
      %r = quantcc.conv2d %x, %w, %b {strides = array<i64: 2, 1>,
        padding = array<i64: 1, 0, 2, 1>, dilations = array<i64: 1, 2>,
        groups = 2 : i64, stored_clamp = array<i32: -20, 100>,
        rounding = #quantcc.rounding<double>}
        : (tensor<1x4x5x4x!x>, tensor<4x2x3x2x!w>, tensor<4xi32>)
        -> tensor<1x2x4x4x!y>
      return %r : tensor<1x2x4x4x!y>
    })mlir");
  EXPECT_EQ(
      function(
          {{47,   68,   -103, 118, -61, 83,   23,   -25,  -36,  57,   14,  -105,
            -56,  -39,  -18,  -86, 90,  8,    39,   102,  -60,  48,   -1,  7,
            44,   -128, -53,  -73, 122, -122, -109, 60,   -84,  63,   -59, -72,
            24,   55,   53,   -16, 123, 61,   64,   -94,  -72,  73,   78,  -90,
            -124, 110,  9,    -41, 99,  67,   -56,  -45,  48,   -127, 64,  16,
            -10,  31,   -35,  44,  -36, 124,  -57,  -105, -118, 105,  -93, 64,
            -67,  7,    23,   -36, 119, 96,   21,   -28},
           {36,   98,  -60, -4,  92, 98,   -108, 28,   -123, -108, -94, -4,
            -97,  58,  102, -54, 94, 82,   0,    32,   3,    -44,  51,  19,
            -106, -8,  -60, 76,  59, -80,  -111, -115, -34,  -20,  106, 10,
            -51,  -60, -17, 15,  -3, -107, -74,  125,  16,   -68,  -92, -79}}),
      values({-18, -20, -3,  -17, 5,   -20, -5,  -1,  -20, -3,  -1,
              7,   32,  -2,  -2,  -14, -15, -20, -9,  -9,  -20, 20,
              -7,  15,  -17, 85,  10,  -20, -20, -20, 1,   -20}));
}

TEST(Conv2D, DepthwiseWithMultiplier) {
  // Each of two input channels makes two output channels.
  InterpretedFunction function(R"mlir(
    !x = !quant.uniform<i8:f32, 1.0:1>
    !w = !quant.uniform<i8:f32, 1.0>
    func.func @f(%x: tensor<1x1x2x2x!x>, %w: tensor<4x1x2x1x!w>)
        -> tensor<1x1x1x4x!x> {
      %r = quantcc.conv2d %x, %w {strides = array<i64: 1, 1>,
        padding = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>,
        groups = 2 : i64, rounding = #quantcc.rounding<single>}
        : (tensor<1x1x2x2x!x>, tensor<4x1x2x1x!w>) -> tensor<1x1x1x4x!x>
      return %r : tensor<1x1x1x4x!x>
    })mlir");
  // Channel 0: (2-1)*1 + (4-1)*2; 1: 1*3 + 3*4; 2: (3-1)*5 + (5-1)*6; ...
  EXPECT_EQ(function({{2, 3, 4, 5}, {1, 2, 3, 4, 5, 6, 7, 8}}),
            values({8, 16, 35, 47}));
}

std::string linear(llvm::StringRef weightType) {
  return llvm::formatv(R"mlir(
    !x = !quant.uniform<i16:f32, 0.09545163810253143>
    !w = {0}
    !y = !quant.uniform<i8:f32, 0.5>
    func.func @f(%x: tensor<1x4x!x>) -> tensor<1x1x!y> {{
      %c = arith.constant dense<1> : tensor<1x4xi8>
      %w = quant.scast %c : tensor<1x4xi8> to tensor<1x4x!w>
      %r = quantcc.linear %x, %w {{rounding = #quantcc.rounding<double>}
        : (tensor<1x4x!x>, tensor<1x4x!w>) -> tensor<1x1x!y>
      return %r : tensor<1x1x!y>
    })mlir",
                       weightType);
}

// With these scales and the accumulator 108006, the quotient lies at a tie,
// and the two formulas of N3 differ.
TEST(Linear, PerTensorScalesAreMultipliedInF32) {
  InterpretedFunction function(
      linear("!quant.uniform<i8:f32, 0.0016732265939936042>"));
  EXPECT_EQ(function({{32767, 32767, 32767, 9705}}), values({34}));
}

TEST(Linear, PerAxisScalesAreMultipliedInF64) {
  InterpretedFunction function(
      linear("!quant.uniform<i8:f32:0, {0.0016732265939936042}>"));
  EXPECT_EQ(function({{32767, 32767, 32767, 9705}}), values({35}));
}

TEST(Linear, UnsignedWeightsHaveAZeroPoint) {
  InterpretedFunction function(R"mlir(
    !x = !quant.uniform<u8:f32, 1.0:128>
    !w = !quant.uniform<u8:f32, 0.5:100>
    func.func @f(%x: tensor<2x3x!x>, %w: tensor<2x3x!w>, %b: tensor<2xi32>)
        -> tensor<2x2x!x> {
      %r = quantcc.linear %x, %w, %b {rounding = #quantcc.rounding<single>}
        : (tensor<2x3x!x>, tensor<2x3x!w>, tensor<2xi32>) -> tensor<2x2x!x>
      return %r : tensor<2x2x!x>
    })mlir");
  // (1, 0, -2) and (0, 3, 1) times (1, 2, 3) and (-100, 0, 10), plus (1, 60).
  EXPECT_EQ(function({{129, 128, 126, 128, 131, 129},
                      {101, 102, 103, 0, 100, 110},
                      {1, 60}}),
            values({126, 98, 133, 163}));
}

std::string wideLinear(llvm::StringRef rounding) {
  return llvm::formatv(R"mlir(
    !x = !quant.uniform<i16:f32, 1.0>
    !w = !quant.uniform<i16:f32, 1.0>
    !y = !quant.uniform<i16:f32, 65536.0>
    func.func @f(%x: tensor<1x4x!x>, %w: tensor<1x4x!w>) -> tensor<1x1x!y> {{
      %r = quantcc.linear %x, %w {{rounding = #quantcc.rounding<{0}>}
        : (tensor<1x4x!x>, tensor<1x4x!w>) -> tensor<1x1x!y>
      return %r : tensor<1x1x!y>
    })mlir",
                       rounding);
}

TEST(Linear, WideAccumulatorIsExact) {
  for (const char *rounding : {"double", "single"}) {
    InterpretedFunction function(wideLinear(rounding));
    // 4 * 2^30 leaves i32, and saturates the result; in the second case
    // 2 * 2^30 - 2 * 32768 * 32767 = 65536 is left at the end.
    EXPECT_EQ(function({{-32768, -32768, -32768, -32768},
                        {-32768, -32768, -32768, -32768}}),
              values({32767}));
    EXPECT_EQ(function({{-32768, -32768, -32768, 32767},
                        {-32768, -32768, 32767, -32768}}),
              values({1}));
  }
}

/// N22 from its formula: floor((acc * m' + 2^(s' - 1)) / 2^s'), clamped to i16.
int32_t reduced(int64_t accumulator, double real) {
  int exponent;
  auto m = std::llround(std::frexp(real, &exponent) * 0x1p31);
  int64_t narrow = m < 0x7fff0000 ? (m + 0x8000) / 0x10000 : 0x7fff;
  __int128 unit = __int128(1) << (15 - exponent);
  __int128 twice = 2 * __int128(accumulator) * narrow + unit;
  __int128 quotient = twice / (2 * unit) - (twice % (2 * unit) < 0 ? 1 : 0);
  return static_cast<int32_t>(std::clamp<__int128>(quotient, -32768, 32767));
}

/// One output channel for each bias; every weight is -128, the result's scale
/// is 1.
std::string reducedLinear(llvm::StringRef inputScale,
                          llvm::ArrayRef<int64_t> biases) {
  std::string list;
  for (int64_t bias : biases)
    list += (list.empty() ? "" : ", ") + std::to_string(bias);
  return llvm::formatv(R"mlir(
    !x = !quant.uniform<i16:f32, {1}>
    !w = !quant.uniform<i8:f32, 1.0>
    !y = !quant.uniform<i16:f32, 1.0>
    func.func @f(%x: tensor<4x2x!x>) -> tensor<4x{0}x!y> {{
      %c = arith.constant dense<-128> : tensor<{0}x2xi8>
      %w = quant.scast %c : tensor<{0}x2xi8> to tensor<{0}x2x!w>
      %b = arith.constant dense<[{2}]> : tensor<{0}xi64>
      %r = quantcc.linear %x, %w, %b {{rounding = #quantcc.rounding<reduced>}
        : (tensor<4x2x!x>, tensor<{0}x2x!w>, tensor<{0}xi64>)
        -> tensor<4x{0}x!y>
      return %r : tensor<4x{0}x!y>
    })mlir",
                       biases.size(), inputScale, list);
}

TEST(Linear, ReducedMultiplierHasFifteenBits) {
  // The last scale but one rounds up to 16 bits, the last one saturates.
  const std::pair<const char *, float> scales[] = {
      {"0.0009583584615029395", 0.0009583584615029395f},
      {"0.25", 0.25f},
      {"9.999999717180685e-10", 9.999999717180685e-10f},
      {"0.9999847412109375", 0.9999847412109375f},
      {"0.9999999403953552", 0.9999999403953552f}};
  const std::vector<int64_t> biases = {
      0,         1,           -1,           2,
      -2,        8388608,     4294967296,   -4294967297,
      123456789, 34359738367, -34359738368, 140737479966000};
  const std::vector<int32_t> inputs = {-32768, -32768, 32767, 32767,
                                       1,      0,      -1,    0};
  for (auto [text, scale] : scales) {
    InterpretedFunction function(reducedLinear(text, biases));
    std::vector<int32_t> expected;
    for (size_t row = 0; row < 4; ++row)
      for (int64_t bias : biases)
        expected.push_back(
            reduced(bias - 128 * int64_t(inputs[2 * row] + inputs[2 * row + 1]),
                    scale));
    EXPECT_EQ(function({inputs}), expected) << text;
  }
}

TEST(Linear, ReducedRefusesAccumulatorsOf47Bits) {
  // 2^47 less the weights' part, and one less; weights of -128 reach a little
  // less far down than up.
  const int64_t least = (int64_t(1) << 47) - 2 * 128 * 32768;
  const int64_t lowest = -(int64_t(1) << 47) + 2 * 128 * 32767;
  EXPECT_TRUE(InterpretedFunction(reducedLinear("0.5", least - 1)).isValid());
  EXPECT_TRUE(InterpretedFunction(reducedLinear("0.5", lowest + 1)).isValid());
  for (int64_t bias : {least, lowest, INT64_MAX, INT64_MIN}) {
    InterpretedFunction function(reducedLinear("0.5", bias));
    EXPECT_FALSE(function.isValid());
    EXPECT_NE(function.messages().find("(N9)"), std::string::npos)
        << function.messages();
  }
}

TEST(Linear, ReducedRefusesLargeMultipliers) {
  EXPECT_TRUE(InterpretedFunction(reducedLinear("8191.0", {0})).isValid());
  InterpretedFunction function(reducedLinear("8192.0", {0}));
  EXPECT_FALSE(function.isValid());
  EXPECT_NE(function.messages().find("(N22)"), std::string::npos)
      << function.messages();
}

TEST(MatMul, TransposedAndRepeatedOperands) {
  InterpretedFunction function(R"mlir(
    !x = !quant.uniform<i8:f32, 1.0:1>
    !y = !quant.uniform<i8:f32, 1.0:-1>
    func.func @f(%a: tensor<2x3x2x!x>, %b: tensor<1x2x3x!y>)
        -> tensor<2x2x2x!y> {
      %r = quantcc.matmul %a, %b {transpose_lhs, transpose_rhs,
        rounding = #quantcc.rounding<half_even>}
        : (tensor<2x3x2x!x>, tensor<1x2x3x!y>) -> tensor<2x2x2x!y>
      return %r : tensor<2x2x2x!y>
    })mlir");
  // Centred: a[0] = [[1,2],[3,4],[5,6]] and a[1] = -a[0], both transposed;
  // b = [[1,0,2],[0,1,-1]], transposed.
  EXPECT_EQ(function({{2, 3, 4, 5, 6, 7, 0, -1, -2, -3, -4, -5},
                      {0, -1, 1, -1, 0, -2}}),
            values({10, -3, 13, -3, -12, 1, -15, 1}));
}

} // namespace
