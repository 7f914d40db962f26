//===- MutantRun.h - Mistakes through compiled graphs -----------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Looks for graphs in which a mistake changes bytes.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_UNITTESTS_DIFFERENTIAL_MUTANTRUN_H
#define QUANTCC_UNITTESTS_DIFFERENTIAL_MUTANTRUN_H

#include "GraphGenerator.h"
#include "Mutants.h"
#include "TargetProgram.h"

namespace quantcc::differential {

/// A graph with a mistake in it, and what the interpreter makes of it without.
struct MutatedGraph {
  std::string symbol;
  CompiledObject object;
  std::vector<Sample> samples;
};

/// The graph of `seed`, compiled for `target` with `mutant` in it; nothing if
/// the mutant has no place there, or is refused: a mistake must change bytes.
std::optional<MutatedGraph> mutateGraph(const Mutant &mutant,
                                        const TargetInfo &target,
                                        mlir::MLIRContext *context,
                                        uint64_t seed, GraphKind kind,
                                        unsigned samples);

/// The graphs that are looked through for `target`: small ones do not fill the
/// tiles of kernels, and few have layers for strips.
llvm::ArrayRef<GraphKind> graphKindsFor(const TargetInfo &target);

/// What happened to a mutant.
struct Fate {
  std::string mutant;
  /// The first seed that tells it from the interpreter, if one does.
  std::optional<uint64_t> killer;
  /// Graphs in which it had a place.
  unsigned changed = 0;
};

/// Plants each mutant that there is for the target of `program` in the graphs
/// of `count` seeds from `first`, until one differs, on `jobs` threads;
/// `onFate` is told of each, one call at a time.
void runMutants(const TargetProgram &program, uint64_t first, unsigned count,
                unsigned samples, unsigned jobs,
                llvm::function_ref<void(const Fate &)> onFate);

} // namespace quantcc::differential

#endif // QUANTCC_UNITTESTS_DIFFERENTIAL_MUTANTRUN_H
