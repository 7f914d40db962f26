//===- GraphGenerator.h - Random graphs from seeds --------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Makes the graph of a seed.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_UNITTESTS_DIFFERENTIAL_GRAPHGENERATOR_H
#define QUANTCC_UNITTESTS_DIFFERENTIAL_GRAPHGENERATOR_H

#include "Combinations.h"

#include <mlir/IR/BuiltinOps.h>

namespace quantcc::differential {

/// A function @g<seed> of the quantized stage.
struct Graph {
  uint64_t seed;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::vector<Combination> combinations;
  unsigned numOps;

  std::string symbol() const { return "g" + std::to_string(seed); }
};

/// As many seeds in a row as have all declared combinations.
uint64_t seedsForAllCombinations();

enum class GraphKind {
  /// Any ops. The kind of storage follows from the seed's remainder by the
  /// number of kinds, and what the first op is from that of the quotient; most
  /// other ops are cases in turn as well.
  Mixed,
  /// One or two contractions with many channels and positions, which code
  /// generators split into tiles.
  LargeContractions,
  /// Up to three residual blocks: convolutions with whose result their input,
  /// or a projection of it, is added up.
  ResidualBlocks,
};

/// The graph of `seed`, the same on every machine.
Graph generateGraph(mlir::MLIRContext *context, uint64_t seed,
                    GraphKind kind = GraphKind::Mixed);

} // namespace quantcc::differential

#endif // QUANTCC_UNITTESTS_DIFFERENTIAL_GRAPHGENERATOR_H
