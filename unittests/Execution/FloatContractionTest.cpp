//===- FloatContractionTest.cpp - Sums of f32 keep their order ------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiles contractions of f32 with vectors of several lengths, and compares
// every bit with docs/Numerics.md, N19: one chain of rounded products, in
// row-major order from +0, then bias and clamp.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/CompileObject.h"
#include "quantcc/Codegen/LLVMBackend.h"
#include "quantcc/Execution/CompiledModel.h"

#include <gtest/gtest.h>
#include <llvm/Support/FormatVariadic.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/Parser/Parser.h>
#include <random>

using namespace mlir;
using namespace quantcc;

namespace {

/// A convolution: input [1,H,W,C], result [1,Y,X,O], window [KY,KX,C].
struct Layer {
  int64_t y, x, o, ky, kx, c, stride;
  bool isDepthwise;
  int64_t height() const { return (y - 1) * stride + ky; }
  int64_t width() const { return (x - 1) * stride + kx; }
  /// Channels of the result for each of the input, where it is depthwise.
  int64_t multiplier() const { return o / c; }
};

class FloatContractionTest : public testing::TestWithParam<unsigned> {
protected:
  FloatContractionTest() : context(makeRegistry()) {
    context.loadAllAvailableDialects();
  }

  static DialectRegistry makeRegistry() {
    DialectRegistry registry;
    registry
        .insert<arith::ArithDialect, func::FuncDialect, linalg::LinalgDialect,
                scf::SCFDialect, tensor::TensorDialect>();
    registerCodegenModels(registry);
    return registry;
  }

  void check(const Layer &layer);

  MLIRContext context;
};

} // namespace

/// Values whose sum depends on the order in which they are added.
static std::vector<float> randomValues(size_t count, std::mt19937 &random) {
  std::vector<float> values(count);
  for (float &value : values)
    value = std::ldexp(float(int32_t(random())), -31 - int(random() % 8));
  return values;
}

static std::string spell(const Layer &l) {
  const char *maps =
      l.isDepthwise
          ? R"(affine_map<(n,y,x,i,j,c,m) -> (n, y * {0} + i, x * {0} + j, c)>,
             affine_map<(n,y,x,i,j,c,m) -> (i, j, c, m)>,
             affine_map<(n,y,x,i,j,c,m) -> (n, y, x, c, m)>], iterator_types =
             ["parallel", "parallel", "parallel", "reduction", "reduction", "parallel", "parallel"])"
          : R"(affine_map<(n,y,x,i,j,c,o) -> (n, y * {0} + i, x * {0} + j, c)>,
             affine_map<(n,y,x,i,j,c,o) -> (i, j, c, o)>,
             affine_map<(n,y,x,i,j,c,o) -> (n, y, x, o)>], iterator_types =
             ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "parallel"])";
  std::string loops = llvm::formatv(false, maps, l.stride).str();
  std::string input =
      llvm::formatv("tensor<1x{0}x{1}x{2}xf32>", l.height(), l.width(), l.c);
  std::string weights =
      llvm::formatv("tensor<{0}x{1}x{2}x{3}xf32>", l.ky, l.kx, l.c,
                    l.isDepthwise ? l.multiplier() : l.o);
  std::string bias = llvm::formatv("tensor<{0}xf32>", l.o);
  std::string flat = llvm::formatv("tensor<1x{0}x{1}x{2}xf32>", l.y, l.x, l.o);
  std::string sums = l.isDepthwise
                         ? llvm::formatv("tensor<1x{0}x{1}x{2}x{3}xf32>", l.y,
                                         l.x, l.c, l.multiplier())
                               .str()
                         : flat;
  std::string collapse =
      l.isDepthwise
          ? llvm::formatv("%acc = tensor.collapse_shape %t [[0], [1], [2], [3, "
                          "4]] : {0} into {1}",
                          sums, flat)
                .str()
          : llvm::formatv("%acc = tensor.cast %t : {0} to {0}", flat).str();
  std::string text = R"(
  func.func @model(%x: INPUT {quantcc.name = "x"}, %w: WEIGHTS {quantcc.name = "w"},
                   %b: BIAS {quantcc.name = "b"}) -> (FLAT {quantcc.name = "y"}) {
    %zero = arith.constant 0.0 : f32
    %six = arith.constant 0.75 : f32
    %e = tensor.empty() : SUMS
    %init = linalg.fill ins(%zero : f32) outs(%e : SUMS) -> SUMS
    %t = linalg.generic {indexing_maps = [LOOPS} ins(%x, %w : INPUT, WEIGHTS) outs(%init : SUMS) {
    ^bb0(%p: f32, %q: f32, %r: f32):
      %m = arith.mulf %p, %q : f32
      %s = arith.addf %r, %m : f32
      linalg.yield %s : f32
    } -> SUMS
    COLLAPSE
    %f = tensor.empty() : FLAT
    %y = linalg.generic {indexing_maps = [affine_map<(n,y,x,o) -> (n,y,x,o)>,
        affine_map<(n,y,x,o) -> (o)>, affine_map<(n,y,x,o) -> (n,y,x,o)>],
        iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
        ins(%acc, %b : FLAT, BIAS) outs(%f : FLAT) {
    ^bb0(%p: f32, %q: f32, %r: f32):
      %s = arith.addf %p, %q : f32
      %over = arith.cmpf olt, %six, %s : f32
      %v = arith.select %over, %six, %s : f32
      linalg.yield %v : f32
    } -> FLAT
    return %y : FLAT
  })";
  std::pair<const char *, std::string> words[] = {
      {"INPUT", input},      {"WEIGHTS", weights}, {"BIAS", bias},
      {"FLAT", flat},        {"SUMS", sums},       {"LOOPS", loops},
      {"COLLAPSE", collapse}};
  for (const auto &[word, replacement] : words)
    for (size_t at; (at = text.find(word)) != std::string::npos;)
      text.replace(at, strlen(word), replacement);
  return text;
}

