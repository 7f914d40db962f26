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
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Interfaces/ViewLikeInterface.h>

using namespace mlir;

namespace quantcc {

#define GEN_PASS_DEF_RESULTSTOOUTPARAMS
#include "quantcc/Codegen/Passes.h.inc"

/// The allocation that `value` covers whole, element for element in the same
/// order, through reshapes, casts and loops; null if there is none.
static memref::AllocOp findCoveredAllocation(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    // A loop that writes one buffer all along gives that buffer.
    if (auto loop = dyn_cast<scf::ForOp>(op)) {
      unsigned index = cast<OpResult>(value).getResultNumber();
      if (loop.getYieldedValues()[index] != loop.getRegionIterArg(index))
        return {};
      value = loop.getInitArgs()[index];
      continue;
    }
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

/// The argument of `function` that holds the variable `name`, or null.
static BlockArgument findVariable(func::FuncOp function, Attribute name) {
  for (BlockArgument argument : function.getArguments())
    if (function.getArgAttr(argument.getArgNumber(), kStateAttrName) == name)
      return argument;
  return {};
}

/// What `value` is a view of.
static Value findRoot(Value value) {
  while (auto view = value.getDefiningOp<ViewLikeOpInterface>())
    value = view.getViewSource();
  return value;
}

/// Stores the results that are new values of variables, when nothing reads the
/// old ones any more: last of all. A value that lies in a variable itself waits
/// in a buffer of its own until all have been read.
static LogicalResult writeBackVariables(func::FuncOp function,
                                        func::ReturnOp returnOp) {
  OpBuilder builder(returnOp);
  Location loc = returnOp.getLoc();
  SmallVector<std::pair<Value, BlockArgument>> copies;
  for (unsigned i = 0, e = function.getNumResults(); i != e; ++i) {
    Attribute name = function.getResultAttr(i, kStateAttrName);
    if (!name)
      continue;
    Value returned = returnOp.getOperand(i);
    BlockArgument variable = findVariable(function, name);
    if (!variable) {
      unsigned position = function.getNumArguments();
      if (failed(function.insertArgument(
              position, returned.getType(),
              builder.getDictionaryAttr(
                  builder.getNamedAttr(kStateAttrName, name)),
              loc)))
        return failure();
      variable = function.getArgument(position);
    }
    if (returned == variable)
      continue;
    auto root = dyn_cast<BlockArgument>(findRoot(returned));
    if (root && function.getArgAttr(root.getArgNumber(), kStateAttrName)) {
      Value waiting = memref::AllocOp::create(
          builder, loc, cast<MemRefType>(variable.getType()));
      memref::CopyOp::create(builder, loc, returned, waiting);
      returned = waiting;
    }
    copies.emplace_back(returned, variable);
  }
  for (auto [value, variable] : copies)
    memref::CopyOp::create(builder, loc, value, variable);
  return success();
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
    if (function.getResultAttr(i, kStateAttrName))
      continue;

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
  if (failed(writeBackVariables(function, returnOp)))
    return failure();
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
