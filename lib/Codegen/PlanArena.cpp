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

#include "AssignRegions.h"
#include "BufferAccesses.h"
#include "BufferLifetimes.h"
#include "quantcc/Codegen/MemoryPlanner.h"
#include "quantcc/Codegen/ModelInterface.h"
#include "quantcc/Codegen/Passes.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Interfaces/LoopLikeInterface.h>
#include <mlir/Interfaces/SideEffectInterfaces.h>

#include <map>

using namespace mlir;

namespace quantcc {

#define GEN_PASS_DEF_PLANARENA
#include "quantcc/Codegen/Passes.h.inc"

namespace {

/// The allocations of one function and the plan for them.
class ArenaBuilder {
public:
  /// `regions` as the pass takes them; none for one without a limit.
  ArenaBuilder(func::FuncOp function, ArrayRef<std::string> regions)
      : function(function), builder(function.getContext()), texts(regions) {}

  /// Plans and rewrites; emits an error on failure.
  LogicalResult run();

private:
  LogicalResult collectAllocations();
  LogicalResult checkNotCarriedAround(memref::AllocOp alloc);
  BufferRequest makeRequest(memref::AllocOp alloc);
  void nameContent(const std::map<int64_t, StringRef> &writers,
                   int64_t firstRead, std::string &name);
  LogicalResult parseRegions();
  FailureOr<MemoryPlan> plan();
  /// Adds an argument for each region; `blocks` receives them.
  LogicalResult addArguments(const MemoryPlan &plan,
                             SmallVectorImpl<Value> &blocks);
  void replaceByViews(ArrayRef<Value> blocks, const MemoryPlan &plan);
  void recordPlan(const MemoryPlan &plan);
  int64_t sizeOf(const MemoryPlan &plan, unsigned region) const {
    return region < plan.regionSizes.size() ? plan.regionSizes[region] : 0;
  }

