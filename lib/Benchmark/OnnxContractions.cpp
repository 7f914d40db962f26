//===- OnnxContractions.cpp - Products as ONNX nodes ----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layers that multiply by weights, and products of activations.
//
//===----------------------------------------------------------------------===//

#include "OnnxOps.h"

using namespace mlir;
using namespace quantcc;
using llvm::Expected;

/// Input, weights in the order `permutation` of their dimensions, and the bias,
/// if there is one.
template <typename Op>
static Expected<SmallVector<OnnxName>>
addOperands(Op op, ArrayRef<int64_t> permutation, OnnxGraph &graph) {
  auto input = graph.lookup(op.getInput(), typeOf(op.getInput()).getRank());
  if (!input)
    return input.takeError();
  auto weights = graph.addWeights(op.getWeights(), permutation);
  if (!weights)
    return weights.takeError();
  SmallVector<OnnxName> operands{*input, *weights};
  if (!op.getBias())
    return operands;
  auto bias = graph.addBias(op.getBias(), op.getInput(), op.getWeights());
  if (!bias)
    return bias.takeError();
  operands.push_back(*bias);
  return operands;
}

Expected<OnnxName> quantcc::convertToOnnx(Conv2DOp op, OnnxGraph &graph) {
  auto operands = addOperands(op, channelsFirst(4), graph);
  if (!operands)
    return operands.takeError();
  ArrayRef<int64_t> shape = typeOf(op.getWeights()).getShape();
  return graph.addNode("Conv", *operands,
                       OnnxAttributes()
                           .add("kernel_shape", shape.slice(1, 2))
                           .add("strides", op.getStrides())
                           .add("dilations", op.getDilations())
                           .add("pads", onnxPads(op.getPadding()))
                           .add("group", op.getGroups()));
}

/// A Gemm on rows: of more than two dimensions, the leading ones are one.
Expected<OnnxName> quantcc::convertToOnnx(LinearOp op, OnnxGraph &graph) {
  RankedTensorType inputType = typeOf(op.getInput());
  if (inputType.getRank() == 4)
    return noEquivalent("a product of four dimensions");
  auto operands = addOperands(op, {1, 0}, graph);
  if (!operands)
    return operands.takeError();
  int64_t depth = inputType.getShape().back();
  if (inputType.getRank() != 2)
    operands->front() = graph.addNode(
        "Reshape",
        {operands->front(),
         graph.addIntegers({inputType.getNumElements() / depth, depth})});
  OnnxName result = graph.addNode("Gemm", *operands);
  if (inputType.getRank() != 2)
    result = graph.addNode(
        "Reshape",
        {result, graph.addIntegers(typeOf(op.getResult()).getShape())});
  return result;
}

/// Weights of ONNX begin with the channels of the input.
Expected<OnnxName> quantcc::convertToOnnx(TransposeConv2DOp op,
                                          OnnxGraph &graph) {
  auto operands = addOperands(op, {3, 0, 1, 2}, graph);
  if (!operands)
    return operands.takeError();
  // What is added at the end is not cut off there.
  SmallVector<int64_t> pads = onnxPads(op.getPadding()), added;
  for (int64_t &end : llvm::MutableArrayRef<int64_t>(pads).drop_front(2)) {
    added.push_back(std::max<int64_t>(-end, 0));
    end = std::max<int64_t>(end, 0);
  }
  ArrayRef<int64_t> shape = typeOf(op.getWeights()).getShape();
  return graph.addNode("ConvTranspose", *operands,
                       OnnxAttributes()
                           .add("kernel_shape", shape.slice(1, 2))
                           .add("strides", op.getStrides())
                           .add("pads", pads)
                           .add("output_padding", added));
}

/// Of matrices in rows: images would be in another order of dimensions.
Expected<OnnxName> quantcc::convertToOnnx(MatMulOp op, OnnxGraph &graph) {
  size_t rank = typeOf(op.getResult()).getRank();
  if (rank == 4)
    return noEquivalent("a product of four dimensions");
  auto swapped = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  std::swap(swapped[rank - 2], swapped[rank - 1]);
  SmallVector<OnnxName> inputs;
  for (auto [operand, isTransposed] :
       {std::pair(op.getLhs(), op.getTransposeLhs()),
        std::pair(op.getRhs(), op.getTransposeRhs())}) {
    auto input = graph.lookup(operand, rank);
    if (!input)
      return input;
    inputs.push_back(isTransposed
                         ? graph.addNode("Transpose", {*input},
                                         OnnxAttributes().add("perm", swapped))
                         : *input);
  }
  return graph.addNode("MatMul", inputs);
}
