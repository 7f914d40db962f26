//===- ElementwiseOps.td - Ops on single elements ----------*- tablegen -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The network ops that work on each element by itself.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_DIALECT_QUANTCC_IR_ELEMENTWISEOPS_TD
#define QUANTCC_DIALECT_QUANTCC_IR_ELEMENTWISEOPS_TD

include "mlir/Interfaces/InferTypeOpInterface.td"
include "quantcc/Dialect/QuantCC/IR/QuantCCEnums.td"
include "quantcc/Dialect/QuantCC/IR/QuantCCOpBase.td"

/// Two operands that broadcast against each other as in numpy: shapes are
/// aligned at the right, and a dimension of 1 is repeated.
class QuantCC_BinaryOp<string mnemonic, list<string> overrides = []>
    : QuantCC_RequantizingOp<mnemonic, overrides,
        [DeclareOpInterfaceMethods<FloatRangeOpInterface>]> {
  let arguments = !con((ins
    QuantCC_NetworkTensor:$lhs, QuantCC_NetworkTensor:$rhs),
    QuantCC_RequantizeAttributes);
  let results = (outs QuantCC_NetworkTensor:$result);
  let assemblyFormat = [{
    $lhs `,` $rhs attr-dict `:` functional-type(operands, $result)
  }];
  let extraClassDeclaration = requantizingExtra;
}

def QuantCC_AddOp : QuantCC_BinaryOp<"add"> {
  let summary = "sum of two tensors";
  let description = [{
    Real values are added; the quantized form rescales both operands to a common
    scale with 20 more fractional bits first, 15 if an operand's storage has
    more than 8 bits (docs/Numerics.md, N7).

    - **C14** The result's shape is the operands' shapes broadcast.

    Example:

    ```mlir
    %r = quantcc.add %a, %b : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
    ```
  }];
}

def QuantCC_SubOp : QuantCC_BinaryOp<"sub"> {
  let summary = "difference of two tensors";
  let description = [{
    As `quantcc.add`, with the right operand's rescaled value subtracted (C14).
  }];
}

def QuantCC_MulOp : QuantCC_BinaryOp<"mul"> {
  let summary = "product of two tensors, element by element";
  let description = [{
    ```
    result = requantize((lhs - zp_lhs) * (rhs - zp_rhs),
                        s_lhs * s_rhs / s_result)
    ```

    Operands broadcast (C14).
  }];
}

class QuantCC_SelectingBinaryOp<string mnemonic>
    : QuantCC_SameScaleOp<mnemonic> {
  let arguments = (ins
    QuantCC_NetworkTensor:$lhs, QuantCC_NetworkTensor:$rhs);
  let results = (outs QuantCC_NetworkTensor:$result);
  let assemblyFormat = [{
    $lhs `,` $rhs attr-dict `:` functional-type(operands, $result)
  }];
  let extraClassDeclaration = sameScaleExtra;
}

def QuantCC_MaximumOp : QuantCC_SelectingBinaryOp<"maximum"> {
  let summary = "the larger of two values";
  let description = [{
    Operands broadcast (C14); all have the same parameters (C5).
  }];
}

def QuantCC_MinimumOp : QuantCC_SelectingBinaryOp<"minimum"> {
  let summary = "the smaller of two values";
  let description = [{
    Operands broadcast (C14); all have the same parameters (C5).
  }];
}

def QuantCC_RescaleOp : QuantCC_RequantizingOp<"rescale", [],
    [DeclareOpInterfaceMethods<FloatRangeOpInterface>]> {
  let summary = "the same real values under other parameters";
  let description = [{
    ```
    result = requantize(input - zp_input, s_input / s_result)
    ```

    In the float form it is the identity or, with `clamp`, a clamp: relu, relu6
    and their like are `rescale` ops with a `clamp`, whose upper bound may be
    infinity.

    - **C15** Operand and result have the same shape.

    Example:

    ```mlir
    %r = quantcc.rescale %x {clamp = array<f32: 0.0, 6.0>}
         : (tensor<4xf32>) -> tensor<4xf32>
    ```
  }];
  let arguments = !con((ins QuantCC_NetworkTensor:$input),
                       QuantCC_RequantizeAttributes);
  let results = (outs QuantCC_NetworkTensor:$result);
  let assemblyFormat = [{
    $input attr-dict `:` functional-type(operands, $result)
  }];
  let extraClassDeclaration = requantizingExtra;
}

