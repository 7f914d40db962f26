//===- ArithmeticMutants.cpp - Mistakes in the scalar arithmetic ----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wrong roundings, extensions, comparisons and constants in the bodies of
// linalg ops.
//
//===----------------------------------------------------------------------===//

#include "MutationRules.h"

#include <llvm/Support/MathExtras.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

/// Replaces each `From` by a `To` of the same operands, where `applies`.
template <typename From, typename To, typename Condition>
static Mutation replaceOp(Condition applies) {
  return onEach<From>([applies](From op) {
    if (!applies(op))
      return false;
    OpBuilder builder(op);
    auto other =
        To::create(builder, op.getLoc(), TypeRange(op->getResultTypes()),
                   ValueRange(op->getOperands()));
    return replaceBy(op, other->getResult(0));
  });
}

static bool always(Operation *) { return true; }

static bool widensStored(Operation *op) {
  return op->getOperand(0).getType().isInteger(8);
}

//===----------------------------------------------------------------------===//
// Rounding
//===----------------------------------------------------------------------===//

/// Half of a power of two that is added before a shift to the right by it, if
/// `op` does so with constants.
static std::optional<int64_t> roundingConstant(arith::AddIOp op) {
  std::optional<int64_t> half = constantOf(op.getRhs());
  if (!half || *half < 1 || !llvm::isPowerOf2_64(*half) || !op->hasOneUse())
    return std::nullopt;
  auto shift = dyn_cast<arith::ShRSIOp>(*op->user_begin());
  if (!shift || constantOf(shift.getRhs()) !=
                    static_cast<int64_t>(llvm::Log2_64(*half) + 1))
    return std::nullopt;
  return half;
}

static Mutation onRounding(int64_t (*change)(int64_t half)) {
  return onEach<arith::AddIOp>([change](arith::AddIOp op) {
    std::optional<int64_t> half = roundingConstant(op);
    if (!half)
      return false;
    op->setOperand(1, createConstant(op, op.getRhs(), change(*half)));
    return true;
  });
}

/// Lets products of `from` bits wrap around at `to` bits.
static Mutation narrowProducts(unsigned from, unsigned to) {
  return onEach<arith::MulIOp>([=](arith::MulIOp op) {
    if (!op.getType().isInteger(from) ||
        !op->getParentOfType<linalg::GenericOp>())
      return false;
    OpBuilder builder(op);
    builder.setInsertionPointAfter(op);
    auto low = arith::TruncIOp::create(
        builder, op.getLoc(), builder.getIntegerType(to), op.getResult());
    auto wide = arith::ExtSIOp::create(builder, op.getLoc(), op.getType(),
                                       low.getResult());
    op.getResult().replaceAllUsesExcept(wide.getResult(), low);
    return true;
  });
}

static std::vector<Mutant> roundingMutants() {
  return {
      {"rounding truncates", {}, onRounding([](int64_t) -> int64_t {
         return 0;
       })},
      {"ties go down", {}, onRounding([](int64_t half) { return half - 1; })},
      {"half_even takes ties up",
       {},
       onEach<arith::AndIOp>([](arith::AndIOp op) {
         // The quotient's last bit.
         if (constantOf(op.getRhs()) != 1 ||
             !op.getLhs().getDefiningOp<arith::ShRSIOp>())
           return false;
         return replaceBy(op, createConstant(op, op.getRhs(), 1));
       })},
      {"negative ties go up", {}, onEach<arith::AddIOp>([](arith::AddIOp op) {
         // The threshold of a shift that rounds away from zero.
         for (unsigned index : {0, 1}) {
           auto sign = op->getOperand(index).getDefiningOp<arith::ExtUIOp>();
           if (!sign || !sign.getIn().getType().isInteger(1))
             continue;
           auto compare = sign.getIn().getDefiningOp<arith::CmpIOp>();
           if (compare && compare.getPredicate() == arith::CmpIPredicate::slt)
             return replaceBy(op, op->getOperand(1 - index));
         }
         return false;
       })},
      {"interpolation takes the lower entry",
       {},
       onEach<arith::AndIOp>([](arith::AndIOp op) {
         // The position between two entries.
         return constantOf(op.getRhs()) == 127 &&
                replaceBy(op, createConstant(op, op.getRhs(), 0));
       })},
      {"interpolation truncates",
       {},
       onEach<arith::AddIOp>([](arith::AddIOp op) {
         if (roundingConstant(op) != 64)
           return false;
         return replaceBy(op, op.getLhs());
       })},
      {"products of 64 bits where 128 are needed", {}, narrowProducts(128, 64)},
      {"products of 32 bits", {}, narrowProducts(64, 32)},
      {"shift of unsigned numbers",
       {},
       replaceOp<arith::ShRSIOp, arith::ShRUIOp>(always)},
  };
}

//===----------------------------------------------------------------------===//
// Signs, zero points, clamps
//===----------------------------------------------------------------------===//

