//===- FixedPointMultiplier.h - Requantize in integers ----------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fixed-point forms of a real multiplier, and the exact definition of
// requantization under each rounding.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_SUPPORT_FIXEDPOINTMULTIPLIER_H
#define QUANTCC_SUPPORT_FIXEDPOINTMULTIPLIER_H

#include "quantcc/Support/Rounding.h"

#include <cstdint>
#include <llvm/Support/Error.h>

namespace quantcc {

/// The real multiplier M = multiplier * 2^-shift. Either the multiplier lies in
/// [2^30, 2^31) and the shift in [2, 62], or the multiplier is 0 and the shift
/// 31. TFLite's exponent of the same M is 31 - shift.
struct FixedPointMultiplier {
  int32_t multiplier = 0;
  int32_t shift = 31;

  bool operator==(const FixedPointMultiplier &other) const {
    return multiplier == other.multiplier && shift == other.shift;
  }
  bool operator!=(const FixedPointMultiplier &other) const {
    return !(*this == other);
  }
};

constexpr int32_t kMinRequantizeShift = 2;
constexpr int32_t kMaxRequantizeShift = 62;

/// The fixed-point multiplier nearest to the real multiplier `real`: its
/// mantissa in [0.5, 1) times 2^31, rounded to nearest with ties away from
/// zero. A `real` whose shift would exceed 62 (below about 2^-32) becomes 0
/// with shift 31, as in TFLite's QuantizeMultiplier. Errors: `real` is NaN,
/// infinite, zero or negative, or needs a shift below 2 (about 2^29 and above).
llvm::Expected<FixedPointMultiplier> quantizeMultiplier(double real);

/// The fixed-point multiplier exactly equal to the f32 `real`, for the rounding
/// half_even: its 24-bit mantissa fills the upper bits. A `real` whose shift
/// would exceed 62 becomes 0 with shift 31, which is exact for half_even: no
/// i32 accumulator reaches half. Errors as above.
llvm::Expected<FixedPointMultiplier> halfEvenMultiplier(float real);

/// The 16-bit form of `multiplier`, for the rounding reduced: 15 bits, rounded
/// to nearest, ties up, at most 2^15 - 1, with a shift 16 lower. Requantization
/// with it rounds as Single does. Errors: the shift would lie below 2. Source:
/// TFLite's MultiplyByQuantizedMultiplier on i64 accumulators.
llvm::Expected<FixedPointMultiplier>
reduceMultiplier(FixedPointMultiplier multiplier);

/// accumulator * multiplier * 2^-shift, rounded to an integer:
///
/// - Double: q = floor(acc * multiplier / 2^31 + 1/2), the saturating rounding
///   doubling high multiply, then q / 2^(shift - 31) to nearest, ties away from
///   zero. With shift < 31 the accumulator is first multiplied by
///   2^(31 - shift). Source: gemmlowp's SaturatingRoundingDoublingHighMul and
///   RoundingDivideByPOT; equals TOSA's apply_scale_32 with double rounding.
/// - Single: floor(acc * multiplier / 2^shift + 1/2). Source: TOSA's
///   apply_scale_32; TFLite's single-rounding build.
/// - HalfEven: the exact quotient to nearest, ties to even.
/// - Reduced: is Single, of a multiplier that reduceMultiplier made.
///
/// All in 64-bit integers: |acc * multiplier| < 2^62 never overflows. Expects
/// multiplier >= 0, shift in [2, 62], and, where shift < 31, that
/// leftShiftOverflows(|accumulator|, shift) is false; the result then fits i32.
/// The zero point is not added and nothing is clamped.
int32_t requantize(int32_t accumulator, FixedPointMultiplier multiplier,
                   Rounding rounding);

/// Whether an accumulator of magnitude up to `bound` can leave i32 when it is
/// multiplied by 2^(31 - shift), which requantize may not be given. False for
/// shift >= 31 and every bound up to 2^31. Since the multiplier is below 2^31,
/// a false answer also means that the result fits i32 under every rounding.
bool leftShiftOverflows(int64_t bound, int32_t shift);

} // namespace quantcc

#endif // QUANTCC_SUPPORT_FIXEDPOINTMULTIPLIER_H
