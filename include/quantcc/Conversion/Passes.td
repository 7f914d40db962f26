//===- Passes.td - Passes that lower --------------------- -*- tablegen -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The passes that take the quantized and float stages to linalg and arith.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CONVERSION_PASSES_TD
#define QUANTCC_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertQuantizedToLinalg
    : Pass<"quantcc-convert-quantized-to-linalg", "::mlir::ModuleOp"> {
  let summary = "lower the quantized stage to the integer stage";
  let description = [{
    Tensors of quantized types become tensors of their storage type, and the
    network ops on them integer arithmetic: contractions are named linalg ops
    with i32 accumulators, followed by `quantcc.requantize`; zero points are
    folded into the bias, and padding is explicit. Each argument and result of
    a function that was quantized keeps its type in the attribute
    `quantcc.type`.

    Casts to and from f32 stay, and so do float islands, whose blocks then
    begin and end with `quant.scast`: `quantcc-convert-float-to-linalg` lowers
    them.

    An accumulator that the weights and the bias can drive beyond its type, or
    a multiplier without a fixed-point form, is an error that names the op.

    Before:

    ```mlir
    %r = quantcc.linear %x, %w, %b {rounding = #quantcc.rounding<double>}
      : (tensor<1x64x!quant.uniform<i8:f32, 0.5:3>>,
         tensor<10x64x!quant.uniform<i8:f32, 0.25>>, tensor<10xi32>)
      -> tensor<1x10x!quant.uniform<i8:f32, 1.0>>
    ```

    After:

    ```mlir
    %acc = linalg.matmul ins(%x, %w : tensor<1x64xi8>, tensor<10x64xi8>)
                         outs(%folded : tensor<1x10xi32>) -> tensor<1x10xi32>
    %r = quantcc.requantize %acc {...} : tensor<1x10xi32> -> tensor<1x10xi8>
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::math::MathDialect", "::mlir::quant::QuantDialect",
    "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect", "::quantcc::QuantCCDialect"
  ];
}

def ExpandIntegerOps : Pass<"quantcc-expand-integer-ops"> {
  let summary = "expand composite integer ops to linalg and arith";
  let description = [{
    `quantcc.requantize`, `integer_add`, `integer_softmax` and `lookup` become
    linalg ops whose bodies are `arith` ops on i32 and i64, exact for every
    rounding. Functions of 8-bit values become tables.

    Before:

    ```mlir
    %r = quantcc.lookup %x, %table
      : (tensor<4xi8>, tensor<256xi8>) -> tensor<4xi8>
    ```

    After:

    ```mlir
    %r = linalg.generic ... ins(%x) outs(%empty) {
    ^bb0(%in: i8, %out: i8):
      %u = arith.xori %in, %c-128 : i8
      %i = arith.index_castui %u : i8 to index
      %v = tensor.extract %table[%i] : tensor<256xi8>
      linalg.yield %v : i8
    } -> tensor<4xi8>
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::math::MathDialect", "::mlir::tensor::TensorDialect"
  ];
}

def RequantizeToSMT : Pass<"quantcc-requantize-to-smt", "::mlir::ModuleOp"> {
  let summary = "state for a solver that requantizations obey their rules";
  let description = [{
    Lowers each `quantcc.requantize` as `quantcc-expand-integer-ops` does and
    translates the body it gets to bit vectors. The module then holds an
    `smt.solver` for each channel's shift, which is unsatisfiable if, for every
    accumulator and every multiplier of C31 (of 15 bits where all that are stated
    have no more), the body gives what docs/Numerics.md, N4 to N6, says, and shifts by no more than a width. The rule is stated by
    the rounded value's distance from the exact quotient; it shares no way of
    computing with the body.

    The product is a symbol, which may be any number between the products of its
    factors' ends: a solver then decides in seconds. That no product leaves
    these ends is a second obligation, over the integers. With `exact-products`
    the product is multiplied out, and multipliers are those of the op; so
    what satisfies an obligation is an accumulator that shows the difference.

    Before:

    ```mlir
    %r = quantcc.requantize %a {multipliers = array<i32: 1518500250>,
           shifts = array<i32: 38>, ...} : tensor<4xi32> -> tensor<4xi8>
    ```

    After:

    ```mlir
    smt.solver() : () -> () {
      %accumulator = smt.declare_fun "accumulator" : !smt.bv<32>
      ...
      smt.assert %differs
      smt.check sat {} unknown {} unsat {}
    }
    ```
  }];
  let options = [
    Option<"exactProducts", "exact-products", "bool", /*default=*/"false",
           "Multiply out, by the multipliers that the ops state">,
    Option<"claim", "claim", "std::string", /*default=*/"",
           "Judge by the rule of this rounding instead of the op's">
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::smt::SMTDialect", "::mlir::tensor::TensorDialect"
  ];
}

def ConvertFloatToLinalg
    : Pass<"quantcc-convert-float-to-linalg", "::mlir::ModuleOp"> {
  let summary = "lower what computes on f32 to linalg";
  let description = [{
    Network ops in their float form, `quantcc.fake_quantize`, `quant.qcast` and
    `quant.dcast` become linalg ops on f32. Float islands are dissolved, and
    observations dropped. Each sum has one order, taps before channels, and
    nothing is contracted: results are the same on every host. Weights are put
    with their output channels last at compile time, so that neighbouring
    channels can be computed together without changing any sum. exp, tanh and
    erf become polynomials: no library is needed.

    Before:

    ```mlir
    %r = quantcc.linear %x, %w, %b
      : (tensor<1x64xf32>, tensor<10x64xf32>, tensor<10xf32>)
      -> tensor<1x10xf32>
    ```

    After: a `linalg.generic` with loops m, k, n over constant weights
    `tensor<64x10xf32>`, and another that adds the bias.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::math::MathDialect", "::mlir::quant::QuantDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect",
    "::mlir::vector::VectorDialect"
  ];
}

#endif // QUANTCC_CONVERSION_PASSES_TD
