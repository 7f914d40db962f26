//===- BodyTranslation.cpp - From arith to bit vectors --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The meaning of each arith op that the bodies of requantizations are made of.
//
//===----------------------------------------------------------------------===//

#include "BitVectorBuilder.h"

#include <llvm/ADT/TypeSwitch.h>
#include <mlir/Dialect/Arith/IR/Arith.h>

using namespace mlir;
using namespace quantcc;

IntegerRange quantcc::multiplyRanges(const IntegerRange &lhs,
                                     const IntegerRange &rhs) {
  unsigned width = lhs.low.getBitWidth() + rhs.low.getBitWidth();
  std::optional<IntegerRange> range;
  for (const APInt &a : {lhs.low, lhs.high})
    for (const APInt &b : {rhs.low, rhs.high}) {
      APInt corner = a.sext(width) * b.sext(width);
      if (!range)
        range = {corner, corner};
      range->low = llvm::APIntOps::smin(range->low, corner);
      range->high = llvm::APIntOps::smax(range->high, corner);
    }
  return *range;
}

void BodyTranslation::bind(Value value, Value term, IntegerRange range) {
  values[value] = term;
  ranges[value] = std::move(range);
}

FailureOr<Value> BodyTranslation::multiply(Operation *op) {
  auto lhs = ranges.find(op->getOperand(0)),
       rhs = ranges.find(op->getOperand(1));
  if (product || lhs == ranges.end() || rhs == ranges.end())
    return op->emitOpError() << "expected one product, of arguments and "
                             << "constants";
  unsigned width = op->getResult(0).getType().getIntOrFloatBitWidth();
  IntegerRange range = multiplyRanges(lhs->second, rhs->second);
  if (!range.low.isSignedIntN(width) || !range.high.isSignedIntN(width))
    return op->emitOpError()
           << "multiplies what may not fit " << width << " bits";
  factors = {lhs->second, rhs->second};
  if (exactProducts) {
    product = smt::BVMulOp::create(terms.builder, terms.loc, lookup(lhs->first),
                                   lookup(rhs->first));
    return product;
  }
  product = terms.symbol("product", width);
  terms.assume(terms.within(product,
                            terms.constant(range.low.sextOrTrunc(width)),
                            terms.constant(range.high.sextOrTrunc(width))));
  return product;
}

Value BodyTranslation::shift(Operation *op) {
  Value value = lookup(op->getOperand(0)), count = lookup(op->getOperand(1));
  unsigned width = BitVectorBuilder::width(value);
  Value isDefined = terms.compare(smt::BVCmpPredicate::ult, count,
                                  terms.constant(width, width));
  shiftsAreDefined =
      shiftsAreDefined ? terms.both(shiftsAreDefined, isDefined) : isDefined;
  OpBuilder &builder = terms.builder;
  if (isa<arith::ShLIOp>(op))
    return smt::BVShlOp::create(builder, terms.loc, value, count);
  if (isa<arith::ShRSIOp>(op))
    return smt::BVAShrOp::create(builder, terms.loc, value, count);
  return smt::BVLShrOp::create(builder, terms.loc, value, count);
}

static std::optional<smt::BVCmpPredicate>
predicateOf(arith::CmpIPredicate predicate) {
  switch (predicate) {
  case arith::CmpIPredicate::slt:
    return smt::BVCmpPredicate::slt;
  case arith::CmpIPredicate::sle:
    return smt::BVCmpPredicate::sle;
  case arith::CmpIPredicate::sgt:
    return smt::BVCmpPredicate::sgt;
  case arith::CmpIPredicate::sge:
    return smt::BVCmpPredicate::sge;
  case arith::CmpIPredicate::ult:
    return smt::BVCmpPredicate::ult;
  case arith::CmpIPredicate::ule:
    return smt::BVCmpPredicate::ule;
  case arith::CmpIPredicate::ugt:
    return smt::BVCmpPredicate::ugt;
  case arith::CmpIPredicate::uge:
    return smt::BVCmpPredicate::uge;
  default:
    return std::nullopt;
  }
}

FailureOr<Value> BodyTranslation::compute(Operation *op) {
  auto operand = [&](unsigned index) { return lookup(op->getOperand(index)); };
  auto chosen = [&](smt::BVCmpPredicate predicate) {
    return terms.select(terms.compare(predicate, operand(0), operand(1)),
                        operand(0), operand(1));
  };
  unsigned width = op->getResult(0).getType().getIntOrFloatBitWidth();
  OpBuilder &builder = terms.builder;
  Location loc = terms.loc;
  return llvm::TypeSwitch<Operation *, FailureOr<Value>>(op)
      .Case([&](arith::AddIOp) { return terms.add(operand(0), operand(1)); })
      .Case([&](arith::SubIOp) { return terms.sub(operand(0), operand(1)); })
      .Case([&](arith::MulIOp) { return multiply(op); })
      .Case([&](arith::AndIOp) -> Value {
        return smt::BVAndOp::create(builder, loc, operand(0), operand(1));
      })
      .Case<arith::ShLIOp, arith::ShRSIOp, arith::ShRUIOp>(
          [&](auto) { return shift(op); })
      .Case([&](arith::ExtSIOp) {
        return terms.extend(operand(0), width, /*isSigned=*/true);
      })
      .Case([&](arith::ExtUIOp) {
        return terms.extend(operand(0), width, /*isSigned=*/false);
      })
      .Case([&](arith::TruncIOp) { return terms.truncate(operand(0), width); })
      .Case([&](arith::MaxSIOp) { return chosen(smt::BVCmpPredicate::sge); })
      .Case([&](arith::MinSIOp) { return chosen(smt::BVCmpPredicate::sle); })
      .Case([&](arith::SelectOp) {
        return terms.select(terms.equal(operand(0), terms.constant(1, 1)),
                            operand(1), operand(2));
      })
      .Case([&](arith::CmpIOp compare) -> FailureOr<Value> {
        auto predicate = predicateOf(compare.getPredicate());
        if (!predicate)
          return op->emitOpError() << "has a predicate without translation";
        return terms.select(terms.compare(*predicate, operand(0), operand(1)),
                            terms.constant(1, 1), terms.constant(1, 0));
      })
      .Default([](Operation *unknown) -> FailureOr<Value> {
        return unknown->emitOpError() << "has no translation to bit vectors";
      });
}

LogicalResult BodyTranslation::translate(Operation *op) {
  // Constants may also lie outside the body.
  for (Value operand : op->getOperands()) {
    if (values.count(operand))
      continue;
    APInt number;
    if (!matchPattern(operand, m_ConstantInt(&number)))
      return op->emitOpError() << "expected operands from the body, or "
                               << "constants";
    bind(operand, terms.constant(number), {number, number});
  }
  if (op->getNumResults() != 1)
    return success();
  if (isa<arith::ConstantOp>(op))
    return success();
  FailureOr<Value> term = compute(op);
  if (failed(term))
    return failure();
  values[op->getResult(0)] = *term;
  if (auto extension = dyn_cast<arith::ExtSIOp>(op))
    if (auto range = ranges.find(extension.getIn()); range != ranges.end())
      ranges[op->getResult(0)] = IntegerRange(range->second);
  return success();
}
