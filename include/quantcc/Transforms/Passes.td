//===- Passes.td - Quantizing transformations --------------*- tablegen -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The passes that take a float model to the quantized stage, in the order in
// which they run, and those that look into a model.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_TRANSFORMS_PASSES_TD
#define QUANTCC_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def ImportTosa : Pass<"quantcc-import-tosa", "::mlir::func::FuncOp"> {
  let summary = "Turn f32 tosa ops into network ops";
  let description = [{
    Replaces each tosa op on f32 tensors by the network op that its model of
    `QuantizableOpInterface` builds, and tosa constants by `arith.constant`.
    Means and softmax, which tosa spells out in several ops, are found first. An
    op on floats without a model is an error.

    Before:
    ```mlir
    %0 = tosa.clamp %x {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<4xf32>) -> tensor<4xf32>
    ```
    After:
    ```mlir
    %0 = quantcc.rescale %x {clamp = array<f32: 0.0, 6.0>} : (tensor<4xf32>) -> tensor<4xf32>
    ```
  }];
  let dependentDialects = ["::quantcc::QuantCCDialect",
                           "::mlir::arith::ArithDialect"];
}

def FoldBatchNorm : Pass<"quantcc-fold-batch-norm", "::mlir::func::FuncOp"> {
  let summary = "Fold multiply-adds per channel into weights";
  let description = [{
    A `mul`, `add` or `sub` of a constant with one value a channel (or one in
    all) behind a `conv2d` or `linear`, as batch normalization leaves it, becomes
    part of the layer's weights and bias. The layer's result must have no other
    use, and no clamp before the constant. A clamp behind it stays.

    Before:
    ```mlir
    %0 = quantcc.linear %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
    %1 = quantcc.mul %0, %scale : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
    %2 = quantcc.add %1, %offset : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
    ```
    After, with `%scaled` the rows of `%w` times `%scale`:
    ```mlir
    %0 = quantcc.linear %x, %scaled, %offset : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
    ```
  }];
  let dependentDialects = ["::quantcc::QuantCCDialect",
                           "::mlir::arith::ArithDialect"];
}

def FuseClamps : Pass<"quantcc-fuse-clamps", "::mlir::func::FuncOp"> {
  let summary = "Make the clamp of an activation part of the op before it";
  let description = [{
    A float `quantcc.rescale` with a `clamp` (relu, relu6, ...) whose operand
    has no other use becomes the `clamp` of the op that makes the operand, if
    that op takes one; two clamps become one.

    Before:
    ```mlir
    %0 = quantcc.add %x, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %1 = quantcc.rescale %0 {clamp = array<f32: 0.0, 6.0>} : (tensor<4xf32>) -> tensor<4xf32>
    ```
    After:
    ```mlir
    %0 = quantcc.add %x, %y {clamp = array<f32: 0.0, 6.0>} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    ```
  }];
}

def PoolsToMeans : Pass<"quantcc-pools-to-means", "::mlir::func::FuncOp"> {
  let summary = "Make means of average pools over whole images";
  let description = [{
    The result of an `avg_pool2d` has the parameters of its operand, though
    averages over an image span a fraction of what its values do: most of the
    stored values are never used. A `mean` has parameters of its own and rounds
    once. In the float form both compute the same values to the last bit.

    A pool with several windows, padding, or a window that leaves a part of the
    image out, and the quantized form, stay.

    Before:
    ```mlir
    %0 = quantcc.avg_pool2d %x {kernel = array<i64: 4, 3>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 4, 3>} : (tensor<1x4x3x8xf32>) -> tensor<1x1x1x8xf32>
    ```
    After:
    ```mlir
    %0 = quantcc.mean %x {axes = array<i64: 1, 2>, keep_dims} : (tensor<1x4x3x8xf32>) -> tensor<1x1x1x8xf32>
    ```
  }];
  let dependentDialects = ["::quantcc::QuantCCDialect"];
}

