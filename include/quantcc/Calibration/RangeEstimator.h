//===- RangeEstimator.h - Ranges from statistics ----------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Estimates the range that a tensor is quantized over from its statistics.
// docs/CalibrationFormat.md has the formulas, and when to use which.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CALIBRATION_RANGEESTIMATOR_H
#define QUANTCC_CALIBRATION_RANGEESTIMATOR_H

#include "quantcc/Calibration/TensorStatistics.h"

namespace quantcc {

enum class EstimatorKind {
  MinMax,
  AveragedMinMax,
  Percentile,
  Entropy,
  MeanSquaredError
};

/// An estimator and its parameter. The default, percentile 99.999, clips one
/// value in 100,000: enough to keep a single outlier from setting the step of
/// everything else, too little to remove the rare large values that some models
/// exist to measure (docs/CalibrationFormat.md has the measurements).
struct RangeEstimator {
  EstimatorKind kind = EstimatorKind::Percentile;
  /// Percentile: the least percentage of the non-zero values that the range
  /// holds.
  double percentile = 99.999;

  /// Reads "default", "min-max", "averaged-min-max", "percentile",
  /// "percentile:P", "entropy" or "mse". Errors: another text, or P not in
  /// (0, 100].
  static llvm::Expected<RangeEstimator> parse(llvm::StringRef text);

  /// The names that parse accepts, for messages and help.
  static llvm::StringRef getNames();

  bool operator==(const RangeEstimator &other) const {
    return kind == other.kind && (kind != EstimatorKind::Percentile ||
                                  percentile == other.percentile);
  }
};

/// The quantization that a range is for.
struct RangeUse {
  unsigned bits = 8;
  bool symmetric = false;
};

/// The range of the tensor with the given statistics, within the range of its
/// values widened to contain 0. The result is the same on every host. Expects
/// at least one sample and 2 to 16 bits.
RealRange estimateRange(const TensorStatistics &statistics,
                        const RangeEstimator &estimator, RangeUse use);

} // namespace quantcc

#endif // QUANTCC_CALIBRATION_RANGEESTIMATOR_H
