//===- ReductionTest.cpp - Reductions on guarded pages --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Vectors of reductions whose channels are no multiple of any vector's lanes:
// right to the last channel, and nothing beyond it.
//
//===----------------------------------------------------------------------===//

#include "GuardedBytes.h"
#include "KernelLayers.h"

#include "quantcc/Execution/CompiledModel.h"

#include <gtest/gtest.h>
#include <llvm/Support/MathExtras.h>
#include <mlir/Parser/Parser.h>
#include <random>

using namespace mlir;
using namespace quantcc;

namespace {

constexpr int64_t kRows = 3, kColumns = 5;

/// Of windows of 2 by 3 in images of kRows by kColumns, moved by 1 and 2.
std::string makeSource(int64_t channels, bool isSum) {
  std::string c = std::to_string(channels);
  std::string in = "tensor<1x3x5x" + c + "xi8>", window = "tensor<2x3xi8>";
  std::string out = "tensor<1x2x2x" + c + (isSum ? "xi32>" : "xi8>");
  return "func.func @model(%x: " + in + " {quantcc.name = \"x\"}) -> (" + out +
         " {quantcc.name = \"y\"}) {\n"
         "  %least = arith.constant " +
         (isSum ? "1000 : i32" : "-128 : i8") +
         "\n"
         "  %empty = tensor.empty() : " +
         out +
         "\n"
         "  %window = tensor.empty() : " +
         window +
         "\n"
         "  %init = linalg.fill ins(%least : " +
         (isSum ? "i32" : "i8") + ") outs(%empty : " + out + ") -> " + out +
         "\n"
         "  %y = linalg.pooling_nhwc_" +
         (isSum ? "sum" : "max") +
         " {strides = dense<[1, 2]> : tensor<2xi64>, dilations = dense<1> : "
         "tensor<2xi64>} ins(%x, %window : " +
         in + ", " + window + ") outs(%init : " + out + ") -> " + out +
         "\n"
         "  return %y : " +
         out + "\n}\n";
}

class ReductionTest : public testing::TestWithParam<std::tuple<int, bool>> {};

TEST_P(ReductionTest, StaysWithinItsBuffers) {
  auto [channels, isSum] = GetParam();
  auto context = createKernelContext();
  auto module =
      parseSourceString<ModuleOp>(makeSource(channels, isSum), context.get());
  ASSERT_TRUE(module);
  auto model = CompiledModel::compile(*module);
  ASSERT_TRUE(succeeded(model));

  std::mt19937 random(channels);
  size_t results = 4 * channels;
  GuardedBytes x(kRows * kColumns * channels);
  GuardedBytes y(results * (isSum ? 4 : 1));
  GuardedBytes arena(llvm::alignTo((*model)->arenaBytes(), 64));
  std::vector<int> values(kRows * kColumns * channels);
  for (size_t i = 0; i != values.size(); ++i) {
    values[i] = static_cast<int>(random() % 256) - 128;
    x.bytes[i] = static_cast<char>(values[i]);
  }
  std::vector<int> expected, found;
  for (int row : {0, 1})
    for (int column : {0, 2})
      for (int c = 0; c != channels; ++c) {
        int sum = 1000, largest = -128;
        for (int i = 0; i != 2; ++i)
          for (int j = 0; j != 3; ++j) {
            int value =
                values[((row + i) * kColumns + column + j) * channels + c];
            sum += value;
            largest = std::max(largest, value);
          }
        expected.push_back(isSum ? sum : largest);
      }
  (*model)->run({x.bytes}, {y.bytes}, arena.bytes);
  for (size_t i = 0; i != results; ++i) {
    int32_t sum;
    if (isSum)
      std::memcpy(&sum, y.bytes + 4 * i, 4);
    found.push_back(isSum ? sum : static_cast<signed char>(y.bytes[i]));
  }
  EXPECT_EQ(found, expected);
}

INSTANTIATE_TEST_SUITE_P(Channels, ReductionTest,
                         testing::Combine(testing::Values(1, 3, 4, 7, 16, 31,
                                                          64, 131),
                                          testing::Bool()));

} // namespace
