//===- CastOps.cpp - Casts and islands ------------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lets storage casts vanish and converts the boundaries of float islands and of
// functions.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Conversion/QuantizedToLinalg/QuantizedToLinalg.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/Quant/IR/Quant.h>

using namespace mlir;
using namespace quantcc;

namespace {

/// Between the quantized type and its storage there is nothing left to do.
struct StorageCastPattern : OpConversionPattern<quant::StorageCastOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(quant::StorageCastOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, adaptor.getInput());
    return success();
  }
};

/// The boundary of an island becomes storage types; inside, casts bring the
/// quantized types back.
struct FloatIslandPattern : OpConversionPattern<FloatIslandOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(FloatIslandOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    SmallVector<Type> types;
    if (failed(getTypeConverter()->convertTypes(op.getResultTypes(), types)))
      return failure();
    auto island = FloatIslandOp::create(rewriter, op.getLoc(), types,
                                        adaptor.getInputs(), op.getReason());
    rewriter.inlineRegionBefore(op.getBody(), island.getBody(),
                                island.getBody().end());
    if (failed(rewriter.convertRegionTypes(&island.getBody(),
                                           *getTypeConverter())))
      return failure();
    rewriter.replaceOp(op, island.getResults());
    return success();
  }
};

template <typename OpTy> struct TerminatorPattern : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;

  LogicalResult
  matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.modifyOpInPlace(op,
                             [&] { op->setOperands(adaptor.getOperands()); });
    return success();
  }
};

} // namespace

void quantcc::populateCastPatterns(const TypeConverter &converter,
                                   RewritePatternSet &patterns) {
  patterns.add<StorageCastPattern, FloatIslandPattern,
               TerminatorPattern<YieldOp>, TerminatorPattern<func::ReturnOp>>(
      converter, patterns.getContext());
}
