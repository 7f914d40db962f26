//===- CutLayer.cpp - Pieces of one layer ---------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fused layers, structured operations, and loops.
//
//===----------------------------------------------------------------------===//

#include "CutLayer.h"
#include "ConstantGlobals.h"

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <mlir/Dialect/Affine/IR/AffineOps.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/IR/Matchers.h>
#include <mlir/Interfaces/TilingInterface.h>
#include <mlir/Transforms/RegionUtils.h>

using namespace mlir;
using namespace quantcc;

CuttableLayer::~CuttableLayer() = default;

static ArrayRef<int64_t> extentsOf(Value buffer) {
  return cast<MemRefType>(buffer.getType()).getShape();
}

/// `buffer` from `offsets` on, `sizes` of it.
static Value slice(OpBuilder &builder, Location loc, Value buffer,
                   ArrayRef<OpFoldResult> offsets, ArrayRef<int64_t> sizes) {
  SmallVector<OpFoldResult> ones(sizes.size(), builder.getIndexAttr(1));
  return memref::SubViewOp::create(
      builder, loc, buffer, offsets,
      getAsIndexOpFoldResult(builder.getContext(), sizes), ones);
}

/// The part `part` of `buffer`.
static Value slice(OpBuilder &builder, Location loc, Value buffer,
                   const CutPart &part) {
  SmallVector<int64_t> sizes(extentsOf(buffer));
  SmallVector<OpFoldResult> offsets(sizes.size(), builder.getIndexAttr(0));
  sizes[part.dim] = part.size;
  offsets[part.dim] = part.offset;
  return slice(builder, loc, buffer, offsets, sizes);
}

static OpFoldResult multiply(OpBuilder &builder, Location loc,
                             OpFoldResult value, int64_t factor) {
  AffineExpr expr = builder.getAffineDimExpr(0) * factor;
  return affine::makeComposedFoldedAffineApply(
      builder, loc, AffineMap::get(1, 0, expr), value);
}

/// A constant of what `part` has of the outermost dimension of `buffer`.
static Value cutConstant(OpBuilder &builder, Value buffer,
                         const CutPart &part) {
  DenseIntElementsAttr values = readConstantGlobal(buffer);
  auto get = buffer.getDefiningOp<memref::GetGlobalOp>();
  auto global = SymbolTable::lookupNearestSymbolFrom<memref::GlobalOp>(
      get, get.getNameAttr());
  SmallVector<int64_t> shape(values.getType().getShape());
  int64_t each = values.getNumElements() / shape.front();
  shape.front() = part.size;
  SmallVector<APInt> kept(
      llvm::drop_begin(values.getValues<APInt>(), part.begin * each));
  kept.resize(part.size * each);
  auto elements =
      DenseIntElementsAttr::get(values.getType().clone(shape), kept);
  OpBuilder detached(builder.getContext());
  auto piece = memref::GlobalOp::create(
      detached, global.getLoc(), global.getSymName(),
      global.getSymVisibilityAttr(),
      MemRefType::get(shape, values.getElementType()), elements,
      /*constant=*/true, global.getAlignmentAttr());
  SymbolTable(global->getParentOp()).insert(piece);
  return memref::GetGlobalOp::create(builder, get.getLoc(), piece.getType(),
                                     piece.getSymName());
}

namespace {

/// Images are cut along their rows, then along the batch or the columns; a
/// single pixel along its channels.
class CuttableConv : public CuttableLayer {
public:
  explicit CuttableConv(FusedConv2DOp op) : op(op) {}

  SmallVector<CutDim> dims() override {
    ArrayRef<int64_t> out = extentsOf(op.getInit());
    SmallVector<CutDim> dims = {{1, out[1]}, {0, out[0]}, {2, out[2]}};
    // As many as the widest panels of kernels have.
    constexpr int64_t kPanel = 64;
    bool isPixel = out[0] * out[1] * out[2] == 1;
    if (isPixel && !op.getDepthwise() && readConstantGlobal(op.getWeights()) &&
        readConstantGlobal(op.getBias()))
      dims.push_back({3, out[3], kPanel, /*hasOwnCode=*/true});
    return dims;
  }

