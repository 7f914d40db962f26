//===- PoolingOps.td - Pools and reductions ----------------*- tablegen -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The network ops that summarize windows or whole dimensions, and softmax.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_DIALECT_QUANTCC_IR_POOLINGOPS_TD
#define QUANTCC_DIALECT_QUANTCC_IR_POOLINGOPS_TD

include "quantcc/Dialect/QuantCC/IR/QuantCCOpBase.td"

class QuantCC_Pool2DOp<string mnemonic> : QuantCC_SameScaleOp<mnemonic> {
  let results = (outs QuantCC_NetworkTensor:$result);
  let assemblyFormat = [{
    $input attr-dict `:` functional-type(operands, $result)
  }];
  let extraClassDeclaration = sameScaleExtra;
}

def QuantCC_AvgPool2DOp : QuantCC_Pool2DOp<"avg_pool2d"> {
  let summary = "average of each window";
  let description = [{
    ```
    n      = number of the window's positions that lie inside the input
    result = clamp(round_half_away(sum of the window / n))
    ```

    Positions outside the input are left out of the sum and of `n`. The stored
    values are averaged as they are: operand and result have the same
    parameters. The quotient is rounded to nearest, ties away from zero.

    - **C18** input `[N,H,W,C]`, result `[N,OH,OW,C]`; `kernel`, `strides` and
      `padding` as in C11 with dilation 1; each padding is smaller than the
      kernel in its direction, so that no window is empty.

    Example:

    ```mlir
    %r = quantcc.avg_pool2d %x {kernel = array<i64: 2, 2>,
           strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>}
         : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
    ```
  }];
  let arguments = (ins QuantCC_NetworkTensor:$input,
    DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$strides,
    DenseI64ArrayAttr:$padding,
    OptionalAttr<DenseF32ArrayAttr>:$clamp,
    OptionalAttr<DenseI32ArrayAttr>:$stored_clamp);
}

def QuantCC_MaxPool2DOp : QuantCC_Pool2DOp<"max_pool2d"> {
  let summary = "largest value of each window";
  let description = [{
    Positions outside the input are left out. Operand and result have the same
    parameters. Shapes as in C18.
  }];
  let arguments = (ins QuantCC_NetworkTensor:$input,
    DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$strides,
    DenseI64ArrayAttr:$padding,
    OptionalAttr<DenseF32ArrayAttr>:$clamp,
    OptionalAttr<DenseI32ArrayAttr>:$stored_clamp);
}

def QuantCC_MeanOp : QuantCC_RequantizingOp<"mean", [],
    [DeclareOpInterfaceMethods<FloatRangeOpInterface>]> {
  let summary = "mean over whole dimensions";
  let description = [{
    ```
    acc    = sum over `axes` of (input - zp_input)
    result = requantize(acc, s_input / (n * s_result))
    ```

    with `n` the product of the sizes of `axes`. The fixed-point multiplier is
    that of `s_input / s_result`, divided by `n` and truncated
    (docs/Numerics.md, N11).

    - **C19** `axes` are increasing and within the input's rank; the result has
      the input's shape with these dimensions 1 (`keep_dims`) or left out.

    Example:

    ```mlir
    %r = quantcc.mean %x {axes = array<i64: 1, 2>}
         : (tensor<1x4x4x8xf32>) -> tensor<1x8xf32>
    ```
  }];
  let arguments = !con((ins QuantCC_NetworkTensor:$input,
    DenseI64ArrayAttr:$axes, UnitAttr:$keep_dims),
    QuantCC_RequantizeAttributes);
  let results = (outs QuantCC_NetworkTensor:$result);
  let assemblyFormat = [{
    $input attr-dict `:` functional-type(operands, $result)
  }];
  let extraClassDeclaration = requantizingExtra;
}

def QuantCC_SoftmaxOp : QuantCC_NetworkOp<"softmax", ["getScaleConstraint"],
    [DeclareOpInterfaceMethods<FloatRangeOpInterface>]> {
  let summary = "softmax over the last dimension";
  let description = [{
    ```
    result = exp(beta * (x - max(x))) / sum of exp(beta * (x - max(x)))
    ```

    The quantized form computes with integers alone: on values of 8 bits in the
    fixed-point formats Q5.26 and Q0.31 (docs/Numerics.md, N12), on values of 16
    bits with interpolated tables (N25).

    - **C20** operand and result have the same shape; `beta` is positive. The
      quantized form has an operand of 8-bit storage and rows of at most 4095
      elements, and its result has either 8-bit storage and scale 1/256 or 16-bit
      storage and scale 1/65536, with the storage minimum as zero point; or C44.
    - **C44** operand and result have signed 16-bit storage and rows of at most
      65535 elements; the result has scale 1/32768 and zero point 0.

    Example:

    ```mlir
    %r = quantcc.softmax %x {beta = 1.0 : f32}
         : (tensor<1x10xf32>) -> tensor<1x10xf32>
    ```
  }];
  let arguments = (ins QuantCC_NetworkTensor:$input, F32Attr:$beta);
  let results = (outs QuantCC_NetworkTensor:$result);
  let assemblyFormat = [{
    $input attr-dict `:` functional-type(operands, $result)
  }];
}

#endif // QUANTCC_DIALECT_QUANTCC_IR_POOLINGOPS_TD
