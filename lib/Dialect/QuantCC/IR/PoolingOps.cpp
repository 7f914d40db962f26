//===- PoolingOps.cpp - Pools and reductions ------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers and interface methods of pools, mean and softmax.
//
//===----------------------------------------------------------------------===//

#include "NetworkOpVerifier.h"

#include <cmath>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::detail;

using OperandRanges = ArrayRef<std::optional<FloatRange>>;

template <typename OpTy> static LogicalResult verifyPool(OpTy op) {
  if (failed(verifyForm(op, {op.getInput(), op.getResult()})) ||
      failed(verifySameElementType(op, {op.getInput(), op.getResult()})) ||
      failed(verifyClamp(op, op.getClamp(), op.getStoredClamp())))
    return failure();
  ArrayRef<int64_t> input = shapeOf(op.getInput()),
                    result = shapeOf(op.getResult());
  if (input.size() != 4 || result.size() != 4 || result[0] != input[0] ||
      result[3] != input[3])
    return op.emitOpError() << "expected input and result of rank 4 with the "
                            << "same images and channels (C18)";
  ArrayRef<int64_t> kernel = op.getKernel(), padding = op.getPadding();
  if (failed(verifyWindow(op, input, result, kernel, op.getStrides(), padding,
                          {1, 1}, "C18")))
    return failure();
  for (unsigned i = 0; i < 4; ++i)
    if (padding[i] >= kernel[i / 2])
      return op.emitOpError() << "expected paddings smaller than the kernel, "
                              << "found " << padding[i] << " (C18)";
  return success();
}

template <typename OpTy>
static std::optional<FloatRange> pooledRange(OpTy op, OperandRanges operands) {
  std::optional<FloatRange> range = operands[0];
  if (range && op.getClamp())
    return range->clamp((*op.getClamp())[0], (*op.getClamp())[1]);
  return range;
}

LogicalResult AvgPool2DOp::verify() {
  if (failed(verifyPool(*this)))
    return failure();
  return verifyStorage(*this, getInput());
}
LogicalResult MaxPool2DOp::verify() { return verifyPool(*this); }

std::optional<FloatRange> AvgPool2DOp::inferFloatRange(OperandRanges operands) {
  return pooledRange(*this, operands);
}

std::optional<FloatRange> MaxPool2DOp::inferFloatRange(OperandRanges operands) {
  return pooledRange(*this, operands);
}

//===----------------------------------------------------------------------===//
// MeanOp
//===----------------------------------------------------------------------===//

LogicalResult MeanOp::verify() {
  if (failed(verifyForm(*this, {getInput(), getResult()})) ||
      failed(verifyStorage(*this, {getInput(), getResult()})) ||
      failed(verifyRounding(*this, getRounding().has_value())) ||
      failed(verifyClamp(*this, getClamp(), getStoredClamp())))
    return failure();
  ArrayRef<int64_t> input = shapeOf(getInput());
  SmallVector<int64_t> expected(input);
  int64_t previous = -1;
  for (int64_t axis : getAxes()) {
    if (axis <= previous || axis >= static_cast<int64_t>(input.size()))
      return emitOpError() << "expected increasing axes within rank "
                           << input.size() << ", found " << axis << " (C19)";
    expected[axis] = getKeepDims() ? 1 : -1;
    previous = axis;
  }
  llvm::erase(expected, -1);
  if (shapeOf(getResult()) != ArrayRef<int64_t>(expected))
    return emitOpError() << "expected the input's shape without the axes, "
                         << "found " << getResult().getType() << " (C19)";
  return success();
}

std::optional<FloatRange> MeanOp::inferFloatRange(OperandRanges operands) {
  return pooledRange(*this, operands);
}

//===----------------------------------------------------------------------===//
// SoftmaxOp
//===----------------------------------------------------------------------===//

ScaleConstraint SoftmaxOp::getScaleConstraint() {
  return ScaleConstraint::fixedRange(0.0, 255.0 / 256.0);
}

/// C20 of the quantized form.
static LogicalResult verifyNarrowSoftmax(SoftmaxOp op,
                                         quant::UniformQuantizedType input,
                                         quant::UniformQuantizedType result) {
  unsigned width = result.getStorageTypeIntegralWidth();
  for (auto [type, most] : {std::pair(input, 8u), std::pair(result, 16u)})
    if (unsigned found = type.getStorageTypeIntegralWidth();
        found != 8 && found != most)
      return op.emitOpError()
             << "expected 8-bit storage, found " << type << " (C20)";
  // 4096 exponentials of 1 would leave the 32 bits of their sum.
  if (shapeOf(op.getInput()).back() > 4095)
    return op.emitOpError() << "expected rows of at most 4095 elements, found "
                            << shapeOf(op.getInput()).back() << " (C20)";
  if (result.getScale() != std::ldexp(1.0, -static_cast<int>(width)) ||
      result.getZeroPoint() != result.getStorageTypeMin())
    return op.emitOpError() << "expected a result with scale 1/" << (1 << width)
                            << " and the storage minimum as zero point, found "
                            << result << " (C20)";
  return success();
}

/// C44.
static LogicalResult verifyWideSoftmax(SoftmaxOp op,
                                       quant::UniformQuantizedType input,
                                       quant::UniformQuantizedType result) {
  if (!input.isSigned() || !result.isSigned() ||
      result.getStorageTypeIntegralWidth() != 16)
    return op.emitOpError() << "expected signed 16-bit storage, found " << input
                            << " and " << result << " (C44)";
  if (shapeOf(op.getInput()).back() > 65535)
    return op.emitOpError() << "expected rows of at most 65535 elements, found "
                            << shapeOf(op.getInput()).back() << " (C44)";
  if (result.getScale() != 1.0 / 32768.0 || result.getZeroPoint() != 0)
    return op.emitOpError()
           << "expected a result with scale 1/32768 and zero point 0, found "
           << result << " (C44)";
  return success();
}

LogicalResult SoftmaxOp::verify() {
  if (failed(verifyForm(*this, {getInput(), getResult()})))
    return failure();
  if (shapeOf(getInput()) != shapeOf(getResult()) ||
      shapeOf(getInput()).empty())
    return emitOpError() << "expected operand and result of one shape with a "
                         << "last dimension (C20)";
  if (!(getBeta().convertToFloat() > 0.0f) || !getBeta().isFinite())
    return emitOpError() << "expected a positive beta (C20)";
  auto input = dyn_cast_or_null<quant::UniformQuantizedType>(
      getQuantizedElementType(getInput().getType()));
  auto result = dyn_cast_or_null<quant::UniformQuantizedType>(
      getQuantizedElementType(getResult().getType()));
  if (!input)
    return success();
  if (input.getStorageTypeIntegralWidth() == 16)
    return verifyWideSoftmax(*this, input, result);
  return verifyNarrowSoftmax(*this, input, result);
}

std::optional<FloatRange> SoftmaxOp::inferFloatRange(OperandRanges) {
  return FloatRange{0.0, 1.0};
}
