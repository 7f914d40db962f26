//===- PrivatizeBuffers.cpp - Give each piece buffers of its own ----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Moves allocations out of the pieces of layers.
//
//===----------------------------------------------------------------------===//

#include "Pieces/PieceAccesses.h"

#include "quantcc/Codegen/MemoryPlanner.h"
#include "quantcc/Codegen/Passes.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>

using namespace mlir;

namespace quantcc {

#define GEN_PASS_DEF_PRIVATIZEBUFFERS
#include "quantcc/Codegen/Passes.h.inc"

/// What threads of different cores write lies in different lines of their
/// caches.
static constexpr int64_t kCacheLineBytes = 64;

/// Replaces `alloc` in `pieces`, of which there are `count`.
static void privatize(memref::AllocOp alloc, scf::ForallOp pieces,
                      int64_t count) {
  MemRefType type = alloc.getType();
  Location loc = alloc.getLoc();
  int64_t bytes = llvm::alignTo(
      type.getNumElements() *
          llvm::divideCeil(type.getElementTypeBitWidth(), 8),
      std::max<int64_t>(alloc.getAlignment().value_or(1), kCacheLineBytes));
  OpBuilder builder(pieces);
  Value all = memref::AllocOp::create(
      builder, loc, MemRefType::get({count * bytes}, builder.getI8Type()),
      builder.getI64IntegerAttr(std::max<int64_t>(
          alloc.getAlignment().value_or(1), kArenaAlignment)));
  for (Operation *user : llvm::make_early_inc_range(alloc->getUsers()))
    if (isa<memref::DeallocOp>(user))
      user->erase();
  builder.setInsertionPoint(alloc);
  Value begin = arith::MulIOp::create(
      builder, loc, pieces.getInductionVars().front(),
      arith::ConstantIndexOp::create(builder, loc, bytes));
  Value view = memref::ViewOp::create(builder, loc, type, all, begin,
                                      /*sizes=*/ValueRange());
  alloc.replaceAllUsesWith(view);
  alloc.erase();
}

namespace {

struct PrivatizeBuffers : impl::PrivatizeBuffersBase<PrivatizeBuffers> {
  void runOnOperation() override {
    SmallVector<std::pair<memref::AllocOp, scf::ForallOp>> buffers;
    getOperation().walk([&](memref::AllocOp alloc) {
      if (auto pieces = alloc->getParentOfType<scf::ForallOp>())
        buffers.emplace_back(alloc, pieces);
    });
    for (auto [alloc, pieces] : buffers) {
      std::optional<int64_t> count = countPieces(pieces);
      bool isPlain = alloc.getType().hasStaticShape() &&
                     alloc.getType().getLayout().isIdentity();
      if (!count || !isPlain) {
        alloc.emitOpError("expected a plain buffer of static shape, in pieces "
                          "of known number");
        return signalPassFailure();
      }
      privatize(alloc, pieces, *count);
    }
  }
};

} // namespace
} // namespace quantcc
