//===- QuantCCDialect.td - The quantcc dialect -------------*- tablegen -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The dialect itself and its attributes.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_DIALECT_QUANTCC_IR_QUANTCCDIALECT_TD
#define QUANTCC_DIALECT_QUANTCC_IR_QUANTCCDIALECT_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/DialectBase.td"
include "mlir/IR/EnumAttr.td"
include "quantcc/Support/Rounding.td"

def QuantCC_Dialect : Dialect {
  let name = "quantcc";
  let summary = "Quantization of neural networks for integer execution";
  let description = [{
    The ops that a model consists of on its way from f32 to integers.

    *Network ops* (`conv2d`, `linear`, `add`, `softmax`, ...) work on tensors of
    f32 in the float stages and on tensors of `!quant.uniform` types in the
    quantized stage. One vocabulary serves both, so that quantizing an op changes
    its types and not its structure. The types alone hold scale and zero point;
    rounding and the fused clamp are attributes.

    *Observation ops* (`observe`, `fake_quantize`) mark values whose range is
    measured, and simulate quantization in f32.

    *Integer ops* (`requantize`, `integer_add`, `integer_softmax`, `lookup`)
    work on plain integer tensors in the integer stage, and are expanded to
    `arith` when tiling and fusion are done.

    ## Constraints

    The verifiers name the constraint that is broken by its number. These hold
    for every network op:

    - **C1** The activation operands and the results are either all f32 tensors
      (the float form) or all tensors of per-tensor quantized types (the
      quantized form). Shapes are static, without a dimension of 0, and hold
      fewer than 2^31 elements.
    - **C2** The quantized form of an op that requantizes has `rounding`; the
      float form has none.
    - **C3** `clamp` (real values) stands in the float form only, `stored_clamp`
      (stored values) in the quantized form only; its low bound is not above its
      high bound, and stored bounds lie in the storage range of the result.
    - **C4** The expressed type is f32; a scale is a positive, normal f32 value;
      a zero point lies within the storage range.
    - **C5** An op that does not requantize has equal element types in its
      operands and results.
    - **C6** Weights are quantized where the activations are, per tensor or per
      axis along the output channel axis, and f32 otherwise.
    - **C7** Weights of signed storage have zero point 0, per-tensor weights of
      linear excepted.
    - **C8** A bias is a tensor of rank 1 with one value an output channel: f32
      in the float form, i32 or i64 in the quantized form.
    - **C38** The rounding `reduced` is that of conv2d, transpose_conv2d, linear
      and matmul alone.
    - **C39** Activations have storage of at most 16 bits; the operand and the
      result of rescale, and values that are only moved or compared, may have 32
      bits with a sign.

    - **C61** A contraction may give a tensor of i32 or i64, which holds the
      accumulators: then its operands are quantized, and there is neither
      rounding nor clamp.
    - **C62** Activations have storage of at least 8 bits; weights alone may have
      less, as the 4 bits of i4.

    The numbers from **C10** on belong to single ops and stand on their pages.
  }];
  let cppNamespace = "::quantcc";
  let useDefaultAttributePrinterParser = 1;
  let hasConstantMaterializer = 1;
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::quant::QuantDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

def QuantCC_RoundingAttr
    : EnumAttr<QuantCC_Dialect, QuantCC_RoundingEnum, "rounding"> {
  let summary = "how a requantization rounds";
  let assemblyFormat = "`<` $value `>`";
}

def QuantCC_RangeAttr : AttrDef<QuantCC_Dialect, "Range"> {
  let mnemonic = "range";
  let summary = "a closed interval of real values";
  let description = [{
    The values `[min, max]`, both finite and `min <= max`.

    Example: `#quantcc.range<-1.5, 6.0>`
  }];
  let parameters = (ins APFloatParameter<"the lower bound">:$min,
                        APFloatParameter<"the upper bound">:$max);
  let builders = [
    AttrBuilder<(ins "double":$min, "double":$max), [{
      return $_get($_ctxt, ::llvm::APFloat(min), ::llvm::APFloat(max));
    }]>
  ];
  let extraClassDeclaration = [{
    double getMinValue() const { return getMin().convertToDouble(); }
    double getMaxValue() const { return getMax().convertToDouble(); }
  }];
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

#endif // QUANTCC_DIALECT_QUANTCC_IR_QUANTCCDIALECT_TD
