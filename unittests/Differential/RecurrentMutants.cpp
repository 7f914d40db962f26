//===- RecurrentMutants.cpp - Mistakes in ops with a state ----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LSTMs that lose a state or take a gate wrong, SVDFs whose memory moves
// otherwise, variables that are not kept.
//
//===----------------------------------------------------------------------===//

#include "MutationRules.h"

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

//===----------------------------------------------------------------------===//
// LSTM, whose steps are the only loops of the integer stage
//===----------------------------------------------------------------------===//

static bool isInLoop(Operation *op) {
  return static_cast<bool>(op->getParentOfType<scf::ForOp>());
}

/// Passes the state that the loop carries at `index` on as it was.
static Mutation keepState(unsigned index) {
  return onEach<scf::ForOp>([index](scf::ForOp loop) {
    Operation *yield = loop.getBody()->getTerminator();
    yield->setOperand(index, loop.getRegionIterArgs()[index]);
    return true;
  });
}

/// Reads the last step first.
static bool reverseSteps(tensor::ExtractSliceOp op) {
  auto loop = op->getParentOfType<scf::ForOp>();
  if (!loop || op.getOffsets().size() != 1 ||
      op.getOffsets()[0] != loop.getInductionVar())
    return false;
  OpBuilder builder(op);
  Location loc = op.getLoc();
  Value one = arith::ConstantIndexOp::create(builder, loc, 1);
  Value last = arith::SubIOp::create(builder, loc, loop.getUpperBound(), one);
  Value other = arith::SubIOp::create(builder, loc, last, op.getOffsets()[0]);
  op.getOffsetsMutable().assign(other);
  return true;
}

/// Sets the bounds of clamps in steps, which `isBound` chooses, to those of 16
/// bits.
template <typename OpTy>
static Mutation widenClamps(bool (*isBound)(int64_t), int64_t bound) {
  return onEach<OpTy>([=](OpTy op) {
    bool changed = false;
    for (unsigned index : {0, 1}) {
      std::optional<int64_t> value = constantOf(op->getOperand(index));
      if (!isInLoop(op) || !value || !isBound(*value))
        continue;
      op->setOperand(index, createConstant(op, op->getOperand(index), bound));
      changed = true;
    }
    return changed;
  });
}

static Mutation both(Mutation first, Mutation second) {
  return [=](ModuleOp module) {
    bool changed = first(module);
    return second(module) || changed;
  };
}

static std::vector<Mutant> lstmMutants() {
  // 254 limits indices of the gates' table.
  auto isHigh = [](int64_t value) {
    return value >= 0 && value < INT16_MAX && value != 254;
  };
  auto isLow = [](int64_t value) { return value <= 0 && value > INT16_MIN; };
  auto is16Bit = [](int64_t value) {
    return value == INT16_MAX || value == INT16_MIN;
  };
  return {
      {"lstm's hidden state stays the first", keepState(1), {}},
      {"lstm's cell state stays the first", keepState(2), {}},
      {"lstm reads its steps in reverse",
       onEach<tensor::ExtractSliceOp>(reverseSteps),
       {}},
      {"lstm's cell state counts twice",
       onEach<RequantizeOp>([](RequantizeOp op) {
         // Q0.15 times the state.
         if (!isInLoop(op) || op.getShifts() != ArrayRef<int32_t>{45})
           return false;
         op.setShifts({44});
         return true;
       }),
       {}},
      {"lstm's cell state is not clipped",
       both(widenClamps<arith::MinSIOp>(isHigh, INT16_MAX),
            widenClamps<arith::MaxSIOp>(isLow, INT16_MIN)),
       {}},
      {"lstm's sums do not saturate",
       both(widenClamps<arith::MinSIOp>(is16Bit, INT32_MAX),
            widenClamps<arith::MaxSIOp>(is16Bit, INT32_MIN)),
       {}},
      {"lstm's gates take the next entry",
       onEach<arith::ConstantOp>([](arith::ConstantOp op) {
         auto table = dyn_cast<DenseIntElementsAttr>(op.getValue());
         if (!table || table.isSplat() ||
             table.getType().getShape() != ArrayRef<int64_t>{256} ||
             !table.getElementType().isInteger(16) ||
             !llvm::any_of(op->getUsers(), isInLoop))
           return false;
         auto entries = llvm::to_vector(table.getValues<APInt>());
         std::rotate(entries.begin(), entries.begin() + 1, entries.end());
         op.setValueAttr(DenseElementsAttr::get(table.getType(), entries));
         return true;
       }),
       {}},
      {"tanh's largest value too small",
       replaceNumber(0xffff << 8, (0xffff - 64) << 8),
       {}},
      {"sigmoid of negative arguments rounds up",
       replaceNumber((1 << 25) + 511, (1 << 25) + 512),
       {}},
      {"tanh of negative arguments rounds up",
       replaceNumber((1 << 23) + 127, (1 << 23) + 128),
       {}},
  };
}

