//===- FuseRequantization.cpp - Requantize accumulators as they come ------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tiles the operation that turns accumulators into stored values, together with
// the contraction that makes them, so that few accumulators exist at a time.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/Passes.h"

#include <mlir/Dialect/Affine/IR/AffineOps.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/SCF/Transforms/TileUsingInterface.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/Dialect/Tensor/Transforms/Transforms.h>
#include <mlir/IR/PatternMatch.h>
#include <mlir/Transforms/GreedyPatternRewriteDriver.h>

using namespace mlir;

namespace quantcc {

#define GEN_PASS_DEF_FUSEREQUANTIZATION
#include "quantcc/Codegen/Passes.h.inc"

/// The contraction or window operation whose result only `consumer` reads,
/// element for element; null if there is none.
static linalg::LinalgOp findContraction(linalg::GenericOp consumer) {
  for (OpOperand *input : consumer.getDpsInputOperands()) {
    auto producer = input->get().getDefiningOp<linalg::LinalgOp>();
    if (producer && producer.getNumReductionLoops() > 0 &&
        producer->getNumResults() == 1 && producer->hasOneUse() &&
        consumer.getMatchingIndexingMap(input).isIdentity())
      return producer;
  }
  return {};
}

/// One position at a time, all of the innermost dimension; empty if there is
/// only one position.
static SmallVector<OpFoldResult> findTileSizes(linalg::GenericOp consumer) {
  SmallVector<int64_t> extents = consumer.getStaticLoopRanges();
  Builder builder(consumer.getContext());
  SmallVector<OpFoldResult> sizes;
  bool isTiled = false;
  for (auto [position, extent] : llvm::enumerate(extents)) {
    bool isOuter = position + 1 != extents.size() && extent != 1;
    isTiled |= isOuter;
    sizes.push_back(builder.getIndexAttr(isOuter ? 1 : 0));
  }
  return isTiled ? sizes : SmallVector<OpFoldResult>();
}

/// Whether `consumer` is computed element for element, in one result.
static bool isElementwise(linalg::GenericOp consumer) {
  return consumer->getNumResults() == 1 &&
         consumer.getNumParallelLoops() == consumer.getNumLoops() &&
         consumer.getMatchingIndexingMap(consumer.getDpsInitOperand(0))
             .isIdentity() &&
         cast<ShapedType>(consumer.getResult(0).getType()).hasStaticShape();
}

static LogicalResult fuse(linalg::GenericOp consumer,
                          linalg::LinalgOp contraction,
                          ArrayRef<OpFoldResult> sizes, IRRewriter &rewriter) {
  // Known now only: tiling adds uses.
  auto init =
      contraction.getDpsInits().front().getDefiningOp<linalg::LinalgOp>();
  if (init && !init->hasOneUse())
    init = {};
  scf::SCFTileAndFuseOptions options;
  options.tilingOptions.setTileSizes(sizes);
  options.setFusionControlFn(
      [&](tensor::ExtractSliceOp, OpResult producer,
          bool) -> std::optional<scf::SCFTileAndFuseOptions::ControlFnResult> {
        Operation *owner = producer.getOwner();
        if (owner != contraction && owner != init)
          return std::nullopt;
        return scf::SCFTileAndFuseOptions::ControlFnResult();
      });
  rewriter.setInsertionPoint(consumer);
  FailureOr<scf::SCFTileAndFuseResult> result =
      scf::tileConsumerAndFuseProducersUsingSCF(
          rewriter, cast<TilingInterface>(consumer.getOperation()), options);
  if (failed(result))
    return failure();
  for (OpResult value : consumer->getResults())
    rewriter.replaceAllUsesWith(value, result->replacements.lookup(value));
  rewriter.eraseOp(consumer);
  return success();
}

namespace {

struct FuseRequantization : impl::FuseRequantizationBase<FuseRequantization> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    SmallVector<linalg::GenericOp> consumers;
    getOperation().walk([&](linalg::GenericOp op) {
      if (op.hasPureTensorSemantics() && isElementwise(op))
        consumers.push_back(op);
    });
    for (linalg::GenericOp consumer : consumers) {
      linalg::LinalgOp contraction = findContraction(consumer);
      SmallVector<OpFoldResult> sizes = findTileSizes(consumer);
      if (!contraction || sizes.empty())
        continue;
      if (failed(fuse(consumer, contraction, sizes, rewriter)))
        return signalPassFailure();
    }
    // The slices of empty tensors that tiling leaves would be allocated whole.
    RewritePatternSet patterns(&getContext());
    tensor::populateFoldTensorEmptyPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
  }
};

} // namespace
} // namespace quantcc
