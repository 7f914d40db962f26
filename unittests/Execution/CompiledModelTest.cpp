//===- CompiledModelTest.cpp - Tests of running compiled models -----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs small hand-written models and compares with plain C++ loops.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Execution/CompiledModel.h"
#include "quantcc/Codegen/CompileObject.h"
#include "quantcc/Codegen/LLVMBackend.h"

#include <gtest/gtest.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Quant/IR/Quant.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/Parser/Parser.h>
#include <numeric>
#include <thread>

using namespace mlir;
using namespace quantcc;

namespace {

class CompiledModelTest : public testing::Test {
protected:
  CompiledModelTest() : context(makeRegistry()) {
    context.loadAllAvailableDialects();
  }

  static DialectRegistry makeRegistry() {
    DialectRegistry registry;
    registry.insert<arith::ArithDialect, func::FuncDialect,
                    linalg::LinalgDialect, quant::QuantDialect, QuantCCDialect,
                    scf::SCFDialect, tensor::TensorDialect>();
    registerCodegenModels(registry);
    return registry;
  }

  std::unique_ptr<CompiledModel> compile(const char *source) {
    OwningOpRef<ModuleOp> module =
        parseSourceString<ModuleOp>(source, &context);
    if (!module)
      return nullptr;
    auto model = CompiledModel::compile(*module);
    return succeeded(model) ? std::move(*model) : nullptr;
  }

  /// Memory for an arena, aligned as the models want it.
  struct Arena {
    explicit Arena(const CompiledModel &model)
        : bytes(static_cast<char *>(std::aligned_alloc(
              64, llvm::alignTo(model.arenaBytes() + 1, 64)))) {}
    ~Arena() { std::free(bytes); }
    char *bytes;
  };

  MLIRContext context;
};

constexpr const char *kMatmul = R"(
  func.func @model(%a: tensor<5x7xi8> {quantcc.name = "a"},
                   %b: tensor<7x3xi8> {quantcc.name = "b"})
      -> (tensor<5x3xi32> {quantcc.name = "y"}) {
    %zero = arith.constant 0 : i32
    %empty = tensor.empty() : tensor<5x3xi32>
    %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<5x3xi32>)
        -> tensor<5x3xi32>
    %y = linalg.matmul ins(%a, %b : tensor<5x7xi8>, tensor<7x3xi8>)
        outs(%init : tensor<5x3xi32>) -> tensor<5x3xi32>
    return %y : tensor<5x3xi32>
  })";

TEST_F(CompiledModelTest, MultipliesMatrices) {
  auto model = compile(kMatmul);
  ASSERT_TRUE(model);
  ASSERT_EQ(model->inputs().size(), 2u);
  ASSERT_EQ(model->outputs().size(), 1u);
  EXPECT_EQ(model->inputs()[1].name, "b");
  EXPECT_EQ(model->outputs()[0].shape, (SmallVector<int64_t>{5, 3}));
  EXPECT_EQ(model->outputs()[0].format.bits, 32u);

  int8_t a[35], b[21];
  for (int i = 0; i < 35; ++i)
    a[i] = static_cast<int8_t>(i * 37 - 128);
  for (int i = 0; i < 21; ++i)
    b[i] = static_cast<int8_t>(127 - i * 29);
  int32_t y[15];
  Arena arena(*model);
  model->run({a, b}, {y}, arena.bytes);
  for (int i = 0; i < 5; ++i)
    for (int j = 0; j < 3; ++j) {
      int32_t sum = 0;
      for (int k = 0; k < 7; ++k)
        sum += a[i * 7 + k] * b[k * 3 + j];
      EXPECT_EQ(y[i * 3 + j], sum);
    }
}

