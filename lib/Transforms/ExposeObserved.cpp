//===- ExposeObserved.cpp - Return observed values ------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Makes the observed values results of the function.
//
//===----------------------------------------------------------------------===//

#include "FunctionResults.h"

#include "quantcc/Analysis/FloatConstants.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Transforms/Passes.h"

namespace quantcc {
#define GEN_PASS_DEF_EXPOSEOBSERVED
#include "quantcc/Transforms/Passes.h.inc"
} // namespace quantcc

using namespace mlir;
using namespace quantcc;

namespace {
struct ExposeObserved
    : public quantcc::impl::ExposeObservedBase<ExposeObserved> {
  using ExposeObservedBase::ExposeObservedBase;
  void runOnOperation() override;
};
} // namespace

void ExposeObserved::runOnOperation() {
  func::FuncOp function = getOperation();
  if (function.isDeclaration())
    return;
  SmallVector<ObserveOp> observers(function.getOps<ObserveOp>());
  SmallVector<NamedValue> values;
  for (ObserveOp observe : observers) {
    observe.getResult().replaceAllUsesWith(observe.getInput());
    if (!isFloatConstant(observe.getInput()))
      values.push_back({observe.getInput(), observe.getName().str()});
    observe.erase();
  }
  if (failed(appendResults(function, values)))
    signalPassFailure();
}
