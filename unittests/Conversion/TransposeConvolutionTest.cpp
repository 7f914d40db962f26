//===- TransposeConvolutionTest.cpp - Transposed convolution in f32 -------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs the float form of transpose_conv2d and compares it with sums that are
// scattered from each input position.
//
//===----------------------------------------------------------------------===//

#include "LoweredFunction.h"

#include <cstring>
#include <gtest/gtest.h>

using namespace quantcc;

namespace {

std::vector<char> pack(const std::vector<float> &values) {
  std::vector<char> bytes(values.size() * sizeof(float));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

TEST(TransposeConvolutionTest, FloatFormAddsWindows) {
  auto context = createLoweringContext();
  auto module = lower(*context, R"(
func.func @main(%x: tensor<1x2x3x2xf32>, %w: tensor<3x3x2x2xf32>,
                %b: tensor<3xf32>) -> tensor<1x4x6x3xf32> {
  %r = quantcc.transpose_conv2d %x, %w, %b {strides = array<i64: 2, 2>,
      padding = array<i64: 1, 0, 0, 0>}
      : (tensor<1x2x3x2xf32>, tensor<3x3x2x2xf32>, tensor<3xf32>)
      -> tensor<1x4x6x3xf32>
  return %r : tensor<1x4x6x3xf32>
})",
                      "quantcc-convert-float-to-linalg");
  ASSERT_TRUE(module);
  auto model = CompiledModel::compile(*module);
  ASSERT_TRUE(succeeded(model));

  // Small integers: sums are exact in any order.
  std::vector<float> x, w, b = {100, 200, 300}, expected(4 * 6 * 3);
  for (int i = 0; i < 12; ++i)
    x.push_back(static_cast<float>(i * 5 % 7 - 3));
  for (int i = 0; i < 36; ++i)
    w.push_back(static_cast<float>(i * 11 % 13 - 6));
  for (size_t i = 0; i < expected.size(); ++i)
    expected[i] = b[i % 3];
  for (int iy = 0; iy < 2; ++iy)
    for (int ix = 0; ix < 3; ++ix)
      for (int ky = 0; ky < 3; ++ky)
        for (int kx = 0; kx < 2; ++kx)
          for (int o = 0; o < 3; ++o)
            for (int c = 0; c < 2; ++c) {
              int row = 2 * iy + ky - 1, column = 2 * ix + kx;
              if (row >= 0)
                expected[(row * 6 + column) * 3 + o] +=
                    x[(iy * 3 + ix) * 2 + c] *
                    w[((o * 3 + ky) * 2 + kx) * 2 + c];
            }
  EXPECT_EQ(runModel(**model, {pack(x), pack(w), pack(b)})[0], pack(expected));
}

} // namespace