/// Exchanges what prelu and leaky_relu choose from, stored values of `width`
/// bits.
static Mutation exchangeChoices(unsigned width) {
  return onEach<arith::SelectOp>([width](arith::SelectOp op) {
    if (!op.getType().isInteger(width))
      return false;
    Value yes = op.getTrueValue();
    op->setOperand(1, op.getFalseValue());
    op->setOperand(2, yes);
    return true;
  });
}

static std::vector<Mutant> signMutants() {
  return {
      {"signed values extended as unsigned",
       {},
       replaceOp<arith::ExtSIOp, arith::ExtUIOp>(widensStored)},
      {"unsigned values extended as signed",
       {},
       replaceOp<arith::ExtUIOp, arith::ExtSIOp>(widensStored)},
      {"sign bit not flipped", {}, onEach<arith::XOrIOp>([](arith::XOrIOp op) {
         return op.getType().isInteger(8) && replaceBy(op, op.getLhs());
       })},
      {"comparison of unsigned values as signed",
       {},
       replaceOp<arith::MaxUIOp, arith::MaxSIOp>(always)},
      {"comparison of signed values as unsigned",
       {},
       replaceOp<arith::MinSIOp, arith::MinUIOp>(always)},
      {"clamp's bounds exchanged",
       {},
       [](ModuleOp module) {
         // Of max(value, low), then min(.., high), the constants change places.
         auto rule = [](arith::MinSIOp op) {
           auto inner = op.getLhs().getDefiningOp<arith::MaxSIOp>();
           if (!inner || !constantOf(op.getRhs()) ||
               !constantOf(inner.getRhs()) || op.getRhs() == inner.getRhs())
             return false;
           Value high = op.getRhs();
           op->setOperand(1, inner.getRhs());
           inner->setOperand(1, high);
           return true;
         };
         return onEach<arith::MinSIOp>(rule)(module);
       }},
      {"operand's zero point dropped",
       {},
       onEach<arith::SubIOp>([](arith::SubIOp op) {
         // extend(stored) - zero point
         auto extend = op.getLhs().getDefiningOp();
         if (!extend || !isa<arith::ExtSIOp, arith::ExtUIOp>(extend) ||
             !widensStored(extend) || !constantOf(op.getRhs()))
           return false;
         return replaceBy(op, op.getLhs());
       })},
      {"mean's zero point dropped",
       {},
       onEach<linalg::FillOp>([](linalg::FillOp op) {
         std::optional<int64_t> value = constantOf(op.getInputs()[0]);
         if (!value || *value == 0 ||
             !getElementTypeOrSelf(op.getResultTypes()[0]).isInteger(32))
           return false;
         op->setOperand(0, createConstant(op, op.getInputs()[0], 0));
         return true;
       })},
      {"choices exchanged", {}, exchangeChoices(8)},
      {"choices of 16 bits exchanged", {}, exchangeChoices(16)},
      {"negative slope is taken as positive",
       onEach<arith::SubIOp>([](arith::SubIOp op) {
         // 0 - x, all that a body of leaky_relu does.
         return constantOf(op.getLhs()) == 0 &&
                op->getBlock()->getTerminator()->getOperand(0) ==
                    op.getResult() &&
                replaceBy(op, op.getRhs());
       }),
       {}},
  };
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

static std::vector<Mutant> constantMutants() {
  return {
      {"softmax sums the next entry",
       {},
       onEach<arith::ConstantOp>([](arith::ConstantOp op) {
         auto table = dyn_cast<DenseIntElementsAttr>(op.getValue());
         if (!table || table.isSplat() ||
             table.getType().getShape() != ArrayRef<int64_t>{256} ||
             !table.getElementType().isInteger(32))
           return false;
         auto entries = llvm::to_vector(table.getValues<APInt>());
         std::rotate(entries.begin(), entries.begin() + 1, entries.end());
         op.setValueAttr(DenseElementsAttr::get(table.getType(), entries));
         return true;
       })},
      {"softmax's reciprocal begins at 16/17",
       {},
       replaceNumber(-1010580540, -505290270)},
      {"softmax's reciprocal begins too low",
       {},
       replaceNumber(1515870810, 1310720000)},
      {"softmax one fractional bit off", {}, replaceNumber(35, 36)},
      {"softmax of 16 bits looks up the next reciprocal",
       replaceNumber((1 << 16) + (1 << 15), (1 << 16) + (1 << 15) - 128),
       {}},
      {"softmax of 16 bits truncates its sum", replaceNumber(1 << 13, 0), {}},
      {"bilinear weights add up to 1023", {}, replaceNumber(1024, 1023)},
      {"bilinear sum truncates", {}, replaceNumber(1 << 19, 0)},
  };
}

std::vector<Mutant> quantcc::differential::arithmeticMutants() {
  std::vector<Mutant> all = roundingMutants();
  llvm::append_range(all, signMutants());
  llvm::append_range(all, constantMutants());
  return all;
}
