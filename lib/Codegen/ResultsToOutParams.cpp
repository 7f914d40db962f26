//===- ResultsToOutParams.cpp - Return buffers through arguments ----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Turns the results of public functions into arguments that the caller
// provides, writing to them directly where that is possible.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/ModelInterface.h"
#include "quantcc/Codegen/Passes.h"

#include <mlir/Dialect/MemRef/IR/MemRef.h>

using namespace mlir;

namespace quantcc {

#define GEN_PASS_DEF_RESULTSTOOUTPARAMS
#include "quantcc/Codegen/Passes.h.inc"

/// The allocation that `value` covers whole, element for element in the same
/// order, through reshapes and casts; null if there is none.
static memref::AllocOp findCoveredAllocation(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (auto alloc = dyn_cast<memref::AllocOp>(op))
      return alloc.getType().hasStaticShape() &&
                     alloc.getType().getLayout().isIdentity()
                 ? alloc
                 : memref::AllocOp();
    if (!isa<memref::ExpandShapeOp, memref::CollapseShapeOp, memref::CastOp>(
            op))
      return {};
    value = op->getOperand(0);
    auto source = dyn_cast<MemRefType>(value.getType());
    if (!source || !source.hasStaticShape() || !source.getLayout().isIdentity())
      return {};
  }
  return {};
}

/// Replaces `alloc` by the memory of `argument`, which has as many elements.
static void replaceAllocation(memref::AllocOp alloc, BlockArgument argument) {
  OpBuilder builder(argument.getOwner(), argument.getOwner()->begin());
  Value memory = argument;
  if (alloc.getType() != argument.getType())
    memory = memref::ReinterpretCastOp::create(
        builder, alloc.getLoc(), alloc.getType(), argument, /*offset=*/0,
        alloc.getType().getShape(),
        cast<MemRefType>(alloc.getType()).getStridesAndOffset().first);
  alloc.replaceAllUsesWith(memory);
  alloc.erase();
}

static LogicalResult rewriteResults(func::FuncOp function) {
  if (function.getNumResults() == 0)
    return success();
  if (!function.getBody().hasOneBlock())
    return function.emitOpError("expected one block, found ")
           << function.getBody().getBlocks().size();
  auto returnOp = cast<func::ReturnOp>(function.front().getTerminator());

  for (unsigned i = 0, e = function.getNumResults(); i != e; ++i) {
    auto type = dyn_cast<MemRefType>(function.getResultTypes()[i]);
    if (!type || !type.hasStaticShape() || !type.getLayout().isIdentity())
      return function.emitOpError("result ")
             << i << " expected to be a buffer of static shape, found "
             << function.getResultTypes()[i];

    NamedAttrList attributes(function.getResultAttrDict(i));
    attributes.set(kOutputAttrName, UnitAttr::get(function.getContext()));
    unsigned position = function.getNumArguments();
    if (failed(function.insertArgument(
            position, type, attributes.getDictionary(function.getContext()),
            returnOp.getLoc())))
      return failure();
    BlockArgument argument = function.getArgument(position);

    Value returned = returnOp.getOperand(i);
    if (memref::AllocOp alloc = findCoveredAllocation(returned)) {
      replaceAllocation(alloc, argument);
    } else {
      OpBuilder builder(returnOp);
      memref::CopyOp::create(builder, returnOp.getLoc(), returned, argument);
    }
  }
  returnOp.getOperandsMutable().clear();
  BitVector all(function.getNumResults(), true);
  return function.eraseResults(all);
}

namespace {

struct ResultsToOutParams : impl::ResultsToOutParamsBase<ResultsToOutParams> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (function.isPublic() && !function.isExternal() &&
          failed(rewriteResults(function)))
        return signalPassFailure();
  }
};

} // namespace
} // namespace quantcc
