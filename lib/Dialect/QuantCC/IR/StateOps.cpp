//===- StateOps.cpp - What lives from run to run --------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers of variables and of the ops that read and write them.
//
//===----------------------------------------------------------------------===//

#include "NetworkOpVerifier.h"

#include "quantcc/Dialect/QuantCC/IR/QuantizedTypes.h"

using namespace mlir;
using namespace quantcc;
using namespace quantcc::detail;

/// The type of the elements that `initial` of a variable of `element` has, or
/// null if there are no such variables.
static Type getInitialElementType(Type element) {
  if (auto quantized = dyn_cast<quant::UniformQuantizedType>(element))
    return quantized.getStorageType();
  auto integer = dyn_cast<IntegerType>(element);
  bool holds =
      element.isF32() ||
      (integer && llvm::is_contained({8, 16, 32, 64},
                                     static_cast<int>(integer.getWidth())));
  return holds ? element : Type();
}

static LogicalResult verifyInitialValues(VariableOp op, Type element,
                                         DenseElementsAttr initial) {
  if (element.isF32()) {
    for (const APFloat &value : initial.getValues<APFloat>())
      if (!value.isFinite())
        return op.emitOpError() << "expected finite initial values (C45)";
    return success();
  }
  auto quantized = dyn_cast<quant::QuantizedType>(element);
  if (!quantized)
    return success();
  StoredRange range = getStoredRange(quantized);
  for (const APInt &bits : initial.getValues<APInt>()) {
    int64_t value =
        quantized.isSigned() ? bits.getSExtValue() : bits.getZExtValue();
    if (!range.contains(value))
      return op.emitOpError()
             << "expected initial values within [" << range.min << ", "
             << range.max << "], found " << value << " (C45)";
  }
  return success();
}

LogicalResult VariableOp::verify() {
  auto type = cast<RankedTensorType>(getType());
  Type element = type.getElementType();
  Type initialElement = getInitialElementType(element);
  if (!initialElement || !type.hasStaticShape() ||
      llvm::is_contained(type.getShape(), 0))
    return emitOpError()
           << "expected a tensor of f32, of a per-tensor quantized "
           << "type or of integers, of static shape, found " << type
           << " (C45)";
  if (auto quantized = dyn_cast<quant::QuantizedType>(element))
    if (failed(verifyParameters(*this, quantized)))
      return failure();
  auto initial = dyn_cast<DenseElementsAttr>(getInitial());
  Type expected = type.clone(initialElement);
  if (!initial || initial.getType() != expected)
    return emitOpError() << "expected initial values of type " << expected
                         << ", found " << getInitial().getShapedType()
                         << " (C45)";
  return verifyInitialValues(*this, element, initial);
}

/// Checks that `op` names a variable of `type`.
static LogicalResult verifyUse(Operation *op, FlatSymbolRefAttr name, Type type,
                               SymbolTableCollection &symbols,
                               StringRef constraint) {
  auto variable = symbols.lookupNearestSymbolFrom<VariableOp>(op, name);
  if (!variable)
    return op->emitOpError() << "expected a variable " << name
                             << ", found none (" << constraint << ")";
  if (variable.getType() != type)
    return op->emitOpError()
           << "expected the variable's type " << variable.getType()
           << ", found " << type << " (" << constraint << ")";
  return success();
}

LogicalResult ReadVariableOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyUse(*this, getVariableAttr(), getResult().getType(), symbols,
                   "C46");
}

LogicalResult
AssignVariableOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyUse(*this, getVariableAttr(), getValue().getType(), symbols,
                   "C47");
}
