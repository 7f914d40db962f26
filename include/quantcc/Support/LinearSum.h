//===- LinearSum.h - Additions of bytes in a few instructions ---*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The sum of two stored bytes has 65,536 cases at most. Two products by
// constants, a shift and a clamp give them all, if the constants are chosen
// with care: this file looks for them, and compares every case with the rule.
// (docs/Numerics.md, N52)
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_SUPPORT_LINEARSUM_H
#define QUANTCC_SUPPORT_LINEARSUM_H

#include "quantcc/Support/FixedPointMultiplier.h"
#include "quantcc/Support/Rounding.h"
#include "quantcc/Support/StoredRange.h"

#include <optional>

namespace quantcc {

/// An addition or subtraction of stored values as docs/Numerics.md (N7) defines
/// it.
struct AdditionRule {
  struct Operand {
    int32_t zeroPoint;
    FixedPointMultiplier multiplier;
  };
  Operand lhs, rhs;
  bool isSubtraction;
  int32_t leftShift;
  FixedPointMultiplier output;
  Rounding rounding;
  /// Added after rounding.
  int32_t outputZeroPoint;
  /// The result saturates here.
  StoredRange clamp;
  /// Of both operands, of 8 bits.
  StoredRange operands;
};

/// The stored value of the operands `lhs` and `rhs`.
int32_t addByRule(const AdditionRule &rule, int32_t lhs, int32_t rhs);

/// clamp((x * lhs + y * rhs + offset) >> shift), in i32.
struct LinearSum {
  int32_t lhs, rhs, offset, shift;
};

/// Whether `sum` equals addByRule for all operands, without leaving i32.
bool isExact(const LinearSum &sum, const AdditionRule &rule);

/// An exact linear sum, or nothing if the search finds none.
std::optional<LinearSum> findLinearSum(const AdditionRule &rule);

} // namespace quantcc

#endif // QUANTCC_SUPPORT_LINEARSUM_H
