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
#include <llvm/ADT/bit.h>
#include <llvm/Support/MathExtras.h>

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

/// What a form that takes bits multiplies, less 2^23.
static int64_t sumOf(const FloatRequantization &cheap, int64_t accumulator) {
  bool isNegative = cheap.form.isSplit && accumulator < 0;
  return accumulator +
         (isNegative ? cheap.negativeSumOffset : cheap.sumOffset) +
         (accumulator == cheap.exception);
}

/// The bits of the result of a form that takes bits.
static int32_t evaluateBits(const FloatRequantization &cheap,
                            int64_t accumulator) {
  auto sum = static_cast<uint32_t>(sumOf(cheap, accumulator) + kBitsOfSum);
  double offset = accumulator < 0 ? cheap.negativeOffset : cheap.offset;
  float result =
      std::fma(llvm::bit_cast<float>(sum), static_cast<float>(cheap.scale),
               static_cast<float>(offset));
  return llvm::bit_cast<int32_t>(result);
}

int32_t quantcc::evaluate(const FloatRequantization &cheap,
                          const ChannelRequantization &channel,
                          int32_t accumulator) {
  if (cheap.form.takesBits)
    return std::clamp<int32_t>(
        static_cast<int16_t>(evaluateBits(cheap, accumulator)),
        channel.clamp.min, channel.clamp.max);
  double rounded = std::nearbyint(evaluateUnrounded(cheap, accumulator));
  return static_cast<int32_t>(
      std::clamp(rounded, static_cast<double>(channel.clamp.min),
                 static_cast<double>(channel.clamp.max)));
}

/// Whether all sums and results of `cheap`, which takes bits, are the numbers
/// that their bits are taken for.
static bool areBitsDefined(const FloatRequantization &cheap,
                           const ChannelRequantization &channel) {
  if (!(cheap.scale >= 0) || (cheap.exception && !cheap.form.hasExceptions))
    return false;
  // Between the ends of both lines are the others.
  const StoredRange &all = channel.accumulators;
  for (int64_t end :
       {int64_t(all.min), std::clamp<int64_t>(-1, all.min, all.max),
        std::clamp<int64_t>(0, all.min, all.max), int64_t(all.max)}) {
    int64_t sum = sumOf(cheap, end);
    if (sum < 0 || sum >= 1 << 23)
      return false;
    int64_t result = int64_t(evaluateBits(cheap, end)) - kBitsOfResult;
    constexpr int64_t kRoom = 128;
    if (result < INT16_MIN || result + kRoom > INT16_MAX)
      return false;
  }
  return true;
}

/// Whether `cheap` is defined for all accumulators and nowhere falls; nor does
/// it with an exception, which equals the accumulator after it.
static bool isMonotone(const FloatRequantization &cheap,
                       const ChannelRequantization &channel) {
  if (cheap.form.takesBits)
    return areBitsDefined(cheap, channel) &&
           (!cheap.form.isSplit ||
            evaluate(cheap, channel, -1) <= evaluate(cheap, channel, 0));
  // Else it would not be monotone, or nothing at all.
  if (!(cheap.scale >= 0) ||
      !(evaluateUnrounded(cheap, -1) <= evaluateUnrounded(cheap, 0)))
    return false;
  // The conversion to i32 would overflow.
  return std::abs(evaluateUnrounded(cheap, channel.accumulators.min)) <
             0x1p31 &&
         std::abs(evaluateUnrounded(cheap, channel.accumulators.max)) < 0x1p31;
}

