//===- FloatRangeArithmetic.h - Interval arithmetic -------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Arithmetic on closed intervals, of which the transfer functions of the range
// analysis consist.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_INTERFACES_FLOATRANGEARITHMETIC_H
#define QUANTCC_INTERFACES_FLOATRANGEARITHMETIC_H

#include "quantcc/Interfaces/FloatRangeOpInterface.h"

namespace quantcc {

/// The interval of x + y, for x in `lhs` and y in `rhs`; likewise below.
inline FloatRange sumRange(const FloatRange &lhs, const FloatRange &rhs) {
  return {lhs.min + rhs.min, lhs.max + rhs.max};
}

inline FloatRange differenceRange(const FloatRange &lhs,
                                  const FloatRange &rhs) {
  return {lhs.min - rhs.max, lhs.max - rhs.min};
}

inline FloatRange productRange(const FloatRange &lhs, const FloatRange &rhs) {
  double a = lhs.min * rhs.min, b = lhs.min * rhs.max;
  double c = lhs.max * rhs.min, d = lhs.max * rhs.max;
  return {std::min({a, b, c, d}), std::max({a, b, c, d})};
}

inline FloatRange maximumRange(const FloatRange &lhs, const FloatRange &rhs) {
  return {std::max(lhs.min, rhs.min), std::max(lhs.max, rhs.max)};
}

inline FloatRange minimumRange(const FloatRange &lhs, const FloatRange &rhs) {
  return {std::min(lhs.min, rhs.min), std::min(lhs.max, rhs.max)};
}

} // namespace quantcc

#endif // QUANTCC_INTERFACES_FLOATRANGEARITHMETIC_H
