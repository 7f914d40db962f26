//===- PromoteAccumulators.cpp - Keep accumulators in registers -----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Replaces the load and store of an element that a loop accumulates into by an
// iteration argument. LLVM can't do this later: once buffers share one arena,
// it can't tell them apart.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/Passes.h"

#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/IR/PatternMatch.h>
#include <mlir/Interfaces/FunctionInterfaces.h>
#include <mlir/Interfaces/SideEffectInterfaces.h>
#include <mlir/Interfaces/ViewLikeInterface.h>

using namespace mlir;

namespace quantcc {

#define GEN_PASS_DEF_PROMOTEACCUMULATORS
#include "quantcc/Codegen/Passes.h.inc"

/// The memory that `buffer` is a view of: an allocation, a global or an
/// argument of the function. Null if it may be one of several.
static Value findMemory(Value buffer) {
  while (auto view = buffer.getDefiningOp<ViewLikeOpInterface>())
    buffer = view.getViewSource();
  if (buffer.getDefiningOp<memref::AllocOp>() ||
      buffer.getDefiningOp<memref::GetGlobalOp>())
    return buffer;
  auto argument = dyn_cast<BlockArgument>(buffer);
  if (argument && isa<FunctionOpInterface>(argument.getOwner()->getParentOp()))
    return buffer;
  return {};
}

/// Whether an access to `buffer` can't touch `memory`, which is written: the
/// arguments that are written are outputs, and those overlap nothing else.
static bool isDistinct(Value buffer, Value memory) {
  Value other = findMemory(buffer);
  return other && other != memory;
}

/// Whether no operation of `loop` but `load` and `store` may touch `memory`.
static bool isOnlyAccess(scf::ForOp loop, memref::LoadOp load,
                         memref::StoreOp store, Value memory) {
  WalkResult result = loop.getBody()->walk([&](Operation *op) {
    if (op == load || op == store || isMemoryEffectFree(op))
      return WalkResult::advance();
    if (op->hasTrait<OpTrait::HasRecursiveMemoryEffects>())
      return WalkResult::advance(); // its body is visited as well
    std::optional<SmallVector<MemoryEffects::EffectInstance>> effects =
        getEffectsRecursively(op);
    if (!effects)
      return WalkResult::interrupt();
    for (const MemoryEffects::EffectInstance &effect : *effects)
      if (!effect.getValue() || !isDistinct(effect.getValue(), memory))
        return WalkResult::interrupt();
    return WalkResult::advance();
  });
  return !result.wasInterrupted();
}

/// The store of `loop`'s body that writes back what `load` reads; null if the
/// element may differ between iterations or be touched by others.
static memref::StoreOp findWriteBack(scf::ForOp loop, memref::LoadOp load) {
  if (!loop.isDefinedOutsideOfLoop(load.getMemRef()) ||
      !llvm::all_of(load.getIndices(), [&](Value index) {
        return loop.isDefinedOutsideOfLoop(index);
      }))
    return {};
  Value memory = findMemory(load.getMemRef());
  if (!memory)
    return {};
  for (auto store : loop.getBody()->getOps<memref::StoreOp>())
    if (store.getMemRef() == load.getMemRef() &&
        llvm::equal(store.getIndices(), load.getIndices()) &&
        load->isBeforeInBlock(store) && isOnlyAccess(loop, load, store, memory))
      return store;
  return {};
}

/// Carries the element of `load` through `loop`; returns the new loop.
static scf::ForOp promote(scf::ForOp loop, memref::LoadOp load,
                          memref::StoreOp store, RewriterBase &rewriter) {
  rewriter.setInsertionPoint(loop);
  auto initial = memref::LoadOp::create(rewriter, load.getLoc(),
                                        load.getMemRef(), load.getIndices());
  auto replaced = loop.replaceWithAdditionalYields(
      rewriter, initial.getResult(), /*replaceInitOperandUsesInLoop=*/false,
      [&](OpBuilder &, Location, ArrayRef<BlockArgument> carried) {
        rewriter.replaceAllUsesWith(load.getResult(), carried.front());
        return SmallVector<Value>{store.getValueToStore()};
      });
  auto newLoop = cast<scf::ForOp>(replaced->getOperation());
  rewriter.setInsertionPointAfter(newLoop);
  memref::StoreOp::create(rewriter, store.getLoc(), newLoop.getResults().back(),
                          store.getMemRef(), store.getIndices());
  rewriter.eraseOp(store);
  rewriter.eraseOp(load);
  return newLoop;
}

namespace {

struct PromoteAccumulators
    : impl::PromoteAccumulatorsBase<PromoteAccumulators> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    // Inner loops come first, so that an element moves out of all of them.
    SmallVector<scf::ForOp> loops;
    getOperation().walk([&](scf::ForOp loop) { loops.push_back(loop); });
    for (scf::ForOp loop : loops)
      while (promoteOne(loop, rewriter)) {
      }
  }

  /// Promotes the first element that can be; updates `loop`.
  static bool promoteOne(scf::ForOp &loop, RewriterBase &rewriter) {
    for (auto load : loop.getBody()->getOps<memref::LoadOp>()) {
      if (memref::StoreOp store = findWriteBack(loop, load)) {
        loop = promote(loop, load, store, rewriter);
        return true;
      }
    }
    return false;
  }
};

} // namespace
} // namespace quantcc