static std::vector<float> evaluate(const Layer &l, ArrayRef<float> input,
                                   ArrayRef<float> weights,
                                   ArrayRef<float> bias) {
  std::vector<float> result;
  auto inputAt = [&](int64_t y, int64_t x, int64_t c) {
    return input[(y * l.width() + x) * l.c + c];
  };
  for (int64_t y = 0; y != l.y; ++y)
    for (int64_t x = 0; x != l.x; ++x)
      for (int64_t o = 0; o != l.o; ++o) {
        float sum = 0.0f;
        for (int64_t i = 0; i != l.ky; ++i)
          for (int64_t j = 0; j != l.kx; ++j) {
            int64_t row = y * l.stride + i, column = x * l.stride + j;
            if (l.isDepthwise) {
              float product = inputAt(row, column, o / l.multiplier()) *
                              weights[(i * l.kx + j) * l.o + o];
              sum += product;
              continue;
            }
            for (int64_t c = 0; c != l.c; ++c) {
              float product = inputAt(row, column, c) *
                              weights[((i * l.kx + j) * l.c + c) * l.o + o];
              sum += product;
            }
          }
        result.push_back(std::min(sum + bias[o], 0.75f));
      }
  return result;
}

void FloatContractionTest::check(const Layer &l) {
  std::string text = spell(l);
  SCOPED_TRACE(text);
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
  ASSERT_TRUE(module);
  TargetInfo target = hostTarget();
  target.floatLanes = GetParam();
  target.floatRegisters = GetParam() == 0 ? 0 : 16;
  auto object = compileObject(*module, target);
  ASSERT_TRUE(succeeded(object));
  auto model = CompiledModel::load(object->interface, object->bytes);
  ASSERT_TRUE(static_cast<bool>(model)) << toString(model.takeError());

  std::mt19937 random(l.o + 1000 * l.x);
  auto input = randomValues(l.height() * l.width() * l.c, random);
  auto weights =
      randomValues(l.ky * l.kx * (l.isDepthwise ? l.o : l.c * l.o), random);
  auto bias = randomValues(l.o, random);
  // The result lies between values that must stay.
  std::vector<float> result(l.y * l.x * l.o + 32, -7.0f);
  std::vector<char> arena((*model)->arenaBytes() + 128);
  void *aligned =
      arena.data() + llvm::offsetToAlignedAddr(arena.data(), llvm::Align(64));
  (*model)->run({input.data(), weights.data(), bias.data()},
                {result.data() + 16}, aligned, nullptr);
  std::vector<float> expected = evaluate(l, input, weights, bias);
  EXPECT_EQ(0, memcmp(expected.data(), result.data() + 16,
                      expected.size() * sizeof(float)));
  for (size_t i = 0; i != 16; ++i) {
    EXPECT_EQ(result[i], -7.0f);
    EXPECT_EQ(result[result.size() - 1 - i], -7.0f);
  }
}

TEST_P(FloatContractionTest, Convolution) {
  check({5, 7, 70, 3, 3, 3, 2, false});
  check({2, 13, 131, 1, 1, 19, 1, false});
  check({3, 1, 5, 2, 1, 4, 1, false});
  check({1, 9, 2, 1, 3, 6, 1, false});
}

TEST_P(FloatContractionTest, OneResultAChannel) {
  check({1, 1, 300, 1, 1, 50, 1, false});
  check({1, 1, 1, 1, 1, 33, 1, false});
}

TEST_P(FloatContractionTest, Depthwise) {
  check({4, 6, 37, 3, 3, 37, 1, true});
  check({3, 14, 64, 3, 3, 64, 2, true});
  check({3, 4, 24, 3, 2, 8, 1, true});
}

INSTANTIATE_TEST_SUITE_P(Lanes, FloatContractionTest,
                         testing::Values(0u, 4u, 8u, 16u));
