//===- GateFunctions.h - 16-bit sigmoid and tanh -------------- -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rule N32 of docs/Numerics.md: sigmoid and tanh by interpolation in a table.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_INTERPRETER_GATEFUNCTIONS_H
#define QUANTCC_LIB_INTERPRETER_GATEFUNCTIONS_H

#include <array>
#include <cstdint>

namespace quantcc::interpreter {

/// sigmoid and tanh of N32: from a position t to Q0.15.
class GateFunctions {
public:
  GateFunctions();

  int64_t sigmoid(int64_t t) const;
  int64_t tanh(int64_t t) const;

  /// The position of a value with `fractionBits` fractional bits.
  static int64_t position(int64_t value, int fractionBits);

private:
  /// Between two entries of the table, at t = index * 2^bits + rest; `beyond`
  /// from entry 255 on.
  int64_t interpolate(int64_t magnitude, int bits, int64_t beyond) const;

  std::array<int64_t, 256> table;
};

} // namespace quantcc::interpreter

#endif // QUANTCC_LIB_INTERPRETER_GATEFUNCTIONS_H
