//===- ChannelRequantization.cpp - Requantization as steps ----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds the steps of a requantization by bisection.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/ChannelRequantization.h"

#include <algorithm>
#include <cmath>

using namespace quantcc;

int32_t quantcc::requantizeChannel(const ChannelRequantization &channel,
                                   int32_t accumulator) {
  int64_t value =
      int64_t(requantize(accumulator, channel.multiplier, channel.rounding)) +
      channel.zeroPoint;
  return static_cast<int32_t>(
      std::clamp(value, channel.clamp.min, channel.clamp.max));
}

llvm::SmallVector<RequantizationStep>
quantcc::findSteps(const ChannelRequantization &channel) {
  llvm::SmallVector<RequantizationStep> steps;
  int64_t low = channel.accumulators.min, high = channel.accumulators.max;
  int64_t last = requantizeChannel(channel, high);
  double scale =
      std::ldexp(channel.multiplier.multiplier, -channel.multiplier.shift);
  for (int64_t value = requantizeChannel(channel, low) + 1; value <= last;
       ++value) {
    // The lowest accumulator in (low, end] whose result is `value` at least.
    int64_t begin = low, end = high;
    // It is next to the quotient, if that lies in between.
    double guess = (double(value - channel.zeroPoint) - 0.5) / scale;
    for (double probe : {guess - 2, guess + 2})
      if (probe > double(begin) + 1 && probe < double(end) - 1) {
        auto middle = static_cast<int64_t>(probe);
        (requantizeChannel(channel, middle) >= value ? end : begin) = middle;
      }
    while (end - begin > 1) {
      int64_t middle = begin + (end - begin) / 2;
      (requantizeChannel(channel, middle) >= value ? end : begin) = middle;
    }
    steps.push_back({value, end});
    low = begin;
  }
  return steps;
}

bool quantcc::hasSteps(llvm::function_ref<int32_t(int64_t)> monotone,
                       const ChannelRequantization &channel,
                       llvm::ArrayRef<RequantizationStep> steps) {
  for (int64_t end : {channel.accumulators.min, channel.accumulators.max})
    if (monotone(end) != requantizeChannel(channel, end))
      return false;
  return llvm::all_of(steps, [&](const RequantizationStep &step) {
    return monotone(step.accumulator) >= step.value &&
           monotone(step.accumulator - 1) < step.value;
  });
}

bool quantcc::isDefined(const ChannelRequantization &channel) {
  int64_t magnitude =
      std::max(-channel.accumulators.min, channel.accumulators.max);
  return magnitude < int64_t(1) << 31 &&
         !leftShiftOverflows(std::max<int64_t>(magnitude, 0),
                             channel.multiplier.shift);
}
