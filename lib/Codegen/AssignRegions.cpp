//===- AssignRegions.cpp - Which memory a buffer lies in ------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Adds one buffer after the other, and asks the planner whether it fits.
//
//===----------------------------------------------------------------------===//

#include "AssignRegions.h"

#include <llvm/ADT/STLExtras.h>
#include <numeric>

using namespace quantcc;
using llvm::ArrayRef;
using llvm::SmallVector;

namespace {

/// The buffers of one region so far.
struct Region {
  std::optional<int64_t> limit;
  SmallVector<unsigned> members;
};

} // namespace

/// Whether the members of `region` and `candidate` fit.
static llvm::Expected<bool> fits(const Region &region, unsigned candidate,
                                 ArrayRef<BufferRequest> requests,
                                 const MemoryPlanner &planner) {
  if (!region.limit)
    return true;
  if (requests[candidate].size > *region.limit)
    return false;
  SmallVector<BufferRequest> together;
  for (unsigned member : region.members)
    together.push_back(requests[member]);
  together.push_back(requests[candidate]);
  for (BufferRequest &request : together)
    request.region = 0;
  auto plan = planner.plan(together);
  if (!plan)
    return plan.takeError();
  return plan->regionSizes.front() <= *region.limit;
}

/// Gives the requests their regions in the order of `order`; returns the first
/// for which there is no room, or nothing.
static llvm::Expected<std::optional<unsigned>>
assignInOrder(llvm::MutableArrayRef<BufferRequest> requests,
              ArrayRef<unsigned> order, ArrayRef<std::optional<int64_t>> limits,
              const MemoryPlanner &planner) {
  SmallVector<Region> regions;
  for (const std::optional<int64_t> &limit : limits)
    regions.push_back({limit, {}});
  for (unsigned index : order) {
    bool placed = false;
    for (unsigned r = 0; r != regions.size() && !placed; ++r) {
      auto hasRoom = fits(regions[r], index, requests, planner);
      if (!hasRoom)
        return hasRoom.takeError();
      if (!*hasRoom)
        continue;
      regions[r].members.push_back(index);
      requests[index].region = r;
      placed = true;
    }
    if (!placed)
      return index;
  }
  return std::nullopt;
}

llvm::Expected<MemoryPlan> quantcc::assignRegions(
    llvm::MutableArrayRef<BufferRequest> requests, ArrayRef<int64_t> accesses,
    ArrayRef<std::optional<int64_t>> limits, const MemoryPlanner &planner) {
  SmallVector<unsigned> byHeat(requests.size());
  std::iota(byHeat.begin(), byHeat.end(), 0);
  SmallVector<unsigned> bySize = byHeat;
  auto heat = [&](unsigned index) {
    return static_cast<double>(accesses[index]) /
           static_cast<double>(std::max<int64_t>(requests[index].size, 1));
  };
  // Ties are broken by the requests' order.
  llvm::sort(byHeat, [&](unsigned a, unsigned b) {
    return std::make_pair(-heat(a), a) < std::make_pair(-heat(b), b);
  });
  llvm::sort(bySize, [&](unsigned a, unsigned b) {
    return std::make_pair(-requests[a].size, a) <
           std::make_pair(-requests[b].size, b);
  });
  std::optional<unsigned> homeless;
  for (ArrayRef<unsigned> order : {ArrayRef(byHeat), ArrayRef(bySize)}) {
    auto first = assignInOrder(requests, order, limits, planner);
    if (!first)
      return first.takeError();
    if (!*first)
      return planner.plan(requests);
    if (!homeless)
      homeless = *first;
  }
  const BufferRequest &request = requests[*homeless];
  return llvm::createStringError(
      "the memory regions are too small: they have no room for '" +
      llvm::Twine(request.name) + "' of " + llvm::Twine(request.size) +
      " bytes beside what is alive with it");
}
