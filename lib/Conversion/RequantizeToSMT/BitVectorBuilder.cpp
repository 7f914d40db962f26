//===- BitVectorBuilder.cpp - Terms over bit vectors ----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The terms, each one or a few ops of the smt dialect.
//
//===----------------------------------------------------------------------===//

#include "BitVectorBuilder.h"

using namespace mlir;
using namespace quantcc;

unsigned BitVectorBuilder::width(Value value) {
  return cast<smt::BitVectorType>(value.getType()).getWidth();
}

Value BitVectorBuilder::symbol(StringRef name, unsigned width) {
  auto type = smt::BitVectorType::get(builder.getContext(), width);
  return smt::DeclareFunOp::create(builder, loc, type,
                                   builder.getStringAttr(name));
}

Value BitVectorBuilder::constant(const APInt &value) {
  return smt::BVConstantOp::create(builder, loc, value);
}

Value BitVectorBuilder::constant(unsigned width, int64_t value) {
  return constant(APInt(width, value, /*isSigned=*/true,
                        /*implicitTrunc=*/true));
}

Value BitVectorBuilder::add(Value lhs, Value rhs) {
  return smt::BVAddOp::create(builder, loc, lhs, rhs);
}

Value BitVectorBuilder::sub(Value lhs, Value rhs) {
  return add(lhs, negate(rhs));
}

Value BitVectorBuilder::negate(Value value) {
  return smt::BVNegOp::create(builder, loc, value);
}

Value BitVectorBuilder::shiftLeft(Value value, unsigned count) {
  return smt::BVShlOp::create(builder, loc, value,
                              constant(width(value), count));
}

Value BitVectorBuilder::truncate(Value value, unsigned to) {
  if (width(value) == to)
    return value;
  auto type = smt::BitVectorType::get(builder.getContext(), to);
  return smt::ExtractOp::create(builder, loc, type, /*lowBit=*/0, value);
}

Value BitVectorBuilder::extend(Value value, unsigned to, bool isSigned) {
  unsigned from = width(value);
  if (from == to)
    return value;
  Value high = constant(to - from, 0);
  if (isSigned) {
    auto bit = smt::BitVectorType::get(builder.getContext(), 1);
    Value sign = smt::ExtractOp::create(builder, loc, bit, from - 1, value);
    high = smt::RepeatOp::create(builder, loc, to - from, sign);
  }
  return smt::ConcatOp::create(builder, loc, high, value);
}

Value BitVectorBuilder::compare(smt::BVCmpPredicate predicate, Value lhs,
                                Value rhs) {
  return smt::BVCmpOp::create(builder, loc, predicate, lhs, rhs);
}

Value BitVectorBuilder::equal(Value lhs, Value rhs) {
  return smt::EqOp::create(builder, loc, ValueRange{lhs, rhs});
}

Value BitVectorBuilder::both(Value lhs, Value rhs) {
  return smt::AndOp::create(builder, loc, ValueRange{lhs, rhs});
}

Value BitVectorBuilder::either(Value lhs, Value rhs) {
  return smt::OrOp::create(builder, loc, ValueRange{lhs, rhs});
}

Value BitVectorBuilder::negation(Value proposition) {
  return smt::NotOp::create(builder, loc, proposition);
}

Value BitVectorBuilder::select(Value proposition, Value yes, Value no) {
  return smt::IteOp::create(builder, loc, proposition, yes, no);
}

Value BitVectorBuilder::within(Value value, Value low, Value high) {
  return both(compare(smt::BVCmpPredicate::sle, low, value),
              compare(smt::BVCmpPredicate::sle, value, high));
}

void BitVectorBuilder::assume(Value proposition) {
  smt::AssertOp::create(builder, loc, proposition);
}
