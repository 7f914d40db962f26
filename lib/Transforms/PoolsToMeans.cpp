//===- PoolsToMeans.cpp - Pools over whole images -------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Makes means of the average pools that cover a whole image.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Transforms/Passes.h"

namespace quantcc {
#define GEN_PASS_DEF_POOLSTOMEANS
#include "quantcc/Transforms/Passes.h.inc"
} // namespace quantcc

using namespace mlir;
using namespace quantcc;

namespace {
struct PoolsToMeans : public quantcc::impl::PoolsToMeansBase<PoolsToMeans> {
  using PoolsToMeansBase::PoolsToMeansBase;
  void runOnOperation() override;
};
} // namespace

/// Whether `pool`, in the float form, has a single window, of all of the image
/// and nothing else.
static bool coversImage(AvgPool2DOp pool) {
  auto shape = cast<RankedTensorType>(pool.getInput().getType()).getShape();
  return !isQuantized(pool.getType()) &&
         pool.getKernel() == shape.slice(1, 2) &&
         llvm::all_of(pool.getPadding(),
                      [](int64_t size) { return size == 0; });
}

void PoolsToMeans::runOnOperation() {
  for (auto pool :
       llvm::make_early_inc_range(getOperation().getOps<AvgPool2DOp>())) {
    if (!coversImage(pool))
      continue;
    OpBuilder builder(pool);
    auto mean =
        MeanOp::create(builder, pool.getLoc(), pool.getType(), pool.getInput(),
                       builder.getDenseI64ArrayAttr({1, 2}),
                       /*keep_dims=*/builder.getUnitAttr(), pool.getClampAttr(),
                       /*stored_clamp=*/DenseI32ArrayAttr(),
                       /*rounding=*/RoundingAttr());
    pool.replaceAllUsesWith(mean.getResult());
    pool.erase();
  }
}
