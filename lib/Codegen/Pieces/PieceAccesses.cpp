//===- PieceAccesses.cpp - Which memory the pieces of a layer touch -------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Goes through the body once for each piece with its number as a constant, all
// other indices being intervals, and compares the boxes of memory that pieces
// touch.
//
//===----------------------------------------------------------------------===//

#include "PieceAccesses.h"

#include "quantcc/Codegen/ModelInterface.h"

#include <mlir/Dialect/Affine/IR/AffineOps.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Interfaces/FunctionInterfaces.h>
#include <mlir/Interfaces/SideEffectInterfaces.h>
#include <mlir/Interfaces/ViewLikeInterface.h>

using namespace mlir;
using namespace quantcc;

namespace {

/// Whole numbers from `low` to `high`, both included.
struct Interval {
  int64_t low, high;

  bool isDisjointFrom(Interval other) const {
    return high < other.low || other.high < low;
  }
  Interval operator+(Interval other) const {
    return {low + other.low, high + other.high};
  }
};

/// A box of the elements of `buffer`, which is a view of `memory` if it is not
/// the same.
struct Access {
  Value memory, buffer;
  SmallVector<Interval> box;
  bool isWrite;
};

/// The accesses of one piece.
class PieceWalk {
public:
  PieceWalk(scf::ForallOp pieces, int64_t number) : pieces(pieces) {
    known[pieces.getInductionVars().front()] = {number, number};
  }

  /// Empty if all accesses are known.
  std::string walk() { return walk(*pieces.getBody()); }
  ArrayRef<Access> accesses() const { return all; }

private:
  std::string walk(Block &block);
  std::string walkLoop(scf::ForOp loop);
  std::string walkIf(scf::IfOp op);
  std::string walkSwitch(scf::IndexSwitchOp op);
  std::string record(Operation *op);
  std::optional<Interval> evaluate(Value value);
  std::optional<Interval> evaluate(AffineExpr expr, ValueRange operands,
                                   unsigned numDims);
  std::optional<Interval> evaluate(OpFoldResult value);
  std::optional<bool> decide(Value condition);
  std::optional<Access> resolve(Value buffer);

  scf::ForallOp pieces;
  DenseMap<Value, Interval> known;
  SmallVector<Access> all;
};

} // namespace

std::optional<Interval> PieceWalk::evaluate(OpFoldResult value) {
  if (std::optional<int64_t> constant = getConstantIntValue(value))
    return Interval{*constant, *constant};
  return evaluate(cast<Value>(value));
}

std::optional<Interval> PieceWalk::evaluate(Value value) {
  auto found = known.find(value);
  if (found != known.end())
    return found->second;
  if (std::optional<int64_t> constant = getConstantIntValue(value))
    return Interval{*constant, *constant};
  Operation *op = value.getDefiningOp();
  if (auto apply = dyn_cast_or_null<affine::AffineApplyOp>(op))
    return evaluate(apply.getAffineMap().getResult(0), apply.getMapOperands(),
                    apply.getAffineMap().getNumDims());
  if (!isa_and_nonnull<arith::AddIOp, arith::MulIOp, arith::MinUIOp,
                       arith::MinSIOp>(op))
    return std::nullopt;
  std::optional<Interval> lhs = evaluate(op->getOperand(0));
  std::optional<Interval> rhs = evaluate(op->getOperand(1));
  // What indices are made of is not negative, nor ever near overflow.
  if (!lhs || !rhs || lhs->low < 0 || rhs->low < 0)
    return std::nullopt;
  if (isa<arith::AddIOp>(op))
    return *lhs + *rhs;
  if (isa<arith::MulIOp>(op))
    return Interval{lhs->low * rhs->low, lhs->high * rhs->high};
  return Interval{std::min(lhs->low, rhs->low), std::min(lhs->high, rhs->high)};
}

std::optional<Interval>
PieceWalk::evaluate(AffineExpr expr, ValueRange operands, unsigned numDims) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return Interval{constant.getValue(), constant.getValue()};
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return evaluate(operands[dim.getPosition()]);
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return evaluate(operands[numDims + symbol.getPosition()]);
  auto binary = cast<AffineBinaryOpExpr>(expr);
  std::optional<Interval> lhs = evaluate(binary.getLHS(), operands, numDims);
  std::optional<Interval> rhs = evaluate(binary.getRHS(), operands, numDims);
  if (!lhs || !rhs)
    return std::nullopt;
  if (expr.getKind() == AffineExprKind::Add)
    return *lhs + *rhs;
  if (expr.getKind() != AffineExprKind::Mul)
    return std::nullopt;
  auto [low, high] = std::minmax({lhs->low * rhs->low, lhs->low * rhs->high,
                                  lhs->high * rhs->low, lhs->high * rhs->high});
  return Interval{low, high};
}

