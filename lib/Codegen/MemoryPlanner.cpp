//===- MemoryPlanner.cpp - Offsets of buffers in a static arena -----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The best-fit planner: checks the requests, merges aliases into the buffers
// that hold them, and places those greedily in several orders.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/MemoryPlanner.h"

#include <algorithm>
#include <limits>
#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/Twine.h>
#include <llvm/Support/MathExtras.h>
#include <numeric>

using namespace quantcc;
using llvm::ArrayRef;
using llvm::SmallVector;

MemoryPlanner::~MemoryPlanner() = default;

namespace {

/// A request with its halo, and with the lifetimes of all its aliases.
struct Block {
  unsigned request;
  int64_t bytes;
  int64_t haloBefore;
  int64_t alignment;
  int64_t firstUse;
  int64_t lastUse;
  /// Where the block (halo included) begins; -1 until placed.
  int64_t begin = -1;

  int64_t end() const { return begin + bytes; }
  int64_t duration() const { return lastUse - firstUse + 1; }
  bool isAliveWith(const Block &other) const {
    return firstUse <= other.lastUse && other.firstUse <= lastUse;
  }
};

class BestFitPlanner : public MemoryPlanner {
public:
  llvm::Expected<MemoryPlan>
  plan(ArrayRef<BufferRequest> requests) const override;
};

} // namespace

static llvm::Error refuse(const BufferRequest &request,
                          const llvm::Twine &reason) {
  return llvm::createStringError("buffer '" + llvm::Twine(request.name) +
                                 "': " + reason);
}

static llvm::Error checkRequest(const BufferRequest &request,
                                unsigned numRequests) {
  if (request.size < 0)
    return refuse(request, "size is negative");
  if (request.haloBefore < 0 || request.haloAfter < 0)
    return refuse(request, "halo is negative");
  if (request.alignment <= 0 || !llvm::isPowerOf2_64(request.alignment))
    return refuse(request, "alignment is no power of two");
  if (request.lastUse < request.firstUse)
    return refuse(request, "last use is before the first");
  if (request.aliasOf && *request.aliasOf >= numRequests)
    return refuse(request, "is an alias of a buffer that does not exist");
  return llvm::Error::success();
}

/// Follows `aliasOf` from `request` to the buffer that holds it; returns that
/// and the distance of the first bytes.
static llvm::Expected<std::pair<unsigned, int64_t>>
findHolder(ArrayRef<BufferRequest> requests, unsigned request) {
  int64_t distance = 0;
  unsigned holder = request;
  for (size_t steps = 0; requests[holder].aliasOf; ++steps) {
    if (steps == requests.size())
      return refuse(requests[request], "is an alias of itself");
    const BufferRequest &inner = requests[holder];
    const BufferRequest &outer = requests[*inner.aliasOf];
    if (inner.aliasOffset < inner.haloBefore - outer.haloBefore ||
        inner.aliasOffset >
            outer.size + outer.haloAfter - inner.size - inner.haloAfter)
      return refuse(inner, "does not lie within '" + outer.name + "'");
    if (inner.alignment > outer.alignment ||
        inner.aliasOffset % inner.alignment != 0)
      return refuse(inner, "is not aligned within '" + outer.name + "'");
    if (inner.region != outer.region)
      return refuse(inner, "is in another region than '" + outer.name + "'");
    distance += inner.aliasOffset;
    holder = *inner.aliasOf;
  }
  return std::make_pair(holder, distance);
}

/// The most bytes that are alive at one moment.
static int64_t computeLowerBound(ArrayRef<Block> blocks) {
  int64_t peak = 0;
  // The peak is reached where some block begins to live.
  for (const Block &at : blocks) {
    int64_t alive = 0;
    for (const Block &block : blocks)
      if (block.firstUse <= at.firstUse && at.firstUse <= block.lastUse)
        alive += block.bytes;
    peak = std::max(peak, alive);
  }
  return peak;
}

/// The first place for `block` at or behind `from`: its inner first byte is
/// aligned, its halo begins at or behind `from`.
static int64_t alignBegin(const Block &block, int64_t from) {
  return static_cast<int64_t>(
             llvm::alignTo(from + block.haloBefore, block.alignment)) -
         block.haloBefore;
}

/// Puts `block` into the smallest gap between the blocks of `placed` (ordered
/// by begin) that are alive with it, or behind them all.
static void placeBestFit(Block &block, ArrayRef<const Block *> placed) {
  int64_t best = -1;
  int64_t bestGap = std::numeric_limits<int64_t>::max();
  int64_t free = 0;
  for (const Block *other : placed) {
    if (!block.isAliveWith(*other))
      continue;
    int64_t begin = alignBegin(block, free);
    int64_t gap = other->begin - free;
    if (begin + block.bytes <= other->begin && gap < bestGap) {
      best = begin;
      bestGap = gap;
    }
    free = std::max(free, other->end());
  }
  block.begin = best >= 0 ? best : alignBegin(block, free);
}

