//===- ExhaustiveTest.cpp - Whole domains of 8-bit ops --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every stored value of the unary ops and every pair of the binary ones,
// through the interpreter at the quantized and the integer stage and compiled
// code.
//
//===----------------------------------------------------------------------===//

#include "LoweredFunction.h"

#include <gtest/gtest.h>

using namespace quantcc;

namespace {

/// All stored values of 8 bits.
std::vector<int64_t> everyValue(bool isSigned) {
  std::vector<int64_t> all;
  for (int64_t value = isSigned ? -128 : 0; all.size() < 256; ++value)
    all.push_back(value);
  return all;
}

/// The types !x and !z of operands and !y of the result, by a name for the
/// case. Scales apart and together, small and large shifts, zero points at
/// ends.
struct Types {
  const char *name;
  bool isSigned;
  const char *text;
};

const Types kTypes[] = {
    {"near", true,
     "!x = !quant.uniform<i8:f32, 0.05000000074505806:7>\n"
     "!z = !quant.uniform<i8:f32, 0.03999999910593033:-11>\n"
     "!y = !quant.uniform<i8:f32, 0.09000000357627869:-20>\n"},
    {"ends", true,
     "!x = !quant.uniform<i8:f32, 0.125:-128>\n"
     "!z = !quant.uniform<i8:f32, 0.25:127>\n"
     "!y = !quant.uniform<i8:f32, 2.0:-128>\n"},
    {"apart", true,
     "!x = !quant.uniform<i8:f32, 0.0010000000474974513:3>\n"
     "!z = !quant.uniform<i8:f32, 0.800000011920929:0>\n"
     "!y = !quant.uniform<i8:f32, 0.30000001192092896:5>\n"},
    {"unsigned", false,
     "!x = !quant.uniform<u8:f32, 0.05000000074505806:130>\n"
     "!z = !quant.uniform<u8:f32, 0.03999999910593033:255>\n"
     "!y = !quant.uniform<u8:f32, 0.09000000357627869:0>\n"}};

class Exhaustive : public testing::TestWithParam<Types> {};

TEST_P(Exhaustive, RequantizingPairs) {
  std::vector<int64_t> all = everyValue(GetParam().isSigned);
  for (const char *op : {"add", "sub", "mul"})
    for (const char *rounding : {"double", "single", "half_even"}) {
      if (rounding[0] == 'h' && op[0] != 'm')
        continue;
      std::string source =
          GetParam().text +
          std::string("func.func @main(%a: tensor<256x1x!x>, "
                      "%b: tensor<1x256x!z>) -> "
                      "tensor<256x256x!y> {\n  %r = quantcc.") +
          op + " %a, %b {rounding = #quantcc.rounding<" + rounding +
          ">} : (tensor<256x1x!x>, tensor<1x256x!z>) -> "
          "tensor<256x256x!y>\n"
          "  return %r : tensor<256x256x!y>\n}\n";
      EXPECT_EQ(compareWithInterpreter(source, {all, all}), "") << source;
    }
}

TEST_P(Exhaustive, SelectingPairs) {
  std::vector<int64_t> all = everyValue(GetParam().isSigned);
  for (const char *op : {"maximum", "minimum"}) {
    std::string source =
        GetParam().text +
        std::string("func.func @main(%a: tensor<256x1x!x>, "
                    "%b: tensor<1x256x!x>) -> tensor<256x256x!x> {\n"
                    "  %r = quantcc.") +
        op +
        " %a, %b : (tensor<256x1x!x>, tensor<1x256x!x>) -> "
        "tensor<256x256x!x>\n  return %r : tensor<256x256x!x>\n}\n";
    EXPECT_EQ(compareWithInterpreter(source, {all, all}), "") << source;
  }
}

TEST_P(Exhaustive, SlopesOfPRelu) {
  std::vector<int64_t> all = everyValue(GetParam().isSigned);
  for (const char *rounding : {"double", "single"}) {
    std::string source =
        GetParam().text +
        std::string("func.func @main(%a: tensor<256x256x!x>, "
                    "%b: tensor<256x!z>) -> tensor<256x256x!y> {\n"
                    "  %r = quantcc.prelu %a, %b {rounding = "
                    "#quantcc.rounding<") +
        rounding +
        ">} : (tensor<256x256x!x>, tensor<256x!z>) -> "
        "tensor<256x256x!y>\n  return %r : tensor<256x256x!y>\n}\n";
    std::vector<int64_t> grid;
    for (int64_t value : all)
      grid.insert(grid.end(), 256, value);
    EXPECT_EQ(compareWithInterpreter(source, {grid, all}), "") << source;
  }
}

TEST_P(Exhaustive, Rescaled) {
  std::vector<int64_t> all = everyValue(GetParam().isSigned);
  for (const char *rounding : {"double", "single", "half_even"}) {
    std::string source = GetParam().text +
                         std::string("func.func @main(%a: tensor<256x!x>) -> "
                                     "tensor<256x!y> {\n  %r = quantcc.rescale "
                                     "%a {rounding = #quantcc.rounding<") +
                         rounding +
                         ">} : (tensor<256x!x>) -> tensor<256x!y>\n"
                         "  return %r : tensor<256x!y>\n}\n";
    EXPECT_EQ(compareWithInterpreter(source, {all}), "") << source;
  }
}

TEST_P(Exhaustive, LookedUp) {
  // Entry i is 91 * i + 5 modulo 256: every value once, in no order.
  std::string table = "dense<\"0x";
  for (unsigned i = 0; i < 256; ++i)
    for (unsigned digit : {(91 * i + 5) >> 4 & 15, (91 * i + 5) & 15})
      table += "0123456789ABCDEF"[digit];
  std::string source = GetParam().text +
                       std::string("func.func @main(%a: tensor<256x!x>) -> "
                                   "tensor<256x!y> {\n"
                                   "  %t = arith.constant ") +
                       table +
                       "\"> : tensor<256xi8>\n  %r = quantcc.lookup %a, %t : "
                       "(tensor<256x!x>, tensor<256xi8>) -> tensor<256x!y>\n"
                       "  return %r : tensor<256x!y>\n}\n";
  EXPECT_EQ(compareWithInterpreter(source, {everyValue(GetParam().isSigned)}),
            "")
      << source;
}

INSTANTIATE_TEST_SUITE_P(Types, Exhaustive, testing::ValuesIn(kTypes),
                         [](const auto &info) { return info.param.name; });

} // namespace
