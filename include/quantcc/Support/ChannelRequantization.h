//===- ChannelRequantization.h - Requantization as steps --------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The requantization of one channel as a step function of its accumulators.
// Cheaper forms are step functions too, and equal if they step at the same
// places.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_SUPPORT_CHANNELREQUANTIZATION_H
#define QUANTCC_SUPPORT_CHANNELREQUANTIZATION_H

#include "quantcc/Support/FixedPointMultiplier.h"
#include "quantcc/Support/Rounding.h"
#include "quantcc/Support/StoredRange.h"

#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/SmallVector.h>

namespace quantcc {

/// One channel's requantization, as docs/Numerics.md defines it.
struct ChannelRequantization {
  FixedPointMultiplier multiplier;
  Rounding rounding;
  /// Added after rounding.
  int32_t zeroPoint;
  /// The result saturates here; lies within i16.
  StoredRange clamp;
  /// Every accumulator lies here; within i32.
  StoredRange accumulators;
};

/// The stored value of `accumulator`, which lies in `channel.accumulators`.
int32_t requantizeChannel(const ChannelRequantization &channel,
                          int32_t accumulator);

/// Whether requantizeChannel is defined for all accumulators of `channel`.
bool isDefined(const ChannelRequantization &channel);

/// The stored value becomes `value` where the accumulator becomes
/// `accumulator`.
struct RequantizationStep {
  int64_t value;
  int64_t accumulator;
};

/// All steps within the accumulators of `channel`, for which it is defined, in
/// ascending order: at most 255 for 8 bits. Where several values are left out,
/// each has a step at the same accumulator.
llvm::SmallVector<RequantizationStep>
findSteps(const ChannelRequantization &channel);

/// Whether a function of accumulators that nowhere falls is the requantization
/// of `channel`, whose steps are `steps`: it is where both ends and both sides
/// of each step agree.
bool hasSteps(llvm::function_ref<int32_t(int64_t)> monotone,
              const ChannelRequantization &channel,
              llvm::ArrayRef<RequantizationStep> steps);

} // namespace quantcc

#endif // QUANTCC_SUPPORT_CHANNELREQUANTIZATION_H
