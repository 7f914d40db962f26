//===- MutantRun.cpp - Mistakes through compiled graphs -------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MutantRun.h"

#include <atomic>
#include <mlir/IR/MLIRContext.h>
#include <mutex>
#include <thread>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

/// Graphs of a program: more would be compiled for nothing, as most mutants do
/// not outlive one.
static constexpr size_t kBatch = 4;

ArrayRef<GraphKind>
quantcc::differential::graphKindsFor(const TargetInfo &target) {
  static constexpr GraphKind kinds[] = {GraphKind::Mixed,
                                        GraphKind::LargeContractions,
                                        GraphKind::ResidualBlocks};
  ArrayRef<GraphKind> all(kinds);
  if (target.prefersStrips)
    return all.take_back();
  return all.take_front(target.kernels == KernelSet::Portable ? 1 : 2);
}

std::optional<MutatedGraph> quantcc::differential::mutateGraph(
    const Mutant &mutant, const TargetInfo &target, MLIRContext *context,
    uint64_t seed, GraphKind kind, unsigned samples) {
  Graph graph = generateGraph(context, seed, kind);
  bool hasKernels = target.kernels != KernelSet::Portable;
  Lowering lowering =
      lower(*graph.module, &mutant, hasKernels ? &target : nullptr);
  if (lowering.refusal)
    return std::nullopt;
  if (!lowering.isChanged && mutant.inSchedule) {
    // Scheduling is cheap beside what comes after it.
    OwningOpRef<ModuleOp> scheduled = schedule(*lowering.module, target);
    lowering.isChanged = scheduled && mutant.inSchedule(*scheduled);
  }
  if (!lowering.isChanged)
    return std::nullopt;
  auto object = compileFor(*lowering.module, target, &mutant);
  if (!object) {
    llvm::consumeError(object.takeError());
    return std::nullopt;
  }
  Interpretation reference = interpret(*graph.module, seed, samples);
  if (reference.refusal)
    return std::nullopt;
  return MutatedGraph{graph.symbol(), std::move(*object),
                      std::move(reference.samples)};
}

/// Whether one of `graphs` gives other bytes, or dies.
static bool differs(const TargetProgram &program,
                    const std::vector<MutatedGraph> &graphs, StringRef name) {
  std::vector<CompiledCase> cases;
  for (const MutatedGraph &graph : graphs)
    cases.push_back({graph.symbol, graph.object, graph.samples});
  auto verdicts = program.run(cases, name);
  if (verdicts)
    return llvm::any_of(
        *verdicts, [](const std::string &verdict) { return !verdict.empty(); });
  llvm::consumeError(verdicts.takeError());
  return false;
}

static Fate follow(const Mutant &mutant, const TargetProgram &program,
                   uint64_t first, unsigned count, unsigned samples,
                   StringRef name) {
  const TargetInfo &target = program.target().info;
  auto context = createContext();
  Fate fate{mutant.name, std::nullopt, 0};
  std::vector<MutatedGraph> graphs;
  auto flush = [&](uint64_t seed) {
    if (!graphs.empty() && differs(program, graphs, name))
      fate.killer = seed;
    graphs.clear();
    return fate.killer.has_value();
  };
  uint64_t end = first + count;
  for (uint64_t seed = first; seed != end; ++seed)
    for (GraphKind kind : graphKindsFor(target)) {
      auto graph =
          mutateGraph(mutant, target, context.get(), seed, kind, samples);
      if (!graph)
        continue;
      ++fate.changed;
      // Symbols come from seeds alone.
      if (!graphs.empty() && graphs.back().symbol == graph->symbol &&
          flush(seed))
        return fate;
      graphs.push_back(std::move(*graph));
      if (graphs.size() == kBatch && flush(seed))
        return fate;
    }
  flush(end - 1);
  return fate;
}

void quantcc::differential::runMutants(
    const TargetProgram &program, uint64_t first, unsigned count,
    unsigned samples, unsigned jobs,
    llvm::function_ref<void(const Fate &)> onFate) {
  std::vector<Mutant> mutants = allMutants(program.target().info.kernels);
  if (program.target().info.pieces)
    llvm::append_range(mutants, pieceMutants());
  if (program.target().info.prefersStrips)
    mutants = stripMutants();
  std::atomic<size_t> next{0};
  std::mutex mutex;
  auto work = [&] {
    for (size_t i = next++; i < mutants.size(); i = next++) {
      Fate fate = follow(mutants[i], program, first, count, samples,
                         program.target().info.name + "-" + std::to_string(i));
      std::lock_guard<std::mutex> lock(mutex);
      onFate(fate);
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 1; i < jobs; ++i)
    threads.emplace_back(work);
  work();
  for (std::thread &thread : threads)
    thread.join();
}
