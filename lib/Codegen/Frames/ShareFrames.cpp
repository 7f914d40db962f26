//===- ShareFrames.cpp - Write results over operands ----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Gives the result of an elementwise layer, and its halo, the memory of an
// operand that nothing reads afterwards.
//
//===----------------------------------------------------------------------===//

#include "BufferLifetimes.h"
#include "FrameAccesses.h"
#include "Remarks.h"

#include "quantcc/Codegen/ModelInterface.h"
#include "quantcc/Codegen/Passes.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <mlir/Dialect/Linalg/IR/Linalg.h>

using namespace mlir;

namespace quantcc {

#define GEN_PASS_DEF_SHAREFRAMES
#include "quantcc/Codegen/Passes.h.inc"

namespace {

/// A frame, and the part of it that is the value in question.
struct Place {
  memref::AllocOp frame;
  Box box;
  SmallVector<FrameAccess> accesses;
  /// Where the frame begins in the one that both share.
  SmallVector<int64_t> shift;

  ArrayRef<int64_t> shape() { return frame.getType().getShape(); }
  Box inShared(const Box &part) const { return part.shifted(shift); }
};

/// A layer whose result may be written over an operand.
class Sharing {
public:
  Sharing(DestinationStyleOpInterface layer, OpOperand &operand)
      : layer(layer), operand(operand) {}

  /// Why the result cannot take the operand's memory; empty if it can.
  std::string match();
  /// Whether the arena stays as small as it is, or gets smaller.
  bool saves(func::FuncOp function);
  void apply();

private:
  std::string locate(Value buffer, Place &place);
  std::string findLaterUse();
  std::string findEarlierUse();
  void overlay();
  Attribute haloValue();
  void fillHalo(OpBuilder &builder, Value shared);
  bool isBefore(Operation *op);
  bool isLayer(Operation *op) { return op == layer.getOperation(); }

