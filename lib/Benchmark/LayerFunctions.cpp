//===- LayerFunctions.cpp - Each layer as a model of its own --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Clones an op with its constants into a function whose arguments are its other
// operands.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Benchmark/LayerFunctions.h"

#include "quantcc/Analysis/NetworkLayers.h"
#include "quantcc/Analysis/ValueNames.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <llvm/ADT/SetVector.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/IR/IRMapping.h>

using namespace mlir;
using namespace quantcc;

/// Or memory that a result goes to.
static bool isConstant(Value value) {
  Operation *op = value.getDefiningOp();
  return op && (isNetworkConstant(op) || isa<tensor::EmptyOp>(op));
}

/// The values from outside that `op` and what is in it use, in their order.
static llvm::SetVector<Value> usedValues(Operation *op) {
  llvm::SetVector<Value> values;
  op->walk([&](Operation *inner) {
    for (Value operand : inner->getOperands())
      if (!op->isAncestor(operand.getParentRegion()->getParentOp()))
        values.insert(operand);
  });
  return values;
}

/// Clones the constant `value` and what it is made from.
static void cloneConstant(Value value, OpBuilder &builder, IRMapping &mapping) {
  if (mapping.contains(value))
    return;
  for (Value operand : value.getDefiningOp()->getOperands())
    cloneConstant(operand, builder, mapping);
  builder.clone(*value.getDefiningOp(), mapping);
}

static OwningOpRef<ModuleOp> cutOut(Operation *op) {
  OpBuilder builder(op->getContext());
  OwningOpRef<ModuleOp> module = ModuleOp::create(builder, op->getLoc());
  llvm::SetVector<Value> values = usedValues(op);
  SmallVector<Type> arguments;
  SmallVector<Location> locations;
  for (Value value : values)
    if (!isConstant(value)) {
      arguments.push_back(value.getType());
      locations.push_back(value.getLoc());
    }
  builder.setInsertionPointToEnd(module->getBody());
  auto function = func::FuncOp::create(
      builder, op->getLoc(), "layer",
      builder.getFunctionType(arguments, op->getResultTypes()));
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToEnd(body);
  IRMapping mapping;
  unsigned next = 0;
  for (Value value : values) {
    if (isConstant(value))
      cloneConstant(value, builder, mapping);
    else
      mapping.map(value, body->getArgument(next++));
  }
  Operation *clone = builder.clone(*op, mapping);
  func::ReturnOp::create(builder, op->getLoc(), clone->getResults());
  return module;
}

OwningOpRef<ModuleOp> quantcc::cutOutKernel(ModuleOp layer) {
  SmallVector<Operation *> kernels;
  layer.walk([&](Operation *op) {
    if (isa<FusedConv2DOp, FusedAddOp, FusedMatMulOp>(op))
      kernels.push_back(op);
  });
  return kernels.size() == 1 ? cutOut(kernels.front()) : nullptr;
}

std::vector<LayerFunction> quantcc::cutIntoLayers(func::FuncOp entry) {
  std::vector<LayerFunction> layers;
  for (Operation &op : entry.getOps())
    if (takesTime(&op))
      layers.push_back({getLayerName(&op).str(), spellLayerKind(&op),
                        spellLayerShapes(&op), cutOut(&op)});
  return layers;
}
