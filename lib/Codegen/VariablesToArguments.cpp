//===- VariablesToArguments.cpp - State as arguments and results ----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Turns the variables of a stateful model into arguments and results of its
// entry, and their initial values into a function of its own.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/ModelInterface.h"
#include "quantcc/Codegen/Passes.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>

using namespace mlir;

namespace quantcc {

#define GEN_PASS_DEF_VARIABLESTOARGUMENTS
#include "quantcc/Codegen/Passes.h.inc"

namespace {

struct VariablesToArguments
    : impl::VariablesToArgumentsBase<VariablesToArguments> {
  void runOnOperation() override;

private:
  FailureOr<func::FuncOp> findEntry();
  LogicalResult threadVariables(func::FuncOp entry);
  void buildReset(func::FuncOp entry);

  SmallVector<VariableOp> variables;
};

} // namespace

static DictionaryAttr makeStateMark(VariableOp variable) {
  Builder builder(variable.getContext());
  return builder.getDictionaryAttr(
      builder.getNamedAttr(kStateAttrName, variable.getSymNameAttr()));
}

/// The one function that the variables are of.
FailureOr<func::FuncOp> VariablesToArguments::findEntry() {
  func::FuncOp entry;
  for (auto function : getOperation().getOps<func::FuncOp>()) {
    if (!function.isPublic() || function.isExternal())
      continue;
    if (entry)
      return function.emitOpError(
          "expected one public function beside variables, found a second");
    entry = function;
  }
  if (!entry)
    return getOperation().emitOpError(
        "expected a public function beside variables, found none");
  if (!entry.getBody().hasOneBlock())
    return entry.emitOpError("expected one block, found ")
           << entry.getBody().getBlocks().size();
  return entry;
}

/// Makes each variable's value an SSA value: the argument before the first
/// assignment, then what was assigned last.
LogicalResult VariablesToArguments::threadVariables(func::FuncOp entry) {
  DenseMap<StringAttr, Value> current;
  for (VariableOp variable : variables) {
    unsigned position = entry.getNumArguments();
    if (failed(entry.insertArgument(position, variable.getType(),
                                    makeStateMark(variable),
                                    variable.getLoc())))
      return failure();
    current[variable.getSymNameAttr()] = entry.getArgument(position);
  }
  for (Operation &op : llvm::make_early_inc_range(entry.front())) {
    if (auto read = dyn_cast<ReadVariableOp>(op)) {
      read.replaceAllUsesWith(current[read.getVariableAttr().getAttr()]);
      read.erase();
    } else if (auto assign = dyn_cast<AssignVariableOp>(op)) {
      current[assign.getVariableAttr().getAttr()] = assign.getValue();
      assign.erase();
    }
  }
  Operation *terminator = entry.front().getTerminator();
  for (VariableOp variable : variables) {
    if (failed(entry.insertResult(entry.getNumResults(), variable.getType(),
                                  makeStateMark(variable))))
      return failure();
    terminator->insertOperands(terminator->getNumOperands(),
                               current[variable.getSymNameAttr()]);
  }
  return success();
}

/// Builds the function that gives the variables' initial values.
void VariablesToArguments::buildReset(func::FuncOp entry) {
  OpBuilder builder(&getContext());
  builder.setInsertionPointAfter(entry);
  SmallVector<Type> types;
  for (VariableOp variable : variables)
    types.push_back(variable.getType());
  auto reset = func::FuncOp::create(builder, entry.getLoc(),
                                    (entry.getName() + "_reset").str(),
                                    builder.getFunctionType({}, types));
  reset->setAttr(kResetAttrName, builder.getUnitAttr());
  builder.setInsertionPointToStart(reset.addEntryBlock());
  SmallVector<Value> values;
  for (auto [index, variable] : llvm::enumerate(variables)) {
    reset.setResultAttrs(index, makeStateMark(variable));
    values.push_back(arith::ConstantOp::create(
        builder, variable.getLoc(), cast<TypedAttr>(variable.getInitial())));
  }
  func::ReturnOp::create(builder, entry.getLoc(), values);
}

void VariablesToArguments::runOnOperation() {
  variables = llvm::to_vector(getOperation().getOps<VariableOp>());
  if (variables.empty())
    return;
  FailureOr<func::FuncOp> entry = findEntry();
  if (failed(entry) || failed(threadVariables(*entry)))
    return signalPassFailure();
  buildReset(*entry);
  for (VariableOp variable : variables)
    variable.erase();
}

} // namespace quantcc
