//===- QuantizableOpInterface.h - Ops that can be quantized -----*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The interface through which passes learn how an op is quantized, and the
// types of its answers.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_INTERFACES_QUANTIZABLEOPINTERFACE_H
#define QUANTCC_INTERFACES_QUANTIZABLEOPINTERFACE_H

#include "quantcc/Support/Rounding.h"

#include <llvm/ADT/SmallVector.h>
#include <mlir/IR/Builders.h>
#include <mlir/IR/OpDefinition.h>
#include <optional>

namespace quantcc {

/// What an operand is to a computation, which decides how it is quantized.
enum class OperandRole {
  /// Depends on the model's input: quantized per tensor, by its range.
  Activation,
  /// A constant factor: quantized from its values, per axis if wanted.
  Weight,
  /// A constant summand of the accumulator: i32 at input times weight scale.
  Bias,
  /// Not quantized at all (shapes, indices).
  Untouched,
};

/// How the quantization parameters of an op's results are decided.
struct ScaleConstraint {
  enum class Kind {
    /// Each result has its own.
    Free,
    /// Results and activation operands all have the same.
    SameAsOperands,
    /// The results' range is known beforehand: [rangeMin, rangeMax] (real).
    FixedRange,
  };

  Kind kind = Kind::Free;
  /// The real range of the results, for FixedRange only.
  double rangeMin = 0.0;
  double rangeMax = 0.0;

  static ScaleConstraint free() { return {}; }
  static ScaleConstraint sameAsOperands() { return {Kind::SameAsOperands}; }
  static ScaleConstraint fixedRange(double min, double max) {
    return {Kind::FixedRange, min, max};
  }
};

} // namespace quantcc

#include "quantcc/Interfaces/QuantizableOpInterface.h.inc"

#endif // QUANTCC_INTERFACES_QUANTIZABLEOPINTERFACE_H
