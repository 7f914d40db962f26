//===- NeonProducts.cpp - Products of activations with NEON ---------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Vectors of eight sums, in two registers.
//
//===----------------------------------------------------------------------===//

#include "NeonProducts.h"

#include <mlir/Dialect/Arith/IR/Arith.h>

using namespace mlir;
using namespace quantcc;

namespace {

constexpr int64_t kSums = 2 * kNeonLanes;

class ByteProducts : public WideVectors {
public:
  int64_t lanes() const override { return kSums; }
  bool hasByteTaps() const override { return true; }
  int64_t tapsOfStep() const override { return 4; }
  int64_t tapsOfLoad() const override { return kNeonBytes; }
  int64_t mostVectors() const override { return 2; }
  int64_t pixelsFor(int64_t vectors) const override {
    return vectors == 2 ? 5 : 8;
  }

  Value loadTaps(KernelBuilder &b, Value row, Value position,
                 int64_t count) const override {
    return NeonBuilder(b, NeonVersion::AArch64).loadBytes(row, position, count);
  }
  Value loadWeights(KernelBuilder &b, Value weights,
                    Value position) const override {
    return NeonBuilder(b, NeonVersion::AArch64)
        .load(weights, position, 2 * kNeonBytes);
  }
  Value multiplyAdd(KernelBuilder &builder, Value sums, Value taps,
                    int64_t step, Value weights) const override {
    NeonBuilder b(builder, NeonVersion::AArch64);
    Value word = b.broadcastWord(taps, step);
    auto half = [&](int64_t index) {
      return b.dot(b.slice(sums, index * kNeonLanes, kNeonLanes),
                   b.slice(weights, index * kNeonBytes, kNeonBytes), word);
    };
    Value lower = half(0);
    return b.concatenate(lower, half(1));
  }
};

class Narrowing : public HighProductNarrowing {
public:
  Narrowing(HighProductForm form, StoredRange clamp, NeonVersion version)
      : HighProductNarrowing(encodeForNeon(std::move(form)), clamp),
        version(version) {}

  Value emit(KernelBuilder &builder, Value sums) const override {
    NeonBuilder b(builder, version);
    const HighProduct &product = form.channels.front();
    auto constant = [&](int64_t value) {
      return b.constantOf(b.wordsType(), value);
    };
    NeonHighProducts numbers{
        constant(product.multiplier), constant(product.offset),
        form.shift ? Value() : constant(-product.shift),
        form.preShift ? Value() : constant(product.preShift)};
    SmallVector<Value> rounded;
    for (int64_t first = 0; first != kSums; first += kNeonLanes) {
      Value part = b.slice(sums, first, kNeonLanes);
      if (product.biasOffset != 0)
        part = b.addWords(part, constant(product.biasOffset));
      rounded.push_back(b.round(form, part, numbers));
    }
    return b.narrow(rounded, clamp.min, clamp.max);
  }

private:
  NeonVersion version;
};

} // namespace

const WideVectors &quantcc::getNeonByteProducts() {
  static const ByteProducts products;
  return products;
}

std::unique_ptr<SumNarrowing>
quantcc::findNeonNarrowing(const ChannelRequantization &sums,
                           NeonVersion version) {
  std::optional<HighProductForm> form = findHighProductForm(sums);
  if (!form)
    return nullptr;
  return std::make_unique<Narrowing>(*form, sums.clamp, version);
}
