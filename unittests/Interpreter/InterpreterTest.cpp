//===- InterpreterTest.cpp - Tests of preparing and running ---------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the interpreter refuses, and how it runs.
//
//===----------------------------------------------------------------------===//

#include "InterpretedFunction.h"

#include <thread>

using namespace quantcc;

namespace {

constexpr const char *kTwoOps = R"mlir(
  !x = !quant.uniform<i8<-127:127>:f32, 1.0>
  func.func @f(%a: tensor<2x!x>, %b: tensor<2x!x>)
      -> (tensor<2x!x>, tensor<2x!x>) {
    %0 = quantcc.maximum %a, %b
      : (tensor<2x!x>, tensor<2x!x>) -> tensor<2x!x>
    %1 = quantcc.minimum %0, %b
      : (tensor<2x!x>, tensor<2x!x>) -> tensor<2x!x>
    return %1, %a : tensor<2x!x>, tensor<2x!x>
  })mlir";

Tensor stored(std::vector<int64_t> values) {
  return {{static_cast<int64_t>(values.size())}, std::move(values), {}};
}

std::string errorOf(const InterpretedFunction &function,
                    std::vector<Tensor> inputs) {
  auto results = function.get().run(inputs);
  return results ? "" : llvm::toString(results.takeError());
}

TEST(Interpreter, ReportsEveryComputedValue) {
  InterpretedFunction function(kTwoOps);
  ASSERT_TRUE(function.isValid());
  std::vector<std::vector<int64_t>> seen;
  auto note = [&](mlir::Value, const Tensor &tensor) {
    seen.push_back(tensor.stored);
  };
  auto results = function.get().run({stored({1, 5}), stored({3, 4})}, note);
  ASSERT_TRUE(static_cast<bool>(results));
  EXPECT_EQ(seen, (std::vector<std::vector<int64_t>>{{3, 5}, {3, 4}}));
  ASSERT_EQ(results->size(), 2u);
  EXPECT_EQ((*results)[0].stored, (std::vector<int64_t>{3, 4}));
  EXPECT_EQ((*results)[1].stored, (std::vector<int64_t>{1, 5}));
}

TEST(Interpreter, RunsOnSeveralThreads) {
  InterpretedFunction function(kTwoOps);
  ASSERT_TRUE(function.isValid());
  std::vector<std::vector<int64_t>> found(4);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      auto results = function.get().run({stored({i, 9}), stored({2, 4})});
      if (results)
        found[i] = results->front().stored;
      else
        llvm::consumeError(results.takeError());
    });
  for (std::thread &thread : threads)
    thread.join();
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(found[i], (std::vector<int64_t>{2, 4}));
}

TEST(Interpreter, WrongInputsAreErrors) {
  InterpretedFunction function(kTwoOps);
  ASSERT_TRUE(function.isValid());
  EXPECT_EQ(errorOf(function, {stored({1, 2})}), "expected 2 inputs, found 1");
  EXPECT_EQ(errorOf(function, {stored({1, 2}), stored({1, 2, 3})}),
            "expected input 1 to be a "
            "tensor<2x!quant.uniform<i8<-127:127>:f32, 1.000000e+00>>");
  EXPECT_EQ(errorOf(function, {stored({1, -128}), stored({1, 2})}),
            "expected stored values within [-127, 127] in input 0, found "
            "-128");
}

constexpr const char *kStateful = R"mlir(
  !x = !quant.uniform<i8:f32, 1.0:-3>
  quantcc.variable @last : tensor<2x!x> = dense<[5, -9]> : tensor<2xi8>
  func.func @f(%x: tensor<2x!x>) -> (tensor<2x!x>, tensor<2x!x>) {
    %0 = quantcc.read_variable @last : tensor<2x!x>
    quantcc.assign_variable @last, %x : tensor<2x!x>
    %1 = quantcc.read_variable @last : tensor<2x!x>
    return %0, %1 : tensor<2x!x>, tensor<2x!x>
  })mlir";

TEST(Interpreter, VariablesLastFromRunToRun) {
  InterpretedFunction function(kStateful);
  ASSERT_TRUE(function.isValid()) << function.messages();
  InterpreterState state = function.get().initialState();
  ASSERT_EQ(state.size(), 1u);
  auto first = function.get().run({stored({1, 2})}, state);
  ASSERT_TRUE(static_cast<bool>(first));
  EXPECT_EQ((*first)[0].stored, stored({5, -9}).stored);
  EXPECT_EQ((*first)[1].stored, stored({1, 2}).stored);
  auto second = function.get().run({stored({3, 4})}, state);
  ASSERT_TRUE(static_cast<bool>(second));
  EXPECT_EQ((*second)[0].stored, stored({1, 2}).stored);
  // Without a state of its own, a run begins anew.
  auto fresh = function.get().run({stored({3, 4})});
  ASSERT_TRUE(static_cast<bool>(fresh));
  EXPECT_EQ((*fresh)[0].stored, stored({5, -9}).stored);
}

TEST(Interpreter, FloatOpsAreNamed) {
  InterpretedFunction function(R"mlir(
    func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> {
      %r = quantcc.rescale %x : (tensor<2xf32>) -> tensor<2xf32>
      return %r : tensor<2xf32>
    })mlir");
  EXPECT_FALSE(function.isValid());
  EXPECT_EQ(function.messages(),
            "'quantcc.rescale' op is not supported by the interpreter\n");
}

TEST(Interpreter, IslandsAreNamed) {
  InterpretedFunction function(R"mlir(
    !x = !quant.uniform<i8:f32, 1.0>
    func.func @f(%x: tensor<2x!x>) -> tensor<2x!x> {
      %r = quantcc.float_island (%x) reason "excluded"
          : (tensor<2x!x>) -> tensor<2x!x> {
      ^bb0(%a: tensor<2x!x>):
        quantcc.yield %a : tensor<2x!x>
      }
      return %r : tensor<2x!x>
    })mlir");
  EXPECT_FALSE(function.isValid());
  EXPECT_EQ(function.messages(),
            "'quantcc.float_island' op is not supported by the interpreter\n");
}

} // namespace
