//===- QuantizedFunctions.cpp - Tables of quantized functions -------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions of one value in models that were quantized for TFLite.
//
//===----------------------------------------------------------------------===//

#include "QuantizedFunctions.h"

#include "FixedPointFunctions.h"
#include "quantcc/Dialect/QuantCC/IR/FloatFunctions.h"
#include "quantcc/Support/InterpolatedTable.h"
#include "quantcc/Support/LookupTable.h"

#include <cmath>
#include <limits>
#include <mlir/Dialect/Arith/IR/Arith.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::tflite;

static quantcc::QuantizationParameters
getParameters(quant::UniformQuantizedType type) {
  return {static_cast<float>(type.getScale()),
          static_cast<int32_t>(type.getZeroPoint())};
}

static StoredRange getBounds(quant::UniformQuantizedType type) {
  return {type.getStorageTypeMin(), type.getStorageTypeMax()};
}

/// Defines the node's result as looked up in `table`.
template <typename EntryTy>
static LogicalResult defineLookup(GraphImporter &graph, const Node &node,
                                  Value input, RankedTensorType result,
                                  ArrayRef<EntryTy> table) {
  auto type = RankedTensorType::get(
      {static_cast<int64_t>(table.size())},
      graph.getBuilder().getIntegerType(8 * sizeof(EntryTy)));
  FailureOr<Value> constant = graph.createConstant(
      node, node.outputs.front(), DenseElementsAttr::get(type, table), type);
  if (failed(constant))
    return failure();
  return graph.define(node,
                      graph.create<LookupOp>(node, result, input, *constant));
}

/// The table of docs/Numerics.md, N13, which has no fixed-point steps.
static Int8Table getDirectTable(FloatFunction function,
                                quant::UniformQuantizedType from,
                                quant::UniformQuantizedType to) {
  Int8Table table;
  for (int32_t entry :
       buildTable([&](double x) { return evaluateFunction(function, 0.0, x); },
                  getParameters(from), getBounds(from), getParameters(to),
                  getBounds(to)))
    table.push_back(static_cast<int8_t>(entry));
  return table;
}

//===----------------------------------------------------------------------===//
// Values of 8 bits
//===----------------------------------------------------------------------===//

/// The entries of the table of operator `code`, which is `function`.
static llvm::Expected<Int8Table> getTable(BuiltinOperator code,
                                          FloatFunction function,
                                          quant::UniformQuantizedType from,
                                          quant::UniformQuantizedType to,
                                          float alpha) {
  if (from.getStorageTypeIntegralWidth() != 8 ||
      to.getStorageTypeIntegralWidth() != 8)
    return llvm::createStringError(
        "expected an input and a result of 8 bits, or both of 16 bits");
  bool isInt8 = from.isSigned() && to.isSigned();
  // The kernel of ABS is that of a rectifier which turns the negative side.
  if (isInt8 && code == BuiltinOperator::ABS)
    alpha = -1.0f;
  if (code == BuiltinOperator::LEAKY_RELU ||
      (isInt8 && code == BuiltinOperator::ABS)) {
    auto table = leakyReluTable(getParameters(from), getBounds(from),
                                getParameters(to), getBounds(to), alpha);
    if (!table)
      return table.takeError();
    return Int8Table(table->begin(), table->end());
  }
  if (isInt8 && code == BuiltinOperator::LOGISTIC)
    return logisticTable(getParameters(from), getParameters(to));
  if (isInt8 && code == BuiltinOperator::TANH)
    return tanhTable(getParameters(from), getParameters(to));
  if (isInt8 && code == BuiltinOperator::HARD_SWISH)
    return hardSwishTable(getParameters(from), getParameters(to));
  return getDirectTable(function, from, to);
}

//===----------------------------------------------------------------------===//
// Values of 16 bits
//===----------------------------------------------------------------------===//

/// The real values of the type's least and greatest stored value.
static RealInterval getReals(quant::UniformQuantizedType type) {
  auto scale = static_cast<float>(type.getScale());
  return {scale * -32768.0f, scale * 32767.0f};
}

