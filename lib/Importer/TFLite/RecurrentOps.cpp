//===- RecurrentOps.cpp - Layers with a state -----------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Imports UNIDIRECTIONAL_SEQUENCE_LSTM and SVDF, whose states are variable
// tensors.
//
//===----------------------------------------------------------------------===//

#include "FusedActivation.h"
#include "OperatorTable.h"
#include "TensorTypes.h"

using namespace mlir;
using namespace quantcc;
using namespace quantcc::tflite;

/// Input `index` of `node`, a constant weight of a layer of the form
/// `quantized`, stored as one of `allowed` if it is.
static FailureOr<Value> getWeights(GraphImporter &graph, const Node &node,
                                   unsigned index, bool quantized,
                                   ArrayRef<tflite::TensorType> allowed) {
  const ModelFile &file = graph.getFile();
  int32_t tensor = node.inputs[index];
  tflite::TensorType stored = file.getTensor(tensor).type();
  if (!quantized && stored != tflite::TensorType::FLOAT32)
    return file.error(node, tensor)
           << "expected FLOAT32 weights for FLOAT32 activations, found "
           << getTypeName(stored) << ": hybrid models are not supported";
  if (quantized && !llvm::is_contained(allowed, stored))
    return file.error(node, tensor)
           << "expected " << (allowed.size() > 1 ? "INT8 or INT16" : "INT8")
           << " weights for quantized activations, found "
           << getTypeName(stored);
  FailureOr<DenseElementsAttr> values = graph.getConstant(node, index);
  if (failed(values))
    return failure();
  Type element = values->getElementType();
  if (quantized) {
    element = getQuantizedType(file, tensor, std::nullopt, graph.getContext());
    if (!element)
      return file.error(node, tensor)
             << "expected quantization parameters of the weights, found none";
  }
  return graph.createConstant(
      node, tensor, *values,
      RankedTensorType::get(values->getType().getShape(), element));
}

/// Input `index` of `node`, a constant bias.
static FailureOr<Value> getBias(GraphImporter &graph, const Node &node,
                                unsigned index, bool quantized) {
  const ModelFile &file = graph.getFile();
  tflite::TensorType stored = file.getTensor(node.inputs[index]).type();
  tflite::TensorType expected =
      quantized ? tflite::TensorType::INT32 : tflite::TensorType::FLOAT32;
  if (stored != expected)
    return file.error(node, node.inputs[index])
           << "expected a bias of " << getTypeName(expected) << ", found "
           << getTypeName(stored);
  FailureOr<DenseElementsAttr> values = graph.getConstant(node, index);
  if (failed(values))
    return failure();
  return graph.createConstant(node, node.inputs[index], *values,
                              cast<RankedTensorType>(values->getType()));
}

/// Input `index` of `node`, a variable tensor.
static FailureOr<Value> getState(GraphImporter &graph, const Node &node,
                                 unsigned index) {
  const ModelFile &file = graph.getFile();
  if (!GraphImporter::hasInput(node, index))
    return graph.error(node) << "expected input " << index << ", found none";
  if (!file.getTensor(node.inputs[index]).is_variable())
    return file.error(node, node.inputs[index]) << "expected a variable tensor";
  return graph.getInput(node, index);
}

//===----------------------------------------------------------------------===//
// UNIDIRECTIONAL_SEQUENCE_LSTM
//===----------------------------------------------------------------------===//

/// The positions of an LSTM's inputs. Each list has an entry for the input, the
/// forget, the cell and the output gate.
enum LstmInput : unsigned {
  kInputWeights = 1,
  kRecurrentWeights = 5,
  kPeepholeWeights = 9,
  kBias = 12,
  kProjectionWeights = 16,
  kProjectionBias = 17,
  kHiddenState = 18,
  kCellState = 19,
  kLayerNormWeights = 20,
  kLstmInputs = 24,
};

/// Refuses what the operator has besides its plain form.
static LogicalResult
refuseVariants(GraphImporter &graph, const Node &node,
               const UnidirectionalSequenceLSTMOptions *options) {
  auto hasAny = [&](unsigned first, unsigned count) {
    return llvm::any_of(llvm::seq(first, first + count), [&](unsigned index) {
      return GraphImporter::hasInput(node, index);
    });
  };
  auto refuse = [&](const char *what) {
    return graph.error(node) << what << " are not supported";
  };
  if (node.inputs.size() != kCellState + 1 && node.inputs.size() != kLstmInputs)
    return graph.error(node)
           << "expected 20 or 24 inputs, found " << node.inputs.size();
  if (hasAny(kPeepholeWeights, 3))
    return refuse("peephole connections");
  if (hasAny(kProjectionWeights, 2))
    return refuse("projections");
  if (hasAny(kLayerNormWeights, 4))
    return refuse("layer normalizations");
  if (!GraphImporter::hasInput(node, kInputWeights) &&
      !GraphImporter::hasInput(node, kRecurrentWeights))
    return refuse("coupled input and forget gates");
  for (unsigned index : llvm::seq<unsigned>(kInputWeights, kPeepholeWeights))
    if (!GraphImporter::hasInput(node, index))
      return graph.error(node) << "expected input " << index << ", found none";
  if (options->fused_activation_function() != ActivationFunctionType::TANH)
    return graph.error(node) << "expected the activation function TANH, found "
                             << EnumNameActivationFunctionType(
                                    options->fused_activation_function());
  if (options->asymmetric_quantize_inputs())
    return graph.error(node) << "inputs that are quantized when the model runs "
                             << "are not supported";
  if (options->diagonal_recurrent_tensors())
    return refuse("diagonal recurrent weights");
  return success();
}

