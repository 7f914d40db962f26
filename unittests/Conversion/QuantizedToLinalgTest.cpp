//===- QuantizedToLinalgTest.cpp - Lowered ops against the interpreter ----===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiles each quantized op and compares it, bit for bit, with the
// interpreter, which shares no arithmetic with the lowering.
//
//===----------------------------------------------------------------------===//

#include "LoweredFunction.h"

#include <gtest/gtest.h>
#include <utility>

using namespace quantcc;

namespace {

/// `text` with each of the placeholders replaced by its text.
std::string
substitute(std::string text,
           const std::vector<std::pair<std::string, std::string>> &places) {
  for (const auto &[name, value] : places)
    for (size_t at = 0; (at = text.find(name, at)) != std::string::npos;
         at += value.size())
      text.replace(at, name.size(), value);
  return text;
}

/// The elements of a dense i8 attribute: `count` values over the whole range.
std::string bytes(unsigned count) {
  static const char *digits = "0123456789ABCDEF";
  std::string hex = "dense<\"0x";
  for (unsigned i = 0; i < count; ++i) {
    unsigned value = (i * 89 + 128) & 255;
    hex += digits[value >> 4];
    hex += digits[value & 15];
  }
  return hex + "\">";
}

/// The types of an op's operands and result, signed and unsigned.
const std::string kTypes[] = {
    "!x = !quant.uniform<i8:f32, 0.05000000074505806:7>\n"
    "!z = !quant.uniform<i8:f32, 0.03999999910593033:-11>\n"
    "!y = !quant.uniform<i8:f32, 0.09000000357627869:-20>\n"
    "!p = !quant.uniform<i8:f32, 0.00390625:-128>\n",
    "!x = !quant.uniform<u8:f32, 0.05000000074505806:130>\n"
    "!z = !quant.uniform<u8:f32, 0.03999999910593033:17>\n"
    "!y = !quant.uniform<u8:f32, 0.09000000357627869:111>\n"
    "!p = !quant.uniform<u8:f32, 0.00390625:0>\n"};

/// Compares `text`, in which $rounding is each of `roundings`, for signed and
/// for unsigned activations.
void expectSame(const std::string &text,
                const std::vector<std::string> &roundings = {"double",
                                                             "single"}) {
  for (const std::string &types : kTypes)
    for (const std::string &name : roundings) {
      std::string source = substitute(
          types + text,
          {{"$rounding", "rounding = #quantcc.rounding<" + name + ">"}});
      EXPECT_EQ(compareWithInterpreter(source), "") << source;
    }
}

const std::vector<std::string> kAllRoundings = {"double", "single",
                                                "half_even"};
const std::vector<std::string> kNoRounding = {"double"};

TEST(QuantizedToLinalgTest, DenseConvolution) {
  expectSame(substitute(R"(
!w = !quant.uniform<i8:f32:0, {0.009999999776482582,0.5,0.0020000000949949026}>
func.func @main(%x: tensor<2x7x6x2x!x>) -> tensor<2x4x3x3x!y> {
  %c = arith.constant $bytes : tensor<3x2x2x2xi8>
  %w = quant.scast %c : tensor<3x2x2x2xi8> to tensor<3x2x2x2x!w>
  %b = arith.constant dense<[1000, -77, 12345]> : tensor<3xi32>
  %r = quantcc.conv2d %x, %w, %b {strides = array<i64: 2, 2>,
      padding = array<i64: 1, 0, 2, 1>, dilations = array<i64: 1, 3>,
      groups = 1 : i64, stored_clamp = array<i32: 5, 120>, $rounding}
      : (tensor<2x7x6x2x!x>, tensor<3x2x2x2x!w>, tensor<3xi32>)
      -> tensor<2x4x3x3x!y>
  return %r : tensor<2x4x3x3x!y>
})",
                        {{"$bytes", bytes(24)}}),
             kAllRoundings);
}

