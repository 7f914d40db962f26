//===- ExceptionKernelTest.cpp - Requantization with an exception ---------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A layer whose channels no line in f32 requantizes, run on the accumulators
// around each of their steps. (docs/Numerics.md, N74)
//
//===----------------------------------------------------------------------===//

#include "KernelLayers.h"

#include "quantcc/Codegen/TargetInfo.h"
#include "quantcc/Execution/CompiledModel.h"
#include "quantcc/Support/FloatRequantization.h"

#include <gtest/gtest.h>
#include <mlir/Parser/Parser.h>

using namespace mlir;
using namespace quantcc;

namespace {

constexpr int64_t kMultiplier = 1108090059;
constexpr int32_t kShift = 39, kLow = -128, kHigh = 127;
/// Inputs of a pixel: those whose weight is 127, and one whose weight is 1.
constexpr int64_t kLarge = 11, kInputs = kLarge + 1, kResults = 16;

/// By the definition: halves go up, those of the second step away from zero.
int64_t requantizeSum(int64_t sum) {
  int64_t high = (sum * kMultiplier + (int64_t(1) << 30)) >> 31;
  constexpr int32_t shift = kShift - 31;
  constexpr int64_t half = int64_t(1) << (shift - 1);
  int64_t value =
      high < 0 ? -((-high + half) >> shift) : (high + half) >> shift;
  return std::clamp<int64_t>(value + kLow, kLow, kHigh);
}

/// Sums next to each step on either side, and the ends.
std::vector<int64_t> interestingSums() {
  constexpr int64_t most = kLarge * 127 * 127;
  std::vector<int64_t> sums = {-most, 0, most};
  for (int64_t sum = -most; sum != most; ++sum)
    if (requantizeSum(sum) != requantizeSum(sum + 1))
      sums.insert(sums.end(), {sum - 1, sum, sum + 1, sum + 2});
  return sums;
}

/// Stored values whose products add up to `sum`.
std::vector<int64_t> inputsFor(int64_t sum) {
  int64_t last = sum % 127, rest = sum / 127;
  std::vector<int64_t> inputs;
  for (int64_t i = 0; i != kLarge; ++i) {
    inputs.push_back(std::clamp<int64_t>(rest, -127, 127));
    rest -= inputs.back();
  }
  EXPECT_EQ(rest, 0);
  inputs.push_back(last);
  return inputs;
}

std::string makeSource(size_t pixels, bool isBiased) {
  std::string shape = "tensor<1x1x" + std::to_string(pixels) + "x";
  std::string x = shape + std::to_string(kInputs) + "xi8>";
  std::string y = shape + std::to_string(kResults) + "xi8>";
  std::string w = "tensor<" + std::to_string(kResults) + "x1x1x" +
                  std::to_string(kInputs) + "xi8>";
  std::string b = "tensor<" + std::to_string(kResults) + "xi32>";
  std::string weights;
  for (int64_t result = 0; result != kResults; ++result) {
    for (int64_t i = 0; i != kLarge; ++i)
      weights += "7F";
    weights += "01";
  }
  return "func.func @model(%x: " + x + " {quantcc.name = \"x\"}) -> (" + y +
         " {quantcc.name = \"y\"}) {\n  %w = arith.constant dense<\"0x" +
         weights + "\"> : " + w + "\n  %b = arith.constant dense<0> : " + b +
         "\n  %init = tensor.empty() : " + y +
         "\n  %y = quantcc.fused_conv2d ins(%x, %w, %b : " + x + ", " + w +
         ", " + b + ") outs(%init : " + y + ") {" +
         (isBiased ? "biased_input, biased_result, " : "") +
         "strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, "
         "multipliers = array<i32: " +
         std::to_string(kMultiplier) +
         ">, shifts = array<i32: " + std::to_string(kShift) +
         ">, output_zero_point = " + std::to_string(kLow) +
         " : i32, clamp_min = " + std::to_string(kLow) +
         " : i32, clamp_max = " + std::to_string(kHigh) +
         " : i32, rounding = #quantcc.rounding<double>} -> " + y +
         "\n  return %y : " + y + "\n}\n";
}

TEST(ExceptionKernelTest, EveryStepIsWhereItMustBe) {
  KernelSet kernels = hostTarget().kernels;
  if (kernels == KernelSet::Portable)
    GTEST_SKIP() << "this machine has no kernels";
  constexpr int64_t most = kLarge * 127 * 127 + 127,
                    least = -kInputs * 127 * 128;
  ChannelRequantization channel{{kMultiplier, kShift},
                                Rounding::Double,
                                kLow,
                                {kLow, kHigh},
                                {least, most}};
  // Else the layer would test nothing.
  ASSERT_FALSE(findFloatRequantization(channel, kBitsFloatForm));
  ASSERT_TRUE(findFloatRequantization(channel, kMendedBitsFloatForm));

  bool isBiased = takesBiasedBytes(kernels);
  int64_t bias = isBiased ? 128 : 0;
  std::vector<int64_t> sums = interestingSums();
  std::vector<uint8_t> input, expected;
  for (int64_t sum : sums) {
    for (int64_t value : inputsFor(sum))
      input.push_back(static_cast<uint8_t>(value + bias));
    expected.insert(expected.end(), kResults,
                    static_cast<uint8_t>(requantizeSum(sum) + bias));
  }
  auto context = createKernelContext();
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(
      makeSource(sums.size(), isBiased), context.get());
  ASSERT_TRUE(module);
  auto model = CompiledModel::compile(*module);
  ASSERT_TRUE(succeeded(model));
  std::vector<uint8_t> found(expected.size());
  alignas(64) static uint8_t arena[1 << 16];
  ASSERT_LE((*model)->arenaBytes(), sizeof(arena));
  (*model)->run({input.data()}, {found.data()}, arena);
  EXPECT_EQ(found, expected);
}

} // namespace
