//===- DifferentialRun.h - Graphs through both sides ------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs batches of random graphs through the interpreter and, compiled, on each
// target, and collects where they differ.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_UNITTESTS_DIFFERENTIAL_DIFFERENTIALRUN_H
#define QUANTCC_UNITTESTS_DIFFERENTIAL_DIFFERENTIALRUN_H

#include "GraphGenerator.h"
#include "TargetProgram.h"

namespace quantcc::differential {

/// One graph that the two sides do not agree on.
struct Difference {
  uint64_t seed;
  /// Empty if no target is to blame.
  std::string target;
  std::string text;
};

/// What came of some graphs.
struct RunReport {
  Coverage coverage;
  unsigned graphs = 0;
  unsigned ops = 0;
  /// Graphs of five ops or more.
  unsigned largeGraphs = 0;
  /// Graphs that both sides refuse at the same op, with the reasons.
  std::vector<std::string> refused;
  std::vector<Difference> differences;

  void merge(const RunReport &other);
};

struct RunOptions {
  unsigned samples = 6;
  /// Graphs an executable.
  unsigned batch = 25;
  unsigned jobs = 1;
  GraphKind kind = GraphKind::Mixed;
  /// A mistake to plant in each graph, or null.
  const Mutant *mutant = nullptr;
  /// What an earlier run has done, and to which this run adds; or null.
  class RunRecord *record = nullptr;
  /// Called after each batch with what came of it, and of all until then. One
  /// call at a time.
  std::function<void(const RunReport &batch, const RunReport &all)> onBatch;
};

/// Runs the graphs of `count` seeds from `first` on the `targets`. Errors: the
/// linker or an emulator fails.
llvm::Expected<RunReport> runGraphs(uint64_t first, unsigned count,
                                    llvm::ArrayRef<TargetProgram> targets,
                                    const RunOptions &options);

} // namespace quantcc::differential

#endif // QUANTCC_UNITTESTS_DIFFERENTIAL_DIFFERENTIALRUN_H
