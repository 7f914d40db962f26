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
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/IR/Verifier.h>
#include <mlir/Parser/Parser.h>

using namespace mlir;
using namespace quantcc;

namespace {

class LayerFunctionsTest : public testing::Test {
protected:
  LayerFunctionsTest() {
    context.loadDialect<arith::ArithDialect, func::FuncDialect,
                        quant::QuantDialect, QuantCCDialect,
                        tensor::TensorDialect>();
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

TEST_F(LayerFunctionsTest, CutsTheKernelOutOfALayer) {
  const char *kernel = R"mlir(
      %0 = quantcc.fused_conv2d ins(%p, %w, %b : tensor<1x6x6x4xi8>,
           tensor<3x3x4xi8>, tensor<4xi32>) outs(%init : tensor<1x4x4x4xi8>)
           {depthwise, biased_input, strides = array<i64: 1, 1>,
            dilations = array<i64: 1, 1>, multipliers = array<i32: 1518500250>,
            shifts = array<i32: 34>, output_zero_point = 0 : i32,
            clamp_min = -128 : i32, clamp_max = 127 : i32,
            rounding = #quantcc.rounding<single>} -> tensor<1x4x4x4xi8>
    )mlir";
  auto makeLayer =
      [&](const std::string &kernels) {
        return parse((R"mlir(
    func.func @layer(%x: tensor<1x4x4x4xi8>) -> tensor<1x4x4x4xi8> {
      %w = arith.constant dense<1> : tensor<3x3x4xi8>
      %b = arith.constant dense<0> : tensor<4xi32>
      %zero = arith.constant 0 : i8
      %p = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
      ^bb0(%i: index, %j: index, %k: index, %l: index):
        tensor.yield %zero : i8
      } : tensor<1x4x4x4xi8> to tensor<1x6x6x4xi8>
      %init = tensor.empty() : tensor<1x4x4x4xi8>
    )mlir" + kernels + "return %x : tensor<1x4x4x4xi8>\n}")
                         .c_str());
      };
  OwningOpRef<ModuleOp> layer = makeLayer(kernel);
  ASSERT_TRUE(layer);
  OwningOpRef<ModuleOp> alone = cutOutKernel(*layer);
  ASSERT_TRUE(alone);
  EXPECT_TRUE(succeeded(verify(*alone)));
  auto function = *alone->getOps<func::FuncOp>().begin();
  // The input has its padding already; weights, bias and memory come along.
  ASSERT_EQ(function.getNumArguments(), 1u);
  EXPECT_EQ(cast<ShapedType>(function.getArgumentTypes()[0]).getShape(),
            ArrayRef<int64_t>({1, 6, 6, 4}));
  EXPECT_EQ(llvm::range_size(function.getOps<FusedConv2DOp>()), 1);
  EXPECT_TRUE(function.getOps<tensor::PadOp>().empty());

  OwningOpRef<ModuleOp> none = makeLayer("");
  ASSERT_TRUE(none);
  EXPECT_FALSE(cutOutKernel(*none));
}
