//===- RequantizeToSMT.cpp - Requantizations as proof obligations ---------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The pass that lowers each requantize as quantcc-expand-integer-ops does, and
// states for a solver that the body it gets fulfils its rule.
//
//===----------------------------------------------------------------------===//

#include "RoundingContract.h"
#include "quantcc/Conversion/Passes.h"
#include "quantcc/Conversion/RequantizeToArith/IntegerOpPatterns.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/IR/Matchers.h>
#include <mlir/Transforms/WalkPatternRewriteDriver.h>

namespace quantcc {
#define GEN_PASS_DEF_REQUANTIZETOSMT
#include "quantcc/Conversion/Passes.h.inc"
} // namespace quantcc

using namespace mlir;
using namespace quantcc;

namespace {

/// What a requantize op states, kept beyond its lowering.
struct Statement {
  explicit Statement(RequantizeOp op)
      : multipliers(op.getMultipliers()), shifts(op.getShifts()),
        rounding(op.getRounding()), isUnsigned(op.getUnsignedResult()),
        zeroPoint(static_cast<int32_t>(op.getOutputZeroPoint())),
        low(static_cast<int32_t>(op.getClampMin())),
        high(static_cast<int32_t>(op.getClampMax())) {}

  SmallVector<int32_t> multipliers, shifts;
  Rounding rounding;
  bool isUnsigned;
  int64_t zeroPoint, low, high;
};

/// The solver's op, open for the terms of one obligation.
class Obligation {
public:
  Obligation(OpBuilder &outer, Location loc) : builder(outer) {
    auto solver = smt::SolverOp::create(outer, loc, TypeRange{}, ValueRange{});
    builder.setInsertionPointToEnd(&solver.getBodyRegion().emplaceBlock());
  }

  /// Asks whether what was assumed can be.
  void close(Location loc) {
    auto check = smt::CheckOp::create(builder, loc, TypeRange{});
    for (Region &region : check->getRegions()) {
      OpBuilder nested(builder.getContext());
      nested.createBlock(&region);
      smt::YieldOp::create(nested, loc);
    }
    smt::YieldOp::create(builder, loc);
  }

  OpBuilder builder;
};

struct RequantizeToSMTPass
    : public quantcc::impl::RequantizeToSMTBase<RequantizeToSMTPass> {
  using RequantizeToSMTBase::RequantizeToSMTBase;

  void runOnOperation() override;

private:
  LogicalResult convert(const Statement &statement, linalg::GenericOp body);
  LogicalResult stateRounding(const Statement &statement,
                              linalg::GenericOp body, size_t channel);
  void stateProduct(const std::pair<IntegerRange, IntegerRange> &factors,
                    Location loc);

  /// The factors whose product's range has been stated.
  SmallVector<std::pair<IntegerRange, IntegerRange>> stated;
};

} // namespace

/// The values along the axis that the body reads as argument `index`.
static FailureOr<SmallVector<int64_t>> valuesAlongAxis(linalg::GenericOp body,
                                                       unsigned index) {
  DenseIntElementsAttr elements;
  if (!matchPattern(body.getInputs()[index], m_Constant(&elements)))
    return body.emitOpError() << "expected constants besides accumulators";
  SmallVector<int64_t> values;
  for (const APInt &value : elements.getValues<APInt>())
    values.push_back(value.getSExtValue());
  return values;
}

static IntegerRange rangeOf(unsigned width, int64_t low, int64_t high) {
  return {APInt(width, low, true), APInt(width, high, true)};
}

/// That no product of the factors leaves the range between the products of
/// their ends: what BodyTranslation takes for granted. Over the integers.
void RequantizeToSMTPass::stateProduct(
    const std::pair<IntegerRange, IntegerRange> &factors, Location loc) {
  auto same = [](const IntegerRange &a, const IntegerRange &b) {
    return APInt::isSameValue(a.low, b.low) &&
           APInt::isSameValue(a.high, b.high);
  };
  for (const auto &[lhs, rhs] : stated)
    if (same(lhs, factors.first) && same(rhs, factors.second))
      return;
  stated.push_back(factors);
  OpBuilder outer = OpBuilder::atBlockEnd(getOperation().getBody());
  Obligation obligation(outer, loc);
  OpBuilder &builder = obligation.builder;
  auto number = [&](const APInt &value) -> Value {
    return smt::IntConstantOp::create(
        builder, loc,
        builder.getIntegerAttr(
            IntegerType::get(&getContext(), value.getBitWidth()), value));
  };
  auto isBetween = [&](Value value, const IntegerRange &range) -> Value {
    Value above = smt::IntCmpOp::create(builder, loc, smt::IntPredicate::le,
                                        number(range.low), value);
    Value below = smt::IntCmpOp::create(builder, loc, smt::IntPredicate::le,
                                        value, number(range.high));
    return smt::AndOp::create(builder, loc, ValueRange{above, below});
  };
  Type type = smt::IntType::get(&getContext());
  auto symbol = [&](StringRef name, const IntegerRange &range) -> Value {
    Value value = smt::DeclareFunOp::create(builder, loc, type,
                                            builder.getStringAttr(name));
    smt::AssertOp::create(builder, loc, isBetween(value, range));
    return value;
  };
  Value lhs = symbol("lhs", factors.first), rhs = symbol("rhs", factors.second);
  Value product = smt::IntMulOp::create(builder, loc, ValueRange{lhs, rhs});
  Value inside =
      isBetween(product, multiplyRanges(factors.first, factors.second));
  smt::AssertOp::create(builder, loc, smt::NotOp::create(builder, loc, inside));
  obligation.close(loc);
}