static bool haveSameSteps(const FloatRequantization &cheap,
                          const ChannelRequantization &channel,
                          llvm::ArrayRef<RequantizationStep> steps) {
  auto monotone = [&](int64_t accumulator) {
    return evaluate(cheap, channel, accumulator);
  };
  return isMonotone(cheap, channel) && hasSteps(monotone, channel, steps);
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

  /// The step that asks for the highest offset, and what holds for the offset
  /// if that one does not count. There is a step.
  std::pair<int32_t, OffsetInterval> allButLatest(double scale) const {
    size_t latest = 0;
    double offset = -std::numeric_limits<double>::infinity();
    OffsetInterval others;
    for (size_t i = 0; i != middles.size(); ++i) {
      double low = middles[i] - scale * accumulators[i];
      others.low = std::max(others.low, std::min(low, offset));
      if (low > offset) {
        offset = low;
        latest = i;
      }
    }
    others.high = highest(scale, 0, middles.size());
    return {static_cast<int32_t>(accumulators[latest]), others};
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

/// The least x from 0 to `most` with low <= factor * x mod modulus <= high, or
/// nothing; 0 <= low <= high < modulus, factor < modulus. As Euclid's
/// algorithm, it asks the same of the remainder, for how often the modulus was
/// left.
static std::optional<int64_t> firstWithin(int64_t factor, int64_t modulus,
                                          int64_t low, int64_t high,
                                          int64_t most) {
  if (low == 0)
    return 0;
  if (factor == 0)
    return std::nullopt;
  int64_t first = llvm::divideCeil(low, factor);
  if (factor * first > high) {
    // No multiple lies within; so those of both ends have one quotient.
    if (factor * most < low)
      return std::nullopt;
    auto rounds =
        firstWithin(modulus % factor, factor, factor - high % factor,
                    factor - low % factor, (factor * most - low) / modulus);
    if (!rounds)
      return std::nullopt;
    first = llvm::divideCeil(low + modulus * *rounds, factor);
  }
  return first <= most ? std::optional(first) : std::nullopt;
}

/// The offset of the sums with which `scale` steps where it must: the product
/// of 2^23 + sumOffset and the scale is a whole number but for an offset that
/// `interval` allows. That number leaves the result's, so that nothing of it is
/// rounded but the result.
static std::optional<FloatRequantization>
findBitsForm(double scale, OffsetInterval interval,
             const ChannelRequantization &channel) {
  int exponent;
  auto digits =
      static_cast<int64_t>(std::ldexp(std::frexp(scale, &exponent), 24));
  // Units of 2^-bits, in which all is a whole number.
  int bits = 24 - exponent;
  if (bits < 24 || bits > 52)
    return std::nullopt;
  if (std::isinf(interval.low))
    interval.low = std::min(interval.high, double(channel.zeroPoint)) - 0.5;
  if (std::isinf(interval.high))
    interval.high = std::max(interval.low, double(channel.zeroPoint)) + 0.5;
  int64_t one = int64_t(1) << bits;
  auto low =
      static_cast<int64_t>(std::floor(std::ldexp(interval.low, bits))) + 1;
  auto high =
      static_cast<int64_t>(std::ceil(std::ldexp(interval.high, bits))) - 1;
  int64_t least = -int64_t(channel.accumulators.min);
  int64_t most = (1 << 23) - 1 - int64_t(channel.accumulators.max);
  if (low > high || least > most)
    return std::nullopt;
  int64_t begin = ((1 << 23) + least) * digits;
  int64_t from = (low - begin) & (one - 1), to = from + (high - low);
  std::optional<int64_t> further = 0;
  if (to < one)
    further = firstWithin(digits & (one - 1), one, from, to, most - least);
  if (!further)
    return std::nullopt;
  int64_t whole = (begin + *further * digits - low) >> bits;
  FloatRequantization result{kBitsFloatForm, scale, 0x3p22 - double(whole), 0,
                             static_cast<int32_t>(least + *further)};
  result.negativeOffset = result.offset;
  return result;
}

/// A line for each sign.
static std::optional<FloatRequantization>
findSplitBitsForm(double scale, const StepTable &table,
                  const ChannelRequantization &channel) {
  auto found = findBitsForm(scale, table.above(scale), channel);
  auto negative = findBitsForm(scale, table.below(scale), channel);
  if (!found || !negative)
    return std::nullopt;
  found->form = kSplitBitsFloatForm;
  found->negativeOffset = negative->offset;
  found->negativeSumOffset = negative->sumOffset;
  return found;
}

/// A form that takes bits whose line reaches one of the steps too late; that
/// step's accumulator is the exception.
static std::optional<FloatRequantization>
findMendedForm(double scale, const StepTable &table,
               const ChannelRequantization &channel) {
  auto [latest, interval] = table.allButLatest(scale);
  if (!(interval.width() > 0))
    return std::nullopt;
  auto found = findBitsForm(scale, interval, channel);
  if (found)
    found->exception = latest;
  return found;
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

static std::optional<FloatRequantization>
findMendedRequantization(const ChannelRequantization &channel) {
  auto found = findFloatRequantization(channel, kBitsFloatForm);
  if (found) {
    found->form = kMendedBitsFloatForm;
    return found;
  }
  if (!isDefined(channel))
    return std::nullopt;
  llvm::SmallVector<RequantizationStep> steps = findSteps(channel);
  // What is always the same has been found.
  if (steps.empty())
    return std::nullopt;
  StepTable table(steps);
  double exact =
      std::ldexp(channel.multiplier.multiplier, -channel.multiplier.shift);
  for (double scale : scalesNear(exact, /*isDouble=*/false)) {
    found = findMendedForm(scale, table, channel);
    if (!found)
      continue;
    found->form = kMendedBitsFloatForm;
    if (haveSameSteps(*found, channel, steps))
      return found;
  }
  return std::nullopt;
}

std::optional<FloatRequantization>
quantcc::findFloatRequantization(const ChannelRequantization &channel,
                                 FloatForm form) {
  if (form.hasExceptions)
    return findMendedRequantization(channel);
  if (!isDefined(channel))
    return std::nullopt;
  llvm::SmallVector<RequantizationStep> steps = findSteps(channel);
  double exact =
      std::ldexp(channel.multiplier.multiplier, -channel.multiplier.shift);
  // As it stands, where ties to even are wanted and met.
  double zero = channel.zeroPoint;
  FloatRequantization plain{form, form.isDouble ? exact : float(exact), zero,
                            zero};
  if (form.takesBits) {
    // As a constant, if it is one.
    auto least = static_cast<int32_t>(channel.accumulators.min);
    plain.scale = 0;
    plain.offset = 0x3p22 + requantizeChannel(channel, least);
    plain.negativeOffset = plain.offset;
    plain.sumOffset = plain.negativeSumOffset = -least;
  }
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
  for (const auto &[width, cheap] : candidates) {
    std::optional<FloatRequantization> found = cheap;
    if (form.takesBits)
      found = form.isSplit
                  ? findSplitBitsForm(cheap.scale, table, channel)
                  : findBitsForm(cheap.scale, table.all(cheap.scale), channel);
    if (found && haveSameSteps(*found, channel, steps))
      return found;
  }
  return std::nullopt;
}
