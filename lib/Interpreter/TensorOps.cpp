//===- TensorOps.cpp - Parts and shapes of tensors ------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The tensor ops of the integer stage. Where a slice lies may be computed.
// (docs/Numerics.md, N38)
//
//===----------------------------------------------------------------------===//

#include "IndexMap.h"
#include "Kernel.h"
#include "ScalarProgram.h"

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

namespace {

/// The elements of a tensor that a slice takes.
struct Slice {
  /// In its order, where all offsets that are computed are 0.
  std::vector<int64_t> positions;
  /// An offset that is computed: by which operand, up to where, and how many
  /// elements it skips.
  struct Offset {
    unsigned operand;
    int64_t last, step;
  };
  SmallVector<Offset> offsets;

  /// What is added to the positions; nothing if the slice leaves its tensor.
  std::optional<int64_t> start(ArrayRef<const Tensor *> operands) const {
    int64_t start = 0;
    for (const Offset &offset : offsets) {
      int64_t value = operands[offset.operand]->stored.front();
      if (value < 0 || value > offset.last) {
        reportUndefined("a slice outside of its tensor");
        return std::nullopt;
      }
      start += value * offset.step;
    }
    return start;
  }
};

} // namespace

/// The slice that `op` takes of a tensor of shape `whole`.
template <typename OpTy>
static FailureOr<Slice> makeSlice(OpTy op, ArrayRef<int64_t> whole) {
  SmallVector<int64_t> offsets(op.getStaticOffsets()),
      sizes(op.getStaticSizes()), strides(op.getStaticStrides());
  SmallVector<int64_t> steps = rowMajorStrides(whole);
  Slice slice;
  int64_t start = 0;
  unsigned operand = op.getOffsetSizeAndStrideStartOperandIndex();
  for (size_t i = 0; i < whole.size(); ++i) {
    if (ShapedType::isDynamic(sizes[i]) || ShapedType::isDynamic(strides[i]))
      return unsupported(op, "of a size that is computed");
    bool isComputed = ShapedType::isDynamic(offsets[i]);
    int64_t first = isComputed ? 0 : offsets[i];
    int64_t last = first + (sizes[i] - 1) * strides[i];
    if (std::min(first, last) < 0 || std::max(first, last) >= whole[i])
      return unsupported(op, "outside of its tensor");
    if (isComputed)
      slice.offsets.push_back({operand++, whole[i] - 1 - last, steps[i]});
    start += first * steps[i];
    steps[i] *= strides[i];
  }
  slice.positions = indexMap(sizes, steps, start);
  return slice;
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
  if (auto extract = dyn_cast<tensor::ExtractSliceOp>(op)) {
    auto slice = makeSlice(extract, shapeOf(extract.getSource()));
    if (failed(slice))
      return failure();
    return Kernel([slice = std::move(*slice)](ArrayRef<const Tensor *> operands,
                                              Tensor &result) {
      if (auto start = slice.start(operands))
        for (size_t i = 0; i < slice.positions.size(); ++i)
          result.stored[i] = operands[0]->stored[*start + slice.positions[i]];
    });
  }
  if (auto insert = dyn_cast<tensor::InsertSliceOp>(op)) {
    auto slice = makeSlice(insert, shapeOf(insert.getDest()));
    if (failed(slice))
      return failure();
    return Kernel([slice = std::move(*slice)](ArrayRef<const Tensor *> operands,
                                              Tensor &result) {
      result.stored = operands[1]->stored;
      if (auto start = slice.start(operands))
        for (size_t i = 0; i < slice.positions.size(); ++i)
          result.stored[*start + slice.positions[i]] = operands[0]->stored[i];
    });
  }
  return Kernel();
}
