//===- FloatRangeAnalysis.h - Ranges by interval propagation ----*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A sparse forward dataflow analysis of real ranges. Its seeds are what is
// known beforehand: the ranges of observers, the values of constants, the
// parameters of fake quantization and of quantized types; FloatRangeOpInterface
// carries them on.
//
// The lattice is: nothing seen yet, a closed interval, nothing known. A seed
// replaces what would follow from the operands: an observed range may be
// narrower than the interval (it was measured) and it may be wider (a user set
// it).
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_ANALYSIS_FLOATRANGEANALYSIS_H
#define QUANTCC_ANALYSIS_FLOATRANGEANALYSIS_H

#include "quantcc/Interfaces/FloatRangeOpInterface.h"

#include <llvm/ADT/DenseMap.h>
#include <mlir/Analysis/DataFlow/SparseAnalysis.h>

namespace quantcc {

/// An element of the lattice.
class FloatRangeState {
public:
  /// Nothing seen yet.
  FloatRangeState() = default;
  explicit FloatRangeState(const FloatRange &range)
      : kind(Kind::Known), range(range) {}
  static FloatRangeState unknown() {
    FloatRangeState state;
    state.kind = Kind::Unknown;
    return state;
  }

  bool isUninitialized() const { return kind == Kind::Uninitialized; }
  std::optional<FloatRange> getRange() const {
    return kind == Kind::Known ? std::optional(range) : std::nullopt;
  }
  bool operator==(const FloatRangeState &other) const {
    return kind == other.kind && (kind != Kind::Known || range == other.range);
  }
  static FloatRangeState join(const FloatRangeState &lhs,
                              const FloatRangeState &rhs);
  void print(llvm::raw_ostream &os) const;

private:
  enum class Kind { Uninitialized, Known, Unknown };
  Kind kind = Kind::Uninitialized;
  FloatRange range;
};

using FloatRangeLattice = mlir::dataflow::Lattice<FloatRangeState>;

/// The analysis, for a DataFlowSolver.
class FloatRangeAnalysis
    : public mlir::dataflow::SparseForwardDataFlowAnalysis<FloatRangeLattice> {
public:
  using SparseForwardDataFlowAnalysis::SparseForwardDataFlowAnalysis;

  mlir::LogicalResult
  visitOperation(mlir::Operation *op,
                 llvm::ArrayRef<const FloatRangeLattice *> operands,
                 llvm::ArrayRef<FloatRangeLattice *> results) override;
  void setToEntryState(FloatRangeLattice *lattice) override;
};

/// The ranges of all values in an op's regions. Made for `getAnalysis`.
class FloatRanges {
public:
  explicit FloatRanges(mlir::Operation *root);

  /// The range of `value`, or none where nothing is known of it.
  std::optional<FloatRange> lookup(mlir::Value value) const;

private:
  llvm::DenseMap<mlir::Value, FloatRange> ranges;
};

/// The smallest interval that holds all elements of the constant `value`, or
/// none if it is no f32 constant, is empty, or holds NaN or an infinity.
std::optional<FloatRange> getConstantRange(mlir::Value value);

} // namespace quantcc

#endif // QUANTCC_ANALYSIS_FLOATRANGEANALYSIS_H
