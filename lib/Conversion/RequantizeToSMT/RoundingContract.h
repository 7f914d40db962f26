//===- RoundingContract.h - What a requantization must give --- -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rules N4 to N6 of docs/Numerics.md as propositions. A rounded quotient is
// not computed but characterized, by its distance from the exact one: so the
// contract shares no way of computing with the body that it judges.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CONVERSION_REQUANTIZETOSMT_ROUNDINGCONTRACT_H
#define QUANTCC_CONVERSION_REQUANTIZETOSMT_ROUNDINGCONTRACT_H

#include "BitVectorBuilder.h"
#include "quantcc/Support/Rounding.h"

namespace quantcc {

/// Rule N4, N5 or N6 for one shift.
struct RoundingContract {
  Rounding rounding;
  unsigned shift;

  /// The term of the rounded value of `product * 2^-shift`. Introduces symbols
  /// with assumptions that determine them; the result is wide enough for what
  /// is added to it.
  mlir::Value apply(BitVectorBuilder &terms, mlir::Value product) const;
};

} // namespace quantcc

#endif // QUANTCC_CONVERSION_REQUANTIZETOSMT_ROUNDINGCONTRACT_H