/// Places all `blocks` in the order of `order`; returns the bytes needed.
static int64_t placeInOrder(llvm::SmallVectorImpl<Block> &blocks,
                            ArrayRef<unsigned> order) {
  SmallVector<const Block *> placed;
  int64_t size = 0;
  for (unsigned index : order) {
    Block &block = blocks[index];
    placeBestFit(block, placed);
    size = std::max(size, block.end());
    placed.insert(llvm::upper_bound(placed, &block,
                                    [](const Block *a, const Block *b) {
                                      return a->begin < b->begin;
                                    }),
                  &block);
  }
  return size;
}

/// The orders to try. Ties are broken by the requests' order.
static SmallVector<SmallVector<unsigned>>
candidateOrders(ArrayRef<Block> blocks) {
  SmallVector<unsigned> identity(blocks.size());
  std::iota(identity.begin(), identity.end(), 0);
  SmallVector<SmallVector<unsigned>> orders;
  auto add = [&](auto &&key) {
    orders.push_back(identity);
    llvm::sort(orders.back(), [&](unsigned a, unsigned b) {
      return std::make_pair(key(blocks[a]), a) <
             std::make_pair(key(blocks[b]), b);
    });
  };
  add([](const Block &b) { return std::make_pair(-b.bytes, b.firstUse); });
  add([](const Block &b) { return std::make_pair(-b.bytes, -b.duration()); });
  add([](const Block &b) { return std::make_pair(-b.duration(), -b.bytes); });
  add([](const Block &b) { return std::make_pair(b.firstUse, -b.bytes); });
  add([](const Block &b) { return std::make_pair(-b.lastUse, -b.bytes); });
  add([](const Block &b) {
    return -static_cast<double>(b.bytes) * static_cast<double>(b.duration());
  });
  return orders;
}

/// Places the blocks of one region; returns the bytes needed.
static int64_t placeRegion(SmallVector<Block> &blocks, int64_t lowerBound) {
  SmallVector<Block> best;
  int64_t bestSize = std::numeric_limits<int64_t>::max();
  for (const SmallVector<unsigned> &order : candidateOrders(blocks)) {
    SmallVector<Block> attempt(blocks.begin(), blocks.end());
    int64_t size = placeInOrder(attempt, order);
    if (size < bestSize) {
      bestSize = size;
      best = std::move(attempt);
    }
    if (bestSize <= lowerBound)
      break;
  }
  blocks = std::move(best);
  return bestSize;
}

/// Collects the blocks of each region: one for every request that is no alias.
/// `holders` receives for each request the request that holds it and where.
static llvm::Expected<SmallVector<SmallVector<Block>>>
collectBlocks(ArrayRef<BufferRequest> requests,
              llvm::SmallVectorImpl<std::pair<unsigned, int64_t>> &holders) {
  SmallVector<SmallVector<Block>> regions;
  SmallVector<std::pair<int64_t, int64_t>> lifetimes;
  int64_t total = 0;
  for (const BufferRequest &request : requests) {
    if (llvm::Error error = checkRequest(request, requests.size()))
      return std::move(error);
    for (int64_t bytes : {request.size, request.haloBefore, request.haloAfter,
                          request.alignment})
      if (llvm::AddOverflow(total, bytes, total))
        return refuse(request, "the sum of all sizes exceeds 63 bits");
    lifetimes.push_back({request.firstUse, request.lastUse});
  }
  for (unsigned i = 0, e = requests.size(); i != e; ++i) {
    auto holder = findHolder(requests, i);
    if (!holder)
      return holder.takeError();
    holders.push_back(*holder);
    auto &[first, last] = lifetimes[holder->first];
    first = std::min(first, requests[i].firstUse);
    last = std::max(last, requests[i].lastUse);
  }
  for (auto [index, request] : llvm::enumerate(requests)) {
    if (request.region >= regions.size())
      regions.resize(request.region + 1);
    if (request.aliasOf)
      continue;
    regions[request.region].push_back(
        {static_cast<unsigned>(index),
         request.haloBefore + request.size + request.haloAfter,
         request.haloBefore, request.alignment, lifetimes[index].first,
         lifetimes[index].second});
  }
  return regions;
}

llvm::Expected<MemoryPlan>
BestFitPlanner::plan(ArrayRef<BufferRequest> requests) const {
  SmallVector<std::pair<unsigned, int64_t>> holders;
  auto regions = collectBlocks(requests, holders);
  if (!regions)
    return regions.takeError();

  MemoryPlan plan;
  plan.offsets.resize(requests.size());
  for (SmallVector<Block> &blocks : *regions) {
    plan.lowerBounds.push_back(computeLowerBound(blocks));
    plan.regionSizes.push_back(
        blocks.empty() ? 0 : placeRegion(blocks, plan.lowerBounds.back()));
    for (const Block &block : blocks)
      plan.offsets[block.request] = block.begin + block.haloBefore;
  }
  for (auto [index, holder] : llvm::enumerate(holders))
    plan.offsets[index] = plan.offsets[holder.first] + holder.second;
  return plan;
}

std::unique_ptr<MemoryPlanner> quantcc::createBestFitPlanner() {
  return std::make_unique<BestFitPlanner>();
}
