//===- IntegerStageTest.cpp - The integer stage, interpreted --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rule N38 of docs/Numerics.md: structured ops, tensor ops and bodies. Expected
// values are computed by hand.
//
//===----------------------------------------------------------------------===//

#include "InterpretedFunction.h"

#include <llvm/Support/FormatVariadic.h>

using namespace quantcc;

namespace {

std::vector<int32_t> values(std::initializer_list<int32_t> list) {
  return list;
}

TEST(IntegerStage, NamedContraction) {
  InterpretedFunction function(R"mlir(
    func.func @f(%x: tensor<1x3x4x1xi8>) -> tensor<1x2x2x2xi32> {
      %w = arith.constant dense<[[[[1], [2]], [[3], [4]]],
                                 [[[-1], [0]], [[0], [1]]]]>
        : tensor<2x2x2x1xi8>
      %b = arith.constant dense<[100, -100]> : tensor<2xi32>
      %e = tensor.empty() : tensor<1x2x2x2xi32>
      %i = linalg.broadcast ins(%b : tensor<2xi32>)
        outs(%e : tensor<1x2x2x2xi32>) dimensions = [0, 1, 2]
      %r = linalg.conv_2d_nhwc_fhwc {dilations = dense<1> : tensor<2xi64>,
          strides = dense<[1, 2]> : tensor<2xi64>}
        ins(%x, %w : tensor<1x3x4x1xi8>, tensor<2x2x2x1xi8>)
        outs(%i : tensor<1x2x2x2xi32>) -> tensor<1x2x2x2xi32>
      return %r : tensor<1x2x2x2xi32>
    })mlir");
  // Windows [1 2; 5 6], [3 4; 7 -128], [5 6; 9 10], [7 -128; 11 12].
  EXPECT_EQ(function({{1, 2, 3, 4, 5, 6, 7, -128, 9, 10, 11, 12}}),
            values({100 + 1 + 4 + 15 + 24, -100 + 5, 100 + 3 + 8 + 21 - 512,
                    -100 - 131, 100 + 5 + 12 + 27 + 40, -100 + 5,
                    100 + 7 - 256 + 33 + 48, -100 + 5}));
}

TEST(IntegerStage, FusedMatMul) {
  auto makeSource = [](const char *attribute) {
    return llvm::formatv(R"mlir(
    func.func @f(%a: tensor<1x2x2xi8>, %b: tensor<1x2x2xi8>)
        -> tensor<1x2x2xi8> {{
      %e = tensor.empty() : tensor<1x2x2xi8>
      %r = quantcc.fused_matmul
        ins(%a, %b : tensor<1x2x2xi8>, tensor<1x2x2xi8>)
        outs(%e : tensor<1x2x2xi8>) {{{0}lhs_zero_point = 1 : i32,
          rhs_zero_point = 5 : i32, multiplier = 1073741824 : i32,
          shift = 31 : i32, output_zero_point = -3 : i32,
          clamp_min = -128 : i32, clamp_max = 2 : i32,
          rounding = #quantcc.rounding<single>} -> tensor<1x2x2xi8>
      return %r : tensor<1x2x2xi8>
    })mlir",
                         attribute)
        .str();
  };
  // [0 1; 2 3] times [0 1; 2 3] is [2 3; 6 11], by its transpose [1 3; 3 13];
  // halves of that go up.
  InterpretedFunction straight(makeSource("")),
      transposed(makeSource("transpose_rhs, "));
  EXPECT_EQ(straight({{1, 2, 3, 4}, {5, 6, 7, 8}}), values({-2, -1, 0, 2}));
  EXPECT_EQ(transposed({{1, 2, 3, 4}, {5, 6, 7, 8}}), values({-2, -1, -1, 2}));
}

TEST(IntegerStage, PadSliceInsertReshape) {
  InterpretedFunction function(R"mlir(
    func.func @f(%x: tensor<2x2xi8>) -> tensor<8xi8> {
      %c = arith.constant -7 : i8
      %p = tensor.pad %x low[1, 0] high[0, 2] {
      ^bb0(%i: index, %j: index):
        tensor.yield %c : i8
      } : tensor<2x2xi8> to tensor<3x4xi8>
      %s = tensor.extract_slice %p[1, 1] [2, 2] [1, 2]
        : tensor<3x4xi8> to tensor<2x2xi8>
      %d = tensor.extract_slice %p[0, 0] [2, 4] [1, 1]
        : tensor<3x4xi8> to tensor<2x4xi8>
      %n = tensor.insert_slice %s into %d[0, 2] [2, 2] [1, 1]
        : tensor<2x2xi8> into tensor<2x4xi8>
      %r = tensor.collapse_shape %n [[0, 1]] : tensor<2x4xi8> into tensor<8xi8>
      return %r : tensor<8xi8>
    })mlir");
  // Padded: [-7 -7 -7 -7; 1 2 -7 -7; 3 4 -7 -7]; the slice: [2 -7; 4 -7].
  EXPECT_EQ(function({{1, 2, 3, 4}}), values({-7, -7, 2, -7, 1, 2, 4, -7}));
}

/// A function whose body computes `body` of %a and %b, two i8, as %r, an i8.
InterpretedFunction withBody(const std::string &body) {
  return InterpretedFunction(
      "#id = affine_map<(d0) -> (d0)>\n"
      "func.func @f(%x: tensor<4xi8>, %y: tensor<4xi8>) -> tensor<4xi8> {\n"
      "  %table = arith.constant dense<[10, 11, 12]> : tensor<3xi8>\n"
      "  %seven = arith.constant 7 : i8\n"
      "  %e = tensor.empty() : tensor<4xi8>\n"
      "  %g = linalg.generic {indexing_maps = [#id, #id, #id],\n"
      "      iterator_types = [\"parallel\"]}\n"
      "      ins(%x, %y : tensor<4xi8>, tensor<4xi8>) outs(%e : "
      "tensor<4xi8>) {\n"
      "  ^bb0(%a: i8, %b: i8, %o: i8):\n" +
      body +
      "    linalg.yield %r : i8\n  } -> tensor<4xi8>\n"
      "  return %g : tensor<4xi8>\n}\n");
}

const std::vector<std::vector<int32_t>> kOperands = {{100, -100, -128, 127},
                                                     {100, -100, -1, 2}};

TEST(IntegerStage, ArithmeticWraps) {
  for (auto [name, expected] :
       std::vector<std::pair<std::string, std::vector<int32_t>>>{
           {"addi", {-56, 56, 127, -127}},
           {"subi", {0, 0, -127, 125}},
           {"muli", {16, 16, -128, -2}},
           {"andi", {100, -100, -128, 2}},
           {"ori", {100, -100, -1, 127}},
           {"xori", {0, 0, 127, 125}},
           {"maxsi", {100, -100, -1, 127}},
           {"minsi", {100, -100, -128, 2}},
           {"maxui", {100, -100, -1, 127}},
           {"minui", {100, -100, -128, 2}}})
    EXPECT_EQ(withBody("    %r = arith." + name + " %a, %b : i8\n")(kOperands),
              expected)
        << name;
}

TEST(IntegerStage, WidthsAndComparisons) {
  // -100 as unsigned is 156; 156 * 156 >> 8 is 95, and 128 * 255 >> 8 is 127.
  EXPECT_EQ(withBody(R"(
    %c8 = arith.constant 8 : i16
    %p = arith.extui %a : i8 to i16
    %q = arith.extui %b : i8 to i16
    %m = arith.muli %p, %q : i16
    %s = arith.shrui %m, %c8 : i16
    %r = arith.trunci %s : i16 to i8
)")(kOperands),
            values({39, 95, 127, 0}));
  EXPECT_EQ(withBody(R"(
    %u = arith.cmpi ult, %a, %b : i8
    %s = arith.cmpi slt, %a, %b : i8
    %d = arith.xori %u, %s : i1
    %r = arith.select %d, %a, %seven : i8
)")({{1, -1, 3, -4}, {-1, 1, 4, -4}}),
            values({1, -1, 7, 7}));
  EXPECT_EQ(withBody(R"(
    %i = linalg.index 0 : index
    %n = arith.index_cast %i : index to i8
    %z = math.ctlz %a : i8
    %r = arith.addi %n, %z : i8
)")({{0, 1, 127, -1}, {0, 0, 0, 0}}),
            values({8, 8, 3, 3}));
}

TEST(IntegerStage, TablesFromOutside) {
  const std::string body = R"(
    %i = arith.index_cast %a : i8 to index
    %r = tensor.extract %table[%i] : tensor<3xi8>
)";
  EXPECT_EQ(withBody(body)({{0, 2, 1, 0}, {0, 0, 0, 0}}),
            values({10, 12, 11, 10}));
}

/// The error of running `function`, or nothing.
std::string errorOf(const InterpretedFunction &function, std::vector<int64_t> x,
                    std::vector<int64_t> y) {
  auto results = function.get().run({Tensor{{4}, x, {}}, Tensor{{4}, y, {}}});
  return results ? "" : llvm::toString(results.takeError());
}

TEST(IntegerStage, WhatIsDefinedNowhereStops) {
  EXPECT_EQ(errorOf(withBody("    %r = arith.shli %a, %b : i8\n"), {1, 1, 1, 1},
                    {0, 1, 7, 8}),
            "linalg.generic: a shift by a width or more, which is defined "
            "nowhere (N38)");
  EXPECT_EQ(errorOf(withBody("    %r = arith.shrsi %a, %b : i8\n"),
                    {1, 1, 1, 1}, {0, 1, 7, 6}),
            "");
  for (int64_t divisor : {0, -1})
    EXPECT_EQ(errorOf(withBody("    %r = arith.divsi %a, %b : i8\n"),
                      {1, -128, 1, 1}, {2, divisor, 1, 1}),
              "linalg.generic: a division without a quotient, which is "
              "defined nowhere (N38)");
  for (int64_t index : {-1, 3})
    EXPECT_EQ(errorOf(withBody(R"(
    %i = arith.index_cast %a : i8 to index
    %r = tensor.extract %table[%i] : tensor<3xi8>
)"),
                      {0, 1, 2, index}, {0, 0, 0, 0}),
              "linalg.generic: a read outside of a tensor, which is defined "
              "nowhere (N38)");
}

/// Sums of the first rows of %x, and their products with `factor`, in a loop
/// of `steps` steps of which the inner one runs twice.
InterpretedFunction withLoop(int64_t steps) {
  return InterpretedFunction(llvm::formatv(R"mlir(
    #id = affine_map<(d0, d1) -> (d0, d1)>
    func.func @f(%x: tensor<3x2xi8>) -> tensor<3x2xi16> {{
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c2 = arith.constant 2 : index
      %end = arith.constant {0} : index
      %zero = arith.constant dense<0> : tensor<1x2xi16>
      %out = arith.constant dense<-7> : tensor<3x2xi16>
      %r:2 = scf.for %i = %c0 to %end step %c1
          iter_args(%sums = %out, %sum = %zero)
          -> (tensor<3x2xi16>, tensor<1x2xi16>) {{
        %row = tensor.extract_slice %x[%i, 0] [1, 2] [1, 1]
          : tensor<3x2xi8> to tensor<1x2xi8>
        %next = scf.for %k = %c0 to %c2 step %c1 iter_args(%s = %sum)
            -> (tensor<1x2xi16>) {{
          %g = linalg.generic {{indexing_maps = [#id, #id],
              iterator_types = ["parallel", "parallel"]}
              ins(%row : tensor<1x2xi8>) outs(%s : tensor<1x2xi16>) {{
          ^bb0(%a: i8, %b: i16):
            %w = arith.extsi %a : i8 to i16
            %n = arith.index_cast %k : index to i16
            %p = arith.muli %w, %n : i16
            %q = arith.addi %w, %p : i16
            %t = arith.addi %q, %b : i16
            linalg.yield %t : i16
          } -> tensor<1x2xi16>
          scf.yield %g : tensor<1x2xi16>
        }
        %new = tensor.insert_slice %next into %sums[%i, 0] [1, 2] [1, 1]
          : tensor<1x2xi16> into tensor<3x2xi16>
        scf.yield %new, %next : tensor<3x2xi16>, tensor<1x2xi16>
      }
      return %r#0 : tensor<3x2xi16>
    })mlir",
                                           steps)
                                 .str());
}

TEST(IntegerStage, Loops) {
  // Each row counts once and twice.
  EXPECT_EQ(withLoop(3)({{1, -2, 10, 20, 127, -128}}),
            values({3, -6, 33, 54, 414, -330}));
  EXPECT_EQ(withLoop(1)({{1, -2, 10, 20, 127, -128}}),
            values({3, -6, -7, -7, -7, -7}));
  for (int64_t steps : {0, -3})
    EXPECT_EQ(withLoop(steps)({{1, -2, 10, 20, 127, -128}}),
              values({-7, -7, -7, -7, -7, -7}));
}

TEST(IntegerStage, ALoopReportsWhatItsOpDid) {
  auto results =
      withLoop(4).get().run({Tensor{{3, 2}, {1, 2, 3, 4, 5, 6}, {}}});
  ASSERT_FALSE(results);
  EXPECT_EQ(llvm::toString(results.takeError()),
            "tensor.extract_slice: a slice outside of its tensor, which is "
            "defined nowhere (N38)");
}

TEST(IntegerStage, UnknownLoopsAreNamed) {
  InterpretedFunction function(R"mlir(
    quantcc.variable @v : tensor<1xi8> = dense<0> : tensor<1xi8>
    func.func @f(%x: tensor<1xi8>) -> tensor<1xi8> {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %r = scf.for %i = %c0 to %c1 step %c1 iter_args(%s = %x)
          -> (tensor<1xi8>) {
        %v = quantcc.read_variable @v : tensor<1xi8>
        scf.yield %v : tensor<1xi8>
      }
      return %r : tensor<1xi8>
    })mlir");
  EXPECT_NE(function.messages().find("'scf.for' op is not supported by the "
                                     "interpreter around variables"),
            std::string::npos)
      << function.messages();
}

TEST(IntegerStage, UnknownOpsAreNamed) {
  EXPECT_NE(withBody("    %r = arith.ceildivsi %a, %b : i8\n")
                .messages()
                .find("'arith.ceildivsi' op is not supported by the "
                      "interpreter in a body"),
            std::string::npos);
}

TEST(IntegerStage, CompositeOps) {
  // N7 by hand: lhs 10 - 3 = 7 and rhs 6 are halved and quartered at 20
  // fractional bits; the sum 3.5 + 1.5 = 5, less the clamp.
  InterpretedFunction add(R"mlir(
    func.func @f(%a: tensor<2x1xi8>, %b: tensor<2xi8>) -> tensor<2x2xi8> {
      %r = quantcc.integer_add %a, %b {lhs_zero_point = 3 : i32,
        lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32,
        rhs_zero_point = 0 : i32, rhs_multiplier = 1073741824 : i32,
        rhs_shift = 32 : i32, left_shift = 20 : i32,
        output_multiplier = 1073741824 : i32, output_shift = 50 : i32,
        output_zero_point = 1 : i32, clamp_min = -20 : i32,
        clamp_max = 30 : i32, rounding = #quantcc.rounding<double>}
        : (tensor<2x1xi8>, tensor<2xi8>) -> tensor<2x2xi8>
      return %r : tensor<2x2xi8>
    })mlir");
  EXPECT_EQ(add({{10, -128}, {6, 127}}), values({6, 30, -20, -20}));

  InterpretedFunction unsignedAdd(R"mlir(
    func.func @f(%a: tensor<1xi8>, %b: tensor<1xi8>) -> tensor<1xi8> {
      %r = quantcc.integer_add %a, %b {lhs_zero_point = 128 : i32,
        lhs_multiplier = 1073741824 : i32, lhs_shift = 30 : i32,
        rhs_zero_point = 0 : i32, rhs_multiplier = 1073741824 : i32,
        rhs_shift = 30 : i32, left_shift = 20 : i32,
        output_multiplier = 1073741824 : i32, output_shift = 50 : i32,
        output_zero_point = 0 : i32, clamp_min = 0 : i32,
        clamp_max = 255 : i32, rounding = #quantcc.rounding<single>,
        subtract, unsigned_operands}
        : (tensor<1xi8>, tensor<1xi8>) -> tensor<1xi8>
      return %r : tensor<1xi8>
    })mlir");
  // 250 - 128 less 3 is 119; as bits, 250 is -6.
  EXPECT_EQ(unsignedAdd({{-6}, {3}}), values({119}));
}

} // namespace
