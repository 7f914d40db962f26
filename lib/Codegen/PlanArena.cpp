//===- PlanArena.cpp - Place every buffer in one static arena -------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Replaces the allocations of public functions by views into one arena
// argument, at the offsets that the memory planner chooses.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/MemoryPlanner.h"
#include "quantcc/Codegen/ModelInterface.h"
#include "quantcc/Codegen/Passes.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Bufferization/Transforms/BufferViewFlowAnalysis.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Interfaces/LoopLikeInterface.h>
#include <mlir/Interfaces/ViewLikeInterface.h>

using namespace mlir;

namespace quantcc {

#define GEN_PASS_DEF_PLANARENA
#include "quantcc/Codegen/Passes.h.inc"

/// Bytes of a buffer of `type`; an element takes whole bytes.
static int64_t sizeInBytes(MemRefType type) {
  int64_t bits =
      type.getElementType().isIndex() ? 64 : type.getElementTypeBitWidth();
  return type.getNumElements() * llvm::divideCeil(bits, 8);
}

/// Whether an operation other than a view, which touches no memory, uses
/// `value` in `user`.
static bool touchesMemory(Operation *user) {
  return !isa<ViewLikeOpInterface, memref::DeallocOp,
              memref::ExtractStridedMetadataOp>(user);
}

namespace {

/// The allocations of one function and the plan for them.
class ArenaBuilder {
public:
  explicit ArenaBuilder(func::FuncOp function)
      : function(function), builder(function.getContext()) {}

  /// Plans and rewrites; emits an error on failure.
  LogicalResult run();

private:
  LogicalResult collectAllocations();
  LogicalResult checkNotCarriedAround(memref::AllocOp alloc);
  BufferRequest makeRequest(memref::AllocOp alloc);
  void replaceByViews(Value arena, const MemoryPlan &plan);
  void recordPlan(const MemoryPlan &plan, int64_t bytes, int64_t lowerBound);

