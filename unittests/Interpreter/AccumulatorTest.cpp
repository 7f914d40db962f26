//===- AccumulatorTest.cpp - Accumulators and explicit multipliers --------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rule N36 of docs/Numerics.md. Expected values are computed by hand.
//
//===----------------------------------------------------------------------===//

#include "InterpretedFunction.h"

using namespace quantcc;

namespace {

std::vector<int32_t> values(std::initializer_list<int32_t> list) {
  return list;
}

TEST(Accumulators, AreTheSumsThemselves) {
  InterpretedFunction function(R"mlir(
    !x = !quant.uniform<i8:f32, 0.5:2>
    !w = !quant.uniform<i8:f32, 0.25>
    func.func @f(%x: tensor<1x3x!x>) -> tensor<1x2xi32> {
      %c = arith.constant dense<[[1, 2, 3], [-4, 5, 100]]> : tensor<2x3xi8>
      %w = quant.scast %c : tensor<2x3xi8> to tensor<2x3x!w>
      %b = arith.constant dense<[1000000, -7]> : tensor<2xi32>
      %r = quantcc.linear %x, %w, %b
        : (tensor<1x3x!x>, tensor<2x3x!w>, tensor<2xi32>) -> tensor<1x2xi32>
      return %r : tensor<1x2xi32>
    })mlir");
  // Centred: 1, -2, 125.
  EXPECT_EQ(function({{3, 0, 127}}),
            values({1000000 + 1 - 4 + 375, -7 - 4 - 10 + 12500}));
}

TEST(Accumulators, AreRefusedWhereTheirTypeMayOverflow) {
  // K * 128 * 128 reaches 2^31 at K = 131072.
  auto product = [](int depth, const char *type) {
    std::string k = std::to_string(depth);
    return InterpretedFunction(
               "!x = !quant.uniform<i8:f32, 1.0>\n"
               "func.func @f(%a: tensor<1x" +
               k + "x!x>, %b: tensor<" + k + "x1x!x>) -> tensor<1x1x" + type +
               "> {\n"
               "  %r = quantcc.matmul %a, %b : (tensor<1x" +
               k + "x!x>, tensor<" + k + "x1x!x>) -> tensor<1x1x" + type +
               ">\n  return %r : tensor<1x1x" + type + ">\n}")
        .messages();
  };
  EXPECT_EQ(product(131071, "i32"), "");
  EXPECT_NE(product(131072, "i32").find("which i32 does not hold (N36)"),
            std::string::npos);
  EXPECT_EQ(product(131072, "i64"), "");
}

TEST(ExplicitMultipliers, SelectAlongAnAxis) {
  InterpretedFunction function(R"mlir(
    func.func @f(%x: tensor<2x2x2xi32>) -> tensor<2x2x2xi8> {
      %r = quantcc.requantize %x {axis = 1 : i64,
        multipliers = array<i32: 1073741824, 1610612736>,
        shifts = array<i32: 31, 32>, output_zero_point = 1 : i32,
        clamp_min = -100 : i32, clamp_max = 100 : i32,
        rounding = #quantcc.rounding<single>}
        : tensor<2x2x2xi32> -> tensor<2x2x2xi8>
      return %r : tensor<2x2x2xi8>
    })mlir");
  // Halves, and three eighths; half up, then the zero point.
  EXPECT_EQ(function({{3, -3, 4, -4, 1000, -1000, 20, -20}}),
            values({3, 0, 3, 0, 100, -100, 9, -6}));
}

TEST(ExplicitMultipliers, SaturateLargeValues) {
  InterpretedFunction function(R"mlir(
    func.func @f(%x: tensor<4xi64>) -> tensor<4xi32> {
      %r = quantcc.requantize %x {multipliers = array<i32: 2147483647>,
        shifts = array<i32: 2>, output_zero_point = 0 : i32,
        clamp_min = -2147483648 : i32, clamp_max = 2147483647 : i32,
        rounding = #quantcc.rounding<double>}
        : tensor<4xi64> -> tensor<4xi32>
      return %r : tensor<4xi32>
    })mlir");
  auto results = function.get().run(
      Tensor{{4}, {-(int64_t(1) << 46), int64_t(1) << 46, 0, 1}, {}});
  ASSERT_TRUE(static_cast<bool>(results));
  // (2^31 - 1) / 4 = 536870911.75
  EXPECT_EQ(results->front().stored,
            (std::vector<int64_t>{INT32_MIN, INT32_MAX, 0, 536870912}));
}

TEST(ExplicitMultipliers, GiveUnsignedResults) {
  InterpretedFunction function(R"mlir(
    !y = !quant.uniform<u8:f32, 1.0:128>
    func.func @f(%x: tensor<3xi32>) -> tensor<3x!y> {
      %r = quantcc.requantize %x {multipliers = array<i32: 1073741824>,
        shifts = array<i32: 30>, output_zero_point = 128 : i32,
        clamp_min = 0 : i32, clamp_max = 255 : i32, unsigned_result,
        rounding = #quantcc.rounding<single>} : tensor<3xi32> -> tensor<3xi8>
      %s = quant.scast %r : tensor<3xi8> to tensor<3x!y>
      return %s : tensor<3x!y>
    })mlir");
  EXPECT_EQ(function({{-200, 100, 200}}), values({0, 228, 255}));
}

} // namespace
