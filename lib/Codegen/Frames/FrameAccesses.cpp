//===- FrameAccesses.cpp - What touches a frame, and where ----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Boxes of accesses, by the offsets and sizes of subviews.
//
//===----------------------------------------------------------------------===//

#include "FrameAccesses.h"

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Interfaces/SideEffectInterfaces.h>

using namespace mlir;
using namespace quantcc;

/// Whether `view` selects a box of its source, and keeps all dimensions.
static bool isPlain(memref::SubViewOp view) {
  return view.hasUnitStride() && view.getDroppedDims().none();
}

/// The box of the source that a plain `view` selects, if its place is known.
static std::optional<Box> boxOf(memref::SubViewOp view) {
  if (ShapedType::isDynamicShape(view.getStaticOffsets()) ||
      ShapedType::isDynamicShape(view.getStaticSizes()))
    return std::nullopt;
  return Box{llvm::to_vector(view.getStaticOffsets()),
             llvm::to_vector(view.getStaticSizes())};
}

/// Whether `op` takes buffers of any strides.
static bool takesViews(Operation *op) {
  return isa<FusedConv2DOp, FusedAddOp, linalg::LinalgOp, memref::CopyOp,
             memref::LoadOp, memref::StoreOp>(op);
}

/// Appends the accesses through `buffer`, which is `box` of the frame, or lies
/// in it if not `isExact`.
static bool collect(Value buffer, const Box &box, bool isExact,
                    SmallVectorImpl<FrameAccess> &accesses) {
  for (OpOperand &use : buffer.getUses()) {
    Operation *user = use.getOwner();
    if (auto view = dyn_cast<memref::SubViewOp>(user)) {
      if (!isPlain(view))
        return false;
      std::optional<Box> part = isExact ? boxOf(view) : std::nullopt;
      if (!collect(view, part ? part->shifted(box.offsets) : box,
                   part.has_value(), accesses))
        return false;
      continue;
    }
    if (auto copy = dyn_cast<memref::CopyOp>(user))
      if (copy.getSource() == copy.getTarget())
        continue;
    auto effects = dyn_cast<MemoryEffectOpInterface>(user);
    if (!takesViews(user) || !effects)
      return false;
    accesses.push_back(
        {&use, box,
         effects.getEffectOnValue<MemoryEffects::Read>(buffer).has_value(),
         effects.getEffectOnValue<MemoryEffects::Write>(buffer).has_value()});
  }
  return true;
}

std::optional<SmallVector<FrameAccess>>
quantcc::findAccesses(memref::AllocOp frame) {
  SmallVector<FrameAccess> accesses;
  MemRefType type = frame.getType();
  if (!type.hasStaticShape() || !type.getLayout().isIdentity() ||
      !collect(frame, Box::whole(type.getShape()), /*isExact=*/true, accesses))
    return std::nullopt;
  return accesses;
}

memref::AllocOp quantcc::findFrame(Value buffer, Box &box) {
  if (auto alloc = buffer.getDefiningOp<memref::AllocOp>()) {
    box = Box::whole(alloc.getType().getShape());
    return alloc;
  }
  auto view = buffer.getDefiningOp<memref::SubViewOp>();
  std::optional<Box> part;
  if (view && isPlain(view))
    part = boxOf(view);
  if (!part)
    return {};
  memref::AllocOp frame = findFrame(view.getSource(), box);
  box = frame ? part->shifted(box.offsets) : box;
  return frame;
}

void quantcc::replaceFrame(OpBuilder &builder, Value frame, Value part) {
  for (OpOperand &use : llvm::make_early_inc_range(frame.getUses())) {
    auto view = dyn_cast<memref::SubViewOp>(use.getOwner());
    if (!view) {
      use.set(part);
      continue;
    }
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(view);
    Value inner = memref::SubViewOp::create(
        builder, view.getLoc(), part, view.getMixedOffsets(),
        view.getMixedSizes(), view.getMixedStrides());
    replaceFrame(builder, view, inner);
    view.erase();
  }
}
