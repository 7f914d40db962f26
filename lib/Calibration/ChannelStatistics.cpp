//===- ChannelStatistics.cpp - Statistics channel by channel --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Gathers extrema and means of each channel.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Calibration/ChannelStatistics.h"

#include <algorithm>
#include <cassert>

using namespace quantcc;
using llvm::ArrayRef;

void ChannelStatistics::add(ArrayRef<float> sample, size_t channels) {
  assert(channels != 0 && !sample.empty() && sample.size() % channels == 0 &&
         "expected whole positions");
  std::vector<float> low(sample.begin(), sample.begin() + channels);
  std::vector<float> high = low;
  std::vector<double> sums(channels, 0.0);
  // Channel by channel in the inner loop: each chain of additions keeps the
  // order of the positions, and the loop is vectorized all the same.
  for (ArrayRef<float> rest = sample; !rest.empty();
       rest = rest.drop_front(channels))
    for (size_t c = 0; c < channels; ++c) {
      float value = rest[c];
      low[c] = value < low[c] ? value : low[c];
      high[c] = value > high[c] ? value : high[c];
      sums[c] += value;
    }
  bool isFirst = minima.empty();
  assert((isFirst || minima.size() == channels) &&
         "other channels than before");
  if (isFirst)
    sumsOfMeans.resize(channels);
  double positions = static_cast<double>(sample.size() / channels);
  for (size_t c = 0; c < channels; ++c) {
    // Adding +0 turns -0, which equals +0 in any order, into +0.
    low[c] += 0.0f;
    high[c] += 0.0f;
    sumsOfMeans[c].add(static_cast<float>(sums[c] / positions));
  }
  if (isFirst) {
    minima = std::move(low);
    maxima = std::move(high);
    return;
  }
  for (size_t c = 0; c < channels; ++c) {
    minima[c] = std::min(minima[c], low[c]);
    maxima[c] = std::max(maxima[c], high[c]);
  }
}

void ChannelStatistics::merge(const ChannelStatistics &other) {
  if (other.minima.empty())
    return;
  if (minima.empty()) {
    *this = other;
    return;
  }
  assert(minima.size() == other.minima.size() && "other channels than before");
  for (size_t c = 0; c < minima.size(); ++c) {
    minima[c] = std::min(minima[c], other.minima[c]);
    maxima[c] = std::max(maxima[c], other.maxima[c]);
    sumsOfMeans[c].merge(other.sumsOfMeans[c]);
  }
}

ChannelStatistics ChannelStatistics::of(std::vector<float> minima,
                                        std::vector<float> maxima,
                                        std::vector<ExactSum> sumsOfMeans) {
  assert(minima.size() == maxima.size() &&
         minima.size() == sumsOfMeans.size() && "expected as many of each");
  ChannelStatistics statistics;
  statistics.minima = std::move(minima);
  statistics.maxima = std::move(maxima);
  statistics.sumsOfMeans = std::move(sumsOfMeans);
  return statistics;
}
