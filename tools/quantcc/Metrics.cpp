//===- Metrics.cpp - Figures of merit -------------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The figures that evaluate and compare print.
//
//===----------------------------------------------------------------------===//

#include "Metrics.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <llvm/ADT/STLExtras.h>
#include <numeric>

using namespace llvm;
using namespace quantcc;

size_t quantcc::largestIndex(ArrayRef<float> values) {
  return std::max_element(values.begin(), values.end()) - values.begin();
}

double quantcc::meanSquaredError(ArrayRef<float> a, ArrayRef<float> b) {
  assert(a.size() == b.size() && !a.empty() && "expected equal lengths");
  double sum = 0.0;
  for (auto [x, y] : zip_equal(a, b)) {
    double error = static_cast<double>(x) - y;
    sum += error * error;
  }
  return sum / a.size();
}

double quantcc::areaUnderCurve(ArrayRef<double> scores,
                               ArrayRef<int64_t> labels) {
  assert(scores.size() == labels.size() && "expected one label a score");
  std::vector<size_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0);
  sort(order, [&](size_t a, size_t b) { return scores[a] < scores[b]; });
  // The rank sum of the positives, equal scores sharing their mean rank.
  double rankSum = 0.0, positives = 0.0;
  for (size_t begin = 0; begin < order.size();) {
    size_t end = begin;
    while (end < order.size() && scores[order[end]] == scores[order[begin]])
      ++end;
    double meanRank = (begin + 1 + end) / 2.0;
    for (size_t i = begin; i < end; ++i)
      if (labels[order[i]] != 0) {
        rankSum += meanRank;
        positives += 1.0;
      }
    begin = end;
  }
  double negatives = scores.size() - positives;
  if (positives == 0.0 || negatives == 0.0)
    return std::numeric_limits<double>::quiet_NaN();
  return (rankSum - positives * (positives + 1.0) / 2.0) /
         (positives * negatives);
}

void Difference::add(ArrayRef<float> reference, ArrayRef<float> other) {
  for (auto [x, y] : zip_equal(reference, other)) {
    double signal = x, value = y, error = signal - value;
    signalPower += signal * signal;
    otherPower += value * value;
    dotProduct += signal * value;
    errorPower += error * error;
    largestError = std::max(largestError, std::abs(error));
  }
  count += reference.size();
}

Difference &Difference::operator+=(const Difference &other) {
  signalPower += other.signalPower;
  errorPower += other.errorPower;
  dotProduct += other.dotProduct;
  otherPower += other.otherPower;
  largestError = std::max(largestError, other.largestError);
  count += other.count;
  return *this;
}

double Difference::signalToNoise() const {
  if (errorPower == 0.0)
    return std::numeric_limits<double>::infinity();
  return 10.0 * std::log10(signalPower / errorPower);
}

double Difference::cosine() const {
  double norm = std::sqrt(signalPower) * std::sqrt(otherPower);
  if (norm == 0.0)
    return signalPower == otherPower ? 1.0 : 0.0;
  return dotProduct / norm;
}
