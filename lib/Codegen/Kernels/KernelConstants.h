//===- KernelConstants.h - The constants of a fused layer -------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads what a fused layer multiplies with, and finds how floating point can
// requantize its channels.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_KERNELS_KERNELCONSTANTS_H
#define QUANTCC_LIB_CODEGEN_KERNELS_KERNELCONSTANTS_H

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Support/FloatRequantization.h"

#include <map>
#include <vector>

namespace quantcc {

/// What the upper nibble of a byte counts for: sums of products with weights
/// that are there come out as many times too large. (docs/Numerics.md, N66)
constexpr int64_t kNibbleScale = 16;

/// Weights and bias of one FusedConv2DOp, in the order of its channels. The op
/// that methods take is that one. Weights that no byte holds are sums of
/// several: kernels pass over each window as often, with one of these bytes a
/// time. (docs/Numerics.md, N70)
class KernelConstants {
public:
  /// Nothing if weights or bias are neither constants nor constant globals.
  static std::optional<KernelConstants> read(FusedConv2DOp op);

  int64_t channels() const { return bias.size(); }
  /// How often each window is passed over.
  int64_t passes() const { return numPasses; }
  /// Weights of one channel: passes, and rows, columns and input channels of
  /// its window.
  int64_t taps() const { return weights.size() / bias.size(); }
  /// `tap` counts through the passes over the window, the input channel
  /// fastest.
  int8_t weight(int64_t channel, int64_t tap) const {
    return weights[channel * taps() + tap];
  }
  int32_t biasOf(int64_t channel) const { return bias[channel]; }
  int64_t sumOfWeights(int64_t channel) const;
  /// Whether each weight fits 4 bits, and so half a byte: a nibble.
  bool fitNibbles() const;
  /// Whether 16 times every sum of a channel's products, with or without its
  /// bias and `offset`, is an i32.
  bool haveRoomForNibbles(int64_t channel, int64_t offset = 0) const;

  /// How `channel` is requantized, with the accumulators that any input gives.
  ChannelRequantization requantization(FusedConv2DOp op, int64_t channel) const;
  /// findFloatRequantization of the same, which is looked for only once: it
  /// takes most of the time that a layer takes.
  const std::optional<FloatRequantization> &
  floatRequantization(FusedConv2DOp op, int64_t channel, FloatForm form) const;

private:
  /// By channel, then pass and tap.
  llvm::SmallVector<int8_t> weights;
  llvm::SmallVector<int32_t> bias;
  int64_t numPasses = 1;
  /// By channel and form.
  mutable std::map<std::tuple<int64_t, bool, bool, bool, bool, bool>,
                   std::optional<FloatRequantization>>
      floatRequantizations;
};

/// `weights` of 4 bits two to a byte: of 2 * `distance` of them that follow
/// each other the first half are the lower nibbles of `distance` bytes, the
/// others the upper ones.
std::vector<int8_t> packNibbles(llvm::ArrayRef<int8_t> weights,
                                int64_t distance);

/// Whether the activations of `op` have 16 bits.
bool isWide(FusedConv2DOp op);

/// Whether the result of `op` is its accumulators.
bool givesAccumulators(FusedConv2DOp op);

/// Whether the kernel for `op` keeps its weights two to a byte.
bool hasNibbles(FusedConv2DOp op);

/// The numbers of one float form for some channels.
struct ChannelScales {
  FloatForm form;
  /// One a channel, in the order they were given in.
  llvm::SmallVector<double> scales, offsets, negativeOffsets;
  /// As the numbers whose bits the sums are; 0, which no sum is, where a
  /// channel has none.
  llvm::SmallVector<double> exceptions;
  /// Where the form is split and takes bits: the number whose bits the sum of 0
  /// is, and what negative sums have added.
  llvm::SmallVector<double> sumsOfZero, negativeSumOffsets;
  llvm::SmallVector<int32_t> sumOffsets;
};

/// The first of `forms` that is exact for all of `channels`; nothing if none
/// is.
std::optional<ChannelScales>
findFloatForm(FusedConv2DOp op, const KernelConstants &constants,
              llvm::ArrayRef<int64_t> channels,
              llvm::ArrayRef<FloatForm> forms = kFloatForms);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_KERNELS_KERNELCONSTANTS_H
