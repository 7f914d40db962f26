//===- AssignFrames.cpp - Let values live where they are padded -----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Gives each padded or concatenated value a frame of its own, and lets every
// reader of a part read it from there, so that no part exists twice.
//
//===----------------------------------------------------------------------===//

#include "Remarks.h"
#include "quantcc/Codegen/Passes.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/IR/PatternMatch.h>

using namespace mlir;

namespace quantcc {

#define GEN_PASS_DEF_ASSIGNFRAMES
#include "quantcc/Codegen/Passes.h.inc"

/// Gives each use of `op` but one a copy of `op` of its own, right before its
/// user: CSE made one of what are to be different buffers.
static void separateUses(Operation *op, RewriterBase &rewriter) {
  for (OpOperand &use : llvm::make_early_inc_range(op->getUses())) {
    if (op->hasOneUse())
      return;
    rewriter.setInsertionPoint(use.getOwner());
    Operation *copy = rewriter.clone(*op);
    rewriter.modifyOpInPlace(use.getOwner(),
                             [&] { use.set(copy->getResult(0)); });
  }
}

/// Whether `op` makes a buffer whose contents depend on no other tensor.
static bool startsBuffer(Operation *op) {
  if (isa<tensor::EmptyOp>(op))
    return true;
  auto fill = dyn_cast<linalg::FillOp>(op);
  return fill && fill.hasPureTensorSemantics() &&
         fill.getOutputs().front().getDefiningOp<tensor::EmptyOp>();
}

/// Whether the result of `op` is made in a buffer that can be chosen: neither
/// a view of another value, nor an input or a constant.
static bool makesValue(Operation *op) {
  return op && isa<linalg::LinalgOp, scf::ForOp, FusedConv2DOp>(op) &&
         !startsBuffer(op);
}

/// The insertion of `value` as a whole into a fresh frame, which its other
/// readers can read it from; null if there is none.
static tensor::InsertSliceOp findFrame(OpResult value) {
  if (!makesValue(value.getOwner()) || value.hasOneUse())
    return {};
  tensor::InsertSliceOp found;
  for (Operation *user : value.getUsers()) {
    // What leaves the function is written to the caller's memory.
    if (isa<func::ReturnOp>(user))
      return {};
    auto insert = dyn_cast<tensor::InsertSliceOp>(user);
    if (!insert || insert->getBlock() != value.getOwner()->getBlock() ||
        insert.getSource() != value || !insert.hasUnitStride() ||
        insert.getSourceType().getRank() != insert.getDestType().getRank())
      continue;
    Operation *frame = insert.getDest().getDefiningOp();
    if (frame && startsBuffer(frame) &&
        (!found || insert->isBeforeInBlock(found)))
      found = insert;
  }
  return found;
}

/// Makes `insert` follow the value it inserts, and what else reads the value
/// read the frame.
static void readFromFrame(OpResult value, tensor::InsertSliceOp insert,
                          RewriterBase &rewriter) {
  remarkPassed(value.getLoc(), "assign-frames")
      << "lives in the frame of its padding or concatenation, for its other "
         "readers as well";
  rewriter.setInsertionPointAfter(value.getOwner());
  Operation *frame = rewriter.clone(*insert.getDest().getDefiningOp());
  auto moved = tensor::InsertSliceOp::create(
      rewriter, insert.getLoc(), value, frame->getResult(0),
      insert.getMixedOffsets(), insert.getMixedSizes(),
      insert.getMixedStrides());
  rewriter.replaceOp(insert, moved);
  auto part = tensor::ExtractSliceOp::create(
      rewriter, moved.getLoc(), cast<RankedTensorType>(value.getType()), moved,
      moved.getMixedOffsets(), moved.getMixedSizes(), moved.getMixedStrides());
  rewriter.replaceAllUsesExcept(value, part, moved);
}

namespace {

struct AssignFrames : impl::AssignFramesBase<AssignFrames> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    SmallVector<OpResult> values;
    getOperation().walk([&](Operation *op) {
      if (makesValue(op) && op->getNumResults() == 1 &&
          op->getParentOp() == getOperation())
        values.push_back(op->getResult(0));
    });
    for (OpResult value : values)
      if (tensor::InsertSliceOp insert = findFrame(value))
        readFromFrame(value, insert, rewriter);

    // Fills first: their copies use the empty tensors again.
    SmallVector<Operation *> fills, empties;
    getOperation().walk([&](Operation *op) {
      if (isa<linalg::FillOp>(op) && startsBuffer(op))
        fills.push_back(op);
      else if (isa<tensor::EmptyOp>(op))
        empties.push_back(op);
    });
    for (Operation *op : fills)
      separateUses(op, rewriter);
    for (Operation *op : empties)
      separateUses(op, rewriter);
  }
};

} // namespace
} // namespace quantcc
