//===- FixedPointArith.cpp - Fixed-point arithmetic in arith --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Scalar fixed-point arithmetic as arith ops.
//
//===----------------------------------------------------------------------===//

#include "FixedPointArith.h"

#include <mlir/Dialect/Arith/IR/Arith.h>

using namespace mlir;
using namespace quantcc;

Value FixedPointBuilder::constant(Type type, int64_t value) {
  return arith::ConstantOp::create(
      builder, loc,
      IntegerAttr::get(type, APInt(type.getIntOrFloatBitWidth(), value,
                                   /*isSigned=*/true,
                                   /*implicitTrunc=*/true)));
}

Value FixedPointBuilder::add(Value lhs, Value rhs) {
  return arith::AddIOp::create(builder, loc, lhs, rhs);
}

Value FixedPointBuilder::sub(Value lhs, Value rhs) {
  return arith::SubIOp::create(builder, loc, lhs, rhs);
}

Value FixedPointBuilder::mul(Value lhs, Value rhs) {
  return arith::MulIOp::create(builder, loc, lhs, rhs);
}

Value FixedPointBuilder::add(Value lhs, int64_t rhs) {
  return rhs == 0 ? lhs : add(lhs, constant(lhs.getType(), rhs));
}

Value FixedPointBuilder::sub(Value lhs, int64_t rhs) {
  return rhs == 0 ? lhs : sub(lhs, constant(lhs.getType(), rhs));
}

Value FixedPointBuilder::shiftLeft(Value value, Value shift) {
  return arith::ShLIOp::create(builder, loc, value, shift);
}

Value FixedPointBuilder::shiftRight(Value value, Value shift) {
  return arith::ShRSIOp::create(builder, loc, value, shift);
}

Value FixedPointBuilder::shiftRight(Value value, int64_t shift) {
  return shiftRight(value, constant(value.getType(), shift));
}

Value FixedPointBuilder::isNegative(Value value) {
  return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::slt, value,
                               constant(value.getType(), 0));
}

Value FixedPointBuilder::select(Value condition, Value yes, Value no) {
  return arith::SelectOp::create(builder, loc, condition, yes, no);
}

Value FixedPointBuilder::clamp(Value value, int64_t low, int64_t high) {
  Type type = value.getType();
  value = arith::MaxSIOp::create(builder, loc, value, constant(type, low));
  return arith::MinSIOp::create(builder, loc, value, constant(type, high));
}

Value FixedPointBuilder::resize(Value value, Type type) {
  unsigned from = value.getType().getIntOrFloatBitWidth();
  unsigned to = type.getIntOrFloatBitWidth();
  if (from == to)
    return value;
  if (from < to)
    return arith::ExtSIOp::create(builder, loc, type, value);
  return arith::TruncIOp::create(builder, loc, type, value);
}

Value FixedPointBuilder::extendUnsigned(Value value, Type type) {
  if (value.getType() == type)
    return value;
  return arith::ExtUIOp::create(builder, loc, type, value);
}

Value FixedPointBuilder::multiplyHigh(Value lhs, Value rhs) {
  Type i64 = builder.getI64Type();
  Value product = mul(resize(lhs, i64), resize(rhs, i64));
  Value rounded = shiftRight(add(product, int64_t(1) << 30), 31);
  return resize(rounded, builder.getI32Type());
}

Value FixedPointBuilder::roundingShift(Value value, Value shift) {
  Type type = value.getType();
  Value one = constant(type, 1);
  // With shift 0 the mask is empty, and nothing is above the threshold.
  Value mask = sub(shiftLeft(one, shift), one);
  Value remainder = arith::AndIOp::create(builder, loc, value, mask);
  Value half = arith::ShRUIOp::create(builder, loc, mask, one);
  Value negative =
      arith::ExtUIOp::create(builder, loc, type, isNegative(value));
  Value threshold = add(half, negative);
  Value up = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sgt,
                                   remainder, threshold);
  return add(shiftRight(value, shift),
             arith::ExtUIOp::create(builder, loc, type, up));
}

Value FixedPointBuilder::roundingShift(Value value, int64_t shift) {
  return roundingShift(value, constant(value.getType(), shift));
}

/// floor(product / 2^shift + 1/2).
static Value shiftHalfUp(FixedPointBuilder &fixed, Value product, Value shift) {
  Type type = product.getType();
  Value half = fixed.shiftLeft(fixed.constant(type, 1), fixed.sub(shift, 1));
  return fixed.shiftRight(fixed.add(product, half), shift);
}

/// product / 2^shift, ties to even: the quotient's last bit decides a tie.
static Value shiftHalfEven(FixedPointBuilder &fixed, Value product,
                           Value shift) {
  Type type = product.getType();
  Value one = fixed.constant(type, 1);
  Value half = fixed.shiftLeft(one, fixed.sub(shift, 1));
  Value odd = arith::AndIOp::create(fixed.builder, fixed.loc,
                                    fixed.shiftRight(product, shift), one);
  Value rounding = fixed.add(fixed.sub(half, 1), odd);
  return fixed.shiftRight(fixed.add(product, rounding), shift);
}

Value quantcc::createRounded(FixedPointBuilder &fixed, Value accumulator,
                             RequantizeOperands operands, Rounding rounding,
                             bool narrow, unsigned productWidth) {
  Type wide = fixed.builder.getIntegerType(productWidth);
  Value product = fixed.mul(fixed.resize(accumulator, wide),
                            fixed.resize(operands.multiplier, wide));
  Value shift = fixed.resize(operands.shift, wide);
  Value result = rounding == Rounding::HalfEven
                     ? shiftHalfEven(fixed, product, shift)
                     : shiftHalfUp(fixed, product, shift);
  if (narrow)
    result = fixed.resize(result, fixed.builder.getI32Type());
  if (rounding != Rounding::Double || !operands.secondShift)
    return result;
  return fixed.roundingShift(
      result, fixed.resize(operands.secondShift, result.getType()));
}
