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

} // namespace quantcc

#endif // QUANTCC_SUPPORT_GATETABLE_H