TEST(QuantizedToLinalgTest, DepthwiseConvolution) {
  for (unsigned multiplier : {1, 3})
    expectSame(substitute(R"(
!w = !quant.uniform<i8:f32, 0.029999999329447746>
func.func @main(%x: tensor<1x5x4x2x!x>) -> tensor<1x3x4x$Ox!y> {
  %c = arith.constant $bytes : tensor<$Ox3x2x1xi8>
  %w = quant.scast %c : tensor<$Ox3x2x1xi8> to tensor<$Ox3x2x1x!w>
  %r = quantcc.conv2d %x, %w {strides = array<i64: 2, 1>,
      padding = array<i64: 1, 1, 1, 0>, dilations = array<i64: 1, 1>,
      groups = 2 : i64, $rounding}
      : (tensor<1x5x4x2x!x>, tensor<$Ox3x2x1x!w>) -> tensor<1x3x4x$Ox!y>
  return %r : tensor<1x3x4x$Ox!y>
})",
                          {{"$bytes", bytes(12 * multiplier)},
                           {"$O", std::to_string(2 * multiplier)}}));
}

TEST(QuantizedToLinalgTest, GroupedConvolution) {
  expectSame(substitute(R"(
!w = !quant.uniform<i8:f32:0, {0.029999999329447746,0.009999999776482582,0.019999999552965164,0.004999999888241291,0.009999999776482582,0.03999999910593033}>
func.func @main(%x: tensor<1x4x4x4x!x>) -> tensor<1x4x4x6x!y> {
  %c = arith.constant $bytes : tensor<6x3x3x2xi8>
  %w = quant.scast %c : tensor<6x3x3x2xi8> to tensor<6x3x3x2x!w>
  %r = quantcc.conv2d %x, %w {strides = array<i64: 1, 1>,
      padding = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>,
      groups = 2 : i64, $rounding}
      : (tensor<1x4x4x4x!x>, tensor<6x3x3x2x!w>) -> tensor<1x4x4x6x!y>
  return %r : tensor<1x4x4x6x!y>
})",
                        {{"$bytes", bytes(108)}}));
}

TEST(QuantizedToLinalgTest, LinearWithUnsignedWeights) {
  expectSame(substitute(R"(
!w = !quant.uniform<u8:f32, 0.019999999552965164:3>
func.func @main(%x: tensor<2x3x5x!x>) -> tensor<2x3x4x!y> {
  %c = arith.constant $bytes : tensor<4x5xi8>
  %w = quant.scast %c : tensor<4x5xi8> to tensor<4x5x!w>
  %b = arith.constant dense<[9000, -7, 0, -3210]> : tensor<4xi32>
  %r = quantcc.linear %x, %w, %b {$rounding}
      : (tensor<2x3x5x!x>, tensor<4x5x!w>, tensor<4xi32>)
      -> tensor<2x3x4x!y>
  return %r : tensor<2x3x4x!y>
})",
                        {{"$bytes", bytes(20)}}),
             kAllRoundings);
}

TEST(QuantizedToLinalgTest, LinearWithWideAccumulators) {
  // The bias alone nearly fills 32 bits.
  expectSame(R"(
!w = !quant.uniform<i8:f32, 1.0000000116860974e-07>
func.func @main(%x: tensor<3x2x!x>) -> tensor<3x2x!y> {
  %c = arith.constant dense<[[127, -128], [-128, -128]]> : tensor<2x2xi8>
  %w = quant.scast %c : tensor<2x2xi8> to tensor<2x2x!w>
  %b = arith.constant dense<[2147483000, -2147483000]> : tensor<2xi32>
  %r = quantcc.linear %x, %w, %b {$rounding}
      : (tensor<3x2x!x>, tensor<2x2x!w>, tensor<2xi32>) -> tensor<3x2x!y>
  return %r : tensor<3x2x!y>
})",
             {"single", "half_even"});
}

