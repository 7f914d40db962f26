//===- StripLayers.cpp - Compute layers strip by strip --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where a layer alone reads what a fused layer makes, and row for row, both are
// computed in strips of rows, so that only a strip of what is between them
// exists.
//
//===----------------------------------------------------------------------===//

#include "BufferLifetimes.h"
#include "LayerChain.h"
#include "LoopAnnotation.h"
#include "PieceAccesses.h"
#include "Remarks.h"

#include "quantcc/Codegen/ModelInterface.h"
#include "quantcc/Codegen/Passes.h"

#include <llvm/ADT/StringExtras.h>
#include <mlir/Dialect/Affine/IR/AffineOps.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>

using namespace mlir;

namespace quantcc {

#define GEN_PASS_DEF_STRIPLAYERS
#include "quantcc/Codegen/Passes.h.inc"

namespace {

/// A chain that may be computed in strips, and how.
struct Candidate {
  std::unique_ptr<LayerChain> chain;
  CutDim dim;
  int64_t size;
  /// Why not; empty if it may.
  std::string obstacle;
  bool isChosen = false;
};

/// Bytes that the planner finds for a function, some of whose layers are
/// computed in strips.
class StripPlan {
public:
  explicit StripPlan(func::FuncOp function);
  /// With the strips of those of `candidates` that are chosen.
  int64_t bytes(ArrayRef<Candidate> candidates);

private:
  BufferLifetimes lifetimes;
  std::unique_ptr<MemoryPlanner> planner = createBestFitPlanner();
  SmallVector<BufferRequest> whole;
  llvm::SmallDenseMap<Value, size_t> positions;
};

struct StripLayers : impl::StripLayersBase<StripLayers> {
  using StripLayersBase::StripLayersBase;

