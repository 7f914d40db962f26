//===- ChannelStatistics.h - Statistics channel by channel ------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What calibration keeps of each channel of a tensor that a layer with weights
// reads.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CALIBRATION_CHANNELSTATISTICS_H
#define QUANTCC_CALIBRATION_CHANNELSTATISTICS_H

#include "quantcc/Calibration/ExactSum.h"

#include <llvm/ADT/ArrayRef.h>
#include <vector>

namespace quantcc {

/// The extrema of each channel, and the sum over the samples of its mean in
/// each. The channel is the last dimension of the tensor. Exact under merging:
/// a sample's mean follows from the sample alone, and the sum of the means is
/// exact.
class ChannelStatistics {
public:
  /// Adds one sample: positions times `channels` finite values, the channel
  /// innermost. The mean of a channel is the f64 sum of its values in the order
  /// of the positions, divided by their number, rounded to f32. Expects the
  /// same `channels`, not 0, each time.
  void add(llvm::ArrayRef<float> sample, size_t channels);
  /// Expects as many channels in both, where both have any.
  void merge(const ChannelStatistics &other);
  bool operator==(const ChannelStatistics &other) const {
    return minima == other.minima && maxima == other.maxima &&
           sumsOfMeans == other.sumsOfMeans;
  }

  /// 0 if channels were not told apart.
  size_t getNumChannels() const { return minima.size(); }
  /// The least and the greatest value of each channel; -0 counts as 0.
  llvm::ArrayRef<float> getMinima() const { return minima; }
  llvm::ArrayRef<float> getMaxima() const { return maxima; }
  /// The sum over the samples of the mean of each channel.
  llvm::ArrayRef<ExactSum> getSumsOfMeans() const { return sumsOfMeans; }

  /// The statistics with these parts. Expects as many of each.
  static ChannelStatistics of(std::vector<float> minima,
                              std::vector<float> maxima,
                              std::vector<ExactSum> sumsOfMeans);

private:
  std::vector<float> minima;
  std::vector<float> maxima;
  std::vector<ExactSum> sumsOfMeans;
};

} // namespace quantcc

#endif // QUANTCC_CALIBRATION_CHANNELSTATISTICS_H
