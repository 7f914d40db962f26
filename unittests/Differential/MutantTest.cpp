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

#include "MutantRun.h"

#include "quantcc/Codegen/TargetInfo.h"

#include <gtest/gtest.h>
#include <llvm/TargetParser/Host.h>
#include <set>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

namespace {

/// Those that test/Integration/differential.test runs, and some more.
constexpr uint64_t kFirstSeed = 0, kLastSeed = 399;
constexpr unsigned kSamples = 6;

/// The targets whose code this process can execute, one for each set of kernels
/// and one without any.
std::vector<TargetInfo> executableTargets() {
  std::vector<TargetInfo> targets{hostTarget()};
  targets.front().kernels = KernelSet::Portable;
  llvm::StringMap<bool> features = llvm::sys::getHostCPUFeatures();
  for (auto [name, feature] : {std::pair("x86-64-v2", "sse4.2"),
                               {"x86-64-v3", "avx2"},
                               {"x86-64-avxvnni", "avxvnni"},
                               {"x86-64-v4", "avx512vl"},
                               {"x86-64-vnni", "avx512vnni"}}) {
    auto target = lookupTarget(name);
    if (!target)
      llvm::report_fatal_error(target.takeError());
    if (target->kernels != KernelSet::Portable && features.lookup(feature))
      targets.push_back(*target);
  }
  return targets;
}

struct PlantedMutant {
  Mutant mutant;
  TargetInfo target;
};

/// Mistakes in what has no kernel go through the code without any, and once
/// through that with some; QUANTCC_EXHAUSTIVE sends all through all.
std::vector<PlantedMutant> plantedMutants() {
  std::vector<PlantedMutant> all;
  bool isExhaustive = std::getenv("QUANTCC_EXHAUSTIVE");
  for (const TargetInfo &target : executableTargets()) {
    bool isBrief = !isExhaustive && target.kernels != KernelSet::Portable &&
                   target.kernels != KernelSet::Avx512Vnni;
    for (const Mutant &mutant : allMutants(target.kernels))
      if (!isBrief || mutant.inLayout || mutant.inSchedule)
        all.push_back({mutant, target});
  }
  // Every layer that can be cut is.
  for (TargetInfo target : executableTargets()) {
    target.pieces = 3;
    target.leastPieceCycles = 1;
    for (const Mutant &mutant : pieceMutants())
      if (isExhaustive || target.kernels == KernelSet::Portable ||
          target.kernels == KernelSet::Avx512Vnni)
        all.push_back({mutant, target});
  }
  for (TargetInfo target : executableTargets()) {
    target.prefersStrips = true;
    target.leastStripCycles = 1;
    bool isFirst = target.kernels == KernelSet::Sse41;
    for (const Mutant &mutant : stripMutants())
      if (target.kernels != KernelSet::Portable && (isExhaustive || isFirst))
        all.push_back({mutant, target});
  }
  return all;
}

class MutantTest : public testing::TestWithParam<PlantedMutant> {};

/// Whether the graph of `seed` differs from the interpreter with the mutant in
/// it; nothing if it has no place in that graph.
std::optional<bool> isKilled(const PlantedMutant &planted,
                             mlir::MLIRContext *context, uint64_t seed,
                             GraphKind kind) {
  auto graph = mutateGraph(planted.mutant, planted.target, context, seed, kind,
                           kSamples);
  if (!graph)
    return std::nullopt;
  auto difference = compareInProcess(graph->object, graph->samples);
  if (difference)
    return difference->has_value();
  llvm::consumeError(difference.takeError());
  return false;
}

TEST_P(MutantTest, IsKilled) {
  auto context = createContext();
  unsigned changed = 0;
  for (uint64_t seed = kFirstSeed; seed <= kLastSeed; ++seed)
    for (GraphKind kind : graphKindsFor(GetParam().target)) {
      std::optional<bool> result =
          isKilled(GetParam(), context.get(), seed, kind);
      if (result == true)
        return;
      changed += result.has_value();
    }
  FAIL() << "'" << GetParam().mutant.name << "' survived in " << changed
         << " graphs";
}

std::string testName(const testing::TestParamInfo<PlantedMutant> &info) {
  const TargetInfo &target = info.param.target;
  std::string name = info.param.mutant.name;
  if (target.kernels != KernelSet::Portable)
    name += " on " + target.name;
  for (char &character : name)
    if (!llvm::isAlnum(character))
      character = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Planted, MutantTest,
                         testing::ValuesIn(plantedMutants()), testName);

TEST(MutantsTest, HaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (const Mutant &mutant : allMutants(KernelSet::Avx512Vnni))
    EXPECT_TRUE(names.insert(mutant.name).second) << mutant.name;
  EXPECT_GE(names.size(), 110u);
}

/// Otherwise every mutant would be killed.
TEST(MutantsTest, AnUnchangedLoweringSurvives) {
  Mutant none;
  none.inSchedule = [](ModuleOp) { return true; };
  for (const TargetInfo &target : executableTargets()) {
    auto context = createContext();
    unsigned compared = 0;
    for (uint64_t seed = kFirstSeed; seed < kFirstSeed + 8; ++seed) {
      std::optional<bool> result =
          isKilled({none, target}, context.get(), seed, GraphKind::Mixed);
      EXPECT_NE(result, true) << seed << " on " << target.name;
      compared += result.has_value();
    }
    EXPECT_GE(compared, 4u) << target.name;
  }
}

} // namespace
