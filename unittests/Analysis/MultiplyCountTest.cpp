//===- MultiplyCountTest.cpp - Tests of counting multiplications ----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts by hand.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Analysis/MultiplyCount.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <gtest/gtest.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/Quant/IR/Quant.h>
#include <mlir/IR/Verifier.h>
#include <mlir/Parser/Parser.h>

using namespace mlir;
using namespace quantcc;

namespace {

class MultiplyCountTest : public testing::Test {
protected:
  MultiplyCountTest() {
    context.loadDialect<arith::ArithDialect, func::FuncDialect,
                        quant::QuantDialect, QuantCCDialect>();
  }

  OwningOpRef<ModuleOp> parse(const char *source) {
    return parseSourceString<ModuleOp>(source, &context);
  }

  MLIRContext context;
};

} // namespace

TEST_F(MultiplyCountTest, CountsConvolutionByItsResult) {
  OwningOpRef<ModuleOp> module = parse(R"mlir(
    func.func @net(%x: tensor<1x5x7x4xf32>, %w: tensor<6x3x3x2xf32>)
        -> tensor<1x3x4x6xf32> {
      %r = quantcc.conv2d %x, %w {strides = array<i64: 2, 2>,
             padding = array<i64: 1, 1, 1, 1>,
             dilations = array<i64: 1, 1>, groups = 2 : i64}
           : (tensor<1x5x7x4xf32>, tensor<6x3x3x2xf32>)
           -> tensor<1x3x4x6xf32>
      return %r : tensor<1x3x4x6xf32>
    })mlir");
  ASSERT_TRUE(module);
  EXPECT_EQ(countMultiplies(*module), 3 * 4 * 6 * (3 * 3 * 2));
}

TEST_F(MultiplyCountTest, CountsTransposedConvolutionByItsInput) {
  OwningOpRef<ModuleOp> module = parse(R"mlir(
    func.func @net(%x: tensor<1x4x4x8xf32>, %w: tensor<3x3x3x8xf32>)
        -> tensor<1x8x8x3xf32> {
      %r = quantcc.transpose_conv2d %x, %w {strides = array<i64: 2, 2>,
             padding = array<i64: 0, 1, 0, 1>}
           : (tensor<1x4x4x8xf32>, tensor<3x3x3x8xf32>)
           -> tensor<1x8x8x3xf32>
      return %r : tensor<1x8x8x3xf32>
    })mlir");
  ASSERT_TRUE(module);
  EXPECT_EQ(countMultiplies(*module), 4 * 4 * (3 * 3 * 3 * 8));
}

TEST_F(MultiplyCountTest, AddsUpProducts) {
  OwningOpRef<ModuleOp> module = parse(R"mlir(
    func.func @net(%x: tensor<5x8xf32>, %w: tensor<3x8xf32>,
                   %y: tensor<2x8x7xf32>, %z: tensor<2x8x3xf32>)
        -> (tensor<5x3xf32>, tensor<2x7x3xf32>, tensor<5x8xf32>) {
      %0 = quantcc.linear %x, %w
           : (tensor<5x8xf32>, tensor<3x8xf32>) -> tensor<5x3xf32>
      %1 = quantcc.matmul %y, %z {transpose_lhs}
           : (tensor<2x8x7xf32>, tensor<2x8x3xf32>) -> tensor<2x7x3xf32>
      %2 = quantcc.mul %x, %x
           : (tensor<5x8xf32>, tensor<5x8xf32>) -> tensor<5x8xf32>
      return %0, %1, %2 : tensor<5x3xf32>, tensor<2x7x3xf32>, tensor<5x8xf32>
    })mlir");
  ASSERT_TRUE(module);
  EXPECT_EQ(countMultiplies(*module), 5 * 3 * 8 + 2 * 7 * 3 * 8);
}
