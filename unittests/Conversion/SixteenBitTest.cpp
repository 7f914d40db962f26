//===- SixteenBitTest.cpp - Lowered ops on 16-bit storage -----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiles quantized ops on values of 16 bits and compares them, bit for bit,
// with the interpreter, over samples that are all lowest and all highest first.
//
//===----------------------------------------------------------------------===//

#include "LoweredFunction.h"

#include <gtest/gtest.h>
#include <llvm/Support/FormatVariadic.h>

using namespace quantcc;

namespace {

/// Symmetric as TFLite's, and neither symmetric nor signed.
const std::string kTypes[] = {
    "!x = !quant.uniform<i16:f32, 0.0009583584615029395>\n"
    "!z = !quant.uniform<i16:f32, 0.0005941494018770754>\n"
    "!y = !quant.uniform<i16:f32, 0.0009693715837784111>\n",
    "!x = !quant.uniform<i16:f32, 0.0009583584615029395:-300>\n"
    "!z = !quant.uniform<i16:f32, 0.0005941494018770754:1000>\n"
    "!y = !quant.uniform<i16:f32, 0.0009693715837784111:77>\n",
    "!x = !quant.uniform<u16:f32, 0.0009583584615029395:32768>\n"
    "!z = !quant.uniform<u16:f32, 0.0005941494018770754:30000>\n"
    "!y = !quant.uniform<u16:f32, 0.0009693715837784111:40000>\n"};

void expectSame(const std::string &text) {
  for (const std::string &types : kTypes)
    EXPECT_EQ(compareWithInterpreter(types + text), "") << types + text;
}

TEST(SixteenBitTest, ConvolutionsWithWideBias) {
  expectSame(R"(
!w = !quant.uniform<i8:f32:0, {0.00938112847507,0.5}>
!v = !quant.uniform<i8:f32, 0.019999999552965164>
func.func @main(%x: tensor<1x5x4x2x!x>) -> tensor<1x5x4x2x!y> {
  %c = arith.constant dense<[[[[127, -128], [-128, -128]]], [[[1, -77], [127, 127]]]]> : tensor<2x1x2x2xi8>
  %w = quant.scast %c : tensor<2x1x2x2xi8> to tensor<2x1x2x2x!w>
  %b = arith.constant dense<[8589934592, -9000000000]> : tensor<2xi64>
  %r = quantcc.conv2d %x, %w, %b {strides = array<i64: 1, 1>,
      padding = array<i64: 0, 0, 1, 0>, dilations = array<i64: 1, 1>,
      groups = 1 : i64, rounding = #quantcc.rounding<reduced>}
      : (tensor<1x5x4x2x!x>, tensor<2x1x2x2x!w>, tensor<2xi64>)
      -> tensor<1x5x4x2x!y>
  %d = arith.constant dense<[[[[-128]]], [[[127]]]]> : tensor<2x1x1x1xi8>
  %v = quant.scast %d : tensor<2x1x1x1xi8> to tensor<2x1x1x1x!v>
  %a = arith.constant dense<[-1, 4194304]> : tensor<2xi64>
  %s = quantcc.conv2d %r, %v, %a {strides = array<i64: 1, 1>,
      padding = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>,
      groups = 2 : i64, rounding = #quantcc.rounding<reduced>}
      : (tensor<1x5x4x2x!y>, tensor<2x1x1x1x!v>, tensor<2xi64>)
      -> tensor<1x5x4x2x!y>
  return %s : tensor<1x5x4x2x!y>
})");
}

TEST(SixteenBitTest, LinearOfEachRounding) {
  for (const char *rounding : {"double", "single", "half_even", "reduced"})
    expectSame(std::string(R"(
!w = !quant.uniform<i8:f32, 0.004000000189989805>
func.func @main(%x: tensor<3x4x!x>) -> tensor<3x2x!y> {
  %c = arith.constant dense<[[127, -128, 0, 5], [-128, -128, -128, -128]]> : tensor<2x4xi8>
  %w = quant.scast %c : tensor<2x4xi8> to tensor<2x4x!w>
  %b = arith.constant dense<[1000000, -77]> : tensor<2xi32>
  %r = quantcc.linear %x, %w, %b {stored_clamp = array<i32: 1000, 32000>,
      rounding = #quantcc.rounding<)") +
               rounding + R"(>}
      : (tensor<3x4x!x>, tensor<2x4x!w>, tensor<2xi32>) -> tensor<3x2x!y>
  return %r : tensor<3x2x!y>
})");
}

TEST(SixteenBitTest, MatMulAddsUpIn64Bits) {
  // 5 * 32768 * 32768 leaves 32 bits.
  for (const char *rounding : {"single", "reduced"})
    expectSame(std::string(R"(
func.func @main(%a: tensor<2x3x5x!x>, %b: tensor<1x5x2x!z>)
    -> tensor<2x3x2x!y> {
  %r = quantcc.matmul %a, %b {rounding = #quantcc.rounding<)") +
               rounding + R"(>}
      : (tensor<2x3x5x!x>, tensor<1x5x2x!z>) -> tensor<2x3x2x!y>
  return %r : tensor<2x3x2x!y>
})");
}

TEST(SixteenBitTest, AddAndSub) {
  for (const char *op : {"add", "sub"})
    for (const char *rounding : {"double", "single"})
      expectSame(std::string(R"(
func.func @main(%a: tensor<3x16x!x>, %b: tensor<16x!z>) -> tensor<3x16x!y> {
  %r = quantcc.)") +
                 op + R"( %a, %b {rounding = #quantcc.rounding<)" + rounding +
                 R"(>}
      : (tensor<3x16x!x>, tensor<16x!z>) -> tensor<3x16x!y>
  return %r : tensor<3x16x!y>
})");
}

TEST(SixteenBitTest, MulAndPRelu) {
  // Of symmetric values alone: others' products leave 32 bits.
  EXPECT_EQ(compareWithInterpreter(kTypes[0] + R"(
func.func @main(%a: tensor<3x16x!x>, %b: tensor<16x!z>) -> tensor<3x16x!y> {
  %m = quantcc.mul %a, %b {rounding = #quantcc.rounding<double>}
      : (tensor<3x16x!x>, tensor<16x!z>) -> tensor<3x16x!y>
  %r = quantcc.prelu %m, %b {rounding = #quantcc.rounding<double>}
      : (tensor<3x16x!y>, tensor<16x!z>) -> tensor<3x16x!y>
  return %r : tensor<3x16x!y>
})"),
            "");
}

TEST(SixteenBitTest, RescaleBetweenWidths) {
  expectSame(R"(
!i = !quant.uniform<i32:f32, 1.4901161193847656e-07>
!n = !quant.uniform<i32:f32, 1.4901161193847656e-07:1000>
!b = !quant.uniform<i8:f32, 0.25:-3>
func.func @main(%a: tensor<48x!x>)
    -> (tensor<48x!i>, tensor<48x!n>, tensor<48x!y>) {
  %i = quantcc.rescale %a {rounding = #quantcc.rounding<double>}
      : (tensor<48x!x>) -> tensor<48x!i>
  %n = quantcc.rescale %a {rounding = #quantcc.rounding<single>}
      : (tensor<48x!x>) -> tensor<48x!n>
  %b = quantcc.rescale %a {rounding = #quantcc.rounding<double>}
      : (tensor<48x!x>) -> tensor<48x!b>
  %y = quantcc.rescale %b {rounding = #quantcc.rounding<double>}
      : (tensor<48x!b>) -> tensor<48x!y>
  return %i, %n, %y : tensor<48x!i>, tensor<48x!n>, tensor<48x!y>
})");
}

TEST(SixteenBitTest, Pools) {
  for (const char *op : {"avg_pool2d", "max_pool2d"})
    expectSame(std::string(R"(
func.func @main(%a: tensor<1x5x6x3x!x>) -> tensor<1x5x3x3x!x> {
  %r = quantcc.)") +
               op + R"( %a {kernel = array<i64: 3, 2>,
      strides = array<i64: 1, 2>, padding = array<i64: 1, 1, 0, 0>,
      stored_clamp = array<i32: 1, 30000>}
      : (tensor<1x5x6x3x!x>) -> tensor<1x5x3x3x!x>
  return %r : tensor<1x5x3x3x!x>
})");
}

TEST(SixteenBitTest, MeanAndMovingOps) {
  expectSame(R"(
func.func @main(%a: tensor<2x3x4x!x>, %b: tensor<2x5x4x!x>)
    -> (tensor<4x2x!x>, tensor<2x3x!y>) {
  %c = quantcc.concat %a, %b {axis = 1 : i64}
      : (tensor<2x3x4x!x>, tensor<2x5x4x!x>) -> tensor<2x8x4x!x>
  %p = quantcc.pad %c {low = array<i64: 0, 1, 0>, high = array<i64: 0, 2, 0>}
      : (tensor<2x8x4x!x>) -> tensor<2x11x4x!x>
  %s = quantcc.slice %p {offsets = array<i64: 0, 10, 0>,
      strides = array<i64: 1, -10, 1>}
      : (tensor<2x11x4x!x>) -> tensor<2x2x4x!x>
  %t = quantcc.slice %p {offsets = array<i64: 0, 3, 0>,
      strides = array<i64: 1, 4, 1>}
      : (tensor<2x11x4x!x>) -> tensor<2x2x4x!x>
  %m = quantcc.maximum %s, %t
      : (tensor<2x2x4x!x>, tensor<2x2x4x!x>) -> tensor<2x2x4x!x>
  %n = quantcc.minimum %m, %s
      : (tensor<2x2x4x!x>, tensor<2x2x4x!x>) -> tensor<2x2x4x!x>
  %f = quantcc.slice %n {offsets = array<i64: 1, 0, 0>,
      strides = array<i64: 1, 1, 1>}
      : (tensor<2x2x4x!x>) -> tensor<1x2x4x!x>
  %u = quantcc.reshape %f : (tensor<1x2x4x!x>) -> tensor<2x4x!x>
  %r = quantcc.transpose %u {permutation = array<i64: 1, 0>}
      : (tensor<2x4x!x>) -> tensor<4x2x!x>
  %e = quantcc.mean %a {axes = array<i64: 2>,
      rounding = #quantcc.rounding<double>}
      : (tensor<2x3x4x!x>) -> tensor<2x3x!y>
  return %r, %e : tensor<4x2x!x>, tensor<2x3x!y>
})");
}

TEST(SixteenBitTest, Resize) {
  for (const char *mode : {"nearest", "bilinear"})
    expectSame(std::string(R"(
func.func @main(%a: tensor<1x3x5x2x!x>) -> tensor<1x7x4x2x!x> {
  %r = quantcc.resize %a {half_pixel_centers,
      mode = #quantcc.resize_mode<)") +
               mode + R"(>} : (tensor<1x3x5x2x!x>) -> tensor<1x7x4x2x!x>
  return %r : tensor<1x7x4x2x!x>
})");
}

TEST(SixteenBitTest, LeakyRelu) {
  for (const char *alpha : {"0.3", "-0.7", "0.0"})
    expectSame(std::string(R"(
func.func @main(%a: tensor<48x!x>) -> tensor<48x!y> {
  %r = quantcc.leaky_relu %a {alpha = )") +
               alpha + R"( : f32, rounding = #quantcc.rounding<double>}
      : (tensor<48x!x>) -> tensor<48x!y>
  return %r : tensor<48x!y>
})");
}

TEST(SixteenBitTest, InterpolatedLookup) {
  // Entries that rise and fall by more than 16 bits hold.
  std::string hex;
  for (unsigned i = 0; i < 513; ++i) {
    static const char *digits = "0123456789ABCDEF";
    unsigned value = (i * 40503) & 0xffff;
    for (unsigned shift : {4, 0, 12, 8})
      hex += digits[(value >> shift) & 15];
  }
  EXPECT_EQ(compareWithInterpreter(kTypes[0] + R"(
func.func @main(%a: tensor<500x!x>) -> tensor<500x!y> {
  %t = arith.constant dense<"0x)" + hex +
                                   R"("> : tensor<513xi16>
  %r = quantcc.lookup %a, %t
      : (tensor<500x!x>, tensor<513xi16>) -> tensor<500x!y>
  return %r : tensor<500x!y>
})"),
            "");
}

TEST(SixteenBitTest, Softmax) {
  const std::string result =
      "!p = !quant.uniform<i16:f32, 0.000030517578125>\n";
  for (const char *length : {"1", "7", "900"})
    for (unsigned types : {0, 1})
      EXPECT_EQ(compareWithInterpreter(kTypes[types] + result +
                                       llvm::formatv(R"(
func.func @main(%a: tensor<3x{0}x!x>) -> tensor<3x{0}x!p> {{
  %r = quantcc.softmax %a {{beta = 1.0 : f32}
      : (tensor<3x{0}x!x>) -> tensor<3x{0}x!p>
  return %r : tensor<3x{0}x!p>
})",
                                                     length)
                                           .str()),
                "");
}

TEST(SixteenBitTest, SoftmaxOfEightBits) {
  for (const char *sign : {"i", "u"})
    EXPECT_EQ(
        compareWithInterpreter(llvm::formatv(R"(
!x = !quant.uniform<{0}8:f32, 0.0625:3>
!p = !quant.uniform<{0}16:f32, 0.0000152587890625:{1}>
func.func @main(%a: tensor<3x70x!x>) -> tensor<3x70x!p> {{
  %r = quantcc.softmax %a {{beta = 1.0 : f32}
      : (tensor<3x70x!x>) -> tensor<3x70x!p>
  return %r : tensor<3x70x!p>
})",
                                             sign, *sign == 'i' ? -32768 : 0)
                                   .str()),
        "");
}

TEST(SixteenBitTest, TransposedConvolution) {
  const std::string text = R"(
!w = !quant.uniform<i8:f32:0, {0.00938112847507,0.5}>
func.func @main(%x: tensor<2x3x4x3x!x>) -> tensor<2x6x9x2x!y> {
  %c = arith.constant dense<"0x7F80010203040506F0E0D0C0B0A09080706050403020100F1F2F3F4F5F6F7F8F9FAFBFC0"> : tensor<2x2x3x3xi8>
  %w = quant.scast %c : tensor<2x2x3x3xi8> to tensor<2x2x3x3x!w>
  %b = arith.constant dense<[8388608, -9000]> : tensor<2xi64>
  %r = quantcc.transpose_conv2d %x, %w, %b {strides = array<i64: 2, 2>,
      padding = array<i64: 1, -1, 0, 0>, rounding = #quantcc.rounding<reduced>}
      : (tensor<2x3x4x3x!x>, tensor<2x2x3x3x!w>, tensor<2xi64>)
      -> tensor<2x6x9x2x!y>
  return %r : tensor<2x6x9x2x!y>
})";
  expectSame(text);
  // Values of 8 bits pad with their zero points too.
  std::string narrow = text;
  for (size_t at; (at = narrow.find("i64>")) != std::string::npos;)
    narrow.replace(at, 4, "i32>");
  for (const char *sign : {"i", "u"})
    EXPECT_EQ(compareWithInterpreter(
                  llvm::formatv("!x = !quant.uniform<{0}8:f32, 0.5:17>\n"
                                "!y = !quant.uniform<{0}8:f32, 0.25:3>\n",
                                sign)
                      .str() +
                  narrow),
              "");
}

/// All stored values; scales at the ends and near a power of two.
TEST(SixteenBitTest, Gates) {
  std::vector<int64_t> all;
  for (int64_t stored = INT16_MIN; stored <= INT16_MAX; ++stored)
    all.push_back(stored);
  const std::string results[] = {"i16:f32, 3.0517578125e-05",
                                 "i16<-300:9000>:f32, 3.0517578125e-05"};
  for (llvm::StringRef function : {"sigmoid", "tanh"})
    for (llvm::StringRef scale :
         {"1.1754943508222875e-38", "2.3283064365386963e-10", "0.000244140625",
          "0.0002442999975755811", "0.00048828125", "0.0004879999905824661",
          "0.0010000000474974513", "0.699999988079071", "2.6665000915527344"})
      for (const std::string &result : results) {
        std::string text =
            llvm::formatv("!x = !quant.uniform<i16:f32, {0}>\n"
                          "!y = !quant.uniform<{1}>\n"
                          "func.func @main(%x: tensor<65536x!x>) -> "
                          "tensor<65536x!y> {{\n"
                          "  %r = quantcc.gate <{2}> %x : "
                          "(tensor<65536x!x>) -> tensor<65536x!y>\n"
                          "  return %r : tensor<65536x!y>\n}\n",
                          scale, result, function);
        EXPECT_EQ(compareWithInterpreter(text, {all}), "") << text;
      }
}

} // namespace
