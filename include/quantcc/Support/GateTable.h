//===- GateTable.h - Table of the 16-bit sigmoid and tanh ----- -*- C++ -*-===//
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

#ifndef QUANTCC_SUPPORT_GATETABLE_H
#define QUANTCC_SUPPORT_GATETABLE_H

#include <array>
#include <cstdint>

namespace quantcc {

/// Entry i is sigmoid(i / 24) in 16 fractional bits, raised by half of the
/// largest error of linear interpolation there. Source: TFLite's table of
/// the same size, whose values these are. (docs/Numerics.md, N32)
std::array<uint16_t, 256> sigmoidTable();

/// How a stored value of 16 bits becomes a position on the table's axis, of
/// 4096 * 3 steps a unit: floor((x * multiplier + 2^(shift - 1)) / 2^shift),
/// where the half is left out for a shift of 0. (docs/Numerics.md, N40)
struct GatePosition {
  int32_t multiplier;
  int shift;
};

/// Which powers of two `gatePosition` takes scales near them for.
enum class NearbyScales { Sigmoid, Tanh };

/// The position for values of a scale of at most 32767 / 12288.
GatePosition gatePosition(double scale, NearbyScales nearby);

} // namespace quantcc

#endif // QUANTCC_SUPPORT_GATETABLE_H