  void runOnOperation() override;

private:
  std::optional<Candidate> match(Operation *last);
  int64_t chooseSize(LayerChain &chain, CutDim dim);
};

} // namespace

StripPlan::StripPlan(func::FuncOp function) : lifetimes(function) {
  for (auto alloc : function.front().getOps<memref::AllocOp>()) {
    positions[alloc.getResult()] = whole.size();
    whole.push_back(lifetimes.makeRequest(alloc));
  }
}

int64_t StripPlan::bytes(ArrayRef<Candidate> candidates) {
  SmallVector<BufferRequest> requests = whole;
  for (const Candidate &candidate : candidates) {
    if (!candidate.isChosen)
      continue;
    LayerChain &chain = *candidate.chain;
    int64_t moment = lifetimes.momentOf(chain.last());
    for (Operation *layer : chain.layers)
      for (Value operand : layer->getOperands()) {
        auto found = positions.find(LayerChain::memoryOf(operand));
        if (found == positions.end())
          continue;
        BufferRequest &request = requests[found->second];
        request.lastUse = std::max(request.lastUse, moment);
      }
    for (memref::AllocOp buffer : chain.between) {
      BufferRequest &strip = requests[positions.lookup(buffer.getResult())];
      strip.size = strip.size / candidate.dim.extent * candidate.size;
      strip.firstUse = strip.lastUse = moment;
    }
  }
  llvm::Expected<MemoryPlan> plan = planner->plan(requests);
  if (plan)
    return plan->regionSizes.empty() ? 0 : plan->regionSizes.front();
  llvm::consumeError(plan.takeError());
  return std::numeric_limits<int64_t>::max();
}

/// The next number of rows, from `size` on, that divides all of `dim` into
/// several equal strips, so that there is one code for them; 0 if there is
/// none.
static int64_t findDivisor(CutDim dim, int64_t size) {
  for (; size <= dim.extent / 2; ++size)
    if (dim.extent % size == 0)
      return size;
  return 0;
}

int64_t StripLayers::chooseSize(LayerChain &chain, CutDim dim) {
  double cycles = leastCycles * chain.between.size();
  double cyclesOfRow = chain.cycles(rate) / dim.extent;
  int64_t least = std::max<int64_t>(1, std::ceil(cycles / cyclesOfRow));
  int64_t divisor = findDivisor(dim, least);
  return divisor ? divisor : least;
}

std::optional<Candidate> StripLayers::match(Operation *last) {
  auto chain = std::make_unique<LayerChain>(last);
  if (chain->between.empty())
    return std::nullopt;
  SmallVector<CutDim> dims = chain->dims();
  if (dims.empty())
    return std::nullopt;
  CutDim dim = dims.front();
  int64_t size = chooseSize(*chain, dim);
  Candidate candidate{std::move(chain), dim, size, ""};
  if (2 * size > dim.extent) {
    candidate.obstacle = "there is too little work for several strips";
  } else if (Operation *change = candidate.chain->findChange()) {
    candidate.obstacle = "'" + findTensorName(change->getLoc()).str() +
                         "' overwrites its input in the meantime";
  } else {
    OpBuilder builder(last);
    scf::ForallOp strips =
        emitPieces(builder, last->getLoc(), *candidate.chain, dim, size);
    candidate.obstacle = findConflict(strips);
    strips.erase();
  }
  return candidate;
}

/// Chooses those of `candidates` that make the arena smaller, with as few and
/// as large strips as will do, since strips take some time. Gives the bytes
/// that they save.
static int64_t choose(func::FuncOp function,
                      MutableArrayRef<Candidate> candidates) {
  StripPlan plan(function);
  int64_t without = plan.bytes(candidates);
  // All at first: where several moments take the most memory, no strips alone
  // make a difference.
  for (Candidate &candidate : candidates)
    candidate.isChosen = candidate.obstacle.empty();
  int64_t least = plan.bytes(candidates);
  for (bool isChanged = true; isChanged;) {
    isChanged = false;
    for (Candidate &candidate : candidates) {
      if (!candidate.isChosen)
        continue;
      candidate.isChosen = false;
      int64_t bytes = plan.bytes(candidates);
      candidate.isChosen = bytes > least;
      isChanged |= !candidate.isChosen;
      least = std::min(least, bytes);
    }
  }
  if (least >= without)
    for (Candidate &candidate : candidates)
      candidate.isChosen = false;
  for (Candidate &candidate : candidates) {
    int64_t size = candidate.size;
    while (candidate.isChosen && plan.bytes(candidates) <= least) {
      size = candidate.size;
      candidate.size = findDivisor(candidate.dim, size + 1);
      if (candidate.size == 0)
        break;
    }
    candidate.size = size;
  }
  return without - least;
}

/// Computes `candidate` strip by strip, in order.
static void strip(Candidate &candidate) {
  LayerChain &chain = *candidate.chain;
  Location loc = chain.last()->getLoc();
  OpBuilder builder(chain.last());
  scf::ForallOp pieces =
      emitPieces(builder, loc, chain, candidate.dim, candidate.size);
  auto index = [&](int64_t value) {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  auto loop = scf::ForOp::create(builder, loc, index(0),
                                 index(*countPieces(pieces)), index(1));
  keepLoop(loop);
  pieces.getInductionVars().front().replaceAllUsesWith(loop.getInductionVar());
  pieces.getTerminator()->erase();
  loop.getBody()->getOperations().splice(loop.getBody()->begin(),
                                         pieces.getBody()->getOperations());
  pieces.erase();
  for (Operation *layer : llvm::reverse(chain.layers))
    layer->erase();
  for (memref::AllocOp buffer : chain.between)
    buffer.erase();
}

/// `saved` are the bytes that all strips of the function save, if that is why.
static std::string describe(const Candidate &candidate, int64_t saved) {
  int64_t extent = candidate.dim.extent, rest = extent % candidate.size;
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << "is computed in strips of " << candidate.size << " of " << extent
         << " along dimension " << candidate.dim.dim;
  if (rest)
    stream << ", the last of " << rest;
  llvm::ListSeparator comma(" and ");
  stream << ", of ";
  for (memref::AllocOp buffer : candidate.chain->between)
    stream << comma << "'" << findTensorName(buffer.getLoc()) << "'";
  stream << " as well";
  if (saved)
    stream << "; all strips together make the arena smaller by " << saved
           << " bytes";
  return text;
}

void StripLayers::runOnOperation() {
  func::FuncOp function = getOperation();
  if (function.isExternal() || !function.getBody().hasOneBlock())
    return;
  // From the last on, as each layer belongs to the longest chain it is in.
  SmallVector<Candidate> candidates;
  llvm::SmallDenseSet<Operation *> taken;
  for (Operation &op : llvm::reverse(function.front())) {
    if (taken.contains(&op))
      continue;
    std::optional<Candidate> candidate = match(&op);
    if (!candidate)
      continue;
    taken.insert_range(candidate->chain->layers);
    candidates.push_back(std::move(*candidate));
  }
  if (candidates.empty())
    return;
  std::reverse(candidates.begin(), candidates.end());
  int64_t saved = 0;
  if (everywhere)
    for (Candidate &candidate : candidates)
      candidate.isChosen = candidate.obstacle.empty();
  else
    saved = choose(function, candidates);
  for (Candidate &candidate : candidates) {
    Location loc = candidate.chain->last()->getLoc();
    if (!candidate.isChosen) {
      remarkMissed(loc, "strip-layers")
          << "is computed after all of what it reads: " +
                 (candidate.obstacle.empty()
                      ? "strips would not make the arena smaller"
                      : candidate.obstacle);
      continue;
    }
    remarkPassed(loc, "strip-layers") << describe(candidate, saved);
    strip(candidate);
  }
}

} // namespace quantcc
