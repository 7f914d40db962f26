//===- NetworkLayersTest.cpp - Tests of describing layers -----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layers whose description can be read off their text.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Analysis/NetworkLayers.h"
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

class NetworkLayersTest : public testing::Test {
protected:
  NetworkLayersTest() {
    context.loadDialect<arith::ArithDialect, func::FuncDialect,
                        quant::QuantDialect, QuantCCDialect>();
  }

  OwningOpRef<ModuleOp> parse(const char *source) {
    return parseSourceString<ModuleOp>(source, &context);
  }

  MLIRContext context;
};

} // namespace

TEST_F(NetworkLayersTest, DescribesWhatTakesTime) {
  OwningOpRef<ModuleOp> module = parse(R"mlir(
    !q = !quant.uniform<i8:f32, 0.5:-3>
    !w = !quant.uniform<i8<-127:127>:f32:0, {0.25,0.125,1.0}>
    func.func @net(%x: tensor<1x4x!q>) -> tensor<3x1x!q> {
      %c = arith.constant dense<1> : tensor<3x4xi8>
      %w = quant.scast %c : tensor<3x4xi8> to tensor<3x4x!w>
      %0 = quantcc.linear %x, %w {rounding = #quantcc.rounding<single>}
           : (tensor<1x4x!q>, tensor<3x4x!w>) -> tensor<1x3x!q> loc("fc")
      %1 = quantcc.float_island (%0) reason "too fine"
           : (tensor<1x3x!q>) -> tensor<1x3x!q> {
      ^bb0(%a: tensor<1x3x!q>):
        %f = quant.dcast %a : tensor<1x3x!q> to tensor<1x3xf32>
        %s = quantcc.add %f, %f
             : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<1x3xf32>
        %t = quantcc.mul %s, %f
             : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<1x3xf32>
        %b = quant.qcast %t : tensor<1x3xf32> to tensor<1x3x!q>
        quantcc.yield %b : tensor<1x3x!q>
      } loc("fine")
      %2 = quantcc.reshape %1 : (tensor<1x3x!q>) -> tensor<3x1x!q>
      return %2 : tensor<3x1x!q>
    })mlir");
  ASSERT_TRUE(module);
  std::vector<NetworkLayer> layers =
      describeLayers(*module->getOps<func::FuncOp>().begin());
  ASSERT_EQ(layers.size(), 2u);

  const NetworkLayer &linear = layers[0];
  EXPECT_EQ(linear.name, "fc");
  EXPECT_EQ(linear.kind, "linear");
  EXPECT_EQ(linear.shapes, "1x4 -> 1x3");
  EXPECT_EQ(linear.macs, 12);
  EXPECT_FALSE(linear.isFloat());
  EXPECT_EQ(linear.result.type, "i8");
  EXPECT_EQ(linear.result.parameters, 1);
  EXPECT_EQ(linear.result.smallestScale, 0.5);
  EXPECT_EQ(linear.result.largestZeroPoint, -3);
  EXPECT_EQ(linear.result.storedMin, -128);
  ASSERT_TRUE(linear.weights);
  EXPECT_EQ(linear.weights->parameters, 3);
  EXPECT_EQ(linear.weights->smallestScale, 0.125);
  EXPECT_EQ(linear.weights->largestScale, 1.0);
  EXPECT_EQ(linear.weights->storedMin, -127);

  const NetworkLayer &island = layers[1];
  EXPECT_EQ(island.name, "fine");
  EXPECT_EQ(island.kind, "add + mul");
  EXPECT_EQ(island.floatReason, "too fine");
  EXPECT_FALSE(island.weights);
}