  double cycles(double rate) override {
    double sums = cast<MemRefType>(op.getInit().getType()).getNumElements();
    double taps = op.getKernelHeight() * op.getKernelWidth();
    // Depthwise kernels reach a small part of the rate.
    constexpr double kDepthwiseShare = 0.15;
    return op.getDepthwise()
               ? sums * taps / std::max(1.0, kDepthwiseShare * rate)
               : sums * taps * extentsOf(op.getInput())[3] / rate;
  }

  void emitPiece(OpBuilder &builder, const CutPart &part) override {
    IRMapping mapping;
    mapping.map(op.getInit(), slice(builder, op.getLoc(), op.getInit(), part));
    if (part.dim == kChannels) {
      mapping.map(op.getWeights(), cutConstant(builder, op.getWeights(), part));
      mapping.map(op.getBias(), cutConstant(builder, op.getBias(), part));
    } else {
      mapping.map(op.getInput(), cutInput(builder, part));
    }
    auto piece = cast<FusedConv2DOp>(builder.clone(*op, mapping));
    if (part.dim == kChannels && op.getMultipliers().size() != 1) {
      piece.setMultipliers(op.getMultipliers().slice(part.begin, part.size));
      piece.setShifts(op.getShifts().slice(part.begin, part.size));
    }
  }

private:
  static constexpr unsigned kChannels = 3;

  /// What the windows of `part` lie on.
  Value cutInput(OpBuilder &builder, CutPart part) {
    Location loc = op.getLoc();
    if (part.dim != 0) {
      int64_t window =
          part.dim == 1 ? op.getKernelHeight() : op.getKernelWidth();
      int64_t stride = op.getStrides()[part.dim - 1];
      int64_t dilation = op.getDilations()[part.dim - 1];
      part.offset = multiply(builder, loc, part.offset, stride);
      part.size = (part.size - 1) * stride + (window - 1) * dilation + 1;
    }
    return slice(builder, loc, op.getInput(), part);
  }

  FusedConv2DOp op;
};

class CuttableAdd : public CuttableLayer {
public:
  explicit CuttableAdd(FusedAddOp op) : op(op) {}

  SmallVector<CutDim> dims() override {
    SmallVector<CutDim> dims;
    for (auto [dim, extent] : llvm::enumerate(extentsOf(op.getInit())))
      dims.push_back({static_cast<unsigned>(dim), extent});
    return dims;
  }

  double cycles(double rate) override {
    // Two requantizations and one of their sum.
    constexpr double kProductsWorth = 20;
    return cast<MemRefType>(op.getInit().getType()).getNumElements() *
           std::max(kProductsWorth / rate, 0.25);
  }

  void emitPiece(OpBuilder &builder, const CutPart &part) override {
    IRMapping mapping;
    for (Value buffer : op->getOperands())
      if (!mapping.contains(buffer))
        mapping.map(buffer, slice(builder, op.getLoc(), buffer, part));
    builder.clone(*op, mapping);
  }

private:
  FusedAddOp op;
};

/// Cut along its batches, or else the rows of the result.
class CuttableMatMul : public CuttableLayer {
public:
  explicit CuttableMatMul(FusedMatMulOp op) : op(op) {}

  SmallVector<CutDim> dims() override {
    return {{0, op.getNumBatches()}, {1, op.getNumRows()}};
  }

  double cycles(double rate) override {
    return cast<MemRefType>(op.getInit().getType()).getNumElements() *
           op.getDepth() / rate;
  }

  void emitPiece(OpBuilder &builder, const CutPart &part) override {
    IRMapping mapping;
    SmallVector<Value> buffers{op.getLhs(), op.getInit()};
    // Each row is multiplied with all of the second operand.
    if (part.dim == 0)
      buffers.push_back(op.getRhs());
    for (Value buffer : buffers)
      if (!mapping.contains(buffer))
        mapping.map(buffer, slice(builder, op.getLoc(), buffer, part));
    builder.clone(*op, mapping);
  }

private:
  FusedMatMulOp op;
};

/// A structured operation, cut along loops that select parts of its results.
class CuttableLinalg : public CuttableLayer {
public:
  explicit CuttableLinalg(linalg::LinalgOp op)
      : op(op), extents(op.getStaticLoopRanges()) {}

