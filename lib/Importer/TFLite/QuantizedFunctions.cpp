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

#include "quantcc/Support/RescaleRules.h"

#include <mlir/Dialect/Arith/IR/Arith.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::tflite;

using Table = SmallVector<int32_t, 256>;

/// x * 2^-shift * multiplier by the rounding `double`, or nothing where the
/// left shift that TFLite would do overflows.
static std::optional<int32_t> scale(int32_t x,
                                    FixedPointMultiplier multiplier) {
  if (leftShiftOverflows(std::abs(x), multiplier.shift))
    return std::nullopt;
  return requantize(x, multiplier, Rounding::Double);
}

/// Source: TFLite's QuantizeLeakyRelu.
static llvm::Expected<Table> leakyReluTable(quant::UniformQuantizedType input,
                                            quant::UniformQuantizedType result,
                                            float alpha) {
  float from = input.getScale(), to = result.getScale();
  auto identity = quantizeMultiplier(reluIdentityMultiplier(from, to));
  if (!identity)
    return identity.takeError();
  // A negative slope multiplies the negated value.
  double slope = leakyReluMultiplier(from, alpha, to);
  FixedPointMultiplier negative;
  if (slope != 0.0) {
    auto multiplier = quantizeMultiplier(std::fabs(slope));
    if (!multiplier)
      return multiplier.takeError();
    negative = *multiplier;
  }
  Table table;
  for (int64_t stored = input.getStorageTypeMin();
       stored <= input.getStorageTypeMax(); ++stored) {
    int32_t x = stored - input.getZeroPoint();
    bool negated = x < 0 && slope < 0.0;
    std::optional<int32_t> y =
        scale(negated ? -x : x, x < 0 ? negative : *identity);
    if (!y)
      return llvm::createStringError(
          "a multiplier that overflows on its stored values");
    table.push_back(std::clamp<int64_t>(*y + result.getZeroPoint(),
                                        result.getStorageTypeMin(),
                                        result.getStorageTypeMax()));
  }
  return table;
}

LogicalResult quantcc::tflite::importQuantizedFunction(GraphImporter &graph,
                                                       const Node &node,
                                                       Value input,
                                                       RankedTensorType result,
                                                       float alpha) {
  auto from = cast<quant::UniformQuantizedType>(
      getQuantizedElementType(input.getType()));
  auto to = cast<quant::UniformQuantizedType>(result.getElementType());
  if (node.code != BuiltinOperator::LEAKY_RELU)
    return graph.error(node) << "this operator is not supported on quantized "
                             << "values";
  llvm::Expected<Table> table = leakyReluTable(from, to, alpha);
  if (!table)
    return graph.error(node) << llvm::toString(table.takeError());
  SmallVector<int8_t> entries(table->begin(), table->end());
  auto type = RankedTensorType::get({256}, graph.getBuilder().getI8Type());
  FailureOr<Value> constant = graph.createConstant(
      node, node.outputs.front(),
      DenseElementsAttr::get(type, ArrayRef<int8_t>(entries)), type);
  if (failed(constant))
    return failure();
  return graph.define(node,
                      graph.create<LookupOp>(node, result, input, *constant));
}
