//===- ScalarWideVectors.cpp - Values of 16 bits without vectors ----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A step takes one tap; two are loaded at once, so that loops have two steps.
//
//===----------------------------------------------------------------------===//

#include "Kernels/WideVectors.h"
#include "ScalarKernels.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>

using namespace mlir;
using namespace quantcc;

namespace {

class ScalarWideVectors : public WideVectors {
public:
  int64_t lanes() const override { return 1; }
  int64_t tapsOfStep() const override { return 1; }
  int64_t tapsOfLoad() const override { return 2; }
  int64_t mostVectors() const override { return 4; }
  int64_t pixelsFor(int64_t) const override { return 2; }
  int64_t depthwisePixels() const override { return 4; }

  Value loadTaps(KernelBuilder &b, Value row, Value position,
                 int64_t count) const override {
    return loadWords(b, row, position, count);
  }
  Value loadWeights(KernelBuilder &b, Value weights,
                    Value position) const override {
    return loadWords(b, weights, position, 1);
  }
  Value multiplyAdd(KernelBuilder &b, Value sums, Value taps, int64_t step,
                    Value weights) const override {
    Value tap = vector::ExtractOp::create(b.builder, b.loc, taps,
                                          ArrayRef<int64_t>{step});
    Value word =
        vector::BroadcastOp::create(b.builder, b.loc, sums.getType(), tap);
    Value product = arith::MulIOp::create(b.builder, b.loc, word, weights);
    return arith::AddIOp::create(b.builder, b.loc, sums, product);
  }

private:
  /// `count` elements of `row`, with their signs, as i32.
  static Value loadWords(KernelBuilder &b, Value row, Value position,
                         int64_t count) {
    Type element = cast<MemRefType>(row.getType()).getElementType();
    Value elements = vector::LoadOp::create(
        b.builder, b.loc, VectorType::get(count, element), row, position);
    return arith::ExtSIOp::create(
        b.builder, b.loc, VectorType::get(count, b.builder.getI32Type()),
        elements);
  }
};

} // namespace

const WideVectors &quantcc::getScalarWideVectors() {
  static const ScalarWideVectors vectors;
  return vectors;
}
