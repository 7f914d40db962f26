//===- FuseClamps.cpp - Activations into their producers ------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Makes the clamp of an activation function part of the op before it.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Transforms/Passes.h"

#include <mlir/IR/PatternMatch.h>
#include <mlir/Transforms/GreedyPatternRewriteDriver.h>

namespace quantcc {
#define GEN_PASS_DEF_FUSECLAMPS
#include "quantcc/Transforms/Passes.h.inc"
} // namespace quantcc

using namespace mlir;
using namespace quantcc;

namespace {

/// rescale(op(x)) with a clamp, in the float form -> op(x) with that clamp.
struct FuseClamp : public OpRewritePattern<RescaleOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(RescaleOp rescale,
                                PatternRewriter &rewriter) const override;
};

struct FuseClamps : public quantcc::impl::FuseClampsBase<FuseClamps> {
  using FuseClampsBase::FuseClampsBase;

  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet set(context);
    set.add<FuseClamp>(context);
    patterns = std::move(set);
    return success();
  }
  void runOnOperation() override {
    if (failed(applyPatternsGreedily(getOperation(), patterns)))
      signalPassFailure();
  }

private:
  FrozenRewritePatternSet patterns;
};

} // namespace

LogicalResult FuseClamp::matchAndRewrite(RescaleOp rescale,
                                         PatternRewriter &rewriter) const {
  std::optional<ArrayRef<float>> outer = rescale.getClamp();
  if (!outer)
    return rewriter.notifyMatchFailure(rescale, "it has no real-valued clamp");
  Operation *producer = rescale.getInput().getDefiningOp();
  auto quantizable = dyn_cast_or_null<QuantizableOpInterface>(producer);
  if (!quantizable || !quantizable.canFuseClamp() ||
      !llvm::is_contained(producer->getName().getAttributeNames(), "clamp"))
    return rewriter.notifyMatchFailure(rescale,
                                       "its operand's op takes no clamp");
  if (!rescale.getInput().hasOneUse())
    return rewriter.notifyMatchFailure(rescale,
                                       "its operand is used elsewhere too");
  float low = (*outer)[0], high = (*outer)[1];
  // Of two clamps the outer one bounds the bounds of the inner one.
  if (auto inner = producer->getAttrOfType<DenseF32ArrayAttr>("clamp")) {
    low = std::clamp(inner[0], (*outer)[0], (*outer)[1]);
    high = std::clamp(inner[1], (*outer)[0], (*outer)[1]);
  }
  rewriter.modifyOpInPlace(producer, [&] {
    producer->setAttr("clamp", rewriter.getDenseF32ArrayAttr({low, high}));
    // The value is now the activation's: its name comes first.
    if (rescale.getLoc() != producer->getLoc())
      producer->setLoc(
          rewriter.getFusedLoc({rescale.getLoc(), producer->getLoc()}));
  });
  rewriter.replaceOp(rescale, producer->getResults());
  return success();
}
