//===- IntegerOps.cpp - Ops of the integer stage --------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers of the composite integer ops.
//
//===----------------------------------------------------------------------===//

#include "NetworkOpVerifier.h"

using namespace mlir;
using namespace quantcc;
using namespace quantcc::detail;

LogicalResult quantcc::detail::verifyMultiplier(Operation *op,
                                                int32_t multiplier,
                                                int32_t shift,
                                                StringRef constraint) {
  if (multiplier < 0)
    return op->emitOpError() << "expected a multiplier not below zero, found "
                             << multiplier << " (" << constraint << ")";
  if (shift < 2 || shift > 62)
    return op->emitOpError() << "expected a shift within [2, 62], found "
                             << shift << " (" << constraint << ")";
  return success();
}

/// The values that `width` bits hold.
static std::pair<int64_t, int64_t> storageBounds(unsigned width,
                                                 bool isUnsigned) {
  int64_t least = isUnsigned ? 0 : -(int64_t(1) << (width - 1));
  return {least, least + (int64_t(1) << width) - 1};
}

/// C32: clamp bounds in order and within the storage of `result`.
static LogicalResult verifyStoredBounds(Operation *op, Type result,
                                        bool isUnsigned, int32_t low,
                                        int32_t high, int32_t zeroPoint) {
  unsigned width = cast<RankedTensorType>(result).getElementTypeBitWidth();
  if (width > 32)
    return op->emitOpError() << "expected a result of at most 32 bits, found "
                             << result << " (C32)";
  auto [least, largest] = storageBounds(width, isUnsigned);
  if (low > high || low < least || high > largest)
    return op->emitOpError()
           << "expected clamp bounds in order within [" << least << ", "
           << largest << "], found [" << low << ", " << high << "] (C32)";
  if (zeroPoint < least || zeroPoint > largest)
    return op->emitOpError()
           << "expected an output zero point within [" << least << ", "
           << largest << "], found " << zeroPoint << " (C32)";
  return success();
}

LogicalResult RequantizeOp::verify() {
  auto input = cast<RankedTensorType>(getInput().getType());
  if (input.getShape() != shapeOf(getResult()))
    return emitOpError() << "expected operand and result of one shape (C30)";
  if (getRounding() == Rounding::Reduced)
    return emitOpError() << "expected rounding double, single or half_even, "
                         << "found reduced (C30)";
  if (!input.getElementType().isInteger(32) &&
      !input.getElementType().isInteger(64))
    return emitOpError() << "expected accumulators of i32 or i64, found "
                         << input << " (C30)";
  size_t count = getMultipliers().size();
  if (count == 0 || getShifts().size() != count)
    return emitOpError() << "expected as many shifts as multipliers, found "
                         << getShifts().size() << " and " << count << " (C30)";
  if (getAxis() && (static_cast<int64_t>(*getAxis()) >= input.getRank() ||
                    static_cast<int64_t>(*getAxis()) < 0))
    return emitOpError() << "expected an axis within rank " << input.getRank()
                         << " (C30)";
  if (count > 1 && (!getAxis() || input.getDimSize(*getAxis()) !=
                                      static_cast<int64_t>(count)))
    return emitOpError() << "expected an axis of " << count << " values (C30)";
  for (auto [multiplier, shift] :
       llvm::zip_equal(getMultipliers(), getShifts()))
    if (failed(verifyMultiplier(*this, multiplier, shift, "C31")))
      return failure();
  return verifyStoredBounds(*this, getResult().getType(), getUnsignedResult(),
                            getClampMin(), getClampMax(), getOutputZeroPoint());
}

/// C33 for one operand.
static LogicalResult verifyAddOperand(IntegerAddOp op, Value operand,
                                      bool isUnsigned, int32_t zeroPoint,
                                      int32_t leftShift) {
  unsigned width =
      cast<RankedTensorType>(operand.getType()).getElementTypeBitWidth();
  int64_t largest =
      width > 16 ? INT64_MAX : ((int64_t(1) << width) - 1) << leftShift;
  if (largest > INT32_MAX)
    return op.emitOpError() << "expected operands that fit i32 after a left "
                            << "shift of " << leftShift << ", found "
                            << operand.getType() << " (C33)";
  auto [least, most] = storageBounds(width, isUnsigned);
  if (zeroPoint < least || zeroPoint > most)
    return op.emitOpError() << "expected a zero point within [" << least << ", "
                            << most << "], found " << zeroPoint << " (C33)";
  return success();
}

LogicalResult IntegerAddOp::verify() {
  if (failed(
          verifyMultiplier(*this, getLhsMultiplier(), getLhsShift(), "C33")) ||
      failed(
          verifyMultiplier(*this, getRhsMultiplier(), getRhsShift(), "C33")) ||
      failed(verifyMultiplier(*this, getOutputMultiplier(), getOutputShift(),
                              "C33")))
    return failure();
  int32_t leftShift = getLeftShift();
  if (leftShift < 0 || leftShift > 22)
    return emitOpError() << "expected a left shift within [0, 22], found "
                         << leftShift << " (C33)";
  if (failed(verifyAddOperand(*this, getLhs(), getUnsignedOperands(),
                              getLhsZeroPoint(), leftShift)) ||
      failed(verifyAddOperand(*this, getRhs(), getUnsignedOperands(),
                              getRhsZeroPoint(), leftShift)))
    return failure();
  if (failed(verifyBroadcast(*this, getLhs(), getRhs(), getResult())))
    return failure();
  return verifyStoredBounds(*this, getResult().getType(), getUnsignedOperands(),
                            getClampMin(), getClampMax(), getOutputZeroPoint());
}

LogicalResult IntegerSoftmaxOp::verify() {
  auto input = cast<RankedTensorType>(getInput().getType());
  auto result = cast<RankedTensorType>(getResult().getType());
  if (input.getShape() != result.getShape() || input.getRank() == 0 ||
      input.getElementTypeBitWidth() != 8 ||
      (result.getElementTypeBitWidth() != 8 &&
       result.getElementTypeBitWidth() != 16))
    return emitOpError() << "expected an 8-bit operand and an 8-bit or 16-bit "
                         << "result of one shape, found " << input << " and "
                         << result << " (C34)";
  int32_t leftShift = getLeftShift(), diffMin = getDiffMin();
  if (static_cast<int32_t>(getMultiplier()) < 0 || leftShift < 0 ||
      leftShift > 31 || diffMin > 0)
    return emitOpError() << "expected a multiplier not below zero, a left "
                         << "shift within [0, 31] and diff_min not above zero "
                         << "(C34)";
  if (input.getShape().back() > 4095)
    return emitOpError() << "expected rows of at most 4095 elements, found "
                         << input.getShape().back() << " (C34)";
  auto [least, largest] =
      storageBounds(result.getElementTypeBitWidth(), getUnsignedStorage());
  int32_t zeroPoint = getOutputZeroPoint();
  if (zeroPoint < least || zeroPoint > largest)
    return emitOpError() << "expected an output zero point within [" << least
                         << ", " << largest << "], found " << zeroPoint
                         << " (C34)";
  return success();
}
