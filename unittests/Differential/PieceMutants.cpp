//===- PieceMutants.cpp - Mistakes in the pieces of layers ----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pieces that are lost, or are another part of their layer. Those that write
// what others write give the right bytes in any order that one thread can run
// them in; quantcc-parallelize refuses them, and tests of threaded objects look
// for them.
//
//===----------------------------------------------------------------------===//

#include "MutationRules.h"

#include "quantcc/Codegen/ModelInterface.h"

#include <mlir/Dialect/Affine/IR/AffineOps.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/SCF/IR/SCF.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

static bool loseLast(scf::ForallOp pieces) {
  int64_t count = pieces.getStaticUpperBound().front();
  pieces.setStaticUpperBound({count - 1});
  return true;
}

/// Makes the number of the piece `number` for all.
static Mutation onNumber(int64_t number) {
  return onEach<func::FuncOp>([number](func::FuncOp function) {
    if (!function->hasAttr(kPieceAttrName) || function.isExternal())
      return false;
    Value last = function.getArguments().back();
    last.replaceAllUsesWith(
        createConstant(&function.front().front(), last, number));
    return true;
  });
}

/// Moves all pieces but the first by one place back.
static bool moveBack(affine::AffineApplyOp op) {
  auto function = op->getParentOfType<func::FuncOp>();
  if (!function->hasAttr(kPieceAttrName) || op.getNumOperands() != 1 ||
      op.getOperand(0) != function.getArguments().back())
    return false;
  AffineExpr number = getAffineDimExpr(0, op.getContext());
  AffineMap map = op.getAffineMap();
  if (map.getNumDims() != 1)
    return false;
  AffineExpr offset = map.getResult(0);
  op.setMap(AffineMap::get(1, 0, offset - number));
  return true;
}

std::vector<Mutant> quantcc::differential::pieceMutants() {
  return {
      {"last piece of a layer lost",
       {},
       {},
       {},
       onEach<scf::ForallOp>(loseLast)},
      {"first piece of a layer in place of all", {}, {}, {}, onNumber(0)},
      {"second piece of a layer in place of all", {}, {}, {}, onNumber(1)},
      {"pieces of a layer one place back",
       {},
       {},
       {},
       onEach<affine::AffineApplyOp>(moveBack)},
  };
}
