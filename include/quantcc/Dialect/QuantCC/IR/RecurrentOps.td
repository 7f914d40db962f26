//===- RecurrentOps.td - Layers with a state ---------------*- tablegen -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layers that carry a state from step to step: LSTM and SVDF. The state is an
// operand and a result, so that the ops are pure.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_DIALECT_QUANTCC_IR_RECURRENTOPS_TD
#define QUANTCC_DIALECT_QUANTCC_IR_RECURRENTOPS_TD

include "quantcc/Dialect/QuantCC/IR/QuantCCOpBase.td"

/// A network op whose internal values have ranges of their own, which the
/// types of its operands and results do not hold: it is imported in one of its
/// two forms, and no pass quantizes it.
class QuantCC_RecurrentOp<string mnemonic, list<Trait> traits = []>
    : QuantCC_Op<mnemonic, [Pure] # traits> {
  let hasVerifier = 1;
}

def QuantCC_LstmOp : QuantCC_RecurrentOp<"lstm", [AttrSizedOperandSegments]> {
  let summary = "long short-term memory over a sequence";
  let description = [{
    For each step `t`, with hidden state `h` and cell state `c`, and `*` the
    elementwise product:

    ```
    gate(k)   = (input_weights[k] . input[t] + bias[k]) + recurrent_weights[k] . h
    i, f, g, o = sigmoid(gate(0)), sigmoid(gate(1)), tanh(gate(2)), sigmoid(gate(3))
    c = clamp(f * c + i * g, -cell_clip, cell_clip)
    h = o * tanh(c)
    result[t] = h
    ```

    The four of each list come in the order input gate, forget gate, cell gate,
    output gate. Without `cell_clip` the cell state is not clipped. The final
    states are those after the last step.

    The quantized form (docs/Numerics.md, N33) has 8-bit activations, a 16-bit
    cell state whose scale is a power of two, and gates in Q3.12 and Q0.15. Its
    results have the types of the states they come from.

    - **C55** input `[B,T,I]`, or `[T,B,I]` with `time_major`; states `[B,H]`;
      four input weights `[H,I]`, four recurrent weights `[H,H]`, four biases
      `[H]` or none; result as the input with H in place of I; final states as
      the initial ones. `cell_clip` is positive and finite.
    - **C56** the quantized form has signed 8-bit storage of input, hidden state
      and weights, the latter with per-tensor parameters; result, initial and
      final hidden state have one type, and so have initial and final cell state,
      whose storage is signed with 16 bits, whose zero point is 0, and whose
      scale is 2^-n with `0 <= n <= 15`.

    Example:

    ```mlir
    %r, %h1, %c1 = quantcc.lstm %x, %h, %c
        input_weights(%wi, %wf, %wg, %wo) recurrent_weights(%ri, %rf, %rg, %ro)
        bias(%bi, %bf, %bg, %bo) {cell_clip = 10.0 : f32}
      : (tensor<1x9x4xf32>, tensor<1x8xf32>, tensor<1x8xf32>,
         tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>,
         tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>,
         tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>)
      -> (tensor<1x9x8xf32>, tensor<1x8xf32>, tensor<1x8xf32>)
    ```
  }];
  let arguments = (ins QuantCC_NetworkTensor:$input,
    QuantCC_NetworkTensor:$initial_hidden, QuantCC_NetworkTensor:$initial_cell,
    Variadic<QuantCC_NetworkTensor>:$input_weights,
    Variadic<QuantCC_NetworkTensor>:$recurrent_weights,
    Variadic<QuantCC_BiasTensor>:$bias,
    UnitAttr:$time_major, OptionalAttr<F32Attr>:$cell_clip,
    OptionalAttr<QuantCC_RoundingAttr>:$rounding);
  let results = (outs QuantCC_NetworkTensor:$result,
    QuantCC_NetworkTensor:$final_hidden, QuantCC_NetworkTensor:$final_cell);
  let assemblyFormat = [{
    $input `,` $initial_hidden `,` $initial_cell
    `input_weights` `(` $input_weights `)`
    `recurrent_weights` `(` $recurrent_weights `)`
    (`bias` `(` $bias^ `)`)? attr-dict `:` functional-type(operands, results)
  }];
  let extraClassDeclaration = [{
    /// The lists have one entry a gate, in this order.
    enum Gate : unsigned { InputGate, ForgetGate, CellGate, OutputGate };
    static constexpr unsigned kGates = 4;

    /// The bias of `gate`, or null.
    ::mlir::Value getGateBias(unsigned gate) {
      return getBias().empty() ? ::mlir::Value() : getBias()[gate];
    }
    /// Sizes by their names in C55.
    int64_t getBatch();
    int64_t getSteps();
    int64_t getHiddenSize();
    /// The dimension of input and result that counts steps.
    unsigned getTimeAxis() { return getTimeMajor() ? 0 : 1; }
  }];
}

def QuantCC_SvdfOp : QuantCC_RecurrentOp<"svdf"> {
  let summary = "one step of a layer of rank-limited filters over time";
  let description = [{
    A fully connected layer whose outputs of the last M steps are weighted and
    added (Singular Value Decomposition Filter). With F filters, of which
    `rank` belong to each of the U = F / rank units:

    ```
    state[f]  = (state[f][1], ..., state[f][M-1], feature_weights[f] . input)
    result[u] = bias[u] + sum over filters f of u of time_weights[f] . state[f]
    ```

    for each of B batches. The quantized form is docs/Numerics.md, N34.

    - **C57** input `[B,I]`, state `[B,F*M]`, feature weights `[F,I]`, time
      weights `[F,M]`, result `[B,U]`, `rank` positive and a divisor of F.
    - **C58** the quantized form has 8-bit signed storage of input, feature
      weights and result, 8-bit or 16-bit signed storage of state and time
      weights, and per-tensor parameters of both weights; initial and final
      state have one type.

    Example:

    ```mlir
    %r, %s1 = quantcc.svdf %x, %s, %wf, %wt, %b {rank = 2 : i64}
      : (tensor<1x4xf32>, tensor<1x42xf32>, tensor<6x4xf32>, tensor<6x7xf32>,
         tensor<3xf32>) -> (tensor<1x3xf32>, tensor<1x42xf32>)
    ```
  }];
  let arguments = !con((ins QuantCC_NetworkTensor:$input,
    QuantCC_NetworkTensor:$initial_state,
    QuantCC_NetworkTensor:$feature_weights, QuantCC_NetworkTensor:$time_weights,
    Optional<QuantCC_BiasTensor>:$bias, I64Attr:$rank),
    QuantCC_RequantizeAttributes);
  let results = (outs QuantCC_NetworkTensor:$result,
    QuantCC_NetworkTensor:$final_state);
  let assemblyFormat = [{
    $input `,` $initial_state `,` $feature_weights `,` $time_weights
    (`,` $bias^)? attr-dict `:` functional-type(operands, results)
  }];
}

#endif // QUANTCC_DIALECT_QUANTCC_IR_RECURRENTOPS_TD
