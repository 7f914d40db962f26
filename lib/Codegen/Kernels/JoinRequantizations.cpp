//===- JoinRequantizations.cpp - Requantize slices at once ----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One requantization with the multipliers of all, of whose result the layers
// take their slices.
//
//===----------------------------------------------------------------------===//

#include "JoinRequantizations.h"

#include <mlir/Dialect/Tensor/IR/Tensor.h>

using namespace mlir;
using namespace quantcc;

/// Whether `slice` takes columns from `first` on, of all rows of its source.
static bool takesColumns(tensor::ExtractSliceOp slice, int64_t first) {
  ArrayRef<int64_t> offsets = slice.getStaticOffsets();
  RankedTensorType from = slice.getSourceType(), to = slice.getType();
  return slice.hasUnitStride() && to.getRank() == 2 && offsets[0] == 0 &&
         offsets[1] == first && to.getDimSize(0) == from.getDimSize(0);
}

/// Whether `op` and `other` differ in their multipliers alone.
static bool isLike(RequantizeOp op, RequantizeOp other) {
  return getElementTypeOrSelf(op.getType()) ==
             getElementTypeOrSelf(other.getType()) &&
         op.getOutputZeroPoint() == other.getOutputZeroPoint() &&
         op.getClampMin() == other.getClampMin() &&
         op.getClampMax() == other.getClampMax() &&
         op.getRounding() == other.getRounding() &&
         op.getUnsignedResult() == other.getUnsignedResult();
}

bool quantcc::joinRequantizations(Value sums, IRRewriter &rewriter) {
  auto type = cast<RankedTensorType>(sums.getType());
  SmallVector<tensor::ExtractSliceOp> slices;
  for (Operation *user : sums.getUsers())
    if (auto slice = dyn_cast<tensor::ExtractSliceOp>(user))
      slices.push_back(slice);
    else
      return false;
  if (type.getRank() != 2 || slices.empty())
    return false;
  llvm::sort(slices, [](tensor::ExtractSliceOp a, tensor::ExtractSliceOp b) {
    return a.getStaticOffsets()[1] < b.getStaticOffsets()[1];
  });
  SmallVector<RequantizeOp> ops;
  SmallVector<int32_t> multipliers, shifts;
  for (tensor::ExtractSliceOp slice : slices) {
    auto op = slice->hasOneUse() ? dyn_cast<RequantizeOp>(*slice->user_begin())
                                 : RequantizeOp();
    auto first = static_cast<int64_t>(multipliers.size());
    if (!op || !takesColumns(slice, first) ||
        (!ops.empty() && !isLike(op, ops.front())) ||
        (op.getAxis() && *op.getAxis() != 1))
      return false;
    for (int64_t i = 0; i != slice.getType().getDimSize(1); ++i) {
      size_t index = op.getMultipliers().size() == 1 ? 0 : i;
      multipliers.push_back(op.getMultipliers()[index]);
      shifts.push_back(op.getShifts()[index]);
    }
    ops.push_back(op);
  }
  if (static_cast<int64_t>(multipliers.size()) != type.getDimSize(1))
    return false;
  RequantizeOp like = ops.front();
  rewriter.setInsertionPointAfterValue(sums);
  auto joined = cast<RequantizeOp>(rewriter.clone(*like));
  rewriter.modifyOpInPlace(joined, [&] {
    joined.getInputMutable().assign(sums);
    joined.getResult().setType(
        type.clone(getElementTypeOrSelf(like.getType())));
    joined.setMultipliers(multipliers);
    joined.setShifts(shifts);
    joined.setAxis(1);
  });
  for (auto [slice, op] : llvm::zip_equal(slices, ops)) {
    rewriter.setInsertionPoint(op);
    rewriter.replaceOpWithNewOp<tensor::ExtractSliceOp>(
        op, cast<RankedTensorType>(op.getType()), joined.getResult(),
        slice.getMixedOffsets(), slice.getMixedSizes(),
        slice.getMixedStrides());
    rewriter.eraseOp(slice);
  }
  return true;
}
