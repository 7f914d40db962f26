//===- DecomposeTensorOps.cpp - Split pads and concatenations -------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Splits tensor.pad and tensor.concat into fills and slice inserts, which
// bufferization can do in place.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/Passes.h"

#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Linalg/Transforms/Transforms.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/Dialect/Tensor/Transforms/Transforms.h>
#include <mlir/Transforms/GreedyPatternRewriteDriver.h>

using namespace mlir;

namespace quantcc {

#define GEN_PASS_DEF_DECOMPOSETENSOROPS
#include "quantcc/Codegen/Passes.h.inc"

namespace {

struct DecomposeTensorOps : impl::DecomposeTensorOpsBase<DecomposeTensorOps> {
  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet set(context);
    linalg::populateDecomposePadPatterns(set);
    tensor::populateDecomposeTensorConcatPatterns(set);
    patterns = std::move(set);
    return success();
  }

  void runOnOperation() override {
    if (failed(applyPatternsGreedily(getOperation(), patterns)))
      signalPassFailure();
  }

  FrozenRewritePatternSet patterns;
};

} // namespace
} // namespace quantcc
