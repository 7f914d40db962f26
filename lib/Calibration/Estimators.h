//===- Estimators.h - One function an estimator -----------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The estimators that search the histogram, each in a file of its own. All
// their ranges contain 0.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CALIBRATION_ESTIMATORS_H
#define QUANTCC_LIB_CALIBRATION_ESTIMATORS_H

#include "quantcc/Calibration/RangeEstimator.h"

namespace quantcc {

/// The range of whole bins that leaves out the percentage that is not wanted:
/// half of it on each side or, if `symmetric`, the largest magnitudes.
RealRange estimatePercentile(const TensorStatistics &statistics,
                             double percentile, bool symmetric);

/// The range of least expected squared error.
RealRange estimateMeanSquaredError(const TensorStatistics &statistics,
                                   RangeUse use);

/// The range of least Kullback-Leibler divergence.
RealRange estimateEntropy(const TensorStatistics &statistics, RangeUse use);

/// The part of `range` within [-magnitude, magnitude].
RealRange limitMagnitude(RealRange range, double magnitude);

} // namespace quantcc

#endif // QUANTCC_LIB_CALIBRATION_ESTIMATORS_H
