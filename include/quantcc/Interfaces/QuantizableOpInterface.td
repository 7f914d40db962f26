//===- QuantizableOpInterface.td - Quantizable ops -----------*- tablegen -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a pass has to know of an op to quantize it: the role of each operand,
// the constraint on the result's parameters, and how to build the quantized op.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_INTERFACES_QUANTIZABLEOPINTERFACE_TD
#define QUANTCC_INTERFACES_QUANTIZABLEOPINTERFACE_TD

include "mlir/IR/OpBase.td"

def QuantizableOpInterface : OpInterface<"QuantizableOpInterface"> {
  let description = [{
    An op on real-valued tensors that has a quantized form. The quantization
    passes speak to this interface alone: an op of another dialect becomes
    quantizable by an external model.

    The first operands are the ones of the computation; `getOperandRole` says
    of each whether it is an activation, a weight, a bias or none of these.
  }];
  let cppNamespace = "::quantcc";

  let methods = [
    InterfaceMethod<[{
        The role of operand `index` in the computation.
      }],
      "::quantcc::OperandRole", "getOperandRole", (ins "unsigned":$index),
      [{}], [{ return ::quantcc::OperandRole::Activation; }]>,
    InterfaceMethod<[{
        The axis of the weight operand `index` that counts output channels:
        the quantization axis of a per-axis weight. None where the op takes
        per-tensor weights only.
      }],
      "std::optional<unsigned>", "getChannelAxis", (ins "unsigned":$index),
      [{}], [{ return std::nullopt; }]>,
    InterfaceMethod<[{
        How the quantization parameters of the results are tied to those of
        the operands.
      }],
      "::quantcc::ScaleConstraint", "getScaleConstraint", (ins),
      [{}], [{ return ::quantcc::ScaleConstraint::free(); }]>,
    InterfaceMethod<[{
        Whether a clamp of the result can become part of this op, so that the
        value between them needs no parameters of its own.
      }],
      "bool", "canFuseClamp", (ins), [{}], [{ return false; }]>,
    InterfaceMethod<[{
        Builds the network op that computes this op's function on `operands`
        and yields `resultTypes`, which are f32 tensors or quantized tensors.
        `rounding` is used where the types are quantized. Operands have the
        types that the roles ask for: weights constant and quantized, biases
        i32 at the scale of input times weight. Returns failure with a
        diagnostic on this op if it has no such form.
      }],
      "::mlir::FailureOr<::mlir::Operation *>", "rebuild",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::ValueRange":$operands,
           "::mlir::TypeRange":$resultTypes, "::quantcc::Rounding":$rounding)>
  ];
}

#endif // QUANTCC_INTERFACES_QUANTIZABLEOPINTERFACE_TD
