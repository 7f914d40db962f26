//===- UnifyScales.cpp - One range a scale group --------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Joins the ranges of observers whose values share parameters.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Analysis/ScaleGroups.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Transforms/Passes.h"

namespace quantcc {
#define GEN_PASS_DEF_UNIFYSCALES
#include "quantcc/Transforms/Passes.h.inc"
} // namespace quantcc

using namespace mlir;
using namespace quantcc;

namespace {
struct UnifyScales : public quantcc::impl::UnifyScalesBase<UnifyScales> {
  using UnifyScalesBase::UnifyScalesBase;
  void runOnOperation() override;

private:
  void unify(const ScaleGroup &group);
};
} // namespace

void UnifyScales::unify(const ScaleGroup &group) {
  SmallVector<ObserveOp> observers;
  for (Value member : group.members)
    if (auto observe = member.getDefiningOp<ObserveOp>())
      observers.push_back(observe);
  std::optional<FloatRange> joined = group.fixedRange;
  if (!joined) {
    // A group without observers of its own needs no range.
    joined = group.enteringRange;
    for (ObserveOp observe : observers)
      if (std::optional<RangeAttr> range = observe.getRange()) {
        FloatRange observed{range->getMinValue(), range->getMaxValue()};
        joined = joined ? joined->join(observed) : observed;
      }
  }
  if (!joined)
    return;
  auto range = RangeAttr::get(&getContext(), joined->min, joined->max);
  for (ObserveOp observe : observers) {
    if (observe.getRangeAttr() == range)
      continue;
    observe.setRangeAttr(range);
  }
}

void UnifyScales::runOnOperation() {
  ScaleGroups &groups = getAnalysis<ScaleGroups>();
  for (const ScaleGroup &group : groups.getGroups())
    unify(group);
}
