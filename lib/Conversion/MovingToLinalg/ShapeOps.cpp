//===- ShapeOps.cpp - Ops that move values --------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lowers reshape, transpose, slice, pad and concat to tensor and linalg ops.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"
#include "quantcc/Conversion/MovingToLinalg/MovingToLinalg.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>

using namespace mlir;
using namespace quantcc;

namespace {

template <typename OpTy>
class MovingPattern : public OpConversionPattern<OpTy> {
public:
  using OpConversionPattern<OpTy>::OpConversionPattern;

protected:
  RankedTensorType resultType(OpTy op) const {
    return cast<RankedTensorType>(
        this->getTypeConverter()->convertType(op.getResult().getType()));
  }
};

struct ReshapePattern : MovingPattern<ReshapeOp> {
  using MovingPattern::MovingPattern;

  LogicalResult
  matchAndRewrite(ReshapeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op,
                       createReshape(rewriter, op.getLoc(), adaptor.getInput(),
                                     resultType(op).getShape()));
    return success();
  }
};

struct TransposePattern : MovingPattern<TransposeOp> {
  using MovingPattern::MovingPattern;

  LogicalResult
  matchAndRewrite(TransposeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = resultType(op);
    Value empty = tensor::EmptyOp::create(
        rewriter, op.getLoc(), type.getShape(), type.getElementType());
    rewriter.replaceOp(op, linalg::TransposeOp::create(
                               rewriter, op.getLoc(), adaptor.getInput(), empty,
                               op.getPermutation())
                               ->getResults());
    return success();
  }
};

struct BroadcastPattern : MovingPattern<BroadcastOp> {
  using MovingPattern::MovingPattern;

  LogicalResult
  matchAndRewrite(BroadcastOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto body = [](OpBuilder &, Location, ValueRange args) { return args[0]; };
    rewriter.replaceOp(op,
                       createElementwise(rewriter, op.getLoc(), resultType(op),
                                         adaptor.getInput(), body));
    return success();
  }
};

struct SlicePattern : MovingPattern<SliceOp> {
  using MovingPattern::MovingPattern;

  LogicalResult
  matchAndRewrite(SliceOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    bool forwards = llvm::all_of(op.getStrides(),
                                 [](int64_t stride) { return stride > 0; });
    rewriter.replaceOp(op, forwards ? extract(op, adaptor, rewriter)
                                    : gather(op, adaptor, rewriter));
    return success();
  }

private:
  Value extract(SliceOp op, OpAdaptor adaptor,
                ConversionPatternRewriter &rewriter) const {
    RankedTensorType type = resultType(op);
    auto toFold = [&](ArrayRef<int64_t> values) {
      return getAsIndexOpFoldResult(rewriter.getContext(), values);
    };
    return tensor::ExtractSliceOp::create(
        rewriter, op.getLoc(), type, adaptor.getInput(),
        toFold(op.getOffsets()), toFold(type.getShape()),
        toFold(op.getStrides()));
  }

  /// tensor.extract_slice has no negative strides: read element by element.
  Value gather(SliceOp op, OpAdaptor adaptor,
               ConversionPatternRewriter &rewriter) const {
    RankedTensorType type = resultType(op);
    auto body = [&](OpBuilder &builder, Location loc, ValueRange) -> Value {
      SmallVector<Value> indices;
      for (int64_t i = 0; i < type.getRank(); ++i) {
        Value index = linalg::IndexOp::create(builder, loc, i);
        Value stride =
            arith::ConstantIndexOp::create(builder, loc, op.getStrides()[i]);
        Value offset =
            arith::ConstantIndexOp::create(builder, loc, op.getOffsets()[i]);
        Value step = arith::MulIOp::create(builder, loc, index, stride);
        indices.push_back(arith::AddIOp::create(builder, loc, step, offset));
      }
      return tensor::ExtractOp::create(builder, loc, adaptor.getInput(),
                                       indices);
    };
    return createElementwise(rewriter, op.getLoc(), type, ValueRange{},
                             ArrayRef<AffineMap>{}, body);
  }
};

struct PadPattern : MovingPattern<PadOp> {
  using MovingPattern::MovingPattern;

  LogicalResult
  matchAndRewrite(PadOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Type element = resultType(op).getElementType();
    TypedAttr value;
    if (quant::QuantizedType type =
            getQuantizedElementType(op.getResult().getType())) {
      int64_t zeroPoint =
          cast<quant::UniformQuantizedType>(type).getZeroPoint();
      int64_t stored =
          op.getStoredValue() ? int64_t(*op.getStoredValue()) : zeroPoint;
      // The attribute holds an i32, its value may belong to unsigned storage.
      value = IntegerAttr::get(
          element, APInt(element.getIntOrFloatBitWidth(), stored,
                         /*isSigned=*/true, /*implicitTrunc=*/true));
    } else {
      value = rewriter.getFloatAttr(
          element, op.getValue() ? op.getValue()->convertToDouble() : 0.0);
    }
    rewriter.replaceOp(op,
                       createPadded(rewriter, op.getLoc(), adaptor.getInput(),
                                    op.getLow(), op.getHigh(), value));
    return success();
  }
};

struct ConcatPattern : MovingPattern<ConcatOp> {
  using MovingPattern::MovingPattern;

  LogicalResult
  matchAndRewrite(ConcatOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = resultType(op);
    MLIRContext *context = rewriter.getContext();
    Value whole = tensor::EmptyOp::create(
        rewriter, op.getLoc(), type.getShape(), type.getElementType());
    SmallVector<int64_t> offsets(type.getRank(), 0), ones(type.getRank(), 1);
    for (Value part : adaptor.getInputs()) {
      whole = tensor::InsertSliceOp::create(
          rewriter, op.getLoc(), part, whole,
          getAsIndexOpFoldResult(context, offsets),
          getAsIndexOpFoldResult(context, shapeOf(part)),
          getAsIndexOpFoldResult(context, ones));
      offsets[op.getAxis()] += shapeOf(part)[op.getAxis()];
    }
    rewriter.replaceOp(op, whole);
    return success();
  }
};

} // namespace

void quantcc::detail::populateShapePatterns(const TypeConverter &converter,
                                            RewritePatternSet &patterns) {
  patterns.add<ReshapePattern, TransposePattern, BroadcastPattern, SlicePattern,
               PadPattern, ConcatPattern>(converter, patterns.getContext());
}

void quantcc::populateMovingToLinalgPatterns(const TypeConverter &converter,
                                             RewritePatternSet &patterns) {
  detail::populateShapePatterns(converter, patterns);
  detail::populateResizeNearestPatterns(converter, patterns);
  detail::populateSelectionPatterns(converter, patterns);
}
