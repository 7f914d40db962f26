//===- MveWideVectors.cpp - Values of 16 bits with Helium -----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// vmladav adds eight products to a sum in a register; weights are widened as
// they are loaded.
//
//===----------------------------------------------------------------------===//

#include "Kernels/WideVectors.h"
#include "MveBuilder.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>

using namespace mlir;
using namespace quantcc;

namespace {

constexpr int64_t kTaps = 8;

class MveWideVectors : public WideVectors {
public:
  int64_t lanes() const override { return 1; }
  int64_t tapsOfStep() const override { return kTaps; }
  int64_t tapsOfLoad() const override { return kTaps; }
  int64_t mostVectors() const override { return 2; }
  int64_t pixelsFor(int64_t) const override { return 2; }

  Value loadTaps(KernelBuilder &b, Value row, Value position,
                 int64_t count) const override {
    if (count == kTaps)
      return vector::LoadOp::create(b.builder, b.loc, tapsType(b), row,
                                    position);
    Value zeros = arith::ConstantOp::create(b.builder, b.loc,
                                            b.builder.getZeroAttr(tapsType(b)));
    return vector::InsertOp::create(
        b.builder, b.loc,
        memref::LoadOp::create(b.builder, b.loc, row, position), zeros,
        ArrayRef<int64_t>{0});
  }
  Value loadWeights(KernelBuilder &b, Value weights,
                    Value position) const override {
    Value bytes = vector::LoadOp::create(
        b.builder, b.loc, VectorType::get(kTaps, b.builder.getI8Type()),
        weights, position);
    return arith::ExtSIOp::create(b.builder, b.loc, tapsType(b), bytes);
  }
  Value multiplyAdd(KernelBuilder &b, Value sums, Value taps, int64_t,
                    Value weights) const override {
    Value sum =
        vector::ExtractOp::create(b.builder, b.loc, sums, ArrayRef<int64_t>{0});
    sum = MveBuilder(b).dotHalves(taps, weights, sum);
    return vector::BroadcastOp::create(b.builder, b.loc, sums.getType(), sum);
  }

private:
  static VectorType tapsType(KernelBuilder &b) {
    return VectorType::get(kTaps, b.builder.getI16Type());
  }
};

/// Sixteen products of bytes.
class MveByteProducts : public WideVectors {
public:
  int64_t lanes() const override { return 1; }
  bool hasByteTaps() const override { return true; }
  int64_t tapsOfStep() const override { return kBytes; }
  int64_t tapsOfLoad() const override { return kBytes; }
  int64_t mostVectors() const override { return 2; }
  int64_t pixelsFor(int64_t) const override { return 2; }

  Value loadTaps(KernelBuilder &b, Value row, Value position,
                 int64_t) const override {
    return loadWeights(b, row, position);
  }
  Value loadWeights(KernelBuilder &b, Value weights,
                    Value position) const override {
    return vector::LoadOp::create(
        b.builder, b.loc, VectorType::get(kBytes, b.builder.getI8Type()),
        weights, position);
  }
  Value multiplyAdd(KernelBuilder &b, Value sums, Value taps, int64_t,
                    Value weights) const override {
    Value sum =
        vector::ExtractOp::create(b.builder, b.loc, sums, ArrayRef<int64_t>{0});
    sum = MveBuilder(b).dot(taps, weights, sum);
    return vector::BroadcastOp::create(b.builder, b.loc, sums.getType(), sum);
  }

private:
  static constexpr int64_t kBytes = 16;
};

} // namespace

const WideVectors &quantcc::getMveByteProducts() {
  static const MveByteProducts products;
  return products;
}

const WideVectors &quantcc::getMveWideVectors() {
  static const MveWideVectors vectors;
  return vectors;
}
