//===- ImportTosa.cpp - From tosa to network ops --------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Turns f32 tosa ops into network ops by their own interface models, after
// finding the composites that tosa has no op for.
//
//===----------------------------------------------------------------------===//

#include "TosaComposites.h"

#include "quantcc/Analysis/ValueNames.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Transforms/Passes.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Tosa/IR/TosaOps.h>
#include <mlir/IR/Iterators.h>
#include <mlir/Interfaces/SideEffectInterfaces.h>

namespace quantcc {
#define GEN_PASS_DEF_IMPORTTOSA
#include "quantcc/Transforms/Passes.h.inc"
} // namespace quantcc

using namespace mlir;
using namespace quantcc;

namespace {
struct ImportTosa : public quantcc::impl::ImportTosaBase<ImportTosa> {
  using ImportTosaBase::ImportTosaBase;
  void runOnOperation() override;

private:
  LogicalResult importOp(Operation *op);
};
} // namespace

static bool isStaticFloatTensor(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.getElementType().isF32() && tensor.hasStaticShape();
}

static bool isFloatType(Type type) {
  return isa<FloatType>(getElementTypeOrSelf(type));
}

LogicalResult ImportTosa::importOp(Operation *op) {
  if (!llvm::any_of(op->getResultTypes(), isFloatType) &&
      !llvm::any_of(op->getOperandTypes(), isFloatType))
    return success();
  if (!llvm::all_of(op->getResultTypes(), isStaticFloatTensor))
    return op->emitOpError()
           << "expected results of f32 and static shape in layer '"
           << getLayerName(op) << "', found " << op->getResultTypes();
  OpBuilder builder(op);
  if (auto constant = dyn_cast<tosa::ConstOp>(op)) {
    auto replacement = arith::ConstantOp::create(
        builder, op->getLoc(), cast<TypedAttr>(constant.getValues()));
    op->getResult(0).replaceAllUsesWith(replacement);
    return success();
  }
  auto quantizable = dyn_cast<QuantizableOpInterface>(op);
  if (!quantizable)
    return op->emitOpError()
           << "cannot be imported: no model of QuantizableOpInterface is "
           << "attached to it (layer '" << getLayerName(op) << "')";
  FailureOr<Operation *> imported = quantizable.rebuild(
      builder, op->getOperands(), op->getResultTypes(), Rounding::Single);
  if (failed(imported))
    return failure();
  op->replaceAllUsesWith((*imported)->getResults());
  return success();
}

void ImportTosa::runOnOperation() {
  func::FuncOp function = getOperation();
  recognizeTosaComposites(function);
  SmallVector<Operation *> ops;
  function.walk([&](Operation *op) {
    if (isa_and_present<tosa::TosaDialect>(op->getDialect()) &&
        !isOpTriviallyDead(op))
      ops.push_back(op);
  });
  for (Operation *op : ops)
    if (failed(importOp(op)))
      return signalPassFailure();
  // Shapes and zero points are constants of which nothing is left to read.
  function.walk<WalkOrder::PostOrder, ReverseIterator>([&](Operation *op) {
    if (isa_and_present<tosa::TosaDialect>(op->getDialect()) &&
        isOpTriviallyDead(op))
      op->erase();
  });
}
