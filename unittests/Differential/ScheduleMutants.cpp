//===- ScheduleMutants.cpp - Mistakes in frames, memory and kernels -------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wrong halos, places in the arena, packed constants and tiles.
//
//===----------------------------------------------------------------------===//

#include "MutationRules.h"

#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Dialect/SCF/IR/SCF.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

//===----------------------------------------------------------------------===//
// Frames
//===----------------------------------------------------------------------===//

/// Whether a kernel reads or writes `buffer`, or a part of it.
static bool isOfKernel(Value buffer) {
  return llvm::any_of(buffer.getUsers(), [](Operation *user) {
    auto part = dyn_cast<memref::SubViewOp>(user);
    return part ? isOfKernel(part.getResult()) : isa<func::CallOp>(user);
  });
}

/// Whether `op` fills a frame: the buffer of a kernel, with a constant.
static bool fillsFrame(memref::StoreOp op) {
  return op.getMemRefType().getElementType().isInteger(8) &&
         op->getParentOfType<scf::ForOp>() && constantOf(op.getValue()) &&
         isOfKernel(op.getMemRef());
}

template <typename Rule> static Mutation onFill(Rule rule) {
  return onEach<memref::StoreOp>(
      [rule](memref::StoreOp op) { return fillsFrame(op) && rule(op); });
}

static bool fillWithAnother(memref::StoreOp op) {
  int64_t value = *constantOf(op.getValue());
  op.getValueMutable().assign(
      createConstant(op, op.getValue(), static_cast<int8_t>(value ^ 0x11)));
  return true;
}

static bool leaveUnfilled(memref::StoreOp op) {
  op.erase();
  return true;
}

/// Ends `loop` one turn early.
static bool endEarly(scf::ForOp loop) {
  std::optional<int64_t> end = constantOf(loop.getUpperBound());
  std::optional<int64_t> begin = constantOf(loop.getLowerBound());
  std::optional<int64_t> step = constantOf(loop.getStep());
  if (!end || !begin || !step || *end - *begin <= *step)
    return false;
  loop.getUpperBoundMutable().assign(
      createConstant(loop, loop.getUpperBound(), *end - *step));
  return true;
}

/// Leaves the last place of dimension `dimension` unfilled.
static auto leaveLast(unsigned dimension) {
  return [dimension](memref::StoreOp op) {
    auto index = dyn_cast<BlockArgument>(op.getIndices()[dimension]);
    auto loop = index ? dyn_cast<scf::ForOp>(index.getOwner()->getParentOp())
                      : scf::ForOp();
    return loop && endEarly(loop);
  };
}

/// Moves what kernels see of their frames one place of `dimension` down.
static Mutation moveInFrame(unsigned dimension) {
  return onEach<memref::SubViewOp>([dimension](memref::SubViewOp op) {
    auto view = op.getSource().getDefiningOp<memref::ViewOp>();
    if (!view || view.getType().getRank() != 4 || !isOfKernel(op))
      return false;
    int64_t bytes = view.getType().getElementTypeBitWidth() / 8;
    for (int64_t size : view.getType().getShape().drop_front(dimension + 1))
      bytes *= size;
    std::optional<int64_t> place = constantOf(view.getByteShift());
    if (!place || *place < bytes)
      return false;
    OpBuilder builder(op);
    auto moved = memref::ViewOp::create(
        builder, op.getLoc(), view.getType(), view.getSource(),
        createConstant(op, view.getByteShift(), *place - bytes), ValueRange());
    op.getSourceMutable().assign(moved);
    return true;
  });
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

/// Moves what lies in the arena to where `rule` says.
static Mutation onPlace(int64_t (*rule)(int64_t)) {
  return onEach<memref::ViewOp>([rule](memref::ViewOp op) {
    std::optional<int64_t> place = constantOf(op.getByteShift());
    if (!place || rule(*place) == *place)
      return false;
    op.getByteShiftMutable().assign(
        createConstant(op, op.getByteShift(), rule(*place)));
    return true;
  });
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

/// Moves the constants that kernels get first, or last, on by one.
static Mutation moveConstants(bool isLast) {
  return onEach<func::CallOp>([isLast](func::CallOp call) {
    SmallVector<memref::GetGlobalOp> constants;
    for (Value operand : call.getOperands())
      if (auto global = operand.getDefiningOp<memref::GetGlobalOp>())
        constants.push_back(global);
    if (constants.empty())
      return false;
    auto name = (isLast ? constants.back() : constants.front()).getNameAttr();
    auto global =
        SymbolTable::lookupNearestSymbolFrom<memref::GlobalOp>(call, name);
    auto values =
        dyn_cast_or_null<DenseElementsAttr>(global.getInitialValueAttr());
    if (!values || values.isSplat())
      return false;
    auto bytes = llvm::to_vector(values.getRawData());
    unsigned width = values.getElementType().getIntOrFloatBitWidth() / 8;
    std::rotate(bytes.begin(), bytes.begin() + width, bytes.end());
    global.setInitialValueAttr(
        DenseElementsAttr::getFromRawBuffer(values.getType(), bytes));
    return true;
  });
}

/// Ends the outermost, or the innermost, loops of kernels one turn early.
static Mutation endLoops(bool isOutermost) {
  return onEach<scf::ForOp>([isOutermost](scf::ForOp loop) {
    if (!loop->getParentOfType<func::FuncOp>().isPrivate())
      return false;
    bool isNested = bool(loop->getParentOfType<scf::ForOp>());
    bool hasLoops = !loop.getBody()->getOps<scf::ForOp>().empty();
    return (isOutermost ? !isNested : !hasLoops) && endEarly(loop);
  });
}

std::vector<Mutant> quantcc::differential::scheduleMutants() {
  return {
      {"frame filled with another byte", {}, {}, {}, onFill(fillWithAnother)},
      {"frame not filled", {}, {}, {}, onFill(leaveUnfilled)},
      {"frame's last row not filled", {}, {}, {}, onFill(leaveLast(1))},
      {"frame's last column not filled", {}, {}, {}, onFill(leaveLast(2))},
      {"result a row too high in its frame", {}, {}, {}, moveInFrame(1)},
      {"result a column too far left in its frame", {}, {}, {}, moveInFrame(2)},
      {"all values at the arena's beginning", {}, {}, {}, onPlace([](int64_t) {
         return int64_t(0);
       })},
      {"values too low in the arena", {}, {}, {}, onPlace([](int64_t place) {
         return place / 128 * 64;
       })},
      {"kernel's first constants moved", {}, {}, {}, moveConstants(false)},
      {"kernel's last constants moved", {}, {}, {}, moveConstants(true)},
      {"kernel's outermost loops end early", {}, {}, {}, endLoops(true)},
      {"kernel's innermost loops end early", {}, {}, {}, endLoops(false)},
  };
}
