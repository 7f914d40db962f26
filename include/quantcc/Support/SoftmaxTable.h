//===- SoftmaxTable.h - Exponentials of softmax --------------- -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The fixed-point exponentials that integer softmax takes of differences of
// stored values.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_SUPPORT_SOFTMAXTABLE_H
#define QUANTCC_SUPPORT_SOFTMAXTABLE_H

#include "quantcc/Support/RescaleRules.h"

#include <array>
#include <cstdint>

namespace quantcc {

/// exp(x) for x <= 0 in Q5.26 (5 integer bits, 26 fractional), in Q0.31: below
/// -1/4 by factors for the bits of x, within (-1/4, 0] by a polynomial of
/// degree 4. Source: gemmlowp's exp_on_negative_values. (docs/Numerics.md, N12)
int32_t expOfNegative(int32_t x);

/// Entry k is exp(-k * beta * scale) in Q0.31 for the difference -k of two
/// stored values, and 0 where -k is below scaling.minDifference.
std::array<int32_t, 256> softmaxExponentials(const SoftmaxScaling &scaling);

} // namespace quantcc

#endif // QUANTCC_SUPPORT_SOFTMAXTABLE_H
