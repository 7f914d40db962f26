//===- FillHalos.cpp - Fill frames beside what they are for ---------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A frame is filled as a whole, and then a value is written into its middle.
// Here only what lies around the value is filled.
//
//===----------------------------------------------------------------------===//

#include "FrameBox.h"
#include "Remarks.h"
#include "quantcc/Codegen/Passes.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/IR/PatternMatch.h>

using namespace mlir;

namespace quantcc {

#define GEN_PASS_DEF_FILLHALOS
#include "quantcc/Codegen/Passes.h.inc"

namespace {

/// Whether `op` overwrites its init `operand` without reading it.
static bool overwrites(OpOperand &operand) {
  Operation *op = operand.getOwner();
  if (auto generic = dyn_cast<linalg::LinalgOp>(op))
    return generic.isDpsInit(&operand) &&
           !generic.payloadUsesValueFromOperand(&operand);
  if (auto kernel = dyn_cast<DestinationStyleOpInterface>(op))
    return isa<FusedConv2DOp, FusedAddOp, FusedMatMulOp>(op) &&
           kernel.isDpsInit(&operand);
  return false;
}

struct FillHalos : impl::FillHalosBase<FillHalos> {
  void runOnOperation() override;
};

} // namespace

/// The only part of `fill` that anything else is written to, and that no one
/// reads before that; nothing if there is no such part.
static std::optional<Box> findInterior(linalg::FillOp fill) {
  std::optional<Box> interior;
  auto isInterior = [&](auto slice) {
    if (!slice.hasUnitStride() ||
        ShapedType::isDynamicShape(slice.getStaticOffsets()) ||
        ShapedType::isDynamicShape(slice.getStaticSizes()))
      return false;
    Box box{llvm::to_vector(slice.getStaticOffsets()),
            llvm::to_vector(slice.getStaticSizes())};
    bool isFirst = !interior;
    if (isFirst)
      interior = box;
    return isFirst ||
           (interior->offsets == box.offsets && interior->sizes == box.sizes);
  };
  bool isWritten = false;
  for (OpOperand &use : fill.getResult(0).getUses()) {
    Operation *user = use.getOwner();
    if (auto insert = dyn_cast<tensor::InsertSliceOp>(user)) {
      // One whole, of which all dimensions are there.
      if (isWritten || insert.getSource() == fill.getResult(0) ||
          insert.getSourceType().getRank() != insert.getDestType().getRank() ||
          !isInterior(insert))
        return std::nullopt;
      isWritten = true;
    } else if (auto extract = dyn_cast<tensor::ExtractSliceOp>(user)) {
      // The place where the value is made.
      if (!isInterior(extract) || !llvm::all_of(extract->getUses(), overwrites))
        return std::nullopt;
    } else {
      return std::nullopt;
    }
  }
  return isWritten ? interior : std::nullopt;
}

/// What filling `box` of a frame of `shape` costs, in stores of 16 bytes: each
/// run of memory takes those of its own, and as much as two for its loop.
static int64_t costOf(const Box &box, ArrayRef<int64_t> shape,
                      int64_t elementBytes) {
  constexpr int64_t kStoreBytes = 16, kRunCost = 2;
  int64_t runs = 1, run = elementBytes;
  bool isWhole = true;
  for (int64_t dim = shape.size() - 1; dim >= 0; --dim) {
    (isWhole ? run : runs) *= box.sizes[dim];
    isWhole = isWhole && box.sizes[dim] == shape[dim];
  }
  return runs * (llvm::divideCeil(run, kStoreBytes) + kRunCost);
}

void FillHalos::runOnOperation() {
  IRRewriter rewriter(&getContext());
  SmallVector<linalg::FillOp> fills;
  getOperation().walk([&](linalg::FillOp fill) {
    if (fill.hasPureTensorSemantics() &&
        fill.getOutputs().front().getDefiningOp<tensor::EmptyOp>())
      fills.push_back(fill);
  });
  for (linalg::FillOp fill : fills) {
    auto type = cast<RankedTensorType>(fill.getResult(0).getType());
    std::optional<Box> interior = findInterior(fill);
    if (!type.hasStaticShape() || !interior)
      continue;
    ArrayRef<int64_t> shape = type.getShape();
    int64_t bytes = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
    int64_t cost = 0;
    Box whole = Box::whole(shape);
    SmallVector<Box> halo = findHalo(whole, *interior);
    for (const Box &box : halo)
      cost += costOf(box, shape, bytes);
    // The loops of a frame are worth their code where they save some time.
    constexpr int64_t kLeastSaving = 600;
    int64_t costOfWhole = costOf(whole, shape, bytes);
    if (costOfWhole - cost < kLeastSaving) {
      remarkMissed(fill.getLoc(), "fill-halos")
          << remark::add("fills its frame as a whole, as if by {0} stores of "
                         "16 bytes; its halo alone would take {1}, and is "
                         "worth its code where that saves {2}",
                         costOfWhole, cost, kLeastSaving);
      continue;
    }
    remarkPassed(fill.getLoc(), "fill-halos")
        << remark::add("fills its halo alone, in {0} parts, as if by {1} "
                       "stores of 16 bytes; its frame would take {2}",
                       halo.size(), cost, costOfWhole);

    rewriter.setInsertionPoint(fill);
    Location loc = fill.getLoc();
    Value frame = fill.getOutputs().front();
    for (const Box &box : halo) {
      SmallVector<OpFoldResult> offsets =
          getAsIndexOpFoldResult(&getContext(), box.offsets);
      SmallVector<OpFoldResult> sizes =
          getAsIndexOpFoldResult(&getContext(), box.sizes);
      SmallVector<OpFoldResult> strides(shape.size(), rewriter.getIndexAttr(1));
      Value part = tensor::ExtractSliceOp::create(rewriter, loc, frame, offsets,
                                                  sizes, strides);
      part = linalg::FillOp::create(rewriter, loc, fill.getInputs(), part)
                 .getResult(0);
      frame = tensor::InsertSliceOp::create(rewriter, loc, part, frame, offsets,
                                            sizes, strides);
    }
    rewriter.replaceOp(fill, frame);
  }
}

} // namespace quantcc
