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

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

/// Any combination, or any op, then mostly of storage `kind`.
static Combination chooseCombination(RandomSource &random, StorageKind kind) {
  if (random.percent(60))
    return random.pick(declaredCombinations());
  Combination what;
  what.op = random.below(opDescriptors().size());
  const OpDescriptor &op = opDescriptors()[what.op];
  what.storage = llvm::is_contained(op.storages, kind) && random.percent(75)
                     ? kind
                     : random.pick(op.storages);
  if (!op.roundings.empty())
    what.rounding = random.pick(op.roundings);
  if (op.hasWeights)
    what.perAxis = random.percent(50);
  return what;
}

Graph quantcc::differential::generateGraph(MLIRContext *context,
                                           uint64_t seed) {
  GraphBuilder builder(context, seed);
  ArrayRef<Combination> declared = declaredCombinations();
  // A prime, so that seeds in a row have combinations from all of the table.
  uint64_t place = seed % declared.size() * 7919;
  Combination first = declared[place % declared.size()];
  int64_t numOps = builder.random.percent(58) ? builder.random.between(5, 9)
                                              : builder.random.between(1, 4);
  opDescriptors()[first.op].generate(builder, first);
  if (builder.numOps < numOps) {
    Combination second =
        declared[(place + declared.size() / 2) % declared.size()];
    opDescriptors()[second.op].generate(builder, second);
  }
  while (builder.numOps < numOps) {
    Combination next = chooseCombination(builder.random, first.storage);
    opDescriptors()[next.op].generate(builder, next);
  }
  builder.finish();
  return {seed, std::move(builder.module), std::move(builder.combinations),
          builder.numOps};
}
