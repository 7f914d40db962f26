//===- MatMulKernel.cpp - Products of activations -------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The second operand is packed once, then a few rows of the first at a time. A
// tile of these rows by a panel of columns stays in registers while a loop runs
// over the depth. Zero points come in as terms of the rows, and of the columns
// where taps are bytes (docs/Numerics.md, N77).
//
//===----------------------------------------------------------------------===//

#include "MatMulKernel.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>

using namespace mlir;
using namespace quantcc;

namespace {

class MatMulKernel : public Kernel {
public:
  MatMulKernel(FusedMatMulOp op, const WideVectors &vectors,
               std::unique_ptr<SumNarrowing> narrowing);

  void describe(raw_ostream &stream) const override;
  SmallVector<Value> createConstants(KernelBuilder &) const override {
    return {};
  }
  int64_t scratchBytes() const override;
  void emit(const KernelBuilder &builder, ValueRange inputs, Value output,
            ValueRange constants) override;

private:
  /// What is in scratch memory, and the result.
  struct Emission {
    KernelBuilder &b;
    Value panels, taps, rowTerms, columnTerms, output;
  };
  /// Equal panels, of which the first begins at these bytes and columns.
  struct Group {
    WidePanel panel;
    int64_t count, bytes, columns;
  };

  void packPanels(const Emission &e, const Matrix &matrix) const;
  void addColumnTerms(const Emission &e) const;
  void packRows(const Emission &e, Matrix matrix) const;
  void emitTile(const Emission &e, Value place) const;
  /// Emits `body` for each panel, with where its bytes and its columns begin.
  void
  forEachPanel(KernelBuilder &b,
               function_ref<void(const WidePanel &, Value, Value)> body) const;
  /// The sums of the first `count` rows of taps with a panel.
  SmallVector<Value> multiply(const Emission &e, const WidePanel &panel,
                              Value place, int64_t count,
                              ValueRange sums) const;
  VectorType sumsType(KernelBuilder &b) const {
    return VectorType::get(vectors.lanes(), b.builder.getI32Type());
  }

  int64_t lhsZeroPoint() const { return int32_t(op.getLhsZeroPoint()); }
  int64_t rhsZeroPoint() const { return int32_t(op.getRhsZeroPoint()); }
  /// The tap that stands for a zero of the first operand; i16 are less their
  /// zero point already.
  int64_t zeroTap() const {
    return vectors.hasByteTaps() ? lhsZeroPoint() + vectors.tapOffset() : 0;
  }
  bool hasRowTerms() const { return rhsZeroPoint() != 0; }
  bool hasColumnTerms() const { return zeroTap() != 0; }

  /// A handle, whose accessors are not const.
  mutable FusedMatMulOp op;
  const WideVectors &vectors;
  std::unique_ptr<SumNarrowing> narrowing;
  MatMulOperands operands;
  std::vector<Group> groups;
  int64_t width = 0, tileRows = 1;
};

} // namespace

MatMulKernel::MatMulKernel(FusedMatMulOp op, const WideVectors &vectors,
                           std::unique_ptr<SumNarrowing> narrowing)
    : op(op), vectors(vectors), narrowing(std::move(narrowing)),
      operands(vectors, op.getDepth()) {
  int64_t bytes = 0;
  for (const WidePanel &panel : divideIntoPanels(op.getNumColumns(), vectors)) {
    bool isLike = !groups.empty() &&
                  groups.back().panel.channels == panel.channels &&
                  groups.back().panel.vectors == panel.vectors;
    if (isLike)
      ++groups.back().count;
    else
      groups.push_back({panel, 1, bytes, panel.begin});
    bytes += operands.bytesOf(panel);
    width += panel.width();
  }
  // Of equally many tiles the lowest: each packs its rows, the last some again.
  int64_t rows = op.getNumRows();
  int64_t most = vectors.pixelsFor(groups.front().panel.vectors);
  tileRows = llvm::divideCeil(rows, llvm::divideCeil(rows, most));
}

