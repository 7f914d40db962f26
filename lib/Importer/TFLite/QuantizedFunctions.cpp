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
#include "quantcc/Support/LookupTable.h"

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

/// The entries of the table of operator `code`, which is `function`.
static llvm::Expected<Int8Table> getTable(BuiltinOperator code,
                                          FloatFunction function,
                                          quant::UniformQuantizedType from,
                                          quant::UniformQuantizedType to,
                                          float alpha) {
  if (from.getStorageTypeIntegralWidth() != 8 ||
      to.getStorageTypeIntegralWidth() != 8)
    return llvm::createStringError(
        "this operator is not supported on values of 16 bits");
  if (code == BuiltinOperator::LEAKY_RELU) {
    auto table = leakyReluTable(getParameters(from), getBounds(from),
                                getParameters(to), getBounds(to), alpha);
    if (!table)
      return table.takeError();
    return Int8Table(table->begin(), table->end());
  }
  bool isInt8 = from.isSigned() && to.isSigned();
  if (isInt8 && code == BuiltinOperator::LOGISTIC)
    return logisticTable(getParameters(from), getParameters(to));
  if (isInt8 && code == BuiltinOperator::TANH)
    return tanhTable(getParameters(from), getParameters(to));
  if (isInt8 && code == BuiltinOperator::HARD_SWISH)
    return hardSwishTable(getParameters(from), getParameters(to));
  return getDirectTable(function, from, to);
}

LogicalResult
quantcc::tflite::importQuantizedFunction(GraphImporter &graph, const Node &node,
                                         FloatFunction function, Value input,
                                         RankedTensorType result, float alpha) {
  auto from = cast<quant::UniformQuantizedType>(
      getQuantizedElementType(input.getType()));
  auto to = cast<quant::UniformQuantizedType>(result.getElementType());
  if (node.code == BuiltinOperator::LEAKY_RELU &&
      from.getStorageTypeIntegralWidth() == 16)
    return graph.define(
        node,
        graph.create<LeakyReluOp>(
            node, result, input, graph.getBuilder().getF32FloatAttr(alpha),
            RoundingAttr::get(graph.getContext(), Rounding::Double)));
  llvm::Expected<Int8Table> table =
      getTable(node.code, function, from, to, alpha);
  if (!table)
    return graph.error(node) << llvm::toString(table.takeError());
  auto type = RankedTensorType::get({256}, graph.getBuilder().getI8Type());
  FailureOr<Value> constant = graph.createConstant(
      node, node.outputs.front(),
      DenseElementsAttr::get(type, ArrayRef<int8_t>(*table)), type);
  if (failed(constant))
    return failure();
  return graph.define(node,
                      graph.create<LookupOp>(node, result, input, *constant));
}
