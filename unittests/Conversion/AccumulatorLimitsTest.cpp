//===- AccumulatorLimitsTest.cpp - The largest sums -----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// -128 times -128, summed over as many terms as vectors of any width take at a
// time, one more and one fewer, and up to the last that i32 holds.
//
//===----------------------------------------------------------------------===//

#include "LoweredFunction.h"

#include "quantcc/Interpreter/Interpreter.h"

#include <gtest/gtest.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Parser/Parser.h>

using namespace mlir;
using namespace quantcc;

namespace {

/// A product of `depth` terms for `channels` output channels, whose weights are
/// all -128. With 2^-depthBits for a scale, the result is that of one product.
std::string product(int64_t depth, int64_t channels, const char *rounding,
                    double scale) {
  std::string k = std::to_string(depth), n = std::to_string(channels);
  return "!x = !quant.uniform<i8:f32, 1.0>\n"
         "!y = !quant.uniform<i16:f32, " +
         std::to_string(scale) + ">\nfunc.func @main(%x: tensor<1x" + k +
         "x!x>) -> tensor<1x" + n +
         "x!y> {\n  %c = arith.constant dense<-128> : tensor<" + n + "x" + k +
         "xi8>\n  %w = quant.scast %c : tensor<" + n + "x" + k +
         "xi8> to tensor<" + n + "x" + k +
         "x!x>\n  %r = quantcc.linear %x, %w {rounding = #quantcc.rounding<" +
         rounding + ">} : (tensor<1x" + k + "x!x>, tensor<" + n + "x" + k +
         "x!x>) -> tensor<1x" + n + "x!y>\n  return %r : tensor<1x" + n +
         "x!y>\n}\n";
}

/// The first result of the interpreter for inputs of -128.
int64_t interpreted(const std::string &source, int64_t depth) {
  auto context = createLoweringContext();
  OwningOpRef<ModuleOp> module =
      parseSourceString<ModuleOp>(source, context.get());
  auto interpreter =
      Interpreter::create(module->lookupSymbol<func::FuncOp>("main"));
  if (failed(interpreter))
    return INT64_MIN;
  Tensor input{{1, depth}, std::vector<int64_t>(depth, -128), {}};
  auto results = interpreter->run(input);
  if (!results) {
    llvm::consumeError(results.takeError());
    return INT64_MIN;
  }
  return results->front().stored.front();
}

TEST(AccumulatorLimits, EveryLaneWidth) {
  for (int64_t depth : {1,  2,  3,  4,  5,  7,  8,   9,   15,  16, 17,
                        31, 32, 33, 63, 64, 65, 127, 128, 129, 131})
    for (int64_t channels : {1, 17}) {
      // -128 * -128 is 2^14: at a scale of 128, 128 a term.
      std::string source = product(depth, channels, "double", 128.0);
      EXPECT_EQ(interpreted(source, depth), 128 * depth);
      EXPECT_EQ(
          compareWithInterpreter(source, {std::vector<int64_t>(depth, -128)}),
          "")
          << depth << " x " << channels;
    }
}

TEST(AccumulatorLimits, LastThatI32Holds) {
  // 131071 * 2^14 = 2^31 - 2^14; at a scale of 2^17, 2^14 less 1/8.
  const int64_t depth = 131071;
  std::string source = product(depth, 1, "double", 131072.0);
  EXPECT_EQ(interpreted(source, depth), 1 << 14);
  EXPECT_EQ(compareWithInterpreter(source, {std::vector<int64_t>(depth, -128)}),
            "");
}

TEST(AccumulatorLimits, FirstThatI32DoesNotHold) {
  const int64_t depth = 131072;
  auto context = createLoweringContext();
  std::string message;
  ScopedDiagnosticHandler handler(context.get(), [&](Diagnostic &diagnostic) {
    message += diagnostic.str();
    return success();
  });
  EXPECT_TRUE(lower(*context, product(depth, 1, "double", 131072.0),
                    "quantcc-convert-quantized-to-linalg"));
  EXPECT_NE(message.find("needs accumulators of 64 bits: they may reach "
                         "2147483648"),
            std::string::npos)
      << message;
  // It goes through 64 bits: 2^31 / 2^17.
  for (const char *rounding : {"double", "single"}) {
    std::string source = product(depth, 1, rounding, 131072.0);
    EXPECT_EQ(interpreted(source, depth), 1 << 14);
    EXPECT_EQ(
        compareWithInterpreter(source, {std::vector<int64_t>(depth, -128)}),
        "");
  }
}

TEST(AccumulatorLimits, Convolutions) {
  const std::string types = "!x = !quant.uniform<i8:f32, 1.0>\n"
                            "!y = !quant.uniform<i16:f32, 64.0>\n";
  for (int64_t channels : {1, 7, 16, 33}) {
    std::string c = std::to_string(channels);
    for (bool depthwise : {false, true}) {
      std::string weights = depthwise ? c + "x3x3x1" : "5x3x3x" + c;
      std::string result = "1x5x5x" + (depthwise ? c : std::string("5"));
      std::string source =
          types + "func.func @main(%x: tensor<1x5x5x" + c + "x!x>) -> tensor<" +
          result + "x!y> {\n  %c = arith.constant dense<-128> : tensor<" +
          weights + "xi8>\n  %w = quant.scast %c : tensor<" + weights +
          "xi8> to tensor<" + weights +
          "x!x>\n  %r = quantcc.conv2d %x, %w {strides = array<i64: 1, 1>, "
          "padding = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, "
          "groups = " +
          (depthwise ? c : std::string("1")) +
          " : i64, rounding = #quantcc.rounding<double>} : (tensor<1x5x5x" + c +
          "x!x>, tensor<" + weights + "x!x>) -> tensor<" + result +
          "x!y>\n  return %r : tensor<" + result + "x!y>\n}\n";
      EXPECT_EQ(compareWithInterpreter(
                    source, {std::vector<int64_t>(25 * channels, -128)}),
                "")
          << source;
    }
  }
}

} // namespace
