//===- ExpandIntegerOps.cpp - Composite integer ops to arith --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The pass that expands requantize, integer_add, integer_softmax and lookup.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Conversion/Passes.h"
#include "quantcc/Conversion/RequantizeToArith/IntegerOpPatterns.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/Transforms/WalkPatternRewriteDriver.h>

namespace quantcc {
#define GEN_PASS_DEF_EXPANDINTEGEROPS
#include "quantcc/Conversion/Passes.h.inc"
} // namespace quantcc

using namespace mlir;
using namespace quantcc;

namespace {

struct ExpandIntegerOpsPass
    : public quantcc::impl::ExpandIntegerOpsBase<ExpandIntegerOpsPass> {
  using ExpandIntegerOpsBase::ExpandIntegerOpsBase;

  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet set(context);
    populateRequantizePatterns(set);
    populateIntegerAddPatterns(set);
    populateIntegerSoftmaxPatterns(set);
    populateLookupPatterns(set);
    patterns = std::move(set);
    return success();
  }

  void runOnOperation() override {
    walkAndApplyPatterns(getOperation(), patterns);
  }

  FrozenRewritePatternSet patterns;
};

} // namespace
