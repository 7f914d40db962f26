//===- Interpolation.h - Reading interpolated tables ------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rule N24 of docs/Numerics.md.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_INTERPRETER_INTERPOLATION_H
#define QUANTCC_LIB_INTERPRETER_INTERPOLATION_H

#include <cstdint>

namespace quantcc::interpreter {

/// The value for the stored `x`, -32768 <= x <= 32767, from `entry(0)` to
/// `entry(512)`.
template <typename Entry> int64_t interpolate(int64_t x, Entry entry) {
  int64_t position = x + 32768;
  int64_t i = position / 128, r = position % 128;
  int64_t twice = (entry(i + 1) - entry(i)) * r + 64;
  int64_t moved = twice / 128 - (twice % 128 < 0 ? 1 : 0);
  return entry(i) + moved;
}

} // namespace quantcc::interpreter

#endif // QUANTCC_LIB_INTERPRETER_INTERPOLATION_H
