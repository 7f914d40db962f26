//===- InsertObservers.cpp - Mark values for measurement ------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Puts an observer behind each activation.
//
//===----------------------------------------------------------------------===//

#include "FloatLayers.h"

#include "quantcc/Analysis/FloatConstants.h"
#include "quantcc/Analysis/FloatRangeAnalysis.h"
#include "quantcc/Analysis/ValueNames.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Transforms/Passes.h"

namespace quantcc {
#define GEN_PASS_DEF_INSERTOBSERVERS
#include "quantcc/Transforms/Passes.h.inc"
} // namespace quantcc

using namespace mlir;
using namespace quantcc;

namespace {
struct InsertObservers
    : public quantcc::impl::InsertObserversBase<InsertObservers> {
  using InsertObserversBase::InsertObserversBase;
  void runOnOperation() override;

private:
  void observe(Value value, StringRef name);
  LogicalResult observeConstant(OpOperand &operand, UniqueNames &names);
};
} // namespace

static bool isFloatTensor(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getElementType().isF32() && type.hasStaticShape();
}

static bool isObserved(Value value) {
  return value.getDefiningOp<ObserveOp>() ||
         llvm::any_of(value.getUsers(), llvm::IsaPred<ObserveOp>);
}

/// Whether an op that can be quantized makes `value` or has it as activation.
static bool isActivation(Value value) {
  if (isa_and_present<QuantizableOpInterface>(value.getDefiningOp()))
    return true;
  return llvm::any_of(value.getUses(), [](OpOperand &use) {
    auto user = dyn_cast<QuantizableOpInterface>(use.getOwner());
    return user && user.getOperandRole(use.getOperandNumber()) ==
                       OperandRole::Activation;
  });
}

void InsertObservers::observe(Value value, StringRef name) {
  if (isObserved(value))
    return;
  OpBuilder builder(&getContext());
  builder.setInsertionPointAfterValue(value);
  auto observer =
      ObserveOp::create(builder, value.getLoc(), value,
                        builder.getStringAttr(name), /*range=*/RangeAttr());
  value.replaceAllUsesExcept(observer.getResult(), observer);
}

LogicalResult InsertObservers::observeConstant(OpOperand &operand,
                                               UniqueNames &names) {
  Operation *user = operand.getOwner();
  std::optional<FloatRange> range = getConstantRange(operand.get());
  if (!range)
    return user->emitOpError() << "expected finite values in constant operand #"
                               << operand.getOperandNumber() << " of layer '"
                               << getLayerName(user) << "'";
  StringRef given = getLocationName(operand.get().getLoc());
  std::string fallback =
      (getLayerName(user) + ".operand" + Twine(operand.getOperandNumber()))
          .str();
  OpBuilder builder(user);
  auto observer = ObserveOp::create(
      builder, operand.get().getLoc(), operand.get(),
      builder.getStringAttr(names.add(given.empty() ? fallback : given)),
      RangeAttr::get(&getContext(), range->min, range->max));
  operand.set(observer.getResult());
  return success();
}

void InsertObservers::runOnOperation() {
  func::FuncOp function = getOperation();
  if (function.isDeclaration())
    return;
  ValueNames valueNames(function);
  UniqueNames used;
  SmallVector<Value> values;
  SmallVector<OpOperand *> constants;
  for (BlockArgument argument : function.getArguments())
    values.push_back(argument);
  for (Operation &op : function.getOps()) {
    if (isa<ObserveOp>(op) || op.hasTrait<OpTrait::ConstantLike>())
      continue;
    llvm::append_range(values, op.getResults());
    auto quantizable = dyn_cast<QuantizableOpInterface>(op);
    if (!quantizable) {
      if (isFloatLayer(&op))
        op.emitRemark() << "layer '" << getLayerName(&op)
                        << "' is not quantizable: no model of "
                        << "QuantizableOpInterface is attached to '"
                        << op.getName().getStringRef() << "'";
      continue;
    }
    for (OpOperand &operand : op.getOpOperands())
      if (quantizable.getOperandRole(operand.getOperandNumber()) ==
              OperandRole::Activation &&
          isFloatConstant(operand.get()))
        constants.push_back(&operand);
  }
  for (Value value : values)
    used.add(valueNames.lookup(value));
  for (Value value : values)
    if (isFloatTensor(value) && isActivation(value))
      observe(value, valueNames.lookup(value));
  for (OpOperand *operand : constants)
    if (failed(observeConstant(*operand, used)))
      return signalPassFailure();
}
