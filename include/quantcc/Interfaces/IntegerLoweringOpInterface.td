//===- IntegerLoweringOpInterface.td - Foreign ops ---------*- tablegen -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How a quantized op of another dialect becomes integer arithmetic.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_INTERFACES_INTEGERLOWERINGOPINTERFACE_TD
#define QUANTCC_INTERFACES_INTEGERLOWERINGOPINTERFACE_TD

include "mlir/IR/OpBase.td"

def IntegerLoweringOpInterface : OpInterface<"IntegerLoweringOpInterface"> {
  let description = [{
    An op on quantized tensors that brings its own integer lowering. The ops of
    this project are lowered by the patterns of Conversion; the interface lets
    an embedding compiler's ops take part in the same conversion.
  }];
  let cppNamespace = "::quantcc";

  let methods = [
    InterfaceMethod<[{
        Builds the integer form of this op on `operands`, whose quantized
        element types have become their storage types, and returns the values
        that replace its results, or failure with a diagnostic on this op.
      }],
      "::mlir::FailureOr<::llvm::SmallVector<::mlir::Value>>",
      "lowerToInteger",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::ValueRange":$operands)>
  ];
}

#endif // QUANTCC_INTERFACES_INTEGERLOWERINGOPINTERFACE_TD
