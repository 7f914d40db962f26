//===- KernelOps.td - Ops of the laid-out stage ------------*- tablegen -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whole layers that a target has a kernel for: a contraction together with all
// that happens to its accumulators. They are made on tensors, become ops on
// buffers, and are expanded to loops and vectors for one target.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_DIALECT_QUANTCC_IR_KERNELOPS_TD
#define QUANTCC_DIALECT_QUANTCC_IR_KERNELOPS_TD

include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "quantcc/Dialect/QuantCC/IR/QuantCCOpBase.td"

/// A tensor, or the buffer it has become.
class QuantCC_ShapedOf<list<Type> types>
    : AnyTypeOf<[RankedTensorOf<types>, MemRefOf<types>]>;

class QuantCC_KernelOp<string mnemonic> : QuantCC_Op<mnemonic, [
    DestinationStyleOpInterface,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  code getDpsInitsCode = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() {
      return getInitMutable();
    }
  }];
  let results = (outs Variadic<RankedTensorOf<[I8, I16, I32]>>:$result);
  let hasVerifier = 1;
}

def QuantCC_FusedConv2DOp : QuantCC_KernelOp<"fused_conv2d"> {
  let summary = "convolution and requantization as one kernel";
  let description = [{
    ```
    acc[n, y, x, o] = bias[o]
        + sum over i, j, c of input[n, y * sy + i * dy, x * sx + j * dx, c]
                              * weights[o, i, j, c]
    result = clamp(round(acc * multiplier * 2^-shift) + output_zero_point,
                   clamp_min, clamp_max)
    ```

    in i32 modulo 2^32, where no accumulator that is complete leaves i32. The
    input is padded already, its zero point folded into the bias. With
    `depthwise`, channel `o` of the result comes from channel `o` of the input
    alone, and the weights are `[i, j, o]`.

    With `biased_input` the bytes of the input are stored values plus 128, with
    `biased_result` those of the result: unsigned bytes, as some instructions
    want them. The arithmetic is on the stored values all the same.

    On tensors, `outs` gives the shape of the result and its place; its contents are not read. Kernels keep weights
    of i4 two to a byte, and those of i16 as sums of bytes. An `outs` of i32 gets `acc` itself. (docs/Numerics.md, N4 to N6, N9, N66, N70)

    - **C80** weights are of i8, i4 or i16 and bias of i32, with shapes that belong to those of input and `outs`:
      the window of the last result ends within the input. Strides and dilations are positive.
    - **C81** one multiplier and shift, or one an output channel, in the ranges of C31; clamp and zero point within the type of `outs`.
    - **C100** input and `outs` are both of i8; or both of i16, not biased, with weights of i8; or `outs` is as C101 says.
    - **C101** an `outs` of i32 has an input of i8, no bias of 128, no multipliers and shifts, zero point 0, and no clamp but i32's.

    Example:

    ```mlir
    %r = quantcc.fused_conv2d
           ins(%x, %w, %b : tensor<1x10x10x8xi8>, tensor<4x3x3x8xi8>, tensor<4xi32>)
           outs(%init : tensor<1x8x8x4xi8>)
           {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
            multipliers = array<i32: 1518500250>, shifts = array<i32: 38>,
            output_zero_point = -3 : i32, clamp_min = -128 : i32,
            clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
           -> tensor<1x8x8x4xi8>
    ```
  }];
  let arguments = (ins
    QuantCC_ShapedOf<[I8, I16]>:$input, QuantCC_ShapedOf<[I<4>, I8, I16]>:$weights,
    QuantCC_ShapedOf<[I32]>:$bias, QuantCC_ShapedOf<[I8, I16, I32]>:$init,
    DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$dilations,
    DenseI32ArrayAttr:$multipliers, DenseI32ArrayAttr:$shifts,
    I32Attr:$output_zero_point, I32Attr:$clamp_min, I32Attr:$clamp_max,
    QuantCC_RoundingAttr:$rounding, UnitAttr:$depthwise,
    UnitAttr:$biased_input, UnitAttr:$biased_result);
  let assemblyFormat = [{
    `ins` `(` $input `,` $weights `,` $bias `:` type($input) `,` type($weights)
    `,` type($bias) `)` `outs` `(` $init `:` type($init) `)` attr-dict
    (`->` type($result)^)?
  }];
  let extraClassDeclaration = getDpsInitsCode # [{
    /// Rows and columns of the window.
    int64_t getKernelHeight();
    int64_t getKernelWidth();
  }];
}

