//===- ShapeOps.cpp - Ops that move values --------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers, folders and interface methods of the moving ops.
//
//===----------------------------------------------------------------------===//

#include "NetworkOpVerifier.h"

#include <mlir/IR/BuiltinAttributes.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::detail;

using OperandRanges = ArrayRef<std::optional<FloatRange>>;

/// C1 and C5 for an op with one activation.
template <typename OpTy> static LogicalResult verifyMoving(OpTy op) {
  if (failed(verifyForm(op, {op.getInput(), op.getResult()})))
    return failure();
  return verifySameElementType(op, {op.getInput(), op.getResult()});
}

//===----------------------------------------------------------------------===//
// ReshapeOp
//===----------------------------------------------------------------------===//

LogicalResult ReshapeOp::verify() {
  if (failed(verifyMoving(*this)))
    return failure();
  if (cast<RankedTensorType>(getInput().getType()).getNumElements() !=
      cast<RankedTensorType>(getResult().getType()).getNumElements())
    return emitOpError() << "expected as many elements as in "
                         << getInput().getType() << ", found "
                         << getResult().getType() << " (C21)";
  return success();
}

OpFoldResult ReshapeOp::fold(FoldAdaptor adaptor) {
  if (getInput().getType() == getResult().getType())
    return getInput();
  // The inner of two reshapes has no effect.
  if (auto inner = getInput().getDefiningOp<ReshapeOp>()) {
    getInputMutable().assign(inner.getInput());
    return getResult();
  }
  if (auto constant = dyn_cast_or_null<DenseElementsAttr>(adaptor.getInput()))
    return constant.reshape(cast<ShapedType>(getResult().getType()));
  return {};
}

std::optional<FloatRange> ReshapeOp::inferFloatRange(OperandRanges operands) {
  return operands[0];
}

//===----------------------------------------------------------------------===//
// TransposeOp
//===----------------------------------------------------------------------===//

LogicalResult TransposeOp::verify() {
  if (failed(verifyMoving(*this)))
    return failure();
  ArrayRef<int64_t> input = shapeOf(getInput()), result = shapeOf(getResult());
  ArrayRef<int64_t> permutation = getPermutation();
  SmallVector<int64_t> sorted(permutation);
  llvm::sort(sorted);
  bool permutes =
      permutation.size() == input.size() && result.size() == input.size();
  for (size_t i = 0; permutes && i < input.size(); ++i)
    permutes = sorted[i] == static_cast<int64_t>(i);
  if (!permutes)
    return emitOpError() << "expected a permutation of " << input.size()
                         << " dimensions (C22)";
  for (size_t i = 0; i < input.size(); ++i)
    if (result[i] != input[permutation[i]])
      return emitOpError() << "expected dimension " << i << " of the result to "
                           << "be " << input[permutation[i]] << ", found "
                           << result[i] << " (C22)";
  return success();
}

OpFoldResult TransposeOp::fold(FoldAdaptor) {
  for (auto [index, source] : llvm::enumerate(getPermutation()))
    if (static_cast<int64_t>(index) != source)
      return {};
  return getInput();
}

std::optional<FloatRange> TransposeOp::inferFloatRange(OperandRanges operands) {
  return operands[0];
}

//===----------------------------------------------------------------------===//
// BroadcastOp
//===----------------------------------------------------------------------===//

LogicalResult BroadcastOp::verify() {
  if (failed(verifyMoving(*this)))
    return failure();
  ArrayRef<int64_t> input = shapeOf(getInput()), result = shapeOf(getResult());
  bool repeats = input.size() == result.size();
  for (size_t i = 0; repeats && i < input.size(); ++i)
    repeats = input[i] == 1 || input[i] == result[i];
  if (!repeats)
    return emitOpError() << "expected dimensions of 1 or of the result "
                         << getResult().getType() << ", found "
                         << getInput().getType() << " (C48)";
  return success();
}

OpFoldResult BroadcastOp::fold(FoldAdaptor) {
  return getInput().getType() == getResult().getType()
             ? OpFoldResult(getInput())
             : OpFoldResult();
}

std::optional<FloatRange> BroadcastOp::inferFloatRange(OperandRanges operands) {
  return operands[0];
}

//===----------------------------------------------------------------------===//
// SliceOp
//===----------------------------------------------------------------------===//

LogicalResult SliceOp::verify() {
  if (failed(verifyMoving(*this)))
    return failure();
  ArrayRef<int64_t> input = shapeOf(getInput()), result = shapeOf(getResult());
  ArrayRef<int64_t> offsets = getOffsets(), strides = getStrides();
  if (result.size() != input.size() || offsets.size() != input.size() ||
      strides.size() != input.size())
    return emitOpError() << "expected one offset and stride a dimension (C23)";
  constexpr int64_t limit = int64_t(1) << 31;
  for (size_t i = 0; i < input.size(); ++i) {
    if (std::abs(std::max(strides[i], -limit)) >= limit)
      return emitOpError() << "expected strides within 2^31, found "
                           << strides[i] << " (C23)";
    int64_t last = offsets[i] + (result[i] - 1) * strides[i];
    if (strides[i] == 0 || offsets[i] < 0 || offsets[i] >= input[i] ||
        last < 0 || last >= input[i])
      return emitOpError() << "expected elements of the input, found "
                           << offsets[i] << " to " << last << " of dimension "
                           << i << ", which has " << input[i] << " (C23)";
  }
  return success();
}

