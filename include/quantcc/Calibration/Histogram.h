//===- Histogram.h - A mergeable histogram ----------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A histogram of f32 values in bounded memory, whose state depends on nothing
// but the multiset of the values.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CALIBRATION_HISTOGRAM_H
#define QUANTCC_CALIBRATION_HISTOGRAM_H

#include <array>
#include <cstdint>
#include <llvm/ADT/ArrayRef.h>

namespace quantcc {

/// Counts the non-zero values of a tensor in bins of width 2^k on either side
/// of zero: bin i >= 0 holds the x with i <= x / 2^k < i + 1, and bin -1 - i
/// those whose negation bin i would hold, for i < 2048.
///
/// k is the least number, not below kLeastExponent, for which every value has a
/// bin, so it follows from the largest magnitude alone. A value outside doubles
/// the width until it fits: bins 2i and 2i + 1 become bin i. Since the bins of
/// width 2^k are unions of those of any smaller power of two, it makes no
/// difference whether values were counted before or after that, or in another
/// histogram that is merged: the result is exactly the same in any order and
/// grouping. Zeros are counted apart, as they cost no quantization error.
class Histogram {
public:
  static constexpr int kBinsPerSide = 2048;
  /// Narrower bins than 2^-50 would resolve what no scale does.
  static constexpr int kLeastExponent = -50;

  /// Adds `values`, of which `positiveZeros` are +0 and `negativeZeros` are -0.
  /// Expects `largestMagnitude`, finite, to be the largest of their magnitudes.
  void add(llvm::ArrayRef<float> values, float largestMagnitude,
           uint64_t positiveZeros, uint64_t negativeZeros);
  void merge(const Histogram &other);
  bool operator==(const Histogram &other) const {
    return exponent == other.exponent && counts == other.counts;
  }

  /// k.
  int getExponent() const { return exponent; }
  double getBinWidth() const;
  /// The lower edge of bin `bin`, its index times the width.
  double getEdge(int bin) const { return bin * getBinWidth(); }
  /// The count of bin `bin` in [-2048, 2047].
  uint64_t getCount(int bin) const { return counts[bin + kBinsPerSide]; }
  /// The number of values counted.
  uint64_t getTotal() const;

  /// The k for values of magnitude up to `magnitude`.
  static int getExponentFor(float magnitude);
  /// The bin of a finite non-zero `value` at the exponent k.
  static int getBinFor(float value, int exponent);

  /// The histogram of exponent k whose bins from `firstBin` on hold `counts`.
  /// Expects bins and an exponent that exist.
  static Histogram of(int exponent, int firstBin,
                      llvm::ArrayRef<uint64_t> counts);

private:
  void raiseExponent(int newExponent);

  int exponent = kLeastExponent;
  std::array<uint64_t, 2 *kBinsPerSide> counts = {};
};

} // namespace quantcc

#endif // QUANTCC_CALIBRATION_HISTOGRAM_H
