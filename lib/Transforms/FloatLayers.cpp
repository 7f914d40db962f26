//===- FloatLayers.cpp - Layers that stay in float ------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tells layers from other ops, and those that stay in float from the rest.
//
//===----------------------------------------------------------------------===//

#include "FloatLayers.h"

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <mlir/Dialect/Quant/IR/Quant.h>

using namespace mlir;
using namespace quantcc;

bool quantcc::isFloatLayer(Operation *op) {
  if (op->hasTrait<OpTrait::ConstantLike>() ||
      op->hasTrait<OpTrait::IsTerminator>() ||
      isa<ObserveOp, FakeQuantizeOp, FloatIslandOp, quant::QuantizeCastOp,
          quant::DequantizeCastOp, quant::StorageCastOp>(op))
    return false;
  auto isFloat = [](Type type) {
    return isa<FloatType>(getElementTypeOrSelf(type));
  };
  return llvm::any_of(op->getOperandTypes(), isFloat) ||
         llvm::any_of(op->getResultTypes(), isFloat);
}

std::optional<std::string> quantcc::getKeepFloatReason(Operation *op) {
  if (auto reason = op->getAttrOfType<StringAttr>(kKeepFloatAttrName))
    return reason.str();
  if (!isa<QuantizableOpInterface>(op))
    return ("'" + op->getName().getStringRef() + "' has no quantized form")
        .str();
  return std::nullopt;
}
