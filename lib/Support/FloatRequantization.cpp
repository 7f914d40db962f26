//===- FloatRequantization.cpp - Requantize in float, proved exact --------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds and proves float forms of requantizations.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/FloatRequantization.h"

#include <llvm/ADT/SmallVector.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <tuple>

using namespace quantcc;

template <typename Float>
static double evaluateIn(const FloatRequantization &cheap,
                         int32_t accumulator) {
  auto value = static_cast<Float>(accumulator);
  auto scale = static_cast<Float>(cheap.scale);
  auto offset =
      static_cast<Float>(accumulator < 0 ? cheap.negativeOffset : cheap.offset);
  if (cheap.form.isFused)
    return std::fma(value, scale, offset);
  return value * scale + offset;
}

/// The result before it is rounded to an integer.
static double evaluateUnrounded(const FloatRequantization &cheap,
                                int32_t accumulator) {
  return cheap.form.isDouble ? evaluateIn<double>(cheap, accumulator)
                             : evaluateIn<float>(cheap, accumulator);
}

int32_t quantcc::evaluate(const FloatRequantization &cheap,
                          const ChannelRequantization &channel,
                          int32_t accumulator) {
  double rounded = std::nearbyint(evaluateUnrounded(cheap, accumulator));
  return static_cast<int32_t>(
      std::clamp(rounded, static_cast<double>(channel.clamp.min),
                 static_cast<double>(channel.clamp.max)));
}

static bool haveSameSteps(const FloatRequantization &cheap,
                          const ChannelRequantization &channel,
                          llvm::ArrayRef<RequantizationStep> steps) {
  // Else it would not be monotone, or nothing at all.
  if (!(cheap.scale >= 0) ||
      !(evaluateUnrounded(cheap, -1) <= evaluateUnrounded(cheap, 0)))
    return false;
  for (int64_t end : {channel.accumulators.min, channel.accumulators.max}) {
    // The conversion to i32 would overflow.
    if (!(std::abs(evaluateUnrounded(cheap, end)) < 0x1p31) ||
        evaluate(cheap, channel, end) != requantizeChannel(channel, end))
      return false;
  }
  return llvm::all_of(steps, [&](const RequantizationStep &step) {
    return evaluate(cheap, channel, step.accumulator) >= step.value &&
           evaluate(cheap, channel, step.accumulator - 1) < step.value;
  });
}

bool quantcc::isExact(const FloatRequantization &cheap,
                      const ChannelRequantization &channel) {
  return isDefined(channel) &&
         haveSameSteps(cheap, channel, findSteps(channel));
}

namespace {

/// The offsets with which a scale steps where it must, were it not for rounding
/// on the way.
struct OffsetInterval {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();

  double width() const { return high - low; }
  /// The middle, or what is next to `preferred` where one side is open.
  double choose(double preferred) const {
    if (std::isinf(low) || std::isinf(high))
      return std::clamp(preferred, low, high);
    return low + (high - low) / 2;
  }
};

} // namespace

namespace {

/// Steps as the search for offsets reads them, hundreds of times.
class StepTable {
public:
  explicit StepTable(llvm::ArrayRef<RequantizationStep> steps) {
    for (const RequantizationStep &step : steps) {
      middles.push_back(static_cast<double>(step.value) - 0.5);
      accumulators.push_back(static_cast<double>(step.accumulator));
      negative += step.accumulator < 0;
      negativeBefore += step.accumulator <= 0;
    }
  }

  /// What holds for the offset of accumulators below 0, of those from 0 on, or
  /// of all.
  OffsetInterval below(double scale) const {
    return {lowest(scale, 0, negative), highest(scale, 0, negativeBefore)};
  }
  OffsetInterval above(double scale) const {
    return {lowest(scale, negative, middles.size()),
            highest(scale, negativeBefore, middles.size())};
  }
  OffsetInterval all(double scale) const {
    return {lowest(scale, 0, middles.size()),
            highest(scale, 0, middles.size())};
  }

private:
  /// Several extrema side by side, so that the loop is one of vectors.
  static constexpr size_t kWidth = 8;