TEST(QuantizedToLinalgTest, MatMulThatIsAlways0) {
  // N3 has no multiplier for these scales; N37 needs none.
  expectSame(R"(
!q = !quant.uniform<i8:f32, 1.0000000031710769e-30:5>
func.func @main(%a: tensor<2x4x!q>) -> tensor<2x3x!y> {
  %c = arith.constant dense<5> : tensor<4x3xi8>
  %w = quant.scast %c : tensor<4x3xi8> to tensor<4x3x!q>
  %r = quantcc.matmul %a, %w {$rounding}
      : (tensor<2x4x!q>, tensor<4x3x!q>) -> tensor<2x3x!y>
  return %r : tensor<2x3x!y>
})");
}

TEST(QuantizedToLinalgTest, MatMul) {
  expectSame(R"(
func.func @main(%a: tensor<2x3x4x!x>, %b: tensor<1x4x5x!z>)
    -> tensor<2x3x5x!y> {
  %r = quantcc.matmul %a, %b {$rounding}
      : (tensor<2x3x4x!x>, tensor<1x4x5x!z>) -> tensor<2x3x5x!y>
  return %r : tensor<2x3x5x!y>
})",
             kAllRoundings);
  expectSame(R"(
func.func @main(%a: tensor<4x3x!x>, %b: tensor<5x4x!z>) -> tensor<3x5x!y> {
  %r = quantcc.matmul %a, %b {transpose_lhs, transpose_rhs, $rounding}
      : (tensor<4x3x!x>, tensor<5x4x!z>) -> tensor<3x5x!y>
  return %r : tensor<3x5x!y>
})");
}

TEST(QuantizedToLinalgTest, AddAndSub) {
  for (const char *op : {"add", "sub"})
    expectSame(substitute(R"(
func.func @main(%a: tensor<3x16x!x>, %b: tensor<16x!z>) -> tensor<3x16x!y> {
  %r = quantcc.$op %a, %b {stored_clamp = array<i32: 3, 101>, $rounding}
      : (tensor<3x16x!x>, tensor<16x!z>) -> tensor<3x16x!y>
  return %r : tensor<3x16x!y>
})",
                          {{"$op", op}}));
}

TEST(QuantizedToLinalgTest, AddAndSubOfMixedSignedness) {
  const std::pair<std::string, std::string> types[] = {
      {"$i", "!quant.uniform<i8:f32, 0.05000000074505806:7>"},
      {"$u", "!quant.uniform<u8:f32, 0.03999999910593033:130>"}};
  for (const char *op : {"add", "sub"})
    for (const char *mix : {"iiu", "iui", "iuu", "uii", "uiu", "uui"}) {
      std::string source = substitute(
          R"(
func.func @main(%a: tensor<3x16x$A>, %b: tensor<16x$B>) -> tensor<3x16x$C> {
  %r = quantcc.$op %a, %b {stored_clamp = array<i32: 3, 101>,
      rounding = #quantcc.rounding<double>}
      : (tensor<3x16x$A>, tensor<16x$B>) -> tensor<3x16x$C>
  return %r : tensor<3x16x$C>
})",
          {{"$op", op},
           {"$A", std::string("$") + mix[0]},
           {"$B", std::string("$") + mix[1]},
           {"$C", std::string("$") + mix[2]},
           types[0],
           types[1]});
      EXPECT_EQ(compareWithInterpreter(source), "") << source;
    }
}

TEST(QuantizedToLinalgTest, MulAndRescale) {
  expectSame(R"(
func.func @main(%a: tensor<3x16x!x>, %b: tensor<3x1x!z>) -> tensor<3x16x!y> {
  %m = quantcc.mul %a, %b {$rounding}
      : (tensor<3x16x!x>, tensor<3x1x!z>) -> tensor<3x16x!z>
  %r = quantcc.rescale %m {$rounding} : (tensor<3x16x!z>) -> tensor<3x16x!y>
  return %r : tensor<3x16x!y>
})",
             kAllRoundings);
}

