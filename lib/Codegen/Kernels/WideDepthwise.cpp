//===- WideDepthwise.cpp - Depthwise convolutions of 16 bits --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A vector of neighbouring channels of a few pixels: each tap of the window is
// one vector of weights for all of them.
//
//===----------------------------------------------------------------------===//

#include "WideKernel.h"

#include <mlir/Dialect/Vector/IR/VectorOps.h>

using namespace mlir;
using namespace quantcc;

namespace {

class Depthwise : public WideKernel {
public:
  Depthwise(FusedConv2DOp op, const KernelConstants &constants,
            const WideVectors &vectors);

private:
  std::vector<int8_t> packWeights(const WidePanel &panel) const override;
  void emitPanel(const Emission &e, const Place &place) override;
};

} // namespace

Depthwise::Depthwise(FusedConv2DOp op, const KernelConstants &constants,
                     const WideVectors &vectors)
    : WideKernel(op, constants, vectors) {
  // Vectors of fewer channels for the last ones: they read what is there.
  for (int64_t begin = 0; begin != out[3];) {
    int64_t lanes = vectors.lanes();
    while (lanes > out[3] - begin)
      lanes /= 2;
    panels.push_back({begin, lanes, 1, lanes});
    begin += lanes;
  }
}

/// By tap and channel.
std::vector<int8_t> Depthwise::packWeights(const WidePanel &panel) const {
  std::vector<int8_t> packed;
  for (int64_t tap = 0; tap != constants.taps(); ++tap)
    for (int64_t channel = 0; channel != panel.channels; ++channel)
      packed.push_back(constants.weight(panel.begin + channel, tap));
  return packed;
}

void Depthwise::emitPanel(const Emission &e, const Place &place) {
  KernelBuilder &b = e.b;
  const WidePanel &panel = place.panel;
  int64_t down = op.getDilations()[0] * inStrides[1];
  int64_t right = op.getDilations()[1] * inStrides[2];
  TileShape tile = chooseTile(vectors.depthwisePixels(), /*overhead=*/1);
  auto load = [&](Value row, Value position) -> Value {
    Type element = cast<MemRefType>(row.getType()).getElementType();
    return vector::LoadOp::create(
        b.builder, b.loc, VectorType::get(panel.lanes, element), row, position);
  };
  forEachTile(b, tile, [&](Value input, Value output) {
    Value from = b.add(input, place.channel);
    Value weights = b.opaque(place.weights);
    SmallVector<Value> sums(tile.pixels(), loadBias(e, place).front());
    SmallVector<Value> outputs;
    for (int64_t pixel = 0; pixel != tile.pixels(); ++pixel)
      outputs.push_back(
          b.add(b.add(output, place.channel), outputOffset(tile, pixel)));
    int64_t rowWeights = op.getKernelWidth() * panel.lanes;
    sums = b.loop(
        op.getKernelHeight(), 1, sums, [&](Value row, ValueRange rowSums) {
          SmallVector<Value> results(rowSums);
          Value rowInput = b.add(from, b.multiply(row, down));
          Value rowBegin = b.add(weights, b.multiply(row, rowWeights));
          for (int64_t x = 0; x != op.getKernelWidth(); ++x) {
            Value vector = load(e.weights, b.add(rowBegin, x * panel.lanes));
            for (auto [pixel, sum] : llvm::enumerate(results)) {
              Value place =
                  b.add(rowInput, x * right + inputOffset(tile, pixel));
              sum = vectors.multiplyAddLanes(b, sum, load(e.input, place),
                                             vector);
            }
          }
          return results;
        });
    storeSums(e, place, sums, outputs);
  });
}

std::unique_ptr<Kernel>
quantcc::createWideDepthwise(FusedConv2DOp op, const KernelConstants &constants,
                             const WideVectors &vectors) {
  return std::make_unique<Depthwise>(op, constants, vectors);
}
