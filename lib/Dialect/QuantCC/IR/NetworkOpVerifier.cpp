//===- NetworkOpVerifier.cpp - Constraints of network ops -----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The checks that the verifiers of several network ops share.
//
//===----------------------------------------------------------------------===//

#include "NetworkOpVerifier.h"

#include <cmath>
#include <mlir/Dialect/Traits.h>

using namespace mlir;
using namespace quantcc;

ArrayRef<int64_t> quantcc::detail::shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

static LogicalResult verifyScale(Operation *op, double scale) {
  // The comparison with the narrowed value also refuses NaN.
  if (!(scale > 0.0) || !std::isfinite(scale) ||
      static_cast<double>(static_cast<float>(scale)) != scale ||
      !std::isnormal(static_cast<float>(scale)))
    return op->emitOpError() << "expected a positive scale that is a normal "
                             << "f32 value, found " << scale << " (C4)";
  return success();
}

static LogicalResult verifyZeroPoint(Operation *op, int64_t zeroPoint,
                                     quant::QuantizedType type) {
  if (zeroPoint < type.getStorageTypeMin() ||
      zeroPoint > type.getStorageTypeMax())
    return op->emitOpError()
           << "expected a zero point within [" << type.getStorageTypeMin()
           << ", " << type.getStorageTypeMax() << "], found " << zeroPoint
           << " (C4)";
  return success();
}

LogicalResult quantcc::detail::verifyShape(Operation *op, Value value) {
  constexpr int64_t limit = int64_t(1) << 31;
  int64_t elements = 1;
  for (int64_t size : shapeOf(value)) {
    // The first test keeps the product below from overflowing.
    if (size < 1 || size >= limit || (elements *= size) >= limit)
      return op->emitOpError()
             << "expected dimensions of at least 1 and fewer "
             << "than 2^31 elements, found " << value.getType() << " (C1)";
  }
  return success();
}

LogicalResult quantcc::detail::verifyParameters(Operation *op,
                                                quant::QuantizedType type) {
  if (!type.getExpressedType().isF32())
    return op->emitOpError() << "expected the expressed type f32, found "
                             << type.getExpressedType() << " (C4)";
  if (auto perTensor = dyn_cast<quant::UniformQuantizedType>(type)) {
    if (failed(verifyScale(op, perTensor.getScale())))
      return failure();
    return verifyZeroPoint(op, perTensor.getZeroPoint(), type);
  }
  auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type);
  if (!perAxis)
    return op->emitOpError() << "expected per-tensor or per-axis parameters, "
                             << "found " << type << " (C4)";
  for (auto [scale, zeroPoint] :
       llvm::zip_equal(perAxis.getScales(), perAxis.getZeroPoints()))
    if (failed(verifyScale(op, scale)) ||
        failed(verifyZeroPoint(op, zeroPoint, type)))
      return failure();
  return success();
}

LogicalResult quantcc::detail::verifyForm(Operation *op, ValueRange values) {
  assert(!values.empty() && "an op without activations has no form");
  bool quantized = isQuantized(values.front().getType());
  for (Value value : values) {
    if (isQuantized(value.getType()) != quantized)
      return op->emitOpError()
             << "expected all activations to be f32 or all quantized, found "
             << values.front().getType() << " and " << value.getType()
             << " (C1)";
    if (failed(verifyShape(op, value)))
      return failure();
    if (!quantized)
      continue;
    quant::QuantizedType type = getQuantizedElementType(value.getType());
    if (!isa<quant::UniformQuantizedType>(type))
      return op->emitOpError()
             << "expected activations with per-tensor parameters, found "
             << type << " (C1)";
    if (failed(verifyParameters(op, type)))
      return failure();
    unsigned width = type.getStorageTypeIntegralWidth();
    if (width > 32 || (width == 32 && !type.isSigned()))
      return op->emitOpError()
             << "expected storage of at most 32 bits with a sign, found "
             << type << " (C39)";
    if (width < 8)
      return op->emitOpError() << "expected storage of activations of at least "
                               << "8 bits, found " << type << " (C62)";
  }
  return success();
}

