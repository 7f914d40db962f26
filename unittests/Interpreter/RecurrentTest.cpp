//===- RecurrentTest.cpp - Tests of LSTM and SVDF -------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rules N32 to N34. Expected values are worked out by hand from the rules, or
// bounded by the real functions.
//
//===----------------------------------------------------------------------===//

#include "InterpretedFunction.h"

#include <cmath>
#include <llvm/Support/FormatVariadic.h>

using namespace quantcc;

namespace {

/// An LSTM of one batch, one feature and one unit, whose gates come from the
/// biases alone: multipliers are 1, so that a bias is a gate in Q3.12. Scales:
/// input 1, hidden state 2^-7, weights 2^-12 (input) and 2^-5 (recurrent).
std::string constantGates(std::vector<int> biases, llvm::StringRef cellScale,
                          int recurrentWeight = 0,
                          llvm::StringRef attributes = "",
                          llvm::StringRef steps = "1") {
  return llvm::formatv(R"mlir(
    !x = !quant.uniform<i8:f32, 1.0>
    !h = !quant.uniform<i8:f32, 0.0078125:3>
    !c = !quant.uniform<i16:f32, {0}>
    !w = !quant.uniform<i8:f32, 2.44140625e-04>
    !r = !quant.uniform<i8:f32, 0.03125>
    func.func @f(%x: tensor<1x{8}x1x!x>, %h: tensor<1x1x!h>, %c: tensor<1x1x!c>)
        -> (tensor<1x{8}x1x!h>, tensor<1x1x!h>, tensor<1x1x!c>) {{
      %k0 = arith.constant dense<0> : tensor<1x1xi8>
      %k1 = arith.constant dense<{5}> : tensor<1x1xi8>
      %w = quant.scast %k0 : tensor<1x1xi8> to tensor<1x1x!w>
      %r0 = quant.scast %k0 : tensor<1x1xi8> to tensor<1x1x!r>
      %r1 = quant.scast %k1 : tensor<1x1xi8> to tensor<1x1x!r>
      %bi = arith.constant dense<{1}> : tensor<1xi32>
      %bf = arith.constant dense<{2}> : tensor<1xi32>
      %bg = arith.constant dense<{3}> : tensor<1xi32>
      %bo = arith.constant dense<{4}> : tensor<1xi32>
      %y:3 = quantcc.lstm %x, %h, %c input_weights(%w, %w, %w, %w)
          recurrent_weights(%r0, %r0, %r1, %r0) bias(%bi, %bf, %bg, %bo)
          {{{6}rounding = #quantcc.rounding<{7}>}
        : (tensor<1x{8}x1x!x>, tensor<1x1x!h>, tensor<1x1x!c>,
           tensor<1x1x!w>, tensor<1x1x!w>, tensor<1x1x!w>, tensor<1x1x!w>,
           tensor<1x1x!r>, tensor<1x1x!r>, tensor<1x1x!r>, tensor<1x1x!r>,
           tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>)
        -> (tensor<1x{8}x1x!h>, tensor<1x1x!h>, tensor<1x1x!c>)
      return %y#0, %y#1, %y#2 : tensor<1x{8}x1x!h>, tensor<1x1x!h>, tensor<1x1x!c>
    })mlir",
                       cellScale, biases[0], biases[1], biases[2], biases[3],
                       recurrentWeight, attributes, "double", steps);
}

struct LstmResult {
  std::vector<int64_t> sequence;
  int64_t hidden, cell;
};

/// Runs `function` on `steps` inputs of 0 from the given stored states.
LstmResult run(const InterpretedFunction &function, int64_t hidden,
               int64_t cell, size_t steps = 1) {
  EXPECT_TRUE(function.isValid()) << function.messages();
  if (!function.isValid())
    return {};
  Tensor input{{1, static_cast<int64_t>(steps), 1}, {}, {}};
  input.stored.assign(steps, 0);
  Tensor h{{1, 1}, {hidden}, {}}, c{{1, 1}, {cell}, {}};
  auto results = function.get().run({input, h, c});
  if (!results) {
    ADD_FAILURE() << llvm::toString(results.takeError());
    return {};
  }
  return {(*results)[0].stored, (*results)[1].stored[0],
          (*results)[2].stored[0]};
}

TEST(Lstm, GatesOfZeroHalveTheCellState) {
  // sigmoid(0) = 1/2 = 16384 in Q0.15, tanh(0) = 0. The new cell state is
  // 16384 * 2048 / 2^15 = 1024, which is 1/2 in Q4.11, and tanh(1/2) = 0.46212.
  InterpretedFunction function(constantGates({0, 0, 0, 0}, "4.8828125e-04"));
  LstmResult result = run(function, 3, 2048);
  EXPECT_EQ(result.cell, 1024);
  // 1/2 * 0.46212 * 2^7 = 29.6; zero point 3.
  EXPECT_EQ(result.hidden, 33);
  EXPECT_EQ(result.sequence, std::vector<int64_t>{33});
}

TEST(Lstm, ProductsRoundAwayFromZero) {
  InterpretedFunction function(constantGates({0, 0, 0, 0}, "4.8828125e-04"));
  // c / 2, ties away from zero.
  EXPECT_EQ(run(function, 3, 5).cell, 3);
  EXPECT_EQ(run(function, 3, -5).cell, -3);
  EXPECT_EQ(run(function, 3, 32767).cell, 16384);
  EXPECT_EQ(run(function, 3, -32768).cell, -16384);
}

TEST(Lstm, TheCellStateSaturates) {
  // Gates at 8: sigmoid is 32757 (between the table's entries 191 and 192,
  // 65513 and 65514: 65513 * 2^9 + 509, rounded to 2^10), tanh is 32767. In
  // Q3.12, c = 32757 * c / 2^15 + 32757 * 32767 / 2^18.
  std::vector<int> full{32767, 32767, 32767, 32767};
  InterpretedFunction function(constantGates(full, "2.44140625e-04"));
  // 32756.0 + 4094.5
  EXPECT_EQ(run(function, 3, 32767).cell, 32767);
  // -32757 + 4095
  EXPECT_EQ(run(function, 3, -32768).cell, -28662);
}

TEST(Lstm, TheCellStateIsClippedInRealValues) {
  std::vector<int> full{32767, 32767, 32767, 32767};
  InterpretedFunction function(
      constantGates(full, "2.44140625e-04", 0, "cell_clip = 2.5 : f32, "));
  // 2.5 * 2^12
  EXPECT_EQ(run(function, 3, 32767).cell, 10240);
  EXPECT_EQ(run(function, 3, -32768).cell, -10240);
}

TEST(Lstm, GatesSaturateBeforeTheyAreAdded) {
  // The cell gate's bias saturates at 32767. The recurrent product, of
  // multiplier 2^-7 * 2^-5 / 2^-12 = 1, is (127 - 3) * -127 = -15748, which
  // leaves 17019. tanh: position 51057, between the entries 199 and 200, both
  // 65520: 65520 - 32768 = 32752. With the input gate at 32757 as above,
  // c = 32757 * 32752 / 2^18 = 4092.6. (Added first, 4094.5.)
  InterpretedFunction function(
      constantGates({32767, -32767, 1 << 20, 0}, "2.44140625e-04", -127));
  EXPECT_EQ(run(function, 127, 0).cell, 4093);
}

TEST(Lstm, AProductThatIsAlways0NeedsNoMultiplier) {
  // N3 has none for 2^-7 * 2^30 / 2^-12.
  std::string source = constantGates({0, 0, 0, 0}, "4.8828125e-04");
  const std::string scale = "0.03125";
  source.replace(source.find(scale), scale.size(), "1073741824.0");
  EXPECT_EQ(run(InterpretedFunction(source), 3, 2048).cell, 1024);
}

TEST(Lstm, StatesGoFromStepToStep) {
  InterpretedFunction function(
      constantGates({0, 0, 0, 0}, "4.8828125e-04", 0, "", "3"));
  LstmResult result = run(function, 3, 2048, 3);
  // 2048 / 2 / 2 / 2; tanh(1/8) / 2 * 2^7 = 7.96, tanh(1/4) / 2 * 2^7 = 15.7.
  EXPECT_EQ(result.cell, 256);
  EXPECT_EQ(result.sequence, (std::vector<int64_t>{33, 19, 11}));
  EXPECT_EQ(result.hidden, 11);
}

/// tanh of N32 through the cell state of an open output gate; within the
/// table's error of the real function for every cell state.
TEST(Lstm, TanhFollowsTheRealFunction) {
  for (int fractionBits : {9, 12, 15}) {
    std::string scale = llvm::formatv("{0:E12}", std::ldexp(1, -fractionBits));
    InterpretedFunction function(
        constantGates({-32768, 32767, 0, 32767}, scale));
    for (int64_t cell = -32768; cell <= 32767; cell += 911) {
      LstmResult result = run(function, 3, cell);
      double real = std::tanh(std::ldexp(result.cell, -fractionBits));
      EXPECT_NEAR(result.hidden - 3, std::min(real * 128.0, 124.0), 0.6)
          << cell << " with " << fractionBits;
    }
  }
}

TEST(Lstm, HalfEvenIsRefused) {
  std::string text = constantGates({0, 0, 0, 0}, "4.8828125e-04");
  text.replace(text.find("<double>"), 8, "<half_even>");
  InterpretedFunction function(text);
  EXPECT_FALSE(function.isValid());
  EXPECT_NE(function.messages().find("half_even"), std::string::npos);
}

//===----------------------------------------------------------------------===//
// SVDF
//===----------------------------------------------------------------------===//

/// Two filters of one unit, over two inputs and three steps: multipliers 1/2
/// for the newest values and 1/4 for the result.
std::string svdf(llvm::StringRef state, llvm::StringRef time,
                 llvm::StringRef timeValues) {
  return llvm::formatv(R"mlir(
    !x = !quant.uniform<i8:f32, 1.0:-1>
    !wf = !quant.uniform<i8:f32, 1.0>
    !s = !quant.uniform<{0}>
    !wt = !quant.uniform<{1}:f32, 0.5>
    !y = !quant.uniform<i8:f32, 4.0:10>
    func.func @f(%x: tensor<1x2x!x>, %s: tensor<1x6x!s>)
        -> (tensor<1x1x!y>, tensor<1x6x!s>) {{
      %k0 = arith.constant dense<[[1, 2], [-3, 1]]> : tensor<2x2xi8>
      %k1 = arith.constant dense<{2}> : tensor<2x3x{1}>
      %wf = quant.scast %k0 : tensor<2x2xi8> to tensor<2x2x!wf>
      %wt = quant.scast %k1 : tensor<2x3x{1}> to tensor<2x3x!wt>
      %b = arith.constant dense<[7]> : tensor<1xi32>
      %y:2 = quantcc.svdf %x, %s, %wf, %wt, %b
          {{rank = 2 : i64, rounding = #quantcc.rounding<double>}
        : (tensor<1x2x!x>, tensor<1x6x!s>, tensor<2x2x!wf>, tensor<2x3x!wt>,
           tensor<1xi32>) -> (tensor<1x1x!y>, tensor<1x6x!s>)
      return %y#0, %y#1 : tensor<1x1x!y>, tensor<1x6x!s>
    })mlir",
                       state, time, timeValues);
}

std::vector<Tensor> runSvdf(const InterpretedFunction &function,
                            std::vector<int64_t> input,
                            std::vector<int64_t> state) {
  EXPECT_TRUE(function.isValid()) << function.messages();
  if (!function.isValid())
    return {};
  auto results = function.get().run({Tensor{{1, 2}, std::move(input), {}},
                                     Tensor{{1, 6}, std::move(state), {}}});
  if (!results) {
    ADD_FAILURE() << llvm::toString(results.takeError());
    return {};
  }
  return std::move(*results);
}

TEST(Svdf, TheStateMovesOnByOneStep) {
  InterpretedFunction function(
      svdf("i16:f32, 2.0", "i16", "[[1, 2, 3], [4, 5, 6]]"));
  // x - z = 4, 5: 4 + 10 = 14 -> 7 and -12 + 5 = -7 -> -3.5, a tie, up.
  std::vector<Tensor> results =
      runSvdf(function, {3, 4}, {100, 11, 12, 200, 13, 14});
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[1].stored, (std::vector<int64_t>{11, 12, 7, 13, 14, -3}));
  // 7 + (11 + 24 + 21) + (52 + 70 - 18) = 167; 167 / 4 = 41.75; zero point 10.
  EXPECT_EQ(results[0].stored, std::vector<int64_t>{52});
}

TEST(Svdf, AnAsymmetricStateOf8BitsSaturates) {
  InterpretedFunction function(
      svdf("i8:f32, 2.0:-100", "i8", "[[1, 1, 1], [1, 1, 1]]"));
  // x - z = 1, 128: 257 / 2 = 128.5 -> 129, less 100: 29; -3 + 128 = 125 ->
  // 62.5 -> 63, less 100: -37. And 128, -127: -126 -> -63 -> -163, saturated;
  // -384 - 127 = -511 -> -255.5 -> -255 -> -355, saturated.
  std::vector<Tensor> results =
      runSvdf(function, {0, 127}, {0, -100, -100, 0, -100, -100});
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[1].stored,
            (std::vector<int64_t>{-100, -100, 29, -100, -100, -37}));
  // 7 + 129 + 63 = 199; / 4 = 49.75; zero point 10.
  EXPECT_EQ(results[0].stored, std::vector<int64_t>{60});
  results = runSvdf(function, {127, -128}, {0, -100, -100, 0, -100, -100});
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[1].stored,
            (std::vector<int64_t>{-100, -100, -128, -100, -100, -128}));
}

TEST(Svdf, SumsBeyond32BitsSaturate) {
  InterpretedFunction function(svdf(
      "i16:f32, 2.0", "i16", "[[32767, 32767, 32767], [32767, 32767, 32767]]"));
  std::vector<Tensor> results =
      runSvdf(function, {3, 4}, {0, 32767, 32767, 0, 32767, 32767});
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0].stored, std::vector<int64_t>{127});
  results = runSvdf(function, {3, 4}, {0, -32768, -32768, 0, -32768, -32768});
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0].stored, std::vector<int64_t>{-128});
}

} // namespace