  func::FuncOp function;
  OpBuilder builder;
  SmallVector<memref::AllocOp> allocations;
  SmallVector<BufferRequest> requests;
  /// Position of each operation of the function's body.
  DenseMap<Operation *, int64_t> moments;
  /// The tensor that each computes, or "".
  SmallVector<StringRef> momentNames;
  std::unique_ptr<BufferViewFlowAnalysis> aliases;
};

} // namespace

LogicalResult ArenaBuilder::collectAllocations() {
  WalkResult result = function.walk([&](memref::AllocOp alloc) {
    if (!alloc.getType().hasStaticShape()) {
      alloc.emitOpError("expected a static shape, found ") << alloc.getType();
      return WalkResult::interrupt();
    }
    if (!alloc.getType().getLayout().isIdentity()) {
      alloc.emitOpError("expected a plain layout, found ") << alloc.getType();
      return WalkResult::interrupt();
    }
    allocations.push_back(alloc);
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

/// An allocation in a loop is one buffer for all iterations. That is wrong if
/// an iteration passes it on to the next, which then reads what it overwrites.
LogicalResult ArenaBuilder::checkNotCarriedAround(memref::AllocOp alloc) {
  for (Operation *loop = alloc->getParentOp(); loop != function;
       loop = loop->getParentOp()) {
    if (!isa<LoopLikeOpInterface>(loop))
      continue;
    for (Value alias : aliases->resolve(alloc))
      for (Operation *user : alias.getUsers())
        if (user->hasTrait<OpTrait::IsTerminator>() &&
            user->getParentOp() == loop)
          return alloc.emitOpError(
              "expected a buffer that does not outlive an iteration of the "
              "loop it is allocated in");
  }
  return success();
}

BufferRequest ArenaBuilder::makeRequest(memref::AllocOp alloc) {
  BufferRequest request;
  request.name = findTensorName(alloc.getLoc()).str();
  request.size = sizeInBytes(alloc.getType());
  request.alignment =
      std::max<int64_t>(alloc.getAlignment().value_or(1), kArenaAlignment);
  Block *body = &function.front();
  bool used = false;
  for (Value alias : aliases->resolve(alloc)) {
    for (Operation *user : alias.getUsers()) {
      if (!touchesMemory(user))
        continue;
      int64_t moment = moments.lookup(body->findAncestorOpInBlock(*user));
      request.firstUse = used ? std::min(request.firstUse, moment) : moment;
      request.lastUse = used ? std::max(request.lastUse, moment) : moment;
      used = true;
    }
  }
  return request;
}

void ArenaBuilder::replaceByViews(Value arena, const MemoryPlan &plan) {
  // From the last to the first, so that the views at the top of the function
  // come in the order of the allocations.
  for (size_t i = allocations.size(); i-- != 0;) {
    memref::AllocOp alloc = allocations[i];
    for (Operation *user : llvm::make_early_inc_range(alloc->getUsers()))
      if (isa<memref::DeallocOp>(user))
        user->erase();
    builder.setInsertionPointToStart(&function.front());
    Value position = arith::ConstantIndexOp::create(builder, alloc.getLoc(),
                                                    plan.offsets[i]);
    Value view = memref::ViewOp::create(builder, alloc.getLoc(),
                                        alloc.getType(), arena, position,
                                        /*sizes=*/ValueRange());
    alloc.replaceAllUsesWith(view);
    alloc.erase();
  }
}

void ArenaBuilder::recordPlan(const MemoryPlan &plan, int64_t bytes,
                              int64_t lowerBound) {
  SmallVector<Attribute> buffers;
  for (auto [request, offset] : llvm::zip_equal(requests, plan.offsets))
    buffers.push_back(builder.getDictionaryAttr(
        {builder.getNamedAttr("name", builder.getStringAttr(request.name)),
         builder.getNamedAttr("offset", builder.getI64IntegerAttr(offset)),
         builder.getNamedAttr("bytes", builder.getI64IntegerAttr(request.size)),
         builder.getNamedAttr("first_use",
                              builder.getI64IntegerAttr(request.firstUse)),
         builder.getNamedAttr("last_use",
                              builder.getI64IntegerAttr(request.lastUse))}));
  function->setAttr(kArenaBytesAttrName, builder.getI64IntegerAttr(bytes));
  function->setAttr(kArenaAlignmentAttrName,
                    builder.getI64IntegerAttr(kArenaAlignment));
  function->setAttr(kArenaLowerBoundAttrName,
                    builder.getI64IntegerAttr(lowerBound));
  function->setAttr(kArenaBuffersAttrName, builder.getArrayAttr(buffers));
  function->setAttr(kArenaMomentsAttrName,
                    builder.getStrArrayAttr(momentNames));
}

LogicalResult ArenaBuilder::run() {
  if (!function.getBody().hasOneBlock()) {
    function.emitOpError("expected one block, found ")
        << function.getBody().getBlocks().size();
    return failure();
  }
  if (failed(collectAllocations()))
    return failure();
  aliases = std::make_unique<BufferViewFlowAnalysis>(function);
  int64_t moment = 0;
  for (Operation &op : function.front()) {
    moments[&op] = moment++;
    momentNames.push_back(findTensorName(op.getLoc()));
  }
  for (memref::AllocOp alloc : allocations) {
    if (failed(checkNotCarriedAround(alloc)))
      return failure();
    requests.push_back(makeRequest(alloc));
  }

  llvm::Expected<MemoryPlan> plan = createBestFitPlanner()->plan(requests);
  if (!plan) {
    function.emitOpError(llvm::toString(plan.takeError()));
    return failure();
  }
  int64_t bytes = plan->regionSizes.empty() ? 0 : plan->regionSizes.front();
  int64_t lowerBound =
      plan->lowerBounds.empty() ? 0 : plan->lowerBounds.front();
  auto arenaType = MemRefType::get({bytes}, builder.getI8Type());
  unsigned position = function.getNumArguments();
  if (failed(function.insertArgument(
          position, arenaType,
          builder.getDictionaryAttr(
              builder.getNamedAttr(kArenaAttrName, builder.getUnitAttr())),
          function.getLoc())))
    return failure();
  replaceByViews(function.getArgument(position), *plan);
  recordPlan(*plan, bytes, lowerBound);
  return success();
}

namespace {

struct PlanArena : impl::PlanArenaBase<PlanArena> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (!function.isPublic() || function.isExternal() ||
          function->hasAttr(kResetAttrName) ||
          function->hasAttr(kArenaBytesAttrName))
        continue;
      if (failed(ArenaBuilder(function).run()))
        return signalPassFailure();
    }
  }
};

} // namespace
} // namespace quantcc
