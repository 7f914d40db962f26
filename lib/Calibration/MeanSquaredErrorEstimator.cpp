//===- MeanSquaredErrorEstimator.cpp - The mse estimator ------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The range of least expected squared quantization error: every pair of bin
// edges is tried, at a constant cost each.
//
//===----------------------------------------------------------------------===//

#include "Estimators.h"

#include <algorithm>
#include <cmath>
#include <llvm/ADT/STLFunctionalExtras.h>
#include <vector>

using namespace quantcc;

namespace {

/// One end of a range, on one side of zero, in bins from zero.
struct EndCandidate {
  double end;
  /// The summed squared error, in squared bins, of the values beyond the end,
  /// which become the end.
  double error;
  /// The number of these values.
  double numClipped;
};

} // namespace

/// The candidates of one side, the widest first: `magnitude`, beyond which
/// nothing lies, then each edge from the bin it is in down to zero. `countOf`
/// gives the count of the i-th bin from zero; values are spread evenly over
/// their bin.
static std::vector<EndCandidate>
listCandidates(double magnitude, llvm::function_ref<double(int)> countOf) {
  std::vector<EndCandidate> candidates = {{magnitude, 0.0, 0.0}};
  // Moving the end in by a bin adds 1 to the distance d of all values clipped
  // before: their squares grow by 2d + 1. Those of the new bin have a mean
  // distance of 1/2 and a mean square of 1/3. Only additions: nothing cancels.
  double error = 0.0, distance = 0.0, numClipped = 0.0;
  for (int bin = static_cast<int>(magnitude); bin >= 0; --bin) {
    double count = countOf(bin);
    error += 2.0 * distance + numClipped + count / 3.0;
    distance += numClipped + count / 2.0;
    numClipped += count;
    candidates.push_back({static_cast<double>(bin), error, numClipped});
  }
  return candidates;
}

/// The error of `numInside` values rounded to steps of `step` bins.
static double roundingError(double numInside, double step) {
  return numInside * step * step / 12.0;
}

RealRange quantcc::estimateMeanSquaredError(const TensorStatistics &statistics,
                                            RangeUse use) {
  const Histogram &histogram = statistics.getHistogram();
  double width = histogram.getBinWidth();
  double total = static_cast<double>(histogram.getTotal());
  RealRange range = {std::min(statistics.getRange().min, 0.0f),
                     std::max(statistics.getRange().max, 0.0f)};
  double low = -range.min / width, high = range.max / width;
  auto countAbove = [&](int bin) {
    return static_cast<double>(histogram.getCount(bin));
  };
  auto countBelow = [&](int bin) {
    return static_cast<double>(histogram.getCount(-1 - bin));
  };

  double bestError = HUGE_VAL;
  if (use.symmetric) {
    double best = std::max(low, high);
    double steps = (1 << (use.bits - 1)) - 1;
    for (const EndCandidate &end : listCandidates(best, [&](int bin) {
           return countAbove(bin) + countBelow(bin);
         })) {
      double error =
          end.error + roundingError(total - end.numClipped, end.end / steps);
      if (end.end > 0.0 && error < bestError) {
        bestError = error;
        best = end.end;
      }
    }
    return limitMagnitude(range, best * width);
  }

  double bestLow = low, bestHigh = high;
  double steps = (1 << use.bits) - 1;
  std::vector<EndCandidate> highs = listCandidates(high, countAbove);
  for (const EndCandidate &lowEnd : listCandidates(low, countBelow))
    for (const EndCandidate &highEnd : highs) {
      double error =
          lowEnd.error + highEnd.error +
          roundingError(total - lowEnd.numClipped - highEnd.numClipped,
                        (lowEnd.end + highEnd.end) / steps);
      if (error < bestError && lowEnd.end + highEnd.end > 0.0) {
        bestError = error;
        bestLow = lowEnd.end;
        bestHigh = highEnd.end;
      }
    }
  return {static_cast<float>(-bestLow * width),
          static_cast<float>(bestHigh * width)};
}