def QuantCC_PReluOp : QuantCC_NetworkOp<"prelu",
    ["getOperandRole", "getChannelAxis"],
    [DeclareOpInterfaceMethods<FloatRangeOpInterface>]> {
  let summary = "leaky rectifier with a slope a channel";
  let description = [{
    ```
    result = x >= 0 ? x : x * slope
    quantized: x = input - zp_input
      x >= 0 ? requantize(x, s_input / s_result)
             : requantize(x * (slope - zp_slope), s_input * s_slope / s_result)
    ```

    `slope` broadcasts to the input's shape, which is the result's (C14). In the
    quantized form it has per-tensor parameters (docs/Numerics.md, N16).
  }];
  let arguments = (ins
    QuantCC_NetworkTensor:$input, QuantCC_NetworkTensor:$slope,
    OptionalAttr<QuantCC_RoundingAttr>:$rounding);
  let results = (outs QuantCC_NetworkTensor:$result);
  let assemblyFormat = [{
    $input `,` $slope attr-dict `:` functional-type(operands, $result)
  }];
}

def QuantCC_FloatFunctionAttr
    : EnumAttr<QuantCC_Dialect, QuantCC_FloatFunctionEnum, "function"> {
  let assemblyFormat = "`<` $value `>`";
}

def QuantCC_FunctionOp : QuantCC_Op<"function", [
    Pure, SameOperandsAndResultType,
    DeclareOpInterfaceMethods<QuantizableOpInterface,
                              ["getScaleConstraint"]>,
    DeclareOpInterfaceMethods<FloatRangeOpInterface>]> {
  let summary = "a non-linear function of each element";
  let description = [{
    f32 only; its quantized form is a `quantcc.lookup` in a table of 256 values.

    | function | value |
    |---|---|
    | sigmoid | `1 / (1 + exp(-x))` |
    | tanh | `tanh(x)` |
    | hard_swish | `x * min(max(x + 3, 0), 6) / 6` |
    | leaky_relu | `x >= 0 ? x : alpha * x` |
    | gelu | `x * (1 + erf(x / sqrt(2))) / 2` |
    | elu | `x >= 0 ? x : exp(x) - 1` |
    | exp, abs, neg, square | as named |
    | rsqrt | `1 / sqrt(x)` |
    | sqrt | `sqrt(x)` |
    | sign | -1, 0 or 1 as `x` is negative, zero or positive |
    | round | the nearest integer, ties to even |

    - **C16** `alpha` is given for leaky_relu and for no other function.

    Example:

    ```mlir
    %r = quantcc.function #quantcc.function<sigmoid> %x : tensor<4xf32>
    ```
  }];
  let arguments = (ins QuantCC_FloatFunctionAttr:$function,
                       QuantCC_FloatTensor:$input,
                       OptionalAttr<F32Attr>:$alpha);
  let results = (outs QuantCC_FloatTensor:$result);
  let assemblyFormat = "$function $input attr-dict `:` type($input)";
  let hasVerifier = 1;
}