  DestinationStyleOpInterface layer;
  OpOperand &operand;
  Place source, result;
  SmallVector<int64_t> shape;
};

struct ShareFrames : impl::ShareFramesBase<ShareFrames> {
  void runOnOperation() override;
};

} // namespace

/// The operands of `op` of which it reads exactly what it writes to the same
/// place of its only result, which it does not read.
static SmallVector<OpOperand *> findOverwritable(Operation *op) {
  SmallVector<OpOperand *> found;
  auto isAlike = [&](Value input, Value init) {
    auto from = cast<ShapedType>(input.getType());
    auto to = cast<ShapedType>(init.getType());
    return from.getElementType() == to.getElementType() &&
           from.getShape() == to.getShape();
  };
  if (auto add = dyn_cast<FusedAddOp>(op)) {
    found = {&add.getLhsMutable(), &add.getRhsMutable()};
    return found;
  }
  auto generic = dyn_cast<linalg::GenericOp>(op);
  if (!generic || generic.getNumDpsInits() != 1 ||
      generic.getNumParallelLoops() != generic.getNumLoops() ||
      !generic.hasPureBufferSemantics())
    return found;
  OpOperand &init = generic.getDpsInitsMutable()[0];
  if (!generic.getMatchingIndexingMap(&init).isIdentity() ||
      generic.payloadUsesValueFromOperand(&init))
    return found;
  for (OpOperand *input : generic.getDpsInputOperands())
    if (isa<MemRefType>(input->get().getType()) &&
        isAlike(input->get(), init.get()) &&
        generic.getMatchingIndexingMap(input).isIdentity())
      found.push_back(input);
  return found;
}

bool Sharing::isBefore(Operation *op) {
  Operation *ancestor = layer->getBlock()->findAncestorOpInBlock(*op);
  return ancestor && ancestor->isBeforeInBlock(layer);
}

std::string Sharing::locate(Value buffer, Place &place) {
  place.frame = findFrame(buffer, place.box);
  if (!place.frame || place.frame->getBlock() != layer->getBlock())
    return "is no part of a buffer of the model's own";
  auto accesses = findAccesses(place.frame);
  if (!accesses)
    return "is read in another shape as well";
  place.accesses = std::move(*accesses);
  return "";
}

/// What reads or writes the operand's frame at or after the layer.
std::string Sharing::findLaterUse() {
  SmallVector<OpOperand *> overwritable = findOverwritable(layer);
  for (const FrameAccess &access : source.accesses) {
    Operation *user = access.use->getOwner();
    if (isBefore(user))
      continue;
    if (!isLayer(user))
      return "is used by '" + findTensorName(user->getLoc()).str() +
             "' afterwards";
    if (!llvm::is_contained(overwritable, access.use) ||
        !(access.box == source.box))
      return "is read at other places as well";
  }
  return "";
}

/// What uses the result's frame before the layer, but for filling its halo.
std::string Sharing::findEarlierUse() {
  for (const FrameAccess &access : result.accesses) {
    Operation *user = access.use->getOwner();
    if (isLayer(user) && access.reads)
      return "is read by the layer that makes it";
    if (isLayer(user) || !isBefore(user))
      continue;
    auto fill = dyn_cast<linalg::FillOp>(user);
    bool isHalo =
        fill && fill->getBlock() == layer->getBlock() &&
        (access.box.contains(result.box) || !access.box.overlaps(result.box));
    if (!isHalo)
      return "shares its frame with what is there before";
  }
  return "";
}

/// The frame that has room for both, each value at the same place.
void Sharing::overlay() {
  shape.clear();
  source.shift.clear();
  result.shift.clear();
  for (size_t dim = 0; dim != source.box.sizes.size(); ++dim) {
    int64_t from = source.box.offsets[dim], to = result.box.offsets[dim];
    source.shift.push_back(std::max<int64_t>(0, to - from));
    result.shift.push_back(std::max<int64_t>(0, from - to));
    shape.push_back(std::max(source.shift[dim] + source.shape()[dim],
                             result.shift[dim] + result.shape()[dim]));
  }
}

std::string Sharing::match() {
  std::string reason = locate(operand.get(), source);
  if (!reason.empty())
    return "its operand " + reason;
  reason = locate(layer.getDpsInitOperand(0)->get(), result);
  if (!reason.empty())
    return "it " + reason;
  if (source.frame == result.frame)
    return "it does so already";
  reason = findLaterUse();
  if (!reason.empty())
    return "its operand " + reason;
  reason = findEarlierUse();
  if (!reason.empty())
    return "it " + reason;
  if (source.shape().empty())
    return "its operand is a scalar";
  overlay();
  // What follows each other in memory for kernels.
  if (shape.back() != source.shape().back() ||
      shape.back() != result.shape().back())
    return "the frames of operand and result have other channels";
  return "";
}

/// Bytes of an arena for `requests`; nothing if there is no plan.
static std::optional<int64_t> planBytes(ArrayRef<BufferRequest> requests) {
  llvm::Expected<MemoryPlan> plan = createBestFitPlanner()->plan(requests);
  if (!plan) {
    llvm::consumeError(plan.takeError());
    return std::nullopt;
  }
  return plan->regionSizes.empty() ? 0 : plan->regionSizes.front();
}

bool Sharing::saves(func::FuncOp function) {
  BufferLifetimes lifetimes(function);
  SmallVector<BufferRequest> before;
  BufferRequest both;
  auto isShared = [&](memref::AllocOp alloc) {
    return alloc == source.frame || alloc == result.frame;
  };
  for (auto alloc : function.front().getOps<memref::AllocOp>())
    if (!isShared(alloc))
      before.push_back(lifetimes.makeRequest(alloc));
  SmallVector<BufferRequest> after = before;
  BufferRequest from = lifetimes.makeRequest(source.frame);
  BufferRequest to = lifetimes.makeRequest(result.frame);
  before.append({from, to});
  from.size = from.size / source.frame.getType().getNumElements() *
              Box::whole(shape).numElements();
  from.lastUse = std::max(from.lastUse, to.lastUse);
  after.push_back(from);
  std::optional<int64_t> apart = planBytes(before), together = planBytes(after);
  return apart && together && *together <= *apart;
}

/// The fills of `place`'s frame before its value is there, in their order.
static SmallVector<linalg::FillOp> fillsOf(const Place &place) {
  SmallVector<linalg::FillOp> fills;
  for (const FrameAccess &access : place.accesses)
    if (auto fill = dyn_cast<linalg::FillOp>(access.use->getOwner()))
      fills.push_back(fill);
  llvm::sort(fills, [](linalg::FillOp a, linalg::FillOp b) {
    return a->isBeforeInBlock(b);
  });
  return fills;
}

/// What `fill` fills beside the value in `place`.
static SmallVector<Box> haloOf(linalg::FillOp fill, const Place &place) {
  Box box;
  findFrame(fill.getOutputs().front(), box);
  if (box.contains(place.box))
    return findHalo(box, place.box);
  return {box};
}

static Attribute valueOf(linalg::FillOp fill) {
  Attribute value;
  matchPattern(fill.getInputs().front(), m_Constant(&value));
  return value;
}

/// What all of the operand's halo holds; null if that is not known.
Attribute Sharing::haloValue() {
  Attribute value;
  SmallVector<Box> filled;
  for (const FrameAccess &access : source.accesses)
    if (access.writes && !isa<linalg::FillOp>(access.use->getOwner()) &&
        !source.box.contains(access.box))
      return {};
  for (linalg::FillOp fill : fillsOf(source)) {
    if (fill->getBlock() != layer->getBlock() || !isBefore(fill) ||
        (value && valueOf(fill) != value))
      return {};
    value = valueOf(fill);
    for (const Box &part : haloOf(fill, source)) {
      if (part.overlaps(source.box) ||
          llvm::any_of(filled, [&](auto &box) { return box.overlaps(part); }))
        return {};
      filled.push_back(part);
    }
  }
  int64_t elements = source.box.numElements();
  for (const Box &part : filled)
    elements += part.numElements();
  return elements == source.frame.getType().getNumElements() ? value
                                                             : Attribute();
}

/// Fills the result's halo where the operand's has something else, once that is
/// not needed any more.
void Sharing::fillHalo(OpBuilder &builder, Value shared) {
  Attribute known = haloValue();
  Box frame = source.inShared(Box::whole(source.shape()));
  SmallVector<OpFoldResult> ones(shape.size(), builder.getIndexAttr(1));
  for (linalg::FillOp fill : fillsOf(result)) {
    builder.setInsertionPoint(layer);
    for (const Box &part : haloOf(fill, result)) {
      Box box = result.inShared(part);
      if (known && known == valueOf(fill) && frame.contains(box))
        continue;
      Value halo = memref::SubViewOp::create(
          builder, fill.getLoc(), shared,
          getAsIndexOpFoldResult(builder.getContext(), box.offsets),
          getAsIndexOpFoldResult(builder.getContext(), box.sizes), ones);
      linalg::FillOp::create(builder, fill.getLoc(), fill.getInputs(), halo);
    }
    fill.erase();
  }
}

void Sharing::apply() {
  OpBuilder builder(source.frame);
  Location loc = source.frame.getLoc();
  MemRefType type =
      MemRefType::get(shape, source.frame.getType().getElementType());
  Value shared = memref::AllocOp::create(builder, loc, type,
                                         source.frame.getAlignmentAttr());
  SmallVector<Value> parts;
  for (Place *place : {&source, &result}) {
    if (place->shape() == ArrayRef(shape)) {
      parts.push_back(shared);
      continue;
    }
    SmallVector<OpFoldResult> ones(shape.size(), builder.getIndexAttr(1));
    parts.push_back(memref::SubViewOp::create(
        builder, place->frame.getLoc(), shared,
        getAsIndexOpFoldResult(builder.getContext(), place->shift),
        getAsIndexOpFoldResult(builder.getContext(), place->shape()), ones));
  }
  fillHalo(builder, shared);
  replaceFrame(builder, source.frame, parts.front());
  replaceFrame(builder, result.frame, parts.back());
  source.frame.erase();
  result.frame.erase();
}

/// Writes the result of `layer` over an operand, if there is one that allows
/// it: the oldest, as what was made for this layer alone may be made in strips.
static void share(func::FuncOp function, Operation *layer) {
  SmallVector<OpOperand *> operands = findOverwritable(layer);
  if (operands.empty())
    return;
  BufferLifetimes lifetimes(function);
  auto ageOf = [&](OpOperand *operand) {
    Box box;
    memref::AllocOp frame = findFrame(operand->get(), box);
    return std::pair(frame ? lifetimes.makeRequest(frame).firstUse : 0,
                     operand->getOperandNumber());
  };
  llvm::sort(operands,
             [&](OpOperand *a, OpOperand *b) { return ageOf(a) < ageOf(b); });
  std::string missed;
  for (OpOperand *operand : operands) {
    Sharing sharing(cast<DestinationStyleOpInterface>(layer), *operand);
    std::string reason = sharing.match();
    if (reason.empty() && !sharing.saves(function))
      reason = "the arena would grow";
    if (reason.empty()) {
      remarkPassed(layer->getLoc(), "share-frames")
          << "writes its result over its operand " +
                 std::to_string(operand->getOperandNumber());
      return sharing.apply();
    }
    if (!missed.empty())
      missed += "; ";
    missed += "not over operand " +
              std::to_string(operand->getOperandNumber()) + ": " + reason;
  }
  remarkMissed(layer->getLoc(), "share-frames")
      << "has memory of its own: " + missed;
}

void ShareFrames::runOnOperation() {
  func::FuncOp function = getOperation();
  if (function.isExternal() || !function.getBody().hasOneBlock())
    return;
  // Sharing erases views, which may be what follows a layer.
  SmallVector<Operation *> layers;
  for (Operation &op : function.front())
    if (!findOverwritable(&op).empty())
      layers.push_back(&op);
  for (Operation *layer : layers)
    share(function, layer);
}

} // namespace quantcc