def InsertObservers : Pass<"quantcc-insert-observers", "::mlir::func::FuncOp"> {
  let summary = "Mark each quantizable value for measurement";
  let description = [{
    Puts a `quantcc.observe` behind each f32 tensor that is an argument of the
    function, or the result or an activation operand of an op with the
    `QuantizableOpInterface`. Weights and biases are not observed. A constant
    that is an activation operand gets an observer that holds the range of its
    values.

    The observer's name is the value's: the argument's `quantcc.name`, or the
    name of the op's location; `#2`, `#3`, ... are added to repeated names.

    Before:
    ```mlir
    %0 = quantcc.add %x, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> loc("sum")
    return %0 : tensor<4xf32>
    ```
    After:
    ```mlir
    %0 = quantcc.add %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %1 = quantcc.observe %0 {name = "sum"} : tensor<4xf32>
    return %1 : tensor<4xf32>
    ```
  }];
  let dependentDialects = ["::quantcc::QuantCCDialect"];
}

def ExposeObserved : Pass<"quantcc-expose-observed", "::mlir::func::FuncOp"> {
  let summary = "Return the observed values as further results";
  let description = [{
    Appends the operand of each `quantcc.observe` to the results of the
    function, in the order of the observers, with the observer's name in the
    result attribute `quantcc.name`, and takes the observer away. An observed
    constant is not returned.

    Before:
    ```mlir
    func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
      %0 = quantcc.observe %x {name = "x"} : tensor<4xf32>
      return %0 : tensor<4xf32>
    }
    ```
    After:
    ```mlir
    func.func @main(%x: tensor<4xf32>)
        -> (tensor<4xf32>, tensor<4xf32> {quantcc.name = "x"}) {
      return %x, %x : tensor<4xf32>, tensor<4xf32>
    }
    ```
  }];
}

def ExposeValues : Pass<"quantcc-expose-values", "::mlir::func::FuncOp"> {
  let summary = "Return the result of each layer as a further result";
  let description = [{
    Appends the result of each network op, in the float and in the quantized
    form, to the results of the function, with its name in the result attribute
    `quantcc.name`. Where a `quantcc.fake_quantize` reads the value, the fake
    quantized value is returned in its place.

    Before:
    ```mlir
    func.func @main(%x: tensor<4xf32>) -> tensor<2x2xf32> {
      %0 = quantcc.function <tanh> %x : tensor<4xf32> loc("act")
      %1 = quantcc.reshape %0 : (tensor<4xf32>) -> tensor<2x2xf32> loc("out")
      return %1 : tensor<2x2xf32>
    }
    ```
    After:
    ```mlir
    func.func @main(%x: tensor<4xf32>) -> (tensor<2x2xf32>,
        tensor<4xf32> {quantcc.name = "act"},
        tensor<2x2xf32> {quantcc.name = "out"}) {
      ...
      return %1, %0, %1 : tensor<2x2xf32>, tensor<4xf32>, tensor<2x2xf32>
    }
    ```
  }];
}

def StripObservers : Pass<"quantcc-strip-observers", "::mlir::func::FuncOp"> {
  let summary = "Take all observers away";
  let description = [{
    Replaces each `quantcc.observe` by its operand.

    Before:
    ```mlir
    %0 = quantcc.observe %x {name = "x"} : tensor<4xf32>
    return %0 : tensor<4xf32>
    ```
    After:
    ```mlir
    return %x : tensor<4xf32>
    ```
  }];
}

def ApplyCalibration
    : Pass<"quantcc-apply-calibration", "::mlir::func::FuncOp"> {
  let summary = "Give observers the ranges that calibration found";
  let description = [{
    Sets the range of each `quantcc.observe` whose name the calibration file has:
    a range set by hand in the file, or else what the estimator makes of the
    statistics. A rule of the recipe that gives the value a range wins over both.
    An observer that has a range keeps it; one that nothing is known of is left
    without. Where the file tells channels apart, the observer also gets their
    means and, unless the range was set by hand, each channel's part of it.

    Before:
    ```mlir
    %0 = quantcc.observe %x {name = "x"} : tensor<4xf32>
    ```
    After, with a file in which `x` reaches from -1 to 2:
    ```mlir
    %0 = quantcc.observe %x {name = "x", range = #quantcc.range<-1.0, 2.0>} : tensor<4xf32>
    ```
  }];
  let options = [
    Option<"file", "file", "std::string", [{""}], "the calibration file">,
    Option<"estimator", "estimator", "std::string", [{"default"}],
           "how ranges follow from statistics: default, min-max, "
           "averaged-min-max, percentile[:P], entropy or mse">,
    Option<"recipe", "recipe", "std::string", [{""}],
           "a recipe file, whose rules win over the options">,
    Option<"symmetricActivations", "symmetric-activations", "bool", "false",
           "estimate for quantization with zero point 0">
  ];
  let dependentDialects = ["::quantcc::QuantCCDialect"];
}

