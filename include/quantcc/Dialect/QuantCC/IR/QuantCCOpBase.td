//===- QuantCCOpBase.td - Bases of the quantcc ops ---------*- tablegen -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Type constraints and base classes that the op families share.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_DIALECT_QUANTCC_IR_QUANTCCOPBASE_TD
#define QUANTCC_DIALECT_QUANTCC_IR_QUANTCCOPBASE_TD

include "mlir/IR/CommonTypeConstraints.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "quantcc/Dialect/QuantCC/IR/QuantCCDialect.td"
include "quantcc/Interfaces/FloatRangeOpInterface.td"
include "quantcc/Interfaces/QuantizableOpInterface.td"

def QuantCC_QuantizedType
    : Type<CPred<"::llvm::isa<::mlir::quant::QuantizedType>($_self)">,
           "quantized type", "::mlir::quant::QuantizedType">;

def QuantCC_FloatTensor : StaticShapeTensorOf<[F32]>;
def QuantCC_QuantizedTensor : StaticShapeTensorOf<[QuantCC_QuantizedType]>;
/// A value of the network: f32 in the float stages, quantized afterwards.
def QuantCC_NetworkTensor
    : StaticShapeTensorOf<[F32, QuantCC_QuantizedType]>;
/// What a contraction gives: a value of the network, or plain accumulators.
def QuantCC_ContractionResult
    : StaticShapeTensorOf<[F32, I32, I64, QuantCC_QuantizedType]>;
def QuantCC_BiasTensor : StaticShapeTensorOf<[F32, I32, I64]>;
def QuantCC_IntegerTensor : RankedTensorOf<[AnyInteger]>;

class QuantCC_Op<string mnemonic, list<Trait> traits = []>
    : Op<QuantCC_Dialect, mnemonic, traits>;

/// An op of the network, with a float and a quantized form.
class QuantCC_NetworkOp<string mnemonic, list<string> overrides = [],
                        list<Trait> traits = []>
    : QuantCC_Op<mnemonic, [
        Pure,
        DeclareOpInterfaceMethods<QuantizableOpInterface, overrides>
      ] # traits> {
  let hasVerifier = 1;
  let extraClassDefinition = [{
    ::mlir::FailureOr<::mlir::Operation *> $cppClass::rebuild(
        ::mlir::OpBuilder &builder, ::mlir::ValueRange operands,
        ::mlir::TypeRange resultTypes, ::quantcc::Rounding rounding) {
      return ::quantcc::detail::rebuildNetworkOp(*this, builder, operands,
                                                 resultTypes, rounding);
    }
  }];
}

/// Attributes of an op whose quantized form ends in a requantization.
defvar QuantCC_RequantizeAttributes = (ins
  OptionalAttr<DenseF32ArrayAttr>:$clamp,
  OptionalAttr<DenseI32ArrayAttr>:$stored_clamp,
  OptionalAttr<QuantCC_RoundingAttr>:$rounding);

/// An op whose quantized form requantizes; the clamp of an activation function
/// that follows can be fused into it.
class QuantCC_RequantizingOp<string mnemonic, list<string> overrides = [],
                             list<Trait> traits = []>
    : QuantCC_NetworkOp<mnemonic, overrides, traits> {
  code requantizingExtra = [{
    bool canFuseClamp() { return true; }
  }];
}

/// An op that moves or selects stored values: its parameters pass through.
class QuantCC_SameScaleOp<string mnemonic, list<string> overrides = [],
                          list<Trait> traits = []>
    : QuantCC_NetworkOp<mnemonic, overrides,
        [DeclareOpInterfaceMethods<FloatRangeOpInterface>] # traits> {
  code sameScaleExtra = [{
    ::quantcc::ScaleConstraint getScaleConstraint() {
      return ::quantcc::ScaleConstraint::sameAsOperands();
    }
  }];
}

#endif // QUANTCC_DIALECT_QUANTCC_IR_QUANTCCOPBASE_TD