OpFoldResult SliceOp::fold(FoldAdaptor) {
  bool whole = getInput().getType() == getResult().getType() &&
               llvm::all_of(getOffsets(), [](int64_t v) { return v == 0; }) &&
               llvm::all_of(getStrides(), [](int64_t v) { return v == 1; });
  return whole ? OpFoldResult(getInput()) : OpFoldResult();
}

std::optional<FloatRange> SliceOp::inferFloatRange(OperandRanges operands) {
  return operands[0];
}

//===----------------------------------------------------------------------===//
// PadOp
//===----------------------------------------------------------------------===//

LogicalResult PadOp::verify() {
  if (failed(verifyMoving(*this)))
    return failure();
  ArrayRef<int64_t> input = shapeOf(getInput()), result = shapeOf(getResult());
  ArrayRef<int64_t> low = getLow(), high = getHigh();
  if (low.size() != input.size() || high.size() != input.size() ||
      result.size() != input.size())
    return emitOpError() << "expected one border a dimension and side (C24)";
  for (size_t i = 0; i < input.size(); ++i)
    if (low[i] < 0 || high[i] < 0 || low[i] > result[i] ||
        high[i] > result[i] || result[i] != low[i] + input[i] + high[i])
      return emitOpError() << "expected dimension " << i
                           << " to be padded from " << input[i] << " by "
                           << low[i] << " and " << high[i] << ", found "
                           << result[i] << " (C24)";
  quant::QuantizedType type = getQuantizedElementType(getResult().getType());
  if ((type && getValue()) || (!type && getStoredValue()))
    return emitOpError() << "expected value in the float form and stored_value "
                         << "in the quantized form (C24)";
  if (getValue() && !getValue()->isFinite())
    return emitOpError() << "expected a finite value (C24)";
  if (getStoredValue()) {
    int64_t stored = static_cast<int32_t>(*getStoredValue());
    if (stored < type.getStorageTypeMin() || stored > type.getStorageTypeMax())
      return emitOpError() << "expected stored_value within ["
                           << type.getStorageTypeMin() << ", "
                           << type.getStorageTypeMax() << "], found " << stored
                           << " (C24)";
  }
  return success();
}

std::optional<FloatRange> PadOp::inferFloatRange(OperandRanges operands) {
  if (!operands[0])
    return std::nullopt;
  double value = getValue() ? getValue()->convertToFloat() : 0.0;
  return operands[0]->join({value, value});
}

//===----------------------------------------------------------------------===//
// ConcatOp
//===----------------------------------------------------------------------===//

LogicalResult ConcatOp::verify() {
  if (getInputs().empty())
    return emitOpError() << "expected at least one operand (C25)";
  SmallVector<Value> values(getInputs());
  values.push_back(getResult());
  if (failed(verifyForm(*this, values)) ||
      failed(verifySameElementType(*this, values)))
    return failure();
  ArrayRef<int64_t> result = shapeOf(getResult());
  int64_t axis = getAxis();
  if (axis < 0 || axis >= static_cast<int64_t>(result.size()))
    return emitOpError() << "expected an axis within rank " << result.size()
                         << ", found " << axis << " (C25)";
  int64_t total = 0;
  for (Value input : getInputs()) {
    SmallVector<int64_t> shape(shapeOf(input));
    if (shape.size() == result.size()) {
      total += shape[axis];
      shape[axis] = result[axis];
    }
    if (ArrayRef<int64_t>(shape) != result)
      return emitOpError() << "expected operands with the result's shape but "
                           << "for dimension " << axis << ", found "
                           << input.getType() << " (C25)";
  }
  if (total != result[axis])
    return emitOpError() << "expected operands that add up to " << result[axis]
                         << " along dimension " << axis << ", found " << total
                         << " (C25)";
  return success();
}

std::optional<FloatRange> ConcatOp::inferFloatRange(OperandRanges operands) {
  std::optional<FloatRange> joined = operands[0];
  for (const std::optional<FloatRange> &range : operands) {
    if (!range)
      return std::nullopt;
    joined = joined->join(*range);
  }
  return joined;
}

//===----------------------------------------------------------------------===//
// ResizeOp
//===----------------------------------------------------------------------===//

LogicalResult ResizeOp::verify() {
  if (failed(verifyMoving(*this)))
    return failure();
  ArrayRef<int64_t> input = shapeOf(getInput()), result = shapeOf(getResult());
  if (input.size() != 4 || result.size() != 4 || input[0] != result[0] ||
      input[3] != result[3])
    return emitOpError() << "expected input and result of rank 4 with the same "
                         << "images and channels (C26)";
  if (getAlignCorners() && getHalfPixelCenters())
    return emitOpError() << "expected align_corners or half_pixel_centers, not "
                         << "both (C26)";
  return success();
}

std::optional<FloatRange> ResizeOp::inferFloatRange(OperandRanges operands) {
  return operands[0];
}
