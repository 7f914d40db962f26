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
  SmallVector<Value> emitRow(const Emission &e, TileShape tile, Value input,
                             Value weights, ValueRange before);
};

} // namespace

/// Adds to `sums` what row `row` of the window gives, which begins at `input`.
SmallVector<Value> Depthwise::emitRow(const Emission &e, TileShape tile,
                                      Value input, Value weights,
                                      ValueRange before) {
  RvvBuilder &b = e.b;
  SmallVector<Value> sums(before);
  int64_t stride = op.getStrides()[1], dilation = op.getDilations()[1];
  int64_t width = op.getKernelWidth();
  int64_t last = (tile.columns - 1) * stride + (width - 1) * dilation;
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
        taps[tap] = b.loadExtended(e.weights, b.add(weights, tap * channels()));
      Value &sum = sums[distance / stride];
      sum = b.multiplyAdd(sum, bytes, taps[tap]);
    }
  }
  return sums;
}

void Depthwise::emitStrip(const Emission &e) {
  // Of 32 registers a sum takes four and a weight of the row two; LLVM loads
  // some inputs ahead, and more where pixels share few. Weights take as long as
  // two pixels.
  int64_t inputs = op.getStrides()[1] == 1 ? 4 : 8;
  int64_t most =
      std::max<int64_t>((32 - 2 * op.getKernelWidth() - inputs) / 4, 1);
  TileShape tile = chooseTile(most, /*overhead=*/2, /*mostRows=*/1);
  forEachTile(e.b, tile, [&](Value input, Value output) {
    RvvBuilder &b = e.b;
    Value first = b.add(input, e.channel);
    int64_t rowWeights = op.getKernelWidth() * channels();
    // A loop, so that each row's weights and inputs are loaded when those of
    // the row before are done with.
    auto emitPass = [&](Value pass, ValueRange sums) {
      Value begin =
          b.add(e.channel, b.multiply(pass, op.getKernelHeight() * rowWeights));
      return b.keptLoop(
          op.getKernelHeight(), 1, sums, [&](Value row, ValueRange sums) {
            Value bytes = b.add(
                first, b.multiply(row, op.getDilations()[0] * inStrides[1]));
            Value weights = b.add(begin, b.multiply(row, rowWeights));
            return emitRow(e, tile, bytes, weights, sums);
          });
    };
    SmallVector<Value> sums =
        b.loop(constants.passes(), 1, loadBias(e, tile), emitPass);
    storeSums(e, tile, output, sums);
  });
}

std::unique_ptr<Kernel>
quantcc::createRvvDepthwise(FusedConv2DOp op,
                            const KernelConstants &constants) {
  return std::make_unique<Depthwise>(op, constants);
}
