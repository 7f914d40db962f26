//===- FloatRangeOpInterface.td - Interval transfer --------*- tablegen -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The transfer function of the range analysis, per op.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_INTERFACES_FLOATRANGEOPINTERFACE_TD
#define QUANTCC_INTERFACES_FLOATRANGEOPINTERFACE_TD

include "mlir/IR/OpBase.td"

def FloatRangeOpInterface : OpInterface<"FloatRangeOpInterface"> {
  let description = [{
    An op whose results' real range follows from its operands' ranges, as for
    a reshape, a pool or a clamp, or is bounded by the op itself, as for a
    sigmoid.
  }];
  let cppNamespace = "::quantcc";

  let methods = [
    InterfaceMethod<[{
        The range of result 0 given the range of each operand. An operand's
        range is none where nothing is known of it; so is the answer where
        nothing follows.
      }],
      "std::optional<::quantcc::FloatRange>", "inferFloatRange",
      (ins "::llvm::ArrayRef<std::optional<::quantcc::FloatRange>>":$operands)>
  ];
}

#endif // QUANTCC_INTERFACES_FLOATRANGEOPINTERFACE_TD
