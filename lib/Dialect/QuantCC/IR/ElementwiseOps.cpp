//===- ElementwiseOps.cpp - Ops on single elements ------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers and interface methods of the elementwise ops.
//
//===----------------------------------------------------------------------===//

#include "NetworkOpVerifier.h"

#include <cmath>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::detail;

using OperandRanges = ArrayRef<std::optional<FloatRange>>;

/// Applies the real-valued clamp of a float form to `range`.
static std::optional<FloatRange>
clampRange(std::optional<FloatRange> range,
           std::optional<ArrayRef<float>> clamp) {
  if (!clamp)
    return range;
  if (range)
    return range->clamp((*clamp)[0], (*clamp)[1]);
  if (std::isfinite((*clamp)[0]) && std::isfinite((*clamp)[1]))
    return FloatRange{(*clamp)[0], (*clamp)[1]};
  return std::nullopt;
}

/// The smallest interval that contains the four products of bounds.
static FloatRange productRange(const FloatRange &lhs, const FloatRange &rhs) {
  double a = lhs.min * rhs.min, b = lhs.min * rhs.max;
  double c = lhs.max * rhs.min, d = lhs.max * rhs.max;
  return {std::min({a, b, c, d}), std::max({a, b, c, d})};
}

template <typename OpTy>
static LogicalResult verifyRequantizingBinary(OpTy op) {
  if (failed(verifyForm(op, {op.getLhs(), op.getRhs(), op.getResult()})) ||
      failed(verifyRounding(op, op.getRounding().has_value())) ||
      failed(verifyClamp(op, op.getClamp(), op.getStoredClamp())))
    return failure();
  return verifyBroadcast(op, op.getLhs(), op.getRhs(), op.getResult());
}

template <typename OpTy> static LogicalResult verifySelectingBinary(OpTy op) {
  if (failed(verifyForm(op, {op.getLhs(), op.getRhs(), op.getResult()})) ||
      failed(verifySameElementType(op,
                                   {op.getLhs(), op.getRhs(), op.getResult()})))
    return failure();
  return verifyBroadcast(op, op.getLhs(), op.getRhs(), op.getResult());
}

//===----------------------------------------------------------------------===//
// AddOp, SubOp, MulOp
//===----------------------------------------------------------------------===//

LogicalResult AddOp::verify() { return verifyRequantizingBinary(*this); }
LogicalResult SubOp::verify() { return verifyRequantizingBinary(*this); }
LogicalResult MulOp::verify() { return verifyRequantizingBinary(*this); }

std::optional<FloatRange> AddOp::inferFloatRange(OperandRanges operands) {
  std::optional<FloatRange> sum;
  if (operands[0] && operands[1])
    sum = FloatRange{operands[0]->min + operands[1]->min,
                     operands[0]->max + operands[1]->max};
  return clampRange(sum, getClamp());
}

std::optional<FloatRange> SubOp::inferFloatRange(OperandRanges operands) {
  std::optional<FloatRange> difference;
  if (operands[0] && operands[1])
    difference = FloatRange{operands[0]->min - operands[1]->max,
                            operands[0]->max - operands[1]->min};
  return clampRange(difference, getClamp());
}

std::optional<FloatRange> MulOp::inferFloatRange(OperandRanges operands) {
  std::optional<FloatRange> product;
  if (operands[0] && operands[1])
    product = productRange(*operands[0], *operands[1]);
  return clampRange(product, getClamp());
}

//===----------------------------------------------------------------------===//
// MaximumOp, MinimumOp
//===----------------------------------------------------------------------===//

LogicalResult MaximumOp::verify() { return verifySelectingBinary(*this); }
LogicalResult MinimumOp::verify() { return verifySelectingBinary(*this); }

std::optional<FloatRange> MaximumOp::inferFloatRange(OperandRanges operands) {
  if (!operands[0] || !operands[1])
    return std::nullopt;
  return FloatRange{std::max(operands[0]->min, operands[1]->min),
                    std::max(operands[0]->max, operands[1]->max)};
}

std::optional<FloatRange> MinimumOp::inferFloatRange(OperandRanges operands) {
  if (!operands[0] || !operands[1])
    return std::nullopt;
  return FloatRange{std::min(operands[0]->min, operands[1]->min),
                    std::min(operands[0]->max, operands[1]->max)};
}

//===----------------------------------------------------------------------===//
// RescaleOp
//===----------------------------------------------------------------------===//

LogicalResult RescaleOp::verify() {
  if (failed(verifyForm(*this, {getInput(), getResult()})) ||
      failed(verifyRounding(*this, getRounding().has_value())) ||
      failed(verifyClamp(*this, getClamp(), getStoredClamp())))
    return failure();
  if (shapeOf(getInput()) != shapeOf(getResult()))
    return emitOpError() << "expected operand and result of one shape, found "
                         << getInput().getType() << " and "
                         << getResult().getType() << " (C15)";
  return success();
}

std::optional<FloatRange> RescaleOp::inferFloatRange(OperandRanges operands) {
  return clampRange(operands[0], getClamp());
}

//===----------------------------------------------------------------------===//
// PReluOp
//===----------------------------------------------------------------------===//

OperandRole PReluOp::getOperandRole(unsigned index) {
  return index == 0 ? OperandRole::Activation : OperandRole::Weight;
}

std::optional<unsigned> PReluOp::getChannelAxis(unsigned) {
  return std::nullopt;
}

