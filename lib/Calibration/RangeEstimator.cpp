//===- RangeEstimator.cpp - Ranges from statistics ------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names of the estimators, those that need no search, and the choice.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Calibration/RangeEstimator.h"

#include "Estimators.h"

#include <algorithm>
#include <cassert>
#include <llvm/ADT/StringSwitch.h>
#include <llvm/Support/ErrorHandling.h>
#include <optional>

using namespace quantcc;
using llvm::Expected;
using llvm::StringRef;

StringRef RangeEstimator::getNames() {
  return "min-max, averaged-min-max, percentile[:P], entropy, mse";
}

Expected<RangeEstimator> RangeEstimator::parse(StringRef text) {
  RangeEstimator estimator;
  StringRef parameter = text;
  if (parameter.consume_front("percentile:")) {
    estimator.kind = EstimatorKind::Percentile;
    if (parameter.getAsDouble(estimator.percentile) ||
        !(estimator.percentile > 0.0 && estimator.percentile <= 100.0))
      return llvm::createStringError("expected a percentage in (0, 100], found "
                                     "'" +
                                     parameter + "'");
    return estimator;
  }
  std::optional<EstimatorKind> kind =
      llvm::StringSwitch<std::optional<EstimatorKind>>(text)
          .Case("default", RangeEstimator().kind)
          .Case("min-max", EstimatorKind::MinMax)
          .Case("averaged-min-max", EstimatorKind::AveragedMinMax)
          .Case("percentile", EstimatorKind::Percentile)
          .Case("entropy", EstimatorKind::Entropy)
          .Case("mse", EstimatorKind::MeanSquaredError)
          .Default(std::nullopt);
  if (!kind)
    return llvm::createStringError("unknown estimator '" + text +
                                   "'; expected one of default, " + getNames());
  estimator.kind = *kind;
  return estimator;
}

RealRange quantcc::limitMagnitude(RealRange range, double magnitude) {
  float limit = static_cast<float>(magnitude);
  return {std::clamp(range.min, -limit, limit),
          std::clamp(range.max, -limit, limit)};
}

/// The means of the samples' extrema.
static RealRange averageMinMax(const TensorStatistics &statistics) {
  uint64_t count = statistics.getNumSamples();
  RealRange range = statistics.getRange();
  double min = statistics.getSumOfMinima().divideBy(count);
  double max = statistics.getSumOfMaxima().divideBy(count);
  return {std::clamp(static_cast<float>(min), range.min, range.max),
          std::clamp(static_cast<float>(max), range.min, range.max)};
}

RealRange quantcc::estimateRange(const TensorStatistics &statistics,
                                 const RangeEstimator &estimator,
                                 RangeUse use) {
  assert(statistics.getNumSamples() > 0 && "no samples");
  assert(use.bits >= 2 && use.bits <= 16 && "unsupported number of bits");
  // Nothing to search where every value is 0.
  if (statistics.getNumZeros() == statistics.getNumValues())
    return {0.0f, 0.0f};
  switch (estimator.kind) {
  case EstimatorKind::MinMax:
    return statistics.getRange();
  case EstimatorKind::AveragedMinMax:
    return averageMinMax(statistics);
  case EstimatorKind::Percentile:
    return estimatePercentile(statistics, estimator.percentile, use.symmetric);
  case EstimatorKind::Entropy:
    return estimateEntropy(statistics, use);
  case EstimatorKind::MeanSquaredError:
    return estimateMeanSquaredError(statistics, use);
  }
  llvm_unreachable("unknown estimator");
}
