//===- HighProductRequantization.h - Cheap integer forms --------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Requantization in two to five integer instructions: the upper half of one
// 32-bit product, an addition, a shift that saturates. It holds fewer bits than
// the exact rule, and rounds elsewhere; so, like the float forms, it is used
// where its steps are proved to be those of the rule. (docs/Numerics.md, N51)
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_SUPPORT_HIGHPRODUCTREQUANTIZATION_H
#define QUANTCC_SUPPORT_HIGHPRODUCTREQUANTIZATION_H

#include "quantcc/Support/ChannelRequantization.h"

#include <optional>

namespace quantcc {

/// What is added to the product before it is shifted.
enum class HighProductKind {
  Line,
  /// Negative accumulators are treated differently, as rounding double does.
  Split,
  /// Odd quotients are, as rounding half_even does. (docs/Numerics.md, N80)
  Even
};

/// A requantization of one channel from the upper half of a product, with
/// hi(x) = floor(x / 2^32) and t = hi((acc << preShift) * multiplier):
///
///   line:   clamp((hi(((acc + biasOffset) << preShift) * multiplier) + offset)
///                 >> shift)
///   split:  clamp((hi(2 (acc << preShift) * multiplier + 2^31) + offset
///                 - (acc < 0 ? 1 : 0)) >> shift)
///   even:   clamp((t + ((t >> shift) & 1) + offset) >> shift)
///
/// The offset holds the zero point and what is added before rounding down.
struct HighProduct {
  HighProductKind kind = HighProductKind::Line;
  /// From 0 on for lines, from 1 on for others.
  int32_t shift = 0;
  /// Not negative; even for ties to even.
  int32_t multiplier = 0;
  int32_t offset = 0;
  /// Can be part of the layer's bias; 0 but for lines.
  int32_t biasOffset = 0;
  /// Bits by which the accumulator is shifted to the left: multipliers of a
  /// half and more need some. (docs/Numerics.md, N61)
  int32_t preShift = 0;
};

/// The stored value that `cheap` gives for `accumulator`.
int32_t evaluate(const HighProduct &cheap, const ChannelRequantization &channel,
                 int32_t accumulator);

/// Whether `cheap` equals requantizeChannel for every accumulator of the
/// channel, without leaving i32 on the way.
bool isExact(const HighProduct &cheap, const ChannelRequantization &channel);

/// The shift with which the multiplier keeps all its bits, negative if the
/// channel has no high product with `preShift`; nothing if the channel is
/// constant, where any shift will do, or not defined.
std::optional<int32_t> naturalShift(const ChannelRequantization &channel,
                                    HighProductKind kind, int32_t preShift = 0);

/// The preShift with which `channel` alone is likely to have a high product: 0
/// where its multiplier needs none. A split one that has to round once, as
/// multipliers of a half and more do, gets as many bits as there are, so that
/// its two roundings come close to that; and so does one with ties to even,
/// which must not take what is next to a tie for one.
int32_t naturalPreShift(const ChannelRequantization &channel,
                        HighProductKind kind);

/// An exact high product with `shift` and `preShift` for `channel`, or nothing
/// if the search finds none.
std::optional<HighProduct> findHighProduct(const ChannelRequantization &channel,
                                           HighProductKind kind, int32_t shift,
                                           int32_t preShift = 0);

} // namespace quantcc

#endif // QUANTCC_SUPPORT_HIGHPRODUCTREQUANTIZATION_H
