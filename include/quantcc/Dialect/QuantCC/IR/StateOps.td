//===- StateOps.td - What lives from run to run -----------*- tablegen -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Variables of stateful models, and the ops that read and write them.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_DIALECT_QUANTCC_IR_STATEOPS_TD
#define QUANTCC_DIALECT_QUANTCC_IR_STATEOPS_TD

include "mlir/IR/SymbolInterfaces.td"
include "quantcc/Dialect/QuantCC/IR/QuantCCOpBase.td"

def QuantCC_VariableResource : Resource<"::quantcc::VariableResource">;

def QuantCC_VariableOp : QuantCC_Op<"variable", [
    Symbol, HasParent<"::mlir::ModuleOp">]> {
  let summary = "a tensor that a model keeps from run to run";
  let description = [{
    Holds `initial` before the first run and after a reset: stored values where
    `type` is quantized, real values where it is f32 (docs/Numerics.md, N27).
    A compiled model keeps its variables in memory that the caller gives.

    - **C45** `type` is a tensor as C1 and C4 demand, of f32, of a per-tensor
      quantized type or of integers of 8 to 64 bits; `initial` has its shape, and
      as element type f32, the storage type, or the integer. Stored values lie
      within the storage range, f32 values are finite.

    Example:

    ```mlir
    quantcc.variable @history : tensor<1x4x!quant.uniform<i8:f32, 0.5:3>>
        = dense<3> : tensor<1x4xi8>
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<AnyRankedTensor>:$type,
                       ElementsAttr:$initial);
  let assemblyFormat = "$sym_name attr-dict `:` $type `=` $initial";
  let hasVerifier = 1;
}

def QuantCC_ReadVariableOp : QuantCC_Op<"read_variable", [
    DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    MemoryEffects<[MemRead<QuantCC_VariableResource>]>]> {
  let summary = "the value that a variable has at this point";
  let description = [{
    The value that was assigned last, in this run or an earlier one.

    - **C46** `variable` names a `quantcc.variable` of the result's type.

    Example:

    ```mlir
    %0 = quantcc.read_variable @history : tensor<1x4xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$variable);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$variable attr-dict `:` type($result)";
}

def QuantCC_AssignVariableOp : QuantCC_Op<"assign_variable", [
    DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    MemoryEffects<[MemWrite<QuantCC_VariableResource>]>]> {
  let summary = "gives a variable its next value";
  let description = [{
    Ops that follow, and later runs, read `value`.

    - **C47** `variable` names a `quantcc.variable` of the type of `value`.

    Example:

    ```mlir
    quantcc.assign_variable @history, %0 : tensor<1x4xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$variable, AnyRankedTensor:$value);
  let assemblyFormat = "$variable `,` $value attr-dict `:` type($value)";
}

#endif // QUANTCC_DIALECT_QUANTCC_IR_STATEOPS_TD
