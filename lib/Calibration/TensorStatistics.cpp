//===- TensorStatistics.cpp - What calibration keeps ----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Accumulates the statistics of one tensor.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Calibration/TensorStatistics.h"

#include <algorithm>
#include <cmath>
#include <llvm/ADT/bit.h>
#include <llvm/Support/FormatVariadic.h>

using namespace quantcc;
using llvm::ArrayRef;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

namespace {

/// Least and greatest order key, and how many zeros, of some values.
struct Extrema {
  int32_t minKey = INT32_MAX;
  int32_t maxKey = INT32_MIN;
  uint64_t positiveZeros = 0;
  uint64_t negativeZeros = 0;
};

} // namespace

/// Maps the bits of floats to integers in the same order: -NaN < -infinity <
/// ... < -0 < +0 < ... < infinity < NaN. It is its own inverse.
static int32_t toOrderKey(int32_t bits) {
  return bits ^ ((bits >> 31) & 0x7fffffff);
}

static float fromOrderKey(int32_t key) {
  // Adding +0 turns -0 into +0.
  return llvm::bit_cast<float>(toOrderKey(key)) + 0.0f;
}

/// Finds the extrema in integer arithmetic, where a reduction may be reordered
/// and so vectorized.
static Extrema findExtrema(ArrayRef<float> values) {
  constexpr size_t blockSize = size_t(1) << 24;
  constexpr int32_t negativeZeroKey = -1;
  Extrema extrema;
  while (!values.empty()) {
    ArrayRef<float> block = values.take_front(blockSize);
    int32_t minKey = extrema.minKey, maxKey = extrema.maxKey;
    int32_t positiveZeros = 0, negativeZeros = 0;
    for (float value : block) {
      int32_t key = toOrderKey(llvm::bit_cast<int32_t>(value));
      minKey = std::min(minKey, key);
      maxKey = std::max(maxKey, key);
      positiveZeros += key == 0;
      negativeZeros += key == negativeZeroKey;
    }
    extrema.minKey = minKey;
    extrema.maxKey = maxKey;
    extrema.positiveZeros += positiveZeros;
    extrema.negativeZeros += negativeZeros;
    values = values.drop_front(block.size());
  }
  return extrema;
}

static Error makeNotFiniteError(StringRef tensor, ArrayRef<float> sample) {
  for (auto [index, value] : llvm::enumerate(sample))
    if (!std::isfinite(value))
      return llvm::createStringError(llvm::formatv(
          "tensor '{0}': expected finite values, found {1} at element {2}",
          tensor,
          std::isnan(value) ? "NaN"
          : value > 0       ? "infinity"
                            : "-infinity",
          index));
  llvm_unreachable("every value is finite");
}

Error TensorStatistics::add(StringRef tensor, ArrayRef<float> sample,
                            size_t numChannels) {
  if (sample.empty())
    return llvm::createStringError(
        llvm::formatv("tensor '{0}': expected values, found none", tensor));
  Extrema extrema = findExtrema(sample);
  float min = fromOrderKey(extrema.minKey);
  float max = fromOrderKey(extrema.maxKey);
  if (!std::isfinite(min) || !std::isfinite(max))
    return makeNotFiniteError(tensor, sample);

  histogram.add(sample, std::max(std::fabs(min), std::fabs(max)),
                extrema.positiveZeros, extrema.negativeZeros);
  range.min = numSamples == 0 ? min : std::min(range.min, min);
  range.max = numSamples == 0 ? max : std::max(range.max, max);
  sumOfMinima.add(min);
  sumOfMaxima.add(max);
  ++numSamples;
  numValues += sample.size();
  numZeros += extrema.positiveZeros + extrema.negativeZeros;
  if (numChannels != 0)
    channels.add(sample, numChannels);
  return Error::success();
}

void TensorStatistics::merge(const TensorStatistics &other) {
  if (other.numSamples == 0)
    return;
  range.min =
      numSamples == 0 ? other.range.min : std::min(range.min, other.range.min);
  range.max =
      numSamples == 0 ? other.range.max : std::max(range.max, other.range.max);
  numSamples += other.numSamples;
  numValues += other.numValues;
  numZeros += other.numZeros;
  sumOfMinima.merge(other.sumOfMinima);
  sumOfMaxima.merge(other.sumOfMaxima);
  histogram.merge(other.histogram);
  channels.merge(other.channels);
}

