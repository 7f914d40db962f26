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

#include "quantcc/Interfaces/FloatRangeArithmetic.h"

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

template <typename OpTy>
static LogicalResult verifyRequantizingBinary(OpTy op) {
  if (failed(verifyForm(op, {op.getLhs(), op.getRhs(), op.getResult()})) ||
      failed(verifyStorage(op, {op.getLhs(), op.getRhs(), op.getResult()})) ||
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
    sum = sumRange(*operands[0], *operands[1]);
  return clampRange(sum, getClamp());
}

std::optional<FloatRange> SubOp::inferFloatRange(OperandRanges operands) {
  std::optional<FloatRange> difference;
  if (operands[0] && operands[1])
    difference = differenceRange(*operands[0], *operands[1]);
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
  return maximumRange(*operands[0], *operands[1]);
}

std::optional<FloatRange> MinimumOp::inferFloatRange(OperandRanges operands) {
  if (!operands[0] || !operands[1])
    return std::nullopt;
  return minimumRange(*operands[0], *operands[1]);
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
      failed(verifyStorage(*this, {getInput(), getSlope(), getResult()})) ||
      failed(verifyRounding(*this, getRounding().has_value())))
    return failure();
  if (shapeOf(getInput()) != shapeOf(getResult()))
    return emitOpError() << "expected a result of the input's shape, found "
                         << getResult().getType() << " (C14)";
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
  if (failed(verifyForm(*this, {getInput(), getResult()})))
    return failure();
  bool needsAlpha = getFunction() == FloatFunction::LeakyRelu;
  if (needsAlpha != getAlpha().has_value())
    return emitOpError() << "expected alpha for leaky_relu alone (C16)";
  if (needsAlpha && !getAlpha()->isFinite())
    return emitOpError() << "expected a finite alpha (C16)";
  return success();
}

//===----------------------------------------------------------------------===//
// LeakyReluOp
//===----------------------------------------------------------------------===//

LogicalResult LeakyReluOp::verify() {
  if (failed(verifyForm(*this, {getInput(), getResult()})) ||
      failed(verifyStorage(*this, {getInput(), getResult()})))
    return failure();
  if (shapeOf(getInput()) != shapeOf(getResult()))
    return emitOpError() << "expected input and result of one shape, found "
                         << getInput().getType() << " and "
                         << getResult().getType() << " (C42)";
  if (!getAlpha().isFinite())
    return emitOpError() << "expected a finite alpha (C42)";
  if (getRounding() != Rounding::Double && getRounding() != Rounding::Single)
    return emitOpError() << "expected rounding double or single, found "
                         << stringifyRounding(getRounding()) << " (C42)";
  return success();
}

//===----------------------------------------------------------------------===//
// GateOp
//===----------------------------------------------------------------------===//

LogicalResult GateOp::verify() {
  if (failed(verifyForm(*this, {getInput(), getResult()})))
    return failure();
  if (getFunction() != FloatFunction::Sigmoid &&
      getFunction() != FloatFunction::Tanh)
    return emitOpError() << "expected function sigmoid or tanh, found "
                         << stringifyFloatFunction(getFunction()) << " (C69)";
  if (shapeOf(getInput()) != shapeOf(getResult()))
    return emitOpError() << "expected input and result of one shape, found "
                         << getInput().getType() << " and "
                         << getResult().getType() << " (C69)";
  for (Value value : {getInput(), getResult()}) {
    auto type = dyn_cast<quant::UniformQuantizedType>(
        getQuantizedElementType(value.getType()));
    if (!type || !type.isSigned() || type.getStorageTypeIntegralWidth() != 16 ||
        type.getZeroPoint() != 0)
      return emitOpError() << "expected signed 16-bit storage and zero point "
                           << "0, found " << value.getType() << " (C70)";
  }
  auto input = cast<quant::UniformQuantizedType>(
      getQuantizedElementType(getInput().getType()));
  auto result = cast<quant::UniformQuantizedType>(
      getQuantizedElementType(getResult().getType()));
  if (result.getScale() != 0x1p-15)
    return emitOpError() << "expected a result of scale 2^-15, found " << result
                         << " (C70)";
  if (input.getScale() * 12288.0 > 32767.0)
    return emitOpError() << "expected an input of scale at most 32767/12288, "
                         << "found " << input << " (C70)";
  return success();
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

static bool isUnsignedStorage(Type tensor) {
  if (quant::QuantizedType type = getQuantizedElementType(tensor))
    return !type.isSigned();
  return cast<RankedTensorType>(tensor).getElementType().isUnsignedInteger();
}

LogicalResult LookupOp::verify() {
  if (isQuantized(getInput().getType()) != isQuantized(getResult().getType()))
    return emitOpError() << "expected input and result both quantized or both "
                         << "integers (C17)";
  if (isQuantized(getInput().getType()) &&
      failed(verifyForm(*this, {getInput(), getResult()})))
    return failure();
  unsigned width = storageWidth(getInput().getType());
  if (width != 8 && width != 16)
    return emitOpError() << "expected an input of 8-bit or 16-bit storage, "
                         << "found " << getInput().getType() << " (C17)";
  auto table = cast<RankedTensorType>(getTable().getType());
  if (width == 16 && (storageWidth(getResult().getType()) != 16 ||
                      isUnsignedStorage(getInput().getType()) ||
                      isUnsignedStorage(getResult().getType())))
    return emitOpError() << "expected signed 16-bit storage of input and "
                         << "result, found " << getInput().getType() << " and "
                         << getResult().getType() << " (C43)";
  int64_t entries = width == 16 ? 513 : 256;
  if (table.getRank() != 1 || table.getDimSize(0) != entries ||
      table.getElementTypeBitWidth() != storageWidth(getResult().getType()))
    return emitOpError() << "expected a table of " << entries
                         << " entries of the result's storage, found " << table
                         << (width == 16 ? " (C43)" : " (C17)");
  if (shapeOf(getInput()) != shapeOf(getResult()))
    return emitOpError() << "expected input and result of one shape (C17)";
  return success();
}