def PropagateRanges : Pass<"quantcc-propagate-ranges", "::mlir::func::FuncOp"> {
  let summary = "Give each observer a range that follows from others";
  let description = [{
    Carries the ranges of observers and constants forward through the ops of
    the `FloatRangeOpInterface` by interval arithmetic, and gives each observer
    that has none the range of its operand. A result of fixed range (softmax)
    has that range. Where nothing follows, the pass fails and names the value.

    Before:
    ```mlir
    %0 = quantcc.observe %x {name = "x", range = #quantcc.range<-1.0, 2.0>} : tensor<4xf32>
    %1 = quantcc.rescale %0 {clamp = array<f32: 0.0, 6.0>} : (tensor<4xf32>) -> tensor<4xf32>
    %2 = quantcc.observe %1 {name = "relu6"} : tensor<4xf32>
    ```
    After:
    ```mlir
    %2 = quantcc.observe %1 {name = "relu6", range = #quantcc.range<0.0, 2.0>} : tensor<4xf32>
    ```
  }];
  let dependentDialects = ["::quantcc::QuantCCDialect"];
}

def TestAccumulatorBounds
    : Pass<"quantcc-test-accumulator-bounds", "::mlir::func::FuncOp"> {
  let summary = "Report the bounds of accumulators";
  let description = [{
    Emits a remark on each contraction with quantized operands: the interval, for
    each output channel, that the accumulator stays within. For tests.
  }];
}

def TestFloatRanges
    : Pass<"quantcc-test-float-ranges", "::mlir::func::FuncOp"> {
  let summary = "Report the range of each value";
  let description = [{
    Emits a remark on each op with a tensor result that is no constant: the
    range that the range analysis finds, or that it is unknown. For tests.
  }];
}

def UnifyScales : Pass<"quantcc-unify-scales", "::mlir::func::FuncOp"> {
  let summary = "Give values that share parameters one range";
  let description = [{
    The operands and results of an op that moves or selects stored values
    (concat, pool, reshape, ...) ought to have the same parameters. The pass
    sets the ranges of all observers of such a group to the smallest range that
    contains them. A value of fixed range (softmax) keeps it; where a group is
    entered by nothing else, it has that range as well.

    Before:
    ```mlir
    %a = quantcc.observe %x {name = "x", range = #quantcc.range<-1.0, 2.0>} : tensor<2xf32>
    %b = quantcc.observe %y {name = "y", range = #quantcc.range<-4.0, 1.0>} : tensor<2xf32>
    %0 = quantcc.concat %a, %b {axis = 0 : i64} : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
    %1 = quantcc.observe %0 {name = "concat", range = #quantcc.range<-4.0, 2.0>} : tensor<4xf32>
    ```
    After, all three observers have:
    ```mlir
    range = #quantcc.range<-4.0, 2.0>
    ```
  }];
  let dependentDialects = ["::quantcc::QuantCCDialect"];
}