bool TensorStatistics::operator==(const TensorStatistics &other) const {
  return numSamples == other.numSamples && numValues == other.numValues &&
         numZeros == other.numZeros && range == other.range &&
         sumOfMinima == other.sumOfMinima && sumOfMaxima == other.sumOfMaxima &&
         histogram == other.histogram && channels == other.channels;
}

/// Whether the histogram's outermost values are in the bins of the range.
static bool matchesRange(const Histogram &histogram, RealRange range) {
  int first = -Histogram::kBinsPerSide, last = Histogram::kBinsPerSide - 1;
  while (first <= last && histogram.getCount(first) == 0)
    ++first;
  while (last >= first && histogram.getCount(last) == 0)
    --last;
  if (first > last)
    return range.min == 0.0f && range.max == 0.0f;
  // A bound of 0 has no bin: the values are on the other side of it.
  int exponent = histogram.getExponent();
  bool matchesMin = range.min == 0.0f
                        ? first >= 0
                        : first == Histogram::getBinFor(range.min, exponent);
  bool matchesMax = range.max == 0.0f
                        ? last < 0
                        : last == Histogram::getBinFor(range.max, exponent);
  return matchesMin && matchesMax;
}

/// Whether the channels' statistics are of no samples with the others.
static const char *findContradiction(const ChannelStatistics &channels,
                                     const TensorStatistics::Parts &parts) {
  size_t count = channels.getNumChannels();
  if (count == 0)
    return nullptr;
  if (parts.numValues % count != 0 ||
      parts.numValues / count < parts.numSamples)
    return "the values are not as many of each channel";
  ArrayRef<float> minima = channels.getMinima(), maxima = channels.getMaxima();
  if (*llvm::min_element(minima) != parts.range.min ||
      *llvm::max_element(maxima) != parts.range.max)
    return "the channels' extrema are not those of the tensor";
  for (size_t c = 0; c < count; ++c) {
    if (minima[c] > maxima[c])
      return "a channel's min and max are no range";
    double slack =
        0x1p-20 * std::max(std::fabs(minima[c]), std::fabs(maxima[c]));
    double mean = channels.getSumsOfMeans()[c].divideBy(parts.numSamples);
    if (mean < minima[c] - slack || mean > maxima[c] + slack)
      return "a channel's mean is out of its range";
  }
  return nullptr;
}

Expected<TensorStatistics>
TensorStatistics::fromParts(const TensorStatistics::Parts &parts) {
  auto contradiction = [](const char *what) {
    return llvm::createStringError(
        llvm::formatv("the statistics contradict each other: {0}", what));
  };
  RealRange range = parts.range;
  if (parts.numSamples == 0 || parts.numValues < parts.numSamples)
    return contradiction("fewer values than samples, or none");
  if (!std::isfinite(range.min) || !std::isfinite(range.max) ||
      range.min > range.max)
    return contradiction("min and max are no finite range");
  if (parts.numZeros > parts.numValues ||
      parts.histogram.getTotal() != parts.numValues - parts.numZeros)
    return contradiction("the histogram does not count every value");
  float magnitude = std::max(std::fabs(range.min), std::fabs(range.max));
  if (parts.histogram.getExponent() != Histogram::getExponentFor(magnitude) ||
      !matchesRange(parts.histogram, range))
    return contradiction("min and max are not the ends of the histogram");
  if ((range.min == 0.0f || range.max == 0.0f) && parts.numZeros == 0)
    return contradiction("the range ends at 0, but no value is 0");
  double slack = 0x1p-40 * magnitude;
  for (const ExactSum &sum : {parts.sumOfMinima, parts.sumOfMaxima}) {
    double mean = sum.divideBy(parts.numSamples);
    if (mean < range.min - slack || mean > range.max + slack)
      return contradiction("a mean of the samples' extrema is out of range");
  }
  if (const char *what = findContradiction(parts.channels, parts))
    return contradiction(what);
  TensorStatistics statistics;
  statistics.numSamples = parts.numSamples;
  statistics.numValues = parts.numValues;
  statistics.numZeros = parts.numZeros;
  statistics.range = range;
  statistics.sumOfMinima = parts.sumOfMinima;
  statistics.sumOfMaxima = parts.sumOfMaxima;
  statistics.histogram = parts.histogram;
  statistics.channels = parts.channels;
  return statistics;
}