void MatMulKernel::describe(raw_ostream &stream) const {
  stream << " zero points " << lhsZeroPoint() << ' ' << rhsZeroPoint() << ' '
         << stringifyRounding(op.getRounding());
}

/// Parts of the scratch memory begin at multiples of the longest vectors.
static int64_t roundUp(int64_t bytes) { return llvm::alignTo(bytes, 64); }

int64_t MatMulKernel::scratchBytes() const {
  int64_t tapBytes = vectors.hasByteTaps() ? 1 : 2;
  return roundUp(operands.paddedDepth() * width) +
         roundUp(tileRows * operands.paddedDepth() * tapBytes) +
         (hasRowTerms() ? roundUp(tileRows * 4) : 0) +
         (hasColumnTerms() ? roundUp(width * 4) : 0);
}

void MatMulKernel::emit(const KernelBuilder &builder, ValueRange inputs,
                        Value output, ValueRange) {
  KernelBuilder b = builder;
  int64_t used = 0;
  auto take = [&](int64_t count, unsigned bits) -> Value {
    Type element = b.builder.getIntegerType(bits);
    Value view = memref::ViewOp::create(b.builder, b.loc,
                                        MemRefType::get({count}, element),
                                        b.scratch, b.index(used), ValueRange());
    used += roundUp(count * bits / 8);
    return view;
  };
  int64_t depth = operands.paddedDepth();
  Emission e{b,
             take(depth * width, 8),
             take(tileRows * depth, vectors.hasByteTaps() ? 8 : 16),
             hasRowTerms() ? take(tileRows, 32) : Value(),
             hasColumnTerms() ? take(width, 32) : Value(),
             b.flatten(output)};
  SmallVector<int64_t> lhs = stridesOf(inputs[0]), rhs = stridesOf(inputs[1]),
                       out = stridesOf(output);
  Value lhsBytes = b.flatten(inputs[0]), rhsBytes = b.flatten(inputs[1]);
  if (op.getTransposeRhs())
    std::swap(rhs[1], rhs[2]);
  b.remarkTile(tileRows);
  b.forEach(op.getNumBatches(), 1, [&](Value batch) {
    packPanels(e, {rhsBytes, b.multiply(batch, rhs[0]), rhs[1], rhs[2]});
    if (hasColumnTerms())
      addColumnTerms(e);
    b.forEachTile(op.getNumRows(), tileRows, [&](Value row) {
      Value first = b.add(b.multiply(batch, lhs[0]), b.multiply(row, lhs[1]));
      packRows(e, {lhsBytes, first, lhs[2], lhs[1]});
      emitTile(e, b.add(b.multiply(batch, out[0]), b.multiply(row, out[1])));
    });
  });
}

void MatMulKernel::forEachPanel(
    KernelBuilder &b,
    function_ref<void(const WidePanel &, Value, Value)> body) const {
  for (const Group &group : groups)
    b.forEach(group.count, 1, [&](Value index) {
      int64_t bytes = operands.bytesOf(group.panel);
      body(group.panel, b.add(b.multiply(index, bytes), group.bytes),
           b.add(b.multiply(index, group.panel.channels), group.columns));
    });
}

void MatMulKernel::packPanels(const Emission &e, const Matrix &matrix) const {
  KernelBuilder &b = e.b;
  forEachPanel(b, [&](const WidePanel &panel, Value place, Value column) {
    Matrix part = matrix;
    part.begin = b.add(matrix.begin, b.multiply(column, matrix.otherStride));
    operands.packPanel(b, panel, part, e.panels, place);
  });
}

SmallVector<Value> MatMulKernel::multiply(const Emission &e,
                                          const WidePanel &panel, Value place,
                                          int64_t count,
                                          ValueRange sums) const {
  KernelBuilder &b = e.b;
  int64_t taps = vectors.tapsOfLoad();
  return b.loop(operands.loads(), 1, sums, [&](Value load, ValueRange sums) {
    SmallVector<Value> results(sums), rows;
    for (int64_t row = 0; row != count; ++row)
      rows.push_back(
          b.add(b.multiply(load, taps), row * operands.paddedDepth()));
    Value weights = b.add(place, b.multiply(load, taps * panel.width()));
    vectors.multiplyAddLoad(b, {e.taps, rows, taps},
                            {e.panels, weights, panel.vectors}, results);
    return results;
  });
}

