//===- ChannelEqualization.h - Bring channels to one range ------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Chooses the powers of two by which the channels of a value are multiplied, so
// that a single scale suits them all.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_SUPPORT_CHANNELEQUALIZATION_H
#define QUANTCC_SUPPORT_CHANNELEQUALIZATION_H

#include <llvm/ADT/ArrayRef.h>
#include <vector>

namespace quantcc {

/// A channel is never raised by more than 2^16: what is smaller than that adds
/// nothing to its neighbours.
constexpr int kLargestRaise = 16;

/// The largest e in [0, kLargestRaise] with value * 2^e <= limit; 0 if there is
/// none. Expects positive numbers.
int largestRaise(double value, double limit);

/// The exponents e by which channels of the given largest magnitudes are
/// raised, to magnitude * 2^e, in [0, limit] each.
///
/// A per-tensor scale is proportional to R = max magnitude * 2^e, and the step
/// of a channel, relative to its magnitude, to R / (magnitude * 2^e). For each
/// channel's magnitude, taken times the power of two that brings it to between
/// the largest magnitude and twice that, the channels are raised as far as they
/// go without exceeding it; chosen are the exponents with the least sum of the
/// squares of the relative steps, and of equal ones those of the least R. The
/// channel of largest magnitude has exponent 0, and so has one of magnitude 0.
///
/// Expects finite magnitudes that are not negative, and as many limits, in
/// [0, kLargestRaise].
std::vector<int> chooseEqualizingExponents(llvm::ArrayRef<float> magnitudes,
                                           llvm::ArrayRef<int> limits);

} // namespace quantcc

#endif // QUANTCC_SUPPORT_CHANNELEQUALIZATION_H
