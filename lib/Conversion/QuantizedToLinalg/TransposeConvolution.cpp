//===- TransposeConvolution.cpp - Transposed convolutions -----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lowers quantized transpose_conv2d to a convolution of its input, the pixels
// moved apart, with the weights from the last to the first.
//
//===----------------------------------------------------------------------===//

#include "IntegerContraction.h"
#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"
#include "quantcc/Conversion/QuantizedToLinalg/QuantizedToLinalg.h"

#include <mlir/Dialect/Linalg/IR/Linalg.h>

using namespace mlir;
using namespace quantcc;

/// The values of weights `[O,KH,KW,C]` with both dimensions of the kernel
/// reversed.
static SmallVector<int64_t> reverseKernel(ArrayRef<int64_t> values,
                                          ArrayRef<int64_t> shape) {
  int64_t taps = shape[1] * shape[2], channels = shape[3];
  SmallVector<int64_t> reversed;
  reversed.reserve(values.size());
  for (int64_t o = 0; o < shape[0]; ++o)
    for (int64_t tap = taps; tap-- > 0;)
      llvm::append_range(reversed,
                         values.slice((o * taps + tap) * channels, channels));
  return reversed;
}

namespace {

struct TransposeConvolutionPattern : OpConversionPattern<TransposeConv2DOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(TransposeConv2DOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto constants =
        prepareContraction(op, adaptor.getWeights(), adaptor.getBias(),
                           *op.getRounding(), MultiplierRule::Convolution);
    if (failed(constants))
      return failure();
    Location loc = op.getLoc();
    ArrayRef<int64_t> shape = shapeOf(op.getWeights());
    ArrayRef<int64_t> result = shapeOf(op.getResult());
    ArrayRef<int64_t> padding = op.getPadding();
    int64_t lastY = shape[1] - 1, lastX = shape[2] - 1;
    Value input = createSignedActivation(rewriter, loc, adaptor.getInput(),
                                         op.getInput().getType());
    Type element = cast<RankedTensorType>(input.getType()).getElementType();
    input = createSpread(
        rewriter, loc, input, {lastY - padding[0], lastX - padding[2]},
        op.getStrides(), {result[1] + lastY, result[2] + lastX},
        storedAttr(element, constants->inputZeroPoint));
    Value weights = createIntegerConstant(
        rewriter, loc, reverseKernel(constants->weights, shape), shape,
        constants->weightWidth);
    unsigned width = constants->accumulatorWidth;
    Value bias = createIntegerConstant(rewriter, loc, constants->foldedBias,
                                       {shape[0]}, width);
    Value init = createBroadcastOfLast(
        rewriter, loc, bias,
        RankedTensorType::get(result, rewriter.getIntegerType(width)));
    Attribute ones = rewriter.getI64TensorAttr({1, 1});
    Value accumulator =
        linalg::Conv2DNhwcFhwcOp::create(
            rewriter, loc, TypeRange{init.getType()},
            ValueRange{input, weights}, ValueRange{init}, ones, ones)
            .getResult(0);
    rewriter.replaceOp(op, createRequantize(rewriter, loc, accumulator,
                                            op.getResult().getType(),
                                            op.getStoredClamp(),
                                            constants->multipliers, /*axis=*/3,
                                            *op.getRounding()));
    return success();
  }
};

} // namespace

void quantcc::populateTransposeConvolutionPatterns(
    const TypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<TransposeConvolutionPattern>(converter, patterns.getContext());
}