  func::FuncOp function;
  OpBuilder builder;
  ArrayRef<std::string> texts;
  /// Of each region; empty names and no limits if none were asked for.
  SmallVector<StringRef> regionNames;
  SmallVector<std::optional<int64_t>> limits;
  /// The most bytes alive at one moment, in whatever region.
  int64_t lowerBound = 0;
  SmallVector<memref::AllocOp> allocations;
  SmallVector<BufferRequest> requests;
  std::unique_ptr<BufferLifetimes> lifetimes;
  /// The tensor that is computed at each moment, or "".
  SmallVector<StringRef> momentNames;
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
    for (Value alias : lifetimes->aliasesOf(alloc))
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
  BufferRequest request = lifetimes->makeRequest(alloc);
  request.name = findTensorName(alloc.getLoc()).str();
  std::map<int64_t, StringRef> writers;
  int64_t firstRead = std::numeric_limits<int64_t>::max();
  lifetimes->forEachTouch(alloc, [&](OpOperand &use, int64_t moment) {
    if (writesBuffer(use))
      writers[moment] = findTensorName(use.getOwner()->getLoc());
    else
      firstRead = std::min(firstRead, moment);
  });
  nameContent(writers, firstRead, request.name);
  return request;
}

/// Names a buffer, and the moments that fill it, after the first tensor it
/// holds: what writes it last before it is read. The location of the allocation
/// may be another layer's, where equal tensors became one, and so may that of
/// the first write: it may fill a margin for the layer that reads.
void ArenaBuilder::nameContent(const std::map<int64_t, StringRef> &writers,
                               int64_t firstRead, std::string &name) {
  auto end = writers.lower_bound(firstRead);
  if (end == writers.begin())
    return;
  StringRef tensor = std::prev(end)->second;
  if (tensor.empty())
    return;
  name = tensor.str();
  for (auto it = writers.begin(); it != end; ++it)
    momentNames[it->first] = tensor;
}

LogicalResult ArenaBuilder::parseRegions() {
  for (StringRef text : texts) {
    auto [name, size] = text.split('=');
    int64_t bytes;
    if (name.empty() ||
        (text.contains('=') && (size.getAsInteger(10, bytes) || bytes < 0)))
      return function.emitOpError(
                 "expected regions NAME or NAME=BYTES, found '")
             << text << "'";
    regionNames.push_back(name);
    limits.push_back(text.contains('=') ? std::optional(bytes) : std::nullopt);
  }
  if (texts.empty()) {
    regionNames.push_back("");
    limits.push_back(std::nullopt);
  }
  return success();
}

FailureOr<MemoryPlan> ArenaBuilder::plan() {
  std::unique_ptr<MemoryPlanner> planner = createBestFitPlanner();
  llvm::Expected<MemoryPlan> whole = planner->plan(requests);
  if (!whole) {
    function.emitOpError(llvm::toString(whole.takeError()));
    return failure();
  }
  lowerBound = whole->lowerBounds.empty() ? 0 : whole->lowerBounds.front();
  if (texts.empty())
    return std::move(*whole);
  SmallVector<int64_t> accesses;
  for (memref::AllocOp alloc : allocations)
    accesses.push_back(countAccessedBytes(alloc));
  llvm::Expected<MemoryPlan> spread =
      assignRegions(requests, accesses, limits, *planner);
  if (!spread) {
    function.emitError(llvm::toString(spread.takeError()))
        << "; in all, " << lowerBound << " bytes are alive at once";
    return failure();
  }
  return std::move(*spread);
}

LogicalResult ArenaBuilder::addArguments(const MemoryPlan &plan,
                                         SmallVectorImpl<Value> &blocks) {
  for (auto [region, name] : llvm::enumerate(regionNames)) {
    NamedAttrList marks;
    marks.set(kArenaAttrName, builder.getUnitAttr());
    if (!name.empty())
      marks.set(kRegionAttrName, builder.getStringAttr(name));
    unsigned position = function.getNumArguments();
    if (failed(function.insertArgument(
            position,
            MemRefType::get({sizeOf(plan, region)}, builder.getI8Type()),
            marks.getDictionary(function.getContext()), function.getLoc())))
      return failure();
    blocks.push_back(function.getArgument(position));
  }
  return success();
}

void ArenaBuilder::replaceByViews(ArrayRef<Value> blocks,
                                  const MemoryPlan &plan) {
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
    Value view = memref::ViewOp::create(
        builder, alloc.getLoc(), alloc.getType(), blocks[requests[i].region],
        position, /*sizes=*/ValueRange());
    alloc.replaceAllUsesWith(view);
    alloc.erase();
  }
}

void ArenaBuilder::recordPlan(const MemoryPlan &plan) {
  auto integer = [&](StringRef name, int64_t value) {
    return builder.getNamedAttr(name, builder.getI64IntegerAttr(value));
  };
  auto text = [&](StringRef name, StringRef value) {
    return builder.getNamedAttr(name, builder.getStringAttr(value));
  };
  SmallVector<Attribute> buffers, regions;
  for (auto [request, offset] : llvm::zip_equal(requests, plan.offsets)) {
    NamedAttrList entry;
    entry.append(text("name", request.name));
    entry.append(integer("offset", offset));
    entry.append(integer("bytes", request.size));
    entry.append(integer("first_use", request.firstUse));
    entry.append(integer("last_use", request.lastUse));
    if (!texts.empty())
      entry.append(integer("region", request.region));
    buffers.push_back(entry.getDictionary(function.getContext()));
  }
  int64_t bytes = 0;
  for (auto [region, name] : llvm::enumerate(regionNames)) {
    bytes += sizeOf(plan, region);
    regions.push_back(builder.getDictionaryAttr(
        {text("name", name), integer("bytes", sizeOf(plan, region))}));
  }
  function->setAttr(kArenaBytesAttrName, builder.getI64IntegerAttr(bytes));
  function->setAttr(kArenaAlignmentAttrName,
                    builder.getI64IntegerAttr(kArenaAlignment));
  function->setAttr(kArenaLowerBoundAttrName,
                    builder.getI64IntegerAttr(lowerBound));
  function->setAttr(kArenaBuffersAttrName, builder.getArrayAttr(buffers));
  if (!texts.empty())
    function->setAttr(kArenaRegionsAttrName, builder.getArrayAttr(regions));
  function->setAttr(kArenaMomentsAttrName,
                    builder.getStrArrayAttr(momentNames));
}

LogicalResult ArenaBuilder::run() {
  if (!function.getBody().hasOneBlock()) {
    function.emitOpError("expected one block, found ")
        << function.getBody().getBlocks().size();
    return failure();
  }
  if (failed(parseRegions()) || failed(collectAllocations()))
    return failure();
  lifetimes = std::make_unique<BufferLifetimes>(function);
  for (Operation &op : function.front()) {
    // Views and constants may be shared by many layers, and compute nothing.
    bool computes = !isMemoryEffectFree(&op) &&
                    !isa<memref::AllocOp, memref::DeallocOp>(op);
    momentNames.push_back(computes ? findTensorName(op.getLoc()) : "");
  }
  for (memref::AllocOp alloc : allocations) {
    if (failed(checkNotCarriedAround(alloc)))
      return failure();
    requests.push_back(makeRequest(alloc));
  }
  FailureOr<MemoryPlan> memory = plan();
  if (failed(memory))
    return failure();
  SmallVector<Value> blocks;
  if (failed(addArguments(*memory, blocks)))
    return failure();
  replaceByViews(blocks, *memory);
  recordPlan(*memory);
  return success();
}

namespace {

struct PlanArena : impl::PlanArenaBase<PlanArena> {
  using PlanArenaBase::PlanArenaBase;

  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (!function.isPublic() || function.isExternal() ||
          function->hasAttr(kResetAttrName) ||
          function->hasAttr(kArenaBytesAttrName))
        continue;
      if (failed(ArenaBuilder(function, regions).run()))
        return signalPassFailure();
    }
  }
};

} // namespace
} // namespace quantcc