TEST(QuantizedToLinalgTest, PRelu) {
  expectSame(R"(
func.func @main(%a: tensor<3x16x!x>, %b: tensor<16x!z>) -> tensor<3x16x!y> {
  %r = quantcc.prelu %a, %b {$rounding}
      : (tensor<3x16x!x>, tensor<16x!z>) -> tensor<3x16x!y>
  return %r : tensor<3x16x!y>
})");
}

TEST(QuantizedToLinalgTest, ProductsOfMoreThan32Bits) {
  // 65535 * 65535, of values whose zero points are the ends of the storage.
  for (const char *op : {"mul", "prelu"})
    EXPECT_EQ(compareWithInterpreter(substitute(R"(
!a = !quant.uniform<i16:f32, 1.0:-32768>
!b = !quant.uniform<i16:f32, 0.5:32767>
!r = !quant.uniform<i16:f32, 65536.0:11>
func.func @main(%a: tensor<3x16x!b>, %b: tensor<16x!a>) -> tensor<3x16x!r> {
  %r = quantcc.$op %a, %b {rounding = #quantcc.rounding<single>}
      : (tensor<3x16x!b>, tensor<16x!a>) -> tensor<3x16x!r>
  return %r : tensor<3x16x!r>
})",
                                                {{"$op", op}})),
              "");
}

TEST(QuantizedToLinalgTest, Lookup) {
  expectSame(substitute(R"(
func.func @main(%a: tensor<300x!x>) -> tensor<300x!y> {
  %t = arith.constant $bytes : tensor<256xi8>
  %r = quantcc.lookup %a, %t
      : (tensor<300x!x>, tensor<256xi8>) -> tensor<300x!y>
  return %r : tensor<300x!y>
})",
                        {{"$bytes", bytes(256)}}),
             kNoRounding);
}

TEST(QuantizedToLinalgTest, Pools) {
  for (const char *op : {"avg_pool2d", "max_pool2d"})
    expectSame(substitute(R"(
func.func @main(%a: tensor<1x5x6x3x!x>) -> tensor<1x5x3x3x!x> {
  %r = quantcc.$op %a {kernel = array<i64: 3, 2>,
      strides = array<i64: 1, 2>, padding = array<i64: 1, 1, 0, 0>,
      stored_clamp = array<i32: 1, 99>}
      : (tensor<1x5x6x3x!x>) -> tensor<1x5x3x3x!x>
  return %r : tensor<1x5x3x3x!x>
})",
                          {{"$op", op}}),
               kNoRounding);
}

TEST(QuantizedToLinalgTest, AveragePoolOfTheWholeInput) {
  expectSame(R"(
func.func @main(%a: tensor<1x7x6x3x!x>) -> tensor<1x1x1x3x!x> {
  %r = quantcc.avg_pool2d %a {kernel = array<i64: 7, 6>,
      strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
      : (tensor<1x7x6x3x!x>) -> tensor<1x1x1x3x!x>
  return %r : tensor<1x1x1x3x!x>
})",
             kNoRounding);
}

TEST(QuantizedToLinalgTest, Mean) {
  expectSame(R"(
func.func @main(%a: tensor<2x7x6x3x!x>) -> (tensor<2x3x!y>) {
  %r = quantcc.mean %a {axes = array<i64: 1, 2>, $rounding}
      : (tensor<2x7x6x3x!x>) -> tensor<2x3x!y>
  return %r : tensor<2x3x!y>
})");
}

TEST(QuantizedToLinalgTest, MeanOverNothingBeforeAContraction) {
  // Each element of the mean is read several times, and is computed each time.
  expectSame(substitute(R"(
!w = !quant.uniform<i8:f32, 0.019999999552965164>
func.func @main(%a: tensor<2x3x5x!x>) -> tensor<2x3x4x!z> {
  %c = arith.constant $bytes : tensor<4x5xi8>
  %w = quant.scast %c : tensor<4x5xi8> to tensor<4x5x!w>
  %m = quantcc.mean %a {axes = array<i64>, $rounding}
      : (tensor<2x3x5x!x>) -> tensor<2x3x5x!y>
  %r = quantcc.linear %m, %w {$rounding}
      : (tensor<2x3x5x!y>, tensor<4x5x!w>) -> tensor<2x3x4x!z>
  return %r : tensor<2x3x4x!z>
})",
                        {{"$bytes", bytes(20)}}));
}

