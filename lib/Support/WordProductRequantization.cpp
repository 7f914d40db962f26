//===- WordProductRequantization.cpp - Requantize in 32 bits --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds requantizations by one product of 32 bits.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/WordProductRequantization.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

using namespace quantcc;

/// Steps times 2^shift stay far below 2^31.
static constexpr int32_t kMaxShift = 24;

int32_t quantcc::evaluate(const WordProduct &cheap,
                          const ChannelRequantization &channel,
                          int32_t accumulator) {
  int32_t sum = accumulator * cheap.multiplier + cheap.offset;
  if (accumulator < 0)
    sum += cheap.negativeOffset;
  return static_cast<int32_t>(std::clamp<int64_t>(
      sum >> cheap.shift, channel.clamp.min, channel.clamp.max));
}

namespace {

/// The offsets low to high - 1.
struct OffsetRange {
  int64_t low = -kFar, high = kFar;

  bool isEmpty() const { return low >= high; }
  /// One that does not lie at an edge, where there are such.
  int64_t choose() const {
    if (low == -kFar)
      return high == kFar ? 0 : high - 1;
    return high == kFar ? low : low + (high - low - 1) / 2;
  }

  static constexpr int64_t kFar = int64_t(1) << 40;
};

/// What the offset must be where accumulators are negative, and elsewhere.
struct Offsets {
  OffsetRange negative, other;
};

} // namespace

/// With what offsets the line steps where it must.
static Offsets findOffsets(const ChannelRequantization &channel,
                           int64_t multiplier, int32_t shift,
                           llvm::ArrayRef<RequantizationStep> steps) {
  Offsets offsets;
  auto rangeOf = [&](int64_t accumulator) -> OffsetRange & {
    return accumulator < 0 ? offsets.negative : offsets.other;
  };
  auto missing = [&](int64_t accumulator, int64_t value) {
    return value * (int64_t(1) << shift) - accumulator * multiplier;
  };
  auto reaches = [&](int64_t accumulator, int64_t value) {
    OffsetRange &range = rangeOf(accumulator);
    range.low = std::max(range.low, missing(accumulator, value));
  };
  auto staysBelow = [&](int64_t accumulator, int64_t value) {
    OffsetRange &range = rangeOf(accumulator);
    range.high = std::min(range.high, missing(accumulator, value));
  };
  // What is at an end of the clamp may lie beyond it.
  auto isResult = [&](int64_t accumulator) {
    if (accumulator < channel.accumulators.min ||
        accumulator > channel.accumulators.max)
      return;
    int64_t value = requantizeChannel(channel, accumulator);
    if (value > channel.clamp.min)
      reaches(accumulator, value);
    if (value < channel.clamp.max)
      staysBelow(accumulator, value + 1);
  };
  for (const RequantizationStep &step : steps) {
    reaches(step.accumulator, step.value);
    staysBelow(step.accumulator - 1, step.value);
  }
  // The ends of both lines.
  for (int64_t end : {channel.accumulators.min, int64_t(-1), int64_t(0),
                      channel.accumulators.max})
    isResult(end);
  return offsets;
}

/// Whether nothing leaves i32 for any accumulator.
static bool fits(const ChannelRequantization &channel,
                 const WordProduct &product) {
  auto isInt32 = [](int64_t value) { return value == int32_t(value); };
  for (int64_t end : {channel.accumulators.min, channel.accumulators.max}) {
    int64_t sum = end * product.multiplier;
    if (!isInt32(sum) || !isInt32(sum + product.offset) ||
        !isInt32(sum + product.offset + product.negativeOffset))
      return false;
  }
  return true;
}

/// With `multiplier`, and with one line for all accumulators or with two.
static std::optional<WordProduct>
findOffset(const ChannelRequantization &channel, int64_t multiplier,
           int32_t shift, bool isSplit,
           llvm::ArrayRef<RequantizationStep> steps) {
  Offsets offsets = findOffsets(channel, multiplier, shift, steps);
  if (!isSplit) {
    OffsetRange &both = offsets.other;
    both.low = std::max(both.low, offsets.negative.low);
    both.high = std::min(both.high, offsets.negative.high);
    offsets.negative = both;
  }
  if (offsets.other.isEmpty() || offsets.negative.isEmpty())
    return std::nullopt;
  int64_t offset = offsets.other.choose();
  int64_t negativeOffset = offsets.negative.choose() - offset;
  if (offset != int32_t(offset) || negativeOffset != int32_t(negativeOffset) ||
      multiplier != int32_t(multiplier))
    return std::nullopt;
  WordProduct product{int32_t(multiplier), int32_t(offset),
                      int32_t(negativeOffset), shift};
  return fits(channel, product) ? std::optional(product) : std::nullopt;
}

std::optional<WordProduct>
quantcc::findWordProduct(const ChannelRequantization &channel) {
  if (!isDefined(channel))
    return std::nullopt;
  llvm::SmallVector<RequantizationStep> steps = findSteps(channel);
  // The fewest bits that do: short multipliers serve more instructions.
  for (bool isSplit : {false, true})
    for (int32_t shift = 0; shift <= kMaxShift; ++shift) {
      int64_t nearest =
          std::llround(std::ldexp(double(channel.multiplier.multiplier),
                                  shift - channel.multiplier.shift));
      for (int64_t multiplier : {nearest, nearest - 1, nearest + 1})
        if (auto product = multiplier < 0 ? std::nullopt
                                          : findOffset(channel, multiplier,
                                                       shift, isSplit, steps))
          return product;
    }
  return std::nullopt;
}