TEST_F(CompiledModelTest, RunsInManyThreads) {
  auto model = compile(kMatmul);
  ASSERT_TRUE(model);
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      Arena arena(*model);
      std::vector<int8_t> a(35, static_cast<int8_t>(t + 1)), b(21, 2);
      for (int repeat = 0; repeat < 1000; ++repeat) {
        int32_t y[15];
        model->run({a.data(), b.data()}, {y}, arena.bytes);
        for (int32_t value : y)
          wrong[t] += value != 14 * (t + 1);
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(std::accumulate(wrong.begin(), wrong.end(), 0), 0);
}

TEST_F(CompiledModelTest, ReturnsInputsConstantsAndOneValueTwice) {
  auto model = compile(R"(
    func.func @model(%a: tensor<4xi8>)
        -> (tensor<4xi8>, tensor<3xi8>, tensor<4xi8>, tensor<2x2xi8>) {
      %c = arith.constant dense<[7, -8, 9]> : tensor<3xi8>
      %empty = tensor.empty() : tensor<4xi8>
      %twice = linalg.add ins(%a, %a : tensor<4xi8>, tensor<4xi8>)
          outs(%empty : tensor<4xi8>) -> tensor<4xi8>
      %square = tensor.expand_shape %twice [[0, 1]] output_shape [2, 2]
          : tensor<4xi8> into tensor<2x2xi8>
      return %a, %c, %twice, %square
          : tensor<4xi8>, tensor<3xi8>, tensor<4xi8>, tensor<2x2xi8>
    })");
  ASSERT_TRUE(model);
  const int8_t a[4] = {1, -2, 3, -4};
  int8_t same[4], constant[3], twice[4], square[4];
  Arena arena(*model);
  model->run({a}, {same, constant, twice, square}, arena.bytes);
  EXPECT_TRUE(std::equal(a, a + 4, same));
  const int8_t expectedConstant[3] = {7, -8, 9};
  EXPECT_TRUE(std::equal(constant, constant + 3, expectedConstant));
  const int8_t expected[4] = {2, -4, 6, -8};
  EXPECT_TRUE(std::equal(twice, twice + 4, expected));
  EXPECT_TRUE(std::equal(square, square + 4, expected));
}

TEST_F(CompiledModelTest, KeepsInputsAsTheyAre) {
  auto model = compile(R"(
    func.func @model(%a: tensor<4xi32>) -> tensor<4xi32> {
      %y = linalg.add ins(%a, %a : tensor<4xi32>, tensor<4xi32>)
          outs(%a : tensor<4xi32>) -> tensor<4xi32>
      return %y : tensor<4xi32>
    })");
  ASSERT_TRUE(model);
  const int32_t a[4] = {1, 2, 3, 4};
  int32_t y[4];
  Arena arena(*model);
  model->run({a}, {y}, arena.bytes);
  EXPECT_EQ(a[0], 1);
  EXPECT_EQ(y[3], 8);
}

/// A sum over all runs, and two variables that change places in each.
constexpr const char *kStateful = R"(
  #id = affine_map<(d0) -> (d0)>
  quantcc.variable @sum : tensor<3xi32> = dense<[100, 200, 300]> : tensor<3xi32>
  quantcc.variable @a : tensor<5xi8> = dense<[1, 2, 3, 4, 5]> : tensor<5xi8>
  quantcc.variable @b : tensor<5xi8> = dense<-7> : tensor<5xi8>
  func.func @model(%x: tensor<3xi32>) -> (tensor<3xi32>, tensor<5xi8>) {
    %old = quantcc.read_variable @sum : tensor<3xi32>
    %e = tensor.empty() : tensor<3xi32>
    %new = linalg.add ins(%old, %x : tensor<3xi32>, tensor<3xi32>)
        outs(%e : tensor<3xi32>) -> tensor<3xi32>
    quantcc.assign_variable @sum, %new : tensor<3xi32>
    %a = quantcc.read_variable @a : tensor<5xi8>
    %b = quantcc.read_variable @b : tensor<5xi8>
    quantcc.assign_variable @a, %b : tensor<5xi8>
    quantcc.assign_variable @b, %a : tensor<5xi8>
    return %new, %a : tensor<3xi32>, tensor<5xi8>
  })";

