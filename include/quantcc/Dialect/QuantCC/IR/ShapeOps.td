//===- ShapeOps.td - Ops that move values ------------------*- tablegen -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The network ops that move, repeat or interpolate values.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_DIALECT_QUANTCC_IR_SHAPEOPS_TD
#define QUANTCC_DIALECT_QUANTCC_IR_SHAPEOPS_TD

include "quantcc/Dialect/QuantCC/IR/QuantCCEnums.td"
include "quantcc/Dialect/QuantCC/IR/QuantCCOpBase.td"

class QuantCC_MovingOp<string mnemonic> : QuantCC_SameScaleOp<mnemonic> {
  let results = (outs QuantCC_NetworkTensor:$result);
  let assemblyFormat = [{
    $input attr-dict `:` functional-type(operands, $result)
  }];
  let extraClassDeclaration = sameScaleExtra;
}

def QuantCC_ReshapeOp : QuantCC_MovingOp<"reshape"> {
  let summary = "the same elements under another shape";
  let description = [{
    - **C21** Operand and result have the same number of elements.
  }];
  let arguments = (ins QuantCC_NetworkTensor:$input);
  let hasFolder = 1;
}

def QuantCC_TransposeOp : QuantCC_MovingOp<"transpose"> {
  let summary = "dimensions in another order";
  let description = [{
    Dimension `i` of the result is dimension `permutation[i]` of the input.

    - **C22** `permutation` permutes the input's dimensions, and the result's
      shape follows it.
  }];
  let arguments = (ins QuantCC_NetworkTensor:$input,
                       DenseI64ArrayAttr:$permutation);
  let hasFolder = 1;
}

def QuantCC_SliceOp : QuantCC_MovingOp<"slice"> {
  let summary = "a regular part of a tensor";
  let description = [{
    ```
    result[i...] = input[offsets + i * strides ...]
    ```

    A stride may be negative, but not zero.

    - **C23** `offsets` and `strides` have one value a dimension, the result has
      the input's rank, and every element read lies inside the input.
  }];
  let arguments = (ins QuantCC_NetworkTensor:$input,
    DenseI64ArrayAttr:$offsets, DenseI64ArrayAttr:$strides);
  let hasFolder = 1;
}

def QuantCC_PadOp : QuantCC_MovingOp<"pad"> {
  let summary = "a tensor with a border";
  let description = [{
    The border holds `value` (real) in the float form, and `stored_value` in the
    quantized form; without it, the representation of real zero.

    - **C24** `low` and `high` have one value a dimension, none negative; the
      result's dimensions are `low + input + high`; `value` stands in the float
      form only and is finite, `stored_value` in the quantized form only and
      within the storage range.
  }];
  let arguments = (ins QuantCC_NetworkTensor:$input,
    DenseI64ArrayAttr:$low, DenseI64ArrayAttr:$high,
    OptionalAttr<F32Attr>:$value, OptionalAttr<I32Attr>:$stored_value);
}

def QuantCC_BroadcastOp : QuantCC_MovingOp<"broadcast"> {
  let summary = "dimensions of one index, repeated";
  let description = [{
    ```
    result[i...] = input[i, or 0 where the input's dimension is 1 ...]
    ```

    - **C48** Operand and result have the same rank; a dimension of the operand
      is 1 or the result's.

    Example:

    ```mlir
    %r = quantcc.broadcast %x : (tensor<1x3xf32>) -> tensor<4x3xf32>
    ```
  }];
  let arguments = (ins QuantCC_NetworkTensor:$input);
  let hasFolder = 1;
}

def QuantCC_ConcatOp : QuantCC_SameScaleOp<"concat"> {
  let summary = "tensors behind one another";
  let description = [{
    - **C25** At least one operand; all have the result's shape but for
      dimension `axis`, where theirs add up to the result's.
  }];
  let arguments = (ins Variadic<QuantCC_NetworkTensor>:$inputs, I64Attr:$axis);
  let results = (outs QuantCC_NetworkTensor:$result);
  let assemblyFormat = [{
    $inputs attr-dict `:` functional-type(operands, $result)
  }];
  let extraClassDeclaration = sameScaleExtra;
}

def QuantCC_ResizeModeAttr
    : EnumAttr<QuantCC_Dialect, QuantCC_ResizeModeEnum, "resize_mode"> {
  let assemblyFormat = "`<` $value `>`";
}

def QuantCC_ResizeOp : QuantCC_MovingOp<"resize"> {
  let summary = "an image of another size";
  let description = [{
    Scales height and width. Per direction, with `in` and `out` sizes:

    ```
    scale  = align_corners && out > 1 ? (in - 1) / (out - 1) : in / out
    source = half_pixel_centers ? (i + 0.5) * scale - 0.5 : i * scale
    ```

    `nearest` takes `floor(source)` (with `align_corners`, the nearest integer;
    with `half_pixel_centers`, `floor((i + 0.5) * scale)`), limited to the
    input. `bilinear` interpolates between the neighbours of `source`, limited
    to the input; its quantized form works with 10 fractional bits
    (docs/Numerics.md, N14).

    - **C26** input `[N,H,W,C]`, result `[N,OH,OW,C]`; not both flags.
  }];
  let arguments = (ins QuantCC_NetworkTensor:$input,
    QuantCC_ResizeModeAttr:$mode, UnitAttr:$align_corners,
    UnitAttr:$half_pixel_centers);
}

#endif // QUANTCC_DIALECT_QUANTCC_IR_SHAPEOPS_TD
