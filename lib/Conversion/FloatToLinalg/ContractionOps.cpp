//===- ContractionOps.cpp - Float contractions ----------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lowers conv2d, linear and matmul on f32 to loops whose innermost one runs
// over output channels: each output's sum keeps its order, and still
// neighbouring outputs can be computed together.
//
//===----------------------------------------------------------------------===//

#include "FloatBuilding.h"
#include "quantcc/Conversion/FloatToLinalg/FloatToLinalg.h"
#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>

using namespace mlir;
using namespace quantcc;

namespace {

class ConvolutionPattern : public OpConversionPattern<Conv2DOp> {
public:
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(Conv2DOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (isQuantized(op.getInput().getType()))
      return rewriter.notifyMatchFailure(op, "quantized form");
    Location loc = op.getLoc();
    ArrayRef<int64_t> padding = op.getPadding();
    Value input = createPadded(
        rewriter, loc, adaptor.getInput(), {0, padding[0], padding[2], 0},
        {0, padding[1], padding[3], 0}, rewriter.getF32FloatAttr(0.0f));
    bool isDepthwise =
        static_cast<int64_t>(op.getGroups()) == shapeOf(op.getInput())[3];
    Value sums =
        isDepthwise ? createDepthwise(op, input, adaptor.getWeights(), rewriter)
                    : createGrouped(op, input, adaptor.getWeights(), rewriter);
    sums = createReshape(rewriter, loc, sums, shapeOf(op.getResult()));
    rewriter.replaceOp(op, createEpilogue(rewriter, loc, sums,
                                          adaptor.getBias(), op.getClamp()));
    return success();
  }

private:
  /// Loops n, y, x, ky, kx, c, m over weights `[KH,KW,C,M]`.
  Value createDepthwise(Conv2DOp op, Value input, Value weights,
                        OpBuilder &builder) const {
    Location loc = op.getLoc();
    ArrayRef<int64_t> shape = shapeOf(op.getWeights());
    ArrayRef<int64_t> result = shapeOf(op.getResult());
    int64_t channels = op.getGroups(), multiplier = shape[0] / channels;
    weights = createPermutedWeights(builder, loc, weights,
                                    {channels, multiplier, shape[1], shape[2]},
                                    {2, 3, 0, 1});
    Value init = createZeros(
        builder, loc, {result[0], result[1], result[2], channels, multiplier});
    MLIRContext *context = builder.getContext();
    AffineExpr n, y, x, ky, kx, c, m;
    bindDims(context, n, y, x, ky, kx, c, m);
    auto map = [&](ArrayRef<AffineExpr> exprs) {
      return AffineMap::get(7, 0, exprs, context);
    };
    ArrayRef<int64_t> strides = op.getStrides(), dilations = op.getDilations();
    return createReduction(builder, loc, {input, weights}, init,
                           {map({n, y * strides[0] + ky * dilations[0],
                                 x * strides[1] + kx * dilations[1], c}),
                            map({ky, kx, c, m}), map({n, y, x, c, m})},
                           {false, false, false, true, true, false, false},
                           createMultiplyAccumulate);
  }

