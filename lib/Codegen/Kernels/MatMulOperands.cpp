//===- MatMulOperands.cpp - Operands in the order of products -------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bytes are moved as vectors along whichever dimension is dense in memory.
//
//===----------------------------------------------------------------------===//

#include "MatMulOperands.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>
#include <numeric>

using namespace mlir;
using namespace quantcc;

/// Every second element of each.
static Value interleave(KernelBuilder &b, Value lhs, Value rhs) {
  int64_t count = cast<VectorType>(lhs.getType()).getNumElements();
  SmallVector<int64_t> order;
  for (int64_t i = 0; i != count; ++i)
    order.append({i, count + i});
  return vector::ShuffleOp::create(b.builder, b.loc, lhs, rhs, order);
}

static Value zeros(KernelBuilder &b, int64_t count, Type element) {
  return arith::ConstantOp::create(
      b.builder, b.loc, b.builder.getZeroAttr(VectorType::get(count, element)));
}

/// `count` elements of `row` that are `stride` apart, and zeros up to `size`.
static Value loadElements(KernelBuilder &b, Value row, Value position,
                          int64_t stride, int64_t count, int64_t size) {
  Type element = cast<MemRefType>(row.getType()).getElementType();
  if (count == 0)
    return zeros(b, size, element);
  if (stride == 1 || count == 1) {
    Value vector = vector::LoadOp::create(
        b.builder, b.loc, VectorType::get(count, element), row, position);
    if (count == size)
      return vector;
    // Bytes beyond are dropped again.
    SmallVector<int64_t> order(size, 0);
    std::iota(order.begin(), order.begin() + count, 0);
    SmallVector<int8_t> mask(size, 0);
    std::fill_n(mask.begin(), count, -1);
    return arith::AndIOp::create(
        b.builder, b.loc,
        vector::ShuffleOp::create(b.builder, b.loc, vector, vector, order),
        arith::ConstantOp::create(
            b.builder, b.loc,
            DenseElementsAttr::get(VectorType::get(size, element),
                                   ArrayRef<int8_t>(mask))));
  }
  Value result = zeros(b, size, element);
  for (int64_t i = 0; i != count; ++i) {
    Value scalar = memref::LoadOp::create(b.builder, b.loc, row,
                                          b.add(position, i * stride));
    result = vector::InsertOp::create(b.builder, b.loc, scalar, result,
                                      ArrayRef<int64_t>{i});
  }
  return result;
}

//===----------------------------------------------------------------------===//
// The second operand
//===----------------------------------------------------------------------===//

/// Columns follow each other: a step's rows are interleaved.
void MatMulOperands::packAcross(KernelBuilder &b, const WidePanel &panel,
                                const Matrix &matrix, Value packed,
                                Value place) const {
  int64_t taps = vectors.tapsOfStep(), lanes = panel.lanes;
  auto packStep = [&](Value step, int64_t rows) {
    Value from =
        b.add(matrix.begin, b.multiply(step, taps * matrix.depthStride));
    Value to = b.add(place, b.multiply(step, taps * panel.width()));
    for (int64_t v = 0; v != panel.vectors; ++v) {
      int64_t columns = std::min(lanes, panel.channels - v * lanes);
      SmallVector<Value> parts;
      for (int64_t tap = 0; tap != taps; ++tap)
        parts.push_back(loadElements(
            b, matrix.row, b.add(from, tap * matrix.depthStride + v * lanes), 1,
            tap < rows ? columns : 0, lanes));
      // Of four: 0 with 2 and 1 with 3, then these.
      for (; parts.size() != 1; parts.resize(parts.size() / 2))
        for (size_t i = 0; i != parts.size() / 2; ++i)
          parts[i] = interleave(b, parts[i], parts[parts.size() / 2 + i]);
      vector::StoreOp::create(b.builder, b.loc, parts.front(), packed,
                              b.add(to, v * lanes * taps));
    }
  };
  int64_t whole = depth / taps;
  b.forEach(whole, 1, [&](Value step) { packStep(step, taps); });
  for (int64_t step = whole; step != paddedDepth() / taps; ++step)
    packStep(b.index(step), step == whole ? depth % taps : 0);
}

/// A step's bytes follow each other for one column.
void MatMulOperands::packAlong(KernelBuilder &b, const WidePanel &panel,
                               const Matrix &matrix, Value packed,
                               Value place) const {
  int64_t taps = vectors.tapsOfStep(), whole = depth / taps;
  b.forEach(panel.channels, 1, [&](Value column) {
    Value from = b.add(matrix.begin, b.multiply(column, matrix.otherStride));
    Value to = b.add(place, b.multiply(column, taps));
    auto packStep = [&](Value step, int64_t rows) {
      Value bytes =
          loadElements(b, matrix.row,
                       b.add(from, b.multiply(step, taps * matrix.depthStride)),
                       matrix.depthStride, rows, taps);
      vector::StoreOp::create(
          b.builder, b.loc, bytes, packed,
          b.add(to, b.multiply(step, taps * panel.width())));
    };
    b.forEach(whole, 1, [&](Value step) { packStep(step, taps); });
    for (int64_t step = whole; step != paddedDepth() / taps; ++step)
      packStep(b.index(step), step == whole ? depth % taps : 0);
  });
}

