//===- TensorStatistics.h - What calibration keeps --------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The statistics of one tensor's values over all calibration samples.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CALIBRATION_TENSORSTATISTICS_H
#define QUANTCC_CALIBRATION_TENSORSTATISTICS_H

#include "quantcc/Calibration/ChannelStatistics.h"
#include "quantcc/Calibration/ExactSum.h"
#include "quantcc/Calibration/Histogram.h"

#include <llvm/Support/Error.h>

namespace quantcc {

/// A closed range of real values.
struct RealRange {
  float min = 0.0f;
  float max = 0.0f;

  bool operator==(const RealRange &other) const {
    return min == other.min && max == other.max;
  }
  bool operator!=(const RealRange &other) const { return !(*this == other); }
};

/// Statistics of a tensor over samples, in fixed memory (32 KiB, and some 100
/// bytes a channel where channels are told apart) however many there are. All
/// of it is exact under merging: adding the samples in any order, in any number
/// of shards merged in any order, gives equal statistics.
class TensorStatistics {
public:
  /// Adds one sample, all the values of the tensor in one run of the model.
  /// With `channels`, the size of the last dimension, these are told apart too.
  /// Errors, naming `tensor` and leaving the statistics as they were: the
  /// sample is empty, or holds NaN or an infinity.
  llvm::Error add(llvm::StringRef tensor, llvm::ArrayRef<float> sample,
                  size_t channels = 0);
  /// Expects the same number of channels, where both have samples.
  void merge(const TensorStatistics &other);
  bool operator==(const TensorStatistics &other) const;

  /// The number of samples; the other accessors expect at least one.
  uint64_t getNumSamples() const { return numSamples; }
  /// The number of values, zeros among them.
  uint64_t getNumValues() const { return numValues; }
  /// The number of values that are exactly 0.
  uint64_t getNumZeros() const { return numZeros; }
  /// The least and the greatest value; -0 counts as 0.
  RealRange getRange() const { return range; }
  /// The sums over the samples of the least and the greatest value of each.
  const ExactSum &getSumOfMinima() const { return sumOfMinima; }
  const ExactSum &getSumOfMaxima() const { return sumOfMaxima; }
  /// The histogram of the values that are not 0.
  const Histogram &getHistogram() const { return histogram; }
  /// The statistics of each channel; of none if they were not told apart.
  const ChannelStatistics &getChannels() const { return channels; }

  /// The parts of the statistics as a file holds them.
  struct Parts {
    uint64_t numSamples = 0;
    uint64_t numValues = 0;
    uint64_t numZeros = 0;
    RealRange range;
    ExactSum sumOfMinima;
    ExactSum sumOfMaxima;
    Histogram histogram;
    ChannelStatistics channels;
  };
  /// The statistics of these parts. Errors: no samples have them, because the
  /// parts contradict each other.
  static llvm::Expected<TensorStatistics> fromParts(const Parts &parts);

private:
  uint64_t numSamples = 0;
  uint64_t numValues = 0;
  uint64_t numZeros = 0;
  RealRange range;
  ExactSum sumOfMinima;
  ExactSum sumOfMaxima;
  Histogram histogram;
  ChannelStatistics channels;
};

} // namespace quantcc

#endif // QUANTCC_CALIBRATION_TENSORSTATISTICS_H
