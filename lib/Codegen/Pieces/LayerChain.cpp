//===- LayerChain.cpp - Layers that are cut together ----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds chains of layers, and emits parts of them.
//
//===----------------------------------------------------------------------===//

#include "LayerChain.h"

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Interfaces/ViewLikeInterface.h>

using namespace mlir;
using namespace quantcc;

/// Whether `op` computes each row of its result from the row of `input` at the
/// same place.
static bool readsRowForRow(Operation *op, Value input) {
  if (isa<FusedAddOp>(op))
    return true;
  if (auto conv = dyn_cast<FusedConv2DOp>(op))
    return conv.getKernelHeight() == 1 && conv.getKernelWidth() == 1 &&
           llvm::all_of(conv.getStrides(),
                        [](int64_t stride) { return stride == 1; });
  auto generic = dyn_cast<linalg::GenericOp>(op);
  return generic && llvm::all_of(op->getOpOperands(), [&](OpOperand &use) {
           return use.get() != input ||
                  (generic.isDpsInput(&use) &&
                   generic.getMatchingIndexingMap(&use).isIdentity());
         });
}

/// The fused layer in the block of `reader` that makes all of `buffer`, which
/// nothing but `reader` reads; null if there is none.
static FusedConv2DOp findMaker(memref::AllocOp buffer, Operation *reader) {
  FusedConv2DOp maker;
  for (Operation *user : buffer->getUsers()) {
    if (user == reader)
      continue;
    auto conv = dyn_cast<FusedConv2DOp>(user);
    if (maker || !conv || conv.getInit() != buffer.getResult() ||
        conv.getInput() == buffer.getResult())
      return {};
    maker = conv;
  }
  bool isBefore = maker && maker->getBlock() == reader->getBlock() &&
                  maker->isBeforeInBlock(reader);
  return isBefore ? maker : FusedConv2DOp();
}

LayerChain::LayerChain(Operation *last) : layers(1, last) {
  for (bool isLonger = true; isLonger;) {
    isLonger = false;
    Operation *first = layers.front();
    auto layer = dyn_cast<DestinationStyleOpInterface>(first);
    if (!layer || !CuttableLayer::match(first))
      break;
    for (Value input : layer.getDpsInputs()) {
      auto buffer = input.getDefiningOp<memref::AllocOp>();
      FusedConv2DOp maker;
      if (buffer && buffer->getBlock() == first->getBlock() &&
          readsRowForRow(first, buffer))
        maker = findMaker(buffer, first);
      if (!maker)
        continue;
      layers.insert(layers.begin(), maker);
      between.insert(between.begin(), buffer);
      isLonger = true;
      break;
    }
  }
  for (Operation *layer : layers)
    forms.push_back(CuttableLayer::match(layer));
}

SmallVector<CutDim> LayerChain::dims() {
  SmallVector<CutDim> dims;
  for (CutDim dim : forms.front()->dims()) {
    bool isCutByAll = llvm::all_of(forms, [&](auto &form) {
      return llvm::any_of(form->dims(), [&](CutDim other) {
        return other.dim == dim.dim && other.extent == dim.extent;
      });
    });
    // Neither pieces of the batch nor of the channels.
    bool isPlace = dim.dim == 1 || dim.dim == 2;
    if (isCutByAll && isPlace && dim.extent > 1)
      dims.push_back(dim);
  }
  return dims;
}

double LayerChain::cycles(double rate) {
  double sum = 0;
  for (auto &form : forms)
    sum += form->cycles(rate);
  return sum;
}

void LayerChain::emitPiece(OpBuilder &builder, const CutPart &part) {
  SmallVector<Value> strips;
  for (memref::AllocOp buffer : between) {
    SmallVector<int64_t> shape(buffer.getType().getShape());
    shape[part.dim] = part.size;
    auto type = MemRefType::get(shape, buffer.getType().getElementType());
    strips.push_back(memref::AllocOp::create(builder, buffer.getLoc(), type,
                                             buffer.getAlignmentAttr()));
  }
  for (auto &form : forms)
    form->emitPiece(builder, part);
  // Maker and reader have the same part of what is between them.
  Block *block = builder.getInsertionBlock();
  for (auto [buffer, strip] : llvm::zip_equal(between, strips)) {
    for (Operation *user : llvm::make_early_inc_range(buffer->getUsers())) {
      auto view = dyn_cast<memref::SubViewOp>(user);
      if (!view || view->getBlock() != block)
        continue;
      assert(view.getType().getShape() ==
             cast<MemRefType>(strip.getType()).getShape());
      view.replaceAllUsesWith(strip);
      view.erase();
    }
  }
}

Value LayerChain::memoryOf(Value buffer) {
  while (auto view = buffer.getDefiningOp<ViewLikeOpInterface>())
    buffer = view.getViewSource();
  return buffer;
}

/// Whether `op`, or something in it, may write to one of `memories`.
static bool mayWrite(Operation *op,
                     const llvm::SmallDenseSet<Value> &memories) {
  WalkResult result = op->walk([&](Operation *inner) {
    auto effects = dyn_cast<MemoryEffectOpInterface>(inner);
    if (!effects)
      return inner->hasTrait<OpTrait::HasRecursiveMemoryEffects>() ||
                     isMemoryEffectFree(inner)
                 ? WalkResult::advance()
                 : WalkResult::interrupt();
    SmallVector<MemoryEffects::EffectInstance> all;
    effects.getEffects(all);
    for (const MemoryEffects::EffectInstance &effect : all)
      if (isa<MemoryEffects::Write>(effect.getEffect()) &&
          (!effect.getValue() ||
           memories.contains(LayerChain::memoryOf(effect.getValue()))))
        return WalkResult::interrupt();
    return WalkResult::advance();
  });
  return result.wasInterrupted();
}

Operation *LayerChain::findChange() {
  llvm::SmallDenseSet<Value> memories;
  for (Operation *op = layers.front(); op != last(); op = op->getNextNode()) {
    bool isLayer = llvm::is_contained(layers, op);
    if (!isLayer && mayWrite(op, memories))
      return op;
    if (isLayer)
      for (Value operand : op->getOperands())
        memories.insert(memoryOf(operand));
  }
  return nullptr;
}
