//===- TestChannels.h - Channels to requantize -----------------*- C++ -*--===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the tests of the cheap forms of requantization share.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_UNITTESTS_SUPPORT_TESTCHANNELS_H
#define QUANTCC_UNITTESTS_SUPPORT_TESTCHANNELS_H

#include "quantcc/Support/ChannelRequantization.h"

#include <gtest/gtest.h>
#include <llvm/Support/Error.h>

namespace quantcc {

inline constexpr Rounding kRoundings[] = {Rounding::Double, Rounding::Single,
                                          Rounding::HalfEven};

inline ChannelRequantization makeChannel(double scale, Rounding rounding,
                                         int32_t zeroPoint, StoredRange clamp,
                                         StoredRange accumulators) {
  auto multiplier = rounding == Rounding::HalfEven
                        ? halfEvenMultiplier(static_cast<float>(scale))
                        : quantizeMultiplier(scale);
  EXPECT_TRUE(static_cast<bool>(multiplier))
      << llvm::toString(multiplier.takeError());
  return {*multiplier, rounding, zeroPoint, clamp, accumulators};
}

/// With accumulators up to `bound` both ways, those of a small layer.
inline ChannelRequantization makeChannel(double scale, Rounding rounding,
                                         int32_t zeroPoint, StoredRange clamp,
                                         int64_t bound) {
  return makeChannel(scale, rounding, zeroPoint, clamp,
                     StoredRange{-bound, bound});
}

} // namespace quantcc

#endif // QUANTCC_UNITTESTS_SUPPORT_TESTCHANNELS_H
