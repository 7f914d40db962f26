//===- IntegerAdd.cpp - Expansion of integer_add --------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Expands quantcc.integer_add to an elementwise op.
//
//===----------------------------------------------------------------------===//

#include "FixedPointArith.h"
#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"
#include "quantcc/Conversion/RequantizeToArith/IntegerOpPatterns.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Support/LinearSum.h"

using namespace mlir;
using namespace quantcc;

/// accumulator * multiplier * 2^-shift as an i32: accumulators of integer_add
/// are bounded so that it fits.
static Value rescale(FixedPointBuilder &fixed, Value accumulator,
                     int32_t multiplier, int32_t shift, Rounding rounding) {
  Type i32 = fixed.builder.getI32Type();
  int32_t first = rounding == Rounding::Double ? std::min(shift, 31) : shift;
  RequantizeOperands operands{fixed.constant(i32, multiplier),
                              fixed.constant(i32, first), Value()};
  if (shift > first)
    operands.secondShift = fixed.constant(i32, shift - first);
  return createRounded(fixed, accumulator, operands, rounding, /*narrow=*/true);
}

/// The addition of two values of 8 bits each, if it is one.
static std::optional<AdditionRule> readRule(IntegerAddOp op) {
  auto isByte = [](Value value) {
    return getElementTypeOrSelf(value).isInteger(8);
  };
  if (!isByte(op.getLhs()) || !isByte(op.getRhs()))
    return std::nullopt;
  AdditionRule rule;
  rule.lhs = {static_cast<int32_t>(op.getLhsZeroPoint()),
              {static_cast<int32_t>(op.getLhsMultiplier()),
               static_cast<int32_t>(op.getLhsShift())}};
  rule.rhs = {static_cast<int32_t>(op.getRhsZeroPoint()),
              {static_cast<int32_t>(op.getRhsMultiplier()),
               static_cast<int32_t>(op.getRhsShift())}};
  rule.isSubtraction = op.getSubtract();
  rule.leftShift = op.getLeftShift();
  rule.output = {static_cast<int32_t>(op.getOutputMultiplier()),
                 static_cast<int32_t>(op.getOutputShift())};
  rule.rounding = op.getRounding();
  rule.outputZeroPoint = static_cast<int32_t>(op.getOutputZeroPoint());
  rule.clamp = {static_cast<int32_t>(op.getClampMin()),
                static_cast<int32_t>(op.getClampMax())};
  rule.operands = op.getUnsignedOperands() ? StoredRange{0, UINT8_MAX}
                                           : StoredRange{INT8_MIN, INT8_MAX};
  return rule;
}

namespace {

struct IntegerAddPattern : OpRewritePattern<IntegerAddOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(IntegerAddOp op,
                                PatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getResult().getType());
    std::optional<AdditionRule> rule = readRule(op);
    std::optional<LinearSum> linear =
        rule ? findLinearSum(*rule) : std::nullopt;
    auto body = [&](OpBuilder &builder, Location loc, ValueRange args) {
      FixedPointBuilder fixed(builder, loc);
      if (linear)
        return addLinearly(op, fixed, *linear, args);
      Value lhs = rescaleOperand(op, fixed, args[0], op.getLhsZeroPoint(),
                                 op.getLhsMultiplier(), op.getLhsShift());
      Value rhs = rescaleOperand(op, fixed, args[1], op.getRhsZeroPoint(),
                                 op.getRhsMultiplier(), op.getRhsShift());
      Value sum = op.getSubtract() ? fixed.sub(lhs, rhs) : fixed.add(lhs, rhs);
      int64_t zeroPoint = static_cast<int32_t>(op.getOutputZeroPoint());
      int64_t low = static_cast<int32_t>(op.getClampMin());
      int64_t high = static_cast<int32_t>(op.getClampMax());
      Value value = rescale(fixed, sum, op.getOutputMultiplier(),
                            op.getOutputShift(), op.getRounding());
      value = fixed.clamp(value, low - zeroPoint, high - zeroPoint);
      value = fixed.add(value, zeroPoint);
      return fixed.resize(value, type.getElementType());
    };
    rewriter.replaceOp(op, createElementwise(rewriter, op.getLoc(), type,
                                             {op.getLhs(), op.getRhs()}, body));
    return success();
  }

private:
  static Value addLinearly(IntegerAddOp op, FixedPointBuilder &fixed,
                           const LinearSum &sum, ValueRange args) {
    Type i32 = fixed.builder.getI32Type();
    auto multiply = [&](Value stored, int32_t factor) -> Value {
      Value value = op.getUnsignedOperands() ? fixed.extendUnsigned(stored, i32)
                                             : fixed.resize(stored, i32);
      return fixed.mul(value, fixed.constant(i32, factor));
    };
    Value value = fixed.add(fixed.add(multiply(args[0], sum.lhs), sum.offset),
                            multiply(args[1], sum.rhs));
    value = fixed.shiftRight(value, sum.shift);
    value = fixed.clamp(value, static_cast<int32_t>(op.getClampMin()),
                        static_cast<int32_t>(op.getClampMax()));
    return fixed.resize(value, getElementTypeOrSelf(op.getResult().getType()));
  }

  static Value rescaleOperand(IntegerAddOp op, FixedPointBuilder &fixed,
                              Value stored, int32_t zeroPoint,
                              int32_t multiplier, int32_t shift) {
    Type i32 = fixed.builder.getI32Type();
    Value value = op.getUnsignedOperands() ? fixed.extendUnsigned(stored, i32)
                                           : fixed.resize(stored, i32);
    value = fixed.sub(value, zeroPoint);
    value = fixed.shiftLeft(value, fixed.constant(i32, op.getLeftShift()));
    return rescale(fixed, value, multiplier, shift, op.getRounding());
  }
};

} // namespace

void quantcc::populateIntegerAddPatterns(RewritePatternSet &patterns) {
  patterns.add<IntegerAddPattern>(patterns.getContext());
}
