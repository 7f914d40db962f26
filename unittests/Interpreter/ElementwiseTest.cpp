//===- ElementwiseTest.cpp - Tests of N7, N8, N13, N15 and N16 ------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Ops on single elements. The expected values were computed with exact
// rational numbers from the rules' formulas.
//
//===----------------------------------------------------------------------===//

#include "InterpretedFunction.h"

#include <algorithm>
#include <cmath>
#include <llvm/Support/FormatVariadic.h>

using namespace quantcc;

namespace {

const std::vector<int32_t> kLhs = {-128, -127, -100, -64,  -33, -10,  -3, -1,
                                   0,    1,    2,    7,    31,  50,   63, 64,
                                   99,   126,  127,  -128, 127, -128, 5,  -77};
const std::vector<int32_t> kRhs = {127,  -128, 99,  -64,  32,  11, 3,   1,
                                   0,    -1,   -2,  -9,   -31, 51, -64, 63,
                                   -100, -128, 127, -128, 127, 0,  -6,  78};

/// The op `name` on operands of different parameters.
std::string binary(llvm::StringRef name, llvm::StringRef rounding,
                   llvm::StringRef rhsScale = "0.013000000268220901",
                   int rhsZeroPoint = 20, llvm::StringRef storage = "i8") {
  return llvm::formatv(R"mlir(
    !a = !quant.uniform<{4}:f32, 0.03999999910593033:-7>
    !b = !quant.uniform<i8:f32, {2}:{3}>
    !y = !quant.uniform<i8:f32, 0.05000000074505806:4>
    func.func @f(%a: tensor<24x!a>, %b: tensor<24x!b>) -> tensor<24x!y> {{
      %r = quantcc.{0} %a, %b {{rounding = #quantcc.rounding<{1}>}
        : (tensor<24x!a>, tensor<24x!b>) -> tensor<24x!y>
      return %r : tensor<24x!y>
    })mlir",
                       name, rounding, rhsScale, rhsZeroPoint, storage);
}

TEST(Add, RescalesBothOperands) {
  for (const char *rounding : {"double", "single"}) {
    InterpretedFunction function(binary("add", rounding));
    EXPECT_EQ(function({kLhs, kRhs}),
              (std::vector<int32_t>{-65, -128, -50, -63,  -14, -1,  3,  4,
                                    4,   5,    5,   8,    21,  58,  38, 72,
                                    58,  72,   127, -128, 127, -98, 7,  -37}));
  }
}

TEST(Sub, RescalesBothOperands) {
  for (const char *rounding : {"double", "single"}) {
    InterpretedFunction function(binary("sub", rounding));
    EXPECT_EQ(function({kLhs, kRhs}),
              (std::vector<int32_t>{-121, -54, -91, -20, -20, 4,   12, 14,
                                    15,   16,  17,  23,  48,  42,  82, 50,
                                    120,  127, 83,  -54, 83,  -88, 20, -67}));
  }
}

TEST(Add, HalfEvenIsRefused) {
  InterpretedFunction function(binary("add", "half_even"));
  EXPECT_FALSE(function.isValid());
  EXPECT_NE(function.messages().find("'quantcc.add'"), std::string::npos);
  EXPECT_NE(function.messages().find("(N3)"), std::string::npos);
}

/// N7 for storage of 16 bits in rational arithmetic: every quotient is formed
/// exactly and rounded as `double` does.
class WideAddition {
public:
  WideAddition(float lhs, float rhs, float out) {
    double twice = 2.0 * std::max(lhs, rhs);
    left = normalized(lhs / twice);
    right = normalized(rhs / twice);
    output = normalized(twice / (0x1p15 * out));
  }

  int32_t operator()(int64_t x, int64_t y, bool subtract) const {
    __int128 a = scaled(x * 32768, left), b = scaled(y * 32768, right);
    __int128 result = scaled(subtract ? a - b : a + b, output);
    return static_cast<int32_t>(std::clamp<__int128>(result, -32768, 32767));
  }

private:
  struct Fraction {
    int64_t mantissa;
    int exponent; // TFLite's: the number is mantissa * 2^(exponent - 31)
  };

  static Fraction normalized(double real) {
    Fraction fraction;
    fraction.mantissa =
        std::llround(std::frexp(real, &fraction.exponent) * 0x1p31);
    return fraction;
  }

  /// floor(a / b), b > 0.
  static __int128 floorOf(__int128 a, __int128 b) {
    return a / b - (a % b < 0 ? 1 : 0);
  }

  static __int128 scaled(__int128 value, Fraction factor) {
    EXPECT_LE(factor.exponent, 0);
    __int128 unit = __int128(1) << 31, divisor = __int128(1)
                                                 << -factor.exponent;
    __int128 high = floorOf(2 * value * factor.mantissa + unit, 2 * unit);
    __int128 magnitude = high < 0 ? -high : high;
    __int128 rounded = floorOf(2 * magnitude + divisor, 2 * divisor);
    return high < 0 ? -rounded : rounded;
  }

  Fraction left, right, output;
};

TEST(Add, SixteenBitOperandsKeepFifteenFractionalBits) {
  const std::vector<int32_t> extremes = {-32768, -32767, -12345, -1,    0,
                                         1,      2,      9999,   32766, 32767};
  std::vector<int32_t> lhs, rhs;
  for (int32_t x : extremes)
    for (int32_t y : extremes) {
      lhs.push_back(x);
      rhs.push_back(y);
    }
  for (const char *op : {"add", "sub"}) {
    std::string text = llvm::formatv(R"mlir(
      !x = !quant.uniform<i16:f32, 0.0009583584615029395>
      !z = !quant.uniform<i16:f32, 0.0005941494018770754>
      !y = !quant.uniform<i16:f32, 0.0009693715837784111>
      func.func @f(%a: tensor<100x!x>, %b: tensor<100x!z>) -> tensor<100x!y> {{
        %r = quantcc.{0} %a, %b {{rounding = #quantcc.rounding<double>}
          : (tensor<100x!x>, tensor<100x!z>) -> tensor<100x!y>
        return %r : tensor<100x!y>
      })mlir",
                                     op);
    InterpretedFunction function(text);
    WideAddition expected(0.0009583584615029395f, 0.0005941494018770754f,
                          0.0009693715837784111f);
    std::vector<int32_t> results;
    for (size_t i = 0; i < lhs.size(); ++i)
      results.push_back(expected(lhs[i], rhs[i], op == llvm::StringRef("sub")));
    EXPECT_EQ(function({lhs, rhs}), results) << op;
  }
}

TEST(Add, OperandsBroadcast) {
  InterpretedFunction function(R"mlir(
    !x = !quant.uniform<i8:f32, 1.0>
    func.func @f(%a: tensor<2x1x2x!x>, %b: tensor<3x1x!x>)
        -> tensor<2x3x2x!x> {
      %r = quantcc.add %a, %b {stored_clamp = array<i32: 2, 100>,
        rounding = #quantcc.rounding<double>}
        : (tensor<2x1x2x!x>, tensor<3x1x!x>) -> tensor<2x3x2x!x>
      return %r : tensor<2x3x2x!x>
    })mlir");
  EXPECT_EQ(
      function({{1, 2, 3, 4}, {10, -1, 110}}),
      (std::vector<int32_t>{11, 12, 2, 2, 100, 100, 13, 14, 2, 3, 100, 100}));
}

TEST(Mul, MultipliesCentredValues) {
  for (const char *rounding : {"double", "single", "half_even"}) {
    InterpretedFunction function(binary("mul", rounding));
    EXPECT_EQ(function({kLhs, kRhs}),
              (std::vector<int32_t>{-128, 127,  -72, 54,  1,   4,  3,   3,
                                    3,    2,    2,   0,   -16, 22, -57, 36,
                                    -128, -128, 127, 127, 127, 29, 1,   -38}));
  }
}

TEST(PRelu, NegativeValuesAreMultipliedBySlope) {
  for (const char *rounding : {"double", "single"}) {
    InterpretedFunction function(
        binary("prelu", rounding, "0.019999999552965164", -3));
    EXPECT_EQ(function({kLhs, kRhs}),
              (std::vector<int32_t>{-128, 127, -128, 60,  -11, 3,  7,  9,
                                    10,   10,  11,   15,  34,  50, 60, 61,
                                    89,   110, 111,  127, 111, -2, 14, -87}));
  }
}

TEST(Rescale, ClampsStoredValues) {
  InterpretedFunction function(R"mlir(
    !x = !quant.uniform<i8:f32, 1.0:-128>
    !y = !quant.uniform<u8:f32, 2.0:10>
    func.func @f(%x: tensor<5x!x>) -> tensor<5x!y> {
      %r = quantcc.rescale %x {stored_clamp = array<i32: 11, 130>,
        rounding = #quantcc.rounding<single>}
        : (tensor<5x!x>) -> tensor<5x!y>
      return %r : tensor<5x!y>
    })mlir");
  EXPECT_EQ(function({{-128, -127, -125, 127, 0}}),
            (std::vector<int32_t>{11, 11, 12, 130, 74}));
}

TEST(MaximumAndMinimum, CompareStoredValues) {
  const char *text = R"mlir(
    !x = !quant.uniform<i8:f32, 0.5:4>
    func.func @f(%a: tensor<3x!x>, %b: tensor<1x!x>) -> tensor<3x!x> {{
      %r = quantcc.{0} %a, %b : (tensor<3x!x>, tensor<1x!x>) -> tensor<3x!x>
      return %r : tensor<3x!x>
    })mlir";
  InterpretedFunction maximum(llvm::formatv(text, "maximum").str());
  InterpretedFunction minimum(llvm::formatv(text, "minimum").str());
  EXPECT_EQ(maximum({{-128, 3, 127}, {3}}), (std::vector<int32_t>{3, 3, 127}));
  EXPECT_EQ(minimum({{-128, 3, 127}, {3}}), (std::vector<int32_t>{-128, 3, 3}));
}

/// The table of x -> 3x + 1 (mod 256) over the bits of an 8-bit value, entry 0
/// for the least stored value.
std::string lookup(llvm::StringRef input, llvm::StringRef output) {
  std::string table;
  for (int i = 0; i < 256; ++i)
    table += (i ? ", " : "") + std::to_string(static_cast<int8_t>(3 * i + 1));
  return llvm::formatv(R"mlir(
    func.func @f(%x: tensor<4x{0}>) -> tensor<4x{1}> {{
      %t = arith.constant dense<[{2}]> : tensor<256xi8>
      %r = quantcc.lookup %x, %t
        : (tensor<4x{0}>, tensor<256xi8>) -> tensor<4x{1}>
      return %r : tensor<4x{1}>
    })mlir",
                       input, output, table);
}

TEST(Lookup, SignedInputStartsAtMinus128) {
  // Entries 0, 1, 128 and 255: 1, 4, 385 = 129 mod 256, 766 = 254 mod 256.
  const std::vector<int32_t> inputs = {-128, -127, 0, 127};
  InterpretedFunction stored(
      lookup("!quant.uniform<i8:f32, 0.5:3>", "!quant.uniform<i8:f32, 0.25>"));
  EXPECT_EQ(stored({inputs}), (std::vector<int32_t>{1, 4, -127, -2}));
  InterpretedFunction plain(lookup("i8", "i8"));
  EXPECT_EQ(plain({inputs}), (std::vector<int32_t>{1, 4, -127, -2}));
}

TEST(Lookup, NarrowRangeStillStartsAtTheTypesMinimum) {
  InterpretedFunction function(lookup("!quant.uniform<i8<-127:127>:f32, 0.5>",
                                      "!quant.uniform<i8:f32, 0.25>"));
  EXPECT_EQ(function({{-127, -126, 0, 127}}),
            (std::vector<int32_t>{4, 7, -127, -2}));
}

TEST(Lookup, UnsignedResultTakesTheBits) {
  InterpretedFunction function(
      lookup("!quant.uniform<u8:f32, 0.5:3>", "!quant.uniform<u8:f32, 0.25>"));
  EXPECT_EQ(function({{0, 1, 128, 255}}),
            (std::vector<int32_t>{1, 4, 129, 254}));
}

} // namespace