def QuantCC_FusedAddOp : QuantCC_KernelOp<"fused_add"> {
  let summary = "sum of stored values as one kernel";
  let description = [{
    What `quantcc.integer_add` computes, of operands of 8 bits and one shape.

    With `biased_operands` the bytes of the operands are stored values plus 128,
    with `biased_result` those of the result, as for `quantcc.fused_conv2d`; so
    are `outs` and the result. (docs/Numerics.md, N7)

    - **C88** operands and `outs` are of i8, of one shape; multipliers, shifts and
      `left_shift` lie in the ranges of C33, zero points and clamp within i8.

    Example:

    ```mlir
    %r = quantcc.fused_add ins(%a, %b : tensor<1x8x8x4xi8>, tensor<1x8x8x4xi8>)
           outs(%init : tensor<1x8x8x4xi8>)
           {lhs_zero_point = 4 : i32, lhs_multiplier = 1073741824 : i32,
            lhs_shift = 31 : i32, rhs_zero_point = -1 : i32,
            rhs_multiplier = 1518500250 : i32, rhs_shift = 32 : i32,
            left_shift = 20 : i32, output_multiplier = 1210000000 : i32,
            output_shift = 49 : i32, output_zero_point = -3 : i32,
            clamp_min = -128 : i32, clamp_max = 127 : i32,
            rounding = #quantcc.rounding<single>}
           -> tensor<1x8x8x4xi8>
    ```
  }];
  let arguments = (ins
    QuantCC_ShapedOf<[I8]>:$lhs, QuantCC_ShapedOf<[I8]>:$rhs,
    QuantCC_ShapedOf<[I8]>:$init,
    I32Attr:$lhs_zero_point, I32Attr:$lhs_multiplier, I32Attr:$lhs_shift,
    I32Attr:$rhs_zero_point, I32Attr:$rhs_multiplier, I32Attr:$rhs_shift,
    I32Attr:$left_shift,
    I32Attr:$output_multiplier, I32Attr:$output_shift,
    I32Attr:$output_zero_point, I32Attr:$clamp_min, I32Attr:$clamp_max,
    QuantCC_RoundingAttr:$rounding, UnitAttr:$subtract,
    UnitAttr:$biased_operands, UnitAttr:$biased_result);
  let assemblyFormat = [{
    `ins` `(` $lhs `,` $rhs `:` type($lhs) `,` type($rhs) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($result)^)?
  }];
  let extraClassDeclaration = getDpsInitsCode;
}

def QuantCC_FusedMatMulOp : QuantCC_KernelOp<"fused_matmul"> {
  let summary = "products of matrices of stored values as one kernel";
  let description = [{
    ```
    acc[b, m, n] = sum over k of (lhs[b, m, k] - lhs_zero_point)
                                 * (rhs[b, k, n] - rhs_zero_point)
    result = clamp(round(acc * multiplier * 2^-shift) + output_zero_point,
                   clamp_min, clamp_max)
    ```

    in i32, which no accumulator leaves. With `transpose_rhs`, `rhs` is `[b, n, k]`. (docs/Numerics.md, N4 to N6, N9, N77)

    - **C108** operands and `outs` are of i8 and rank 3: `[B,M,K]`, `[B,K,N]` or with `transpose_rhs` `[B,N,K]`, and `[B,M,N]`.
    - **C109** multiplier and shift lie in the ranges of C31; zero points and clamp within i8; no accumulator can leave i32.

    Example:

    ```mlir
    %r = quantcc.fused_matmul ins(%a, %b : tensor<2x8x16xi8>, tensor<2x8x16xi8>)
           outs(%init : tensor<2x8x8xi8>)
           {transpose_rhs, lhs_zero_point = -128 : i32, rhs_zero_point = 3 : i32,
            multiplier = 1518500250 : i32, shift = 38 : i32,
            output_zero_point = -3 : i32, clamp_min = -128 : i32,
            clamp_max = 127 : i32, rounding = #quantcc.rounding<single>}
           -> tensor<2x8x8xi8>
    ```
  }];
  let arguments = (ins
    QuantCC_ShapedOf<[I8]>:$lhs, QuantCC_ShapedOf<[I8]>:$rhs,
    QuantCC_ShapedOf<[I8]>:$init,
    I32Attr:$lhs_zero_point, I32Attr:$rhs_zero_point,
    I32Attr:$multiplier, I32Attr:$shift,
    I32Attr:$output_zero_point, I32Attr:$clamp_min, I32Attr:$clamp_max,
    QuantCC_RoundingAttr:$rounding, UnitAttr:$transpose_rhs);
  let assemblyFormat = [{
    `ins` `(` $lhs `,` $rhs `:` type($lhs) `,` type($rhs) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($result)^)?
  }];
  let extraClassDeclaration = getDpsInitsCode # [{
    /// Of the result: [B,M,N].
    int64_t getNumBatches();
    int64_t getNumRows();
    int64_t getNumColumns();
    /// How many products a sum has.
    int64_t getDepth();
  }];
}

#endif // QUANTCC_DIALECT_QUANTCC_IR_KERNELOPS_TD
