//===- NetworkLayers.cpp - The layers of a network ------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads kinds, shapes and quantization parameters off the ops.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Analysis/NetworkLayers.h"

#include "quantcc/Analysis/MultiplyCount.h"
#include "quantcc/Analysis/ValueNames.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <mlir/Dialect/Quant/IR/Quant.h>

using namespace mlir;
using namespace quantcc;

bool quantcc::isNetworkConstant(Operation *op) {
  if (op->hasTrait<OpTrait::ConstantLike>())
    return true;
  auto cast = dyn_cast<quant::StorageCastOp>(op);
  return cast && cast.getInput().getDefiningOp() &&
         isNetworkConstant(cast.getInput().getDefiningOp());
}

bool quantcc::takesTime(Operation *op) {
  return !isNetworkConstant(op) && !op->hasTrait<OpTrait::IsTerminator>() &&
         op->getNumResults() != 0 &&
         !isa<ReshapeOp, ReadVariableOp, AssignVariableOp>(op);
}

/// What is inside a part that stays in float, beside casts.
static std::string spellIsland(FloatIslandOp island) {
  SmallVector<std::string> kinds;
  for (Operation &op : island.getBody().front())
    if (takesTime(&op) &&
        !isa<quant::QuantizeCastOp, quant::DequantizeCastOp>(op))
      kinds.push_back(spellLayerKind(&op));
  return kinds.empty() ? "cast" : llvm::join(kinds, " + ");
}

std::string quantcc::spellLayerKind(Operation *op) {
  if (auto island = dyn_cast<FloatIslandOp>(op))
    return spellIsland(island);
  auto convolution = dyn_cast<Conv2DOp>(op);
  if (!convolution)
    return op->getName().stripDialect().str();
  auto weights = cast<RankedTensorType>(convolution.getWeights().getType());
  std::string text;
  llvm::raw_string_ostream stream(text);
  // Of one input channel, it is a convolution as any other.
  bool isDepthwise = convolution.getGroups() != 1 && convolution.isDepthwise();
  stream << (isDepthwise ? "depthwise " : "conv2d ") << weights.getDimSize(1)
         << "x" << weights.getDimSize(2);
  int64_t stride = convolution.getStrides().front();
  if (stride != 1)
    stream << "/" << stride;
  return text;
}

std::string quantcc::spellLayerShapes(Operation *op) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  auto spell = [&](Value value) {
    llvm::interleave(cast<RankedTensorType>(value.getType()).getShape(), stream,
                     "x");
  };
  if (op->getNumOperands() != 0)
    spell(op->getOperand(0));
  stream << " -> ";
  spell(op->getResult(0));
  return text;
}

/// Adds what the element type `type` says to `facts`.
static void addParameters(Type type, StorageFacts &facts) {
  auto quantized = dyn_cast<quant::QuantizedType>(type);
  if (!quantized) {
    llvm::raw_string_ostream(facts.type) << type;
    return;
  }
  facts.type = (quantized.isSigned() ? "i" : "u") +
               std::to_string(quantized.getStorageTypeIntegralWidth());
  facts.storedMin = quantized.getStorageTypeMin();
  facts.storedMax = quantized.getStorageTypeMax();
  auto add = [&](double scale, int64_t zeroPoint) {
    // Scales in types are float values.
    double value = static_cast<float>(scale);
    bool isFirst = facts.parameters++ == 0;
    facts.smallestScale =
        isFirst ? value : std::min(facts.smallestScale, value);
    facts.largestScale = isFirst ? value : std::max(facts.largestScale, value);
    facts.smallestZeroPoint =
        isFirst ? zeroPoint : std::min(facts.smallestZeroPoint, zeroPoint);
    facts.largestZeroPoint =
        isFirst ? zeroPoint : std::max(facts.largestZeroPoint, zeroPoint);
  };
  if (auto perTensor = dyn_cast<quant::UniformQuantizedType>(type))
    add(perTensor.getScale(), perTensor.getZeroPoint());
  else if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type))
    for (auto [scale, zeroPoint] :
         llvm::zip_equal(perAxis.getScales(), perAxis.getZeroPoints()))
      add(scale, zeroPoint);
}

static NetworkLayer describeLayer(Operation *op) {
  NetworkLayer layer;
  layer.name = getLayerName(op).str();
  layer.kind = spellLayerKind(op);
  layer.shapes = spellLayerShapes(op);
  layer.macs = countMultiplies(op);
  addParameters(getElementTypeOrSelf(op->getResult(0).getType()), layer.result);
  if (auto island = dyn_cast<FloatIslandOp>(op)) {
    layer.floatReason = island.getReason().str();
    for (Operation &inner : island.getBody().front())
      if (takesTime(&inner))
        layer.members.push_back(getLayerName(&inner).str());
  }
  for (Value operand : op->getOperands()) {
    Type element = getElementTypeOrSelf(operand.getType());
    if (!isa<quant::QuantizedType>(element) || !operand.getDefiningOp() ||
        !isNetworkConstant(operand.getDefiningOp()))
      continue;
    if (!layer.weights)
      layer.weights.emplace();
    addParameters(element, *layer.weights);
  }
  return layer;
}

std::vector<NetworkLayer> quantcc::describeLayers(func::FuncOp entry) {
  std::vector<NetworkLayer> layers;
  for (Operation &op : entry.getOps())
    if (takesTime(&op))
      layers.push_back(describeLayer(&op));
  return layers;
}
