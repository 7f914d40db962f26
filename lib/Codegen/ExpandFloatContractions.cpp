//===- ExpandFloatContractions.cpp - Tiles of f32 sums in registers -------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tile of results, vectors of neighbours by positions along another
// dimension, stays in registers while the loops run over what is summed. Each
// lane is one result, whose sum is the chain of docs/Numerics.md, N19: products
// are rounded, then added in order.
//
//===----------------------------------------------------------------------===//

#include "FloatContraction.h"
#include "Kernels/KernelBuilder.h"

#include "Remarks.h"
#include "quantcc/Codegen/Passes.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>

using namespace mlir;

namespace quantcc {

#define GEN_PASS_DEF_EXPANDFLOATCONTRACTIONS
#include "quantcc/Codegen/Passes.h.inc"

namespace {

/// Vectors side by side: the lanes of each, full ones first.
using Panel = SmallVector<int64_t>;

/// Results that are computed at once.
struct Tile {
  Panel panel;
  int64_t positions;
};

class Expansion {
public:
  Expansion(KernelBuilder &b, const FloatContraction &contraction,
            int64_t lanes, int64_t registers)
      : b(b), contraction(contraction), lanes(lanes), registers(registers),
        across(findAcross()) {}

  void emit();

private:
  /// A position in the iteration space, one value a dimension.
  using Point = SmallVector<Value>;

  std::optional<unsigned> findAcross() const;
  int64_t mostVectors() const;
  int64_t mostPositions(const Panel &panel) const;
  void emitPanel(Point point, const Panel &panel);
  void emitTile(Point point, const Tile &tile);
  SmallVector<Value> emitSums(Point point, const Tile &tile, unsigned dimension,
                              ValueRange sums);
  SmallVector<Value> emitStep(const Point &point, const Tile &tile,
                              ValueRange sums);

  /// `point` moved by `position` and `lane`.
  Point at(Point point, int64_t position, int64_t lane);
  SmallVector<Value> indicesOf(FloatContraction::Operand operand,
                               const Point &point);
  Value load(FloatContraction::Operand operand, const Point &point,
             int64_t count);

