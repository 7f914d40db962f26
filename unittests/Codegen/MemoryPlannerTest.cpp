//===- MemoryPlannerTest.cpp - Tests of the memory planner ----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Checks what every plan must hold, on random requests, and each error.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/MemoryPlanner.h"

#include <gtest/gtest.h>
#include <random>

using namespace quantcc;

namespace {

using Requests = std::vector<BufferRequest>;

BufferRequest request(int64_t size, int64_t firstUse, int64_t lastUse,
                      int64_t alignment = 16) {
  BufferRequest result;
  result.name = "b";
  result.size = size;
  result.firstUse = firstUse;
  result.lastUse = lastUse;
  result.alignment = alignment;
  return result;
}

/// The request that holds `index`, through all aliases.
unsigned holder(const Requests &requests, unsigned index) {
  while (requests[index].aliasOf)
    index = *requests[index].aliasOf;
  return index;
}

/// The first and last moment of `index` and all that lie in it.
std::pair<int64_t, int64_t> lifetime(const Requests &requests, unsigned index) {
  std::pair<int64_t, int64_t> result = {requests[index].firstUse,
                                        requests[index].lastUse};
  for (unsigned i = 0; i < requests.size(); ++i)
    if (holder(requests, i) == index) {
      result.first = std::min(result.first, requests[i].firstUse);
      result.second = std::max(result.second, requests[i].lastUse);
    }
  return result;
}

void expectValid(const Requests &requests, const MemoryPlan &plan) {
  ASSERT_EQ(plan.offsets.size(), requests.size());
  std::vector<int64_t> needed(plan.regionSizes.size(), 0);
  for (unsigned i = 0; i < requests.size(); ++i) {
    const BufferRequest &a = requests[i];
    EXPECT_EQ(plan.offsets[i] % a.alignment, 0);
    EXPECT_GE(plan.offsets[i] - a.haloBefore, 0);
    EXPECT_LE(plan.offsets[i] + a.size + a.haloAfter,
              plan.regionSizes[a.region]);
    if (a.aliasOf) {
      EXPECT_EQ(plan.offsets[i], plan.offsets[*a.aliasOf] + a.aliasOffset);
      continue;
    }
    auto [firstA, lastA] = lifetime(requests, i);
    for (unsigned j = 0; j < i; ++j) {
      const BufferRequest &b = requests[j];
      auto [firstB, lastB] = lifetime(requests, j);
      if (b.aliasOf || a.region != b.region || firstA > lastB || firstB > lastA)
        continue;
      int64_t beginA = plan.offsets[i] - a.haloBefore;
      int64_t endA = plan.offsets[i] + a.size + a.haloAfter;
      int64_t beginB = plan.offsets[j] - b.haloBefore;
      int64_t endB = plan.offsets[j] + b.size + b.haloAfter;
      EXPECT_TRUE(endA <= beginB || endB <= beginA)
          << "buffers " << j << " and " << i << " overlap";
    }
  }
  // The bound, moment by moment.
  for (unsigned region = 0; region < plan.regionSizes.size(); ++region) {
    int64_t peak = 0;
    for (int64_t moment = 0; moment < 64; ++moment) {
      int64_t alive = 0;
      for (unsigned i = 0; i < requests.size(); ++i) {
        const BufferRequest &a = requests[i];
        auto [first, last] = lifetime(requests, i);
        if (!a.aliasOf && a.region == region && first <= moment &&
            moment <= last)
          alive += a.size + a.haloBefore + a.haloAfter;
      }
      peak = std::max(peak, alive);
    }
    EXPECT_EQ(plan.lowerBounds[region], peak);
    EXPECT_GE(plan.regionSizes[region], peak);
  }
}

MemoryPlan planOrFail(const Requests &requests) {
  auto plan = createBestFitPlanner()->plan(requests);
  if (!plan) {
    ADD_FAILURE() << llvm::toString(plan.takeError());
    return {};
  }
  return *plan;
}

std::string errorOf(const Requests &requests) {
  auto plan = createBestFitPlanner()->plan(requests);
  return plan ? "" : llvm::toString(plan.takeError());
}

TEST(MemoryPlannerTest, PlansNothing) {
  MemoryPlan plan = planOrFail({});
  EXPECT_TRUE(plan.offsets.empty());
  EXPECT_TRUE(plan.regionSizes.empty());
}

TEST(MemoryPlannerTest, SharesBytesOfDisjointLifetimes) {
  MemoryPlan plan = planOrFail({request(64, 0, 1), request(64, 2, 3)});
  EXPECT_EQ(plan.regionSizes[0], 64);
  EXPECT_EQ(plan.offsets[0], plan.offsets[1]);
}

TEST(MemoryPlannerTest, SeparatesBuffersThatMeetAtOneMoment) {
  MemoryPlan plan = planOrFail({request(64, 0, 2), request(64, 2, 3)});
  EXPECT_EQ(plan.regionSizes[0], 128);
}

TEST(MemoryPlannerTest, AlignsTheBufferNotItsHalo) {
  BufferRequest haloed = request(32, 0, 0, 16);
  haloed.haloBefore = 5;
  haloed.haloAfter = 3;
  MemoryPlan plan = planOrFail({haloed});
  EXPECT_EQ(plan.offsets[0], 16);
  EXPECT_EQ(plan.regionSizes[0], 16 + 32 + 3);
  EXPECT_EQ(plan.lowerBounds[0], 5 + 32 + 3);
}

TEST(MemoryPlannerTest, PlacesAliasesInTheirBuffer) {
  BufferRequest alias = request(16, 5, 6);
  alias.aliasOf = 0;
  alias.aliasOffset = 32;
  Requests requests = {request(64, 0, 1), alias, request(64, 3, 4)};
  MemoryPlan plan = planOrFail(requests);
  expectValid(requests, plan);
  // The alias keeps its buffer alive past the third one.
  EXPECT_EQ(plan.regionSizes[0], 128);
}

TEST(MemoryPlannerTest, KeepsRegionsApart) {
  BufferRequest fast = request(64, 0, 1);
  fast.region = 2;
  Requests requests = {request(48, 0, 1), fast};
  MemoryPlan plan = planOrFail(requests);
  expectValid(requests, plan);
  EXPECT_EQ(plan.regionSizes[0], 48);
  EXPECT_EQ(plan.regionSizes[1], 0);
  EXPECT_EQ(plan.regionSizes[2], 64);
}

TEST(MemoryPlannerTest, PlansAChainInItsLowerBound) {
  // A network without branches: each layer reads one buffer, writes the next.
  Requests requests;
  const int64_t sizes[] = {16384, 4096, 16384, 8192, 2048, 8192, 64};
  for (int64_t i = 0; i < 7; ++i)
    requests.push_back(request(sizes[i], i, i + 1));
  MemoryPlan plan = planOrFail(requests);
  expectValid(requests, plan);
  EXPECT_EQ(plan.regionSizes[0], plan.lowerBounds[0]);
}

TEST(MemoryPlannerTest, RandomPlansAreValid) {
  std::mt19937 random(1);
  auto draw = [&](int64_t low, int64_t high) {
    return low + static_cast<int64_t>(random() % (high - low + 1));
  };
  for (int instance = 0; instance < 300; ++instance) {
    Requests requests;
    int64_t count = draw(1, 40);
    for (int64_t i = 0; i < count; ++i) {
      int64_t first = draw(0, 60);
      BufferRequest r = request(draw(0, 5000), first, draw(first, 63),
                                int64_t(1) << draw(0, 7));
      if (draw(0, 4) == 0)
        r.haloBefore = draw(0, 40);
      if (draw(0, 4) == 0)
        r.haloAfter = draw(0, 40);
      r.region = draw(0, 9) == 0;
      if (i > 0 && draw(0, 4) == 0) {
        const BufferRequest &outer = requests[draw(0, i - 1)];
        r.haloBefore = r.haloAfter = 0;
        r.region = outer.region;
        r.alignment = 1;
        r.size = outer.size / 2;
        r.aliasOffset = draw(0, outer.size - r.size);
        r.aliasOf = &outer - requests.data();
      }
      requests.push_back(r);
    }
    MemoryPlan plan = planOrFail(requests);
    expectValid(requests, plan);
    // The same requests get the same plan.
    EXPECT_EQ(plan.offsets, planOrFail(requests).offsets);
  }
}

TEST(MemoryPlannerTest, RefusesBadRequests) {
  EXPECT_EQ(errorOf({request(-1, 0, 0)}), "buffer 'b': size is negative");
  EXPECT_EQ(errorOf({request(1, 0, 0, 3)}),
            "buffer 'b': alignment is no power of two");
  EXPECT_EQ(errorOf({request(1, 2, 1)}),
            "buffer 'b': last use is before the first");
  BufferRequest bad = request(1, 0, 0);
  bad.haloAfter = -1;
  EXPECT_EQ(errorOf({bad}), "buffer 'b': halo is negative");
  EXPECT_EQ(errorOf({request(INT64_MAX, 0, 0)}),
            "buffer 'b': the sum of all sizes exceeds 63 bits");
}

TEST(MemoryPlannerTest, RefusesBadAliases) {
  BufferRequest alias = request(8, 0, 0, 8);
  alias.aliasOf = 7;
  EXPECT_EQ(errorOf({alias}),
            "buffer 'b': is an alias of a buffer that does not exist");
  alias.aliasOf = 0;
  EXPECT_EQ(errorOf({alias}), "buffer 'b': is an alias of itself");
  alias.aliasOffset = 1;
  EXPECT_EQ(errorOf({request(64, 0, 0), alias}),
            "buffer 'b': is not aligned within 'b'");
  alias.aliasOffset = 64;
  EXPECT_EQ(errorOf({request(64, 0, 0), alias}),
            "buffer 'b': does not lie within 'b'");
  alias.aliasOffset = 0;
  alias.region = 1;
  EXPECT_EQ(errorOf({request(64, 0, 0), alias}),
            "buffer 'b': is in another region than 'b'");
}

} // namespace
