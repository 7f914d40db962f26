//===- FloatIslands.cpp - Islands of float layers -------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Collects, for a value, the float layers it follows from, and clones them into
// a region.
//
//===----------------------------------------------------------------------===//

#include "FloatIslands.h"

#include "quantcc/Analysis/ValueNames.h"

#include <mlir/Dialect/Quant/IR/Quant.h>
#include <mlir/IR/IRMapping.h>
#include <mlir/Interfaces/SideEffectInterfaces.h>

using namespace mlir;
using namespace quantcc;

FailureOr<SmallVector<Operation *>>
FloatIslandBuilder::collectSlice(Value root) const {
  llvm::SetVector<Operation *> slice;
  SmallVector<Operation *> pending = {root.getDefiningOp()};
  while (!pending.empty()) {
    Operation *op = pending.pop_back_val();
    if (!slice.insert(op))
      continue;
    if (!isMemoryEffectFree(op) || op->getNumRegions() != 0)
      return op->emitOpError()
             << "cannot be part of a quantized model: layer '"
             << getLayerName(op) << "' stays in float, and it has side effects "
             << "or regions";
    for (Value operand : op->getOperands())
      if (!quantized.contains(operand) && operand.getDefiningOp())
        pending.push_back(operand.getDefiningOp());
  }
  SmallVector<Operation *> ordered(slice.begin(), slice.end());
  llvm::sort(ordered, [](Operation *lhs, Operation *rhs) {
    return lhs->isBeforeInBlock(rhs);
  });
  return ordered;
}

std::string FloatIslandBuilder::joinReasons(ArrayRef<Operation *> slice) const {
  SmallVector<StringRef> distinct;
  for (Operation *op : slice) {
    auto it = reasons.find(op);
    if (it != reasons.end() && !llvm::is_contained(distinct, it->second))
      distinct.push_back(it->second);
  }
  return llvm::join(distinct, "; ");
}

FailureOr<Value> FloatIslandBuilder::build(OpBuilder &builder, Value root,
                                           Type type) {
  FailureOr<SmallVector<Operation *>> slice = collectSlice(root);
  if (failed(slice))
    return failure();
  // What enters: quantized values and arguments in float, in order of use.
  llvm::SetVector<Value> entering;
  for (Operation *op : *slice)
    for (Value operand : op->getOperands())
      if (quantized.contains(operand) || !operand.getDefiningOp())
        entering.insert(operand);
  SmallVector<Value> inputs;
  for (Value value : entering) {
    Value form = quantized.lookup(value);
    inputs.push_back(form ? form : value);
  }
  Location location = root.getLoc();
  auto island = FloatIslandOp::create(builder, location, TypeRange(type),
                                      inputs, joinReasons(*slice));
  OpBuilder::InsertionGuard guard(builder);
  Block *body =
      builder.createBlock(&island.getBody(), {}, ValueRange(inputs).getTypes(),
                          SmallVector<Location>(inputs.size(), location));
  IRMapping mapping;
  for (auto [value, argument] : llvm::zip_equal(entering, body->getArguments()))
    mapping.map(value, isQuantized(argument.getType())
                           ? quant::DequantizeCastOp::create(
                                 builder, location, value.getType(), argument)
                                 .getResult()
                           : Value(argument));
  for (Operation *op : *slice) {
    builder.clone(*op, mapping)->removeAttr(kKeepFloatAttrName);
    if (reasons.contains(op))
      layers.insert(op);
  }
  Value result = mapping.lookup(root);
  if (isQuantized(type))
    result = quant::QuantizeCastOp::create(builder, location, type, result);
  YieldOp::create(builder, location, result);
  return island->getResult(0);
}
