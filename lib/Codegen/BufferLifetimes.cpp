//===- BufferLifetimes.cpp - When buffers are used ------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Numbers the operations of a function's body, and looks for the first and the
// last that touches a buffer under any of its names.
//
//===----------------------------------------------------------------------===//

#include "BufferLifetimes.h"

#include <llvm/Support/MathExtras.h>
#include <mlir/Interfaces/ViewLikeInterface.h>

using namespace mlir;
using namespace quantcc;

/// Bytes of a buffer of `type`; an element takes whole bytes.
static int64_t sizeInBytes(MemRefType type) {
  int64_t bits =
      type.getElementType().isIndex() ? 64 : type.getElementTypeBitWidth();
  return type.getNumElements() * llvm::divideCeil(bits, 8);
}

/// Whether `user` of a buffer may read or write it, as views do not.
static bool touchesMemory(Operation *user) {
  return !isa<ViewLikeOpInterface, memref::DeallocOp,
              memref::ExtractStridedMetadataOp>(user);
}

BufferLifetimes::BufferLifetimes(func::FuncOp function)
    : function(function), aliases(function) {
  int64_t moment = 0;
  for (Operation &op : function.front())
    moments[&op] = moment++;
}

int64_t BufferLifetimes::momentOf(Operation *op) {
  return moments.lookup(function.front().findAncestorOpInBlock(*op));
}

void BufferLifetimes::forEachTouch(
    memref::AllocOp alloc,
    llvm::function_ref<void(OpOperand &, int64_t)> touch) {
  for (Value alias : aliases.resolve(alloc))
    for (OpOperand &use : alias.getUses())
      if (touchesMemory(use.getOwner()))
        touch(use, momentOf(use.getOwner()));
}

BufferRequest BufferLifetimes::makeRequest(memref::AllocOp alloc) {
  BufferRequest request;
  request.size = sizeInBytes(alloc.getType());
  request.alignment =
      std::max<int64_t>(alloc.getAlignment().value_or(1), kArenaAlignment);
  bool used = false;
  forEachTouch(alloc, [&](OpOperand &, int64_t moment) {
    request.firstUse = used ? std::min(request.firstUse, moment) : moment;
    request.lastUse = used ? std::max(request.lastUse, moment) : moment;
    used = true;
  });
  return request;
}
