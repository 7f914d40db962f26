//===- PoolingOps.cpp - Float pools, means and softmax --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lowers avg_pool2d, mean and softmax on f32; sums run over positions in row-
// major order.
//
//===----------------------------------------------------------------------===//

#include "FloatBuilding.h"
#include "quantcc/Conversion/FloatToLinalg/FloatToLinalg.h"
#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"
#include "quantcc/Conversion/LinalgBuilding/WindowCounts.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>

using namespace mlir;
using namespace quantcc;

/// accumulator + value
static Value addToSum(OpBuilder &builder, Location loc, ValueRange args) {
  return arith::AddFOp::create(builder, loc, args.back(), args.front());
}

namespace {

class AvgPool2DPattern : public OpConversionPattern<AvgPool2DOp> {
public:
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(AvgPool2DOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getResult().getType());
    if (isQuantized(type))
      return rewriter.notifyMatchFailure(op, "quantized form");
    Location loc = op.getLoc();
    Value sums = createSums(op, adaptor.getInput(), rewriter);
    WindowCounts counts(op);
    SmallVector<float> divisors(counts.values.begin(), counts.values.end());
    auto divisorType = RankedTensorType::get(type.getShape().slice(1, 2),
                                             rewriter.getF32Type());
    Value divisor = arith::ConstantOp::create(
        rewriter, loc,
        DenseElementsAttr::get(divisorType, ArrayRef<float>(divisors)));
    AffineMap identity = rewriter.getMultiDimIdentityMap(4);
    auto body = [&](OpBuilder &builder, Location bodyLoc, ValueRange args) {
      Value mean = arith::DivFOp::create(builder, bodyLoc, args[0], args[1]);
      return createRealClamp(builder, bodyLoc, mean, op.getClamp());
    };
    rewriter.replaceOp(
        op, createElementwise(rewriter, loc, type, {sums, divisor},
                              {identity, identity.getSubMap({1, 2})}, body));
    return success();
  }

private:
  /// Loops n, y, x, ky, kx, c: channels innermost, as they lie in memory.
  Value createSums(AvgPool2DOp op, Value input, OpBuilder &builder) const {
    Location loc = op.getLoc();
    ArrayRef<int64_t> padding = op.getPadding(), strides = op.getStrides();
    input = createPadded(builder, loc, input, {0, padding[0], padding[2], 0},
                         {0, padding[1], padding[3], 0},
                         builder.getF32FloatAttr(0.0f));
    Value window = tensor::EmptyOp::create(builder, loc, op.getKernel(),
                                           builder.getF32Type());
    MLIRContext *context = builder.getContext();
    AffineExpr n, y, x, ky, kx, c;
    bindDims(context, n, y, x, ky, kx, c);
    auto map = [&](ArrayRef<AffineExpr> exprs) {
      return AffineMap::get(6, 0, exprs, context);
    };
    return createReduction(
        builder, loc, {input, window},
        createZeros(builder, loc, shapeOf(op.getResult())),
        {map({n, y * strides[0] + ky, x * strides[1] + kx, c}), map({ky, kx}),
         map({n, y, x, c})},
        {false, false, false, true, true, false}, addToSum);
  }
};

struct MeanPattern : OpConversionPattern<MeanOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(MeanOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getResult().getType());
    if (isQuantized(type))
      return rewriter.notifyMatchFailure(op, "quantized form");
    Location loc = op.getLoc();
    ArrayRef<int64_t> shape = shapeOf(op.getInput());
    SmallVector<bool> isReduction(shape.size(), false);
    int64_t count = 1;
    for (int64_t axis : op.getAxes()) {
      isReduction[axis] = true;
      count *= shape[axis];
    }
    SmallVector<int64_t> kept;
    SmallVector<AffineExpr> exprs;
    for (auto [axis, size] : llvm::enumerate(shape))
      if (!isReduction[axis]) {
        kept.push_back(size);
        exprs.push_back(rewriter.getAffineDimExpr(axis));
      }
    Value sums = createReduction(
        rewriter, loc, adaptor.getInput(), createZeros(rewriter, loc, kept),
        {rewriter.getMultiDimIdentityMap(shape.size()),
         AffineMap::get(shape.size(), 0, exprs, rewriter.getContext())},
        isReduction, addToSum);
    sums = createReshape(rewriter, loc, sums, type.getShape());
    auto body = [&](OpBuilder &builder, Location bodyLoc, ValueRange args) {
      Value divisor = arith::ConstantOp::create(
          builder, bodyLoc, builder.getF32FloatAttr(static_cast<float>(count)));
      Value mean = arith::DivFOp::create(builder, bodyLoc, args[0], divisor);
      return createRealClamp(builder, bodyLoc, mean, op.getClamp());
    };
    rewriter.replaceOp(op, createElementwise(rewriter, loc, type, sums, body));
    return success();
  }
};

class SoftmaxPattern : public OpConversionPattern<SoftmaxOp> {
public:
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(SoftmaxOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getResult().getType());
    if (isQuantized(type))
      return rewriter.notifyMatchFailure(op, "quantized form");
    Location loc = op.getLoc();
    Value input = adaptor.getInput();
    RankedTensorType rowType = type.clone(type.getShape().drop_back());
    Value lowest = createFilled(
        rewriter, loc, rowType,
        rewriter.getF32FloatAttr(-std::numeric_limits<float>::infinity()));
    Value largest = reduceRows(
        op, input, lowest,
        [](OpBuilder &builder, Location bodyLoc, ValueRange args) {
          return createSelectExtreme(builder, bodyLoc, args[0], args[1],
                                     /*takeSmaller=*/false,
                                     /*isUnsigned=*/false);
        },
        rewriter);
    AffineMap all = rewriter.getMultiDimIdentityMap(type.getRank());
    AffineMap row = all.dropResult(type.getRank() - 1);
    Value exponentials = createElementwise(
        rewriter, loc, type, {input, largest}, {all, row},
        [&](OpBuilder &builder, Location bodyLoc, ValueRange args) -> Value {
          Value difference =
              arith::SubFOp::create(builder, bodyLoc, args[0], args[1]);
          Value beta =
              arith::ConstantOp::create(builder, bodyLoc, op.getBetaAttr());
          Value scaled =
              arith::MulFOp::create(builder, bodyLoc, difference, beta);
          return math::ExpOp::create(builder, bodyLoc, scaled);
        });
    Value sums = reduceRows(op, exponentials,
                            createZeros(rewriter, loc, rowType.getShape()),
                            addToSum, rewriter);
    rewriter.replaceOp(
        op,
        createElementwise(
            rewriter, loc, type, {exponentials, sums}, {all, row},
            [](OpBuilder &builder, Location bodyLoc, ValueRange args) -> Value {
              return arith::DivFOp::create(builder, bodyLoc, args[0], args[1]);
            }));
    return success();
  }

private:
  Value reduceRows(SoftmaxOp op, Value input, Value init, ReductionBody body,
                   OpBuilder &builder) const {
    unsigned rank = shapeOf(input).size();
    AffineMap all = builder.getMultiDimIdentityMap(rank);
    SmallVector<bool> isReduction(rank, false);
    isReduction.back() = true;
    return createReduction(builder, op.getLoc(), input, init,
                           {all, all.dropResult(rank - 1)}, isReduction, body);
  }
};

} // namespace

void quantcc::populateFloatPoolingPatterns(const TypeConverter &converter,
                                           RewritePatternSet &patterns) {
  patterns.add<AvgPool2DPattern, MeanPattern, SoftmaxPattern>(
      converter, patterns.getContext());
}
