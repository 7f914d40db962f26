//===- EntropyEstimator.cpp - The entropy estimator -----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The range of least Kullback-Leibler divergence between the values and their
// quantized form. Source: S. Migacz, "8-bit Inference with TensorRT", GTC 2017,
// with ranges that may be asymmetric and zeros left out, as they stay exact.
//
//===----------------------------------------------------------------------===//

#include "Estimators.h"

#include <algorithm>
#include <cmath>
#include <vector>

using namespace quantcc;

static constexpr int kSide = Histogram::kBinsPerSide;
/// Distance between the candidate magnitudes, in bins.
static constexpr int kStep = 16;

namespace {

/// A candidate range.
struct Candidate {
  RealRange range;
  /// The bins it covers, both included.
  int first, last;
  /// The distance between two stored values, in real units.
  double scale;
};

} // namespace

/// The natural logarithm of a positive normal number from operations that IEEE
/// 754 defines exactly, so that it is the same on every host; libm's is not.
static double computeLogarithm(double x) {
  int exponent;
  double mantissa = std::frexp(x, &exponent);
  if (mantissa < 0.70710678118654752) {
    mantissa *= 2.0;
    --exponent;
  }
  // ln m = 2 artanh z; |z| < 0.172, so that the terms left out are below 2^-60.
  double z = (mantissa - 1.0) / (mantissa + 1.0);
  double square = z * z, sum = 0.0;
  for (int n = 23; n >= 1; n -= 2)
    sum = sum * square + 1.0 / n;
  return 2.0 * z * sum + exponent * 0.69314718055994531;
}

/// The counts of the values with those outside moved to the outermost bins.
static std::vector<double> clipCounts(const Histogram &histogram,
                                      const Candidate &candidate) {
  std::vector<double> counts(candidate.last - candidate.first + 1);
  for (int bin = -kSide; bin < kSide; ++bin)
    counts[std::clamp(bin, candidate.first, candidate.last) -
           candidate.first] += static_cast<double>(histogram.getCount(bin));
  return counts;
}

/// The counts that the stored values tell of: those of the bins that round to
/// one stored value are spread evenly over the bins among them that hold any.
static std::vector<double> quantizeCounts(const Histogram &histogram,
                                          const Candidate &candidate) {
  std::vector<double> counts(candidate.last - candidate.first + 1);
  auto levelOf = [&](int bin) {
    double center = histogram.getEdge(bin) + histogram.getBinWidth() / 2.0;
    return std::floor((center - candidate.range.min) / candidate.scale + 0.5);
  };
  for (int begin = candidate.first, end; begin <= candidate.last; begin = end) {
    double sum = 0.0, numFilled = 0.0, level = levelOf(begin);
    for (end = begin; end <= candidate.last && levelOf(end) == level; ++end) {
      sum += static_cast<double>(histogram.getCount(end));
      numFilled += histogram.getCount(end) != 0;
    }
    for (int bin = begin; bin < end; ++bin)
      if (histogram.getCount(bin) != 0)
        counts[bin - candidate.first] = sum / numFilled;
  }
  return counts;
}

/// The divergence of the quantized values from the clipped ones.
static double computeDivergence(const Histogram &histogram,
                                const Candidate &candidate) {
  std::vector<double> clipped = clipCounts(histogram, candidate);
  std::vector<double> quantized = quantizeCounts(histogram, candidate);
  double clippedSum = 0.0, quantizedSum = 0.0;
  for (size_t i = 0; i < clipped.size(); ++i) {
    // An outermost bin may hold nothing but what was clipped to it: half a
    // count stands for the impossible, whose divergence would be infinite.
    if (clipped[i] != 0.0 && quantized[i] == 0.0)
      quantized[i] = 0.5;
    clippedSum += clipped[i];
    quantizedSum += quantized[i];
  }
  double divergence = 0.0;
  for (size_t i = 0; i < clipped.size(); ++i)
    if (clipped[i] != 0.0) {
      double p = clipped[i] / clippedSum, q = quantized[i] / quantizedSum;
      divergence += p * computeLogarithm(p / q);
    }
  return divergence;
}

/// The candidate of magnitude `numBins` bins within `whole`.
static Candidate makeCandidate(const Histogram &histogram, RealRange whole,
                               int numBins, RangeUse use) {
  double magnitude = histogram.getEdge(numBins);
  Candidate candidate;
  candidate.range = limitMagnitude(whole, magnitude);
  int exponent = histogram.getExponent();
  candidate.first =
      whole.min == 0.0f
          ? 0
          : std::max(Histogram::getBinFor(whole.min, exponent), -numBins);
  candidate.last =
      whole.max == 0.0f
          ? -1
          : std::min(Histogram::getBinFor(whole.max, exponent), numBins - 1);
  double min = candidate.range.min, max = candidate.range.max;
  candidate.scale = use.symmetric
                        ? std::max(-min, max) / ((1 << (use.bits - 1)) - 1)
                        : (max - min) / ((1 << use.bits) - 1);
  return candidate;
}

RealRange quantcc::estimateEntropy(const TensorStatistics &statistics,
                                   RangeUse use) {
  const Histogram &histogram = statistics.getHistogram();
  RealRange whole = {std::min(statistics.getRange().min, 0.0f),
                     std::max(statistics.getRange().max, 0.0f)};
  double magnitude = std::max(-whole.min, whole.max);
  int mostBins = static_cast<int>(magnitude / histogram.getBinWidth()) + 1;
  // With fewer bins than stored values nothing is lost inside the range, and
  // the divergence says nothing of the rounding.
  int fewestBins = std::min(1 << use.bits, mostBins);

  RealRange best = whole;
  double leastDivergence = HUGE_VAL;
  for (int numBins = mostBins; numBins >= fewestBins; numBins -= kStep) {
    Candidate candidate = makeCandidate(histogram, whole, numBins, use);
    double divergence = computeDivergence(histogram, candidate);
    if (divergence < leastDivergence) {
      leastDivergence = divergence;
      best = candidate.range;
    }
  }
  return best;
}