std::optional<bool> PieceWalk::decide(Value condition) {
  auto compare = condition.getDefiningOp<arith::CmpIOp>();
  if (!compare)
    return std::nullopt;
  std::optional<Interval> lhs = evaluate(compare.getLhs());
  std::optional<Interval> rhs = evaluate(compare.getRhs());
  if (!lhs || !rhs || lhs->low != lhs->high || rhs->low != rhs->high)
    return std::nullopt;
  return arith::applyCmpPredicate(compare.getPredicate(),
                                  APInt(64, lhs->low, /*isSigned=*/true),
                                  APInt(64, rhs->low, /*isSigned=*/true));
}

/// The elements of the outermost buffer of plain subviews that `buffer` holds.
std::optional<Access> PieceWalk::resolve(Value buffer) {
  auto subview = buffer.getDefiningOp<memref::SubViewOp>();
  if (subview && subview.hasUnitStride() && subview.getDroppedDims().none()) {
    std::optional<Access> access = resolve(subview.getSource());
    if (!access)
      return std::nullopt;
    for (auto [offset, size, range] : llvm::zip_equal(
             subview.getMixedOffsets(), subview.getMixedSizes(), access->box)) {
      std::optional<Interval> begin = evaluate(offset), count = evaluate(size);
      if (!begin || !count)
        return std::nullopt;
      range = {range.low + begin->low,
               range.low + begin->high + count->high - 1};
    }
    return access;
  }
  auto type = dyn_cast<MemRefType>(buffer.getType());
  if (!type || !type.hasStaticShape())
    return std::nullopt;
  Access access{buffer, buffer, {}, false};
  while (auto view = access.memory.getDefiningOp<ViewLikeOpInterface>())
    access.memory = view.getViewSource();
  for (int64_t extent : type.getShape())
    access.box.push_back({0, extent - 1});
  return access;
}

/// The box that `indices` select of what `access` tells of the whole buffer.
template <typename Evaluate>
static void narrow(Access &access, Value buffer, ValueRange indices,
                   Evaluate &&evaluate) {
  if (access.buffer != buffer)
    return; // The box of the subview will do.
  for (auto [range, index] : llvm::zip_equal(access.box, indices))
    if (std::optional<Interval> position = evaluate(index))
      range = *position;
}

std::string PieceWalk::record(Operation *op) {
  auto interface = dyn_cast<MemoryEffectOpInterface>(op);
  std::string name = op->getName().getStringRef().str();
  if (!interface)
    return op->hasTrait<OpTrait::HasRecursiveMemoryEffects>()
               ? ""
               : "it is not known what '" + name + "' touches";
  SmallVector<MemoryEffects::EffectInstance> effects;
  interface.getEffects(effects);
  for (const MemoryEffects::EffectInstance &effect : effects) {
    if (isa<MemoryEffects::Allocate, MemoryEffects::Free>(effect.getEffect()))
      continue;
    Value buffer = effect.getValue();
    std::optional<Access> access = buffer ? resolve(buffer) : std::nullopt;
    if (!access)
      return "it is not known what '" + name + "' touches";
    if (auto load = dyn_cast<memref::LoadOp>(op))
      narrow(*access, buffer, load.getIndices(),
             [&](Value index) { return evaluate(index); });
    if (auto store = dyn_cast<memref::StoreOp>(op))
      narrow(*access, buffer, store.getIndices(),
             [&](Value index) { return evaluate(index); });
    access->isWrite = isa<MemoryEffects::Write>(effect.getEffect());
    Operation *owner = access->memory.getDefiningOp();
    if (!owner || !pieces->isProperAncestor(owner))
      all.push_back(std::move(*access));
  }
  return "";
}

std::string PieceWalk::walkLoop(scf::ForOp loop) {
  std::optional<Interval> begin = evaluate(loop.getLowerBound());
  std::optional<Interval> end = evaluate(loop.getUpperBound());
  if (!begin || !end)
    return "the bounds of a loop are not known";
  if (end->high <= begin->low)
    return "";
  known[loop.getInductionVar()] = {begin->low, end->high - 1};
  return walk(*loop.getBody());
}

