//===- ScaleGroups.cpp - Values that share parameters ---------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Union-find over values that are numbered in the order of their definition.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Analysis/ScaleGroups.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <llvm/ADT/IntEqClasses.h>

using namespace mlir;
using namespace quantcc;

namespace {
/// Builds the groups of one op's regions.
class GroupBuilder {
public:
  explicit GroupBuilder(Operation *root);

  /// Appends the groups to `groups`.
  void build(SmallVectorImpl<ScaleGroup> &groups);

private:
  void number(Value value);
  void join(Value lhs, Value rhs);
  void unite(Operation *op);
  void buildGroup(ArrayRef<unsigned> members,
                  SmallVectorImpl<ScaleGroup> &groups);

  SmallVector<Value> values;
  DenseMap<Value, unsigned> indexOf;
  /// Values that an op of the constraint SameAsOperands defines.
  llvm::DenseSet<Value> passedOn;
  DenseMap<Value, FloatRange> fixed;
  llvm::IntEqClasses classes;
};
} // namespace

/// The constraint of `op`, free where it tells none.
static ScaleConstraint getConstraint(Operation *op) {
  // A layer that stays in float ties nothing: its values are not moved but
  // computed anew.
  auto quantizable = dyn_cast<QuantizableOpInterface>(op);
  if (!quantizable || op->hasAttr(kKeepFloatAttrName))
    return ScaleConstraint::free();
  return quantizable.getScaleConstraint();
}

void GroupBuilder::number(Value value) {
  if (!isa<RankedTensorType>(value.getType()))
    return;
  indexOf[value] = values.size();
  values.push_back(value);
}

void GroupBuilder::join(Value lhs, Value rhs) {
  auto left = indexOf.find(lhs), right = indexOf.find(rhs);
  // A foreign op may have operands that are no tensors.
  if (left != indexOf.end() && right != indexOf.end())
    classes.join(left->second, right->second);
}

void GroupBuilder::unite(Operation *op) {
  if (auto observe = dyn_cast<ObserveOp>(op)) {
    Value input = observe.getInput(), result = observe.getResult();
    join(input, result);
    if (fixed.contains(input))
      fixed[result] = fixed.at(input);
    passedOn.insert(result);
    return;
  }
  ScaleConstraint constraint = getConstraint(op);
  switch (constraint.kind) {
  case ScaleConstraint::Kind::Free:
    return;
  case ScaleConstraint::Kind::FixedRange:
    for (Value result : op->getResults())
      fixed[result] = {constraint.rangeMin, constraint.rangeMax};
    return;
  case ScaleConstraint::Kind::SameAsOperands:
    break;
  }
  auto quantizable = cast<QuantizableOpInterface>(op);
  Value first = op->getResult(0);
  for (Value result : op->getResults()) {
    join(first, result);
    passedOn.insert(result);
  }
  for (OpOperand &operand : op->getOpOperands())
    if (quantizable.getOperandRole(operand.getOperandNumber()) ==
        OperandRole::Activation)
      join(first, operand.get());
}

GroupBuilder::GroupBuilder(Operation *root) {
  root->walk<WalkOrder::PreOrder>([&](Block *block) {
    llvm::for_each(block->getArguments(), [&](Value v) { number(v); });
    for (Operation &op : *block)
      llvm::for_each(op.getResults(), [&](Value v) { number(v); });
  });
  classes.grow(values.size());
  root->walk<WalkOrder::PreOrder>([&](Operation *op) { unite(op); });
  classes.compress();
}

void GroupBuilder::buildGroup(ArrayRef<unsigned> members,
                              SmallVectorImpl<ScaleGroup> &groups) {
  ScaleGroup rest;
  // The distinct fixed ranges among the values that enter the group.
  SmallVector<FloatRange> fixedRanges;
  bool othersEnter = false;
  for (unsigned index : members) {
    Value value = values[index];
    if (auto it = fixed.find(value); it != fixed.end()) {
      if (!llvm::is_contained(fixedRanges, it->second))
        fixedRanges.push_back(it->second);
    } else if (!passedOn.contains(value)) {
      othersEnter = true;
    }
  }
  if (fixedRanges.size() == 1 && !othersEnter) {
    rest.fixedRange = fixedRanges.front();
    for (unsigned index : members)
      rest.members.push_back(values[index]);
    groups.push_back(std::move(rest));
    return;
  }
  // One group for each fixed range, one for what remains.
  SmallVector<ScaleGroup> fixedGroups(fixedRanges.size());
  for (unsigned index : members) {
    Value value = values[index];
    auto it = fixed.find(value);
    if (it == fixed.end()) {
      rest.members.push_back(value);
      continue;
    }
    auto position = llvm::find(fixedRanges, it->second) - fixedRanges.begin();
    fixedGroups[position].members.push_back(value);
    fixedGroups[position].fixedRange = it->second;
    rest.enteringRange =
        rest.enteringRange ? rest.enteringRange->join(it->second) : it->second;
  }
  groups.push_back(std::move(rest));
  llvm::move(fixedGroups, std::back_inserter(groups));
}

void GroupBuilder::build(SmallVectorImpl<ScaleGroup> &groups) {
  SmallVector<SmallVector<unsigned>> members(classes.getNumClasses());
  for (unsigned index = 0; index < values.size(); ++index)
    members[classes[index]].push_back(index);
  for (ArrayRef<unsigned> group : members)
    buildGroup(group, groups);
}

ScaleGroups::ScaleGroups(Operation *root) {
  GroupBuilder(root).build(groups);
  for (auto [index, group] : llvm::enumerate(groups))
    for (Value member : group.members)
      groupOf[member] = index;
}

const ScaleGroup *ScaleGroups::lookup(Value value) const {
  auto it = groupOf.find(value);
  return it == groupOf.end() ? nullptr : &groups[it->second];
}
