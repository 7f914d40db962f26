//===- MatMulKernelTest.cpp - Products of activations, on buffers that end ===//
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
#include <llvm/Support/raw_ostream.h>
#include <mlir/Parser/Parser.h>
#include <random>

using namespace mlir;
using namespace quantcc;

namespace {

struct Product {
  int64_t batches, rows, depth, columns;
  bool isTransposed;
  int32_t lhsZero, rhsZero;
};

constexpr int32_t kZero = -3, kLow = -100, kHigh = 90, kBits = 11;

std::string makeSource(const Product &p) {
  auto type = [](int64_t batches, int64_t rows, int64_t columns) {
    return "tensor<" + std::to_string(batches) + "x" + std::to_string(rows) +
           "x" + std::to_string(columns) + "xi8>";
  };
  std::string a = type(p.batches, p.rows, p.depth);
  std::string b = p.isTransposed ? type(p.batches, p.columns, p.depth)
                                 : type(p.batches, p.depth, p.columns);
  std::string y = type(p.batches, p.rows, p.columns);
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << "func.func @model(%a: " << a << " {quantcc.name = \"a\"}, %b: " << b
         << " {quantcc.name = \"b\"}) -> (" << y
         << " {quantcc.name = \"y\"}) {\n"
         << "  %init = tensor.empty() : " << y << "\n"
         << "  %y = quantcc.fused_matmul ins(%a, %b : " << a << ", " << b
         << ") outs(%init : " << y << ") {"
         << (p.isTransposed ? "transpose_rhs, " : "")
         << "lhs_zero_point = " << p.lhsZero
         << " : i32, rhs_zero_point = " << p.rhsZero
         << " : i32, multiplier = 1073741824 : i32, shift = " << 30 + kBits
         << " : i32, output_zero_point = " << kZero
         << " : i32, clamp_min = " << kLow << " : i32, clamp_max = " << kHigh
         << " : i32, rounding = #quantcc.rounding<single>} -> " << y
         << "\n  return %y : " << y << "\n}\n";
  return text;
}

class MatMulKernelTest : public testing::TestWithParam<Product> {};

TEST_P(MatMulKernelTest, StaysWithinItsBuffers) {
  TargetInfo host = hostTarget();
  if (host.kernels == KernelSet::Portable ||
      host.kernels == KernelSet::Scalar || hasRiscvVectors(host.kernels))
    GTEST_SKIP() << "this machine has no kernels for products of activations";
  const Product &p = GetParam();
  auto context = createKernelContext();
  auto module = parseSourceString<ModuleOp>(makeSource(p), context.get());
  ASSERT_TRUE(module);
  auto model = CompiledModel::compile(*module);
  ASSERT_TRUE(succeeded(model));

  std::mt19937 random(p.depth);
  size_t size = p.batches * p.rows * p.columns;
  GuardedBytes a(p.batches * p.rows * p.depth),
      b(p.batches * p.depth * p.columns), y(size);
  GuardedBytes arena(llvm::alignTo((*model)->arenaBytes(), 64));
  // What is left there from layers before must not matter.
  std::fill_n(arena.bytes, (*model)->arenaBytes(), char(0x5a));
  for (int64_t i = 0; i != p.batches * p.rows * p.depth; ++i)
    a.bytes[i] = static_cast<char>(random());
  for (int64_t i = 0; i != p.batches * p.depth * p.columns; ++i)
    b.bytes[i] = static_cast<char>(random());
  std::vector<int> expected;
  for (int64_t batch = 0; batch != p.batches; ++batch)
    for (int64_t row = 0; row != p.rows; ++row)
      for (int64_t column = 0; column != p.columns; ++column) {
        int64_t sum = 0;
        for (int64_t k = 0; k != p.depth; ++k) {
          int64_t place =
              p.isTransposed ? column * p.depth + k : k * p.columns + column;
          auto lhs = static_cast<int8_t>(
              a.bytes[(batch * p.rows + row) * p.depth + k]);
          auto rhs =
              static_cast<int8_t>(b.bytes[batch * p.depth * p.columns + place]);
          sum += (lhs - p.lhsZero) * (rhs - p.rhsZero);
        }
        int64_t value = ((sum + (1 << (kBits - 1))) >> kBits) + kZero;
        expected.push_back(std::clamp<int64_t>(value, kLow, kHigh));
      }
  (*model)->run({a.bytes, b.bytes}, {y.bytes}, arena.bytes);
  std::vector<int> found;
  for (size_t i = 0; i != size; ++i)
    found.push_back(static_cast<int8_t>(y.bytes[i]));
  EXPECT_EQ(found, expected);
}

INSTANTIATE_TEST_SUITE_P(Products, MatMulKernelTest,
                         testing::Values(Product{2, 7, 64, 64, false, 5, -7},
                                         Product{2, 7, 64, 64, true, 5, -7},
                                         Product{1, 1, 1, 1, false, -128, 127},
                                         Product{3, 13, 19, 37, false, -128, 3},
                                         Product{3, 13, 19, 37, true, 0, 3},
                                         Product{1, 4, 3, 130, false, 127, 0},
                                         Product{1, 4, 3, 130, true, -128, 0},
                                         Product{2, 5, 33, 5, false, 0, 0},
                                         Product{2, 5, 33, 5, true, 0, 0}));

} // namespace
