//===- DspWideVectors.cpp - Values of 16 bits with Arm DSP ----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// smlad takes two taps of one channel; four weights are one load, widened to
// two pairs.
//
//===----------------------------------------------------------------------===//

#include "DspBuilder.h"
#include "Kernels/WideVectors.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>

using namespace mlir;
using namespace quantcc;

namespace {

constexpr int64_t kTaps = 4, kWordBits = 32;

class DspWideVectors : public WideVectors {
public:
  int64_t lanes() const override { return 1; }
  int64_t tapsOfStep() const override { return kTaps; }
  int64_t tapsOfLoad() const override { return kTaps; }
  int64_t mostVectors() const override { return 2; }
  int64_t pixelsFor(int64_t) const override { return 2; }
  int64_t depthwisePixels() const override { return 4; }
  // Bytes 0 and 2 of a word are widened to one pair, bytes 1 and 3 to another.
  int64_t tapOfWeight(int64_t index) const override {
    return index / 2 + index % 2 * 2;
  }

  Value loadTaps(KernelBuilder &b, Value row, Value position,
                 int64_t count) const override {
    Type i64 = b.builder.getI64Type();
    if (count == 1)
      return arith::ExtUIOp::create(
          b.builder, b.loc, i64,
          memref::LoadOp::create(b.builder, b.loc, row, position));
    return join(b, loadWord(b, row, position, 2),
                loadWord(b, row, b.add(position, 2), 2));
  }
  Value loadWeights(KernelBuilder &b, Value weights,
                    Value position) const override {
    HalfPairs pairs =
        DspBuilder(b).widen(loadWord(b, weights, position, kTaps));
    return join(b, pairs.even, pairs.odd);
  }
  Value multiplyAdd(KernelBuilder &b, Value sums, Value taps, int64_t,
                    Value weights) const override {
    Value sum =
        vector::ExtractOp::create(b.builder, b.loc, sums, ArrayRef<int64_t>{0});
    for (int64_t half : {0, 1})
      sum = DspBuilder(b).dot(part(b, taps, half), part(b, weights, half), sum);
    return vector::BroadcastOp::create(b.builder, b.loc, sums.getType(), sum);
  }

private:
  /// `count` elements as one word.
  static Value loadWord(KernelBuilder &b, Value row, Value position,
                        int64_t count) {
    Type element = cast<MemRefType>(row.getType()).getElementType();
    Value elements = vector::LoadOp::create(
        b.builder, b.loc, VectorType::get(count, element), row, position);
    Value word = vector::BitCastOp::create(
        b.builder, b.loc, VectorType::get(1, b.builder.getI32Type()), elements);
    return vector::ExtractOp::create(b.builder, b.loc, word,
                                     ArrayRef<int64_t>{0});
  }

  /// Two words as one value, and back.
  static Value join(KernelBuilder &b, Value lower, Value upper) {
    Type i64 = b.builder.getI64Type();
    Value high = arith::ExtUIOp::create(b.builder, b.loc, i64, upper);
    high = arith::ShLIOp::create(
        b.builder, b.loc, high,
        arith::ConstantIntOp::create(b.builder, b.loc, i64, kWordBits));
    return arith::OrIOp::create(
        b.builder, b.loc, high,
        arith::ExtUIOp::create(b.builder, b.loc, i64, lower));
  }
  static Value part(KernelBuilder &b, Value both, int64_t half) {
    if (half == 1)
      both = arith::ShRUIOp::create(
          b.builder, b.loc, both,
          arith::ConstantIntOp::create(b.builder, b.loc, both.getType(),
                                       kWordBits));
    return arith::TruncIOp::create(b.builder, b.loc, b.builder.getI32Type(),
                                   both);
  }
};

} // namespace

const WideVectors &quantcc::getDspWideVectors() {
  static const DspWideVectors vectors;
  return vectors;
}
