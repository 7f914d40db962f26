//===- GraphGenerator.cpp - Random graphs from seeds ----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Chooses the ops of a graph.
//
//===----------------------------------------------------------------------===//

#include "GraphGenerator.h"

#include "GraphBuilder.h"
#include "OpGenerators.h"

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

static constexpr uint64_t kStorageKinds = 4;

/// Those of `all` whose storage is `kind`.
static SmallVector<Combination> ofStorage(ArrayRef<Combination> all,
                                          StorageKind kind) {
  SmallVector<Combination> result;
  llvm::copy_if(all, std::back_inserter(result),
                [&](const Combination &each) { return each.storage == kind; });
  return result;
}

uint64_t quantcc::differential::seedsForAllCombinations() {
  size_t most = 0;
  for (uint64_t kind = 0; kind < kStorageKinds; ++kind)
    most = std::max(
        most,
        ofStorage(declaredCases(), static_cast<StorageKind>(kind)).size());
  // Per tensor in one round, per axis in the next.
  return 2 * kStorageKinds * most;
}

namespace {

/// The ops of a graph, one after the other. A prime for a step takes seeds in a
/// row through all of the table.
class OpSequence {
public:
  OpSequence(RandomSource &random, uint64_t seed, bool onlyContractions)
      : random(random), onlyContractions(onlyContractions),
        turn(seed / kStorageKinds),
        cases(ofStorage(declaredCases(),
                        static_cast<StorageKind>(seed % kStorageKinds))) {
    if (onlyContractions)
      llvm::erase_if(cases, [](const Combination &each) {
        const OpDescriptor &op = opDescriptors()[each.op];
        return !op.hasWeights && op.name != "matmul";
      });
  }

  Combination first() {
    return complete(cases[turn * 7919 % cases.size()],
                    turn / cases.size() % 2 == 1);
  }

  /// Mostly the case whose turn it is, sometimes any case of any op.
  Combination next() {
    ++count;
    Combination what = cases[(turn * 7919 + count * 31) % cases.size()];
    if (!onlyContractions && random.percent(30)) {
      size_t op = random.below(opDescriptors().size());
      SmallVector<Combination> ofOp;
      llvm::copy_if(random.percent(85) ? ArrayRef<Combination>(cases)
                                       : declaredCases(),
                    std::back_inserter(ofOp),
                    [&](const Combination &each) { return each.op == op; });
      if (!ofOp.empty())
        what = random.pick(ofOp);
    }
    return complete(what, random.percent(50));
  }

private:
  static Combination complete(Combination what, bool perAxis) {
    if (opDescriptors()[what.op].hasWeights)
      what.perAxis = perAxis;
    return what;
  }

  RandomSource &random;
  bool onlyContractions;
  uint64_t turn, count = 0;
  SmallVector<Combination> cases;
};

} // namespace

static Graph finish(GraphBuilder &builder, uint64_t seed) {
  builder.finish();
  return {seed, std::move(builder.module), std::move(builder.combinations),
          builder.numOps};
}

Graph quantcc::differential::generateGraph(MLIRContext *context, uint64_t seed,
                                           GraphKind kind) {
  bool largeContractions = kind == GraphKind::LargeContractions;
  GraphBuilder builder(context, seed, largeContractions);
  if (kind == GraphKind::ResidualBlocks) {
    generateResidualBlocks(builder);
    return finish(builder, seed);
  }
  OpSequence sequence(builder.random, seed, largeContractions);
  // Other ops than these come in to fit operands.
  int64_t numOps = builder.random.percent(65) ? builder.random.between(4, 7)
                                              : builder.random.between(1, 4);
  if (largeContractions)
    numOps = builder.random.between(1, 2);
  Combination what = sequence.first();
  opDescriptors()[what.op].generate(builder, what);
  for (int64_t i = 1; i < numOps; ++i) {
    what = sequence.next();
    opDescriptors()[what.op].generate(builder, what);
  }
  return finish(builder, seed);
}
