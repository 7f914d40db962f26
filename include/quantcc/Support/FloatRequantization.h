//===- FloatRequantization.h - Requantize in float, proved exact *- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A requantization is a step function of the accumulator, and so is its cheap
// form in floating point: one conversion, one multiply-add, one rounding. Both
// are monotone, so they are equal for every accumulator if they step at the
// same places, of which an 8-bit result has at most 255. This file looks for a
// scale and an offset that do, channel by channel, and proves it; where there
// are none, the caller keeps the integer form. (docs/Numerics.md, N50)
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_SUPPORT_FLOATREQUANTIZATION_H
#define QUANTCC_SUPPORT_FLOATREQUANTIZATION_H

#include "quantcc/Support/ChannelRequantization.h"

#include <optional>

namespace quantcc {

/// How floating point computes a requantization, in f32 or f64:
///
///   clamp(rne(fma(float(acc), scale, offset)))
///
/// The offset holds the zero point. `rne` rounds to the nearest integer, ties
/// to even; float(acc) and the multiply-add round once each. Where a processor
/// has no multiply-add, the product is rounded, then the sum.
///
/// A form without conversions takes an accumulator as the bits of a number in
/// f32 and finds the result in those of another (docs/Numerics.md, N55):
///
///   clamp(low16(bits(fma(float_of_bits(acc + sumOffset + kBitsOfSum), scale,
///                        offset))))
///
/// It may have an exception: one accumulator that is taken for the one after it
/// (docs/Numerics.md, N74).
struct FloatForm {
  /// Negative accumulators have an offset of their own: rounding double treats
  /// the signs differently.
  bool isSplit = false;
  bool isDouble = false;
  /// Whether the product is not rounded before the offset is added.
  bool isFused = true;
  /// Whether accumulators and results are bits of numbers.
  bool takesBits = false;
  /// Whether channels may have an exception; only if it takes bits.
  bool hasExceptions = false;

  bool operator==(const FloatForm &other) const {
    return isSplit == other.isSplit && isDouble == other.isDouble &&
           isFused == other.isFused && takesBits == other.takesBits &&
           hasExceptions == other.hasExceptions;
  }
  bool operator!=(const FloatForm &other) const { return !(*this == other); }
};

/// The form without conversions.
inline constexpr FloatForm kBitsFloatForm = {false, false, true, true};

/// The same for each sign, where rounding treats them differently (N58).
inline constexpr FloatForm kSplitBitsFloatForm = {true, false, true, true};

/// That of one line with exceptions.
inline constexpr FloatForm kMendedBitsFloatForm = {false, false, true, true,
                                                   true};

/// The bits of 2^23: with a number n below 2^23 added, they are those of
/// 2^23 + n.
inline constexpr int32_t kBitsOfSum = 0x4B000000;

/// The bits of 3 * 2^22: with a number n of magnitude below 2^22 added, they
/// are those of 3 * 2^22 + n. The lower 16 are those of n.
inline constexpr int32_t kBitsOfResult = 0x4B400000;

/// All forms with multiply-adds and conversions, the cheapest first.
inline constexpr FloatForm kFloatForms[] = {
    {false, false}, {true, false}, {false, true}, {true, true}};

/// All forms without, the cheapest first.
inline constexpr FloatForm kUnfusedFloatForms[] = {{false, false, false},
                                                   {true, false, false},
                                                   {false, true, false},
                                                   {true, true, false}};

/// A float form with its numbers, which are f32 values unless the form is f64.
struct FloatRequantization {
  FloatForm form;
  double scale = 0;
  /// For accumulators from 0 on, or for all.
  double offset = 0;
  /// For negative accumulators; equals `offset` unless the form is split.
  double negativeOffset = 0;
  /// Of a form that takes bits: added to the accumulator. 0 in others.
  int32_t sumOffset = 0;
  /// The same for negative accumulators; of no matter unless the form is split.
  int32_t negativeSumOffset = 0;
  /// The accumulator that is taken for the one after it, if there is one.
  std::optional<int32_t> exception = std::nullopt;
};

/// The stored value that `cheap` gives for `accumulator`.
int32_t evaluate(const FloatRequantization &cheap,
                 const ChannelRequantization &channel, int32_t accumulator);

/// Whether `cheap` equals requantizeChannel for every accumulator of the
/// channel, without leaving i32, or i16 where results are bits, before it
/// saturates.
bool isExact(const FloatRequantization &cheap,
             const ChannelRequantization &channel);

/// An exact float form of `form` for `channel`, or nothing if the search finds
/// none: among scales within a few units in the last place of the multiplier,
/// the one whose steps leave most room. Results of one that takes bits have
/// room for 128 more. A form that has exceptions is found with none where that
/// is enough.
std::optional<FloatRequantization>
findFloatRequantization(const ChannelRequantization &channel, FloatForm form);

} // namespace quantcc

#endif // QUANTCC_SUPPORT_FLOATREQUANTIZATION_H
