//===- BufferAccesses.cpp - How often a buffer is read and written --------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Follows the uses of a buffer through views and calls.
//
//===----------------------------------------------------------------------===//

#include "BufferAccesses.h"
#include "quantcc/Codegen/ModelInterface.h"

#include <llvm/Support/MathExtras.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>
#include <mlir/Interfaces/LoopLikeInterface.h>
#include <mlir/Interfaces/SideEffectInterfaces.h>
#include <mlir/Interfaces/ViewLikeInterface.h>

using namespace mlir;

/// Sums and products beyond this are equally hot.
static constexpr int64_t kMost = int64_t(1) << 62;

static int64_t multiply(int64_t a, int64_t b) {
  int64_t product;
  return llvm::MulOverflow(a, b, product) ? kMost : std::min(product, kMost);
}

/// How often `op` runs in one run of its function.
static int64_t countRuns(Operation *op) {
  int64_t runs = 1;
  for (Operation *parent = op->getParentOp();
       parent && !isa<func::FuncOp>(parent); parent = parent->getParentOp())
    if (auto loop = dyn_cast<LoopLikeOpInterface>(parent))
      if (std::optional<llvm::APInt> trips = loop.getStaticTripCount())
        runs = multiply(runs, trips->getLimitedValue(kMost));
  return runs;
}

static int64_t bytesOf(Type type) {
  if (auto shaped = dyn_cast<ShapedType>(type)) {
    if (!shaped.hasStaticShape())
      return 1;
    return multiply(shaped.getNumElements(), bytesOf(shaped.getElementType()));
  }
  return type.isIntOrFloat() ? llvm::divideCeil(type.getIntOrFloatBitWidth(), 8)
                             : 8;
}

/// The bytes that one run of `user` touches of `use`'s buffer.
static int64_t bytesTouched(OpOperand &use) {
  Operation *user = use.getOwner();
  if (isa<memref::LoadOp, vector::LoadOp, vector::TransferReadOp,
          vector::MaskedLoadOp>(user))
    return bytesOf(user->getResult(0).getType());
  if (auto store = dyn_cast<memref::StoreOp>(user))
    return bytesOf(store.getValue().getType());
  if (auto store = dyn_cast<vector::StoreOp>(user))
    return bytesOf(store.getValueToStore().getType());
  if (auto store = dyn_cast<vector::TransferWriteOp>(user))
    return bytesOf(store.getVector().getType());
  if (auto store = dyn_cast<vector::MaskedStoreOp>(user))
    return bytesOf(store.getValueToStore().getType());
  return bytesOf(use.get().getType());
}

int64_t quantcc::countAccessedBytes(Value buffer) {
  int64_t bytes = 0;
  for (OpOperand &use : buffer.getUses()) {
    Operation *user = use.getOwner();
    int64_t share;
    if (isa<memref::DeallocOp, memref::ExtractStridedMetadataOp>(user))
      continue;
    if (isa<ViewLikeOpInterface>(user)) {
      share = countAccessedBytes(user->getResult(0));
    } else {
      int64_t touched = bytesTouched(use);
      if (auto call = dyn_cast<func::CallOp>(user)) {
        auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
            call, call.getCalleeAttr());
        if (callee && !callee.isExternal())
          touched =
              countAccessedBytes(callee.getArgument(use.getOperandNumber()));
      }
      share = multiply(countRuns(user), touched);
    }
    bytes = std::min(bytes + share, kMost);
  }
  return bytes;
}

bool quantcc::writesBuffer(OpOperand &use) {
  Operation *user = use.getOwner();
  auto isWritten = [](Value value) {
    return llvm::any_of(value.getUses(), writesBuffer);
  };
  if (isa<ViewLikeOpInterface>(user))
    return isWritten(user->getResult(0));
  if (auto call = dyn_cast<func::CallOp>(user)) {
    auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
        call, call.getCalleeAttr());
    unsigned position = use.getOperandNumber();
    return !callee || callee.isExternal() ||
           callee.getArgAttr(position, kOutputAttrName) ||
           isWritten(callee.getArgument(position));
  }
  auto effects = dyn_cast<MemoryEffectOpInterface>(user);
  return effects &&
         effects.getEffectOnValue<MemoryEffects::Write>(use.get()).has_value();
}
