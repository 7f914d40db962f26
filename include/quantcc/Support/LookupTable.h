//===- LookupTable.h - Tables of 8-bit functions ----------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds the table of a real function between two quantized types.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_SUPPORT_LOOKUPTABLE_H
#define QUANTCC_SUPPORT_LOOKUPTABLE_H

#include "quantcc/Support/QuantizationParameters.h"

#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/SmallVector.h>

namespace quantcc {

/// Tabulates stored output = zeroPoint + round(function(real input) / scale)
/// for every stored input in ascending order: entry i is for the stored value
/// inputBounds.min + i. All arithmetic is f64; the quotient is rounded to
/// nearest, ties away from zero, and saturated to `outputBounds`; NaN gives the
/// output's zero point. Expects at most 2^16 input values.
///
/// The entries are the same on every host although libm's exp and tanh may
/// differ by an ulp of f64: such a difference shows only where the quotient is
/// within 2^-44 of a tie, and there a result that ought to be an exact tie
/// (x = 0, saturation) is computed exactly everywhere.
llvm::SmallVector<int32_t, 256>
buildTable(llvm::function_ref<double(double)> function,
           const QuantizationParameters &input, StoredRange inputBounds,
           const QuantizationParameters &output, StoredRange outputBounds);

} // namespace quantcc

#endif // QUANTCC_SUPPORT_LOOKUPTABLE_H
