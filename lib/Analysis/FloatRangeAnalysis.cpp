//===- FloatRangeAnalysis.cpp - Ranges by interval propagation ------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The seeds and the transfer function of the range analysis.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Analysis/FloatRangeAnalysis.h"
#include "quantcc/Analysis/FloatConstants.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Dialect/QuantCC/IR/QuantizedTypes.h"

#include <cmath>
#include <mlir/Analysis/DataFlow/Utils.h>
#include <mlir/Dialect/Quant/IR/Quant.h>

using namespace mlir;
using namespace quantcc;

FloatRangeState FloatRangeState::join(const FloatRangeState &lhs,
                                      const FloatRangeState &rhs) {
  if (lhs.isUninitialized())
    return rhs;
  if (rhs.isUninitialized())
    return lhs;
  if (lhs.kind == Kind::Unknown || rhs.kind == Kind::Unknown)
    return unknown();
  return FloatRangeState(lhs.range.join(rhs.range));
}

void FloatRangeState::print(raw_ostream &os) const {
  if (kind == Kind::Known)
    os << '[' << range.min << ", " << range.max << ']';
  else
    os << (kind == Kind::Unknown ? "unknown" : "uninitialized");
}

std::optional<FloatRange> quantcc::getConstantRange(Value value) {
  std::optional<std::vector<float>> values = getFloatConstant(value);
  if (!values || values->empty() ||
      !llvm::all_of(*values, [](float v) { return std::isfinite(v); }))
    return std::nullopt;
  auto [min, max] = std::minmax_element(values->begin(), values->end());
  return FloatRange{*min, *max};
}

/// What is known of `op`'s result whatever its operands' ranges are.
static std::optional<FloatRange> getSeed(Operation *op) {
  if (auto observe = dyn_cast<ObserveOp>(op)) {
    if (std::optional<RangeAttr> range = observe.getRange())
      return FloatRange{range->getMinValue(), range->getMaxValue()};
    return std::nullopt;
  }
  if (auto fake = dyn_cast<FakeQuantizeOp>(op))
    return getRealRange(cast<quant::QuantizedType>(fake.getParams()));
  if (auto cast = dyn_cast<quant::DequantizeCastOp>(op))
    if (quant::QuantizedType type =
            getQuantizedElementType(cast.getInput().getType()))
      return getRealRange(type);
  if (op->hasTrait<OpTrait::ConstantLike>() && op->getNumResults() == 1)
    return getConstantRange(op->getResult(0));
  return std::nullopt;
}

/// What follows for `op`'s first result from its operands' ranges.
static std::optional<FloatRange>
transfer(Operation *op, ArrayRef<std::optional<FloatRange>> operands) {
  if (isa<ObserveOp>(op))
    return operands[0];
  auto interface = dyn_cast<FloatRangeOpInterface>(op);
  if (!interface)
    return std::nullopt;
  std::optional<FloatRange> range = interface.inferFloatRange(operands);
  if (!range || !std::isfinite(range->min) || !std::isfinite(range->max) ||
      range->min > range->max)
    return std::nullopt;
  return range;
}

LogicalResult
FloatRangeAnalysis::visitOperation(Operation *op,
                                   ArrayRef<const FloatRangeLattice *> operands,
                                   ArrayRef<FloatRangeLattice *> results) {
  if (results.empty())
    return success();
  std::optional<FloatRange> range = getSeed(op);
  if (!range) {
    SmallVector<std::optional<FloatRange>> ranges;
    for (const FloatRangeLattice *operand : operands) {
      // Visited again when the operand has a state.
      if (operand->getValue().isUninitialized())
        return success();
      ranges.push_back(operand->getValue().getRange());
    }
    range = transfer(op, ranges);
  }
  FloatRangeState first =
      range ? FloatRangeState(*range) : FloatRangeState::unknown();
  propagateIfChanged(results.front(), results.front()->join(first));
  for (FloatRangeLattice *result : results.drop_front())
    setToEntryState(result);
  return success();
}

void FloatRangeAnalysis::setToEntryState(FloatRangeLattice *lattice) {
  propagateIfChanged(lattice, lattice->join(FloatRangeState::unknown()));
}

FloatRanges::FloatRanges(Operation *root) {
  // What callers pass is not followed: an entry has observers.
  DataFlowSolver solver(DataFlowConfig().setInterprocedural(false));
  dataflow::loadBaselineAnalyses(solver);
  solver.load<FloatRangeAnalysis>();
  if (failed(solver.initializeAndRun(root)))
    return;
  auto record = [&](Value value) {
    if (const auto *lattice = solver.lookupState<FloatRangeLattice>(value))
      if (std::optional<FloatRange> range = lattice->getValue().getRange())
        ranges[value] = *range;
  };
  root->walk([&](Block *block) {
    llvm::for_each(block->getArguments(), record);
    for (Operation &op : *block)
      llvm::for_each(op.getResults(), record);
  });
}

std::optional<FloatRange> FloatRanges::lookup(Value value) const {
  auto it = ranges.find(value);
  return it == ranges.end() ? std::nullopt : std::optional(it->second);
}
