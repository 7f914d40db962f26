//===- RequantizeTest.cpp - Tests of N3 to N6 -----------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Requantization seen through quantcc.rescale from a 32-bit storage type with
// scale s to one with scale 1. The expected values were computed with exact
// rational numbers from the rules' formulas.
//
//===----------------------------------------------------------------------===//

#include "InterpretedFunction.h"

#include <llvm/Support/FormatVariadic.h>

using namespace quantcc;

namespace {

std::string rescale(llvm::StringRef scale, llvm::StringRef rounding,
                    llvm::StringRef resultScale = "1.0") {
  return llvm::formatv(R"mlir(
    !x = !quant.uniform<i32<-2147483647:2147483647>:f32, {0}>
    !y = !quant.uniform<i32<-2147483647:2147483647>:f32, {2}>
    func.func @f(%x: tensor<21x!x>) -> tensor<21x!y> {
      %r = quantcc.rescale %x {{rounding = #quantcc.rounding<{1}>}
        : (tensor<21x!x>) -> tensor<21x!y>
      return %r : tensor<21x!y>
    })mlir",
                       scale, rounding, resultScale);
}

struct RequantizeCase {
  const char *scale;
  const char *rounding;
  std::vector<int32_t> expected;
};

TEST(Requantize, EqualsExactArithmetic) {
  const std::vector<int32_t> accumulators = {
      0,    1,    -1,    2,         -2,         3,          -3,
      6,    -6,   10,    -10,       14,         -14,        127,
      -128, 1000, -1000, 123456789, -123456789, 2147483647, -2147483647};
  const RequantizeCase cases[] = {
      {"0.25", "double", {0,         1,         0,         1,   -1,   1,
                          -1,        2,         -2,        3,   -3,   4,
                          -4,        32,        -32,       250, -250, 30864198,
                          -30864197, 536870912, -536870912}},
      {"0.25", "single", {0,         0,         0,         1,   0,    1,
                          -1,        2,         -1,        3,   -2,   4,
                          -3,        32,        -32,       250, -250, 30864197,
                          -30864197, 536870912, -536870912}},
      {"0.25",
       "half_even",
       {0,   0,   0,    0,        0,         1,         -1,
        2,   -2,  2,    -2,       4,         -4,        32,
        -32, 250, -250, 30864197, -30864197, 536870912, -536870912}},
      {"0.30000001192092896",
       "double",
       {0,   1,   -1,   1,        -1,        1,         -1,
        2,   -2,  3,    -3,       4,         -4,        38,
        -39, 300, -300, 37037038, -37037038, 644245120, -644245120}},
      {"0.30000001192092896",
       "single",
       {0,   0,   0,    1,        -1,        1,         -1,
        2,   -2,  3,    -3,       4,         -4,        38,
        -38, 300, -300, 37037038, -37037038, 644245120, -644245120}},
      {"0.30000001192092896",
       "half_even",
       {0,   0,   0,    1,        -1,        1,         -1,
        2,   -2,  3,    -3,       4,         -4,        38,
        -38, 300, -300, 37037038, -37037038, 644245120, -644245120}},
      {"0.5", "double", {0,         1,          0,          1,   -1,   2,
                         -1,        3,          -3,         5,   -5,   7,
                         -7,        64,         -64,        500, -500, 61728395,
                         -61728394, 1073741824, -1073741823}},
      {"0.5", "single", {0,         1,          0,          1,   -1,   2,
                         -1,        3,          -3,         5,   -5,   7,
                         -7,        64,         -64,        500, -500, 61728395,
                         -61728394, 1073741824, -1073741823}},
      {"0.5",
       "half_even",
       {0,   0,   0,    1,        -1,        2,          -2,
        3,   -3,  5,    -5,       7,         -7,         64,
        -64, 500, -500, 61728394, -61728394, 1073741824, -1073741824}},
      {"0.75",
       "double",
       {0,   1,   -1,   2,        -1,        2,          -2,
        5,   -4,  8,    -7,       11,        -10,        95,
        -96, 750, -750, 92592592, -92592592, 1610612735, -1610612735}},
      {"0.75",
       "single",
       {0,   1,   -1,   2,        -1,        2,          -2,
        5,   -4,  8,    -7,       11,        -10,        95,
        -96, 750, -750, 92592592, -92592592, 1610612735, -1610612735}},
      {"0.75",
       "half_even",
       {0,   1,   -1,   2,        -2,        2,          -2,
        4,   -4,  8,    -8,       10,        -10,        95,
        -96, 750, -750, 92592592, -92592592, 1610612735, -1610612735}},
      {"0.0029296875",
       "double",
       {0, 0, 0, 0, 0, 0,  0,      0,       0,       0,       0,
        0, 0, 0, 0, 3, -3, 361690, -361690, 6291456, -6291456}},
      {"0.0029296875",
       "single",
       {0, 0, 0, 0, 0, 0,  0,      0,       0,       0,       0,
        0, 0, 0, 0, 3, -3, 361690, -361690, 6291456, -6291456}},
      {"0.0029296875",
       "half_even",
       {0, 0, 0, 0, 0, 0,  0,      0,       0,       0,       0,
        0, 0, 0, 0, 3, -3, 361690, -361690, 6291456, -6291456}},
      {"9.999999717180685e-10", "double", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                           0, 0, 0, 0, 0, 0, 0, 0, 2, -2}},
      {"9.999999717180685e-10", "single", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                           0, 0, 0, 0, 0, 0, 0, 0, 2, -2}},
      {"9.999999717180685e-10", "half_even", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                              0, 0, 0, 0, 0, 0, 0, 0, 2, -2}},
  };
  for (const RequantizeCase &c : cases) {
    InterpretedFunction function(rescale(c.scale, c.rounding));
    EXPECT_EQ(function({accumulators}), c.expected)
        << c.scale << " " << c.rounding;
  }
}

TEST(Requantize, LeftShiftTakesNegativeAccumulators) {
  // M = 1.5 shifts left by 1; N4 then rounds once, ties to +infinity.
  InterpretedFunction function(R"mlir(
    !x = !quant.uniform<i8:f32, 1.5>
    !y = !quant.uniform<i32:f32, 1.0>
    func.func @f(%x: tensor<7x!x>) -> tensor<7x!y> {
      %r = quantcc.rescale %x {rounding = #quantcc.rounding<double>}
        : (tensor<7x!x>) -> tensor<7x!y>
      return %r : tensor<7x!y>
    })mlir");
  ASSERT_TRUE(function.isValid()) << function.messages();
  EXPECT_EQ(function({{-128, -3, -2, -1, 0, 1, 127}}),
            (std::vector<int32_t>{-192, -4, -3, -1, 0, 2, 191}));
}

TEST(Requantize, LeftShiftThatMayOverflowIsRefused) {
  InterpretedFunction function(rescale("1.5", "double"));
  EXPECT_FALSE(function.isValid());
  EXPECT_NE(function.messages().find("(N4)"), std::string::npos)
      << function.messages();
}

TEST(Requantize, MultiplierOf2To29IsRefused) {
  InterpretedFunction function(rescale("536870912.0", "single"));
  EXPECT_FALSE(function.isValid());
  EXPECT_NE(function.messages().find("(N3)"), std::string::npos)
      << function.messages();
}

TEST(Requantize, MultiplierBelow2ToMinus32GivesZero) {
  InterpretedFunction function(rescale("1.000000013351432e-10", "double"));
  EXPECT_EQ(function({std::vector<int32_t>(21, 2147483647)}),
            std::vector<int32_t>(21, 0));
}

} // namespace
