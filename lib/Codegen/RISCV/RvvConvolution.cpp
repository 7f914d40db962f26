//===- RvvConvolution.cpp - Convolutions with RISC-V's vectors ------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tile of pixels times a strip of channels stays in registers while the loops
// run over the window. Each step multiplies one byte of each pixel, the same
// for all channels, with the weights of one tap of the channels.
//
//===----------------------------------------------------------------------===//

#include "RvvKernel.h"

using namespace mlir;
using namespace quantcc;

namespace {

/// Steps in one turn of the innermost loop.
constexpr int64_t kUnrolled = 8;

class Convolution : public RvvKernel {
public:
  Convolution(FusedConv2DOp op, const KernelConstants &constants)
      : RvvKernel(op, constants) {}

private:
  std::vector<int8_t> packWeights() const override;
  void emitStrip(const Emission &e) override;
  SmallVector<Value> emitRun(const Emission &e, TileShape tile, Value input,
                             Value weights, ValueRange sums);
  SmallVector<Value> emitSteps(const Emission &e, TileShape tile, Value input,
                               Value weights, int64_t count, ValueRange sums);

  /// Bytes of the weights of `taps` taps, from an even one on.
  int64_t bytesOf(int64_t taps) const {
    return (hasNibbles ? llvm::divideCeil(taps, 2) : taps) * channels();
  }
};

} // namespace

/// By run, tap or pair of taps, then channel.
std::vector<int8_t> Convolution::packWeights() const {
  if (!hasNibbles)
    return RvvKernel::packWeights();
  std::vector<int8_t> packed;
  for (int64_t run = 0; run != numRuns(); ++run) {
    std::vector<int8_t> weights;
    // The last of an odd number is alone.
    int64_t end = llvm::alignTo<2>(runBytes);
    for (int64_t tap = 0; tap != end; ++tap)
      for (int64_t channel = 0; channel != channels(); ++channel)
        weights.push_back(tap < runBytes
                              ? constants.weight(channel, run * runBytes + tap)
                              : 0);
    llvm::append_range(packed, packNibbles(weights, channels()));
  }
  return packed;
}

SmallVector<Value> Convolution::emitSteps(const Emission &e, TileShape tile,
                                          Value input, Value weights,
                                          int64_t count, ValueRange sums) {
  RvvBuilder &b = e.b;
  SmallVector<Value> results(sums);
  Value vector, nibbles;
  for (int64_t step = 0; step != count; ++step) {
    bool isUpper = step % 2 != 0;
    if (!hasNibbles || !isUpper)
      nibbles = vector =
          b.loadExtended(e.weights, b.add(weights, bytesOf(step)));
    if (hasNibbles)
      vector = b.spreadNibbles(nibbles, isUpper);
    for (auto [pixel, sum] : llvm::enumerate(results)) {
      Value place = b.add(input, inputOffset(tile, pixel) + step);
      sum = b.multiplyAdd(sum, b.loadScalar(e.input, place), vector);
    }
  }
  return results;
}

SmallVector<Value> Convolution::emitRun(const Emission &e, TileShape tile,
                                        Value input, Value weights,
                                        ValueRange sums) {
  RvvBuilder &b = e.b;
  SmallVector<Value> results(sums);
  int64_t whole = runBytes / kUnrolled, done = whole * kUnrolled;
  if (whole > 0)
    results = b.loop(whole, 1, results, [&](Value turn, ValueRange sums) {
      return emitSteps(e, tile, b.add(input, b.multiply(turn, kUnrolled)),
                       b.add(weights, b.multiply(turn, bytesOf(kUnrolled))),
                       kUnrolled, sums);
    });
  return emitSteps(e, tile, b.add(input, done), b.add(weights, bytesOf(done)),
                   runBytes - done, results);
}

void Convolution::emitStrip(const Emission &e) {
  TileShape tile = chooseTile(pixels(), /*overhead=*/1);
  forEachTile(e.b, tile, [&](Value input, Value output) {
    SmallVector<Value> sums =
        forEachRun(e.b, input, e.channel, bytesOf(runBytes), loadBias(e, tile),
                   [&](Value from, Value weights, ValueRange sums) {
                     return emitRun(e, tile, from, weights, sums);
                   });
    storeSums(e, tile, output, sums);
  });
}

std::unique_ptr<Kernel>
quantcc::createRvvConvolution(FusedConv2DOp op,
                              const KernelConstants &constants) {
  return std::make_unique<Convolution>(op, constants);
}