  /// Loops n, y, x, g, ky, kx, c, o over weights `[KH,KW,G,C/G,O/G]`.
  Value createGrouped(Conv2DOp op, Value input, Value weights,
                      OpBuilder &builder) const {
    Location loc = op.getLoc();
    ArrayRef<int64_t> shape = shapeOf(op.getWeights());
    ArrayRef<int64_t> result = shapeOf(op.getResult());
    int64_t groups = op.getGroups(), outputs = shape[0] / groups;
    weights = createPermutedWeights(
        builder, loc, weights, {groups, outputs, shape[1], shape[2], shape[3]},
        {2, 3, 0, 4, 1});
    SmallVector<int64_t> inputShape(shapeOf(input).drop_back());
    inputShape.append({groups, shape[3]});
    input = createReshape(builder, loc, input, inputShape);
    Value init = createZeros(
        builder, loc, {result[0], result[1], result[2], groups, outputs});
    MLIRContext *context = builder.getContext();
    AffineExpr n, y, x, g, ky, kx, c, o;
    bindDims(context, n, y, x, g, ky, kx, c, o);
    auto map = [&](ArrayRef<AffineExpr> exprs) {
      return AffineMap::get(8, 0, exprs, context);
    };
    ArrayRef<int64_t> strides = op.getStrides(), dilations = op.getDilations();
    return createReduction(
        builder, loc, {input, weights}, init,
        {map({n, y * strides[0] + ky * dilations[0],
              x * strides[1] + kx * dilations[1], g, c}),
         map({ky, kx, g, c, o}), map({n, y, x, g, o})},
        {false, false, false, false, true, true, true, false},
        createMultiplyAccumulate);
  }
};

/// A convolution of the input, its pixels moved apart, with the weights from
/// the last to the first.
class TransposeConvolutionPattern
    : public OpConversionPattern<TransposeConv2DOp> {
public:
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(TransposeConv2DOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (isQuantized(op.getInput().getType()))
      return rewriter.notifyMatchFailure(op, "quantized form");
    Location loc = op.getLoc();
    ArrayRef<int64_t> shape = shapeOf(op.getWeights());
    ArrayRef<int64_t> result = shapeOf(op.getResult());
    ArrayRef<int64_t> padding = op.getPadding();
    int64_t lastY = shape[1] - 1, lastX = shape[2] - 1;
    Value input = createSpread(
        rewriter, loc, adaptor.getInput(),
        {lastY - padding[0], lastX - padding[2]}, op.getStrides(),
        {result[1] + lastY, result[2] + lastX}, rewriter.getF32FloatAttr(0.0f));
    Value weights = createPermutedWeights(
        rewriter, loc, createReversed(rewriter, loc, adaptor.getWeights()),
        shape, {1, 2, 3, 0});
    MLIRContext *context = rewriter.getContext();
    AffineExpr n, y, x, ky, kx, c, o;
    bindDims(context, n, y, x, ky, kx, c, o);
    auto map = [&](ArrayRef<AffineExpr> exprs) {
      return AffineMap::get(7, 0, exprs, context);
    };
    Value sums = createReduction(
        rewriter, loc, {input, weights}, createZeros(rewriter, loc, result),
        {map({n, y + ky, x + kx, c}), map({ky, kx, c, o}), map({n, y, x, o})},
        {false, false, false, true, true, true, false},
        createMultiplyAccumulate);
    rewriter.replaceOp(op, createEpilogue(rewriter, loc, sums,
                                          adaptor.getBias(), op.getClamp()));
    return success();
  }

private:
  /// Weights [O,KH,KW,C] with both dimensions of the kernel reversed.
  static Value createReversed(OpBuilder &builder, Location loc, Value weights) {
    auto type = cast<RankedTensorType>(weights.getType());
    return createElementwise(
        builder, loc, type, ValueRange(), ArrayRef<AffineMap>(),
        [&](OpBuilder &nested, Location bodyLoc, ValueRange) -> Value {
          SmallVector<Value> indices;
          for (unsigned i = 0; i < 4; ++i) {
            Value index = linalg::IndexOp::create(nested, bodyLoc, i);
            if (i == 1 || i == 2) {
              Value last = arith::ConstantIndexOp::create(
                  nested, bodyLoc, type.getDimSize(i) - 1);
              index = arith::SubIOp::create(nested, bodyLoc, last, index);
            }
            indices.push_back(index);
          }
          return tensor::ExtractOp::create(nested, bodyLoc, weights, indices);
        });
  }
};

struct LinearPattern : OpConversionPattern<LinearOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(LinearOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (isQuantized(op.getInput().getType()))
      return rewriter.notifyMatchFailure(op, "quantized form");
    Location loc = op.getLoc();
    ArrayRef<int64_t> shape = shapeOf(op.getWeights());
    ArrayRef<int64_t> result = shapeOf(op.getResult());
    int64_t rows = ShapedType::getNumElements(result.drop_back());
    Value input =
        createReshape(rewriter, loc, adaptor.getInput(), {rows, shape[1]});
    Value weights = createPermutedWeights(rewriter, loc, adaptor.getWeights(),
                                          shape, {1, 0});
    Value init = createZeros(rewriter, loc, {rows, shape[0]});
    MatMulLoops loops(rewriter.getContext(), shapeOf(input), shapeOf(weights),
                      shapeOf(init), /*transposeLhs=*/false,
                      /*transposeRhs=*/false);
    Value sums =
        createReduction(rewriter, loc, {input, weights}, init, loops.maps,
                        loops.isReduction, createMultiplyAccumulate);
    sums = createReshape(rewriter, loc, sums, result);
    rewriter.replaceOp(op, createEpilogue(rewriter, loc, sums,
                                          adaptor.getBias(), op.getClamp()));
    return success();
  }
};

struct MatMulPattern : OpConversionPattern<MatMulOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(MatMulOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (isQuantized(op.getLhs().getType()))
      return rewriter.notifyMatchFailure(op, "quantized form");
    ArrayRef<int64_t> result = shapeOf(op.getResult());
    MatMulLoops loops(rewriter.getContext(), shapeOf(op.getLhs()),
                      shapeOf(op.getRhs()), result, op.getTransposeLhs(),
                      op.getTransposeRhs());
    Value sums = createReduction(
        rewriter, op.getLoc(), {adaptor.getLhs(), adaptor.getRhs()},
        createZeros(rewriter, op.getLoc(), result), loops.maps,
        loops.isReduction, createMultiplyAccumulate);
    rewriter.replaceOp(op, createEpilogue(rewriter, op.getLoc(), sums,
                                          /*bias=*/Value(), op.getClamp()));
    return success();
  }
};

} // namespace

void quantcc::populateFloatContractionPatterns(const TypeConverter &converter,
                                               RewritePatternSet &patterns) {
  patterns.add<ConvolutionPattern, TransposeConvolutionPattern, LinearPattern,
               MatMulPattern>(converter, patterns.getContext());
}
