//===- OnnxExport.cpp - A quantized network as an ONNX graph --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One function an op: the ONNX nodes that compute the same reals.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Benchmark/OnnxExport.h"

#include "OnnxGraph.h"
#include "quantcc/Analysis/ValueNames.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Dialect/QuantCC/IR/QuantizedTypes.h"

#include <llvm/ADT/TypeSwitch.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Quant/IR/Quant.h>

using namespace mlir;
using namespace quantcc;
using llvm::Expected;

static RankedTensorType typeOf(Value value) {
  return cast<RankedTensorType>(value.getType());
}

static llvm::Error noEquivalent(const llvm::Twine &what) {
  return llvm::createStringError(what + " has no equivalent");
}

/// `[top, bottom, left, right]` as ONNX has it: begins, then ends.
static SmallVector<int64_t> onnxPads(ArrayRef<int64_t> padding) {
  return {padding[0], padding[2], padding[1], padding[3]};
}

static Expected<OnnxName> convert(Conv2DOp op, OnnxGraph &graph) {
  auto input = graph.lookup(op.getInput(), 4);
  if (!input)
    return input;
  auto weights = graph.addWeights(op.getWeights(), channelsFirst(4));
  if (!weights)
    return weights;
  SmallVector<OnnxName> inputs{*input, *weights};
  if (op.getBias()) {
    auto bias = graph.addBias(op.getBias(), op.getInput(), op.getWeights());
    if (!bias)
      return bias;
    inputs.push_back(*bias);
  }
  ArrayRef<int64_t> shape = typeOf(op.getWeights()).getShape();
  return graph.addNode("Conv", inputs,
                       OnnxAttributes()
                           .add("kernel_shape", shape.slice(1, 2))
                           .add("strides", op.getStrides())
                           .add("dilations", op.getDilations())
                           .add("pads", onnxPads(op.getPadding()))
                           .add("group", op.getGroups()));
}

/// A Gemm on rows: of more than two dimensions, the leading ones are one.
static Expected<OnnxName> convert(LinearOp op, OnnxGraph &graph) {
  RankedTensorType inputType = typeOf(op.getInput());
  if (inputType.getRank() == 4)
    return noEquivalent("a product of four dimensions");
  auto input = graph.lookup(op.getInput(), inputType.getRank());
  if (!input)
    return input;
  auto weights = graph.addWeights(op.getWeights(), {1, 0});
  if (!weights)
    return weights;
  int64_t depth = inputType.getShape().back();
  SmallVector<OnnxName> inputs{*input, *weights};
  if (inputType.getRank() != 2)
    inputs[0] = graph.addNode(
        "Reshape", {*input, graph.addIntegers(
                                {inputType.getNumElements() / depth, depth})});
  if (op.getBias()) {
    auto bias = graph.addBias(op.getBias(), op.getInput(), op.getWeights());
    if (!bias)
      return bias;
    inputs.push_back(*bias);
  }
  OnnxName result = graph.addNode("Gemm", inputs);
  if (inputType.getRank() != 2)
    result = graph.addNode(
        "Reshape",
        {result, graph.addIntegers(typeOf(op.getResult()).getShape())});
  return result;
}

static Expected<OnnxName> convertBinary(Operation *op, StringRef node,
                                        OnnxGraph &graph) {
  size_t rank = typeOf(op->getResult(0)).getRank();
  auto lhs = graph.lookup(op->getOperand(0), rank);
  if (!lhs)
    return lhs;
  auto rhs = graph.lookup(op->getOperand(1), rank);
  if (!rhs)
    return rhs;
  return graph.addNode(node, {*lhs, *rhs});
}

/// Pools whose one window is the whole image have an operator of their own.
static Expected<OnnxName> convertPool(Operation *op, StringRef kind,
                                      ArrayRef<int64_t> kernel,
                                      ArrayRef<int64_t> strides,
                                      ArrayRef<int64_t> padding,
                                      OnnxGraph &graph) {
  auto input = graph.lookup(op->getOperand(0), 4);
  if (!input)
    return input;
  bool isGlobal = kernel == typeOf(op->getOperand(0)).getShape().slice(1, 2) &&
                  llvm::all_of(padding, [](int64_t size) { return size == 0; });
  if (isGlobal)
    return graph.addNode(("Global" + kind + "Pool").str(), {*input});
  return graph.addNode((kind + "Pool").str(), {*input},
                       OnnxAttributes()
                           .add("kernel_shape", kernel)
                           .add("strides", strides)
                           .add("pads", onnxPads(padding)));
}

/// The mean over height and width has an operator of its own. Dimensions that
/// are left out are so in our order.
static Expected<OnnxName> convert(MeanOp op, OnnxGraph &graph) {
  size_t rank = typeOf(op.getInput()).getRank();
  auto input = graph.lookup(op.getInput(), rank);
  if (!input)
    return input;
  SmallVector<int64_t> place = channelsLast(rank), axes;
  for (int64_t axis : op.getAxes())
    axes.push_back(place[axis]);
  OnnxName mean =
      rank == 4 && axes == ArrayRef<int64_t>{2, 3}
          ? graph.addNode("GlobalAveragePool", {*input})
          : graph.addNode(
                "ReduceMean", {*input},
                OnnxAttributes().add("axes", axes).add("keepdims", 1));
  if (op.getKeepDims())
    return mean;
  mean = graph.addQuantization(mean, op.getResult());
  if (rank == 4 && axes != ArrayRef<int64_t>{2, 3})
    mean = graph.addQuantization(
        graph.addNode("Transpose", {mean},
                      OnnxAttributes().add("perm", channelsLast(4))),
        op.getResult());
  return graph.addNode(
      "Reshape", {mean, graph.addIntegers(typeOf(op.getResult()).getShape())});
}

