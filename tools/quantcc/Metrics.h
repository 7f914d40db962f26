//===- Metrics.h - Figures of merit -----------------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The figures that evaluate and compare print: pure functions of arrays.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_TOOLS_QUANTCC_METRICS_H
#define QUANTCC_TOOLS_QUANTCC_METRICS_H

#include <cstdint>
#include <llvm/ADT/ArrayRef.h>
#include <vector>

namespace quantcc {

/// The index of the largest value; of several equal ones, the first. Expects
/// at least one value.
size_t largestIndex(llvm::ArrayRef<float> values);

/// The mean of (a - b)^2 in f64. Expects equal, positive lengths.
double meanSquaredError(llvm::ArrayRef<float> a, llvm::ArrayRef<float> b);

/// The area under the receiver operating characteristic: the probability that a
/// positive scores above a negative, ties counting half. Expects as many labels
/// (0 or 1) as scores. NaN where one class is missing.
double areaUnderCurve(llvm::ArrayRef<double> scores,
                      llvm::ArrayRef<int64_t> labels);

/// How an array differs from a reference, gathered over any number of pieces.
struct Difference {
  double signalPower = 0.0;
  double errorPower = 0.0;
  double dotProduct = 0.0;
  double otherPower = 0.0;
  double largestError = 0.0;
  uint64_t count = 0;

  void add(llvm::ArrayRef<float> reference, llvm::ArrayRef<float> other);
  /// Adds pieces gathered elsewhere. The sums round, so that results are equal
  /// only if the pieces are added in the same order.
  Difference &operator+=(const Difference &other);

  /// Signal to quantization noise in decibel; infinite where nothing differs.
  double signalToNoise() const;
  /// The cosine of the angle between the arrays; 1 where both are zero.
  double cosine() const;
};

} // namespace quantcc

#endif // QUANTCC_TOOLS_QUANTCC_METRICS_H