LogicalResult quantcc::detail::verifyRounding(Operation *op, bool hasRounding) {
  bool quantized = isQuantized(op->getResult(0).getType());
  if (quantized && !hasRounding)
    return op->emitOpError() << "expected a rounding in the quantized form, "
                             << "found none (C2)";
  if (!quantized && hasRounding)
    return op->emitOpError() << "expected no rounding in the float form (C2)";
  auto rounding = op->getAttrOfType<RoundingAttr>("rounding");
  if (rounding && rounding.getValue() == Rounding::Reduced &&
      !isa<Conv2DOp, TransposeConv2DOp, LinearOp, MatMulOp>(op))
    return op->emitOpError() << "expected rounding reduced on conv2d, "
                             << "transpose_conv2d, linear and matmul alone "
                             << "(C38)";
  return success();
}

LogicalResult quantcc::detail::verifyStorage(Operation *op, ValueRange values) {
  for (Value value : values)
    if (quant::QuantizedType type = getQuantizedElementType(value.getType()))
      if (type.getStorageTypeIntegralWidth() > 16)
        return op->emitOpError()
               << "expected storage of at most 16 bits, found " << type
               << " (C39)";
  return success();
}

LogicalResult
quantcc::detail::verifyClamp(Operation *op,
                             std::optional<ArrayRef<float>> clamp,
                             std::optional<ArrayRef<int32_t>> stored) {
  quant::QuantizedType type =
      getQuantizedElementType(op->getResult(0).getType());
  if (type && clamp)
    return op->emitOpError() << "expected stored_clamp and not clamp in the "
                             << "quantized form (C3)";
  if (!type && stored)
    return op->emitOpError() << "expected clamp and not stored_clamp in the "
                             << "float form (C3)";
  if (clamp && (clamp->size() != 2 || !((*clamp)[0] <= (*clamp)[1])))
    return op->emitOpError() << "expected clamp to hold a low and a high bound "
                             << "in order (C3)";
  if (!stored)
    return success();
  if (stored->size() != 2 || (*stored)[0] > (*stored)[1])
    return op->emitOpError() << "expected stored_clamp to hold a low and a "
                             << "high bound in order (C3)";
  if ((*stored)[0] < type.getStorageTypeMin() ||
      (*stored)[1] > type.getStorageTypeMax())
    return op->emitOpError()
           << "expected stored_clamp within [" << type.getStorageTypeMin()
           << ", " << type.getStorageTypeMax() << "], found [" << (*stored)[0]
           << ", " << (*stored)[1] << "] (C3)";
  return success();
}

LogicalResult quantcc::detail::verifySameElementType(Operation *op,
                                                     ValueRange values) {
  Type first = getElementTypeOrSelf(values.front().getType());
  for (Value value : values)
    if (Type type = getElementTypeOrSelf(value.getType()); type != first)
      return op->emitOpError() << "expected equal element types, found "
                               << first << " and " << type << " (C5)";
  return success();
}

LogicalResult quantcc::detail::verifyWeights(Operation *op, Value weights,
                                             unsigned channelAxis,
                                             bool quantized) {
  quant::QuantizedType type = getQuantizedElementType(weights.getType());
  if (static_cast<bool>(type) != quantized)
    return op->emitOpError()
           << "expected " << (quantized ? "quantized" : "f32")
           << " weights, found " << weights.getType() << " (C6)";
  if (failed(verifyShape(op, weights)))
    return failure();
  if (!quantized)
    return success();
  if (failed(verifyParameters(op, type)))
    return failure();
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type)) {
    if (perAxis.getQuantizedDimension() != static_cast<int32_t>(channelAxis))
      return op->emitOpError()
             << "expected weights quantized along dimension " << channelAxis
             << ", found " << perAxis.getQuantizedDimension() << " (C6)";
    int64_t channels = shapeOf(weights)[channelAxis];
    if (static_cast<int64_t>(perAxis.getScales().size()) != channels)
      return op->emitOpError()
             << "expected " << channels << " scales of the weights, found "
             << perAxis.getScales().size() << " (C6)";
    for (int64_t zeroPoint : perAxis.getZeroPoints())
      if (type.isSigned() && zeroPoint != 0)
        return op->emitOpError() << "expected zero point 0 of signed weights, "
                                 << "found " << zeroPoint << " (C7)";
    return success();
  }
  int64_t zeroPoint = cast<quant::UniformQuantizedType>(type).getZeroPoint();
  if (type.isSigned() && zeroPoint != 0 && !isa<LinearOp>(op))
    return op->emitOpError() << "expected zero point 0 of signed weights, "
                             << "found " << zeroPoint << " (C7)";
  return success();
}

