//===- FixedPoint.h - Fixed-point arithmetic ------------------ -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rules N3 to N6 and N22 of docs/Numerics.md, in wide integers.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_INTERPRETER_FIXEDPOINT_H
#define QUANTCC_LIB_INTERPRETER_FIXEDPOINT_H

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <cstdint>
#include <optional>

namespace quantcc::interpreter {

/// Wide enough for every product of the rules.
using Wide = __int128;

/// Where a quotient half-way between two integers goes.
enum class Ties { Up, Away, Even };

/// numerator / 2^n to the nearest integer, 0 <= n < 126.
Wide divideByPowerOfTwo(Wide numerator, unsigned n, Ties ties);

/// numerator / denominator to the nearest integer, ties away from zero. Expects
/// a positive denominator.
int64_t divideHalfAway(int64_t numerator, int64_t denominator);

/// The real multiplier m * 2^-s.
struct Multiplier {
  int32_t m = 0;
  int32_t s = 31;
};

/// N3: `real` in fixed point, or nothing where the rule refuses it. Expects a
/// positive finite number.
std::optional<Multiplier> normalizeMultiplier(double real);

/// N22: the multiplier of 15 bits for rounding reduced, or nothing where the
/// rule refuses it.
std::optional<Multiplier> reduceMultiplier(Multiplier multiplier);

/// N4, N5, N6 or, with a reduced multiplier, N22: `accumulator` times
/// `multiplier`, rounded, and limited to what 64 bits hold.
int64_t requantize(int64_t accumulator, Multiplier multiplier,
                   Rounding rounding);

/// The precondition of N4 to N6, or of N22, for accumulators of magnitude up to
/// `bound`; those of contractions may be `wide`.
bool isRequantizable(int64_t bound, Multiplier multiplier, Rounding rounding,
                     bool wide = false);

} // namespace quantcc::interpreter

#endif // QUANTCC_LIB_INTERPRETER_FIXEDPOINT_H
