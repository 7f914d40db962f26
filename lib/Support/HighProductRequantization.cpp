//===- HighProductRequantization.cpp - Cheap integer forms ----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds and proves requantizations from the upper half of a product.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/HighProductRequantization.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

using namespace quantcc;

/// Steps times 2^(32 + shift) stay below 2^61, so that all sums fit i64.
static constexpr int32_t kMaxShift = 21;
/// Accumulators, with what is added to them, fit i32 even when doubled.
static constexpr int64_t kMaxAccumulator = (int64_t(1) << 30) - 1;
/// What has room for more has next to no bits.
static constexpr int32_t kMaxPreShift = 24;

/// The result before it is clamped.
static int64_t evaluateUnclamped(const HighProduct &cheap,
                                 int64_t accumulator) {
  int64_t scale = int64_t(1) << cheap.preShift;
  if (cheap.kind == HighProductKind::Split) {
    int64_t product =
        2 * accumulator * scale * cheap.multiplier + (int64_t(1) << 31);
    return ((product >> 32) + cheap.offset - (accumulator < 0)) >> cheap.shift;
  }
  int64_t product = (accumulator + cheap.biasOffset) * scale * cheap.multiplier;
  int64_t upper = product >> 32;
  if (cheap.kind == HighProductKind::Even)
    upper += (upper >> cheap.shift) & 1;
  return (upper + cheap.offset) >> cheap.shift;
}

int32_t quantcc::evaluate(const HighProduct &cheap,
                          const ChannelRequantization &channel,
                          int32_t accumulator) {
  return static_cast<int32_t>(std::clamp(evaluateUnclamped(cheap, accumulator),
                                         channel.clamp.min, channel.clamp.max));
}

/// The greatest magnitude of an accumulator of `channel` with `added` to it.
static int64_t findReach(const ChannelRequantization &channel, int64_t added) {
  return std::max(std::abs(channel.accumulators.min + added),
                  std::abs(channel.accumulators.max + added));
}

static bool isConstant(const ChannelRequantization &channel) {
  return requantizeChannel(channel, channel.accumulators.min) ==
         requantizeChannel(channel, channel.accumulators.max);
}

/// Whether nothing leaves i32, or is negative that must not be.
static bool isWithinRange(const HighProduct &cheap,
                          const ChannelRequantization &channel) {
  constexpr int64_t kMaxOffset = (int64_t(1) << 30) - 1;
  bool isLine = cheap.kind == HighProductKind::Line;
  if (cheap.multiplier < 0 || cheap.shift < (isLine ? 0 : 1) ||
      cheap.shift > kMaxShift || cheap.preShift < 0 ||
      cheap.preShift > kMaxPreShift ||
      std::abs(int64_t(cheap.offset)) > kMaxOffset ||
      (!isLine && cheap.biasOffset != 0) ||
      (cheap.kind == HighProductKind::Even && cheap.multiplier % 2 != 0))
    return false;
  // A product with 0 may as well be one of a sum that has overflowed.
  if (cheap.multiplier == 0)
    return true;
  int64_t reach = findReach(channel, cheap.biasOffset);
  if (reach > kMaxAccumulator >> cheap.preShift)
    return false;
  reach <<= cheap.preShift;
  int64_t factor = cheap.kind == HighProductKind::Split ? 2 : 1;
  int64_t high = (reach * factor * cheap.multiplier >> 32) + 2;
  return high <= kMaxOffset;
}

static bool haveSameSteps(const HighProduct &cheap,
                          const ChannelRequantization &channel,
                          llvm::ArrayRef<RequantizationStep> steps) {
  auto monotone = [&](int64_t accumulator) {
    return evaluate(cheap, channel, accumulator);
  };
  return isWithinRange(cheap, channel) && hasSteps(monotone, channel, steps);
}

bool quantcc::isExact(const HighProduct &cheap,
                      const ChannelRequantization &channel) {
  return isDefined(channel) &&
         haveSameSteps(cheap, channel, findSteps(channel));
}

/// Of a product with a channel's multiplier, how many bits the instruction
/// drops.
static int32_t upperBits(HighProductKind kind) {
  return kind == HighProductKind::Split ? 31 : 32;
}

std::optional<int32_t>
quantcc::naturalShift(const ChannelRequantization &channel,
                      HighProductKind kind, int32_t preShift) {
  if (!isDefined(channel) || isConstant(channel))
    return std::nullopt;
  return std::min(channel.multiplier.shift + preShift - upperBits(kind),
                  kMaxShift);
}

int32_t quantcc::naturalPreShift(const ChannelRequantization &channel,
                                 HighProductKind kind) {
  std::optional<int32_t> natural = naturalShift(channel, HighProductKind::Line);
  if (!natural || (*natural >= 0 && kind != HighProductKind::Even))
    return 0;
  if (kind == HighProductKind::Line)
    return -*natural;
  int64_t reach = findReach(channel, 0);
  int32_t bits = 0;
  while (bits < std::min(kMaxShift - 1 - *natural, kMaxPreShift) &&
         reach <= kMaxAccumulator >> (bits + 1))
    ++bits;
  return bits;
}

namespace {

/// Sums low to high - 1 that the products may be shifted by.
struct OffsetRange {
  int64_t low = -(int64_t(1) << 62);
  int64_t high = int64_t(1) << 62;
};

} // namespace

