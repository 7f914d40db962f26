//===- DifferentialRun.cpp - Graphs through both sides --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Batches of graphs, over several threads.
//
//===----------------------------------------------------------------------===//

#include "DifferentialRun.h"

#include "RunRecord.h"

#include <atomic>
#include <mlir/IR/Verifier.h>
#include <mutex>
#include <thread>
#include <tuple>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

void RunReport::merge(const RunReport &other) {
  coverage.merge(other.coverage);
  graphs += other.graphs;
  ops += other.ops;
  largeGraphs += other.largeGraphs;
  llvm::append_range(refused, other.refused);
  llvm::append_range(differences, other.differences);
}

namespace {

/// A graph that is ready to be compiled.
struct PreparedGraph {
  Graph graph;
  OwningOpRef<ModuleOp> lowered;
  std::vector<Sample> samples;
};

/// The graphs of some seeds in a row.
class Batch {
public:
  Batch(const RunOptions &options)
      : options(options), context(createContext()) {}

  void prepare(uint64_t seed);
  llvm::Error run(const TargetProgram &target, StringRef name);

  RunReport report;

private:
  const RunOptions &options;
  std::unique_ptr<MLIRContext> context;
  std::vector<PreparedGraph> graphs;
};

} // namespace

/// Where only one side refuses, or each another op; nothing if both agree.
static std::optional<std::string>
compareRefusals(const std::optional<Refusal> &interpreter,
                const std::optional<Refusal> &lowering) {
  auto describe = [](const std::optional<Refusal> &refusal) {
    return refusal ? "refuses " + refusal->op + ": " + refusal->reason
                   : std::string("accepts the graph");
  };
  if (interpreter && lowering && !interpreter->op.empty() &&
      interpreter->op == lowering->op)
    return std::nullopt;
  return "the interpreter " + describe(interpreter) + "; the lowering " +
         describe(lowering);
}

void Batch::prepare(uint64_t seed) {
  PreparedGraph prepared{
      generateGraph(context.get(), seed, options.kind), {}, {}};
  const Graph &graph = prepared.graph;
  ++report.graphs;
  report.ops += graph.numOps;
  report.largeGraphs += graph.numOps >= 5;
  if (failed(verify(*graph.module))) {
    report.differences.push_back({seed, "", "the verifier refuses the graph"});
    return;
  }
  Interpretation reference = interpret(*graph.module, seed, options.samples);
  Lowering lowering = lower(*graph.module, options.mutant);
  if (reference.refusal || lowering.refusal) {
    if (auto text = compareRefusals(reference.refusal, lowering.refusal))
      report.differences.push_back({seed, "", *text});
    else
      report.refused.push_back("seed " + std::to_string(seed) + ", " +
                               reference.refusal->op + ": " +
                               lowering.refusal->reason);
    return;
  }
  report.coverage.add(graph.combinations);
  prepared.lowered = std::move(lowering.module);
  prepared.samples = std::move(reference.samples);
  graphs.push_back(std::move(prepared));
}

llvm::Error Batch::run(const TargetProgram &target, StringRef name) {
  std::vector<CompiledCase> cases;
  std::vector<uint64_t> seeds;
  const std::string &targetName = target.target().info.name;
  for (const PreparedGraph &prepared : graphs) {
    const TargetInfo &info = target.target().info;
    // What has no kernels is lowered alike for all targets.
    Lowering own;
    if (info.kernels != KernelSet::Portable)
      own = lower(*prepared.graph.module, options.mutant, &info);
    auto object = compileFor(own.module ? *own.module : *prepared.lowered, info,
                             options.mutant);
    if (!object) {
      report.differences.push_back({prepared.graph.seed, targetName,
                                    llvm::toString(object.takeError())});
      continue;
    }
    cases.push_back(
        {prepared.graph.symbol(), std::move(*object), prepared.samples});
    seeds.push_back(prepared.graph.seed);
  }
  if (cases.empty())
    return llvm::Error::success();
  llvm::Expected<Verdicts> verdicts = target.run(cases, name);
  if (!verdicts)
    return verdicts.takeError();
  for (auto [seed, verdict] : llvm::zip_equal(seeds, *verdicts))
    if (!verdict.empty())
      report.differences.push_back({seed, targetName, verdict});
  return llvm::Error::success();
}

llvm::Expected<RunReport>
quantcc::differential::runGraphs(uint64_t first, unsigned count,
                                 ArrayRef<TargetProgram> targets,
                                 const RunOptions &options) {
  std::atomic<unsigned> next{0};
  std::mutex mutex;
  RunReport total;
  std::string failure;
  auto work = [&] {
    while (true) {
      unsigned start = next.fetch_add(options.batch);
      if (start >= count)
        return;
      unsigned end = std::min(start + options.batch, count);
      if (options.record)
        if (const RunReport *known =
                options.record->find(first + start, end - start)) {
          std::lock_guard<std::mutex> lock(mutex);
          total.merge(*known);
          continue;
        }
      Batch batch(options);
      for (unsigned i = start; i < end; ++i)
        batch.prepare(first + i);
      llvm::Error error = llvm::Error::success();
      for (const TargetProgram &target : targets)
        if (!error)
          error = batch.run(target, target.target().info.name + "-" +
                                        std::to_string(first + start));
      std::lock_guard<std::mutex> lock(mutex);
      total.merge(batch.report);
      if (!error && options.record && batch.report.differences.empty())
        error = options.record->add(first + start, end - start, batch.report);
      if (!error && options.onBatch)
        options.onBatch(batch.report, total);
      if (error) {
        failure = llvm::toString(std::move(error));
        next = count;
        return;
      }
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 1; i < options.jobs; ++i)
    threads.emplace_back(work);
  work();
  for (std::thread &thread : threads)
    thread.join();
  if (!failure.empty())
    return llvm::createStringError(failure);
  // Threads end in any order.
  llvm::sort(total.refused);
  llvm::sort(total.differences, [](const Difference &a, const Difference &b) {
    return std::tie(a.seed, a.target) < std::tie(b.seed, b.target);
  });
  return std::move(total);
}