LogicalResult quantcc::detail::verifyBias(Operation *op, Value bias,
                                          int64_t channels, bool quantized) {
  if (!bias)
    return success();
  auto type = cast<RankedTensorType>(bias.getType());
  if (type.getElementType().isF32() == quantized)
    return op->emitOpError()
           << "expected a bias of " << (quantized ? "i32 or i64" : "f32")
           << ", found " << type << " (C8)";
  if (type.getRank() != 1 || type.getDimSize(0) != channels)
    return op->emitOpError() << "expected a bias of " << channels
                             << " values, found " << type << " (C8)";
  return success();
}

LogicalResult quantcc::detail::verifyBroadcast(Operation *op, Value lhs,
                                               Value rhs, Value result) {
  SmallVector<int64_t> shape;
  if (!OpTrait::util::getBroadcastedShape(shapeOf(lhs), shapeOf(rhs), shape))
    return op->emitOpError()
           << "expected operands that broadcast, found " << lhs.getType()
           << " and " << rhs.getType() << " (C14)";
  if (shapeOf(result) != ArrayRef<int64_t>(shape))
    return op->emitOpError()
           << "expected the operands' shapes broadcast as the result's, found "
           << result.getType() << " (C14)";
  return success();
}

static bool allAtLeast(ArrayRef<int64_t> values, int64_t least) {
  return llvm::all_of(values, [&](int64_t value) { return value >= least; });
}

LogicalResult quantcc::detail::verifyWindow(
    Operation *op, ArrayRef<int64_t> inputShape, ArrayRef<int64_t> resultShape,
    ArrayRef<int64_t> kernel, ArrayRef<int64_t> strides,
    ArrayRef<int64_t> padding, ArrayRef<int64_t> dilations,
    StringRef constraint) {
  // An upper bound keeps the size computation below from overflowing.
  constexpr int64_t kLargest = int64_t(1) << 31;
  auto plausible = [](ArrayRef<int64_t> values) {
    return llvm::all_of(values, [](int64_t v) { return v < kLargest; });
  };
  if (kernel.size() != 2 || strides.size() != 2 || dilations.size() != 2 ||
      padding.size() != 4 || !allAtLeast(kernel, 1) ||
      !allAtLeast(strides, 1) || !allAtLeast(dilations, 1) ||
      !allAtLeast(padding, 0) || !plausible(kernel) || !plausible(strides) ||
      !plausible(dilations) || !plausible(padding) || !plausible(inputShape))
    return op->emitOpError()
           << "expected 2 positive strides, dilations and kernel sizes and 4 "
           << "paddings not below zero (" << constraint << ")";
  for (unsigned direction : {0u, 1u}) {
    int64_t extent = inputShape[1 + direction] + padding[2 * direction] +
                     padding[2 * direction + 1];
    int64_t reach = dilations[direction] * (kernel[direction] - 1) + 1;
    int64_t expected =
        extent < reach ? 0 : (extent - reach) / strides[direction] + 1;
    if (expected < 1)
      return op->emitOpError()
             << "expected a window that fits the padded input, found a reach "
             << "of " << reach << " over " << extent << " (" << constraint
             << ")";
    if (resultShape[1 + direction] != expected)
      return op->emitOpError()
             << "expected a result " << (direction ? "width" : "height")
             << " of " << expected << ", found " << resultShape[1 + direction]
             << " (" << constraint << ")";
  }
  return success();
}
