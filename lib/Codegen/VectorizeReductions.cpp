//===- VectorizeReductions.cpp - Reduce several elements at a time --------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Loops of vectors for pools, means and products of activations, whose results
// follow each other in memory while each is reduced over something else. LLVM
// would vectorize the innermost loop, which is a short one over a window, or
// gather the elements of one result. Copies of short rows go the same way: LLVM
// would call memcpy for each. So do tables of bytes, which it would read one by
// one.
//
//===----------------------------------------------------------------------===//

#include "Remarks.h"
#include "TableLookup.h"

#include "quantcc/Codegen/Passes.h"

#include <mlir/Dialect/Affine/IR/AffineOps.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>
#include <mlir/IR/IRMapping.h>
#include <mlir/IR/PatternMatch.h>

using namespace mlir;

namespace quantcc {

#define GEN_PASS_DEF_VECTORIZEREDUCTIONS
#include "quantcc/Codegen/Passes.h.inc"

/// Lanes of the narrowest vectors; fewer elements are computed one by one.
static constexpr int64_t kFewestLanes = 4;

/// Whether the elements of `type` along its last dimension follow each other.
static bool isDenseAlongLast(MemRefType type) {
  SmallVector<int64_t> strides;
  int64_t offset;
  return type.getRank() > 0 && type.hasStaticShape() &&
         succeeded(type.getStridesAndOffset(strides, offset)) &&
         strides.back() == 1;
}

/// Whether `map` counts with `dim` through the last dimension of what it
/// indexes, and uses it for nothing else.
static bool runsAlong(AffineMap map, unsigned dim) {
  return map.getNumResults() > 0 &&
         map.getResults().back() == getAffineDimExpr(dim, map.getContext()) &&
         llvm::none_of(map.getResults().drop_back(), [&](AffineExpr result) {
           return result.isFunctionOfDim(dim);
         });
}

/// The byte that `load` reads its table at, if it reads one.
static Value findTablePosition(memref::LoadOp load) {
  MemRefType type = load.getMemRefType();
  if (type.getRank() != 1 || type.getDimSize(0) != kTableBytes ||
      !type.getElementType().isInteger(8) || !type.getLayout().isIdentity() ||
      load.getMemRef().getParentBlock() == load->getBlock())
    return {};
  auto cast = load.getIndices().front().getDefiningOp<arith::IndexCastUIOp>();
  return cast && cast.getIn().getType().isInteger(8) ? cast.getIn() : Value();
}

/// Whether `op` is the index of lookups in tables and nothing else.
static bool isTableIndex(Operation &op) {
  return isa<arith::IndexCastUIOp>(op) &&
         llvm::all_of(op.getUsers(), [](Operation *user) {
           auto load = dyn_cast<memref::LoadOp>(user);
           return load && findTablePosition(load);
         });
}

/// Whether `body` looks bytes up in a table.
static bool hasLookup(Block &body) {
  return llvm::any_of(body.getOps<memref::LoadOp>(), findTablePosition);
}

/// The bits of the widest integer that `body` computes with; 0 if it does what
/// has no form on vectors.
static unsigned findWidth(Block &body) {
  unsigned width = 0;
  auto isNarrow = [&](Type type) {
    auto integer = dyn_cast<IntegerType>(type);
    width = std::max(width, integer ? integer.getWidth() : 0);
    return integer && integer.getWidth() <= 32;
  };
  if (!llvm::all_of(body.getArgumentTypes(), isNarrow))
    return 0;
  for (Operation &op : body.without_terminator()) {
    auto load = dyn_cast<memref::LoadOp>(op);
    if (isTableIndex(op) || (load && findTablePosition(load)))
      continue;
    if (!OpTrait::hasElementwiseMappableTraits(&op) &&
        !op.hasTrait<OpTrait::ConstantLike>())
      return 0;
    if (!llvm::all_of(op.getResultTypes(), isNarrow))
      return 0;
  }
  return width;
}

/// Whether `op` only moves elements from one buffer to another.
static bool isCopy(linalg::LinalgOp op) {
  Block &body = *op.getBlock();
  return body.without_terminator().empty() && op.getNumDpsInputs() == 1 &&
         isa<MemRefType>(op.getDpsInputOperand(0)->get().getType()) &&
         body.getTerminator()->getOperand(0) == body.getArgument(0);
}

namespace {

/// One reduction, copy or lookup on buffers, on its way to loops.
class Reduction {
public:
  Reduction(linalg::LinalgOp op, KernelSet kernels, RewriterBase &rewriter)
      : op(op), kernels(kernels), looksUp(hasLookup(*op.getBlock())),
        rewriter(rewriter), loc(op.getLoc()), extents(op.getStaticLoopRanges()),
        maps(op.getIndexingMapsArray()) {}

