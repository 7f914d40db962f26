//===- IntegerOpMutants.cpp - Mistakes in the integer ops -----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wrong attributes of requantize, integer_add, integer_softmax and lookup.
//
//===----------------------------------------------------------------------===//

#include "MutationRules.h"

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Support/StoredRange.h"

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

static Mutation replaceRounding(Rounding from, Rounding to) {
  return onEach<RequantizeOp>([=](RequantizeOp op) {
    // i64 accumulators have no rounding double.
    if (op.getRounding() != from ||
        !getElementTypeOrSelf(op.getInput().getType()).isInteger(32))
      return false;
    op.setRounding(to);
    return true;
  });
}

static StoredRange storageOf(RequantizeOp op) {
  return storageBounds(
      getElementTypeOrSelf(op.getResult().getType()).getIntOrFloatBitWidth(),
      !op.getUnsignedResult());
}

/// Changes the multipliers and shifts as vectors.
template <typename Rule> static Mutation onMultipliers(Rule rule) {
  return onEach<RequantizeOp>([rule](RequantizeOp op) {
    SmallVector<int32_t> multipliers(op.getMultipliers());
    SmallVector<int32_t> shifts(op.getShifts());
    if (!rule(multipliers, shifts))
      return false;
    bool changed = ArrayRef<int32_t>(multipliers) != op.getMultipliers() ||
                   ArrayRef<int32_t>(shifts) != op.getShifts();
    op.setMultipliers(multipliers);
    op.setShifts(shifts);
    return changed;
  });
}

using Numbers = SmallVectorImpl<int32_t>;

static std::vector<Mutant> requantizeMutants() {
  return {
      {"double rounds once",
       replaceRounding(Rounding::Double, Rounding::Single),
       {}},
      {"single rounds twice",
       replaceRounding(Rounding::Single, Rounding::Double),
       {}},
      {"half_even rounds half up",
       replaceRounding(Rounding::HalfEven, Rounding::Single),
       {}},
      {"shift one too large",
       onMultipliers([](Numbers &, Numbers &shifts) {
         for (int32_t &shift : shifts)
           shift = std::min(shift + 1, 62);
         return true;
       }),
       {}},
      {"multiplier of 16 bits",
       onMultipliers([](Numbers &multipliers, Numbers &) {
         for (int32_t &multiplier : multipliers)
           multiplier &= ~0xFFFF;
         return true;
       }),
       {}},
      {"multipliers of the next channel",
       onMultipliers([](Numbers &multipliers, Numbers &shifts) {
         std::rotate(multipliers.begin(), multipliers.begin() + 1,
                     multipliers.end());
         std::rotate(shifts.begin(), shifts.begin() + 1, shifts.end());
         return true;
       }),
       {}},
      {"multipliers of the first channel",
       onMultipliers([](Numbers &multipliers, Numbers &) {
         std::fill(multipliers.begin(), multipliers.end(), multipliers[0]);
         return true;
       }),
       {}},
      {"output zero point dropped",
       onEach<RequantizeOp>([](RequantizeOp op) {
         return setNumber(op, "output_zero_point", 0);
       }),
       {}},
      {"output zero point off by one",
       onEach<RequantizeOp>([](RequantizeOp op) {
         int32_t zeroPoint = op.getOutputZeroPoint();
         return setNumber(op, "output_zero_point",
                          zeroPoint + (zeroPoint < storageOf(op).max ? 1 : -1));
       }),
       {}},
      {"clamp's upper bound dropped",
       onEach<RequantizeOp>([](RequantizeOp op) {
         return setNumber(op, "clamp_max", storageOf(op).max);
       }),
       {}},
      {"clamp's lower bound dropped",
       onEach<RequantizeOp>([](RequantizeOp op) {
         return setNumber(op, "clamp_min", storageOf(op).min);
       }),
       {}},
  };
}

static std::vector<Mutant> addMutants() {
  return {
      {"add with a left shift of 19",
       onEach<IntegerAddOp>([](IntegerAddOp op) {
         return setNumber(op, "left_shift", op.getLeftShift() - 1);
       }),
       {}},
      {"add with 12 fractional bits",
       onEach<IntegerAddOp>([](IntegerAddOp op) {
         // The result is the same but for the precision of the operands.
         int32_t lost = op.getLeftShift() - 12;
         return setNumber(op, "left_shift", 12) &&
                setNumber(op, "output_shift", op.getOutputShift() - lost);
       }),
       {}},
      {"add takes the other operand's zero point",
       onEach<IntegerAddOp>([](IntegerAddOp op) {
         return setNumber(op, "lhs_zero_point", op.getRhsZeroPoint());
       }),
       {}},
      {"add takes the other operand's multiplier",
       onEach<IntegerAddOp>([](IntegerAddOp op) {
         bool changed = setNumber(op, "rhs_multiplier", op.getLhsMultiplier());
         return setNumber(op, "rhs_shift", op.getLhsShift()) || changed;
       }),
       {}},
      {"sub adds",
       onEach<IntegerAddOp>([](IntegerAddOp op) {
         return op.getSubtract() && static_cast<bool>(op.removeSubtractAttr());
       }),
       {}},
      {"add's clamp dropped",
       onEach<IntegerAddOp>([](IntegerAddOp op) {
         StoredRange full = storageBounds(8, !op.getUnsignedOperands());
         bool changed = setNumber(op, "clamp_min", full.min);
         return setNumber(op, "clamp_max", full.max) || changed;
       }),
       {}},
      {"add rounds the other way",
       onEach<IntegerAddOp>([](IntegerAddOp op) {
         op.setRounding(op.getRounding() == Rounding::Double
                            ? Rounding::Single
                            : Rounding::Double);
         return true;
       }),
       {}},
  };
}

static std::vector<Mutant> tableMutants() {
  return {
      {"lookup one entry off",
       onEach<LookupOp>([](LookupOp op) {
         DenseElementsAttr table;
         if (!matchPattern(op.getTable(), m_Constant(&table)))
           return false;
         auto entries = llvm::to_vector(table.getValues<APInt>());
         std::rotate(entries.begin(), entries.begin() + 1, entries.end());
         replaceConstant(op, 1,
                         DenseElementsAttr::get(table.getType(), entries));
         return true;
       }),
       {}},
      {"softmax with half the scale",
       onEach<IntegerSoftmaxOp>([](IntegerSoftmaxOp op) {
         return op.getLeftShift() > 0 &&
                setNumber(op, "left_shift", op.getLeftShift() - 1);
       }),
       {}},
      {"softmax cuts its tail too early",
       onEach<IntegerSoftmaxOp>([](IntegerSoftmaxOp op) {
         return setNumber(op, "diff_min",
                          static_cast<int32_t>(op.getDiffMin()) / 8);
       }),
       {}},
  };
}

std::vector<Mutant> quantcc::differential::integerOpMutants() {
  std::vector<Mutant> all = requantizeMutants();
  llvm::append_range(all, addMutants());
  llvm::append_range(all, tableMutants());
  return all;
}

std::vector<Mutant> quantcc::differential::allMutants(KernelSet kernels) {
  std::vector<Mutant> all = integerOpMutants();
  llvm::append_range(all, structureMutants());
  llvm::append_range(all, recurrentMutants());
  llvm::append_range(all, arithmeticMutants());
  if (kernels == KernelSet::Portable)
    return all;
  llvm::append_range(all, layoutMutants(kernels));
  llvm::append_range(all, scheduleMutants());
  return all;
}
