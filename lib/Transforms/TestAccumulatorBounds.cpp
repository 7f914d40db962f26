//===- TestAccumulatorBounds.cpp - Report the bounds of accumulators ------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints what the analysis of accumulators finds, for its tests.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Analysis/AccumulatorBounds.h"
#include "quantcc/Transforms/Passes.h"

namespace quantcc {
#define GEN_PASS_DEF_TESTACCUMULATORBOUNDS
#include "quantcc/Transforms/Passes.h.inc"
} // namespace quantcc

using namespace mlir;
using namespace quantcc;

namespace {
struct TestAccumulatorBounds
    : public quantcc::impl::TestAccumulatorBoundsBase<TestAccumulatorBounds> {
  using TestAccumulatorBoundsBase::TestAccumulatorBoundsBase;
  void runOnOperation() override;
};
} // namespace

void TestAccumulatorBounds::runOnOperation() {
  getOperation().walk([](Operation *op) {
    auto bounds = computeAccumulatorBounds(op);
    if (!bounds)
      return;
    InFlightDiagnostic remark = op->emitRemark() << "accumulators within";
    for (const AccumulatorBound &bound : *bounds)
      remark << " [" << bound.low << ", " << bound.high << "]";
  });
}