/// With what x the line floor(((acc + center) * multiplier + x) / 2^(32 +
/// shift)) steps where it must.
static OffsetRange findOffsets(const ChannelRequantization &channel,
                               int64_t center, int64_t multiplier,
                               int32_t shift,
                               llvm::ArrayRef<RequantizationStep> steps) {
  OffsetRange range;
  auto reaches = [&](int64_t accumulator, int64_t value) {
    int64_t wanted = value * (int64_t(1) << (32 + shift));
    range.low =
        std::max(range.low, wanted - (accumulator + center) * multiplier);
  };
  auto staysBelow = [&](int64_t accumulator, int64_t value) {
    int64_t wanted = value * (int64_t(1) << (32 + shift));
    range.high =
        std::min(range.high, wanted - (accumulator + center) * multiplier);
  };
  for (const RequantizationStep &step : steps) {
    reaches(step.accumulator, step.value);
    staysBelow(step.accumulator - 1, step.value);
  }
  int64_t min = channel.accumulators.min, max = channel.accumulators.max;
  int64_t first = requantizeChannel(channel, min);
  int64_t last = requantizeChannel(channel, max);
  if (first > channel.clamp.min)
    reaches(min, first);
  if (last < channel.clamp.max)
    staysBelow(max, last + 1);
  return range;
}

/// A line with `multiplier` whose offsets, beyond `center`, together lie in
/// `range`.
static std::optional<HighProduct> splitOffset(OffsetRange range, int64_t center,
                                              int32_t multiplier, int32_t shift,
                                              int32_t preShift) {
  // What is left of a multiple of the multiplier modulo 2^32 takes any value
  // before long. All products stay below 2^62.
  const int64_t reach = int64_t(1) << std::min(16, 30 - preShift);
  const int64_t scaled = int64_t(multiplier) << preShift;
  constexpr int64_t kUnit = int64_t(1) << 32;
  if (range.low >= range.high)
    return std::nullopt;
  for (int64_t biasOffset = 0; biasOffset != reach; ++biasOffset) {
    int64_t low = range.low - biasOffset * scaled;
    int64_t high = range.high - biasOffset * scaled;
    // The lowest multiple from `low` on.
    int64_t offset = (low + kUnit - 1) >> 32;
    if (offset * kUnit < high &&
        std::abs(offset) <= std::numeric_limits<int32_t>::max())
      return HighProduct{HighProductKind::Line,
                         shift,
                         multiplier,
                         static_cast<int32_t>(offset),
                         static_cast<int32_t>(center + biasOffset),
                         preShift};
  }
  return std::nullopt;
}

/// `multiplier` / 2^`bits`, rounded, and its neighbours, the nearest first.
static llvm::SmallVector<int64_t> multipliersNear(int64_t multiplier,
                                                  int32_t bits) {
  int64_t half = bits == 0 ? 0 : int64_t(1) << (bits - 1);
  int64_t middle = bits > 31 ? 0 : (multiplier + half) >> bits;
  llvm::SmallVector<int64_t> result{middle};
  constexpr int kReach = 8;
  for (int i = 1; i <= kReach; ++i) {
    if (middle + i <= std::numeric_limits<int32_t>::max())
      result.push_back(middle + i);
    if (middle >= i)
      result.push_back(middle - i);
  }
  return result;
}

std::optional<HighProduct>
quantcc::findHighProduct(const ChannelRequantization &channel,
                         HighProductKind kind, int32_t shift,
                         int32_t preShift) {
  bool isSplit = kind == HighProductKind::Split;
  if (!isDefined(channel) || shift > kMaxShift ||
      shift < (kind == HighProductKind::Line ? 0 : 1))
    return std::nullopt;
  if (isConstant(channel)) {
    int32_t value = requantizeChannel(channel, channel.accumulators.min);
    return HighProduct{kind, shift,   0, value * (1 << shift) + isSplit,
                       0,    preShift};
  }
  int32_t lost = channel.multiplier.shift + preShift - upperBits(kind) - shift;
  // Models have biases of 2^30 where weights are next to nothing.
  int64_t center = 0, mostReach = kMaxAccumulator >> preShift;
  if (findReach(channel, 0) > mostReach)
    center = -(channel.accumulators.min + channel.accumulators.max) / 2;
  if (lost < 0 || findReach(channel, center) > mostReach)
    return std::nullopt;
  llvm::SmallVector<RequantizationStep> steps = findSteps(channel);
  for (int64_t multiplier :
       multipliersNear(channel.multiplier.multiplier, lost)) {
    if (isSplit) {
      HighProduct cheap{kind,
                        shift,
                        static_cast<int32_t>(multiplier),
                        channel.zeroPoint * (1 << shift) + (1 << (shift - 1)),
                        0,
                        preShift};
      // What rounds once takes ties upwards: as far as that shows, one more
      // makes up for what is taken from negative values.
      for (int32_t more : {0, 1}) {
        cheap.offset += more;
        if (haveSameSteps(cheap, channel, steps))
          return cheap;
      }
      continue;
    }
    if (kind == HighProductKind::Even) {
      HighProduct cheap{kind,
                        shift,
                        static_cast<int32_t>(multiplier),
                        channel.zeroPoint * (1 << shift) + (1 << (shift - 1)) -
                            1,
                        0,
                        preShift};
      if (haveSameSteps(cheap, channel, steps))
        return cheap;
      continue;
    }
    std::optional<HighProduct> cheap = splitOffset(
        findOffsets(channel, center, multiplier << preShift, shift, steps),
        center, static_cast<int32_t>(multiplier), shift, preShift);
    if (cheap && haveSameSteps(*cheap, channel, steps))
      return cheap;
  }
  return std::nullopt;
}
