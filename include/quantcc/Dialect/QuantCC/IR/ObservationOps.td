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
    file; `range` is there once it is known, and with it, where they are known,
    the part of it that each channel takes, `channel_min` and `channel_max`, and
    the mean of each channel, `channel_mean`. The channel is the last dimension.
    The op is not pure: an observed value that nothing uses is still measured.

    - **C27** `name` is not empty.
    - **C35** `channel_min`, `channel_max` and `channel_mean` have one finite
      value for each index of the last dimension; there is `channel_min` if and
      only if there is `channel_max`, and then a `range`; each channel's minimum
      is not above its maximum, and both lie within `range`.

    Example:

    ```mlir
    %r = quantcc.observe %x {name = "conv1"} : tensor<1x8xf32>
    %s = quantcc.observe %y {name = "conv2",
           range = #quantcc.range<-1.0, 2.0>} : tensor<1x8xf32>
    ```
  }];
  let arguments = (ins QuantCC_FloatTensor:$input, StrAttr:$name,
                       OptionalAttr<QuantCC_RangeAttr>:$range,
                       OptionalAttr<DenseF32ArrayAttr>:$channel_min,
                       OptionalAttr<DenseF32ArrayAttr>:$channel_max,
                       OptionalAttr<DenseF32ArrayAttr>:$channel_mean);
  let builders = [
    OpBuilder<(ins "::mlir::Value":$input, "::mlir::StringAttr":$name,
                   "::quantcc::RangeAttr":$range), [{
      build($_builder, $_state, input.getType(), input, name, range,
            ::mlir::DenseF32ArrayAttr(), ::mlir::DenseF32ArrayAttr(),
            ::mlir::DenseF32ArrayAttr());
    }]>
  ];
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
    per-axis. All arithmetic is f32. `channel_mean` is the mean of each channel
    of the operand, the last dimension, where it is known and still of use.

    - **C28** `params` is a quantized type (C4) with expressed type f32; a
      per-axis type's axis lies within the operand's rank and its length is that
      of the dimension.
    - **C36** `channel_mean` has one finite value for each index of the last
      dimension.

    Example:

    ```mlir
    %r = quantcc.fake_quantize %x
           {params = !quant.uniform<i8:f32, 0.5:-3>} : tensor<4xf32>
    ```
  }];
  let arguments = (ins QuantCC_FloatTensor:$input, TypeAttr:$params,
                       OptionalAttr<DenseF32ArrayAttr>:$channel_mean);
  let builders = [
    OpBuilder<(ins "::mlir::Value":$input, "::mlir::Type":$params), [{
      build($_builder, $_state, input.getType(), input,
            ::mlir::TypeAttr::get(params), ::mlir::DenseF32ArrayAttr());
    }]>,
    OpBuilder<(ins "::mlir::Type":$result, "::mlir::Value":$input,
                   "::mlir::TypeAttr":$params), [{
      build($_builder, $_state, result, input, params,
            ::mlir::DenseF32ArrayAttr());
    }]>
  ];
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
