//===- ContractionOps.cpp - Import of convolutions and products -----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CONV_2D, DEPTHWISE_CONV_2D, TRANSPOSE_CONV, FULLY_CONNECTED and
// BATCH_MATMUL.
//
//===----------------------------------------------------------------------===//

#include "ConstantFolding.h"
#include "FusedActivation.h"
#include "OperatorTable.h"
#include "TensorTypes.h"

#include <cmath>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::tflite;

/// The weights of `node`, its input 1, for an op on quantized or f32 values.
/// `channelAxis` is the output channels' dimension in the file. With
/// `channelsFirst` the first and the last dimension change places, which makes
/// the [O,KH,KW,1] of a depthwise convolution.
static FailureOr<Value> getWeights(GraphImporter &graph, const Node &node,
                                   bool quantized, int32_t channelAxis,
                                   bool channelsFirst = false) {
  const ModelFile &file = graph.getFile();
  int32_t tensor = node.inputs[1];
  tflite::TensorType stored = file.getTensor(tensor).type();
  bool isStored = stored == tflite::TensorType::INT4 ||
                  stored == tflite::TensorType::INT8 ||
                  stored == tflite::TensorType::UINT8;
  if (!quantized && stored != tflite::TensorType::FLOAT32)
    return file.error(node, tensor)
           << "expected FLOAT32 weights for FLOAT32 activations, found "
           << getTypeName(stored) << ": hybrid models are not supported";
  if (quantized && !isStored)
    return file.error(node, tensor)
           << "expected INT4, INT8 or UINT8 weights for quantized activations, "
           << "found " << getTypeName(stored);
  FailureOr<DenseElementsAttr> values = graph.getConstant(node, 1);
  if (failed(values))
    return failure();
  Type element = values->getElementType();
  if (quantized) {
    quant::QuantizedType type = getQuantizedType(
        file, tensor, channelsFirst ? 0 : channelAxis, graph.getContext());
    if (!type)
      return file.error(node, tensor)
             << "expected quantization parameters of the weights, found none";
    int32_t axis = file.getTensor(tensor).quantization()->quantized_dimension();
    if (isa<quant::UniformQuantizedPerAxisType>(type) && axis != channelAxis)
      return file.error(node, tensor)
             << "expected weights quantized along dimension " << channelAxis
             << ", found " << axis;
    element = type;
  }
  if (channelsFirst)
    values = permute(*values, {3, 1, 2, 0});
  return graph.createConstant(
      node, tensor, *values,
      RankedTensorType::get(values->getType().getShape(), element));
}

/// Refuses a quantized bias whose scale is not that of the products, as
/// TFLite's GetQuantizedConvolutionMultipler does.
static LogicalResult verifyBiasScale(GraphImporter &graph, const Node &node,
                                     unsigned index, double inputScale,
                                     double resultScale) {
  const ModelFile &file = graph.getFile();
  const auto *bias = file.getTensor(node.inputs[index]).quantization();
  const auto *weights = file.getTensor(node.inputs[1]).quantization();
  if (!bias || !bias->scale() || bias->scale()->size() == 0 ||
      bias->scale()->size() != weights->scale()->size())
    return success();
  for (unsigned i = 0; i < bias->scale()->size(); ++i) {
    double expected = inputScale * weights->scale()->Get(i);
    double found = bias->scale()->Get(i);
    if (std::fabs(expected - found) / resultScale > 0.02)
      return file.error(node, node.inputs[index])
             << "expected a bias of scale input x weights, " << expected
             << ", found " << found;
  }
  return success();
}

