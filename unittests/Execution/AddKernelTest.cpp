//===- AddKernelTest.cpp - Kernels for sums, on buffers that end ----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GuardedBytes.h"
#include "KernelLayers.h"

#include "quantcc/Codegen/TargetInfo.h"
#include "quantcc/Execution/CompiledModel.h"

#include <gtest/gtest.h>
#include <llvm/TargetParser/Triple.h>
#include <mlir/Parser/Parser.h>
#include <random>

using namespace mlir;
using namespace quantcc;

namespace {

struct Sum {
  const char *shape;
  size_t elements;
  bool isDifference;
};

constexpr int32_t kLhsZero = 4, kRhsZero = -1, kZero = -3, kLow = -100,
                  kHigh = 90;

/// lhs / 2 + rhs / 4, or the difference.
std::string makeSource(const Sum &sum, bool isBiased) {
  std::string type = std::string("tensor<") + sum.shape + "xi8>";
  return "func.func @model(%a: " + type +
         " {quantcc.name = \"a\"}, %b: " + type +
         " {quantcc.name = \"b\"}) -> (" + type +
         " {quantcc.name = \"y\"}) {\n"
         "  %init = tensor.empty() : " +
         type +
         "\n"
         "  %y = quantcc.fused_add ins(%a, %b : " +
         type + ", " + type + ") outs(%init : " + type + ") {" +
         (sum.isDifference ? "subtract, " : "") +
         (isBiased ? "biased_operands, biased_result, " : "") +
         "lhs_zero_point = " + std::to_string(kLhsZero) +
         " : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, "
         "rhs_zero_point = " +
         std::to_string(kRhsZero) +
         " : i32, rhs_multiplier = 1073741824 : i32, rhs_shift = 32 : i32, "
         "left_shift = 20 : i32, output_multiplier = 1073741824 : i32, "
         "output_shift = 50 : i32, output_zero_point = " +
         std::to_string(kZero) + " : i32, clamp_min = " + std::to_string(kLow) +
         " : i32, clamp_max = " + std::to_string(kHigh) +
         " : i32, rounding = #quantcc.rounding<single>} -> " + type +
         "\n"
         "  return %y : " +
         type + "\n}\n";
}

class AddKernelTest : public testing::TestWithParam<Sum> {};

TEST_P(AddKernelTest, StaysWithinItsBuffers) {
  TargetInfo host = hostTarget();
  if (host.kernels == KernelSet::Portable ||
      llvm::Triple(host.triple).getArch() != llvm::Triple::x86_64)
    GTEST_SKIP() << "this machine has no kernels for sums";
  bool isBiased = takesBiasedBytes(host.kernels);
  int32_t flip = isBiased ? 0 : 128;
  const Sum &sum = GetParam();
  auto context = createKernelContext();
  auto module =
      parseSourceString<ModuleOp>(makeSource(sum, isBiased), context.get());
  ASSERT_TRUE(module);
  auto model = CompiledModel::compile(*module);
  ASSERT_TRUE(succeeded(model));

  std::mt19937 random(sum.elements);
  GuardedBytes a(sum.elements), b(sum.elements), y(sum.elements);
  GuardedBytes arena(llvm::alignTo((*model)->arenaBytes(), 64));
  std::vector<uint8_t> expected;
  for (size_t i = 0; i != sum.elements; ++i) {
    int32_t lhs = static_cast<int32_t>(random() % 256);
    int32_t rhs = static_cast<int32_t>(random() % 256);
    a.bytes[i] = static_cast<char>(lhs ^ flip);
    b.bytes[i] = static_cast<char>(rhs ^ flip);
    int32_t first = 2 * (lhs - 128 - kLhsZero), second = rhs - 128 - kRhsZero;
    // Quarters, halves of steps going up.
    int32_t quarters = sum.isDifference ? first - second : first + second;
    int32_t value = ((quarters + 2) >> 2) + kZero;
    expected.push_back(
        static_cast<uint8_t>((std::clamp(value, kLow, kHigh) + 128) ^ flip));
  }
  (*model)->run({a.bytes, b.bytes}, {y.bytes}, arena.bytes);
  std::vector<uint8_t> found(y.bytes, y.bytes + sum.elements);
  EXPECT_EQ(found, expected);
}

INSTANTIATE_TEST_SUITE_P(
    Sums, AddKernelTest,
    testing::Values(Sum{"1x8x8x16", 1024, false}, Sum{"1x5x7x3", 105, false},
                    Sum{"1x1x1x1", 1, false}, Sum{"63", 63, true},
                    Sum{"64", 64, true}, Sum{"2x65", 130, true}));

} // namespace