  /// Whether there is a form with vectors. Then `laneDim` is known.
  bool isVectorizable();
  /// Whether it is a reduction, and of integers.
  bool isOnIntegers();
  /// The lanes of the widest vectors, if registers hold `accumulatorBits`.
  int64_t mostLanes(unsigned accumulatorBits) const {
    return looksUp ? lookupLanes(kernels)
                   : llvm::bit_floor(uint64_t(accumulatorBits / bits));
  }
  void lower(int64_t mostLanes);

private:
  /// All results from element `begin` of the last dimension on, `lanes` at a
  /// time, as long as there are so many; returns where they end.
  int64_t lowerLanes(int64_t begin, int64_t lanes);
  void reduce(MutableArrayRef<Value> positions, int64_t lanes);
  SmallVector<Value> indicesOf(OpOperand &operand, ArrayRef<Value> positions);
  Value read(OpOperand &operand, ArrayRef<Value> positions, int64_t lanes);
  Value compute(ArrayRef<Value> positions, Value accumulator, int64_t lanes);

  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(rewriter, loc, value);
  }
  static Type widened(Type type, int64_t lanes) {
    return lanes == 1 ? type : VectorType::get({lanes}, type);
  }
  AffineMap mapOf(OpOperand &operand) {
    return maps[operand.getOperandNumber()];
  }
  OpOperand &output() { return *op.getDpsInitOperand(0); }

  linalg::LinalgOp op;
  KernelSet kernels;
  bool looksUp;
  RewriterBase &rewriter;
  Location loc;
  SmallVector<int64_t> extents;
  SmallVector<AffineMap> maps;
  unsigned laneDim = 0;
  unsigned bits = 0;
};

} // namespace

bool Reduction::isOnIntegers() {
  return op.getNumReductionLoops() != 0 &&
         llvm::all_of(op->getOperandTypes(), [](Type type) {
           return isa<IntegerType>(getElementTypeOrSelf(type));
         });
}

bool Reduction::isVectorizable() {
  if (!op.hasPureBufferSemantics() || op.getNumDpsInits() != 1 ||
      (op.getNumReductionLoops() == 0 && !isCopy(op) && !looksUp) ||
      llvm::any_of(extents, ShapedType::isDynamic))
    return false;
  AffineMap map = mapOf(output());
  if (map.getNumResults() == 0 || !map.isProjectedPermutation())
    return false;
  auto last = cast<AffineDimExpr>(map.getResults().back());
  laneDim = last.getPosition();
  if (op.getIteratorTypesArray()[laneDim] != utils::IteratorType::parallel ||
      extents[laneDim] < (looksUp ? lookupLanes(kernels) : kFewestLanes) ||
      (looksUp && lookupLanes(kernels) == 0))
    return false;
  for (OpOperand &operand : op->getOpOperands()) {
    if (!op.payloadUsesValueFromOperand(&operand) ||
        !mapOf(operand).isFunctionOfDim(laneDim))
      continue;
    auto type = dyn_cast<MemRefType>(operand.get().getType());
    if (!type || !isDenseAlongLast(type) || !runsAlong(mapOf(operand), laneDim))
      return false;
  }
  // The loops carry what they reduce.
  if (op.getNumReductionLoops() > 0 &&
      !op.payloadUsesValueFromOperand(&output()))
    return false;
  bits = findWidth(*op.getBlock());
  return bits != 0;
}

SmallVector<Value> Reduction::indicesOf(OpOperand &operand,
                                        ArrayRef<Value> positions) {
  AffineMap map = mapOf(operand);
  SmallVector<Value> indices;
  for (unsigned i = 0; i != map.getNumResults(); ++i) {
    SmallVector<OpFoldResult> operands(positions.begin(), positions.end());
    OpFoldResult index = affine::makeComposedFoldedAffineApply(
        rewriter, loc, map.getSubMap({i}), operands);
    indices.push_back(getValueOrCreateConstantIndexOp(rewriter, loc, index));
  }
  return indices;
}

