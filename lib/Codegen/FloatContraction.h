//===- FloatContraction.h - Sums of products in f32 -------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which contractions of f32 can be computed several results at once.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_FLOATCONTRACTION_H
#define QUANTCC_LIB_CODEGEN_FLOATCONTRACTION_H

#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <optional>

namespace quantcc {

/// A linalg.generic `out += lhs * rhs` on f32, on tensors or buffers, along one
/// of whose parallel dimensions results and operands follow each other, or an
/// operand stays.
struct FloatContraction {
  /// Nothing if `op` is no such contraction. A tensor counts as the buffer
  /// without gaps that it may become.
  static std::optional<FloatContraction> match(mlir::linalg::LinalgOp op);

  enum Operand : unsigned { Lhs, Rhs, Result };

  /// Whether `operand` is the same for all positions of `dimension`.
  bool isInvariant(Operand operand, unsigned dimension) const {
    return steps[operand][dimension] == 0;
  }

  /// A handle, whose accessors are not const.
  mutable mlir::linalg::GenericOp op;
  llvm::SmallVector<int64_t> extents;
  llvm::SmallVector<bool> isReduction;
  /// How many elements lie between neighbours along each dimension; what counts
  /// nothing, a dimension of one position, has 0.
  llvm::SmallVector<int64_t> steps[3];
  /// The dimension whose results are neighbours in memory: the longest such.
  unsigned lanes = 0;
};

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_FLOATCONTRACTION_H