/// That the body's result for `channel` is the rule's, whatever accumulator
/// and multiplier come.
LogicalResult RequantizeToSMTPass::stateRounding(const Statement &statement,
                                                 linalg::GenericOp body,
                                                 size_t channel) {
  Location loc = body.getLoc();
  OpBuilder outer = OpBuilder::atBlockEnd(getOperation().getBody());
  Obligation obligation(outer, loc);
  BitVectorBuilder terms(obligation.builder, loc);
  BodyTranslation translation(terms, exactProducts);

  Block &block = *body.getBody();
  unsigned width = block.getArgument(0).getType().getIntOrFloatBitWidth();
  // What the op takes: all of 32 bits, and 47 bits and a sign of 64.
  IntegerRange range = {APInt::getSignedMinValue(width),
                        APInt::getSignedMaxValue(width)};
  if (width == 64)
    range = rangeOf(64, -(int64_t(1) << 47) + 1, (int64_t(1) << 47) - 1);
  Value accumulator = terms.symbol("accumulator", width);
  terms.assume(terms.within(accumulator, terms.constant(range.low),
                            terms.constant(range.high)));
  translation.bind(block.getArgument(0), accumulator, range);
  int64_t largest = INT32_MAX;
  if (llvm::all_of(statement.multipliers,
                   [](int32_t m) { return m < 1 << 15; }))
    largest = (1 << 15) - 1;
  for (unsigned i = 1; i < body.getNumDpsInputs(); ++i) {
    FailureOr<SmallVector<int64_t>> values = valuesAlongAxis(body, i);
    if (failed(values))
      return failure();
    // What C31 allows stands for the multipliers, or all of 15 bits where those
    // stated are reduced ones (N22); what is stated stands for the rest.
    if (llvm::equal(*values, statement.multipliers) && !exactProducts) {
      translation.bind(block.getArgument(i), terms.symbol("multiplier", 32),
                       rangeOf(32, 0, largest));
      continue;
    }
    int64_t value = (*values)[channel];
    translation.bind(block.getArgument(i), terms.constant(32, value),
                     rangeOf(32, value, value));
  }
  for (Operation &op : block)
    if (failed(translation.translate(&op)))
      return failure();
  if (!translation.product)
    return body.emitOpError() << "expected a product in the body";
  stateProduct(*translation.factors, loc);

  std::optional<Rounding> claimed = statement.rounding;
  if (!claim.empty())
    claimed = symbolizeRounding(claim);
  if (!claimed)
    return emitError(loc) << "expected a rounding, found '" << claim << "'";
  RoundingContract contract{*claimed,
                            static_cast<unsigned>(statement.shifts[channel])};
  Value rounded = contract.apply(terms, translation.product);
  unsigned wide = BitVectorBuilder::width(rounded);
  Value moved = terms.add(rounded, terms.constant(wide, statement.zeroPoint));
  Value low = terms.constant(wide, statement.low),
        high = terms.constant(wide, statement.high);
  Value isBelow = terms.compare(smt::BVCmpPredicate::slt, moved, low);
  Value isAbove = terms.compare(smt::BVCmpPredicate::sgt, moved, high);
  Value expected =
      terms.select(isBelow, low, terms.select(isAbove, high, moved));
  Value yielded = translation.lookup(block.getTerminator()->getOperand(0));
  Value found = terms.extend(yielded, wide, !statement.isUnsigned);
  Value holds = terms.equal(found, expected);
  if (translation.shiftsAreDefined)
    holds = terms.both(holds, translation.shiftsAreDefined);
  terms.assume(terms.negation(holds));
  obligation.close(loc);
  return success();
}

LogicalResult RequantizeToSMTPass::convert(const Statement &statement,
                                           linalg::GenericOp body) {
  // Channels of the same shift are the same obligation.
  SmallVector<int32_t> done;
  for (size_t channel = 0; channel < statement.shifts.size(); ++channel) {
    int32_t key = exactProducts ? static_cast<int32_t>(channel)
                                : statement.shifts[channel];
    if (llvm::is_contained(done, key))
      continue;
    done.push_back(key);
    if (failed(stateRounding(statement, body, channel)))
      return failure();
  }
  return success();
}

void RequantizeToSMTPass::runOnOperation() {
  ModuleOp module = getOperation();
  SmallVector<Operation *> sources;
  for (Operation &op : *module.getBody())
    sources.push_back(&op);
  SmallVector<std::pair<Statement, OpOperand *>> statements;
  WalkResult walked = module.walk([&](RequantizeOp op) {
    if (!op.getResult().hasOneUse()) {
      op.emitOpError() << "expected one use of a requantization to prove";
      return WalkResult::interrupt();
    }
    statements.emplace_back(Statement(op),
                            op.getResult().use_begin().getOperand());
    return WalkResult::advance();
  });
  if (walked.wasInterrupted())
    return signalPassFailure();
  RewritePatternSet patterns(&getContext());
  populateRequantizePatterns(patterns);
  walkAndApplyPatterns(module, std::move(patterns));
  stated.clear();
  for (const auto &[statement, use] : statements) {
    auto body = use->get().getDefiningOp<linalg::GenericOp>();
    if (!body) {
      emitError(use->getOwner()->getLoc())
          << "expected the requantization before it to be lowered";
      return signalPassFailure();
    }
    if (failed(convert(statement, body)))
      return signalPassFailure();
  }
  for (Operation *source : llvm::reverse(sources))
    source->erase();
}