/// Each column's products with the tap that stands for zero, below zero.
void MatMulKernel::addColumnTerms(const Emission &e) const {
  KernelBuilder &b = e.b;
  operands.packEqual(b, zeroTap(), e.taps);
  Value zero = arith::ConstantOp::create(b.builder, b.loc,
                                         b.builder.getZeroAttr(sumsType(b)));
  forEachPanel(b, [&](const WidePanel &panel, Value place, Value column) {
    SmallVector<Value> sums(panel.vectors, zero);
    sums = multiply(e, panel, place, /*count=*/1, sums);
    for (auto [v, sum] : llvm::enumerate(sums))
      vector::StoreOp::create(
          b.builder, b.loc, arith::SubIOp::create(b.builder, b.loc, zero, sum),
          e.columnTerms, b.add(column, v * panel.lanes));
  });
}

void MatMulKernel::packRows(const Emission &e, Matrix matrix) const {
  KernelBuilder &b = e.b;
  Value begin = matrix.begin;
  b.forEach(tileRows, 1, [&](Value row) {
    matrix.begin = b.add(begin, b.multiply(row, matrix.otherStride));
    Value sum = operands.packRow(b, matrix, lhsZeroPoint(), e.taps,
                                 b.multiply(row, operands.paddedDepth()),
                                 hasRowTerms());
    if (!hasRowTerms())
      return;
    Value factor = arith::ConstantIntOp::create(
        b.builder, b.loc, b.builder.getI32Type(), -rhsZeroPoint());
    memref::StoreOp::create(
        b.builder, b.loc, arith::MulIOp::create(b.builder, b.loc, sum, factor),
        e.rowTerms, row);
  });
}

void MatMulKernel::emitTile(const Emission &e, Value place) const {
  KernelBuilder &b = e.b;
  int64_t rowStride = stridesOf(op.getInit())[1];
  forEachPanel(b, [&](const WidePanel &panel, Value weights, Value column) {
    SmallVector<Value> sums;
    for (int64_t row = 0; row != tileRows; ++row) {
      Value term;
      if (hasRowTerms())
        term = vector::BroadcastOp::create(
            b.builder, b.loc, sumsType(b),
            memref::LoadOp::create(b.builder, b.loc, e.rowTerms, b.index(row)));
      for (int64_t v = 0; v != panel.vectors; ++v) {
        Value sum = term;
        if (hasColumnTerms()) {
          sum = vector::LoadOp::create(b.builder, b.loc, sumsType(b),
                                       e.columnTerms,
                                       b.add(column, v * panel.lanes));
          if (term)
            sum = arith::AddIOp::create(b.builder, b.loc, sum, term);
        }
        if (!sum)
          sum = arith::ConstantOp::create(b.builder, b.loc,
                                          b.builder.getZeroAttr(sumsType(b)));
        sums.push_back(sum);
      }
    }
    sums = multiply(e, panel, weights, tileRows, sums);
    for (auto [index, sum] : llvm::enumerate(sums)) {
      int64_t row = index / panel.vectors;
      int64_t first = index % panel.vectors * panel.lanes;
      vectors.store(b, e.output,
                    b.add(b.add(place, column), row * rowStride + first),
                    narrowing->emit(b, sum),
                    std::min(panel.lanes, panel.channels - first));
    }
  });
}

std::unique_ptr<Kernel>
quantcc::createMatMulKernel(FusedMatMulOp op, const WideVectors &vectors,
                            std::unique_ptr<SumNarrowing> narrowing) {
  return std::make_unique<MatMulKernel>(op, vectors, std::move(narrowing));
}