TEST(QuantizedToLinalgTest, Softmax) {
  for (unsigned length : {1, 12, 600})
    expectSame(substitute(R"(
func.func @main(%a: tensor<2x3x$Lx!x>) -> tensor<2x3x$Lx!p> {
  %r = quantcc.softmax %a {beta = 1.0 : f32}
      : (tensor<2x3x$Lx!x>) -> tensor<2x3x$Lx!p>
  return %r : tensor<2x3x$Lx!p>
})",
                          {{"$L", std::to_string(length)}}),
               kNoRounding);
}

TEST(QuantizedToLinalgTest, SoftmaxOfOtherStorage) {
  // A narrower range cuts large probabilities off, and of rows of one element
  // there is no other.
  for (const char *type :
       {"i8<-127:127>:f32, 0.00390625:-127", "i8<-100:30>:f32, 0.00390625:-100",
        "u8<1:255>:f32, 0.00390625:1", "u8:f32, 0.00390625",
        "i8:f32, 0.00390625:-128"})
    for (const char *length : {"1", "12"})
      expectSame(substitute(R"(
!o = !quant.uniform<$type>
func.func @main(%a: tensor<3x$Lx!x>) -> tensor<3x$Lx!o> {
  %r = quantcc.softmax %a {beta = 1.0 : f32}
      : (tensor<3x$Lx!x>) -> tensor<3x$Lx!o>
  return %r : tensor<3x$Lx!o>
})",
                            {{"$type", type}, {"$L", length}}),
                 kNoRounding);
}

TEST(QuantizedToLinalgTest, MovingOps) {
  expectSame(R"(
func.func @main(%a: tensor<2x3x4x!x>, %b: tensor<2x5x4x!x>)
    -> tensor<4x9x2x!x> {
  %c = quantcc.concat %a, %b {axis = 1 : i64}
      : (tensor<2x3x4x!x>, tensor<2x5x4x!x>) -> tensor<2x8x4x!x>
  %p = quantcc.pad %c {low = array<i64: 0, 1, 0>, high = array<i64: 0, 2, 0>,
      stored_value = 100 : i32} : (tensor<2x8x4x!x>) -> tensor<2x11x4x!x>
  %q = quantcc.pad %p {low = array<i64: 0, 0, 1>, high = array<i64: 0, 0, 0>}
      : (tensor<2x11x4x!x>) -> tensor<2x11x5x!x>
  %s = quantcc.slice %q {offsets = array<i64: 0, 10, 0>,
      strides = array<i64: 1, -1, 1>}
      : (tensor<2x11x5x!x>) -> tensor<2x9x4x!x>
  %t = quantcc.slice %q {offsets = array<i64: 0, 0, 0>,
      strides = array<i64: 1, 1, 1>}
      : (tensor<2x11x5x!x>) -> tensor<2x9x4x!x>
  %m = quantcc.maximum %s, %t
      : (tensor<2x9x4x!x>, tensor<2x9x4x!x>) -> tensor<2x9x4x!x>
  %n = quantcc.minimum %m, %t
      : (tensor<2x9x4x!x>, tensor<2x9x4x!x>) -> tensor<2x9x4x!x>
  %u = quantcc.reshape %n : (tensor<2x9x4x!x>) -> tensor<9x2x4x!x>
  %r = quantcc.transpose %u {permutation = array<i64: 2, 0, 1>}
      : (tensor<9x2x4x!x>) -> tensor<4x9x2x!x>
  return %r : tensor<4x9x2x!x>
})",
             kNoRounding);
}

