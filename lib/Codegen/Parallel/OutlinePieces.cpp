//===- OutlinePieces.cpp - Make a function of the pieces of each layer ----===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Moves the body of each forall to a function of the model's arguments.
//
//===----------------------------------------------------------------------===//

#include "Pieces/PieceAccesses.h"

#include "quantcc/Codegen/ModelInterface.h"
#include "quantcc/Codegen/Passes.h"

#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Interfaces/SideEffectInterfaces.h>
#include <mlir/Transforms/RegionUtils.h>

using namespace mlir;

namespace quantcc {

#define GEN_PASS_DEF_OUTLINEPIECES
#include "quantcc/Codegen/Passes.h.inc"

/// Makes `value`, which is defined outside of pieces, again at `builder`, of
/// what `mapping` has.
static LogicalResult makeAgain(Value value, OpBuilder &builder,
                               IRMapping &mapping) {
  if (mapping.contains(value))
    return success();
  Operation *op = value.getDefiningOp();
  if (!op || !isMemoryEffectFree(op) || op->getNumRegions() != 0)
    return failure();
  for (Value operand : op->getOperands())
    if (failed(makeAgain(operand, builder, mapping)))
      return failure();
  builder.clone(*op, mapping);
  return success();
}

/// The function for the body of `pieces`; null after an error.
static func::FuncOp outline(scf::ForallOp pieces, func::FuncOp entry) {
  Location loc = pieces.getLoc();
  OpBuilder builder(entry.getContext());
  SmallVector<Type> types(entry.getArgumentTypes());
  types.push_back(builder.getIndexType());
  auto function =
      func::FuncOp::create(builder, loc, (entry.getName() + "_piece").str(),
                           builder.getFunctionType(types, {}));
  function.setPrivate();
  function->setAttr(kPieceAttrName, builder.getUnitAttr());
  function->setAttr(
      "llvm.linkage",
      LLVM::LinkageAttr::get(entry.getContext(), LLVM::Linkage::Internal));
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToStart(body);
  IRMapping mapping;
  mapping.map(entry.getArguments(), body->getArguments().drop_back());
  mapping.map(pieces.getInductionVars().front(), body->getArguments().back());

  llvm::SetVector<Value> captured;
  getUsedValuesDefinedAbove(pieces.getRegion(), captured);
  for (Value value : captured)
    if (failed(makeAgain(value, builder, mapping))) {
      pieces.emitOpError("expected pieces that take from outside only what "
                         "follows from the function's arguments (C98)");
      function.erase();
      return {};
    }
  for (Operation &op : pieces.getBody()->without_terminator())
    builder.clone(op, mapping);
  func::ReturnOp::create(builder, loc);
  return function;
}

/// Leaves nothing in the body of `pieces` but a call of `function`.
static void callOutlined(scf::ForallOp pieces, func::FuncOp function,
                         func::FuncOp entry) {
  Block *body = pieces.getBody();
  while (&body->front() != body->getTerminator())
    std::prev(Block::iterator(body->getTerminator()))->erase();
  OpBuilder builder(body->getTerminator());
  SmallVector<Value> operands(entry.getArguments());
  operands.push_back(pieces.getInductionVars().front());
  func::CallOp::create(builder, pieces.getLoc(), function, operands);
}

namespace {

struct OutlinePieces : impl::OutlinePiecesBase<OutlinePieces> {
  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    SmallVector<func::FuncOp> entries;
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (function.isPublic() && !function.isExternal())
        entries.push_back(function);
    for (func::FuncOp entry : entries) {
      SmallVector<scf::ForallOp> layers;
      entry.walk([&](scf::ForallOp pieces) { layers.push_back(pieces); });
      for (scf::ForallOp pieces : layers) {
        if (!countPieces(pieces)) {
          pieces.emitOpError("expected one index from 0 to a constant, and no "
                             "results (C99)");
          return signalPassFailure();
        }
        func::FuncOp function = outline(pieces, entry);
        if (!function)
          return signalPassFailure();
        symbols.insert(function);
        callOutlined(pieces, function, entry);
      }
    }
  }
};

} // namespace
} // namespace quantcc
