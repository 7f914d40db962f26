//===- PropagateRanges.cpp - Fill in ranges -------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Gives observers without a range the one that the range analysis finds.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Analysis/FloatRangeAnalysis.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Transforms/Passes.h"

namespace quantcc {
#define GEN_PASS_DEF_PROPAGATERANGES
#include "quantcc/Transforms/Passes.h.inc"
} // namespace quantcc

using namespace mlir;
using namespace quantcc;

namespace {
struct PropagateRanges
    : public quantcc::impl::PropagateRangesBase<PropagateRanges> {
  using PropagateRangesBase::PropagateRangesBase;
  void runOnOperation() override;
};
} // namespace

/// The fixed range of the op that makes `value`, if it has one.
static std::optional<FloatRange> getFixedRange(Value value) {
  auto op = dyn_cast_or_null<QuantizableOpInterface>(value.getDefiningOp());
  if (!op)
    return std::nullopt;
  ScaleConstraint constraint = op.getScaleConstraint();
  if (constraint.kind != ScaleConstraint::Kind::FixedRange)
    return std::nullopt;
  return FloatRange{constraint.rangeMin, constraint.rangeMax};
}

void PropagateRanges::runOnOperation() {
  FloatRanges &ranges = getAnalysis<FloatRanges>();
  SmallVector<ObserveOp> unreached;
  getOperation().walk([&](ObserveOp observe) {
    if (observe.getRange())
      return;
    std::optional<FloatRange> range = getFixedRange(observe.getInput());
    if (!range)
      range = ranges.lookup(observe.getResult());
    if (!range) {
      unreached.push_back(observe);
      return;
    }
    observe.setRangeAttr(RangeAttr::get(&getContext(), range->min, range->max));
  });
  if (unreached.empty())
    return;
  InFlightDiagnostic error =
      unreached.front().emitOpError()
      << "expected a range of value '" << unreached.front().getName()
      << "', but it was not calibrated and none follows from other values";
  for (ObserveOp observe : ArrayRef(unreached).drop_front())
    error.attachNote(observe.getLoc())
        << "nor of value '" << observe.getName() << "'";
  signalPassFailure();
}
