//===- ContractionOps.td - Convolution and products --------*- tablegen -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The network ops that contract an activation with weights or another
// activation. Besides the float and the quantized form they have an accumulator
// form: quantized operands, and a result of i32 or i64 that holds the
// accumulators themselves, for a quantcc.requantize with explicit multipliers.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_DIALECT_QUANTCC_IR_CONTRACTIONOPS_TD
#define QUANTCC_DIALECT_QUANTCC_IR_CONTRACTIONOPS_TD

include "quantcc/Dialect/QuantCC/IR/QuantCCOpBase.td"

def QuantCC_Conv2DOp : QuantCC_RequantizingOp<"conv2d",
    ["getOperandRole", "getChannelAxis"]> {
  let summary = "two-dimensional convolution, grouped or not";
  let description = [{
    ```
    g  = o / (O / groups)                       // the group of channel o
    acc[n,y,x,o] = bias[o] + sum over ky, kx, c of
        (input[n, y*sy + ky*dy - top, x*sx + kx*dx - left, g*C/groups + c]
           - zp_input) * weights[o,ky,kx,c]
    result[n,y,x,o] = requantize(acc, s_input * s_weights[o] / s_result)
    ```

    Taps outside the input count nothing: the input is padded with real zero.
    The float form sums in f32 in the order `ky, kx, c`, bias last. A depthwise
    convolution has `groups` equal to the input's channels.

    Constraints, besides C1 to C8 and C61:

    - **C10** input `[N,H,W,C]`, weights `[O,KH,KW,C/groups]`, result
      `[N,OH,OW,O]`; `groups` divides `C` and `O`.
    - **C11** `strides` and `dilations` have 2 positive values, `padding` has 4
      values `[top, bottom, left, right]`, none negative; and
      `OH = (H + top + bottom - dy*(KH-1) - 1) / sy + 1`, rounded down, at least
      1, `OW` likewise.

    Example:

    ```mlir
    %r = quantcc.conv2d %x, %w, %b {strides = array<i64: 1, 1>,
           padding = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>,
           groups = 1 : i64}
         : (tensor<1x8x8x3xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>)
         -> tensor<1x8x8x4xf32>
    ```
  }];
  let arguments = !con((ins
    QuantCC_NetworkTensor:$input, QuantCC_NetworkTensor:$weights,
    Optional<QuantCC_BiasTensor>:$bias,
    DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$padding,
    DenseI64ArrayAttr:$dilations, I64Attr:$groups),
    QuantCC_RequantizeAttributes);
  let results = (outs QuantCC_ContractionResult:$result);
  let assemblyFormat = [{
    $input `,` $weights (`,` $bias^)? attr-dict
    `:` functional-type(operands, $result)
  }];
  let extraClassDeclaration = requantizingExtra # [{
    /// Whether each output channel reads a single input channel.
    bool isDepthwise();
  }];
}

def QuantCC_TransposeConv2DOp : QuantCC_RequantizingOp<"transpose_conv2d",
    ["getOperandRole", "getChannelAxis"]> {
  let summary = "two-dimensional transposed convolution";
  let description = [{
    Each input position adds its product with the weights to a window of the
    result:

    ```
    acc[n,y,x,o] = bias[o] + sum over ky, kx, c of
        (input[n,iy,ix,c] - zp_input) * weights[o,ky,kx,c]
        where iy*sy + ky - top = y and ix*sx + kx - left = x
    result[n,y,x,o] = requantize(acc, s_input * s_weights[o] / s_result)
    ```

    The float form sums in f32 from the last `ky, kx` to the first, `c` within;
    bias last.

    Constraints, besides C1 to C8:

    - **C40** input `[N,H,W,C]`, weights `[O,KH,KW,C]`, result `[N,OH,OW,O]`.
    - **C41** `strides` has 2 positive values, `padding` has 4 values
      `[top, bottom, left, right]`, each smaller than the kernel in its direction,
      the first of each direction not negative; and
      `OH = (H-1)*sy + KH - top - bottom`, at least 1, `OW` likewise. (A negative
      second value makes positions that no window reaches.)

    Example:

    ```mlir
    %r = quantcc.transpose_conv2d %x, %w, %b {strides = array<i64: 2, 2>,
           padding = array<i64: 0, 1, 0, 1>}
         : (tensor<1x4x4x8xf32>, tensor<3x3x3x8xf32>, tensor<3xf32>)
         -> tensor<1x8x8x3xf32>
    ```
  }];
  let arguments = !con((ins
    QuantCC_NetworkTensor:$input, QuantCC_NetworkTensor:$weights,
    Optional<QuantCC_BiasTensor>:$bias,
    DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$padding),
    QuantCC_RequantizeAttributes);
  let results = (outs QuantCC_NetworkTensor:$result);
  let assemblyFormat = [{
    $input `,` $weights (`,` $bias^)? attr-dict
    `:` functional-type(operands, $result)
  }];
  let extraClassDeclaration = requantizingExtra;
}

