//===- FilterMemory.cpp - The state of filters over time ------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The memory of a layer of filters over time.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Conversion/LinalgBuilding/FilterMemory.h"

#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"

#include <mlir/Dialect/Tensor/IR/Tensor.h>

using namespace mlir;
using namespace quantcc;

Value FilterMemory::advance(OpBuilder &builder, Location loc, Value state,
                            Value newest) const {
  int64_t filters = units * rank;
  if (length == 1)
    return newest;
  Value old = createReshape(builder, loc, state, {batch, filters, length});
  auto attrs = [&](ArrayRef<int64_t> values) {
    SmallVector<OpFoldResult> result;
    for (int64_t value : values)
      result.push_back(builder.getIndexAttr(value));
    return result;
  };
  Value kept = tensor::ExtractSliceOp::create(
      builder, loc, old, attrs({0, 0, 1}), attrs({batch, filters, length - 1}),
      attrs({1, 1, 1}));
  Value last = createReshape(builder, loc, newest, {batch, filters, 1});
  Value moved =
      tensor::ConcatOp::create(builder, loc, /*dim=*/2, ValueRange{kept, last});
  return createReshape(builder, loc, moved, {batch, filters * length});
}

Value FilterMemory::createSum(OpBuilder &builder, Location loc, Value state,
                              Value weights, Value init) const {
  MLIRContext *context = builder.getContext();
  AffineExpr b, u, r, m;
  bindDims(context, b, u, r, m);
  auto map = [&](ArrayRef<AffineExpr> exprs) {
    return AffineMap::get(4, 0, exprs, context);
  };
  return createReduction(
      builder, loc,
      {createReshape(builder, loc, state, {batch, units, rank, length}),
       createReshape(builder, loc, weights, {units, rank, length})},
      init, {map({b, u, r, m}), map({u, r, m}), map({b, u})},
      {false, false, true, true}, createMultiplyAccumulate);
}