/// Explicit multipliers on accumulators, $requantize'd along the last axis.
TEST(QuantizedToLinalgTest, Accumulators) {
  for (const char *wide : {"i32", "i64"})
    for (const char *rounding : {"double", "single", "half_even"}) {
      auto check = [&](const std::string &text) {
        std::string source = substitute(
            "!x = !quant.uniform<i8:f32, 1.0:7>\n"
            "!w = !quant.uniform<i8:f32, 1.0>\n"
            "!y = !quant.uniform<i8:f32, 1.0:-3>\n" +
                text,
            {{"$requantize",
              "quantcc.requantize %a {multipliers = array<i32: 2147483647, "
              "1, 1518500250>, shifts = array<i32: 40, 2, 29>, axis = $axis : "
              "i64, output_zero_point = -3 : i32, clamp_min = -128 : i32, "
              "clamp_max = 120 : i32, rounding = #quantcc.rounding<" +
                  std::string(rounding) + ">}"},
             {"$axis", text.find("conv2d") == std::string::npos ? "1" : "3"},
             {"$wide", wide},
             {"$bytes", bytes(36)}});
        EXPECT_EQ(compareWithInterpreter(source), "") << source;
      };
      check(R"(
func.func @main(%x: tensor<2x4x6x3x!x>) -> tensor<2x4x3x3x!y> {
  %c = arith.constant $bytes : tensor<3x2x2x3xi8>
  %w = quant.scast %c : tensor<3x2x2x3xi8> to tensor<3x2x2x3x!w>
  %a = quantcc.conv2d %x, %w {strides = array<i64: 1, 2>,
      padding = array<i64: 1, 0, 0, 0>, dilations = array<i64: 1, 1>,
      groups = 1 : i64}
      : (tensor<2x4x6x3x!x>, tensor<3x2x2x3x!w>) -> tensor<2x4x3x3x$wide>
  %r = $requantize : tensor<2x4x3x3x$wide> -> tensor<2x4x3x3xi8>
  %s = quant.scast %r : tensor<2x4x3x3xi8> to tensor<2x4x3x3x!y>
  return %s : tensor<2x4x3x3x!y>
})");
      check(R"(
func.func @main(%x: tensor<2x12x!x>) -> tensor<2x3x!y> {
  %c = arith.constant $bytes : tensor<3x12xi8>
  %w = quant.scast %c : tensor<3x12xi8> to tensor<3x12x!x>
  %a = quantcc.linear %x, %w
      : (tensor<2x12x!x>, tensor<3x12x!x>) -> tensor<2x3x$wide>
  %r = $requantize : tensor<2x3x$wide> -> tensor<2x3xi8>
  %s = quant.scast %r : tensor<2x3xi8> to tensor<2x3x!y>
  return %s : tensor<2x3x!y>
})");
      check(R"(
func.func @main(%x: tensor<2x12x!x>, %y: tensor<12x3x!y>) -> tensor<2x3x!y> {
  %a = quantcc.matmul %x, %y
      : (tensor<2x12x!x>, tensor<12x3x!y>) -> tensor<2x3x$wide>
  %r = $requantize : tensor<2x3x$wide> -> tensor<2x3xi8>
  %s = quant.scast %r : tensor<2x3xi8> to tensor<2x3x!y>
  return %s : tensor<2x3x!y>
})");
    }
}

TEST(QuantizedToLinalgTest, Resize) {
  for (const char *mode : {"nearest", "bilinear"})
    for (const char *flag : {"", "align_corners, ", "half_pixel_centers, "})
      expectSame(substitute(R"(
func.func @main(%a: tensor<1x3x5x2x!x>) -> tensor<1x7x4x2x!x> {
  %r = quantcc.resize %a {$flagmode = #quantcc.resize_mode<$mode>}
      : (tensor<1x3x5x2x!x>) -> tensor<1x7x4x2x!x>
  return %r : tensor<1x7x4x2x!x>
})",
                            {{"$mode", mode}, {"$flag", flag}}),
                 kNoRounding);
}

} // namespace
