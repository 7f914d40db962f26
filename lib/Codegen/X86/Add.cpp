//===- Add.cpp - Quantized sums with x86 ----------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// As many sums at once as a vector has bytes, in the float form that was
// proved: two multiply-adds and one rounding.
//
//===----------------------------------------------------------------------===//

#include "X86Kernel.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>

using namespace mlir;
using namespace quantcc;

namespace {

class Add : public Kernel {
public:
  Add(FusedAddOp op, const X86Vectors &vectors);

  void describe(llvm::raw_ostream &) const override {}
  SmallVector<Value> createConstants(KernelBuilder &builder) const override;
  void emit(const KernelBuilder &builder, ValueRange inputs, Value output,
            ValueRange constants) override;

private:
  /// A place in lhs, rhs and result, in bytes from their beginnings.
  using Places = std::array<Value, 3>;

  void emitDimension(X86Builder &b, ArrayRef<Value> rows, size_t dimension,
                     Places places, ArrayRef<Value> numbers);
  void emitRun(X86Builder &b, ArrayRef<Value> rows, const Places &places,
               ArrayRef<Value> numbers, int64_t count);

  FusedAddOp op;
  FloatAddition form;
  const X86Vectors &vectors;
  /// Outer dimensions, and the bytes that follow each other in all buffers.
  SmallVector<int64_t> extents;
  std::array<SmallVector<int64_t>, 3> strides;
  int64_t run = 1;
};

} // namespace

std::optional<FloatAddition>
quantcc::findFloatAddition(FusedAddOp op, const X86Vectors &vectors) {
  auto i32 = [](uint32_t value) { return static_cast<int32_t>(value); };
  QuantizedAddition addition;
  addition.lhs = {i32(op.getLhsZeroPoint()),
                  {i32(op.getLhsMultiplier()), i32(op.getLhsShift())}};
  addition.rhs = {i32(op.getRhsZeroPoint()),
                  {i32(op.getRhsMultiplier()), i32(op.getRhsShift())}};
  addition.leftShift = i32(op.getLeftShift());
  addition.output = {i32(op.getOutputMultiplier()), i32(op.getOutputShift())};
  addition.rounding = op.getRounding();
  addition.zeroPoint = i32(op.getOutputZeroPoint());
  addition.clamp = {i32(op.getClampMin()), i32(op.getClampMax())};
  addition.isDifference = op.getSubtract();
  return findFloatAddition(addition, op.getBiasedOperands() ? 128 : 0,
                           vectors.hasMultiplyAdd);
}

Add::Add(FusedAddOp op, const X86Vectors &vectors)
    : op(op), form(*findFloatAddition(op, vectors)), vectors(vectors) {
  for (auto [index, buffer] : llvm::enumerate(op.getOperands()))
    strides[index] = stridesOf(buffer);
  llvm::append_range(extents,
                     cast<MemRefType>(op.getInit().getType()).getShape());
  while (!extents.empty() && llvm::all_of(strides, [&](ArrayRef<int64_t> each) {
    return each.back() == run || extents.back() == 1;
  })) {
    run *= extents.pop_back_val();
    for (SmallVector<int64_t> &each : strides)
      each.pop_back();
  }
}

SmallVector<Value> Add::createConstants(KernelBuilder &builder) const {
  return {builder.constant<float>("scales",
                                  {form.lhsScale, form.rhsScale, form.offset})};
}

void Add::emit(const KernelBuilder &kernelBuilder, ValueRange inputs,
               Value output, ValueRange constants) {
  X86Builder b(kernelBuilder, vectors);
  SmallVector<Value> rows;
  for (Value input : inputs)
    rows.push_back(b.flatten(input));
  rows.push_back(b.flatten(output));
  SmallVector<Value> numbers;
  for (int64_t i = 0; i != 3; ++i)
    numbers.push_back(b.broadcastFloat(constants.front(), b.index(i)));
  emitDimension(b, rows, 0, {b.index(0), b.index(0), b.index(0)}, numbers);
}

/// The dimensions from `dimension` on.
void Add::emitDimension(X86Builder &b, ArrayRef<Value> rows, size_t dimension,
                        Places places, ArrayRef<Value> numbers) {
  if (dimension != extents.size()) {
    b.forEach(extents[dimension], 1, [&](Value index) {
      Places inner;
      for (size_t i = 0; i != inner.size(); ++i)
        inner[i] = b.add(places[i], b.multiply(index, strides[i][dimension]));
      emitDimension(b, rows, dimension + 1, inner, numbers);
    });
    return;
  }
  auto emitAt = [&](Value position, int64_t count) {
    Places inner;
    for (size_t i = 0; i != inner.size(); ++i)
      inner[i] = b.add(places[i], position);
    emitRun(b, rows, inner, numbers, count);
  };
  int64_t whole = run / vectors.bytes;
  b.forEach(whole, vectors.bytes,
            [&](Value position) { emitAt(position, vectors.bytes); });
  if (run % vectors.bytes)
    emitAt(b.index(whole * vectors.bytes), run % vectors.bytes);
}

/// `count` neighbouring sums, as many as a vector has bytes at most.
void Add::emitRun(X86Builder &b, ArrayRef<Value> rows, const Places &places,
                  ArrayRef<Value> numbers, int64_t count) {
  Value lhs = b.loadBytes(rows[0], places[0], count, vectors.bytes);
  Value rhs = b.loadBytes(rows[1], places[1], count, vectors.bytes);
  SmallVector<Value> sums;
  for (int64_t first = 0; first != vectors.bytes; first += vectors.lanes()) {
    auto part = [&](Value bytes) {
      return b.toFloat(b.slice(bytes, first, vectors.lanes()),
                       op.getBiasedOperands());
    };
    Value inner = b.multiplyAdd(part(rhs), numbers[1], numbers[2]);
    sums.push_back(b.roundToWords(b.multiplyAdd(part(lhs), numbers[0], inner)));
  }
  Value bytes =
      b.narrow(sums, op.getClampMin(), op.getClampMax(), op.getBiasedResult());
  b.storeBytes(rows[2], places[2], b.separateRuns(bytes, 1), count);
}

std::unique_ptr<Kernel> quantcc::createX86Add(FusedAddOp op,
                                              const X86Vectors &vectors) {
  return std::make_unique<Add>(op, vectors);
}