def EqualizeChannels
    : Pass<"quantcc-equalize-channels", "::mlir::func::FuncOp"> {
  let summary = "Bring the channels before depthwise convolutions to one range";
  let description = [{
    A value has one scale for all its channels. Where these have unequal ranges,
    the narrow ones use few of the stored values. Between a `conv2d` and the
    depthwise `conv2d`s that alone read it, each channel is therefore multiplied
    by a power of two: in the weights and the bias of the one, and divided by it
    in the weights of the others, whose scales a channel take it up. The function
    computes the same values to the last bit.

    The exponents follow from the observer's `channel_min` and `channel_max`
    (`chooseEqualizingExponents`), and the observer's range becomes what the
    channels then have together. A channel is raised until a step of its result
    is one of its accumulator at most.

    Left as it is: a value whose channels' ranges are not known or whose range
    was set by hand; one that anything but depthwise convolutions reads; a clamp
    at another bound than 0, such as relu6, which would have to differ between
    channels; and weights that are no constants or, by the recipe, have one scale
    in all.

    Before:
    ```mlir
    %0 = quantcc.conv2d %x, %w {clamp = array<f32: 0.0, 0x7F800000>, ...} : ...
    %1 = quantcc.observe %0 {name = "conv", range = #quantcc.range<0.0, 8.0>,
           channel_min = array<f32: 0.0, 0.0>, channel_max = array<f32: 8.0, 1.0>} : ...
    %2 = quantcc.conv2d %1, %depthwise {groups = 2 : i64, ...} : ...
    ```
    After, with the weights of channel 1 in `%w` times 8, in `%depthwise` by 8:
    ```mlir
    %1 = quantcc.observe %0 {name = "conv", range = #quantcc.range<0.0, 8.0>,
           channel_min = array<f32: 0.0, 0.0>, channel_max = array<f32: 8.0, 8.0>} : ...
    ```
  }];
  let options = [
    Option<"recipe", "recipe", "std::string", [{""}],
           "a recipe file, of which the granularity of weights matters">
  ];
  let dependentDialects = ["::quantcc::QuantCCDialect",
                           "::mlir::arith::ArithDialect"];
}

def InsertFakeQuantize
    : Pass<"quantcc-insert-fake-quantize", "::mlir::func::FuncOp"> {
  let summary = "Choose parameters and simulate quantization";
  let description = [{
    Replaces each `quantcc.observe`, which must have a range, by a
    `quantcc.fake_quantize` with i8 parameters for that range, and puts one
    behind each constant weight, with symmetric parameters from its values and
    stored values in [-127, 127], per axis where the op has a channel axis.
    Results of fixed range (softmax) get the parameters of that range, whatever
    the options. Biases stay as they are: their quantization, to i32 at the
    scale of input times weight, is too fine to show.

    A layer that `exclude` or a rule of the recipe excludes keeps its float weights and is marked with
    the attribute `quantcc.keep_float`, which holds the reason. Between two
    layers that stay in float, a value is not quantized; what such a layer
    exchanges with quantized ones is.

    Before:
    ```mlir
    %0 = quantcc.observe %x {name = "x", range = #quantcc.range<-1.0, 1.0>} : tensor<4xf32>
    ```
    After, with the option `symmetric-activations`:
    ```mlir
    %0 = quantcc.fake_quantize %x {params = !quant.uniform<i8:f32, 0.007874016>} : tensor<4xf32>
    ```
  }];
  let options = [
    Option<"symmetricActivations", "symmetric-activations", "bool", "false",
           "give activations zero point 0">,
    Option<"perTensorWeights", "per-tensor-weights", "bool", "false",
           "give a weight one scale, not one a channel">,
    Option<"narrowRange", "narrow-range", "bool", "false",
           "keep the lowest stored value, -128, free in activations too">,
    ListOption<"exclude", "exclude", "std::string",
               "shell patterns of names of layers that stay in float">,
    Option<"recipe", "recipe", "std::string", [{""}],
           "a recipe file, whose rules win over the options">
  ];
  let dependentDialects = ["::quantcc::QuantCCDialect",
                           "::mlir::quant::QuantDialect"];
}

def FoldEdgeCasts : Pass<"quantcc-fold-edge-casts", "::mlir::func::FuncOp"> {
  let summary = "Leave the casts at a function's edges to its callers";
  let description = [{
    An f32 argument that is quantized to one type wherever it is used takes that
    type; a result that is dequantized last is given as stored values. So a model
    that was quantized elsewhere between f32 inputs and outputs has the entry
    that one of ours has.

    Before:
    ```mlir
    func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
      %0 = quant.qcast %x : tensor<4xf32> to tensor<4x!quant.uniform<i8:f32, 0.5>>
      %1 = quantcc.rescale %0 {rounding = #quantcc.rounding<double>} : ...
      %2 = quant.dcast %1 : tensor<4x!quant.uniform<i8:f32, 1.0>> to tensor<4xf32>
      return %2 : tensor<4xf32>
    }
    ```
    After:
    ```mlir
    func.func @main(%x: tensor<4x!quant.uniform<i8:f32, 0.5>>) -> tensor<4x!quant.uniform<i8:f32, 1.0>> {
      %1 = quantcc.rescale %x {rounding = #quantcc.rounding<double>} : ...
      return %1 : tensor<4x!quant.uniform<i8:f32, 1.0>>
    }
    ```
  }];
}

