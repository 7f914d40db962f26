//===- BiasedBytes.cpp - Stored values plus 128 ---------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Makes, moves and cancels flips of the highest bit.
//
//===----------------------------------------------------------------------===//

#include "BiasedBytes.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/IR/Matchers.h>
#include <mlir/IR/TypeUtilities.h>

using namespace mlir;
using namespace quantcc;

Value quantcc::createBiased(OpBuilder &builder, Location loc, Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  Value flip = arith::ConstantOp::create(
      builder, loc, DenseElementsAttr::get(type, APInt::getSignedMinValue(8)));
  return arith::XOrIOp::create(builder, loc, value, flip);
}

/// Whether `op` is what createBiased makes.
static bool isFlip(arith::XOrIOp op) {
  DenseIntElementsAttr flip;
  return isa<RankedTensorType>(op.getType()) &&
         getElementTypeOrSelf(op.getType()).isInteger(8) &&
         matchPattern(op.getRhs(), m_Constant(&flip)) && flip.isSplat() &&
         flip.getSplatValue<APInt>().isMinSignedValue();
}

/// Whether `op` flips the highest bit of each byte of its input, as the
/// lowering of unsigned values does.
static bool isLoopOfFlips(linalg::GenericOp op) {
  if (op.getNumDpsInputs() != 1 || op->getNumResults() != 1 ||
      op.getNumReductionLoops() != 0 ||
      op->getResultTypes().front() != op.getInputs().front().getType() ||
      !llvm::all_of(op.getIndexingMapsArray(),
                    [](AffineMap map) { return map.isIdentity(); }))
    return false;
  auto flip = op.getBody()
                  ->getTerminator()
                  ->getOperand(0)
                  .getDefiningOp<arith::XOrIOp>();
  APInt mask;
  return flip && flip.getType().isInteger(8) &&
         flip.getLhs() == op.getBody()->getArgument(0) &&
         matchPattern(flip.getRhs(), m_ConstantInt(&mask)) &&
         mask.isMinSignedValue();
}

namespace {

struct RaiseFlip : OpRewritePattern<linalg::GenericOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(linalg::GenericOp op,
                                PatternRewriter &rewriter) const override {
    if (!isLoopOfFlips(op))
      return failure();
    rewriter.replaceOp(
        op, createBiased(rewriter, op.getLoc(), op.getInputs().front()));
    return success();
  }
};

struct CancelFlips : OpRewritePattern<arith::XOrIOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::XOrIOp op,
                                PatternRewriter &rewriter) const override {
    auto inner = op.getLhs().getDefiningOp<arith::XOrIOp>();
    if (!inner || !isFlip(op) || !isFlip(inner))
      return failure();
    rewriter.replaceOp(op, inner.getLhs());
    return success();
  }
};

struct FlipBeforePad : OpRewritePattern<arith::XOrIOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::XOrIOp op,
                                PatternRewriter &rewriter) const override {
    auto pad = op.getLhs().getDefiningOp<tensor::PadOp>();
    if (!pad || !pad->hasOneUse() || !isFlip(op))
      return failure();
    Value value = pad.getConstantPaddingValue();
    APInt stored;
    if (!value || !matchPattern(value, m_ConstantInt(&stored)))
      return failure();
    Location loc = pad.getLoc();
    Value source = createBiased(rewriter, loc, pad.getSource());
    Value border = arith::ConstantOp::create(
        rewriter, loc,
        rewriter.getIntegerAttr(value.getType(),
                                stored ^ APInt::getSignedMinValue(8)));
    rewriter.replaceOpWithNewOp<tensor::PadOp>(op, pad.getResultType(), source,
                                               pad.getMixedLowPad(),
                                               pad.getMixedHighPad(), border);
    return success();
  }
};

template <typename ReshapeOp>
struct FlipBeforeReshape : OpRewritePattern<arith::XOrIOp> {
  using OpRewritePattern<arith::XOrIOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::XOrIOp op,
                                PatternRewriter &rewriter) const override {
    auto reshape = op.getLhs().getDefiningOp<ReshapeOp>();
    if (!reshape || !reshape->hasOneUse() || !isFlip(op))
      return failure();
    Value source = createBiased(rewriter, reshape.getLoc(), reshape.getSrc());
    rewriter.replaceOpWithNewOp<ReshapeOp>(op, op.getType(), source,
                                           reshape.getReassociationIndices());
    return success();
  }
};

} // namespace

void quantcc::populateBiasedBytesPatterns(RewritePatternSet &patterns) {
  patterns.add<RaiseFlip, CancelFlips, FlipBeforePad,
               FlipBeforeReshape<tensor::ExpandShapeOp>,
               FlipBeforeReshape<tensor::CollapseShapeOp>>(
      patterns.getContext());
}
