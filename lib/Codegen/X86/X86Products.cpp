//===- X86Products.cpp - Products of activations with x86 -----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Products of bytes, and constants of floating point in the code itself: all
// sums have one multiplier.
//
//===----------------------------------------------------------------------===//

#include "X86Products.h"
#include "X86Builder.h"

#include <mlir/Dialect/Arith/IR/Arith.h>

using namespace mlir;
using namespace quantcc;

Value X86ByteProducts::loadTaps(KernelBuilder &b, Value row, Value position,
                                int64_t) const {
  return X86Builder(b, vectors).broadcastFour(row, position);
}

Value X86ByteProducts::loadWeights(KernelBuilder &b, Value weights,
                                   Value position) const {
  return X86Builder(b, vectors).load(weights, position, vectors.bytes);
}

Value X86ByteProducts::multiplyAdd(KernelBuilder &b, Value sums, Value taps,
                                   int64_t, Value weights) const {
  return X86Builder(b, vectors).dot(sums, taps, weights);
}

namespace {

class FloatNarrowing : public SumNarrowing {
public:
  FloatNarrowing(const FloatRequantization &numbers, StoredRange clamp,
                 const X86Vectors &vectors)
      : numbers(numbers), clamp(clamp), vectors(vectors) {}

  std::string describe() const override {
    return std::string(numbers.form.isDouble ? "f64" : "f32") +
           (numbers.form.isSplit ? " split" : "");
  }
  Value emit(KernelBuilder &builder, Value sums) const override;

private:
  FloatRequantization numbers;
  StoredRange clamp;
  const X86Vectors &vectors;
};

} // namespace

Value FloatNarrowing::emit(KernelBuilder &builder, Value sums) const {
  X86Builder b(builder, vectors);
  int64_t parts = numbers.form.isDouble ? 2 : 1;
  Type element =
      parts == 2 ? Type(b.builder.getF64Type()) : Type(b.builder.getF32Type());
  auto splat = [&](double value) {
    Value constant = arith::ConstantOp::create(
        b.builder, b.loc,
        DenseElementsAttr::get(
            VectorType::get(vectors.lanes() / parts, element),
            b.builder.getFloatAttr(element, value)));
    return SmallVector<Value, 2>(parts, constant);
  };
  VectorScales scales;
  scales.form = numbers.form;
  scales.scales = splat(numbers.scale);
  scales.offsets = splat(numbers.offset);
  if (numbers.form.isSplit)
    scales.negativeOffsets = splat(numbers.negativeOffset);
  Value words = b.round(sums, scales);
  auto bound = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(
        b.builder, b.loc,
        DenseElementsAttr::get(b.wordsType(),
                               b.builder.getI32IntegerAttr(value)));
  };
  words = arith::MaxSIOp::create(b.builder, b.loc, words, bound(clamp.min));
  words = arith::MinSIOp::create(b.builder, b.loc, words, bound(clamp.max));
  return arith::TruncIOp::create(
      b.builder, b.loc, VectorType::get(vectors.lanes(), b.builder.getI8Type()),
      words);
}

std::unique_ptr<SumNarrowing>
quantcc::findFloatNarrowing(const ChannelRequantization &sums,
                            const X86Vectors &vectors,
                            ArrayRef<FloatForm> forms) {
  for (FloatForm form : forms)
    if (auto numbers = findFloatRequantization(sums, form))
      return std::make_unique<FloatNarrowing>(*numbers, sums.clamp, vectors);
  return nullptr;
}
