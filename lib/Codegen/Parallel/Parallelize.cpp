//===- Parallelize.cpp - Cut layers into pieces that may run at once ------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Decides which layers are worth it, and proves that their pieces are
// independent.
//
//===----------------------------------------------------------------------===//

#include "Pieces/CutLayer.h"
#include "Pieces/PieceAccesses.h"
#include "Remarks.h"

#include "quantcc/Codegen/ModelInterface.h"
#include "quantcc/Codegen/Passes.h"

#include <mlir/Dialect/Affine/IR/AffineOps.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>

using namespace mlir;

namespace quantcc {

#define GEN_PASS_DEF_PARALLELIZE
#include "quantcc/Codegen/Passes.h.inc"

namespace {

/// A dimension, and how much of it a piece has.
struct Choice {
  CutDim dim;
  int64_t size;

  int64_t count() const { return llvm::divideCeil(dim.extent, size); }
};

struct Parallelize : impl::ParallelizeBase<Parallelize> {
  using ParallelizeBase::ParallelizeBase;

  void runOnOperation() override;

private:
  /// The pass refuses pieces that others have made of a layer in a wrong way.
  LogicalResult check(func::FuncOp function);
  void cut(Operation *op);
  /// The first of the dimensions that gives the most pieces, at most `limit`.
  static std::optional<Choice> choose(ArrayRef<CutDim> dims, int64_t limit);
  static void leaveWhole(Operation *op, const std::string &reason) {
    remarkMissed(op->getLoc(), "parallelize") << "stays whole: " + reason;
  }
};

} // namespace

std::optional<Choice> Parallelize::choose(ArrayRef<CutDim> dims,
                                          int64_t limit) {
  std::optional<Choice> best;
  for (CutDim dim : dims) {
    if (dim.extent < 2)
      continue;
    int64_t size = llvm::divideCeil(dim.extent, std::min(limit, dim.extent));
    Choice choice{dim, static_cast<int64_t>(llvm::alignTo(size, dim.granule))};
    if (choice.count() < 2)
      continue;
    if (!best || choice.count() > best->count())
      best = choice;
  }
  return best;
}

void Parallelize::cut(Operation *op) {
  std::unique_ptr<CuttableLayer> layer = CuttableLayer::match(op);
  if (!layer)
    return;
  int64_t limit = std::min<double>(pieces, layer->cycles(rate) / leastCycles);
  if (limit < 2)
    return leaveWhole(op, "too little work");
  std::optional<Choice> choice = choose(layer->dims(), limit);
  if (!choice)
    return leaveWhole(op, "there is no dimension to cut it along");
  OpBuilder builder(op);
  scf::ForallOp forall =
      emitPieces(builder, op->getLoc(), *layer, choice->dim, choice->size);
  std::string conflict = findConflict(forall);
  if (!conflict.empty()) {
    forall.erase();
    return leaveWhole(op, conflict);
  }
  int64_t rest = choice->dim.extent % choice->size;
  std::string text = "cut into " + std::to_string(choice->count()) +
                     " pieces of " + std::to_string(choice->size) +
                     " along dimension " + std::to_string(choice->dim.dim);
  if (rest)
    text += ", the last of " + std::to_string(rest);
  remarkPassed(op->getLoc(), "parallelize") << text;
  op->erase();
}

LogicalResult Parallelize::check(func::FuncOp function) {
  WalkResult result = function.walk([](scf::ForallOp forall) {
    std::string conflict = findConflict(forall);
    if (conflict.empty())
      return WalkResult::advance();
    forall.emitOpError("expected independent pieces: ") << conflict << " (C97)";
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

void Parallelize::runOnOperation() {
  for (auto function : getOperation().getOps<func::FuncOp>()) {
    if (!function.isPublic() || function.isExternal() ||
        function->hasAttr(kResetAttrName))
      continue;
    if (failed(check(function)))
      return signalPassFailure();
    // In loops, pieces would be too small, and might be of one turn only.
    for (Operation &op : llvm::make_early_inc_range(function.front()))
      cut(&op);
    function->setAttr(kPiecesAttrName,
                      Builder(&getContext()).getI64IntegerAttr(pieces));
  }
}

} // namespace quantcc
