//===- Avx512WideVectors.cpp - Values of 16 bits with AVX-512 VNNI --------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Products of pairs: vpdpwssd adds two of them to each of 16 sums. Weights are
// widened as they are loaded.
//
//===----------------------------------------------------------------------===//

#include "Kernels/WideVectors.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>

using namespace mlir;
using namespace quantcc;

namespace {

constexpr int64_t kSums = 16, kPair = 2;

class Avx512WideVectors : public WideVectors {
public:
  int64_t lanes() const override { return kSums; }
  int64_t tapsOfStep() const override { return kPair; }
  int64_t tapsOfLoad() const override { return kPair; }
  int64_t mostVectors() const override { return 4; }
  // 32 registers, of which some hold weights and taps.
  int64_t pixelsFor(int64_t vectors) const override {
    return vectors == 4 ? 6 : vectors == 3 ? 8 : vectors == 2 ? 12 : 16;
  }

  Value loadTaps(KernelBuilder &b, Value row, Value position,
                 int64_t count) const override;
  Value loadWeights(KernelBuilder &b, Value weights,
                    Value position) const override;
  Value multiplyAdd(KernelBuilder &b, Value sums, Value taps, int64_t step,
                    Value weights) const override;
  void store(KernelBuilder &b, Value row, Value position, Value values,
             int64_t count) const override;

private:
  static VectorType sumsType(KernelBuilder &b) {
    return VectorType::get(kSums, b.builder.getI32Type());
  }
};

} // namespace

/// The pair, or one tap and zero, for all channels.
Value Avx512WideVectors::loadTaps(KernelBuilder &b, Value row, Value position,
                                  int64_t count) const {
  Type i16 = b.builder.getI16Type(), i32 = b.builder.getI32Type();
  Value pair;
  if (count == kPair) {
    Value taps = vector::LoadOp::create(
        b.builder, b.loc, VectorType::get(kPair, i16), row, position);
    pair = vector::ExtractOp::create(
        b.builder, b.loc,
        vector::BitCastOp::create(b.builder, b.loc, VectorType::get(1, i32),
                                  taps),
        ArrayRef<int64_t>{0});
  } else {
    pair = arith::ExtUIOp::create(
        b.builder, b.loc, i32,
        memref::LoadOp::create(b.builder, b.loc, row, position));
  }
  return vector::BroadcastOp::create(b.builder, b.loc, sumsType(b), pair);
}

Value Avx512WideVectors::loadWeights(KernelBuilder &b, Value weights,
                                     Value position) const {
  constexpr int64_t count = kSums * kPair;
  Value bytes = vector::LoadOp::create(
      b.builder, b.loc, VectorType::get(count, b.builder.getI8Type()), weights,
      position);
  Value wide = arith::ExtSIOp::create(
      b.builder, b.loc, VectorType::get(count, b.builder.getI16Type()), bytes);
  return vector::BitCastOp::create(b.builder, b.loc, sumsType(b), wide);
}

Value Avx512WideVectors::multiplyAdd(KernelBuilder &b, Value sums, Value taps,
                                     int64_t, Value weights) const {
  auto pairs = VectorType::get(kSums * kPair, b.builder.getI16Type());
  auto asPairs = [&](Value value) -> Value {
    return vector::BitCastOp::create(b.builder, b.loc, pairs, value);
  };
  return LLVM::CallIntrinsicOp::create(
             b.builder, b.loc, sums.getType(),
             b.builder.getStringAttr("llvm.x86.avx512.vpdpwssd.512"),
             ValueRange{sums, asPairs(taps), asPairs(weights)})
      .getResult(0);
}

void Avx512WideVectors::store(KernelBuilder &b, Value row, Value position,
                              Value values, int64_t count) const {
  int64_t size = cast<VectorType>(values.getType()).getNumElements();
  if (count == size)
    return WideVectors::store(b, row, position, values, count);
  SmallVector<bool> isStored(size);
  std::fill_n(isStored.begin(), count, true);
  Value mask = arith::ConstantOp::create(
      b.builder, b.loc,
      DenseElementsAttr::get(VectorType::get(size, b.builder.getI1Type()),
                             isStored));
  vector::MaskedStoreOp::create(b.builder, b.loc, row, position, mask, values);
}

const WideVectors &quantcc::getAvx512WideVectors() {
  static const Avx512WideVectors vectors;
  return vectors;
}
