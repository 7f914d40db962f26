//===- ObservationOps.td - Observation and simulation ------*- tablegen -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The ops that measure a value's range and simulate its quantization, and the
// region that stays in floating point.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_DIALECT_QUANTCC_IR_OBSERVATIONOPS_TD
#define QUANTCC_DIALECT_QUANTCC_IR_OBSERVATIONOPS_TD

include "mlir/Interfaces/ControlFlowInterfaces.td"
include "quantcc/Dialect/QuantCC/IR/QuantCCOpBase.td"

def QuantCC_ObserveOp : QuantCC_Op<"observe", [
    AllTypesMatch<["input", "result"]>]> {
  let summary = "marks a value whose range is measured";
  let description = [{
    The identity. `name` is the key of the value's statistics in the calibration
    file; `range` is there once it is known. The op is not pure: an observed
    value that nothing uses is still measured.

    - **C27** `name` is not empty.

    Example:

    ```mlir
    %r = quantcc.observe %x {name = "conv1"} : tensor<1x8xf32>
    %s = quantcc.observe %y {name = "conv2",
           range = #quantcc.range<-1.0, 2.0>} : tensor<1x8xf32>
    ```
  }];
  let arguments = (ins QuantCC_FloatTensor:$input, StrAttr:$name,
                       OptionalAttr<QuantCC_RangeAttr>:$range);
  let results = (outs QuantCC_FloatTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input)";
  let hasVerifier = 1;
}

def QuantCC_FakeQuantizeOp : QuantCC_Op<"fake_quantize", [
    Pure, AllTypesMatch<["input", "result"]>]> {
  let summary = "the real values that quantization would leave";
  let description = [{
    ```
    stored = clamp(round_half_away(input / scale) + zero point,
                   storage minimum, storage maximum)
    result = (stored - zero point) * scale
    ```

    with the parameters of `params`, a quantized element type: per-tensor or
    per-axis. All arithmetic is f32.

    - **C28** `params` is a quantized type (C4) with expressed type f32; a
      per-axis type's axis lies within the operand's rank and its length is that
      of the dimension.

    Example:

    ```mlir
    %r = quantcc.fake_quantize %x
           {params = !quant.uniform<i8:f32, 0.5:-3>} : tensor<4xf32>
    ```
  }];
  let arguments = (ins QuantCC_FloatTensor:$input, TypeAttr:$params);
  let results = (outs QuantCC_FloatTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input)";
  let hasVerifier = 1;
}

def QuantCC_FloatIslandOp : QuantCC_Op<"float_island", [
    IsolatedFromAbove, SingleBlock,
    RecursiveMemoryEffects]> {
  let summary = "a part of the model that stays in floating point";
  let description = [{
    Computes its region on `inputs`. Outside islands the quantized and later
    stages hold no float; the casts to and from f32 stand inside the region.
    `reason` says why the part was not quantized.

    - **C29** the block's arguments have the types of `inputs`; it ends in a
      `quantcc.yield` whose operands have the types of the results; `reason` is
      not empty.

    Example:

    ```mlir
    %r = quantcc.float_island (%x) reason "excluded by pattern 'dense*'"
         : (tensor<4x!quant.uniform<i8:f32, 0.5>>)
         -> tensor<4x!quant.uniform<i8:f32, 0.1>> {
    ^bb0(%a: tensor<4x!quant.uniform<i8:f32, 0.5>>):
      ...
      quantcc.yield %b : tensor<4x!quant.uniform<i8:f32, 0.1>>
    }
    ```
  }];
  let arguments = (ins Variadic<AnyRankedTensor>:$inputs, StrAttr:$reason);
  let results = (outs Variadic<AnyRankedTensor>:$outputs);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    `(` $inputs `)` `reason` $reason attr-dict
    `:` functional-type($inputs, $outputs) $body
  }];
  let hasVerifier = 1;
}

def QuantCC_YieldOp : QuantCC_Op<"yield", [
    Pure, Terminator, ReturnLike, HasParent<"FloatIslandOp">]> {
  let summary = "the results of a float island";
  let arguments = (ins Variadic<AnyRankedTensor>:$operands);
  let assemblyFormat = "($operands^ `:` type($operands))? attr-dict";
}

#endif // QUANTCC_DIALECT_QUANTCC_IR_OBSERVATIONOPS_TD
