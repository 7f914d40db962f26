//===- StateOps.cpp - Variables of stored values --------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Gives variables, and the ops that read and write them, storage types.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Conversion/QuantizedToLinalg/QuantizedToLinalg.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

using namespace mlir;
using namespace quantcc;

namespace {

struct VariablePattern : OpConversionPattern<VariableOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(VariableOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type =
        cast<RankedTensorType>(getTypeConverter()->convertType(op.getType()));
    rewriter.modifyOpInPlace(op, [&] { op.setType(type); });
    return success();
  }
};

struct ReadVariablePattern : OpConversionPattern<ReadVariableOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ReadVariableOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<ReadVariableOp>(
        op, getTypeConverter()->convertType(op.getType()),
        op.getVariableAttr());
    return success();
  }
};

struct AssignVariablePattern : OpConversionPattern<AssignVariableOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(AssignVariableOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<AssignVariableOp>(op, op.getVariableAttr(),
                                                  adaptor.getValue());
    return success();
  }
};

} // namespace

void quantcc::populateStatePatterns(const TypeConverter &converter,
                                    RewritePatternSet &patterns) {
  patterns.add<VariablePattern, ReadVariablePattern, AssignVariablePattern>(
      converter, patterns.getContext());
}