  SmallVector<CutDim> dims() override {
    SmallVector<CutDim> dims;
    for (auto [position, kind] : llvm::enumerate(op.getIteratorTypesArray())) {
      unsigned dim = position;
      bool selects =
          llvm::all_of(op.getDpsInitsMutable(), [&](OpOperand &init) {
            AffineMap map = op.getMatchingIndexingMap(&init);
            return map.isProjectedPermutation() && map.isFunctionOfDim(dim);
          });
      if (kind == utils::IteratorType::parallel && selects)
        dims.push_back({dim, extents[dim]});
    }
    return dims;
  }

  double cycles(double rate) override {
    double turns = 1;
    for (int64_t extent : extents)
      turns *= extent;
    size_t steps = 1;
    op.getBlock()->walk([&](Operation *) { ++steps; });
    // LLVM makes vectors of most, where there are any.
    constexpr double kElementsAtOnce = 16;
    return turns * steps / std::min(rate, kElementsAtOnce);
  }

  void emitPiece(OpBuilder &builder, const CutPart &part) override {
    SmallVector<OpFoldResult> offsets(extents.size(), builder.getIndexAttr(0));
    SmallVector<OpFoldResult> sizes =
        getAsIndexOpFoldResult(builder.getContext(), extents);
    offsets[part.dim] = part.offset;
    sizes[part.dim] = builder.getIndexAttr(part.size);
    FailureOr<TilingResult> tile =
        cast<TilingInterface>(op.getOperation())
            .getTiledImplementation(builder, offsets, sizes);
    assert(succeeded(tile) && "structured operations on buffers can be tiled");
    (void)tile;
  }

private:
  linalg::LinalgOp op;
  SmallVector<int64_t> extents;
};

/// A loop, cut into runs of turns.
class CuttableLoop : public CuttableLayer {
public:
  CuttableLoop(scf::ForOp loop, int64_t begin, int64_t step, int64_t turns)
      : loop(loop), begin(begin), step(step), turns(turns) {}

  SmallVector<CutDim> dims() override { return {{0, turns}}; }

  double cycles(double rate) override {
    double sum = 0;
    loop.getBody()->walk([&](linalg::LinalgOp op) {
      double inside = CuttableLinalg(op).cycles(rate);
      for (Operation *parent = op->getParentOp(); parent != loop;
           parent = parent->getParentOp())
        if (auto inner = dyn_cast<scf::ForOp>(parent))
          if (std::optional<APInt> count = inner.getStaticTripCount())
            inside *= static_cast<double>(count->getLimitedValue());
      sum += inside;
    });
    return sum * turns;
  }

  void emitPiece(OpBuilder &builder, const CutPart &part) override {
    Location loc = loop.getLoc();
    AffineExpr first = builder.getAffineDimExpr(0) * step + begin;
    auto bound = [&](AffineExpr expr) {
      return getValueOrCreateConstantIndexOp(
          builder, loc,
          affine::makeComposedFoldedAffineApply(
              builder, loc, AffineMap::get(1, 0, expr), part.offset));
    };
    Value low = bound(first), high = bound(first + part.size * step);
    auto copy = cast<scf::ForOp>(builder.clone(*loop));
    copy.setLowerBound(low);
    copy.setUpperBound(high);
  }

private:
  scf::ForOp loop;
  int64_t begin, step, turns;
};

} // namespace

/// A loop with constant bounds that carries nothing from turn to turn.
static std::unique_ptr<CuttableLayer> matchLoop(scf::ForOp loop) {
  std::optional<int64_t> begin = getConstantIntValue(loop.getLowerBound());
  std::optional<int64_t> step = getConstantIntValue(loop.getStep());
  std::optional<APInt> turns = loop.getStaticTripCount();
  if (!begin || !step || !turns || loop.getNumResults() != 0)
    return nullptr;
  return std::make_unique<CuttableLoop>(loop, *begin, *step,
                                        turns->getSExtValue());
}