Value Reduction::read(OpOperand &operand, ArrayRef<Value> positions,
                      int64_t lanes) {
  auto type = dyn_cast<MemRefType>(operand.get().getType());
  bool isVector = lanes > 1 && mapOf(operand).isFunctionOfDim(laneDim);
  if (isVector)
    return vector::LoadOp::create(
        rewriter, loc, cast<VectorType>(widened(type.getElementType(), lanes)),
        operand.get(), indicesOf(operand, positions));
  Value scalar = operand.get();
  if (type)
    scalar = memref::LoadOp::create(rewriter, loc, scalar,
                                    indicesOf(operand, positions));
  if (lanes == 1)
    return scalar;
  return vector::BroadcastOp::create(rewriter, loc,
                                     widened(scalar.getType(), lanes), scalar);
}

/// The operation's body, on vectors of `lanes`.
Value Reduction::compute(ArrayRef<Value> positions, Value accumulator,
                         int64_t lanes) {
  Block &body = *op.getBlock();
  IRMapping mapping;
  for (OpOperand *input : op.getDpsInputOperands())
    if (op.payloadUsesValueFromOperand(input))
      mapping.map(op.getMatchingBlockArgument(input),
                  read(*input, positions, lanes));
  if (accumulator)
    mapping.map(op.getMatchingBlockArgument(&output()), accumulator);
  // What comes from outside of the body is one value for all lanes.
  auto widen = [&](Value value) {
    if (mapping.contains(value) || lanes == 1)
      return;
    mapping.map(value,
                vector::BroadcastOp::create(
                    rewriter, loc, widened(value.getType(), lanes), value)
                    .getResult());
  };
  for (Operation &each : body.without_terminator()) {
    if (auto constant = dyn_cast<arith::ConstantOp>(each); constant) {
      Type type = widened(constant.getType(), lanes);
      TypedAttr value = constant.getValue();
      if (lanes > 1)
        value = DenseElementsAttr::get(cast<ShapedType>(type),
                                       Attribute(constant.getValue()));
      mapping.map(
          constant.getResult(),
          arith::ConstantOp::create(rewriter, loc, type, value).getResult());
      continue;
    }
    if (lanes > 1 && isTableIndex(each)) {
      // Lookups take the bytes themselves.
      widen(each.getOperand(0));
      mapping.map(each.getResult(0),
                  mapping.lookupOrDefault(each.getOperand(0)));
      continue;
    }
    if (auto load = dyn_cast<memref::LoadOp>(each); load && lanes > 1) {
      Value positions = mapping.lookup(load.getIndices().front());
      mapping.map(load.getResult(),
                  createVectorLookup(rewriter, loc, kernels, load.getMemRef(),
                                     positions));
      continue;
    }
    if (lanes > 1)
      for (Value operand : each.getOperands())
        widen(operand);
    Operation *copy = rewriter.clone(each, mapping);
    for (Value result : copy->getResults())
      result.setType(widened(result.getType(), lanes));
  }
  Value result = body.getTerminator()->getOperand(0);
  widen(result);
  return mapping.lookupOrDefault(result);
}

void Reduction::reduce(MutableArrayRef<Value> positions, int64_t lanes) {
  SmallVector<unsigned> dims;
  op.getReductionDims(dims);
  SmallVector<Value> indices = indicesOf(output(), positions);
  // What a copy writes over is not read.
  Value accumulator = op.payloadUsesValueFromOperand(&output())
                          ? read(output(), positions, lanes)
                          : Value();
  // From the outermost loop inwards; the last one's body is the operation's.
  std::function<Value(unsigned, Value)> nest = [&](unsigned depth,
                                                   Value carried) -> Value {
    if (depth == dims.size())
      return compute(positions, carried, lanes);
    Value &position = positions[dims[depth]];
    if (extents[dims[depth]] == 1) {
      position = index(0);
      return nest(depth + 1, carried);
    }
    auto loop =
        scf::ForOp::create(rewriter, loc, index(0), index(extents[dims[depth]]),
                           index(1), ValueRange{carried});
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointToStart(loop.getBody());
    position = loop.getInductionVar();
    Value result = nest(depth + 1, loop.getRegionIterArgs().front());
    rewriter.setInsertionPointToEnd(loop.getBody());
    scf::YieldOp::create(rewriter, loc, result);
    return loop.getResult(0);
  };
  accumulator = nest(0, accumulator);
  if (lanes == 1)
    memref::StoreOp::create(rewriter, loc, accumulator, output().get(),
                            indices);
  else
    vector::StoreOp::create(rewriter, loc, accumulator, output().get(),
                            indices);
}

