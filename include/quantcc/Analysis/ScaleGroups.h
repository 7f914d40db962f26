//===- ScaleGroups.h - Values that share parameters -------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Divides the values of a model into groups that ought to have the same
// quantization parameters: an op whose scale constraint is `SameAsOperands`
// puts its activation operands and its results into one group, and an observer
// its operand and result.
//
// A value of fixed range (`FixedRange`: softmax, sigmoid) keeps that range. If
// nothing but such values, all of one range, enters a group, the range is that
// of the whole group: the reshape of a softmax. Otherwise (the concatenation
// of a sigmoid with something else) the fixed values leave the group, which
// then has to reach around their range; the conversion rescales them where
// they enter it.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_ANALYSIS_SCALEGROUPS_H
#define QUANTCC_ANALYSIS_SCALEGROUPS_H

#include "quantcc/Interfaces/FloatRangeOpInterface.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/SmallVector.h>
#include <mlir/IR/Operation.h>

namespace quantcc {

/// Values that ought to have the same parameters.
struct ScaleGroup {
  /// In the order of their definition.
  llvm::SmallVector<mlir::Value> members;
  /// The range of the group where its ops leave no choice.
  std::optional<FloatRange> fixedRange;
  /// The smallest interval that contains the ranges of the fixed values that
  /// enter the group and are not members.
  std::optional<FloatRange> enteringRange;
};

/// The groups of the tensors in an op's regions.
class ScaleGroups {
public:
  explicit ScaleGroups(mlir::Operation *root);

  /// In the order of their first members.
  llvm::ArrayRef<ScaleGroup> getGroups() const { return groups; }

  /// The group of `value`, or null for a value that is no tensor of `root`.
  const ScaleGroup *lookup(mlir::Value value) const;

private:
  llvm::SmallVector<ScaleGroup> groups;
  llvm::DenseMap<mlir::Value, unsigned> groupOf;
};

} // namespace quantcc

#endif // QUANTCC_ANALYSIS_SCALEGROUPS_H
