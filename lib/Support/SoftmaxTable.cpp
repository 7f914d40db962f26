//===- SoftmaxTable.cpp - Exponentials of softmax -------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// exp on the negative axis in fixed point, and its table over differences.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/SoftmaxTable.h"

#include <algorithm>
#include <cassert>

using namespace quantcc;

/// a * b / 2^31 to nearest, ties towards positive infinity. Callers never pass
/// -2^31 twice, the one case that saturates.
static int32_t multiplyHigh(int32_t a, int32_t b) {
  return static_cast<int32_t>((int64_t(a) * int64_t(b) + (int64_t(1) << 30)) >>
                              31);
}

/// value / 2^shift to nearest, ties away from zero.
static int32_t roundingShift(int32_t value, int shift) {
  int64_t half = int64_t(1) << (shift - 1);
  int64_t magnitude = (std::abs(int64_t(value)) + half) >> shift;
  return static_cast<int32_t>(value < 0 ? -magnitude : magnitude);
}

/// exp(a) for a in [-1/4, 0), both in Q0.31: Taylor's polynomial about -1/8.
static int32_t expOfSmall(int32_t a) {
  constexpr int32_t expOfCentre = 1895147668; // exp(-1/8)
  constexpr int32_t oneThird = 715827883;
  int32_t x = a + (1 << 28);
  int32_t x2 = multiplyHigh(x, x);
  int32_t x3 = multiplyHigh(x2, x);
  int32_t x4 = multiplyHigh(x2, x2);
  int32_t tail = multiplyHigh(roundingShift(x4, 2) + x3, oneThird) + x2;
  return expOfCentre + multiplyHigh(expOfCentre, x + roundingShift(tail, 1));
}

int32_t quantcc::expOfNegative(int32_t x) {
  assert(x <= 0 && "exp of a positive value");
  constexpr int32_t quarter = 1 << 24;
  // exp(-2^i / 4) in Q0.31.
  constexpr int32_t factors[] = {1672461947, 1302514674, 790015084, 290630308,
                                 39332535,   720401,     242};
  if (x == 0)
    return INT32_MAX;
  int32_t small = (x & (quarter - 1)) - quarter;
  int64_t scaled = int64_t(small) * 32;
  int32_t result = expOfSmall(
      static_cast<int32_t>(std::clamp<int64_t>(scaled, INT32_MIN, INT32_MAX)));
  int32_t rest = static_cast<int32_t>(int64_t(small) - x);
  for (int bit = 0; bit < 7; ++bit)
    if (rest & (quarter << bit))
      result = multiplyHigh(result, factors[bit]);
  return result;
}

std::array<int32_t, 256>
quantcc::softmaxExponentials(const SoftmaxScaling &scaling) {
  std::array<int32_t, 256> table;
  for (int32_t k = 0; k < 256; ++k) {
    if (-k < scaling.minDifference) {
      table[k] = 0;
      continue;
    }
    // Within i32: minDifference keeps it above -31 in Q5.26.
    int64_t shifted = -(int64_t(k) << scaling.leftShift);
    table[k] = expOfNegative(
        multiplyHigh(static_cast<int32_t>(shifted), scaling.multiplier));
  }
  return table;
}
