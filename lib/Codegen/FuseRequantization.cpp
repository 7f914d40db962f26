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

#include "FloatContraction.h"

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

/// The contractions and window operations whose results only `consumer` reads,
/// element for element.
static SetVector<Operation *> findContractions(linalg::GenericOp consumer) {
  SetVector<Operation *> contractions;
  for (OpOperand *input : consumer.getDpsInputOperands()) {
    auto producer = input->get().getDefiningOp<linalg::LinalgOp>();
    if (producer && producer.getNumReductionLoops() > 0 &&
        producer->getNumResults() == 1 && producer->hasOneUse() &&
        consumer.getMatchingIndexingMap(input).isIdentity())
      contractions.insert(producer);
  }
  return contractions;
}

/// How many of `extent` channels are computed at a time: as many as divide it,
/// so that all tiles are of one static size, and at most kMaxChannels.
static int64_t findChannelTile(int64_t extent) {
  constexpr int64_t kMaxChannels = 64;
  for (int64_t size = std::min(extent, kMaxChannels); size > 1; --size)
    if (extent % size == 0)
      return size;
  return 1;
}

/// A row of positions and all channels at a time: one position of all but the
/// two innermost dimensions that have several.
static SmallVector<OpFoldResult> findRowSizes(linalg::GenericOp consumer) {
  SmallVector<int64_t> extents = consumer.getStaticLoopRanges();
  Builder builder(consumer.getContext());
  SmallVector<OpFoldResult> sizes(extents.size(), builder.getIndexAttr(0));
  unsigned left = 2;
  bool isTiled = false;
  for (auto [size, extent] : llvm::reverse(llvm::zip_equal(sizes, extents))) {
    if (extent == 1 || left == 0) {
      size = builder.getIndexAttr(extent == 1 ? 0 : 1);
      isTiled |= extent != 1;
    } else {
      --left;
    }
  }
  return isTiled ? sizes : SmallVector<OpFoldResult>();
}

/// One position and some channels at a time, 0 where a dimension is not tiled;
/// empty if none is.
static SmallVector<OpFoldResult> findTileSizes(linalg::GenericOp consumer) {
  SmallVector<int64_t> extents = consumer.getStaticLoopRanges();
  Builder builder(consumer.getContext());
  SmallVector<OpFoldResult> sizes;
  bool isTiled = false;
  for (auto [position, extent] : llvm::enumerate(extents)) {
    int64_t size = position + 1 == extents.size() ? findChannelTile(extent) : 1;
    isTiled |= size != extent;
    sizes.push_back(builder.getIndexAttr(size != extent ? size : 0));
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
                          const SetVector<Operation *> &contractions,
                          ArrayRef<OpFoldResult> sizes, IRRewriter &rewriter) {
  // Known now only: tiling adds uses.
  SetVector<Operation *> fused = contractions;
  for (Operation *contraction : contractions) {
    OpOperand *place = cast<linalg::LinalgOp>(contraction).getDpsInitOperand(0);
    auto init = place->get().getDefiningOp<linalg::LinalgOp>();
    // One that others share would be computed whole for each tile.
    if (init && !init->hasOneUse() && isa<linalg::FillOp>(init)) {
      rewriter.setInsertionPoint(contraction);
      init = cast<linalg::LinalgOp>(rewriter.clone(*init));
      place->set(init->getResult(0));
    }
    if (init && init->hasOneUse())
      fused.insert(init);
  }
  scf::SCFTileAndFuseOptions options;
  options.tilingOptions.setTileSizes(sizes);
  options.setFusionControlFn(
      [&](tensor::ExtractSliceOp, OpResult producer,
          bool) -> std::optional<scf::SCFTileAndFuseOptions::ControlFnResult> {
        if (!fused.contains(producer.getOwner()))
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
  using Base::Base;

  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    SmallVector<linalg::GenericOp> consumers;
    getOperation().walk([&](linalg::GenericOp op) {
      if (op.hasPureTensorSemantics() && isElementwise(op))
        consumers.push_back(op);
    });
    for (linalg::GenericOp consumer : consumers) {
      SetVector<Operation *> contractions = findContractions(consumer);
      bool areFloat =
          rowsOfFloats && llvm::all_of(contractions, [](Operation *op) {
            return FloatContraction::match(cast<linalg::LinalgOp>(op));
          });
      SmallVector<OpFoldResult> sizes =
          areFloat ? findRowSizes(consumer) : findTileSizes(consumer);
      if (contractions.empty() || sizes.empty())
        continue;
      if (failed(fuse(consumer, contractions, sizes, rewriter)))
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
