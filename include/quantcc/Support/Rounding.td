//===- Rounding.td - Rounding modes of requantization ------*- tablegen -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rounding modes that docs/Numerics.md defines for a requantization.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_SUPPORT_ROUNDING_TD
#define QUANTCC_SUPPORT_ROUNDING_TD

include "mlir/IR/EnumAttr.td"

def QuantCC_RoundingEnum : I32EnumAttr<"Rounding",
    "how a requantization rounds to an integer", [
  I32EnumAttrCase<"Double", 0, "double">,
  I32EnumAttrCase<"Single", 1, "single">,
  I32EnumAttrCase<"HalfEven", 2, "half_even">,
  I32EnumAttrCase<"Reduced", 3, "reduced">
]> {
  let cppNamespace = "::quantcc";
  // The attribute wrapper is defined by the dialect, which Support lies below.
  let genSpecializedAttr = 0;
}

#endif // QUANTCC_SUPPORT_ROUNDING_TD
