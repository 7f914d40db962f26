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

/// A candidate for `scale`, and how much room its offsets have; none if there
/// is no room.
static std::optional<std::pair<double, FloatRequantization>>
makeCandidate(double scale, const ChannelRequantization &channel,
              FloatForm form, llvm::ArrayRef<RequantizationStep> steps) {
  OffsetInterval negative, positive;
  auto intervalOf = [&](int64_t accumulator) -> OffsetInterval & {
    return form.isSplit && accumulator < 0 ? negative : positive;
  };
  for (const RequantizationStep &step : steps) {
    double middle = static_cast<double>(step.value) - 0.5;
    int64_t at = step.accumulator, before = at - 1;
    double &low = intervalOf(at).low, &high = intervalOf(before).high;
    low = std::max(low, middle - scale * static_cast<double>(at));
    high = std::min(high, middle - scale * static_cast<double>(before));
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
  llvm::SmallVector<std::pair<double, FloatRequantization>> candidates;
  double exact =
      std::ldexp(channel.multiplier.multiplier, -channel.multiplier.shift);
  // As it stands, where ties to even are wanted and met.
  double zero = channel.zeroPoint;
  candidates.push_back(
      {std::numeric_limits<double>::infinity(),
       {form, form.isDouble ? exact : float(exact), zero, zero}});
  for (double scale : scalesNear(exact, form.isDouble))
    if (auto candidate = makeCandidate(scale, channel, form, steps))
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