//===----------------------------------------------------------------------===//
// SVDF
//===----------------------------------------------------------------------===//

static std::vector<Mutant> svdfMutants() {
  return {
      {"svdf's newest value becomes the oldest",
       onEach<tensor::ConcatOp>([](tensor::ConcatOp op) {
         // The memory is moved by the only concatenations of this stage.
         SmallVector<Value> inputs(llvm::reverse(op.getInputs()));
         op.getInputsMutable().assign(inputs);
         return inputs.size() > 1;
       }),
       {}},
      {"svdf's sum wraps around",
       onEach<arith::TruncIOp>([](arith::TruncIOp op) {
         // min(max(sum, -2^31), 2^31 - 1), constants on either side
         Value sum = op.getIn();
         if (!sum.getType().isInteger(64) || !op.getType().isInteger(32))
           return false;
         bool changed = false;
         while (isa_and_present<arith::MinSIOp, arith::MaxSIOp>(
             sum.getDefiningOp())) {
           Operation *clamp = sum.getDefiningOp();
           sum = clamp->getOperand(constantOf(clamp->getOperand(0)) ? 1 : 0);
           changed = true;
         }
         op.getInMutable().assign(sum);
         return changed;
       }),
       {}},
  };
}

//===----------------------------------------------------------------------===//
// Variables
//===----------------------------------------------------------------------===//

/// Changes initial values as a vector.
template <typename Rule> static Mutation onInitial(Rule rule) {
  return onEach<VariableOp>([rule](VariableOp op) {
    auto initial = cast<DenseElementsAttr>(op.getInitial());
    auto values = llvm::to_vector(initial.getValues<APInt>());
    auto changed = values;
    rule(changed);
    op.setInitialAttr(DenseElementsAttr::get(initial.getType(), changed));
    return values != changed;
  });
}

static std::vector<Mutant> variableMutants() {
  return {
      {"reset writes zeros",
       onInitial([](SmallVectorImpl<APInt> &values) {
         for (APInt &value : values)
           value = APInt::getZero(value.getBitWidth());
       }),
       {}},
      {"reset writes the neighbour's value",
       onInitial([](SmallVectorImpl<APInt> &values) {
         std::rotate(values.begin(), values.begin() + 1, values.end());
       }),
       {}},
      {"variables are never assigned",
       onEach<AssignVariableOp>([](AssignVariableOp op) {
         op->erase();
         return true;
       }),
       {}},
      {"reads wait for the assignment",
       // What follows sees the next value.
       onEach<AssignVariableOp>([](AssignVariableOp op) {
         auto function = op->getParentOp();
         bool changed = false;
         function->walk([&](ReadVariableOp read) {
           if (read.getVariable() != op.getVariable() ||
               !read->isBeforeInBlock(op))
             return;
           read.getResult().replaceUsesWithIf(
               op.getValue(), [&](OpOperand &use) {
                 bool follows = op->isBeforeInBlock(
                     op->getBlock()->findAncestorOpInBlock(*use.getOwner()));
                 changed |= follows;
                 return follows;
               });
         });
         return changed;
       }),
       {}},
  };
}

std::vector<Mutant> quantcc::differential::recurrentMutants() {
  std::vector<Mutant> all = lstmMutants();
  llvm::append_range(all, svdfMutants());
  llvm::append_range(all, variableMutants());
  return all;
}
