//===- PoolingTest.cpp - Tests of N10 to N12 ------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pools, mean and softmax. The expected values were computed with exact
// rational numbers from the rules' formulas.
//
//===----------------------------------------------------------------------===//

#include "InterpretedFunction.h"

#include <llvm/Support/FormatVariadic.h>

using namespace quantcc;

namespace {

std::string pool(llvm::StringRef name, llvm::StringRef attributes,
                 llvm::StringRef shapes) {
  auto [input, output] = shapes.split(' ');
  return llvm::formatv(R"mlir(
    !x = !quant.uniform<i8:f32, 0.5:9>
    func.func @f(%x: tensor<{2}x!x>) -> tensor<{3}x!x> {{
      %r = quantcc.{0} %x {{{1}} : (tensor<{2}x!x>) -> tensor<{3}x!x>
      return %r : tensor<{3}x!x>
    })mlir",
                       name, attributes, input, output);
}

constexpr const char *kPadded =
    "kernel = array<i64: 2, 2>, strides = array<i64: 1, 1>, "
    "padding = array<i64: 1, 0, 0, 1>";

TEST(AvgPool2D, TiesGoAwayFromZero) {
  InterpretedFunction function(
      pool("avg_pool2d",
           "kernel = array<i64: 1, 2>, strides = array<i64: 1, 2>, "
           "padding = array<i64: 0, 0, 0, 0>",
           "1x1x8x1 1x1x4x1"));
  EXPECT_EQ(function({{1, 2, -1, -2, 127, 126, -128, -127}}),
            (std::vector<int32_t>{2, -2, 127, -128}));
}

TEST(AvgPool2D, PaddingIsLeftOut) {
  InterpretedFunction function(pool("avg_pool2d", kPadded, "1x2x2x1 1x2x2x1"));
  // Windows {10,20} {20} / {10,20,31,40} {20,40}.
  EXPECT_EQ(function({{10, 20, 31, 40}}),
            (std::vector<int32_t>{15, 20, 25, 30}));
}

TEST(MaxPool2D, PaddingIsLeftOutAndResultClamped) {
  InterpretedFunction function(
      pool("max_pool2d",
           std::string(kPadded) + ", stored_clamp = array<i32: -30, 5>",
           "1x2x2x1 1x2x2x1"));
  EXPECT_EQ(function({{-10, -20, -31, 40}}),
            (std::vector<int32_t>{-10, -20, 5, 5}));
}

std::string mean(llvm::StringRef rounding) {
  return llvm::formatv(R"mlir(
    !x = !quant.uniform<i8:f32, 0.03999999910593033:-7>
    !y = !quant.uniform<i8:f32, 0.05000000074505806:4>
    func.func @f(%x: tensor<1x3x5x2x!x>) -> tensor<1x2x!y> {{
      %r = quantcc.mean %x {{axes = array<i64: 1, 2>,
        rounding = #quantcc.rounding<{0}>}
        : (tensor<1x3x5x2x!x>) -> tensor<1x2x!y>
      return %r : tensor<1x2x!y>
    })mlir",
                       rounding);
}

TEST(Mean, DividesInTheMultiplier) {
  const std::vector<int32_t> input = {-29,  78,  111, 61,  102, -10, 16,  -55,
                                      -120, 100, 103, 62,  27,  -16, 30,  80,
                                      -121, 76,  15,  -15, 53,  103, -48, -101,
                                      -84,  77,  75,  -63, 47,  -98};
  EXPECT_EQ(InterpretedFunction(mean("double"))({input}),
            (std::vector<int32_t>{19, 25}));
  EXPECT_EQ(InterpretedFunction(mean("single"))({input}),
            (std::vector<int32_t>{19, 24}));
}

TEST(Mean, OverOuterAxisKeepsDims) {
  InterpretedFunction function(R"mlir(
    !x = !quant.uniform<i8:f32, 1.0:1>
    func.func @f(%x: tensor<4x1x3x!x>) -> tensor<1x1x3x!x> {
      %r = quantcc.mean %x {axes = array<i64: 0>, keep_dims,
        rounding = #quantcc.rounding<single>}
        : (tensor<4x1x3x!x>) -> tensor<1x1x3x!x>
      return %r : tensor<1x1x3x!x>
    })mlir");
  // Centred sums 6, -6 and 8: 1.5 and -1.5 round up, to 2 and -1.
  EXPECT_EQ(function({{1, 0, 3, 2, -1, 3, 3, -1, 3, 4, 0, 3}}),
            (std::vector<int32_t>{3, 0, 3}));
}

std::string softmax(llvm::StringRef scale, llvm::StringRef beta, int rows,
                    int columns) {
  return llvm::formatv(R"mlir(
    !x = !quant.uniform<i8:f32, {0}:17>
    !y = !quant.uniform<i8:f32, 0.00390625:-128>
    func.func @f(%x: tensor<{2}x{3}x!x>) -> tensor<{2}x{3}x!y> {{
      %r = quantcc.softmax %x {{beta = {1} : f32}
        : (tensor<{2}x{3}x!x>) -> tensor<{2}x{3}x!y>
      return %r : tensor<{2}x{3}x!y>
    })mlir",
                       scale, beta, rows, columns);
}

TEST(Softmax, EqualsTheFixedPointDefinition) {
  struct Case {
    const char *scale, *beta;
    std::vector<int32_t> expected;
  };
  const Case cases[] = {
      {"0.17185351252555847",
       "1.0",
       {-128, 10,   -128, -128, -128, -12,  -127, -128, -96,  -96,
        -96,  -96,  -96,  -96,  -96,  -96,  -128, -128, -128, -128,
        -128, -128, -128, 127,  -74,  -82,  -90,  -96,  -101, -105,
        -109, -112, -128, -128, -24,  -127, -128, -91,  -76,  -66}},
      {"0.019999999552965164",
       "1.0",
       {-128, -50,  -122, -121, -123, -52,  -83,  -91,  -96,  -96,
        -96,  -96,  -96,  -96,  -96,  -96,  -127, -127, -127, -127,
        -127, -127, -127, 118,  -94,  -94,  -95,  -96,  -96,  -97,
        -98,  -98,  -107, -115, -81,  -101, -110, -86,  -84,  -84}},
      {"1.5", "0.5", {-128, 46,   -128, -128, -128, -46,  -128, -128,
                      -96,  -96,  -96,  -96,  -96,  -96,  -96,  -96,
                      -128, -128, -128, -128, -128, -128, -128, 127,
                      7,    -64,  -98,  -114, -121, -125, -126, -127,
                      -128, -128, 91,   -128, -128, -126, -117, -105}},
      {"0.0038999998942017555",
       "3.0",
       {-125, -65,  -114, -113, -115, -66, -82,  -87,  -96,  -96,
        -96,  -96,  -96,  -96,  -96,  -96, -118, -118, -118, -118,
        -118, -118, -118, 61,   -95,  -95, -95,  -96,  -96,  -97,
        -97,  -97,  -103, -109, -87,  -98, -105, -90,  -89,  -88}}};
  const std::vector<int32_t> rows = {
      -128, 127, 0,    5,    -7,   126,  100,  90,   1,    1,   1,  1, 1, 1,
      1,    1,   -128, -128, -128, -128, -128, -128, -128, 127, 10, 9, 8, 7,
      6,    5,   4,    3,    3,    -20,  44,   17,   -5,   38,  40, 41};
  for (const Case &c : cases)
    EXPECT_EQ(InterpretedFunction(softmax(c.scale, c.beta, 5, 8))({rows}),
              c.expected)
        << c.scale << " " << c.beta;
}

TEST(Softmax, LongRows) {
  std::vector<int32_t> input(511, 4);
  EXPECT_EQ(InterpretedFunction(softmax("0.5", "1.0", 1, 511))({input}),
            std::vector<int32_t>(511, -127));
  // 1/512 is half a stored unit, less what the fixed-point 1 falls short of 1.
  input.resize(4095, 4);
  EXPECT_EQ(InterpretedFunction(softmax("0.5", "1.0", 1, 4095))({input}),
            std::vector<int32_t>(4095, -128));
}

TEST(Softmax, TinyScaleIsRefused) {
  InterpretedFunction function(
      softmax("1.4901161193847656e-08", "1.0", 1, 4)); // 2^-26
  EXPECT_FALSE(function.isValid());
  EXPECT_NE(function.messages().find("(N12)"), std::string::npos);
}

TEST(Softmax, HugeScaleSelectsTheMaximum) {
  InterpretedFunction function(softmax("1000.0", "1.0", 1, 3));
  EXPECT_EQ(function({{5, 6, 4}}), (std::vector<int32_t>{-128, 127, -128}));
}

} // namespace
