//===- IntegerOps.td - Ops of the integer stage ------------*- tablegen -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Composite integer arithmetic that stays one op until tiling and fusion are
// done. Operands are plain integer tensors; all parameters are attributes.
// quantcc.requantize serves the quantized stage as well: after a contraction in
// accumulator form it brings multipliers that no scales express.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_DIALECT_QUANTCC_IR_INTEGEROPS_TD
#define QUANTCC_DIALECT_QUANTCC_IR_INTEGEROPS_TD

include "quantcc/Dialect/QuantCC/IR/QuantCCOpBase.td"

def QuantCC_RequantizeOp : QuantCC_Op<"requantize", [Pure]> {
  let summary = "from accumulators to stored values";
  let description = [{
    ```
    result = clamp(round(input * multiplier * 2^-shift) + output_zero_point,
                   clamp_min, clamp_max)
    ```

    `round` is one of docs/Numerics.md's three roundings (N4 to N6). With one
    multiplier and shift they serve the whole tensor; with more, dimension
    `axis` selects.

    An input of i64 has values in (-2^47, 2^47).

    - **C30** input of i32 or i64, result of an integer type, same shape; as many
      shifts as multipliers: one, or the length of dimension `axis`, which must
      be given then. The rounding `reduced` has become `single` with its
      multiplier of 15 bits.
    - **C31** multipliers lie in [0, 2^31), shifts in [2, 62].
    - **C32** `clamp_min <= clamp_max`; both, and `output_zero_point`, lie within
      the result's storage, which has at most 32 bits and is unsigned with
      `unsigned_result`.

    Example:

    ```mlir
    %r = quantcc.requantize %acc {multipliers = array<i32: 1518500250>,
           shifts = array<i32: 38>, output_zero_point = -3 : i32,
           clamp_min = -128 : i32, clamp_max = 127 : i32,
           rounding = #quantcc.rounding<single>}
         : tensor<1x4xi32> -> tensor<1x4xi8>
    ```
  }];
  let arguments = (ins QuantCC_IntegerTensor:$input,
    DenseI32ArrayAttr:$multipliers, DenseI32ArrayAttr:$shifts,
    OptionalAttr<I64Attr>:$axis, I32Attr:$output_zero_point,
    I32Attr:$clamp_min, I32Attr:$clamp_max,
    QuantCC_RoundingAttr:$rounding, UnitAttr:$unsigned_result);
  let results = (outs QuantCC_IntegerTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def QuantCC_IntegerAddOp : QuantCC_Op<"integer_add", [Pure]> {
  let summary = "sum of stored values under different parameters";
  let description = [{
    ```
    a      = requantize((lhs - lhs_zero_point) << left_shift, lhs multiplier)
    b      = requantize((rhs - rhs_zero_point) << left_shift, rhs multiplier)
    result = clamp(requantize(a + b, output multiplier) + output_zero_point)
    ```

    With `subtract`, `a - b`. Operands broadcast. Each multiplier is an i32 with
    a right shift, as in `quantcc.requantize`. (docs/Numerics.md, N7)

    - **C33** the result's shape is the operands' shapes broadcast; multipliers
      lie in [0, 2^31), shifts in [2, 62], `left_shift` in [0, 22]; an operand's
      zero point lies within its storage, whose largest difference still fits
      i32 after the left shift. The result's bounds are those of C32;
      `unsigned_operands` holds for operands and result.
  }];
  let arguments = (ins QuantCC_IntegerTensor:$lhs, QuantCC_IntegerTensor:$rhs,
    I32Attr:$lhs_zero_point, I32Attr:$lhs_multiplier, I32Attr:$lhs_shift,
    I32Attr:$rhs_zero_point, I32Attr:$rhs_multiplier, I32Attr:$rhs_shift,
    I32Attr:$left_shift,
    I32Attr:$output_multiplier, I32Attr:$output_shift,
    I32Attr:$output_zero_point, I32Attr:$clamp_min, I32Attr:$clamp_max,
    QuantCC_RoundingAttr:$rounding, UnitAttr:$subtract,
    UnitAttr:$unsigned_operands);
  let results = (outs QuantCC_IntegerTensor:$result);
  let assemblyFormat = [{
    $lhs `,` $rhs attr-dict `:` functional-type(operands, $result)
  }];
  let hasVerifier = 1;
}

def QuantCC_IntegerSoftmaxOp : QuantCC_Op<"integer_softmax", [Pure]> {
  let summary = "softmax of stored values over the last dimension";
  let description = [{
    Per row, with `d = input - max(input)`:

    ```
    e(d)   = d < diff_min ? 0 : exp_neg(SRDHM(d << left_shift, multiplier))
    result = d < diff_min ? output_zero_point
                          : clamp(round(2^bits * e(d) / sum of e)
                                  + output_zero_point)
    ```

    with `bits` the width of the result's elements.

    docs/Numerics.md, N12, gives every step and its fixed-point formats. `multiplier` and `left_shift` scale
    a difference of stored values to Q5.26; smaller differences than `diff_min`
    yield 0.

    - **C34** operand and result have the same shape, elements of 8 bits (the
      result also of 16), rows of at most 4095; multiplier is in [0, 2^31), `left_shift` in [0, 31],
      `diff_min` not positive; `output_zero_point` lies within the storage.
  }];
  let arguments = (ins QuantCC_IntegerTensor:$input,
    I32Attr:$multiplier, I32Attr:$left_shift, I32Attr:$diff_min,
    I32Attr:$output_zero_point, UnitAttr:$unsigned_storage);
  let results = (outs QuantCC_IntegerTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

#endif // QUANTCC_DIALECT_QUANTCC_IR_INTEGEROPS_TD