/// The weights of all gates, from input `first` on.
static LogicalResult getGateWeights(GraphImporter &graph, const Node &node,
                                    unsigned first, bool quantized,
                                    SmallVectorImpl<Value> &weights) {
  for (unsigned gate = 0; gate < LstmOp::kGates; ++gate) {
    FailureOr<Value> matrix = getWeights(graph, node, first + gate, quantized,
                                         tflite::TensorType::INT8);
    if (failed(matrix))
      return failure();
    weights.push_back(*matrix);
  }
  return success();
}

/// The biases of all gates, or none.
static LogicalResult getGateBiases(GraphImporter &graph, const Node &node,
                                   bool quantized,
                                   SmallVectorImpl<Value> &biases) {
  unsigned given = llvm::count_if(
      llvm::seq<unsigned>(kBias, kBias + LstmOp::kGates),
      [&](unsigned index) { return GraphImporter::hasInput(node, index); });
  if (given == 0)
    return success();
  if (given != LstmOp::kGates)
    return graph.error(node) << "expected biases of all gates or of none";
  for (unsigned gate = 0; gate < LstmOp::kGates; ++gate) {
    FailureOr<Value> bias = getBias(graph, node, kBias + gate, quantized);
    if (failed(bias))
      return failure();
    biases.push_back(*bias);
  }
  return success();
}

LogicalResult
quantcc::tflite::importUnidirectionalSequenceLstm(GraphImporter &graph,
                                                  const Node &node) {
  const UnidirectionalSequenceLSTMOptions *options =
      node.op->builtin_options_as_UnidirectionalSequenceLSTMOptions();
  if (!options)
    return graph.error(node) << "expected options, found none";
  if (failed(refuseVariants(graph, node, options)))
    return failure();
  FailureOr<Value> input = graph.getInput(node, 0);
  FailureOr<RankedTensorType> result = failure();
  if (failed(input) || failed(result = graph.getResultType(node)))
    return failure();
  bool quantized = isQuantized(input->getType());
  SmallVector<Value, 4> inputWeights, recurrentWeights, biases;
  if (failed(getGateWeights(graph, node, kInputWeights, quantized,
                            inputWeights)) ||
      failed(getGateWeights(graph, node, kRecurrentWeights, quantized,
                            recurrentWeights)) ||
      failed(getGateBiases(graph, node, quantized, biases)))
    return failure();
  FailureOr<Value> hidden = getState(graph, node, kHiddenState);
  if (failed(hidden))
    return failure();
  FailureOr<Value> cell = getState(graph, node, kCellState);
  if (failed(cell))
    return failure();
  OpBuilder &builder = graph.getBuilder();
  FailureOr<Value> value = graph.create<LstmOp>(
      node, TypeRange{*result, hidden->getType(), cell->getType()}, *input,
      *hidden, *cell, inputWeights, recurrentWeights, biases,
      options->time_major() ? builder.getUnitAttr() : UnitAttr(),
      options->cell_clip() != 0.0f
          ? builder.getF32FloatAttr(options->cell_clip())
          : FloatAttr(),
      quantized ? RoundingAttr::get(builder.getContext(), Rounding::Double)
                : RoundingAttr());
  if (failed(graph.define(node, value)))
    return failure();
  auto lstm = value->getDefiningOp<LstmOp>();
  if (failed(graph.assignInput(node, kHiddenState, lstm.getFinalHidden())))
    return failure();
  return graph.assignInput(node, kCellState, lstm.getFinalCell());
}

//===----------------------------------------------------------------------===//
// SVDF
//===----------------------------------------------------------------------===//

LogicalResult quantcc::tflite::importSvdf(GraphImporter &graph,
                                          const Node &node) {
  enum { kFeatureWeights = 1, kTimeWeights, kSvdfBias, kState };
  const SVDFOptions *options = node.op->builtin_options_as_SVDFOptions();
  if (!options)
    return graph.error(node) << "expected options, found none";
  FailureOr<Value> input = graph.getInput(node, 0);
  FailureOr<RankedTensorType> result = failure();
  if (failed(input) || failed(result = graph.getResultType(node)))
    return failure();
  bool quantized = isQuantized(input->getType());
  FailureOr<Value> features = getWeights(graph, node, kFeatureWeights,
                                         quantized, tflite::TensorType::INT8);
  if (failed(features))
    return failure();
  FailureOr<Value> times =
      getWeights(graph, node, kTimeWeights, quantized,
                 {tflite::TensorType::INT8, tflite::TensorType::INT16});
  if (failed(times))
    return failure();
  FailureOr<Value> bias = Value();
  if (GraphImporter::hasInput(node, kSvdfBias))
    bias = getBias(graph, node, kSvdfBias, quantized);
  FailureOr<Value> state = failure();
  if (failed(bias) || failed(state = getState(graph, node, kState)))
    return failure();
  FailureOr<FusedActivation> fused = getFusedActivation(
      graph, node, options->fused_activation_function(), *result);
  if (failed(fused))
    return failure();
  // TFLite's integer kernels limit the result to its storage alone.
  if (quantized && fused->storedClamp)
    return graph.error(node)
           << "activation functions that limit a quantized result are not "
           << "supported, found "
           << EnumNameActivationFunctionType(
                  options->fused_activation_function());
  FailureOr<Value> value = graph.create<SvdfOp>(
      node, TypeRange{*result, state->getType()}, *input, *state, *features,
      *times, *bias, graph.getBuilder().getI64IntegerAttr(options->rank()),
      fused->clamp, fused->storedClamp, fused->rounding);
  if (failed(value))
    return failure();
  auto svdf = value->getDefiningOp<SvdfOp>();
  if (failed(defineActivated(graph, node, value,
                             options->fused_activation_function())))
    return failure();
  return graph.assignInput(node, kState, svdf.getFinalState());
}
