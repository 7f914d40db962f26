//===- FoldEdgeCasts.cpp - A function of stored values --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Leaves the casts between a function's f32 arguments or results and its
// quantized inside to the function's callers.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Transforms/Passes.h"

#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/Quant/IR/Quant.h>

namespace quantcc {
#define GEN_PASS_DEF_FOLDEDGECASTS
#include "quantcc/Transforms/Passes.h.inc"
} // namespace quantcc

using namespace mlir;
using namespace quantcc;

/// Gives `argument` the one quantized type that all of its uses cast it to.
static void quantizeArgument(BlockArgument argument) {
  Type type;
  for (Operation *user : argument.getUsers()) {
    auto cast = dyn_cast<quant::QuantizeCastOp>(user);
    if (!cast || (type && cast.getType() != type))
      return;
    type = cast.getType();
  }
  if (!type)
    return;
  argument.setType(type);
  for (Operation *user : llvm::make_early_inc_range(argument.getUsers())) {
    user->getResult(0).replaceAllUsesWith(argument);
    user->erase();
  }
}

namespace {

struct FoldEdgeCasts : quantcc::impl::FoldEdgeCastsBase<FoldEdgeCasts> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal() || !function.getBody().hasOneBlock())
      return;
    Block &body = function.front();
    for (BlockArgument argument : body.getArguments())
      quantizeArgument(argument);
    Operation *terminator = body.getTerminator();
    for (OpOperand &result : terminator->getOpOperands())
      if (auto cast = result.get().getDefiningOp<quant::DequantizeCastOp>()) {
        result.set(cast.getInput());
        if (cast->use_empty())
          cast.erase();
      }
    function.setFunctionType(FunctionType::get(
        &getContext(), body.getArgumentTypes(), terminator->getOperandTypes()));
  }
};

} // namespace
