//===- WordNarrowing.cpp - From sums to bytes, one at a time --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// High products of single sums, on machines whose vectors of sums have one.
//
//===----------------------------------------------------------------------===//

#include "HighProductForm.h"
#include "PointerBuilder.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>

using namespace mlir;
using namespace quantcc;

namespace {

class WordNarrowing : public HighProductNarrowing {
public:
  using HighProductNarrowing::HighProductNarrowing;

  Value emit(KernelBuilder &builder, Value sums) const override {
    PointerBuilder b(builder);
    const HighProduct &product = form.channels.front();
    Value sum =
        vector::ExtractOp::create(b.builder, b.loc, sums, ArrayRef<int64_t>{0});
    if (product.biasOffset != 0)
      sum = arith::AddIOp::create(b.builder, b.loc, sum,
                                  b.word(product.biasOffset));
    if (product.preShift != 0)
      sum = b.shiftUp(sum, b.word(product.preShift));
    Value value = b.requantize(
        sum, {b.word(product.multiplier), b.word(product.offset), Value()},
        form.kind, product.shift, clamp.min, clamp.max);
    Type i8 = b.builder.getI8Type();
    return vector::BroadcastOp::create(
        b.builder, b.loc, VectorType::get(1, i8),
        arith::TruncIOp::create(b.builder, b.loc, i8, value));
  }
};

} // namespace

std::unique_ptr<SumNarrowing>
quantcc::findWordNarrowing(const ChannelRequantization &sums) {
  if (std::optional<HighProductForm> form = findHighProductForm(sums))
    return std::make_unique<WordNarrowing>(*form, sums.clamp);
  return findWideNarrowing(sums);
}
