//===- RecurrentToLinalgTest.cpp - Tests of the lowering of LSTM and SVDF -===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layers with a state, lowered, compiled and run, against the interpreter.
//
//===----------------------------------------------------------------------===//

#include "LoweredFunction.h"

#include <gtest/gtest.h>
#include <llvm/Support/FormatVariadic.h>

using namespace quantcc;

namespace {

/// `count` values over the whole range of i8, in rows of `columns`, from a
/// sequence that depends on `seed`.
std::string matrix(unsigned rows, unsigned columns, unsigned seed) {
  std::string text = "[";
  for (unsigned i = 0; i < rows * columns; ++i) {
    if (i % columns == 0)
      text += i == 0 ? "[" : "], [";
    else
      text += ", ";
    int value = static_cast<int>((i * 89 + seed * 151 + 128) % 256) - 128;
    text += std::to_string(value);
  }
  return text + "]]";
}

/// The constant `name` of `type`, whose storage type is `storage`.
std::string constant(const std::string &name, const std::string &shape,
                     const std::string &values, const std::string &storage,
                     const std::string &type) {
  return llvm::formatv("  %{0}_stored = arith.constant dense<{1}> : "
                       "tensor<{2}x{3}>\n"
                       "  %{0} = quant.scast %{0}_stored : tensor<{2}x{3}> to "
                       "tensor<{2}x{4}>\n",
                       name, values, shape, storage, type);
}

struct LstmCase {
  const char *cellScale;
  bool timeMajor;
  bool hasBias;
  const char *clip;
  const char *rounding;
  /// Whether the input has no weights to the first unit, whose bound is 0 then.
  bool firstUnitIsDeaf = false;
};

/// An LSTM of 2 batches, 5 steps, 3 features and 4 units; each gate has its own
/// weights and scales.
std::string lstm(const LstmCase &test) {
  std::string sequence = test.timeMajor ? "5x2" : "2x5";
  std::string text =
      llvm::formatv("!x = !quant.uniform<i8:f32, 0.05000000074505806:7>\n"
                    "!h = !quant.uniform<i8:f32, 0.0078125:-5>\n"
                    "!c = !quant.uniform<i16:f32, {0}>\n",
                    test.cellScale);
  const char *scales[] = {"0.009999999776482582", "0.0020000000949949026",
                          "0.25", "0.00089999998454004526"};
  for (int gate = 0; gate < 4; ++gate)
    text += llvm::formatv("!w{0} = !quant.uniform<i8:f32, {1}>\n"
                          "!r{0} = !quant.uniform<i8:f32, {2}>\n",
                          gate, scales[gate], scales[3 - gate]);
  text += llvm::formatv(
      "func.func @main(%x: tensor<{0}x3x!x>, %h: tensor<2x4x!h>, %c: "
      "tensor<2x4x!c>) -> (tensor<{0}x4x!h>, tensor<2x4x!h>, tensor<2x4x!c>) "
      "{{\n",
      sequence);
  std::string types, biasTypes;
  for (int gate = 0; gate < 4; ++gate) {
    std::string digit = std::to_string(gate);
    std::string weights = test.firstUnitIsDeaf
                              ? "[[0, 0, 0], [3, -128, 127], [5, -7, 0], "
                                "[-128, -1, 90]]"
                              : matrix(4, 3, gate);
    text += constant("w" + digit, "4x3", weights, "i8", "!w" + digit);
    text += constant("r" + digit, "4x4", matrix(4, 4, gate + 4), "i8",
                     "!r" + digit);
    text += "  %b" + digit + " = arith.constant dense<[" + digit +
            "000, -2000, 70000, -40]> : tensor<4xi32>\n";
    biasTypes += ", tensor<4xi32>";
  }
  for (const char *shape : {"4x3x!w", "4x4x!r"})
    for (int gate = 0; gate < 4; ++gate)
      types += ", tensor<" + std::string(shape) + std::to_string(gate) + ">";
  text += llvm::formatv(
      "  %y:3 = quantcc.lstm %x, %h, %c input_weights(%w0, %w1, %w2, %w3) "
      "recurrent_weights(%r0, %r1, %r2, %r3) {1} {{{2} {3} rounding = "
      "#quantcc.rounding<{4}>} : (tensor<{0}x3x!x>, tensor<2x4x!h>, "
      "tensor<2x4x!c>{5}{6}) -> (tensor<{0}x4x!h>, tensor<2x4x!h>, "
      "tensor<2x4x!c>)\n"
      "  return %y#0, %y#1, %y#2 : tensor<{0}x4x!h>, tensor<2x4x!h>, "
      "tensor<2x4x!c>\n}",
      sequence, test.hasBias ? "bias(%b0, %b1, %b2, %b3)" : "",
      test.timeMajor ? "time_major," : "", test.clip, test.rounding, types,
      test.hasBias ? biasTypes : "");
  return text;
}

TEST(RecurrentToLinalgTest, Lstm) {
  const LstmCase cases[] = {
      {"4.8828125e-04", false, true, "", "double"},
      {"4.8828125e-04", true, true, "cell_clip = 1.3 : f32,", "double"},
      {"3.0517578125e-05", false, false, "", "double"},
      {"3.0517578125e-05", true, true, "cell_clip = 0.5 : f32,", "single"},
      {"1.0", false, true, "cell_clip = 1.0e9 : f32,", "single"},
      {"2.44140625e-04", false, true, "", "single"},
      {"2.44140625e-04", false, false, "", "double", true},
  };
  for (const LstmCase &test : cases) {
    std::string source = lstm(test);
    EXPECT_EQ(compareWithInterpreter(source), "") << source;
  }
}

/// An SVDF of 2 batches, 3 features and 4 filters over `memory` steps.
std::string svdf(const std::string &state, const std::string &time,
                 unsigned rank, unsigned memory, const std::string &timeValues,
                 bool hasBias, const std::string &attributes) {
  std::string text = llvm::formatv(
      "!x = !quant.uniform<i8:f32, 0.05000000074505806:7>\n"
      "!wf = !quant.uniform<i8:f32, 0.009999999776482582>\n"
      "!s = !quant.uniform<{0}>\n"
      "!wt = !quant.uniform<{1}:f32, 0.0020000000949949026>\n"
      "!y = !quant.uniform<i8:f32, 0.25:-20>\n"
      "func.func @main(%x: tensor<2x3x!x>, %s: tensor<2x{2}x!s>) -> "
      "(tensor<2x{3}x!y>, tensor<2x{2}x!s>) {{\n",
      state, time, 4 * memory, 4 / rank);
  text += constant("wf", "4x3", matrix(4, 3, 1), "i8", "!wf");
  text +=
      constant("wt", llvm::formatv("4x{0}", memory), timeValues, time, "!wt");
  text += llvm::formatv(
      "  %b = arith.constant dense<-3000> : tensor<{0}xi32>\n", 4 / rank);
  text += llvm::formatv(
      "  %y:2 = quantcc.svdf %x, %s, %wf, %wt {0} {{rank = {1} : i64, {2}} : "
      "(tensor<2x3x!x>, tensor<2x{3}x!s>, tensor<4x3x!wf>, tensor<4x{4}x!wt> "
      "{5}) -> (tensor<2x{6}x!y>, tensor<2x{3}x!s>)\n"
      "  return %y#0, %y#1 : tensor<2x{6}x!y>, tensor<2x{3}x!s>\n}",
      hasBias ? ", %b" : "", rank, attributes, 4 * memory, memory,
      hasBias ? llvm::formatv(", tensor<{0}xi32>", 4 / rank).str() : "",
      4 / rank);
  return text;
}

TEST(RecurrentToLinalgTest, Svdf) {
  const std::string twice = "rounding = #quantcc.rounding<double>",
                    once = "rounding = #quantcc.rounding<single>, stored_clamp "
                           "= array<i32: -20, 100>",
                    wide = "i16:f32, 0.0020000000949949026",
                    narrow = "i8:f32, 0.05000000074505806:-30";
  const std::string sources[] = {
      svdf(wide, "i16", 2, 5, matrix(4, 5, 2), true, twice),
      svdf(wide, "i16", 1, 5, "32767", true, twice),
      svdf(wide, "i8", 4, 2, matrix(4, 2, 3), false, once),
      svdf(narrow, "i8", 2, 3, matrix(4, 3, 5), true, once),
      svdf(narrow, "i8", 2, 1, matrix(4, 1, 5), true, twice),
  };
  for (const std::string &source : sources)
    EXPECT_EQ(compareWithInterpreter(source), "") << source;
}

} // namespace