/// The interpolated table of operator `code` (docs/Numerics.md, N39).
static llvm::Expected<llvm::SmallVector<int16_t, 0>>
getInterpolatedTable(BuiltinOperator code, quant::UniformQuantizedType from,
                     quant::UniformQuantizedType to) {
  RealInterval input = getReals(from), output = getReals(to);
  if (code == BuiltinOperator::RSQRT) {
    // Where there is no root, the greatest value.
    auto root = [&](float x) {
      return x <= 0.0f ? output.max : 1.0f / std::sqrt(x);
    };
    return buildInterpolatedTable(root, input, output);
  }
  if (code != BuiltinOperator::EXP)
    return llvm::createStringError(
        "this operator is not supported on values of 16 bits");
  auto exponential = [](float x) {
    return static_cast<float>(std::exp(static_cast<double>(x)));
  };
  float largest =
      exponential(input.max) * (65536.0f / (output.max - output.min));
  if (!std::isfinite(largest * 2))
    return llvm::createStringError(
        "expected an input whose exponential stays finite in f32");
  return buildInterpolatedTable(exponential, input, output);
}

static bool isWide(quant::UniformQuantizedType type) {
  return type.isSigned() && type.getStorageTypeIntegralWidth() == 16;
}

static LogicalResult importGate(GraphImporter &graph, const Node &node,
                                Value input, RankedTensorType result) {
  auto from = cast<quant::UniformQuantizedType>(
      getQuantizedElementType(input.getType()));
  auto to = cast<quant::UniformQuantizedType>(result.getElementType());
  if (to.getScale() != 0x1p-15)
    return graph.error(node)
           << "expected a result of scale 2^-15 for values of 16 bits, found "
           << to.getScale();
  if (from.getScale() * 12288.0 > 32767.0)
    return graph.error(node) << "expected an input of scale at most "
                                "32767/12288 for values of 16 bits, found "
                             << from.getScale();
  auto function = node.code == BuiltinOperator::TANH ? FloatFunction::Tanh
                                                     : FloatFunction::Sigmoid;
  return graph.define(node,
                      graph.create<GateOp>(node, result, function, input));
}

static LogicalResult importWideFunction(GraphImporter &graph, const Node &node,
                                        Value input, RankedTensorType result,
                                        float alpha) {
  auto from = cast<quant::UniformQuantizedType>(
      getQuantizedElementType(input.getType()));
  auto to = cast<quant::UniformQuantizedType>(result.getElementType());
  if (node.code == BuiltinOperator::LEAKY_RELU ||
      node.code == BuiltinOperator::ABS)
    return graph.define(
        node, graph.create<LeakyReluOp>(
                  node, result, input,
                  graph.getBuilder().getF32FloatAttr(
                      node.code == BuiltinOperator::ABS ? -1.0f : alpha),
                  RoundingAttr::get(graph.getContext(), Rounding::Double)));
  if (from.getZeroPoint() != 0 || to.getZeroPoint() != 0)
    return graph.error(node)
           << "expected zero points of 0 for values of 16 "
              "bits, found "
           << from.getZeroPoint() << " and " << to.getZeroPoint();
  if (node.code == BuiltinOperator::LOGISTIC ||
      node.code == BuiltinOperator::TANH)
    return importGate(graph, node, input, result);
  auto table = getInterpolatedTable(node.code, from, to);
  if (!table)
    return graph.error(node) << llvm::toString(table.takeError());
  return defineLookup<int16_t>(graph, node, input, result, *table);
}

LogicalResult
quantcc::tflite::importQuantizedFunction(GraphImporter &graph, const Node &node,
                                         FloatFunction function, Value input,
                                         RankedTensorType result, float alpha) {
  auto from = cast<quant::UniformQuantizedType>(
      getQuantizedElementType(input.getType()));
  auto to = cast<quant::UniformQuantizedType>(result.getElementType());
  if (isWide(from) && isWide(to))
    return importWideFunction(graph, node, input, result, alpha);
  llvm::Expected<Int8Table> table =
      getTable(node.code, function, from, to, alpha);
  if (!table)
    return graph.error(node) << llvm::toString(table.takeError());
  return defineLookup<int8_t>(graph, node, input, result, *table);
}
