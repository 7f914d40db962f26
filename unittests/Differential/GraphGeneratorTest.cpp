//===- GraphGeneratorTest.cpp - Tests of the random graphs ----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What graphs are made of, and that they are the same each time.
//
//===----------------------------------------------------------------------===//

#include "GraphGenerator.h"

#include "GraphCase.h"
#include "RandomSource.h"

#include <gtest/gtest.h>
#include <mlir/IR/Verifier.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

namespace {

std::string print(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  module.print(stream);
  return text;
}

TEST(RandomSourceTest, GivesTheNumbersOfSplitMix64) {
  // The reference implementation's, for seed 1234567.
  RandomSource random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317u);
  EXPECT_EQ(random.next(), 3203168211198807973u);
  EXPECT_EQ(random.next(), 9817491932198370423u);
}

TEST(GraphGeneratorTest, MakesTheSameGraphOfASeed) {
  auto first = createContext(), second = createContext();
  // What a context has seen before does not matter.
  generateGraph(second.get(), 1);
  for (uint64_t seed : {0, 7, 1000000})
    EXPECT_EQ(print(*generateGraph(first.get(), seed).module),
              print(*generateGraph(second.get(), seed).module));
  EXPECT_NE(print(*generateGraph(first.get(), 0).module),
            print(*generateGraph(first.get(), 1).module));
}

TEST(GraphGeneratorTest, MakesValidGraphsOfAllCombinations) {
  auto context = createContext();
  Coverage coverage;
  unsigned large = 0, count = seedsForAllCombinations();
  for (uint64_t seed = 0; seed < count; ++seed) {
    Graph graph = generateGraph(context.get(), seed);
    EXPECT_TRUE(succeeded(verify(*graph.module))) << seed;
    coverage.add(graph.combinations);
    large += graph.numOps >= 5;
  }
  EXPECT_EQ(coverage.missing(1), std::vector<std::string>());
  EXPECT_GE(2 * large, count) << "graphs of five ops or more";
}

TEST(CoverageTest, CountsAGraphOnceACombination) {
  Combination first = declaredCombinations()[0];
  Coverage coverage, other;
  coverage.add({first, first});
  // The first declared combination has weights per tensor.
  size_t combinations = declaredCombinations().size();
  size_t cases = declaredCases().size();
  EXPECT_EQ(coverage.missing(1).size(), combinations - 1 + cases - 1);
  EXPECT_EQ(coverage.missing(2).size(), combinations - 1 + cases);
  Combination second = first;
  second.perAxis = !*first.perAxis;
  other.add(second);
  coverage.merge(other);
  EXPECT_EQ(coverage.missing(2).size(), combinations - 2 + cases - 1);
  EXPECT_EQ(coverage.missing(3).size(), combinations - 2 + cases);
}

} // namespace
