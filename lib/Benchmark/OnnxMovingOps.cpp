//===- OnnxMovingOps.cpp - Rearranging ops as ONNX nodes ------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Ops whose results are elements of their operands.
//
//===----------------------------------------------------------------------===//

#include "OnnxOps.h"

#include "quantcc/Dialect/QuantCC/IR/QuantizedTypes.h"

#include <limits>

using namespace mlir;
using namespace quantcc;
using llvm::Expected;

/// Whether an image in either order of dimensions has the same elements in the
/// same places.
static bool isOrderFree(ArrayRef<int64_t> shape) {
  return shape.size() != 4 || shape[3] == 1 || (shape[1] == 1 && shape[2] == 1);
}

/// Elements are counted in our order of dimensions, so that an image is
/// brought to that first, and back afterwards.
Expected<OnnxName> quantcc::convertToOnnx(ReshapeOp op, OnnxGraph &graph) {
  ArrayRef<int64_t> from = typeOf(op.getInput()).getShape();
  ArrayRef<int64_t> to = typeOf(op.getResult()).getShape();
  auto input = graph.lookup(op.getInput(), from.size());
  if (!input)
    return input;
  OnnxName value = *input;
  if (!isOrderFree(from))
    value = graph.addQuantization(
        graph.addNode("Transpose", {value},
                      OnnxAttributes().add("perm", channelsLast(4))),
        op.getResult());
  if (isOrderFree(to))
    return graph.addNode("Reshape",
                         {value, graph.addIntegers(onnxShape(op.getResult()))});
  value = graph.addQuantization(
      graph.addNode("Reshape", {value, graph.addIntegers(to)}), op.getResult());
  return graph.addNode("Transpose", {value},
                       OnnxAttributes().add("perm", channelsFirst(4)));
}

Expected<OnnxName> quantcc::convertToOnnx(PadOp op, OnnxGraph &graph) {
  size_t rank = typeOf(op.getInput()).getRank();
  auto input = graph.lookup(op.getInput(), rank);
  if (!input)
    return input;
  SmallVector<int64_t> pads;
  for (ArrayRef<int64_t> side : {op.getLow(), op.getHigh()})
    for (int64_t dimension : channelsFirst(rank))
      pads.push_back(side[dimension]);
  float value = 0;
  if (op.getStoredValue()) {
    auto type = dyn_cast<quant::UniformQuantizedType>(
        typeOf(op.getInput()).getElementType());
    if (!type)
      return noEquivalent("a stored value of several scales");
    int64_t stored = static_cast<int32_t>(*op.getStoredValue());
    value = (stored - type.getZeroPoint()) * type.getScale();
  }
  return graph.addNode(
      "Pad", {*input, graph.addIntegers(pads), graph.addScalar(value)});
}

Expected<OnnxName> quantcc::convertToOnnx(TransposeOp op, OnnxGraph &graph) {
  size_t rank = typeOf(op.getInput()).getRank();
  auto input = graph.lookup(op.getInput(), rank);
  if (!input)
    return input;
  // Our dimension i lies at place[i] of the image in ONNX's order.
  SmallVector<int64_t> place = channelsLast(rank), permutation(rank);
  for (size_t i = 0; i != rank; ++i)
    permutation[place[i]] = place[op.getPermutation()[i]];
  return graph.addNode("Transpose", {*input},
                       OnnxAttributes().add("perm", permutation));
}

Expected<OnnxName> quantcc::convertToOnnx(ConcatOp op, OnnxGraph &graph) {
  size_t rank = typeOf(op.getResult()).getRank();
  SmallVector<OnnxName> inputs;
  for (Value operand : op.getInputs()) {
    auto input = graph.lookup(operand, rank);
    if (!input)
      return input;
    inputs.push_back(*input);
  }
  return graph.addNode(
      "Concat", inputs,
      OnnxAttributes().add("axis", channelsLast(rank)[op.getAxis()]));
}

/// `values`, one of each of our dimensions, in ONNX's order.
static SmallVector<int64_t> inOnnxOrder(ArrayRef<int64_t> values) {
  SmallVector<int64_t> result;
  for (int64_t dimension : channelsFirst(values.size()))
    result.push_back(values[dimension]);
  return result;
}

Expected<OnnxName> quantcc::convertToOnnx(SliceOp op, OnnxGraph &graph) {
  size_t rank = typeOf(op.getInput()).getRank();
  auto input = graph.lookup(op.getInput(), rank);
  if (!input)
    return input;
  ArrayRef<int64_t> sizes = typeOf(op.getResult()).getShape();
  SmallVector<int64_t> ends;
  for (auto [offset, stride, size] :
       llvm::zip_equal(op.getOffsets(), op.getStrides(), sizes)) {
    int64_t end = offset + stride * (size - 1) + (stride < 0 ? -1 : 1);
    // ONNX counts what is negative from the end on.
    ends.push_back(end < 0 ? std::numeric_limits<int32_t>::min() : end);
  }
  return graph.addNode(
      "Slice", {*input, graph.addIntegers(inOnnxOrder(op.getOffsets())),
                graph.addIntegers(inOnnxOrder(ends)),
                graph.addIntegers(llvm::to_vector(llvm::seq<int64_t>(0, rank))),
                graph.addIntegers(inOnnxOrder(op.getStrides()))});
}

Expected<OnnxName> quantcc::convertToOnnx(BroadcastOp op, OnnxGraph &graph) {
  auto input = graph.lookup(op.getInput(), typeOf(op.getInput()).getRank());
  if (!input)
    return input;
  return graph.addNode("Expand",
                       {*input, graph.addIntegers(onnxShape(op.getResult()))});
}

Expected<OnnxName> quantcc::convertToOnnx(ResizeOp op, OnnxGraph &graph) {
  auto input = graph.lookup(op.getInput(), 4);
  if (!input)
    return input;
  bool isNearest = op.getMode() == ResizeMode::Nearest;
  OnnxAttributes attributes;
  attributes.add("mode", isNearest ? "nearest" : "linear")
      .add("coordinate_transformation_mode",
           op.getAlignCorners()       ? "align_corners"
           : op.getHalfPixelCenters() ? "half_pixel"
                                      : "asymmetric");
  if (isNearest)
    // floor((i + 0.5) * scale) is what half_pixel gives, rounded.
    attributes.add("nearest_mode",
                   op.getAlignCorners() || op.getHalfPixelCenters()
                       ? "round_prefer_ceil"
                       : "floor");
  // Neither a region nor scales, but the sizes.
  return graph.addNode(
      "Resize", {*input, "", "", graph.addIntegers(onnxShape(op.getResult()))},
      attributes);
}