TEST_F(CompiledModelTest, KeepsVariablesFromRunToRun) {
  auto model = compile(kStateful);
  ASSERT_TRUE(model);
  EXPECT_EQ(model->stateBytes(), 48);
  EXPECT_EQ(model->stateAlignment(), 16);
  ASSERT_EQ(model->inputs().size(), 1u);
  ASSERT_EQ(model->outputs().size(), 2u);
  Arena arena(*model);
  // Two states at once, one behind the other.
  alignas(16) char states[2][48];
  for (char *state : states)
    model->reset(state);
  const std::vector<int8_t> ascending{1, 2, 3, 4, 5}, sevens(5, -7);
  for (int run = 1; run <= 3; ++run)
    for (int which = 0; which < 2; ++which) {
      int32_t x[3] = {which + 1, 2, -3}, sum[3];
      std::vector<int8_t> a(5);
      model->run({x}, {sum, a.data()}, arena.bytes, states[which]);
      EXPECT_EQ(sum[0], 100 + run * (which + 1));
      EXPECT_EQ(sum[1], 200 + run * 2);
      EXPECT_EQ(sum[2], 300 - run * 3);
      EXPECT_EQ(a, run % 2 ? ascending : sevens);
    }
  model->reset(states[0]);
  int32_t x[3] = {0, 0, 0}, sum[3];
  std::vector<int8_t> a(5);
  model->run({x}, {sum, a.data()}, arena.bytes, states[0]);
  EXPECT_EQ(sum[2], 300);
  EXPECT_EQ(a, ascending);
}

TEST_F(CompiledModelTest, DoesNotContractFloatOperations) {
  auto model = compile(R"(
    #id = affine_map<(d0) -> (d0)>
    func.func @model(%a: tensor<64xf32>, %b: tensor<64xf32>,
                     %c: tensor<64xf32>) -> tensor<64xf32> {
      %e = tensor.empty() : tensor<64xf32>
      %y = linalg.generic {indexing_maps = [#id, #id, #id, #id],
                           iterator_types = ["parallel"]}
          ins(%a, %b, %c : tensor<64xf32>, tensor<64xf32>, tensor<64xf32>)
          outs(%e : tensor<64xf32>) {
      ^bb0(%x: f32, %m: f32, %s: f32, %out: f32):
        %p = arith.mulf %x, %m : f32
        %r = arith.addf %p, %s : f32
        linalg.yield %r : f32
      } -> tensor<64xf32>
      return %y : tensor<64xf32>
    })");
  ASSERT_TRUE(model);
  std::vector<float> a(64), b(64), c(64), y(64);
  for (int i = 0; i < 64; ++i) {
    a[i] = 1.0f + static_cast<float>(i) * 0x1p-20f;
    b[i] = 1.0f + static_cast<float>(i + 3) * 0x1p-21f;
    volatile float product = a[i] * b[i];
    c[i] = -product;
  }
  Arena arena(*model);
  model->run({a.data(), b.data(), c.data()}, {y.data()}, arena.bytes);
  // A fused multiply-add would leave the rounding error of the product.
  for (float value : y)
    EXPECT_EQ(value, 0.0f);
}

TEST_F(CompiledModelTest, RefusesAnObjectWithoutItsEntryPoint) {
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(kMatmul, &context);
  auto object = compileObject(*module, hostTarget());
  ASSERT_TRUE(succeeded(object));
  object->interface.symbol = "no_such_function";
  auto model = CompiledModel::load(object->interface, object->bytes);
  ASSERT_FALSE(static_cast<bool>(model));
  EXPECT_NE(llvm::toString(model.takeError()).find("no_such_function"),
            std::string::npos);
}

TEST_F(CompiledModelTest, RefusesAnObjectForAnotherMachine) {
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(kMatmul, &context);
  auto object = compileObject(*module, *lookupTarget("rv32imc"));
  ASSERT_TRUE(succeeded(object));
  auto model = CompiledModel::load(object->interface, object->bytes);
  ASSERT_FALSE(static_cast<bool>(model));
  EXPECT_EQ(llvm::toString(model.takeError())
                .rfind("cannot load the compiled model: it is for riscv32", 0),
            0u);
}

TEST_F(CompiledModelTest, RefusesADynamicShape) {
  std::string message;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    message += diagnostic.str();
    return success();
  });
  EXPECT_FALSE(compile("func.func @model(%a: tensor<?xi8>) -> tensor<?xi8> {"
                       "  return %a : tensor<?xi8> }"));
  EXPECT_NE(message.find("static shape"), std::string::npos) << message;
}

} // namespace