  KernelBuilder &b;
  const FloatContraction &contraction;
  int64_t lanes, registers;
  /// The dimension whose positions share what is loaded for the lanes.
  std::optional<unsigned> across;
};

} // namespace

std::optional<unsigned> Expansion::findAcross() const {
  std::optional<unsigned> best;
  auto isShared = [&](unsigned dimension) {
    for (auto operand : {FloatContraction::Lhs, FloatContraction::Rhs})
      if (!contraction.isInvariant(operand, contraction.lanes) &&
          contraction.isInvariant(operand, dimension))
        return true;
    return false;
  };
  for (auto [dimension, extent] : llvm::enumerate(contraction.extents))
    if (dimension != contraction.lanes && extent > 1 &&
        !contraction.isReduction[dimension] && isShared(dimension) &&
        (!best || extent >= contraction.extents[*best]))
      best = dimension;
  return best;
}

/// Vectors of a panel: more where there is one position alone.
int64_t Expansion::mostVectors() const {
  return (across ? 1 : 2) * std::max<int64_t>(registers / 8, 1);
}

/// Beside the sums there is room for the vectors of a step, a broadcast and
/// products.
int64_t Expansion::mostPositions(const Panel &panel) const {
  constexpr int64_t kLimit = 12, kOthers = 4;
  int64_t vectors = panel.size();
  return std::clamp<int64_t>((registers - kOthers - vectors) / vectors, 1,
                             kLimit);
}

Expansion::Point Expansion::at(Point point, int64_t position, int64_t lane) {
  if (across)
    point[*across] = b.add(point[*across], position);
  point[contraction.lanes] = b.add(point[contraction.lanes], lane);
  return point;
}

SmallVector<Value> Expansion::indicesOf(FloatContraction::Operand operand,
                                        const Point &point) {
  AffineMap map = contraction.op.getIndexingMapsArray()[operand];
  SmallVector<Value> indices;
  for (AffineExpr expr : map.getResults()) {
    // The expressions are linear: dimensions times constants.
    Value index;
    int64_t constant = 0;
    SmallVector<AffineExpr> terms{expr};
    while (!terms.empty()) {
      AffineExpr term = terms.pop_back_val();
      auto binary = dyn_cast<AffineBinaryOpExpr>(term);
      if (binary && term.getKind() == AffineExprKind::Add) {
        terms.append({binary.getRHS(), binary.getLHS()});
        continue;
      }
      if (auto number = dyn_cast<AffineConstantExpr>(term)) {
        constant += number.getValue();
        continue;
      }
      int64_t factor =
          binary ? cast<AffineConstantExpr>(binary.getRHS()).getValue() : 1;
      auto dim = cast<AffineDimExpr>(binary ? binary.getLHS() : term);
      Value part = b.multiply(point[dim.getPosition()], factor);
      index = index ? b.add(index, part) : part;
    }
    indices.push_back(index ? b.add(index, constant) : b.index(constant));
  }
  return indices;
}

Value Expansion::load(FloatContraction::Operand operand, const Point &point,
                      int64_t count) {
  Value buffer = contraction.op->getOperand(operand);
  SmallVector<Value> indices = indicesOf(operand, point);
  auto type = VectorType::get(count, b.builder.getF32Type());
  if (!contraction.isInvariant(operand, contraction.lanes))
    return vector::LoadOp::create(b.builder, b.loc, type, buffer, indices);
  Value number = memref::LoadOp::create(b.builder, b.loc, buffer, indices);
  return vector::BroadcastOp::create(b.builder, b.loc, type, number);
}

SmallVector<Value> Expansion::emitStep(const Point &point, const Tile &tile,
                                       ValueRange sums) {
  // What is the same for all positions is loaded once.
  auto loadRow = [&](FloatContraction::Operand operand, int64_t position) {
    SmallVector<Value> row;
    int64_t lane = 0;
    for (int64_t count : tile.panel) {
      row.push_back(load(operand, at(point, position, lane), count));
      lane += count;
    }
    return row;
  };
  SmallVector<Value> shared[2], results;
  for (int64_t position = 0; position != tile.positions; ++position) {
    SmallVector<Value> factors[2];
    for (auto operand : {FloatContraction::Lhs, FloatContraction::Rhs}) {
      bool isShared = !across || contraction.isInvariant(operand, *across);
      if (!isShared)
        factors[operand] = loadRow(operand, position);
      else if (position == 0)
        shared[operand] = loadRow(operand, 0);
      if (isShared)
        factors[operand] = shared[operand];
    }
    for (auto [lhs, rhs] : llvm::zip_equal(factors[0], factors[1])) {
      Value product = arith::MulFOp::create(b.builder, b.loc, lhs, rhs);
      results.push_back(arith::AddFOp::create(b.builder, b.loc,
                                              sums[results.size()], product));
    }
  }
  return results;
}

SmallVector<Value> Expansion::emitSums(Point point, const Tile &tile,
                                       unsigned dimension, ValueRange sums) {
  while (dimension != contraction.extents.size() &&
         !contraction.isReduction[dimension])
    ++dimension;
  if (dimension == contraction.extents.size())
    return emitStep(point, tile, sums);
  return b.loop(contraction.extents[dimension], 1, sums,
                [&](Value position, ValueRange carried) {
                  point[dimension] = position;
                  return emitSums(point, tile, dimension + 1, carried);
                });
}

void Expansion::emitTile(Point point, const Tile &tile) {
  auto forEachVector = [&](function_ref<void(const Point &, int64_t)> body) {
    for (int64_t position = 0; position != tile.positions; ++position) {
      int64_t lane = 0;
      for (int64_t count : tile.panel) {
        body(at(point, position, lane), count);
        lane += count;
      }
    }
  };
  SmallVector<Value> sums;
  forEachVector([&](const Point &place, int64_t count) {
    sums.push_back(load(FloatContraction::Result, place, count));
  });
  sums = emitSums(point, tile, 0, sums);
  auto next = sums.begin();
  Value result = contraction.op.getDpsInits()[0];
  forEachVector([&](const Point &place, int64_t) {
    vector::StoreOp::create(b.builder, b.loc, *next++, result,
                            indicesOf(FloatContraction::Result, place));
  });
}

void Expansion::emitPanel(Point point, const Panel &panel) {
  // The dimensions that are neither summed nor tiled, one in the other.
  SmallVector<unsigned> outer;
  for (unsigned i = 0; i != point.size(); ++i)
    if (!contraction.isReduction[i] && i != contraction.lanes && i != across)
      outer.push_back(i);
  std::function<void(size_t)> emitOuter = [&](size_t depth) {
    if (depth != outer.size()) {
      b.forEach(contraction.extents[outer[depth]], 1, [&](Value position) {
        point[outer[depth]] = position;
        emitOuter(depth + 1);
      });
      return;
    }
    if (!across)
      return emitTile(point, {panel, 1});
    int64_t extent = contraction.extents[*across];
    // Tiles of equal size, as far as the extent allows.
    int64_t tiles = llvm::divideCeil(extent, mostPositions(panel));
    int64_t size = llvm::divideCeil(extent, tiles);
    b.forEach(extent / size, size, [&](Value position) {
      point[*across] = position;
      emitTile(point, {panel, size});
    });
    if (int64_t rest = extent % size) {
      point[*across] = b.index(extent - rest);
      emitTile(point, {panel, rest});
    }
  };
  emitOuter(0);
}

void Expansion::emit() {
  Point origin(contraction.extents.size(), b.index(0));
  int64_t extent = contraction.extents[contraction.lanes];
  int64_t width = mostVectors() * lanes, whole = extent / width * width;
  b.forEach(extent / width, width, [&](Value position) {
    Point point = origin;
    point[contraction.lanes] = position;
    emitPanel(point, Panel(mostVectors(), lanes));
  });
  if (whole == extent)
    return;
  // What is left, in vectors that grow shorter.
  Panel panel;
  int64_t rest = extent - whole;
  for (int64_t count = lanes; count != 0; count /= 2)
    for (; rest >= count; rest -= count)
      panel.push_back(count);
  origin[contraction.lanes] = b.index(whole);
  emitPanel(origin, panel);
}

namespace {

struct ExpandFloatContractions
    : impl::ExpandFloatContractionsBase<ExpandFloatContractions> {
  using Base::Base;

  void runOnOperation() override {
    if (lanes == 0)
      return;
    SymbolTable symbols(getOperation());
    std::vector<FloatContraction> contractions;
    getOperation().walk([&](linalg::GenericOp op) {
      if (!op.hasPureBufferSemantics())
        return;
      if (auto contraction = FloatContraction::match(op))
        contractions.push_back(*contraction);
    });
    IRRewriter rewriter(&getContext());
    for (const FloatContraction &contraction : contractions) {
      linalg::GenericOp op = contraction.op;
      remarkPassed(op.getLoc(), "expand-float-contractions") << remark::add(
          "computes {0} results in each of its vectors", int64_t(lanes));
      rewriter.setInsertionPoint(op);
      KernelBuilder builder(rewriter, op.getLoc(), symbols, /*alignment=*/16);
      Expansion(builder, contraction, lanes, registers).emit();
      rewriter.eraseOp(op);
    }
  }
};

} // namespace
} // namespace quantcc
