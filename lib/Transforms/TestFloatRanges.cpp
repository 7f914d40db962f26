//===- TestFloatRanges.cpp - Report ranges --------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reports what the range analysis finds, for its tests.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Analysis/FloatRangeAnalysis.h"
#include "quantcc/Analysis/ValueNames.h"
#include "quantcc/Transforms/Passes.h"

namespace quantcc {
#define GEN_PASS_DEF_TESTFLOATRANGES
#include "quantcc/Transforms/Passes.h.inc"
} // namespace quantcc

using namespace mlir;
using namespace quantcc;

namespace {
struct TestFloatRanges
    : public quantcc::impl::TestFloatRangesBase<TestFloatRanges> {
  using TestFloatRangesBase::TestFloatRangesBase;
  void runOnOperation() override;
};
} // namespace

void TestFloatRanges::runOnOperation() {
  FloatRanges &ranges = getAnalysis<FloatRanges>();
  getOperation().walk([&](Operation *op) {
    if (op->hasTrait<OpTrait::ConstantLike>())
      return;
    for (Value result : op->getResults()) {
      if (!isa<RankedTensorType>(result.getType()))
        continue;
      InFlightDiagnostic remark = op->emitRemark()
                                  << "range of '" << getLayerName(op) << "' ";
      if (std::optional<FloatRange> range = ranges.lookup(result))
        remark << "is [" << range->min << ", " << range->max << "]";
      else
        remark << "is unknown";
    }
  });
}
