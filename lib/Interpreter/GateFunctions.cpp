//===- GateFunctions.cpp - 16-bit sigmoid and tanh ------------------------===//
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

#include "GateFunctions.h"

#include <cmath>

using namespace quantcc::interpreter;

GateFunctions::GateFunctions() {
  for (int i = 0; i < 255; ++i) {
    double v = 1.0 / (1.0 + std::exp(-i / 24.0));
    double raised = v + v * (1.0 - v) * (2.0 * v - 1.0) / 9216.0;
    table[i] = static_cast<int64_t>(std::floor(65536.0 * raised + 0.5));
  }
  table[255] = 65535;
}

int64_t GateFunctions::position(int64_t value, int fractionBits) {
  if (fractionBits <= 12)
    return 3 * value * (int64_t(1) << (12 - fractionBits));
  int dropped = fractionBits - 12;
  return (3 * value + (int64_t(1) << (dropped - 1))) >> dropped;
}

int64_t GateFunctions::interpolate(int64_t magnitude, int bits,
                                   int64_t beyond) const {
  int64_t step = int64_t(1) << bits;
  int64_t index = magnitude / step, rest = magnitude % step;
  if (index >= 255)
    return beyond * step;
  return table[index] * step + rest * (table[index + 1] - table[index]);
}

int64_t GateFunctions::sigmoid(int64_t t) const {
  // Beyond the table the value is 0x7fff * 2^10 = 65534 * 2^9.
  int64_t u = interpolate(std::abs(t), 9, 65534);
  return (t >= 0 ? u + 512 : (1 << 25) - u + 511) >> 10;
}

int64_t GateFunctions::tanh(int64_t t) const {
  int64_t u = interpolate(std::abs(t), 8, 65535);
  return (t >= 0 ? u - (1 << 23) + 128 : (1 << 23) - u + 127) >> 8;
}