def QuantCC_LeakyReluOp : QuantCC_Op<"leaky_relu", [Pure]> {
  let summary = "leaky rectifier of stored values";
  let description = [{
    ```
    x = input - zp_input
    result = x >= 0 ? requantize(x, s_input / s_result)
                    : requantize(alpha * x, s_input * alpha / s_result)
    ```

    The quantized form of the function leaky_relu on values too wide for a table
    (docs/Numerics.md, N23).

    - **C42** input and result are quantized (C1, C4, C39) and have the same
      shape; `alpha` is finite; the rounding is `double` or `single`.

    Example:

    ```mlir
    %r = quantcc.leaky_relu %x {alpha = 0.25 : f32,
           rounding = #quantcc.rounding<double>}
         : (tensor<4x!quant.uniform<i16:f32, 0.5>>)
         -> tensor<4x!quant.uniform<i16:f32, 0.5>>
    ```
  }];
  let arguments = (ins QuantCC_QuantizedTensor:$input, F32Attr:$alpha,
                       QuantCC_RoundingAttr:$rounding);
  let results = (outs QuantCC_QuantizedTensor:$result);
  let assemblyFormat = [{
    $input attr-dict `:` functional-type(operands, $result)
  }];
  let hasVerifier = 1;
}

def QuantCC_GateOp : QuantCC_Op<"gate", [Pure]> {
  let summary = "sigmoid or tanh of 16-bit values";
  let description = [{
    ```
    t = floor((input * m + 2^(s - 1)) / 2^s)        m * 2^-s about 12288 * s_input
    result = sigmoid16(t) or tanh16(t)
    ```

    The quantized form of these functions on values too wide for a table: both
    interpolate in the table of an LSTM's gates (docs/Numerics.md, N40).

    - **C69** the function is `sigmoid` or `tanh`; input and result have the same
      shape.
    - **C70** input and result are quantized (C1, C4) with signed 16-bit storage
      and zero point 0; the result's scale is 2^-15, the input's at most
      32767 / 12288.

    Example:

    ```mlir
    %r = quantcc.gate <tanh> %x
         : (tensor<4x!quant.uniform<i16:f32, 0.001>>)
         -> tensor<4x!quant.uniform<i16:f32, 3.0517578125e-05>>
    ```
  }];
  let arguments = (ins QuantCC_FloatFunctionAttr:$function,
                       QuantCC_QuantizedTensor:$input);
  let results = (outs QuantCC_QuantizedTensor:$result);
  let assemblyFormat = [{
    $function $input attr-dict `:` functional-type(operands, $result)
  }];
  let hasVerifier = 1;
}

def QuantCC_LookupOp : QuantCC_Op<"lookup", [Pure]> {
  let summary = "a value from a table, chosen by each stored element";
  let description = [{
    For an input of 8 bits

    ```
    result = table[input - smallest value of input's storage]
    ```

    The smallest value is that of the storage's width and sign, -128 or 0,
    whatever narrower range a quantized type allows. For an input of 16 bits

    ```
    i = floor((input + 32768) / 128)        r = (input + 32768) mod 128
    result = table[i] + floor(((table[i + 1] - table[i]) * r + 64) / 128)
    ```

    (docs/Numerics.md, N13 and N24).

    The quantized form of functions of one value, and its integer form too: it
    works on stored values alone. A plain i8 tensor counts as signed storage, so
    entry 0 belongs to -128.

    - **C17** The input has 8-bit storage and the table 256 entries, or C43; the
      table's integer type has the width of the result's storage; input and
      result have the same shape, and are both quantized (C1, C4) or both
      integers.
    - **C43** The input has 16-bit storage and the table 513 entries, and the
      result 16-bit storage; both storages are signed.

    Example:

    ```mlir
    %r = quantcc.lookup %x, %table
         : (tensor<4xi8>, tensor<256xi8>) -> tensor<4xi8>
    ```
  }];
  let arguments = (ins
    StaticShapeTensorOf<[AnyInteger, QuantCC_QuantizedType]>:$input,
    StaticShapeTensorOf<[AnyInteger]>:$table);
  let results = (outs
    StaticShapeTensorOf<[AnyInteger, QuantCC_QuantizedType]>:$result);
  let assemblyFormat = [{
    $input `,` $table attr-dict `:` functional-type(operands, $result)
  }];
  let hasVerifier = 1;
}

#endif // QUANTCC_DIALECT_QUANTCC_IR_ELEMENTWISEOPS_TD
