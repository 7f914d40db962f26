//===- PercentileEstimator.cpp - The percentile estimator -----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The smallest range of whole bins that leaves no more than a given share of
// the values outside.
//
//===----------------------------------------------------------------------===//

#include "Estimators.h"

#include <algorithm>
#include <cmath>

using namespace quantcc;

static constexpr int kSide = Histogram::kBinsPerSide;

/// The greatest edge below which lie at most `allowed` values, walking from the
/// lowest value up. `sign` -1 mirrors the histogram, and the result.
static double findLowEdge(const Histogram &histogram, uint64_t allowed,
                          int sign) {
  // Bin -1 - i of the mirrored histogram is bin i.
  auto countOf = [&](int bin) {
    return histogram.getCount(sign > 0 ? bin : -1 - bin);
  };
  uint64_t below = 0;
  for (int bin = -kSide; bin < kSide; ++bin) {
    below += countOf(bin);
    if (below > allowed)
      return sign * histogram.getEdge(bin);
  }
  return 0.0;
}

/// The least magnitude above which lie at most `allowed` values.
static double findMagnitude(const Histogram &histogram, uint64_t allowed) {
  uint64_t above = 0;
  for (int bin = kSide - 1; bin >= 0; --bin) {
    above += histogram.getCount(bin) + histogram.getCount(-1 - bin);
    if (above > allowed)
      return histogram.getEdge(bin + 1);
  }
  return 0.0;
}

RealRange quantcc::estimatePercentile(const TensorStatistics &statistics,
                                      double percentile, bool symmetric) {
  const Histogram &histogram = statistics.getHistogram();
  RealRange range = statistics.getRange();
  double outside =
      static_cast<double>(histogram.getTotal()) * (100.0 - percentile) / 100.0;
  if (symmetric) {
    uint64_t allowed = static_cast<uint64_t>(std::floor(outside));
    return limitMagnitude(
        {std::min(range.min, 0.0f), std::max(range.max, 0.0f)},
        findMagnitude(histogram, allowed));
  }
  uint64_t allowed = static_cast<uint64_t>(std::floor(outside / 2.0));
  // Edges have 12 bits: exact in f32.
  float min = static_cast<float>(findLowEdge(histogram, allowed, 1));
  float max = static_cast<float>(findLowEdge(histogram, allowed, -1));
  return {std::min(std::max(min, range.min), 0.0f),
          std::max(std::min(max, range.max), 0.0f)};
}