int64_t Reduction::lowerLanes(int64_t begin, int64_t lanes) {
  int64_t count = (extents[laneDim] - begin) / lanes;
  if (count == 0)
    return begin;
  OpBuilder::InsertionGuard guard(rewriter);
  SmallVector<Value> positions(extents.size(), index(0));
  auto enter = [&](unsigned dim, int64_t first, int64_t end, int64_t step) {
    positions[dim] = index(first);
    if (end - first == step)
      return;
    auto loop = scf::ForOp::create(rewriter, loc, index(first), index(end),
                                   index(step));
    rewriter.setInsertionPointToStart(loop.getBody());
    positions[dim] = loop.getInductionVar();
  };
  SmallVector<unsigned> dims;
  op.getParallelDims(dims);
  for (unsigned dim : dims)
    if (dim != laneDim)
      enter(dim, 0, extents[dim], 1);
  int64_t end = begin + count * lanes;
  enter(laneDim, begin, end, lanes);
  reduce(positions, lanes);
  return end;
}

void Reduction::lower(int64_t mostLanes) {
  rewriter.setInsertionPoint(op);
  int64_t begin = 0;
  // Instructions for lookups are of one width.
  int64_t fewest = looksUp ? mostLanes : kFewestLanes;
  for (int64_t lanes = mostLanes; lanes >= fewest; lanes /= 2)
    begin = lowerLanes(begin, lanes);
  lowerLanes(begin, 1);
  rewriter.eraseOp(op);
}

/// `op` with one loop, if it only goes through whole buffers; else `op` itself.
static linalg::LinalgOp flatten(linalg::LinalgOp op, RewriterBase &rewriter) {
  auto generic = dyn_cast<linalg::GenericOp>(op.getOperation());
  auto isWhole = [](Value value) {
    auto type = dyn_cast<MemRefType>(value.getType());
    return type && type.hasStaticShape() && type.getLayout().isIdentity();
  };
  if (!generic || generic.getNumLoops() < 2 || generic.hasIndexSemantics() ||
      generic.getNumDpsInits() != 1 || !generic.hasPureBufferSemantics() ||
      !llvm::all_of(generic.getIndexingMapsArray(),
                    [](AffineMap map) { return map.isIdentity(); }) ||
      !llvm::all_of(generic->getOperands(), isWhole))
    return op;
  rewriter.setInsertionPoint(op);
  Location loc = op.getLoc();
  ReassociationIndices all =
      llvm::to_vector(llvm::seq<int64_t>(0, generic.getNumLoops()));
  auto collapse = [&](Value value) -> Value {
    return memref::CollapseShapeOp::create(rewriter, loc, value,
                                           ArrayRef<ReassociationIndices>{all});
  };
  SmallVector<Value> inputs =
      llvm::map_to_vector(generic.getInputs(), collapse);
  Value output = collapse(generic.getOutputs().front());
  auto flat = linalg::GenericOp::create(
      rewriter, loc, TypeRange(), inputs, output,
      SmallVector<AffineMap>(generic->getNumOperands(),
                             rewriter.getMultiDimIdentityMap(1)),
      {utils::IteratorType::parallel});
  rewriter.inlineRegionBefore(generic.getRegion(), flat.getRegion(),
                              flat.getRegion().begin());
  rewriter.eraseOp(generic);
  return flat;
}

namespace {

struct VectorizeReductions
    : impl::VectorizeReductionsBase<VectorizeReductions> {
  using VectorizeReductionsBase::VectorizeReductionsBase;

  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    SmallVector<linalg::LinalgOp> ops;
    getOperation().walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    for (linalg::LinalgOp op : ops) {
      if (lookupLanes(kernels) != 0 && hasLookup(*op.getBlock()))
        op = flatten(op, rewriter);
      Reduction reduction(op, kernels, rewriter);
      if (!reduction.isVectorizable()) {
        if (reduction.isOnIntegers())
          remarkMissed(op.getLoc(), "vectorize-reductions")
              << "is left to LLVM's vectorizer: its results do not lie side by "
                 "side, or it has no form on vectors of 32 bits";
        continue;
      }
      int64_t lanes = reduction.mostLanes(accumulatorBits);
      if (lanes < kFewestLanes)
        continue;
      remarkPassed(op.getLoc(), "vectorize-reductions")
          << remark::add("computes up to {0} results at once", lanes);
      reduction.lower(lanes);
    }
  }
};

} // namespace
} // namespace quantcc