/// Whether `op` takes scalars that were computed before it: pieces are called
/// with the function's arguments alone.
static bool takesScalars(Operation *op) {
  llvm::SetVector<Value> values;
  getUsedValuesDefinedAbove(op->getRegions(), values);
  return llvm::any_of(values, [](Value value) {
    return !isa<MemRefType>(value.getType()) &&
           !matchPattern(value, m_Constant());
  });
}

std::unique_ptr<CuttableLayer> CuttableLayer::match(Operation *op) {
  bool onBuffers = llvm::all_of(op->getOperandTypes(), [](Type type) {
    auto shaped = dyn_cast<ShapedType>(type);
    return !shaped || (isa<MemRefType>(type) && shaped.hasStaticShape());
  });
  if (!onBuffers)
    return nullptr;
  if (auto conv = dyn_cast<FusedConv2DOp>(op))
    return std::make_unique<CuttableConv>(conv);
  if (auto add = dyn_cast<FusedAddOp>(op))
    return std::make_unique<CuttableAdd>(add);
  if (auto product = dyn_cast<FusedMatMulOp>(op))
    return std::make_unique<CuttableMatMul>(product);
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return matchLoop(loop);
  // Fills are bound by memory, and what they prepare is read next.
  auto structured = dyn_cast<linalg::LinalgOp>(op);
  if (structured && isa<TilingInterface>(op) &&
      structured.hasPureBufferSemantics() && !isa<linalg::FillOp>(op) &&
      !takesScalars(op))
    return std::make_unique<CuttableLinalg>(structured);
  return nullptr;
}

/// Emits all pieces, each with code of its own.
static void emitEach(OpBuilder &builder, Location loc, CuttableLayer &layer,
                     CutDim dim, int64_t size, Value number) {
  int64_t count = llvm::divideCeil(dim.extent, size);
  OpFoldResult offset = multiply(builder, loc, number, size);
  auto cases = llvm::to_vector(llvm::seq<int64_t>(0, count - 1));
  auto choice = scf::IndexSwitchOp::create(builder, loc, TypeRange(), number,
                                           cases, cases.size());
  for (auto [index, region] : llvm::enumerate(choice->getRegions())) {
    // The first region is for what has no case.
    int64_t piece = index == 0 ? count - 1 : index - 1;
    int64_t begin = piece * size;
    OpBuilder inside = OpBuilder::atBlockBegin(&region.emplaceBlock());
    layer.emitPiece(
        inside, {dim.dim, offset, std::min(size, dim.extent - begin), begin});
    scf::YieldOp::create(inside, loc);
  }
}

/// Emits code for all pieces but the last, if that is smaller, and for it.
static void emitAlike(OpBuilder &builder, Location loc, CuttableLayer &layer,
                      CutDim dim, int64_t size, Value number) {
  int64_t count = llvm::divideCeil(dim.extent, size);
  int64_t begin = (count - 1) * size, last = dim.extent - begin;
  auto emitEqual = [&](OpBuilder &inside) {
    layer.emitPiece(inside,
                    {dim.dim, multiply(inside, loc, number, size), size});
  };
  if (last == size)
    return emitEqual(builder);
  Value lastNumber = arith::ConstantIndexOp::create(builder, loc, count - 1);
  Value isLast = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq,
                                       number, lastNumber);
  auto choice = scf::IfOp::create(builder, loc, isLast, /*withElse=*/true);
  OpBuilder then = choice.getThenBodyBuilder();
  layer.emitPiece(then, {dim.dim, then.getIndexAttr(begin), last});
  OpBuilder otherwise = choice.getElseBodyBuilder();
  emitEqual(otherwise);
}

scf::ForallOp quantcc::emitPieces(OpBuilder &builder, Location loc,
                                  CuttableLayer &layer, CutDim dim,
                                  int64_t size) {
  SmallVector<OpFoldResult> bound = {
      builder.getIndexAttr(llvm::divideCeil(dim.extent, size))};
  auto pieces = scf::ForallOp::create(builder, loc, bound, ValueRange(),
                                      /*mapping=*/std::nullopt);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(pieces.getTerminator());
  Value number = pieces.getInductionVars().front();
  if (dim.hasOwnCode)
    emitEach(builder, loc, layer, dim, size, number);
  else
    emitAlike(builder, loc, layer, dim, size, number);
  return pieces;
}
