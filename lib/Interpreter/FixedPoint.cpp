//===- FixedPoint.cpp - Fixed-point arithmetic ----------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rules N3 to N6 of docs/Numerics.md. Roundings are decided by comparing the
// remainder with half the divisor; multipliers are taken from the bits of the
// f64 number.
//
//===----------------------------------------------------------------------===//

#include "FixedPoint.h"

#include <llvm/Support/ErrorHandling.h>
#include <llvm/Support/MathExtras.h>

using namespace quantcc;
using namespace quantcc::interpreter;

Wide interpreter::divideByPowerOfTwo(Wide numerator, unsigned n, Ties ties) {
  Wide divisor = Wide(1) << n;
  Wide floor = numerator >> n;
  Wide twiceRemainder = 2 * (numerator - floor * divisor);
  if (twiceRemainder != divisor)
    return twiceRemainder > divisor ? floor + 1 : floor;
  switch (ties) {
  case Ties::Up:
    return floor + 1;
  case Ties::Away:
    return numerator > 0 ? floor + 1 : floor;
  case Ties::Even:
    return floor % 2 == 0 ? floor : floor + 1;
  }
  llvm_unreachable("unknown way of breaking ties");
}

int64_t interpreter::divideHalfAway(int64_t numerator, int64_t denominator) {
  int64_t quotient = numerator / denominator;
  int64_t remainder = numerator % denominator;
  if (2 * remainder >= denominator)
    return quotient + 1;
  if (2 * remainder <= -denominator)
    return quotient - 1;
  return quotient;
}

std::optional<Multiplier> interpreter::normalizeMultiplier(double real) {
  uint64_t bits = llvm::bit_cast<uint64_t>(real);
  assert(real > 0.0 && (bits >> 52) < 0x7ff && "not a positive finite number");
  // real = mantissa * 2^power; a subnormal number is below every limit anyway.
  if ((bits >> 52) == 0)
    return Multiplier{0, 31};
  int64_t mantissa =
      static_cast<int64_t>((bits & ((1ull << 52) - 1)) | 1ull << 52);
  int power = static_cast<int>(bits >> 52) - 1075;
  // 53 bits become 31: real = m * 2^(power + 22).
  int64_t m =
      static_cast<int64_t>(divideByPowerOfTwo(mantissa, 22, Ties::Away));
  int s = -(power + 22);
  if (m == int64_t(1) << 31) {
    m >>= 1;
    --s;
  }
  if (s > 62)
    return Multiplier{0, 31};
  if (s < 2)
    return std::nullopt;
  return Multiplier{static_cast<int32_t>(m), s};
}

std::optional<Multiplier> interpreter::reduceMultiplier(Multiplier multiplier) {
  if (multiplier.s < 18)
    return std::nullopt;
  // The nearest multiple of 2^16, ties up; 2^31 itself would need 16 bits.
  int64_t m =
      static_cast<int64_t>(divideByPowerOfTwo(multiplier.m, 16, Ties::Up));
  return Multiplier{static_cast<int32_t>(m == 32768 ? 32767 : m),
                    multiplier.s - 16};
}

static Wide scaleAndRound(int64_t accumulator, Multiplier multiplier,
                          Rounding rounding) {
  Wide product = Wide(accumulator) * multiplier.m;
  switch (rounding) {
  case Rounding::Double: {
    if (multiplier.s < 31)
      return divideByPowerOfTwo(product * (Wide(1) << (31 - multiplier.s)), 31,
                                Ties::Up);
    Wide high = divideByPowerOfTwo(product, 31, Ties::Up);
    return divideByPowerOfTwo(high, multiplier.s - 31, Ties::Away);
  }
  case Rounding::Single:
  case Rounding::Reduced:
    return divideByPowerOfTwo(product, multiplier.s, Ties::Up);
  case Rounding::HalfEven:
    return divideByPowerOfTwo(product, multiplier.s, Ties::Even);
  }
  llvm_unreachable("unknown rounding");
}

int64_t interpreter::requantize(int64_t accumulator, Multiplier multiplier,
                                Rounding rounding) {
  Wide value = scaleAndRound(accumulator, multiplier, rounding);
  return static_cast<int64_t>(std::clamp<Wide>(value, INT64_MIN, INT64_MAX));
}

bool interpreter::isRequantizable(int64_t bound, Multiplier multiplier,
                                  Rounding rounding, bool wide) {
  constexpr Wide limit = Wide(1) << 31;
  if (rounding == Rounding::Reduced)
    return bound < int64_t(1) << 47;
  if (rounding == Rounding::Double && !wide && bound >= limit)
    return false;
  return multiplier.s >= 31 || (Wide(bound) << (31 - multiplier.s)) < limit;
}
