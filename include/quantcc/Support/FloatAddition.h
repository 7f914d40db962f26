//===- FloatAddition.h - Quantized sums in float, proved exact --*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A sum of two 8-bit stored values under different parameters rounds three
// times. Its cheap form in floating point is two multiply-adds and one
// rounding. There are no more than 65,536 pairs of operands: this file looks
// for scales and an offset that give the same for all of them, and tries them
// all. (docs/Numerics.md, N57)
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_SUPPORT_FLOATADDITION_H
#define QUANTCC_SUPPORT_FLOATADDITION_H

#include "quantcc/Support/FixedPointMultiplier.h"
#include "quantcc/Support/Rounding.h"
#include "quantcc/Support/StoredRange.h"

#include <optional>

namespace quantcc {

/// A sum or difference of two i8, as docs/Numerics.md, N7, defines it.
struct QuantizedAddition {
  struct Operand {
    int32_t zeroPoint;
    FixedPointMultiplier multiplier;
  };
  Operand lhs, rhs;
  /// Of both operands, before they are multiplied.
  int32_t leftShift;
  FixedPointMultiplier output;
  Rounding rounding;
  /// Added after rounding.
  int32_t zeroPoint;
  /// The result saturates here.
  StoredRange clamp;
  bool isDifference;
};

/// The stored value of the sum of two stored values.
int32_t add(const QuantizedAddition &addition, int32_t lhs, int32_t rhs);

/// How floating point computes it, all in f32:
///
///   clamp(rne(fma(float(lhs), lhsScale, fma(float(rhs), rhsScale, offset))))
///
/// with `operandBias` added to both operands before. `rne` rounds to the
/// nearest integer, ties to even; each fma rounds once, or, unless `isFused`,
/// its product and then its sum.
struct FloatAddition {
  int32_t operandBias;
  float lhsScale, rhsScale, offset;
  bool isFused = true;
};

/// The stored value that `cheap` gives for the sum of two stored values.
int32_t evaluate(const FloatAddition &cheap, const StoredRange &clamp,
                 int32_t lhs, int32_t rhs);

/// Whether `cheap` equals add for every pair of i8.
bool isExact(const FloatAddition &cheap, const QuantizedAddition &addition);

/// An exact float form of `addition` with this `operandBias`, fused or not, or
/// nothing if the search finds none: among scales within a few units in the
/// last place, and all offsets that would do if nothing were rounded on the
/// way.
std::optional<FloatAddition>
findFloatAddition(const QuantizedAddition &addition, int32_t operandBias,
                  bool isFused = true);

} // namespace quantcc

#endif // QUANTCC_SUPPORT_FLOATADDITION_H
