//===- StripMutants.cpp - Mistakes in strips and shared frames -----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wrong strips, halos that stay as an operand left them, and results over what
// is still read.
//
//===----------------------------------------------------------------------===//

#include "MutationRules.h"

#include <mlir/Dialect/Affine/IR/AffineOps.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Dialect/SCF/IR/SCF.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

/// Whether `loop` goes through the strips of layers: it calls a kernel.
static bool isStripLoop(scf::ForOp loop) {
  auto function = dyn_cast<func::FuncOp>(loop->getParentOp());
  return function && function.isPublic() &&
         loop.walk([](func::CallOp) { return WalkResult::interrupt(); })
             .wasInterrupted();
}

/// Moves the bounds of `loop` inwards by a turn, at its begin or its end.
static Mutation loseStrip(bool isFirst) {
  return onEach<scf::ForOp>([isFirst](scf::ForOp loop) {
    std::optional<APInt> turns = loop.getStaticTripCount();
    if (!isStripLoop(loop) || !turns || turns->ult(2))
      return false;
    Value bound = isFirst ? loop.getLowerBound() : loop.getUpperBound();
    std::optional<int64_t> value = constantOf(bound);
    if (!value)
      return false;
    Value moved = createConstant(loop, bound, *value + (isFirst ? 1 : -1));
    if (isFirst)
      loop.setLowerBound(moved);
    else
      loop.setUpperBound(moved);
    return true;
  });
}

/// Moves what all strips but the first touch back by one element for each.
static bool moveBack(affine::AffineApplyOp op) {
  auto loop = op->getParentOfType<scf::ForOp>();
  if (!loop || !isStripLoop(loop) || op.getNumOperands() != 1 ||
      op.getOperand(0) != loop.getInductionVar() ||
      op.getAffineMap().getNumDims() != 1)
    return false;
  AffineExpr number = getAffineDimExpr(0, op.getContext());
  op.setMap(AffineMap::get(1, 0, op.getAffineMap().getResult(0) - number));
  return true;
}

/// The value of the arena that `buffer` is a part of.
static memref::ViewOp placeOf(Value buffer) {
  while (auto part = buffer.getDefiningOp<memref::SubViewOp>())
    buffer = part.getSource();
  return buffer.getDefiningOp<memref::ViewOp>();
}

/// Leaves out what is filled of a frame after something was written to it.
static bool leaveHalo(memref::StoreOp op) {
  memref::ViewOp place = placeOf(op.getMemRef());
  auto function = op->getParentOfType<func::FuncOp>();
  if (!place || !function.isPublic() || !constantOf(op.getValue()))
    return false;
  Block &body = function.front();
  Operation *fill = body.findAncestorOpInBlock(*op);
  bool isLater = false;
  function.walk([&](func::CallOp call) {
    Operation *layer = body.findAncestorOpInBlock(*call);
    isLater |= layer->isBeforeInBlock(fill) &&
               llvm::any_of(call.getOperands(), [&](Value operand) {
                 return placeOf(operand) == place;
               });
  });
  if (isLater)
    op.erase();
  return isLater;
}

/// Puts each value where the one before it of its type is.
static bool putOverEarlier(ModuleOp module) {
  bool changed = false;
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function.isExternal() || !function.isPublic())
      continue;
    DenseMap<Type, memref::ViewOp> last;
    for (auto view : function.front().getOps<memref::ViewOp>()) {
      memref::ViewOp &earlier = last[view.getType()];
      if (earlier && constantOf(earlier.getByteShift()) !=
                         constantOf(view.getByteShift())) {
        view.getByteShiftMutable().assign(earlier.getByteShift());
        changed = true;
      }
      earlier = view;
    }
  }
  return changed;
}

std::vector<Mutant> quantcc::differential::stripMutants() {
  return {
      {"last strip of layers lost", {}, {}, {}, loseStrip(false)},
      {"first strip of layers lost", {}, {}, {}, loseStrip(true)},
      {"strips of layers moved back",
       {},
       {},
       {},
       onEach<affine::AffineApplyOp>(moveBack)},
      {"halo of a result over its operand left",
       {},
       {},
       {},
       onEach<memref::StoreOp>(leaveHalo)},
      {"value over an earlier one", {}, {}, {}, putOverEarlier},
  };
}
