//===- WordProductRequantization.h - Requantize in 32 bits ------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Requantization by one product of 32 bits. Accumulators of few bits, as
// products of two activations and sums of a window are, leave room for as many
// bits of the multiplier as their steps need. It is used where the steps are
// proved to be those of the rule. (docs/Numerics.md, N56)
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_SUPPORT_WORDPRODUCTREQUANTIZATION_H
#define QUANTCC_SUPPORT_WORDPRODUCTREQUANTIZATION_H

#include "quantcc/Support/ChannelRequantization.h"

#include <optional>

namespace quantcc {

/// A requantization without anything that leaves i32:
///
///   clamp((accumulator * multiplier + offset
///          + (accumulator < 0 ? negativeOffset : 0)) >> shift)
///
/// The offset holds the zero point and what is added before rounding down.
struct WordProduct {
  int32_t multiplier = 0;
  int32_t offset = 0;
  /// 0 unless negative accumulators are rounded differently, as by rounding
  /// double with small shifts.
  int32_t negativeOffset = 0;
  int32_t shift = 0;
};

/// The stored value that `cheap` gives for `accumulator`.
int32_t evaluate(const WordProduct &cheap, const ChannelRequantization &channel,
                 int32_t accumulator);

/// One that equals requantizeChannel for every accumulator of `channel`, or
/// nothing if the search finds none.
std::optional<WordProduct>
findWordProduct(const ChannelRequantization &channel);

} // namespace quantcc

#endif // QUANTCC_SUPPORT_WORDPRODUCTREQUANTIZATION_H
