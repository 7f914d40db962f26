//===- NeonProducts.h - Products of activations with NEON -------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Products of bytes with AArch64's dot products, and sums requantized by high
// products.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_NEON_NEONPRODUCTS_H
#define QUANTCC_LIB_CODEGEN_NEON_NEONPRODUCTS_H

#include "Kernels/WideVectors.h"
#include "NeonBuilder.h"

namespace quantcc {

/// sdot: four taps of a pixel with four weights of each of eight channels.
const WideVectors &getNeonByteProducts();

/// By a high product, for eight sums at a time; null if none is proved exact.
std::unique_ptr<SumNarrowing>
findNeonNarrowing(const ChannelRequantization &sums, NeonVersion version);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_NEON_NEONPRODUCTS_H
