//===- QuantCCEnums.td - Enumerations of the ops -----------*- tablegen -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The enumerations that op attributes hold; their C++ is generated from here.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_DIALECT_QUANTCC_IR_QUANTCCENUMS_TD
#define QUANTCC_DIALECT_QUANTCC_IR_QUANTCCENUMS_TD

include "mlir/IR/EnumAttr.td"

def QuantCC_FloatFunctionEnum : I32EnumAttr<"FloatFunction",
    "a function of one real value", [
  I32EnumAttrCase<"Sigmoid", 0, "sigmoid">,
  I32EnumAttrCase<"Tanh", 1, "tanh">,
  I32EnumAttrCase<"HardSwish", 2, "hard_swish">,
  I32EnumAttrCase<"LeakyRelu", 3, "leaky_relu">,
  I32EnumAttrCase<"Gelu", 4, "gelu">,
  I32EnumAttrCase<"Elu", 5, "elu">,
  I32EnumAttrCase<"Exp", 6, "exp">,
  I32EnumAttrCase<"Abs", 7, "abs">,
  I32EnumAttrCase<"Neg", 8, "neg">,
  I32EnumAttrCase<"Square", 9, "square">,
  I32EnumAttrCase<"Rsqrt", 10, "rsqrt">,
  I32EnumAttrCase<"Sqrt", 11, "sqrt">,
  I32EnumAttrCase<"Sign", 12, "sign">,
  I32EnumAttrCase<"Round", 13, "round">
]> {
  let cppNamespace = "::quantcc";
  let genSpecializedAttr = 0;
}

def QuantCC_ResizeModeEnum : I32EnumAttr<"ResizeMode",
    "how a resize picks values", [
  I32EnumAttrCase<"Nearest", 0, "nearest">,
  I32EnumAttrCase<"Bilinear", 1, "bilinear">
]> {
  let cppNamespace = "::quantcc";
  let genSpecializedAttr = 0;
}

#endif // QUANTCC_DIALECT_QUANTCC_IR_QUANTCCENUMS_TD