def QuantCC_LinearOp : QuantCC_RequantizingOp<"linear",
    ["getOperandRole", "getChannelAxis"]> {
  let summary = "product with a weight matrix (fully connected)";
  let description = [{
    ```
    acc[..., n] = bias[n] + sum over k of
        (input[..., k] - zp_input) * (weights[n, k] - zp_weights)
    result[..., n] = requantize(acc, s_input * s_weights[n] / s_result)
    ```

    Constraints, besides C1 to C8 and C61:

    - **C12** input `[..., K]` of rank 2 or more, weights `[N,K]`, result
      `[..., N]` with the input's leading dimensions.

    Example:

    ```mlir
    %r = quantcc.linear %x, %w, %b
         : (tensor<1x64xf32>, tensor<10x64xf32>, tensor<10xf32>)
         -> tensor<1x10xf32>
    ```
  }];
  let arguments = !con((ins
    QuantCC_NetworkTensor:$input, QuantCC_NetworkTensor:$weights,
    Optional<QuantCC_BiasTensor>:$bias),
    QuantCC_RequantizeAttributes);
  let results = (outs QuantCC_ContractionResult:$result);
  let assemblyFormat = [{
    $input `,` $weights (`,` $bias^)? attr-dict
    `:` functional-type(operands, $result)
  }];
  let extraClassDeclaration = requantizingExtra;
}

def QuantCC_MatMulOp : QuantCC_RequantizingOp<"matmul"> {
  let summary = "batched product of two activations";
  let description = [{
    ```
    acc[b, m, n] = sum over k of
        (lhs[b, m, k] - zp_lhs) * (rhs[b, k, n] - zp_rhs)
    result[b, m, n] = requantize(acc, s_lhs * s_rhs / s_result)
    ```

    With `transpose_lhs`, `lhs` is read as `lhs[b, k, m]`; with `transpose_rhs`,
    `rhs` as `rhs[b, n, k]`.

    Constraints, besides C1 to C5 and C61:

    - **C13** operands and result have the same rank, 2 or more; the leading
      dimensions of an operand equal the result's or are 1; the inner dimensions
      agree.

    Example:

    ```mlir
    %r = quantcc.matmul %a, %b
         : (tensor<2x4x8xf32>, tensor<2x8x3xf32>) -> tensor<2x4x3xf32>
    ```
  }];
  let arguments = !con((ins
    QuantCC_NetworkTensor:$lhs, QuantCC_NetworkTensor:$rhs,
    UnitAttr:$transpose_lhs, UnitAttr:$transpose_rhs),
    QuantCC_RequantizeAttributes);
  let results = (outs QuantCC_ContractionResult:$result);
  let assemblyFormat = [{
    $lhs `,` $rhs attr-dict `:` functional-type(operands, $result)
  }];
  let extraClassDeclaration = requantizingExtra;
}

#endif // QUANTCC_DIALECT_QUANTCC_IR_CONTRACTIONOPS_TD
