//===- ExposeValues.cpp - Return each layer's result ----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Makes the results of network ops results of the function.
//
//===----------------------------------------------------------------------===//

#include "FunctionResults.h"

#include "quantcc/Analysis/ValueNames.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Transforms/Passes.h"

namespace quantcc {
#define GEN_PASS_DEF_EXPOSEVALUES
#include "quantcc/Transforms/Passes.h.inc"
} // namespace quantcc

using namespace mlir;
using namespace quantcc;

namespace {
struct ExposeValues : public quantcc::impl::ExposeValuesBase<ExposeValues> {
  using ExposeValuesBase::ExposeValuesBase;
  void runOnOperation() override;
};
} // namespace

/// Whether `op` is a layer of the network, in whatever form.
static bool isNetworkOp(Operation &op) {
  return isa<QuantizableOpInterface, LookupOp, LeakyReluOp, GateOp,
             FloatIslandOp>(op) ||
         isRecurrentOp(&op);
}

/// The value that stands for `value` in the stage at hand: what fake
/// quantization leaves of it, where it has any.
static Value getVisibleValue(Value value) {
  for (Operation *user : value.getUsers())
    if (auto fake = dyn_cast<FakeQuantizeOp>(user))
      return fake.getResult();
  return value;
}

void ExposeValues::runOnOperation() {
  func::FuncOp function = getOperation();
  if (function.isDeclaration())
    return;
  ValueNames names(function);
  SmallVector<NamedValue> values;
  for (Operation &op : function.getOps()) {
    if (!isNetworkOp(op))
      continue;
    for (Value result : op.getResults())
      values.push_back({getVisibleValue(result), names.lookup(result).str()});
  }
  if (failed(appendResults(function, values)))
    signalPassFailure();
}
