//===- OnnxExport.cpp - A quantized network as an ONNX graph --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Goes through the network, and adds clamps. The ops that take few lines are
// here.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Benchmark/OnnxExport.h"

#include "OnnxOps.h"
#include "quantcc/Analysis/ValueNames.h"
#include "quantcc/Dialect/QuantCC/IR/QuantizedTypes.h"

#include <llvm/ADT/TypeSwitch.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Quant/IR/Quant.h>

using namespace mlir;
using namespace quantcc;
using llvm::Expected;

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
static Expected<OnnxName> convertToOnnx(MeanOp op, OnnxGraph &graph) {
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

static Expected<OnnxName> convertToOnnx(SoftmaxOp op, OnnxGraph &graph) {
  size_t rank = typeOf(op.getInput()).getRank();
  auto input = graph.lookup(op.getInput(), rank);
  if (!input)
    return input;
  if (op.getBeta().convertToFloat() != 1)
    return noEquivalent("beta other than 1");
  return graph.addNode("Softmax", {*input},
                       OnnxAttributes().add("axis", channelsLast(rank).back()));
}

/// The same reals under other parameters, also between f32 and quantized.
static Expected<OnnxName> convertCast(Operation *op, OnnxGraph &graph) {
  return graph.lookup(op->getOperand(0), typeOf(op->getOperand(0)).getRank());
}

static Expected<OnnxName> convertOp(Operation *op, OnnxGraph &graph) {
  return llvm::TypeSwitch<Operation *, Expected<OnnxName>>(op)
      .Case<Conv2DOp, TransposeConv2DOp, LinearOp, MatMulOp, MeanOp, SoftmaxOp,
            ReshapeOp, PadOp, SliceOp, BroadcastOp, TransposeOp, ConcatOp,
            ResizeOp, LookupOp>(
          [&](auto known) { return convertToOnnx(known, graph); })
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
      .Case([&](MaximumOp) { return convertBinary(op, "Max", graph); })
      .Case([&](MinimumOp) { return convertBinary(op, "Min", graph); })
      .Case([&](PReluOp) { return convertBinary(op, "PRelu", graph); })
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
  bool computes = isa<Conv2DOp, TransposeConv2DOp, LinearOp, MatMulOp, AddOp,
                      SubOp, RescaleOp>(op);
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