LogicalResult PReluOp::verify() {
  if (failed(verifyForm(*this, {getInput(), getSlope(), getResult()})) ||
      failed(verifyRounding(*this, getRounding().has_value())))
    return failure();
  return verifyBroadcast(*this, getInput(), getSlope(), getResult());
}

std::optional<FloatRange> PReluOp::inferFloatRange(OperandRanges operands) {
  if (!operands[0] || !operands[1])
    return std::nullopt;
  FloatRange negative{std::min(operands[0]->min, 0.0),
                      std::min(operands[0]->max, 0.0)};
  FloatRange positive{std::max(operands[0]->min, 0.0),
                      std::max(operands[0]->max, 0.0)};
  return productRange(negative, *operands[1]).join(positive);
}

//===----------------------------------------------------------------------===//
// FunctionOp
//===----------------------------------------------------------------------===//

LogicalResult FunctionOp::verify() {
  bool needsAlpha = getFunction() == FloatFunction::LeakyRelu;
  if (needsAlpha != getAlpha().has_value())
    return emitOpError() << "expected alpha for leaky_relu alone (C16)";
  if (needsAlpha && !getAlpha()->isFinite())
    return emitOpError() << "expected a finite alpha (C16)";
  return success();
}

ScaleConstraint FunctionOp::getScaleConstraint() {
  switch (getFunction()) {
  case FloatFunction::Sigmoid:
    return ScaleConstraint::fixedRange(0.0, 255.0 / 256.0);
  case FloatFunction::Tanh:
    return ScaleConstraint::fixedRange(-1.0, 127.0 / 128.0);
  default:
    return ScaleConstraint::free();
  }
}

/// The image of `range` under a function that rises throughout it.
static FloatRange risingImage(const FloatRange &range,
                              function_ref<double(double)> function) {
  return {function(range.min), function(range.max)};
}

std::optional<FloatRange> FunctionOp::inferFloatRange(OperandRanges operands) {
  std::optional<FloatRange> range = operands[0];
  switch (getFunction()) {
  case FloatFunction::Sigmoid:
    return FloatRange{0.0, 1.0};
  case FloatFunction::Tanh:
    return FloatRange{-1.0, 1.0};
  default:
    break;
  }
  if (!range)
    return std::nullopt;
  double largest = std::max(std::abs(range->min), std::abs(range->max));
  switch (getFunction()) {
  case FloatFunction::HardSwish:
    // The smallest value, -0.375, is reached at -1.5.
    return FloatRange{range->min < 0.0 ? -0.375 : 0.0,
                      std::max(range->max, 0.0)};
  case FloatFunction::Gelu:
    // The smallest value is about -0.16997, reached near -0.7518.
    return FloatRange{range->min < 0.0 ? -0.17 : 0.0,
                      std::max(range->max, 0.0)};
  case FloatFunction::LeakyRelu: {
    double alpha = getAlpha()->convertToFloat();
    FloatRange negative{std::min(range->min, 0.0), std::min(range->max, 0.0)};
    FloatRange positive{std::max(range->min, 0.0), std::max(range->max, 0.0)};
    return productRange(negative, {alpha, alpha}).join(positive);
  }
  case FloatFunction::Elu:
    return risingImage(*range,
                       [](double x) { return x >= 0 ? x : std::expm1(x); });
  case FloatFunction::Exp: {
    FloatRange image =
        risingImage(*range, [](double x) { return std::exp(x); });
    return std::isfinite(image.max) ? std::optional(image) : std::nullopt;
  }
  case FloatFunction::Abs:
    return FloatRange{std::max({0.0, range->min, -range->max}), largest};
  case FloatFunction::Neg:
    return FloatRange{-range->max, -range->min};
  case FloatFunction::Square: {
    double least = std::max({0.0, range->min, -range->max});
    return FloatRange{least * least, largest * largest};
  }
  case FloatFunction::Rsqrt:
    if (range->min <= 0.0)
      return std::nullopt;
    return FloatRange{1.0 / std::sqrt(range->max), 1.0 / std::sqrt(range->min)};
  default:
    return std::nullopt;
  }
}

//===----------------------------------------------------------------------===//
// LookupOp
//===----------------------------------------------------------------------===//

/// The width in bits of the values that a tensor stores.
static unsigned storageWidth(Type tensor) {
  if (quant::QuantizedType type = getQuantizedElementType(tensor))
    return type.getStorageTypeIntegralWidth();
  return cast<RankedTensorType>(tensor).getElementTypeBitWidth();
}

LogicalResult LookupOp::verify() {
  if (isQuantized(getInput().getType()) != isQuantized(getResult().getType()))
    return emitOpError() << "expected input and result both quantized or both "
                         << "integers (C17)";
  for (Value value : {Value(getInput()), Value(getResult())})
    if (quant::QuantizedType type = getQuantizedElementType(value.getType()))
      if (failed(verifyParameters(*this, type)))
        return failure();
  if (storageWidth(getInput().getType()) != 8)
    return emitOpError() << "expected an input of 8-bit storage, found "
                         << getInput().getType() << " (C17)";
  auto table = cast<RankedTensorType>(getTable().getType());
  if (table.getRank() != 1 || table.getDimSize(0) != 256 ||
      table.getElementTypeBitWidth() != storageWidth(getResult().getType()))
    return emitOpError() << "expected a table of 256 entries of the result's "
                         << "storage, found " << table << " (C17)";
  if (shapeOf(getInput()) != shapeOf(getResult()))
    return emitOpError() << "expected input and result of one shape (C17)";
  return success();
}
