//===- MutantTest.cpp - The test of the differential tests ----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Plants each mutant in the graphs of the seeds that continuous integration
// runs, until one gives other bytes.
//
//===----------------------------------------------------------------------===//

#include "Mutants.h"

#include <gtest/gtest.h>
#include <set>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

namespace {

/// Those that test/Integration/differential.test runs, and some more.
constexpr uint64_t kFirstSeed = 0, kLastSeed = 399;
constexpr unsigned kSamples = 6;

class MutantTest : public testing::TestWithParam<Mutant> {};

/// Whether some graph differs from the interpreter with `mutant` in it; counts
/// the graphs that it changed.
bool isKilled(const Mutant &mutant, unsigned &changed) {
  auto context = createContext();
  for (uint64_t seed = kFirstSeed; seed <= kLastSeed; ++seed) {
    Graph graph = generateGraph(context.get(), seed);
    Lowering lowering = lower(*graph.module, &mutant);
    // One that is refused shows nothing: a mistake must change bytes.
    if (lowering.refusal || !lowering.isChanged)
      continue;
    ++changed;
    Interpretation reference = interpret(*graph.module, seed, kSamples);
    if (reference.refusal)
      continue;
    auto difference = compareInProcess(*lowering.module, reference.samples);
    if (!difference)
      llvm::consumeError(difference.takeError());
    else if (*difference)
      return true;
  }
  return false;
}

TEST_P(MutantTest, IsKilled) {
  unsigned changed = 0;
  EXPECT_TRUE(isKilled(GetParam(), changed))
      << "'" << GetParam().name << "' survived in " << changed << " graphs";
}

std::string testName(const testing::TestParamInfo<Mutant> &info) {
  std::string name = info.param.name;
  for (char &character : name)
    if (!llvm::isAlnum(character))
      character = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Planted, MutantTest, testing::ValuesIn(allMutants()),
                         testName);

TEST(MutantsTest, HaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (const Mutant &mutant : allMutants())
    EXPECT_TRUE(names.insert(mutant.name).second) << mutant.name;
  EXPECT_GE(names.size(), 80u);
}

TEST(MutantsTest, AnUnchangedLoweringSurvives) {
  auto context = createContext();
  unsigned compared = 0;
  for (uint64_t seed = kFirstSeed; seed < kFirstSeed + 8; ++seed) {
    Graph graph = generateGraph(context.get(), seed);
    Interpretation reference = interpret(*graph.module, seed, kSamples);
    Lowering lowering = lower(*graph.module);
    ASSERT_EQ(reference.refusal.has_value(), lowering.refusal.has_value())
        << seed;
    if (reference.refusal)
      continue;
    ++compared;
    auto difference = compareInProcess(*lowering.module, reference.samples);
    ASSERT_TRUE(static_cast<bool>(difference))
        << llvm::toString(difference.takeError());
    EXPECT_EQ(*difference, std::nullopt) << seed;
  }
  EXPECT_GE(compared, 4u);
}

} // namespace
