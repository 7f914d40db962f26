//===- MovingTest.cpp - Tests of N1, N2, N14 and N15 ----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Moving, resizing and converting ops. The expected values were computed by
// hand or with exact rational numbers from the rules' formulas.
//
//===----------------------------------------------------------------------===//

#include "InterpretedFunction.h"

#include <cmath>
#include <llvm/Support/FormatVariadic.h>

using namespace quantcc;

namespace {

/// An op with one operand, from tensor<`input`x!x> to tensor<`output`x!x>.
std::string moving(llvm::StringRef name, llvm::StringRef attributes,
                   llvm::StringRef input, llvm::StringRef output) {
  return llvm::formatv(R"mlir(
    !x = !quant.uniform<i8:f32, 0.5:9>
    func.func @f(%x: tensor<{2}x!x>) -> tensor<{3}x!x> {{
      %r = quantcc.{0} %x {{{1}} : (tensor<{2}x!x>) -> tensor<{3}x!x>
      return %r : tensor<{3}x!x>
    })mlir",
                       name, attributes, input, output);
}

TEST(Transpose, PermutesDimensions) {
  InterpretedFunction function(moving(
      "transpose", "permutation = array<i64: 2, 0, 1>", "1x2x3", "3x1x2"));
  EXPECT_EQ(function({{1, 2, 3, 4, 5, 6}}),
            (std::vector<int32_t>{1, 4, 2, 5, 3, 6}));
}

TEST(Broadcast, RepeatsDimensionsOfOne) {
  InterpretedFunction function(moving("broadcast", "", "2x1x2", "2x3x2"));
  EXPECT_EQ(function({{1, 2, 3, 4}}),
            (std::vector<int32_t>{1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4}));
}

TEST(Slice, StridesMayBeNegative) {
  InterpretedFunction function(
      moving("slice", "offsets = array<i64: 1, 3>, strides = array<i64: 1, -2>",
             "3x4", "2x2"));
  EXPECT_EQ(function({{0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23}}),
            (std::vector<int32_t>{13, 11, 23, 21}));
}

TEST(Pad, BorderIsTheZeroPoint) {
  InterpretedFunction function(moving(
      "pad", "low = array<i64: 1, 0>, high = array<i64: 0, 1>", "1x2", "2x3"));
  EXPECT_EQ(function({{1, 2}}), (std::vector<int32_t>{9, 9, 9, 1, 2, 9}));
}

TEST(Pad, BorderIsTheStoredValue) {
  InterpretedFunction function(
      moving("pad",
             "low = array<i64: 1>, high = array<i64: 0>, "
             "stored_value = -128 : i32",
             "2", "3"));
  EXPECT_EQ(function({{1, 2}}), (std::vector<int32_t>{-128, 1, 2}));
}

TEST(Reshape, KeepsTheElements) {
  InterpretedFunction function(moving("reshape", "", "2x3", "3x1x2"));
  EXPECT_EQ(function({{1, 2, 3, 4, 5, 6}}),
            (std::vector<int32_t>{1, 2, 3, 4, 5, 6}));
}

TEST(Concat, AlongAMiddleDimension) {
  InterpretedFunction function(R"mlir(
    !x = !quant.uniform<i8:f32, 0.5>
    func.func @f(%a: tensor<2x1x2x!x>, %b: tensor<2x2x2x!x>)
        -> tensor<2x4x2x!x> {
      %r = quantcc.concat %a, %b, %a {axis = 1 : i64}
        : (tensor<2x1x2x!x>, tensor<2x2x2x!x>, tensor<2x1x2x!x>)
        -> tensor<2x4x2x!x>
      return %r : tensor<2x4x2x!x>
    })mlir");
  EXPECT_EQ(function({{1, 2, 3, 4}, {11, 12, 13, 14, 15, 16, 17, 18}}),
            (std::vector<int32_t>{1, 2, 11, 12, 13, 14, 1, 2, 3, 4, 15, 16, 17,
                                  18, 3, 4}));
}

TEST(Resize, EqualsTheDefinition) {
  struct Case {
    const char *attributes;
    std::vector<int32_t> bilinear, nearest;
  };
  const Case cases[] = {
      {"",
       {-2, -36, -2, 56,  9,  79,  43, -34, 54,  -72, 81,  3,   31, -1,   -13,
        0,  -43, 8,  -53, 11, 123, 22, 47,  -29, -24, -40, -85, 29, -106, 52},
       {-2,  -36, -2,  -36, -2, 117, -2, 117, 54,   -72,
        -2,  -36, -2,  -36, -2, 117, -2, 117, 54,   -72,
        123, 22,  123, 22,  -3, -63, -3, -63, -106, 52}},
      {", align_corners",
       {-2, -36, -2, 41,  -2,  117, 26, 23, 54,  -72, 61,  -7,  29, 10,   -3,
        27, -14, 9,  -26, -10, 123, 22, 60, -21, -3,  -63, -55, -6, -106, 52},
       {-2,  -36, -2, 117, -2, 117, 54,   -72, 54,   -72,
        123, 22,  -3, -63, -3, -63, -106, 52,  -106, 52,
        123, 22,  -3, -63, -3, -63, -106, 52,  -106, 52}},
      {", half_pixel_centers",
       {-2, -36, -2, 25,  -2,  117, 32, 4,  54,  -72, 61,  -7,  35, 7,    -2,
        27, -17, 5,  -26, -10, 123, 22, 73, -12, -3,  -63, -65, 6,  -106, 52},
       {-2,  -36, -2,  -36, -2, 117, 54,   -72, 54,   -72,
        123, 22,  123, 22,  -3, -63, -106, 52,  -106, 52,
        123, 22,  123, 22,  -3, -63, -106, 52,  -106, 52}}};
  const std::vector<int32_t> image = {-2,  -36, -2, 117, 54,   -72,
                                      123, 22,  -3, -63, -106, 52};
  for (const Case &c : cases) {
    auto resize = [&](const std::string &mode) {
      std::string attributes =
          "mode = #quantcc.resize_mode<" + mode + ">" + c.attributes;
      return InterpretedFunction(
          moving("resize", attributes, "1x2x3x2", "1x3x5x2"))({image});
    };
    EXPECT_EQ(resize("bilinear"), c.bilinear) << c.attributes;
    EXPECT_EQ(resize("nearest"), c.nearest) << c.attributes;
  }
}

TEST(Resize, BilinearMakesImagesSmaller) {
  InterpretedFunction function(moving(
      "resize", "mode = #quantcc.resize_mode<bilinear>, half_pixel_centers",
      "1x5x4x1", "1x2x3x1"));
  EXPECT_EQ(function({{-2,   -36, -2,  117, 54,  -72, 123, 22,  -3,  -63,
                       -106, 52,  -69, -88, 122, 113, 120, -11, -37, 33}}),
            (std::vector<int32_t>{23, 14, 53, -30, 7, 91}));
}

TEST(Casts, QuantizeRoundsAwayAndSaturates) {
  InterpretedFunction function(R"mlir(
    !x = !quant.uniform<i8:f32, 0.5:-3>
    func.func @f(%x: tensor<9xf32>) -> tensor<9x!x> {
      %r = quant.qcast %x : tensor<9xf32> to tensor<9x!x>
      return %r : tensor<9x!x>
    })mlir");
  ASSERT_TRUE(function.isValid());
  Tensor input{
      {9},
      {},
      {0.25f, -0.25f, 0.75f, 0.2f, 65.0f, -62.5f, INFINITY, -1e30f, NAN}};
  auto results = function.get().run(input);
  ASSERT_TRUE(static_cast<bool>(results));
  EXPECT_EQ(results->front().stored,
            (std::vector<int64_t>{-2, -4, -1, -3, 127, -128, 127, -128, -3}));
}

TEST(Casts, DequantizeRoundsOnce) {
  InterpretedFunction function(R"mlir(
    !x = !quant.uniform<u8:f32, 0.10000000149011612:128>
    func.func @f(%x: tensor<3x!x>) -> tensor<3xf32> {
      %r = quant.dcast %x : tensor<3x!x> to tensor<3xf32>
      return %r : tensor<3xf32>
    })mlir");
  ASSERT_TRUE(function.isValid());
  auto results = function.get().run(Tensor{{3}, {0, 128, 255}, {}});
  ASSERT_TRUE(static_cast<bool>(results));
  EXPECT_EQ(results->front().real,
            (std::vector<float>{static_cast<float>(-128 * double(0.1f)), 0.0f,
                                static_cast<float>(127 * double(0.1f))}));
}

TEST(Casts, StorageCastKeepsTheBits) {
  InterpretedFunction function(R"mlir(
    !x = !quant.uniform<u8:f32, 0.5:128>
    func.func @f(%x: tensor<3xi8>) -> tensor<3x!x> {
      %r = quant.scast %x : tensor<3xi8> to tensor<3x!x>
      return %r : tensor<3x!x>
    })mlir");
  EXPECT_EQ(function({{-1, -128, 127}}), (std::vector<int32_t>{255, 128, 127}));
}

} // namespace
