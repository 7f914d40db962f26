//===- TensorOps.cpp - Parts and shapes of tensors ------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The tensor ops of the integer stage, with static positions.
// (docs/Numerics.md, N38)
//
//===----------------------------------------------------------------------===//

#include "IndexMap.h"
#include "Kernel.h"

#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/IR/Matchers.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::interpreter;

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

static Kernel copyKernel() {
  return [](ArrayRef<const Tensor *> operands, Tensor &result) {
    result.stored = operands[0]->stored;
  };
}

static InFlightDiagnostic unsupported(Operation *op, StringRef why) {
  return op->emitOpError() << "is not supported by the interpreter " << why;
}

/// The elements of a tensor of shape `whole` that a slice takes, in its order.
template <typename OpTy>
static FailureOr<std::vector<int64_t>> slicePositions(OpTy op,
                                                      ArrayRef<int64_t> whole) {
  SmallVector<int64_t> offsets(op.getStaticOffsets()),
      sizes(op.getStaticSizes()), strides(op.getStaticStrides());
  SmallVector<int64_t> steps = rowMajorStrides(whole);
  int64_t start = 0;
  for (size_t i = 0; i < whole.size(); ++i) {
    if (ShapedType::isDynamic(offsets[i]) || ShapedType::isDynamic(sizes[i]) ||
        ShapedType::isDynamic(strides[i]))
      return unsupported(op, "at positions that are computed");
    int64_t last = offsets[i] + (sizes[i] - 1) * strides[i];
    if (std::min(offsets[i], last) < 0 ||
        std::max(offsets[i], last) >= whole[i])
      return unsupported(op, "outside of its tensor");
    start += offsets[i] * steps[i];
    steps[i] *= strides[i];
  }
  return indexMap(sizes, steps, start);
}

static FailureOr<Kernel> preparePad(tensor::PadOp op) {
  Value value = op.getConstantPaddingValue();
  APInt border;
  SmallVector<int64_t> low(op.getStaticLow()), high(op.getStaticHigh());
  if (!value || !matchPattern(value, m_ConstantInt(&border)) ||
      llvm::any_of(low, ShapedType::isDynamic) ||
      llvm::any_of(high, ShapedType::isDynamic))
    return unsupported(op, "with a border that is computed");
  ArrayRef<int64_t> input = shapeOf(op.getSource()), out = shapeOf(op);
  SmallVector<int64_t> steps = rowMajorStrides(out);
  int64_t start = 0;
  for (size_t i = 0; i < input.size(); ++i) {
    if (low[i] < 0 || high[i] < 0)
      return unsupported(op, "with a border below zero");
    start += low[i] * steps[i];
  }
  return Kernel([positions = indexMap(input, steps, start),
                 border = border.getSExtValue()](
                    ArrayRef<const Tensor *> operands, Tensor &result) {
    std::fill(result.stored.begin(), result.stored.end(), border);
    for (size_t i = 0; i < positions.size(); ++i)
      result.stored[positions[i]] = operands[0]->stored[i];
  });
}

FailureOr<Kernel> interpreter::prepareTensorOp(Operation *op) {
  // What an empty tensor holds matters to nobody.
  if (isa<tensor::EmptyOp>(op))
    return Kernel([](ArrayRef<const Tensor *>, Tensor &) {});
  if (isa<tensor::CollapseShapeOp, tensor::ExpandShapeOp, tensor::CastOp>(op))
    return copyKernel();
  if (auto pad = dyn_cast<tensor::PadOp>(op))
    return preparePad(pad);
  if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
    auto positions = slicePositions(slice, shapeOf(slice.getSource()));
    if (failed(positions))
      return failure();
    return Kernel([positions = std::move(*positions)](
                      ArrayRef<const Tensor *> operands, Tensor &result) {
      for (size_t i = 0; i < positions.size(); ++i)
        result.stored[i] = operands[0]->stored[positions[i]];
    });
  }
  if (auto insert = dyn_cast<tensor::InsertSliceOp>(op)) {
    auto positions = slicePositions(insert, shapeOf(insert.getDest()));
    if (failed(positions))
      return failure();
    return Kernel([positions = std::move(*positions)](
                      ArrayRef<const Tensor *> operands, Tensor &result) {
      result.stored = operands[1]->stored;
      for (size_t i = 0; i < positions.size(); ++i)
        result.stored[positions[i]] = operands[0]->stored[i];
    });
  }
  return Kernel();
}