/// The bias of `node`, its input `index`, as a tensor of rank 1; null if it has
/// none.
static FailureOr<Value> getBias(GraphImporter &graph, const Node &node,
                                Value input, RankedTensorType result,
                                unsigned index = 2) {
  if (!GraphImporter::hasInput(node, index))
    return Value();
  const ModelFile &file = graph.getFile();
  tflite::TensorType stored = file.getTensor(node.inputs[index]).type();
  auto type = dyn_cast<quant::UniformQuantizedType>(result.getElementType());
  bool isWide = type && type.getStorageTypeIntegralWidth() == 16;
  tflite::TensorType expected =
      type ? tflite::TensorType::INT32 : tflite::TensorType::FLOAT32;
  if (stored != expected && !(isWide && stored == tflite::TensorType::INT64))
    return file.error(node, node.inputs[index])
           << "expected a bias of " << getTypeName(expected)
           << (isWide ? " or INT64" : "") << ", found " << getTypeName(stored);
  FailureOr<DenseElementsAttr> values = graph.getConstant(node, index);
  if (failed(values))
    return failure();
  if (auto inputType = dyn_cast_or_null<quant::UniformQuantizedType>(
          getQuantizedElementType(input.getType())))
    if (type && failed(verifyBiasScale(graph, node, index, inputType.getScale(),
                                       type.getScale())))
      return failure();
  auto flat = RankedTensorType::get({values->getNumElements()},
                                    values->getElementType());
  return graph.createConstant(node, node.inputs[index], values->reshape(flat),
                              flat);
}