std::string PieceWalk::walkIf(scf::IfOp op) {
  std::optional<bool> condition = decide(op.getCondition());
  for (bool side : {true, false}) {
    Region &region = side ? op.getThenRegion() : op.getElseRegion();
    if (region.empty() || condition.value_or(side) != side)
      continue;
    if (std::string reason = walk(region.front()); !reason.empty())
      return reason;
  }
  return "";
}

std::string PieceWalk::walkSwitch(scf::IndexSwitchOp op) {
  std::optional<Interval> number = evaluate(op.getArg());
  if (!number || number->low != number->high)
    return "the case of a switch is not known";
  for (auto [index, value] : llvm::enumerate(op.getCases()))
    if (value == number->low)
      return walk(op.getCaseBlock(index));
  return walk(op.getDefaultBlock());
}

std::string PieceWalk::walk(Block &block) {
  for (Operation &op : block) {
    std::string reason;
    if (auto loop = dyn_cast<scf::ForOp>(op))
      reason = walkLoop(loop);
    else if (auto choice = dyn_cast<scf::IfOp>(op))
      reason = walkIf(choice);
    else if (auto cases = dyn_cast<scf::IndexSwitchOp>(op))
      reason = walkSwitch(cases);
    else if (!isMemoryEffectFree(&op)) {
      reason = record(&op);
      for (Region &region : op.getRegions())
        for (Block &inner : region)
          if (reason.empty())
            reason = walk(inner);
    }
    if (!reason.empty())
      return reason;
  }
  return "";
}

/// Whether the elements of `type` all have bytes of their own.
static bool isInjective(MemRefType type) {
  SmallVector<int64_t> strides;
  int64_t offset;
  if (failed(type.getStridesAndOffset(strides, offset)) ||
      llvm::is_contained(strides, ShapedType::kDynamic))
    return false;
  SmallVector<std::pair<int64_t, int64_t>> dims;
  for (auto [stride, extent] : llvm::zip_equal(strides, type.getShape()))
    if (extent != 1)
      dims.emplace_back(stride, extent);
  llvm::sort(dims);
  int64_t span = 1;
  for (auto [stride, extent] : dims) {
    if (stride < span)
      return false;
    span = stride * (extent - 1) + span;
  }
  return true;
}

/// Whether pieces may write to `memory`: what was allocated, or an output, the
/// arguments that overlap nothing.
static bool isWritable(Value memory) {
  if (memory.getDefiningOp<memref::AllocOp>())
    return true;
  auto argument = dyn_cast<BlockArgument>(memory);
  auto function =
      argument
          ? dyn_cast<FunctionOpInterface>(argument.getOwner()->getParentOp())
          : FunctionOpInterface();
  return function &&
         function.getArgAttr(argument.getArgNumber(), kOutputAttrName);
}

static std::string findConflict(ArrayRef<Access> one, ArrayRef<Access> other) {
  for (const Access &write : one) {
    if (!write.isWrite)
      continue;
    if (!isWritable(write.memory) ||
        !isInjective(cast<MemRefType>(write.buffer.getType())))
      return "it is not known what else has the bytes that it writes";
    for (const Access &access : other) {
      if (access.memory != write.memory)
        continue;
      bool isApart =
          access.buffer == write.buffer &&
          llvm::any_of(llvm::zip_equal(access.box, write.box), [](auto pair) {
            return std::get<0>(pair).isDisjointFrom(std::get<1>(pair));
          });
      if (!isApart)
        return access.isWrite ? "two pieces may write the same element"
                              : "a piece may read what another one writes";
    }
  }
  return "";
}

std::optional<int64_t> quantcc::countPieces(scf::ForallOp pieces) {
  if (pieces.getRank() != 1 || pieces->getNumResults() != 0 ||
      !pieces.isNormalized())
    return std::nullopt;
  return getConstantIntValue(pieces.getMixedUpperBound().front());
}

std::string quantcc::findConflict(scf::ForallOp pieces) {
  std::optional<int64_t> count = countPieces(pieces);
  if (!count)
    return "their number is not known";
  std::vector<PieceWalk> walks;
  for (int64_t number = 0; number != *count; ++number) {
    walks.emplace_back(pieces, number);
    if (std::string reason = walks.back().walk(); !reason.empty())
      return reason;
  }
  for (size_t i = 0; i != walks.size(); ++i)
    for (size_t j = 0; j != walks.size(); ++j) {
      if (i == j)
        continue;
      std::string conflict =
          ::findConflict(walks[i].accesses(), walks[j].accesses());
      if (!conflict.empty())
        return conflict;
    }
  return "";
}
