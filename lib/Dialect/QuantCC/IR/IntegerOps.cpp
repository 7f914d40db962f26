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

/// C31: a multiplier and its right shift.
static LogicalResult verifyMultiplier(Operation *op, int32_t multiplier,
                                      int32_t shift, StringRef constraint) {
  if (multiplier < 0)
    return op->emitOpError() << "expected a multiplier not below zero, found "
                             << multiplier << " (" << constraint << ")";
  if (shift < 2 || shift > 62)
    return op->emitOpError() << "expected a shift within [2, 62], found "
                             << shift << " (" << constraint << ")";
  return success();
}

/// C32: clamp bounds in order and within the storage of `result`.
static LogicalResult verifyStoredBounds(Operation *op, Type result,
                                        bool isUnsigned, int32_t low,
                                        int32_t high) {
  unsigned width = cast<RankedTensorType>(result).getElementTypeBitWidth();
  if (width > 32)
    return op->emitOpError() << "expected a result of at most 32 bits, found "
                             << result << " (C32)";
  int64_t least = isUnsigned ? 0 : -(int64_t(1) << (width - 1));
  int64_t largest = least + (int64_t(1) << width) - 1;
  if (low > high || low < least || high > largest)
    return op->emitOpError()
           << "expected clamp bounds in order within [" << least << ", "
           << largest << "], found [" << low << ", " << high << "] (C32)";
  return success();
}

LogicalResult RequantizeOp::verify() {
  auto input = cast<RankedTensorType>(getInput().getType());
  if (input.getShape() != shapeOf(getResult()))
    return emitOpError() << "expected operand and result of one shape (C30)";
  if (!input.getElementType().isInteger(32) &&
      (!input.getElementType().isInteger(64) ||
       getRounding() == Rounding::Double))
    return emitOpError() << "expected accumulators of i32, or of i64 with "
                         << "rounding single or half_even, found " << input
                         << " (C30)";
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
                            getClampMin(), getClampMax());
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
  if (failed(verifyBroadcast(*this, getLhs(), getRhs(), getResult())))
    return failure();
  return verifyStoredBounds(*this, getResult().getType(), getUnsignedOperands(),
                            getClampMin(), getClampMax());
}

LogicalResult IntegerSoftmaxOp::verify() {
  auto input = cast<RankedTensorType>(getInput().getType());
  auto result = cast<RankedTensorType>(getResult().getType());
  if (input.getShape() != result.getShape() || input.getRank() == 0 ||
      input.getElementTypeBitWidth() != 8 ||
      result.getElementTypeBitWidth() != 8)
    return emitOpError() << "expected 8-bit operand and result of one shape, "
                         << "found " << input << " and " << result << " (C34)";
  int32_t leftShift = getLeftShift(), diffMin = getDiffMin();
  if (static_cast<int32_t>(getMultiplier()) < 0 || leftShift < 0 ||
      leftShift >= 31 || diffMin > 0)
    return emitOpError() << "expected a multiplier not below zero, a left "
                         << "shift within [0, 30] and diff_min not above zero "
                         << "(C34)";
  return success();
}