def CorrectBias : Pass<"quantcc-correct-bias", "::mlir::func::FuncOp"> {
  let summary = "Make up for the mean error of rounded weights";
  let description = [{
    Rounding the weights of a layer changes its result by the errors times the
    input. What this amounts to on average, the sum over all weights of an
    output channel of error times mean input, is the same for every sample, and
    is subtracted from the bias of a `conv2d` or `linear`. The means are the
    `channel_mean` of the input's `quantcc.fake_quantize`; for a tap of a
    convolution that at some positions lies in the padding, the mean counts in
    proportion to the others. A layer without bias gets one.

    Left as it is: a layer whose input's means are not known, and one whose
    weights are not fake quantized constants or whose bias is no constant. All
    `channel_mean` are taken away.

    Before:
    ```mlir
    %x0 = quantcc.fake_quantize %x {params = ..., channel_mean = array<f32: 4.0, 2.0>} : ...
    %w = arith.constant dense<[[127.0, 0.75]]> : tensor<1x2xf32>
    %b = arith.constant dense<1.0> : tensor<1xf32>
    %w0 = quantcc.fake_quantize %w {params = !quant.uniform<i8<-127:127>:f32:0, {1.0}>} : ...
    %0 = quantcc.linear %x0, %w0, %b : ...
    ```
    After, as 0.75 becomes 1, which adds 0.25 times 2:
    ```mlir
    %b = arith.constant dense<0.5> : tensor<1xf32>
    ```
  }];
  let dependentDialects = ["::quantcc::QuantCCDialect",
                           "::mlir::arith::ArithDialect"];
}

def ConvertToQuantized
    : Pass<"quantcc-convert-to-quantized", "::mlir::func::FuncOp"> {
  let summary = "Turn fake quantization into quantized types";
  let description = [{
    Rebuilds each op of the `QuantizableOpInterface` on tensors of quantized
    types: activations take the parameters of their `quantcc.fake_quantize`,
    constant weights become stored values, biases i32 at the scale of input
    times weight. The function takes and gives stored values. An op that moves
    stored values passes its operand's parameters on; where parameters differ on
    the two sides of a value, a `quantcc.rescale` stands between them.

    A weight scale that would make the bias of its channel leave 30 bits is
    raised until it fits.

    A layer marked with `quantcc.keep_float`, one without quantized form, and
    one whose values have no parameters stay in float: with their neighbours of
    the same kind they become a `quantcc.float_island`, and a remark (with
    `integer-only`, an error) tells why.

    Before:
    ```mlir
    func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
      %0 = quantcc.fake_quantize %x {params = !quant.uniform<i8:f32, 0.5>} : tensor<4xf32>
      %1 = quantcc.add %0, %0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      %2 = quantcc.fake_quantize %1 {params = !quant.uniform<i8:f32, 1.0>} : tensor<4xf32>
      return %2 : tensor<4xf32>
    }
    ```
    After:
    ```mlir
    func.func @main(%x: tensor<4x!quant.uniform<i8:f32, 0.5>>) -> tensor<4x!quant.uniform<i8:f32, 1.0>> {
      %0 = quantcc.add %x, %x {rounding = #quantcc.rounding<single>} : ...
      return %0 : tensor<4x!quant.uniform<i8:f32, 1.0>>
    }
    ```
  }];
  let options = [
    Option<"rounding", "rounding", "::quantcc::Rounding",
           "::quantcc::Rounding::Single", "how requantizations round",
           [{::llvm::cl::values(
             clEnumValN(::quantcc::Rounding::Double, "double",
                        "as gemmlowp and the TFLite reference"),
             clEnumValN(::quantcc::Rounding::Single, "single",
                        "once, as TOSA"),
             clEnumValN(::quantcc::Rounding::HalfEven, "half_even",
                        "once, ties to even, as ONNX"))}]>,
    Option<"integerOnly", "integer-only", "bool", "false",
           "refuse layers that stay in float">
  ];
  let dependentDialects = ["::quantcc::QuantCCDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::quant::QuantDialect"];
}

#endif // QUANTCC_TRANSFORMS_PASSES_TD
