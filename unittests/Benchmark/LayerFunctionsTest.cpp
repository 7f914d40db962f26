//===- LayerFunctionsTest.cpp - Tests of cutting layers out ---------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The layers that a network is cut into.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Benchmark/LayerFunctions.h"
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

class LayerFunctionsTest : public testing::Test {
protected:
  LayerFunctionsTest() {
    context.loadDialect<arith::ArithDialect, func::FuncDialect,
                        quant::QuantDialect, QuantCCDialect>();
  }

  OwningOpRef<ModuleOp> parse(const char *source) {
    return parseSourceString<ModuleOp>(source, &context);
  }

  MLIRContext context;
};

} // namespace

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