/// How a layer with the bias `bias` on values of `result`'s type rounds. TFLite
/// adds an INT64 bias up in 64 bits, and requantizes from there with a
/// multiplier of 16 bits; where a layer of 16 bits has no bias,
/// `wideWithoutBias` tells which of its kernels takes it.
static RoundingAttr getRounding(RoundingAttr rounding, Value bias,
                                RankedTensorType result, bool wideWithoutBias) {
  auto type = dyn_cast<quant::UniformQuantizedType>(result.getElementType());
  if (!type || type.getStorageTypeIntegralWidth() != 16)
    return rounding;
  bool isWide = bias ? getElementTypeOrSelf(bias.getType()).isInteger(64)
                     : wideWithoutBias;
  return isWide ? RoundingAttr::get(result.getContext(), Rounding::Reduced)
                : rounding;
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

/// CONV_2D and DEPTHWISE_CONV_2D, which differ in the layout of their weights.
template <typename OptionsTy>
static LogicalResult importConvolution(GraphImporter &graph, const Node &node,
                                       const OptionsTy *options,
                                       bool depthwise) {
  if (!options)
    return graph.error(node) << "expected options, found none";
  FailureOr<Value> input = graph.getInput(node, 0);
  FailureOr<RankedTensorType> result = failure();
  if (failed(input) || failed(result = graph.getResultType(node)))
    return failure();
  SmallVector<int64_t> shape = graph.getFile().getShape(node.inputs[1]);
  if (shape.size() != 4 || llvm::is_contained(shape, 0) ||
      (depthwise && shape[0] != 1))
    return graph.getFile().error(node, node.inputs[1])
           << "expected weights [" << (depthwise ? "1,KH,KW,O" : "O,KH,KW,C")
           << "] without empty dimensions";
  FailureOr<Window> window =
      getWindow(graph, node, *input, options->padding(), {shape[1], shape[2]},
                {options->stride_h(), options->stride_w()},
                {options->dilation_h_factor(), options->dilation_w_factor()});
  if (failed(window))
    return failure();
  bool quantized = isQuantized(input->getType());
  FailureOr<Value> weights =
      getWeights(graph, node, quantized, depthwise ? 3 : 0, depthwise);
  if (failed(weights))
    return failure();
  FailureOr<Value> bias = getBias(graph, node, *input, *result);
  FailureOr<FusedActivation> fused = failure();
  if (failed(bias) ||
      failed(fused = getFusedActivation(
                 graph, node, options->fused_activation_function(), *result)))
    return failure();
  int64_t channels = cast<RankedTensorType>(input->getType()).getDimSize(3);
  // Groups that do not come out even are the op's verifier's to refuse.
  int64_t groups =
      depthwise ? channels : std::max<int64_t>(1, channels / shape[3]);
  FailureOr<Value> value = graph.create<Conv2DOp>(
      node, *result, *input, *weights, *bias, window->strides, window->padding,
      window->dilations, graph.getBuilder().getI64IntegerAttr(groups),
      fused->clamp, fused->storedClamp,
      getRounding(fused->rounding, *bias, *result,
                  /*wideWithoutBias=*/depthwise));
  return defineActivated(graph, node, value,
                         options->fused_activation_function());
}

LogicalResult quantcc::tflite::importConv2D(GraphImporter &graph,
                                            const Node &node) {
  return importConvolution(graph, node,
                           node.op->builtin_options_as_Conv2DOptions(),
                           /*depthwise=*/false);
}

LogicalResult quantcc::tflite::importDepthwiseConv2D(GraphImporter &graph,
                                                     const Node &node) {
  return importConvolution(graph, node,
                           node.op->builtin_options_as_DepthwiseConv2DOptions(),
                           /*depthwise=*/true);
}

/// The paddings of one direction of a transposed convolution, as TFLite finds
/// them: those of the convolution from its result to its input.
static std::pair<int64_t, int64_t>
getTransposedPadding(Padding padding, int64_t input, int64_t result,
                     int64_t kernel, int64_t stride) {
  int64_t before = 0;
  if (padding == Padding::SAME) {
    int64_t positions = (result + stride - 1) / stride;
    before = std::max<int64_t>(0, (positions - 1) * stride + kernel - result);
    before /= 2;
  }
  return {before, (input - 1) * stride + kernel - before - result};
}

LogicalResult quantcc::tflite::importTransposeConv(GraphImporter &graph,
                                                   const Node &node) {
  const TransposeConvOptions *options =
      node.op->builtin_options_as_TransposeConvOptions();
  if (!options)
    return graph.error(node) << "expected options, found none";
  FailureOr<Value> input = graph.getInput(node, 2);
  FailureOr<RankedTensorType> result = failure();
  if (failed(input) || failed(result = graph.getResultType(node)))
    return failure();
  // The result's shape is the graph's; the operand that tells it may be an
  // input of the model.
  if (graph.isConstant(node, 0)) {
    FailureOr<SmallVector<int64_t>> size = graph.getIntegers(node, 0);
    if (failed(size))
      return failure();
    if (ArrayRef<int64_t>(*size) != result->getShape())
      return graph.error(node) << "expected a result of the shape that the "
                               << "first operand gives, found " << *result;
  }
  SmallVector<int64_t> shape = graph.getFile().getShape(node.inputs[1]);
  auto inputType = cast<RankedTensorType>(input->getType());
  if (shape.size() != 4 || llvm::is_contained(shape, 0))
    return graph.getFile().error(node, node.inputs[1])
           << "expected weights [O,KH,KW,C] without empty dimensions";
  if (inputType.getRank() != 4 || result->getRank() != 4)
    return graph.error(node) << "expected an input and a result of rank 4";
  int64_t strides[] = {options->stride_h(), options->stride_w()};
  SmallVector<int64_t> padding;
  for (unsigned i : {0u, 1u}) {
    if (strides[i] < 1)
      return graph.error(node)
             << "expected strides of 1 or more, found " << strides[i];
    auto [before, after] = getTransposedPadding(
        options->padding(), inputType.getDimSize(1 + i),
        result->getDimSize(1 + i), shape[1 + i], strides[i]);
    padding.append({before, after});
  }
  FailureOr<Value> weights =
      getWeights(graph, node, isQuantized(inputType), /*channelAxis=*/0);
  if (failed(weights))
    return failure();
  FailureOr<Value> bias = getBias(graph, node, *input, *result, 3);
  FailureOr<FusedActivation> fused = failure();
  if (failed(bias) ||
      failed(fused = getFusedActivation(
                 graph, node, options->fused_activation_function(), *result)))
    return failure();
  Builder &builder = graph.getBuilder();
  FailureOr<Value> value = graph.create<TransposeConv2DOp>(
      node, *result, *input, *weights, *bias,
      builder.getDenseI64ArrayAttr(strides),
      builder.getDenseI64ArrayAttr(padding), fused->clamp, fused->storedClamp,
      getRounding(fused->rounding, *bias, *result, /*wideWithoutBias=*/true));
  return defineActivated(graph, node, value,
                         options->fused_activation_function());
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

LogicalResult quantcc::tflite::importFullyConnected(GraphImporter &graph,
                                                    const Node &node) {
  const FullyConnectedOptions *options =
      node.op->builtin_options_as_FullyConnectedOptions();
  if (!options)
    return graph.error(node) << "expected options, found none";
  if (options->weights_format() != FullyConnectedOptionsWeightsFormat::DEFAULT)
    return graph.error(node) << "shuffled weights are not supported";
  FailureOr<Value> input = graph.getInput(node, 0);
  FailureOr<RankedTensorType> result = failure();
  if (failed(input) || failed(result = graph.getResultType(node)))
    return failure();
  SmallVector<int64_t> shape = graph.getFile().getShape(node.inputs[1]);
  auto inputType = cast<RankedTensorType>(input->getType());
  if (shape.size() != 2 || llvm::is_contained(shape, 0) ||
      inputType.getNumElements() % shape[1] != 0)
    return graph.getFile().error(node, node.inputs[1])
           << "expected weights [N,K] with K dividing the input's "
           << inputType.getNumElements() << " elements";
  FailureOr<Value> weights =
      getWeights(graph, node, isQuantized(inputType), /*channelAxis=*/0);
  if (failed(weights))
    return failure();
  FailureOr<Value> bias = getBias(graph, node, *input, *result);
  FailureOr<FusedActivation> fused = failure();
  if (failed(bias) ||
      failed(fused = getFusedActivation(
                 graph, node, options->fused_activation_function(), *result)))
    return failure();
  // Without keep_num_dims the leading dimensions become one, [M,K] to [M,N].
  bool keeps = inputType.getRank() >= 2 &&
               inputType.getShape().back() == shape[1] &&
               result->getRank() == inputType.getRank();
  SmallVector<int64_t> rows{inputType.getNumElements() / shape[1]};
  if (keeps)
    rows.assign(inputType.getShape().begin(), inputType.getShape().end() - 1);
  SmallVector<int64_t> from(rows), to(rows);
  from.push_back(shape[1]);
  to.push_back(shape[0]);
  input = graph.reshape(node, *input, from);
  if (failed(input))
    return failure();
  FailureOr<Value> value = graph.create<LinearOp>(
      node, result->clone(to), *input, *weights, *bias, fused->clamp,
      fused->storedClamp,
      getRounding(fused->rounding, *bias, *result, /*wideWithoutBias=*/false));
  if (failed(value))
    return failure();
  return defineActivated(graph, node,
                         graph.reshape(node, *value, result->getShape()),
                         options->fused_activation_function());
}

LogicalResult quantcc::tflite::importBatchMatMul(GraphImporter &graph,
                                                 const Node &node) {
  const BatchMatMulOptions *options =
      node.op->builtin_options_as_BatchMatMulOptions();
  FailureOr<RankedTensorType> result = graph.getResultType(node);
  if (failed(result))
    return failure();
  SmallVector<Value, 2> operands;
  for (unsigned i : {0u, 1u}) {
    FailureOr<Value> operand = graph.getInput(node, i);
    if (failed(operand))
      return failure();
    auto type = cast<RankedTensorType>(operand->getType());
    // Missing leading dimensions broadcast.
    SmallVector<int64_t> shape(
        std::max<int64_t>(0, result->getRank() - type.getRank()), 1);
    llvm::append_range(shape, type.getShape());
    operand = graph.reshape(node, *operand, shape);
    if (failed(operand))
      return failure();
    operands.push_back(*operand);
  }
  FailureOr<FusedActivation> fused =
      getFusedActivation(graph, node, ActivationFunctionType::NONE, *result);
  if (failed(fused))
    return failure();
  UnitAttr yes = graph.getBuilder().getUnitAttr();
  return graph.define(node, graph.create<MatMulOp>(
                                node, *result, operands[0], operands[1],
                                options && options->adj_x() ? yes : UnitAttr(),
                                options && options->adj_y() ? yes : UnitAttr(),
                                fused->clamp, fused->storedClamp,
                                getRounding(fused->rounding, Value(), *result,
                                            /*wideWithoutBias=*/true)));
}
