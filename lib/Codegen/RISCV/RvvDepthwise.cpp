//===- RvvDepthwise.cpp - Depthwise with RISC-V's vectors -----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A strip of channels of a small tile of pixels stays in registers. The input
// is read row by row; each of its vectors is widened once, for all pixels of
// the tile in whose windows it lies, and with it those of the weights that this
// row needs.
//
//===----------------------------------------------------------------------===//

#include "RvvKernel.h"

using namespace mlir;
using namespace quantcc;

namespace {

class Depthwise : public RvvKernel {
public:
  Depthwise(FusedConv2DOp op, const KernelConstants &constants)
      : RvvKernel(op, constants) {}

private:
  void emitStrip(const Emission &e) override;
  void emitRow(const Emission &e, TileShape tile, Value input, int64_t row,
               SmallVector<Value> &sums);
};

} // namespace

/// Adds to `sums` what row `row` of the window gives, which begins at `input`.
void Depthwise::emitRow(const Emission &e, TileShape tile, Value input,
                        int64_t row, SmallVector<Value> &sums) {
  RvvBuilder &b = e.b;
  int64_t stride = op.getStrides()[1], dilation = op.getDilations()[1];
  int64_t width = op.getKernelWidth();
  int64_t last = (tile.columns - 1) * stride + (width - 1) * dilation;
  // The weights of this row alone: those of all would be kept, on the stack.
  Value weights = b.opaque(e.channel);
  SmallVector<Value> taps(width);
  // A column serves all pixels at once, and is done with.
  for (int64_t column = 0; column <= last; ++column) {
    Value bytes;
    for (int64_t tap = 0; tap != width; ++tap) {
      int64_t distance = column - tap * dilation;
      if (distance < 0 || distance % stride != 0 ||
          distance / stride >= tile.columns)
        continue;
      if (!bytes)
        bytes = b.loadExtended(e.input, b.add(input, column * inStrides[2]));
      if (!taps[tap])
        taps[tap] = b.loadExtended(
            e.weights, b.add(weights, (row * width + tap) * channels()));
      Value &sum = sums[distance / stride];
      sum = b.multiplyAdd(sum, bytes, taps[tap]);
    }
  }
}

void Depthwise::emitStrip(const Emission &e) {
  // The sums of more pixels, beside their inputs and a row's weights, would not
  // fit; the weights take as long as two pixels.
  int64_t most = op.getStrides()[1] == 1 ? 4 : 3;
  TileShape tile = chooseTile(most, /*overhead=*/2, /*mostRows=*/1);
  forEachTile(e.b, tile, [&](Value input, Value output) {
    SmallVector<Value> sums = loadBias(e, tile);
    Value first = e.b.add(input, e.channel);
    for (int64_t row = 0; row != op.getKernelHeight(); ++row)
      emitRow(e, tile,
              e.b.add(first, row * op.getDilations()[0] * inStrides[1]), row,
              sums);
    storeSums(e, tile, output, sums);
  });
}

std::unique_ptr<Kernel>
quantcc::createRvvDepthwise(FusedConv2DOp op,
                            const KernelConstants &constants) {
  return std::make_unique<Depthwise>(op, constants);
}