  /// The lowest offset with which all of these steps are reached.
  double lowest(double scale, size_t begin, size_t end) const {
    double result[kWidth];
    std::fill_n(result, kWidth, -std::numeric_limits<double>::infinity());
    auto offer = [&](size_t i, size_t lane) {
      double offset = middles[i] - scale * accumulators[i];
      result[lane] = std::max(result[lane], offset);
    };
    for (; begin + kWidth <= end; begin += kWidth)
      for (size_t lane = 0; lane != kWidth; ++lane)
        offer(begin + lane, lane);
    for (; begin != end; ++begin)
      offer(begin, 0);
    return *std::max_element(result, result + kWidth);
  }

  /// The highest offset with which none of these steps is taken too early.
  double highest(double scale, size_t begin, size_t end) const {
    double result[kWidth];
    std::fill_n(result, kWidth, std::numeric_limits<double>::infinity());
    auto offer = [&](size_t i, size_t lane) {
      double offset = middles[i] - scale * (accumulators[i] - 1);
      result[lane] = std::min(result[lane], offset);
    };
    for (; begin + kWidth <= end; begin += kWidth)
      for (size_t lane = 0; lane != kWidth; ++lane)
        offer(begin + lane, lane);
    for (; begin != end; ++begin)
      offer(begin, 0);
    return *std::min_element(result, result + kWidth);
  }

  llvm::SmallVector<double, 256> middles, accumulators;
  /// How many steps, which ascend, have an accumulator below 0, and how many
  /// have the one before it below 0.
  size_t negative = 0, negativeBefore = 0;
};

} // namespace

/// A candidate for `scale`, and how much room its offsets have; none if there
/// is no room.
static std::optional<std::pair<double, FloatRequantization>>
makeCandidate(double scale, const ChannelRequantization &channel,
              FloatForm form, const StepTable &steps) {
  OffsetInterval negative, positive = steps.all(scale);
  if (form.isSplit) {
    negative = steps.below(scale);
    positive = steps.above(scale);
  }
  double width = positive.width();
  if (form.isSplit)
    width = std::min(width, negative.width());
  if (!(width > 0))
    return std::nullopt;
  FloatRequantization cheap{form, scale, positive.choose(channel.zeroPoint), 0};
  cheap.negativeOffset =
      form.isSplit ? negative.choose(channel.zeroPoint) : cheap.offset;
  if (!form.isDouble) {
    cheap.offset = static_cast<float>(cheap.offset);
    cheap.negativeOffset = static_cast<float>(cheap.negativeOffset);
  }
  return std::make_pair(width, cheap);
}

/// `exact` in the precision asked for, and neighbours of it where that is f32:
/// f64 holds every multiplier.
static llvm::SmallVector<double> scalesNear(double exact, bool isDouble) {
  if (isDouble)
    return {exact};
  constexpr int kReach = 64;
  llvm::SmallVector<double> scales;
  float scale = static_cast<float>(exact);
  for (int i = 0; i < kReach && scale > 0; ++i)
    scale = std::nextafter(scale, 0.0f);
  for (int i = 0; i <= 2 * kReach; ++i) {
    scales.push_back(scale);
    scale = std::nextafter(scale, std::numeric_limits<float>::max());
  }
  return scales;
}

std::optional<FloatRequantization>
quantcc::findFloatRequantization(const ChannelRequantization &channel,
                                 FloatForm form) {
  if (!isDefined(channel))
    return std::nullopt;
  llvm::SmallVector<RequantizationStep> steps = findSteps(channel);
  double exact =
      std::ldexp(channel.multiplier.multiplier, -channel.multiplier.shift);
  // As it stands, where ties to even are wanted and met.
  double zero = channel.zeroPoint;
  FloatRequantization plain{form, form.isDouble ? exact : float(exact), zero,
                            zero};
  if (haveSameSteps(plain, channel, steps))
    return plain;
  StepTable table(steps);
  llvm::SmallVector<std::pair<double, FloatRequantization>> candidates;
  for (double scale : scalesNear(exact, form.isDouble))
    if (auto candidate = makeCandidate(scale, channel, form, table))
      candidates.push_back(*candidate);
  llvm::sort(candidates, [](const auto &lhs, const auto &rhs) {
    return std::tie(lhs.first, lhs.second.scale) >
           std::tie(rhs.first, rhs.second.scale);
  });
  for (const auto &[width, cheap] : candidates)
    if (haveSameSteps(cheap, channel, steps))
      return cheap;
  return std::nullopt;
}
