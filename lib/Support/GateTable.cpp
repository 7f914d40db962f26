//===- GateTable.cpp - Table of the 16-bit sigmoid and tanh ---------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The table that the 16-bit sigmoid and tanh interpolate in.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/GateTable.h"

#include <cmath>

std::array<uint16_t, 256> quantcc::sigmoidTable() {
  std::array<uint16_t, 256> table;
  constexpr double step = 1.0 / 24.0;
  for (unsigned i = 0; i < table.size(); ++i) {
    double value = 1.0 / (1.0 + std::exp(-step * i));
    // sigmoid'' is not above zero here, so chords lie below the curve, by at
    // most step^2 / 8 * |sigmoid''|.
    double curvature = value * (1.0 - value) * (2.0 * value - 1.0);
    double raised = value + step * step / 16.0 * curvature;
    table[i] = static_cast<uint16_t>(std::floor(raised * 0x1p16 + 0.5));
  }
  // The end of the table is the limit of the function.
  table.back() = UINT16_MAX;
  return table;
}

/// Whether the logarithms of `scale` and of `power` to base 2 differ by less
/// than 1/1000.
static bool isNear(double scale, double power) {
  return std::fabs(std::log2(scale / power)) < 0.001;
}

quantcc::GatePosition quantcc::gatePosition(double scale, NearbyScales nearby) {
  // TFLite takes a scale near these for the power of two itself.
  if (isNear(scale, 0x1p-12))
    return {3, 0};
  if (nearby == NearbyScales::Tanh && isNear(scale, 0x1p-11))
    return {6, 0};
  double multiplier = scale * 4096.0 * 3.0;
  int shift = 0;
  // As many bits as 16-bit products have room for.
  while (multiplier <= 32767.0 / 2.0 && shift <= 30) {
    multiplier *= 2.0;
    ++shift;
  }
  return {static_cast<int32_t>(multiplier), shift};
}