static Expected<OnnxName> convert(SoftmaxOp op, OnnxGraph &graph) {
  size_t rank = typeOf(op.getInput()).getRank();
  auto input = graph.lookup(op.getInput(), rank);
  if (!input)
    return input;
  if (op.getBeta().convertToFloat() != 1)
    return noEquivalent("beta other than 1");
  return graph.addNode("Softmax", {*input},
                       OnnxAttributes().add("axis", channelsLast(rank).back()));
}

/// Whether an image in either order of dimensions has the same elements in the
/// same places.
static bool isOrderFree(ArrayRef<int64_t> shape) {
  return shape.size() != 4 || shape[3] == 1 || (shape[1] == 1 && shape[2] == 1);
}

/// Elements are counted in our order of dimensions, so that an image is
/// brought to that first, and back afterwards.
static Expected<OnnxName> convert(ReshapeOp op, OnnxGraph &graph) {
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

static Expected<OnnxName> convert(PadOp op, OnnxGraph &graph) {
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

static Expected<OnnxName> convert(TransposeOp op, OnnxGraph &graph) {
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

static Expected<OnnxName> convert(ConcatOp op, OnnxGraph &graph) {
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

/// The same reals under other parameters, also between f32 and quantized.
static Expected<OnnxName> convertCast(Operation *op, OnnxGraph &graph) {
  return graph.lookup(op->getOperand(0), typeOf(op->getOperand(0)).getRank());
}

static Expected<OnnxName> convertOp(Operation *op, OnnxGraph &graph) {
  return llvm::TypeSwitch<Operation *, Expected<OnnxName>>(op)
      .Case<Conv2DOp, LinearOp, MeanOp, SoftmaxOp, ReshapeOp, PadOp,
            TransposeOp, ConcatOp>(
          [&](auto known) { return convert(known, graph); })
      .Case([&](AvgPool2DOp pool) {
        return convertPool(pool, "Average", pool.getKernel(), pool.getStrides(),
                           pool.getPadding(), graph);
      })
      .Case([&](MaxPool2DOp pool) {
        return convertPool(pool, "Max", pool.getKernel(), pool.getStrides(),
                           pool.getPadding(), graph);
      })
      .Case([&](AddOp) { return convertBinary(op, "Add", graph); })
      .Case([&](SubOp) { return convertBinary(op, "Sub", graph); })
      .Case([&](MulOp) { return convertBinary(op, "Mul", graph); })
      .Case<RescaleOp, quant::QuantizeCastOp, quant::DequantizeCastOp>(
          [&](auto) { return convertCast(op, graph); })
      .Default([](Operation *) -> Expected<OnnxName> {
        return llvm::createStringError("this op has no equivalent");
      });
}

/// Adds the clamp of an activation function. A range of stored values that
/// begins at real zero does a relu's work in the quantized form; reals need it
/// said.
static OnnxName addClamp(Operation *op, OnnxName value, OnnxGraph &graph) {
  auto type = dyn_cast<quant::UniformQuantizedType>(
      typeOf(op->getResult(0)).getElementType());
  if (!type)
    return value;
  StoredRange range = getStoredRange(type), whole = range;
  if (auto clamp = op->getAttrOfType<DenseI32ArrayAttr>("stored_clamp"))
    range = {clamp[0], clamp[1]};
  bool computes = isa<Conv2DOp, LinearOp, AddOp, SubOp, RescaleOp>(op);
  bool cutsBelow =
      range.min > whole.min || (graph.getForm() == OnnxForm::Float &&
                                computes && range.min == type.getZeroPoint());
  bool cutsAbove = range.max < whole.max;
  auto real = [&](int64_t stored) {
    return static_cast<float>((stored - type.getZeroPoint()) * type.getScale());
  };
  if (!cutsBelow && !cutsAbove)
    return value;
  if (!cutsAbove && range.min == type.getZeroPoint())
    return graph.addNode("Relu", {value});
  return graph.addNode("Clip", {value, graph.addScalar(real(range.min)),
                                graph.addScalar(real(range.max))});
}

static llvm::Error exportOp(Operation *op, OnnxGraph &graph) {
  Expected<OnnxName> value = convertOp(op, graph);
  if (!value)
    return value.takeError();
  if (llvm::Error error = graph.checkType(op->getResult(0)))
    return error;
  graph.define(op->getResult(0), addClamp(op, *value, graph));
  return llvm::Error::success();
}

Expected<OnnxModel> quantcc::exportToOnnx(func::FuncOp entry, OnnxForm form) {
  OnnxGraph graph(form);
  auto describe = [](Operation *op, llvm::Error error) {
    return llvm::createStringError("layer '" + getLayerName(op) + "' (" +
                                   op->getName().getStringRef() +
                                   "): " + llvm::toString(std::move(error)));
  };
  for (BlockArgument argument : entry.getArguments())
    if (llvm::Error error = graph.addInput(argument))
      return describe(entry, std::move(error));
  for (Operation &op : entry.getOps()) {
    if (isa<arith::ConstantOp, quant::StorageCastOp, func::ReturnOp>(op))
      continue;
    if (llvm::Error error = exportOp(&op, graph))
      return describe(&op, std::move(error));
  }
  for (Value result : entry.front().getTerminator()->getOperands())
    if (llvm::Error error = graph.addOutput(result))
      return describe(entry, std::move(error));
  return graph.takeModel();
}
