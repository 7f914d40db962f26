//===- MultiplyCountTest.cpp - Tests of counting multiplications ----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts by hand, and the layers that a network is cut into.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Benchmark/MultiplyCount.h"
#include "quantcc/Benchmark/LayerFunctions.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <gtest/gtest.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Quant/IR/Quant.h>
#include <mlir/IR/Verifier.h>
#include <mlir/Parser/Parser.h>

using namespace mlir;
using namespace quantcc;

namespace {

class NetworkTest : public testing::Test {
protected:
  NetworkTest() {
    context.loadDialect<arith::ArithDialect, func::FuncDialect,
                        quant::QuantDialect, QuantCCDialect>();
  }

  OwningOpRef<ModuleOp> parse(const char *source) {
    return parseSourceString<ModuleOp>(source, &context);
  }

  MLIRContext context;
};

using MultiplyCountTest = NetworkTest;
using LayerFunctionsTest = NetworkTest;

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

TEST_F(LayerFunctionsTest, CutsOutWhatTakesTime) {
  OwningOpRef<ModuleOp> module = parse(R"mlir(
    !q = !quant.uniform<i8:f32, 0.5>
    func.func @net(%x: tensor<1x4x!q>) -> tensor<3x1x!q> {
      %c = arith.constant dense<1> : tensor<3x4xi8>
      %w = quant.scast %c : tensor<3x4xi8> to tensor<3x4x!q>
      %0 = quantcc.linear %x, %w {rounding = #quantcc.rounding<single>}
           : (tensor<1x4x!q>, tensor<3x4x!q>) -> tensor<1x3x!q> loc("fc")
      %1 = quantcc.reshape %0 : (tensor<1x3x!q>) -> tensor<3x1x!q>
      %2 = quantcc.add %1, %1 {rounding = #quantcc.rounding<single>}
           : (tensor<3x1x!q>, tensor<3x1x!q>) -> tensor<3x1x!q> loc("twice")
      return %2 : tensor<3x1x!q>
    })mlir");
  ASSERT_TRUE(module);
  auto entry = *module->getOps<func::FuncOp>().begin();
  std::vector<LayerFunction> layers = cutIntoLayers(entry);
  ASSERT_EQ(layers.size(), 2u);
  EXPECT_EQ(layers[0].name, "fc");
  EXPECT_EQ(layers[0].kind, "linear");
  EXPECT_EQ(layers[0].shapes, "1x4 -> 1x3");
  EXPECT_EQ(layers[1].name, "twice");
  for (LayerFunction &layer : layers) {
    EXPECT_TRUE(succeeded(verify(*layer.module)));
    auto function = *layer.module->getOps<func::FuncOp>().begin();
    // Weights come along; a value that is used twice is one argument.
    EXPECT_EQ(function.getNumArguments(), 1u);
  }
}
