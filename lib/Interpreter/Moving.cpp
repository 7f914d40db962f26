//===- Moving.cpp - Ops that move values ----------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rule N15 of docs/Numerics.md: concat, slice, transpose, reshape and pad.
//
//===----------------------------------------------------------------------===//

#include "IndexMap.h"
#include "Kernel.h"
#include "Parameters.h"

#include <mlir/Dialect/Tensor/IR/Tensor.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::interpreter;

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

/// result[i] = input[positions[i]]
static Kernel gather(std::vector<int64_t> positions) {
  return [positions = std::move(positions)](ArrayRef<const Tensor *> operands,
                                            Tensor &result) {
    for (size_t i = 0; i < positions.size(); ++i)
      result.stored[i] = operands[0]->stored[positions[i]];
  };
}

static Kernel prepareTranspose(TransposeOp op) {
  SmallVector<int64_t> own = rowMajorStrides(shapeOf(op.getInput()));
  SmallVector<int64_t> strides;
  for (int64_t source : op.getPermutation())
    strides.push_back(own[source]);
  return gather(indexMap(shapeOf(op.getResult()), strides));
}

static Kernel prepareBroadcast(BroadcastOp op) {
  SmallVector<int64_t> strides = rowMajorStrides(shapeOf(op.getInput()));
  for (auto [stride, size] : llvm::zip_equal(strides, shapeOf(op.getInput())))
    if (size == 1)
      stride = 0;
  return gather(indexMap(shapeOf(op.getResult()), strides));
}

static Kernel prepareSlice(SliceOp op) {
  SmallVector<int64_t> strides = rowMajorStrides(shapeOf(op.getInput()));
  int64_t start = 0;
  for (size_t i = 0; i < strides.size(); ++i) {
    start += op.getOffsets()[i] * strides[i];
    strides[i] *= op.getStrides()[i];
  }
  return gather(indexMap(shapeOf(op.getResult()), strides, start));
}

static Kernel preparePad(PadOp op) {
  SmallVector<int64_t> strides = rowMajorStrides(shapeOf(op.getResult()));
  int64_t start = 0;
  for (size_t i = 0; i < strides.size(); ++i)
    start += op.getLow()[i] * strides[i];
  int64_t border = parametersOf(op.getResult()).zeroPoint;
  if (op.getStoredValue())
    border = static_cast<int32_t>(*op.getStoredValue());
  return [=, positions = indexMap(shapeOf(op.getInput()), strides, start)](
             ArrayRef<const Tensor *> operands, Tensor &result) {
    std::fill(result.stored.begin(), result.stored.end(), border);
    for (size_t i = 0; i < positions.size(); ++i)
      result.stored[positions[i]] = operands[0]->stored[i];
  };
}

static Kernel prepareConcat(ValueRange inputs, Value result, int64_t axis) {
  SmallVector<int64_t> strides = rowMajorStrides(shapeOf(result));
  int64_t axisStride = strides[axis];
  std::vector<std::vector<int64_t>> positions;
  int64_t start = 0;
  for (Value input : inputs) {
    positions.push_back(indexMap(shapeOf(input), strides, start));
    start += shapeOf(input)[axis] * axisStride;
  }
  return [positions = std::move(positions)](ArrayRef<const Tensor *> operands,
                                            Tensor &result) {
    for (size_t part = 0; part < positions.size(); ++part)
      for (size_t i = 0; i < positions[part].size(); ++i)
        result.stored[positions[part][i]] = operands[part]->stored[i];
  };
}

FailureOr<Kernel> interpreter::prepareMoving(Operation *op) {
  if (isa<ReshapeOp>(op))
    return Kernel([](ArrayRef<const Tensor *> operands, Tensor &result) {
      result.stored = operands[0]->stored;
    });
  if (auto transpose = dyn_cast<TransposeOp>(op))
    return prepareTranspose(transpose);
  if (auto broadcast = dyn_cast<BroadcastOp>(op))
    return prepareBroadcast(broadcast);
  if (auto slice = dyn_cast<SliceOp>(op))
    return prepareSlice(slice);
  if (auto pad = dyn_cast<PadOp>(op))
    return preparePad(pad);
  if (auto concat = dyn_cast<ConcatOp>(op))
    return prepareConcat(concat.getInputs(), concat.getResult(),
                         concat.getAxis());
  // The same at the integer stage.
  if (auto concat = dyn_cast<tensor::ConcatOp>(op))
    return prepareConcat(concat.getInputs(), concat.getResult(),
                         concat.getDim());
  return Kernel();
}
