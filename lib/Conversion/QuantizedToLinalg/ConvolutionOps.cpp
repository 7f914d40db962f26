//===- ConvolutionOps.cpp - Convolutions to integers ----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lowers quantized conv2d to linalg's convolutions: dense, depthwise, or, for
// other groupings, a generic op.
//
//===----------------------------------------------------------------------===//

#include "IntegerContraction.h"
#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"
#include "quantcc/Conversion/QuantizedToLinalg/QuantizedToLinalg.h"

#include <mlir/Dialect/Linalg/IR/Linalg.h>

using namespace mlir;
using namespace quantcc;

namespace {

class ConvolutionPattern : public OpConversionPattern<Conv2DOp> {
public:
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(Conv2DOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto constants =
        prepareContraction(op, adaptor.getWeights(), adaptor.getBias(),
                           op.getRounding(), MultiplierRule::Convolution);
    if (failed(constants))
      return failure();
    Location loc = op.getLoc();
    Value input = createInput(op, adaptor.getInput(), *constants, rewriter);
    int64_t channels = shapeOf(op.getInput())[3];
    int64_t groups = op.getGroups();
    Value accumulator;
    if (groups == 1)
      accumulator = createDense(op, input, *constants, rewriter);
    else if (groups == channels)
      accumulator = createDepthwise(op, input, *constants, rewriter);
    else
      accumulator = createGrouped(op, input, *constants, rewriter);
    accumulator =
        createReshape(rewriter, loc, accumulator, shapeOf(op.getResult()));
    if (op.getRounding())
      accumulator =
          createRequantize(rewriter, loc, accumulator, op.getResult().getType(),
                           op.getStoredClamp(), constants->multipliers,
                           /*axis=*/3, *op.getRounding());
    rewriter.replaceOp(op, accumulator);
    return success();
  }

private:
  /// The signed input with its border of real zeros.
  Value createInput(Conv2DOp op, Value input,
                    const IntegerContraction &constants,
                    OpBuilder &builder) const {
    Location loc = op.getLoc();
    input =
        createSignedActivation(builder, loc, input, op.getInput().getType());
    Type element = cast<RankedTensorType>(input.getType()).getElementType();
    ArrayRef<int64_t> padding = op.getPadding();
    return createPadded(builder, loc, input, {0, padding[0], padding[2], 0},
                        {0, padding[1], padding[3], 0},
                        storedAttr(element, constants.inputZeroPoint));
  }

  /// Accumulators of shape `[N,OH,OW] + channels`, holding the folded bias.
  Value createInit(Conv2DOp op, ArrayRef<int64_t> channels,
                   const IntegerContraction &constants,
                   OpBuilder &builder) const {
    Location loc = op.getLoc();
    SmallVector<int64_t> shape(shapeOf(op.getResult()));
    unsigned width = constants.accumulatorWidth;
    Value bias = createIntegerConstant(builder, loc, constants.foldedBias,
                                       {shape.back()}, width);
    auto type = RankedTensorType::get(shape, builder.getIntegerType(width));
    Value init = createBroadcastOfLast(builder, loc, bias, type);
    shape.pop_back();
    llvm::append_range(shape, channels);
    return createReshape(builder, loc, init, shape);
  }

  Value createDense(Conv2DOp op, Value input,
                    const IntegerContraction &constants,
                    OpBuilder &builder) const {
    Location loc = op.getLoc();
    Value weights =
        createIntegerConstant(builder, loc, constants.weights,
                              shapeOf(op.getWeights()), constants.weightWidth);
    Value init =
        createInit(op, {shapeOf(op.getResult())[3]}, constants, builder);
    return linalg::Conv2DNhwcFhwcOp::create(
               builder, loc, TypeRange{init.getType()},
               ValueRange{input, weights}, ValueRange{init},
               builder.getI64TensorAttr(op.getStrides()),
               builder.getI64TensorAttr(op.getDilations()))
        .getResult(0);
  }

  /// Weights `[C*M,KH,KW,1]` become `[KH,KW,C]` or, for a multiplier M above
  /// 1, `[KH,KW,C,M]`.
  Value createDepthwise(Conv2DOp op, Value input,
                        const IntegerContraction &constants,
                        OpBuilder &builder) const {
    Location loc = op.getLoc();
    ArrayRef<int64_t> shape = shapeOf(op.getWeights());
    int64_t channels = op.getGroups(), multiplier = shape[0] / channels;
    SmallVector<int64_t> values = permuteElements<int64_t>(
        constants.weights, {shape[0], shape[1], shape[2]}, {1, 2, 0});
    Attribute strides = builder.getI64TensorAttr(op.getStrides());
    Attribute dilations = builder.getI64TensorAttr(op.getDilations());
    if (multiplier == 1) {
      Value weights = createIntegerConstant(builder, loc, values,
                                            {shape[1], shape[2], channels},
                                            constants.weightWidth);
      Value init = createInit(op, {channels}, constants, builder);
      return linalg::DepthwiseConv2DNhwcHwcOp::create(
                 builder, loc, TypeRange{init.getType()},
                 ValueRange{input, weights}, ValueRange{init}, strides,
                 dilations)
          .getResult(0);
    }
    Value weights = createIntegerConstant(
        builder, loc, values, {shape[1], shape[2], channels, multiplier},
        constants.weightWidth);
    Value init = createInit(op, {channels, multiplier}, constants, builder);
    return linalg::DepthwiseConv2DNhwcHwcmOp::create(
               builder, loc, TypeRange{init.getType()},
               ValueRange{input, weights}, ValueRange{init}, strides, dilations)
        .getResult(0);
  }

  /// Splits channels into groups: input `[N,H,W,G,C/G]`, weights
  /// `[G,O/G,KH,KW,C/G]`, accumulators `[N,OH,OW,G,O/G]`.
  Value createGrouped(Conv2DOp op, Value input,
                      const IntegerContraction &constants,
                      OpBuilder &builder) const {
    Location loc = op.getLoc();
    ArrayRef<int64_t> shape = shapeOf(op.getWeights());
    int64_t groups = op.getGroups();
    SmallVector<int64_t> inputShape(shapeOf(input));
    inputShape.back() = groups;
    inputShape.push_back(shape[3]);
    input = createReshape(builder, loc, input, inputShape);
    Value weights = createIntegerConstant(
        builder, loc, constants.weights,
        {groups, shape[0] / groups, shape[1], shape[2], shape[3]},
        constants.weightWidth);
    Value init =
        createInit(op, {groups, shape[0] / groups}, constants, builder);

    MLIRContext *context = builder.getContext();
    AffineExpr n, y, x, g, o, ky, kx, c;
    bindDims(context, n, y, x, g, o, ky, kx, c);
    auto map = [&](ArrayRef<AffineExpr> exprs) {
      return AffineMap::get(8, 0, exprs, context);
    };
    ArrayRef<int64_t> strides = op.getStrides(), dilations = op.getDilations();
    return createReduction(
        builder, loc, {input, weights}, init,
        {map({n, y * strides[0] + ky * dilations[0],
              x * strides[1] + kx * dilations[1], g, c}),
         map({g, o, ky, kx, c}), map({n, y, x, g, o})},
        {false, false, false, false, false, true, true, true},
        createMultiplyAccumulate);
  }
};

} // namespace

void quantcc::populateConvolutionPatterns(const TypeConverter &converter,
                                          RewritePatternSet &patterns) {
  patterns.add<ConvolutionPattern>(converter, patterns.getContext());
}
