//===- PackState.cpp - One block of memory for all variables --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Places the variables of a stateful model in one block that the caller gives.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/MemoryPlanner.h"
#include "quantcc/Codegen/ModelInterface.h"
#include "quantcc/Codegen/Passes.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>

using namespace mlir;

namespace quantcc {

#define GEN_PASS_DEF_PACKSTATE
#include "quantcc/Codegen/Passes.h.inc"

/// Replaces the arguments of `function` that are variables by views of one new
/// argument, which comes last. They are in the same order in every function, so
/// that all agree on the offsets.
static LogicalResult packState(func::FuncOp function) {
  BitVector packed(function.getNumArguments());
  SmallVector<int64_t> offsets;
  int64_t bytes = 0;
  for (BlockArgument argument : function.getArguments()) {
    if (!function.getArgAttr(argument.getArgNumber(), kStateAttrName))
      continue;
    auto type = dyn_cast<MemRefType>(argument.getType());
    if (!type || !type.hasStaticShape() || !type.getLayout().isIdentity())
      return function.emitOpError("argument ")
             << argument.getArgNumber()
             << " expected to be a buffer of static shape, found "
             << argument.getType();
    packed.set(argument.getArgNumber());
    offsets.push_back(bytes);
    int64_t size = type.getNumElements() *
                   llvm::divideCeil(type.getElementTypeBitWidth(), 8);
    bytes = llvm::alignTo(bytes + size, kArenaAlignment);
  }
  if (packed.none())
    return success();
  Builder attributes(function.getContext());
  unsigned position = function.getNumArguments();
  if (failed(function.insertArgument(
          position, MemRefType::get({bytes}, attributes.getI8Type()),
          attributes.getDictionaryAttr(attributes.getNamedAttr(
              kStateBlockAttrName, attributes.getUnitAttr())),
          function.getLoc())))
    return failure();
  OpBuilder builder(&function.front(), function.front().begin());
  for (auto [index, offset] : llvm::zip_equal(packed.set_bits(), offsets)) {
    BlockArgument argument = function.getArgument(index);
    Value at =
        arith::ConstantIndexOp::create(builder, argument.getLoc(), offset);
    Value view = memref::ViewOp::create(
        builder, argument.getLoc(), cast<MemRefType>(argument.getType()),
        function.getArgument(position), at, /*sizes=*/ValueRange());
    argument.replaceAllUsesWith(view);
  }
  function->setAttr(kStateBytesAttrName, attributes.getI64IntegerAttr(bytes));
  function->setAttr(kStateAlignmentAttrName,
                    attributes.getI64IntegerAttr(kArenaAlignment));
  packed.resize(function.getNumArguments());
  return function.eraseArguments(packed);
}

namespace {

struct PackState : impl::PackStateBase<PackState> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (function.isPublic() && !function.isExternal() &&
          failed(packState(function)))
        return signalPassFailure();
  }
};

} // namespace
} // namespace quantcc