void MatMulOperands::packPanel(KernelBuilder &b, const WidePanel &panel,
                               const Matrix &matrix, Value packed,
                               Value place) const {
  if (matrix.otherStride == 1 && panel.lanes != 1)
    packAcross(b, panel, matrix, packed, place);
  else
    packAlong(b, panel, matrix, packed, place);
}

//===----------------------------------------------------------------------===//
// The first operand
//===----------------------------------------------------------------------===//

int64_t MatMulOperands::chunk() const {
  constexpr int64_t kBytes = 16;
  return vectors.lanes() == 1 ? vectors.tapsOfLoad() : kBytes;
}

Value MatMulOperands::packRow(KernelBuilder &b, const Matrix &matrix,
                              int64_t zeroPoint, Value packed, Value place,
                              bool addsUp) const {
  int64_t size = chunk(), whole = depth / size, rest = depth % size;
  auto widen = [&](Value values, Type element) -> Value {
    return arith::ExtSIOp::create(b.builder, b.loc,
                                  VectorType::get(size, element), values);
  };
  auto splat = [&](Type element, int64_t value, int64_t count) -> Value {
    SmallVector<Attribute> elements(size, b.builder.getIntegerAttr(element, 0));
    std::fill_n(
        elements.begin(), count,
        b.builder.getIntegerAttr(element, APInt(element.getIntOrFloatBitWidth(),
                                                value, /*isSigned=*/true)));
    return arith::ConstantOp::create(
        b.builder, b.loc,
        DenseElementsAttr::get(VectorType::get(size, element), elements));
  };
  // Packs `count` elements from `position` on, as `stored`, and adds them up.
  auto packChunk = [&](Value position, int64_t count, int64_t stored,
                       ValueRange carried) -> SmallVector<Value> {
    Value bytes = loadElements(
        b, matrix.row,
        b.add(matrix.begin, b.multiply(position, matrix.depthStride)),
        matrix.depthStride, count, size);
    Type i16 = b.builder.getI16Type(), i32 = b.builder.getI32Type();
    Value centred, taps;
    if (addsUp || !vectors.hasByteTaps()) {
      centred = widen(bytes, i16);
      if (zeroPoint != 0)
        centred = arith::SubIOp::create(b.builder, b.loc, centred,
                                        splat(i16, zeroPoint, count));
    }
    if (!vectors.hasByteTaps())
      taps = centred;
    else if (vectors.tapOffset() == 0)
      taps = bytes;
    else
      taps =
          arith::XOrIOp::create(b.builder, b.loc, bytes,
                                splat(b.builder.getI8Type(), INT8_MIN, count));
    SmallVector<int64_t> order;
    for (int64_t i = 0; i != stored; ++i)
      order.push_back(i - i % vectors.tapsOfStep() +
                      vectors.tapOfWeight(i % vectors.tapsOfStep()));
    if (stored != size || !llvm::is_sorted(order))
      taps = vector::ShuffleOp::create(b.builder, b.loc, taps, taps, order);
    vector::StoreOp::create(b.builder, b.loc, taps, packed,
                            b.add(place, position));
    if (!addsUp)
      return {};
    return {arith::AddIOp::create(b.builder, b.loc, carried.front(),
                                  widen(centred, i32))};
  };
  SmallVector<Value> sums;
  if (addsUp)
    sums.push_back(zeros(b, size, b.builder.getI32Type()));
  if (whole != 0)
    sums = b.loop(whole, size, sums, [&](Value position, ValueRange carried) {
      return packChunk(position, size, size, carried);
    });
  if (rest != 0)
    sums = packChunk(b.index(depth - rest), rest,
                     paddedDepth() - (depth - rest), sums);
  if (!addsUp)
    return {};
  return vector::ReductionOp::create(b.builder, b.loc,
                                     vector::CombiningKind::ADD, sums.front());
}

void MatMulOperands::packEqual(KernelBuilder &b, int64_t value,
                               Value packed) const {
  Type element = cast<MemRefType>(packed.getType()).getElementType();
  unsigned width = element.getIntOrFloatBitWidth();
  auto fill = [&](int64_t begin, int64_t end, int64_t value) {
    Value scalar = arith::ConstantOp::create(
        b.builder, b.loc,
        b.builder.getIntegerAttr(element, APInt(width, value, false, true)));
    b.forEach(end - begin, 1, [&](Value position) {
      memref::StoreOp::create(b.builder, b.loc, scalar, packed,
                              b.add(position, begin));
    });
  };
  fill(0, depth, value);
  fill(depth, paddedDepth(), 0);
}
