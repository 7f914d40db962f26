//===- SelectionOps.cpp - Ops that select values --------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lowers maximum, minimum and max_pool2d to linalg ops.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"
#include "quantcc/Conversion/MovingToLinalg/MovingToLinalg.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <limits>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>

using namespace mlir;
using namespace quantcc;

static bool isUnsignedStorage(Type type) {
  quant::QuantizedType quantized = getQuantizedElementType(type);
  return quantized && !quantized.isSigned();
}

/// The value that no other is below, of the storage type or f32.
static TypedAttr lowestValue(OpBuilder &builder, Type element,
                             bool isUnsigned) {
  if (isa<FloatType>(element))
    return builder.getFloatAttr(element,
                                -std::numeric_limits<double>::infinity());
  unsigned width = element.getIntOrFloatBitWidth();
  return builder.getIntegerAttr(element, isUnsigned
                                             ? APInt::getMinValue(width)
                                             : APInt::getSignedMinValue(width));
}

namespace {

template <typename OpTy> struct ExtremePattern : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;

  LogicalResult
  matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Type source = op.getResult().getType();
    auto type =
        cast<RankedTensorType>(this->getTypeConverter()->convertType(source));
    bool isUnsigned = isUnsignedStorage(source);
    auto body = [&](OpBuilder &builder, Location loc, ValueRange args) {
      return createSelectExtreme(builder, loc, args[0], args[1],
                                 std::is_same_v<OpTy, MinimumOp>, isUnsigned);
    };
    rewriter.replaceOp(
        op, createElementwise(rewriter, op.getLoc(), type,
                              {adaptor.getLhs(), adaptor.getRhs()}, body));
    return success();
  }
};

struct MaxPool2DPattern : OpConversionPattern<MaxPool2DOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(MaxPool2DOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(
        getTypeConverter()->convertType(op.getResult().getType()));
    Type element = type.getElementType();
    bool isUnsigned = isUnsignedStorage(op.getResult().getType());
    TypedAttr lowest = lowestValue(rewriter, element, isUnsigned);
    ArrayRef<int64_t> padding = op.getPadding();
    Value input = createPadded(rewriter, loc, adaptor.getInput(),
                               {0, padding[0], padding[2], 0},
                               {0, padding[1], padding[3], 0}, lowest);
    Value window =
        tensor::EmptyOp::create(rewriter, loc, op.getKernel(), element);
    Value init = createFilled(rewriter, loc, type, lowest);
    Value pooled =
        isa<FloatType>(element)
            ? poolFloats(op, input, window, init, rewriter)
            : poolIntegers(op, input, window, init, isUnsigned, rewriter);
    rewriter.replaceOp(op, clamp(op, pooled, isUnsigned, rewriter));
    return success();
  }

private:
  Value poolIntegers(MaxPool2DOp op, Value input, Value window, Value init,
                     bool isUnsigned, OpBuilder &builder) const {
    Attribute strides = builder.getI64TensorAttr(op.getStrides());
    Attribute dilations = builder.getI64TensorAttr({1, 1});
    Type type = init.getType();
    if (isUnsigned)
      return linalg::PoolingNhwcMaxUnsignedOp::create(
                 builder, op.getLoc(), type, ValueRange{input, window}, init,
                 strides, dilations)
          .getResult(0);
    return linalg::PoolingNhwcMaxOp::create(builder, op.getLoc(), type,
                                            ValueRange{input, window}, init,
                                            strides, dilations)
        .getResult(0);
  }

  /// linalg's pool takes arith.maximumf, which costs a NaN test a tap.
  Value poolFloats(MaxPool2DOp op, Value input, Value window, Value init,
                   OpBuilder &builder) const {
    MLIRContext *context = builder.getContext();
    AffineExpr n, y, x, ky, kx, c;
    bindDims(context, n, y, x, ky, kx, c);
    ArrayRef<int64_t> strides = op.getStrides();
    auto map = [&](ArrayRef<AffineExpr> exprs) {
      return AffineMap::get(6, 0, exprs, context);
    };
    return createReduction(
        builder, op.getLoc(), {input, window}, init,
        {map({n, y * strides[0] + ky, x * strides[1] + kx, c}), map({ky, kx}),
         map({n, y, x, c})},
        {false, false, false, true, true, false},
        [](OpBuilder &nested, Location loc, ValueRange args) {
          return createSelectExtreme(nested, loc, args[0], args[2],
                                     /*takeSmaller=*/false,
                                     /*isUnsigned=*/false);
        });
  }

  Value clamp(MaxPool2DOp op, Value pooled, bool isUnsigned,
              OpBuilder &builder) const {
    auto type = cast<RankedTensorType>(pooled.getType());
    Type element = type.getElementType();
    TypedAttr low, high;
    if (op.getClamp()) {
      low = builder.getFloatAttr(element, (*op.getClamp())[0]);
      high = builder.getFloatAttr(element, (*op.getClamp())[1]);
    } else if (op.getStoredClamp()) {
      auto toAttr = [&](int32_t bound) {
        return builder.getIntegerAttr(
            element, APInt(element.getIntOrFloatBitWidth(), bound,
                           /*isSigned=*/true, /*implicitTrunc=*/true));
      };
      low = toAttr((*op.getStoredClamp())[0]);
      high = toAttr((*op.getStoredClamp())[1]);
    } else {
      return pooled;
    }
    return createElementwise(
        builder, op.getLoc(), type, pooled,
        [&](OpBuilder &nested, Location loc, ValueRange args) {
          return createClamp(nested, loc, args[0], low, high, isUnsigned);
        });
  }
};

} // namespace

void quantcc::detail::populateSelectionPatterns(const TypeConverter &converter,
                                                RewritePatternSet &patterns) {
  patterns.add<ExtremePattern<MaximumOp>, ExtremePattern<MinimumOp>,
               MaxPool2DPattern>(converter, patterns.getContext());
}
