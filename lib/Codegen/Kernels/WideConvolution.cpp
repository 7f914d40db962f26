//===- WideConvolution.cpp - Convolutions of values of 16 bits ------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tile of pixels times a panel of channels stays in registers while the loops
// run over the window. A step multiplies a few taps of a pixel, the same for
// all channels, with as many weights of each. What a run has beyond the taps of
// a load is taken tap by tap.
//
//===----------------------------------------------------------------------===//

#include "WideKernel.h"

using namespace mlir;
using namespace quantcc;

namespace {

class Convolution : public WideKernel {
public:
  Convolution(FusedConv2DOp op, const KernelConstants &constants,
              const WideVectors &vectors);

private:
  std::vector<int8_t> packWeights(const WidePanel &panel) const override;
  void emitPanel(const Emission &e, const Place &place) override;
  SmallVector<Value> emitRun(const Emission &e, const WidePanel &panel,
                             TileShape tile, Value input, Value weights,
                             ValueRange sums) const;

  /// Loads of a run that are whole, and their steps; the other steps have one
  /// tap each.
  int64_t loads() const { return runBytes / vectors.tapsOfLoad(); }
  int64_t stepsOfLoad() const {
    return vectors.tapsOfLoad() / vectors.tapsOfStep();
  }
  int64_t rest() const { return runBytes % vectors.tapsOfLoad(); }
  int64_t steps() const { return loads() * stepsOfLoad() + rest(); }
  int64_t stepWeights(const WidePanel &panel) const {
    return panel.width() * vectors.tapsOfStep();
  }
};

} // namespace

Convolution::Convolution(FusedConv2DOp op, const KernelConstants &constants,
                         const WideVectors &vectors)
    : WideKernel(op, constants, vectors) {
  panels = divideIntoPanels(out[3], vectors);
}

/// By run, step and channel.
std::vector<int8_t> Convolution::packWeights(const WidePanel &panel) const {
  std::vector<int8_t> packed;
  int64_t taps = vectors.tapsOfStep(), whole = loads() * stepsOfLoad();
  for (int64_t run = 0; run != numRuns(); ++run)
    for (int64_t step = 0; step != steps(); ++step)
      for (int64_t element = 0; element != panel.width(); ++element)
        for (int64_t i = 0; i != taps; ++i) {
          bool isWhole = step < whole;
          int64_t place = vectors.tapOfWeight(i);
          int64_t tap =
              isWhole ? step * taps + place : whole * taps + step - whole;
          bool isUsed = element < panel.channels && (isWhole || place == 0);
          packed.push_back(isUsed ? constants.weight(panel.begin + element,
                                                     run * runBytes + tap)
                                  : 0);
        }
  return packed;
}

SmallVector<Value> Convolution::emitRun(const Emission &e,
                                        const WidePanel &panel, TileShape tile,
                                        Value input, Value weights,
                                        ValueRange sums) const {
  KernelBuilder &b = e.b;
  auto emitLoad = [&](Value from, Value weights, int64_t taps,
                      SmallVector<Value> sums) {
    SmallVector<Value> pixels;
    for (int64_t pixel = 0; pixel != tile.pixels(); ++pixel)
      pixels.push_back(b.add(from, inputOffset(tile, pixel)));
    vectors.multiplyAddLoad(b, {e.input, pixels, taps},
                            {e.weights, weights, panel.vectors}, sums);
    return sums;
  };
  int64_t loadWeights = stepsOfLoad() * stepWeights(panel);
  SmallVector<Value> results(sums);
  if (loads() != 0)
    results = b.loop(loads(), 1, sums, [&](Value turn, ValueRange sums) {
      return emitLoad(b.add(input, b.multiply(turn, vectors.tapsOfLoad())),
                      b.add(weights, b.multiply(turn, loadWeights)),
                      vectors.tapsOfLoad(), SmallVector<Value>(sums));
    });
  for (int64_t i = 0; i != rest(); ++i)
    results =
        emitLoad(b.add(input, loads() * vectors.tapsOfLoad() + i),
                 b.add(weights, loads() * loadWeights + i * stepWeights(panel)),
                 1, results);
  return results;
}

void Convolution::emitPanel(const Emission &e, const Place &place) {
  KernelBuilder &b = e.b;
  const WidePanel &panel = place.panel;
  TileShape tile = chooseTile(vectors.pixelsFor(panel.vectors), /*overhead=*/1);
  forEachTile(b, tile, [&](Value input, Value output) {
    SmallVector<Value> sums, outputs, bias = loadBias(e, place);
    for (int64_t pixel = 0; pixel != tile.pixels(); ++pixel) {
      sums.append(bias);
      outputs.push_back(
          b.add(b.add(output, place.channel), outputOffset(tile, pixel)));
    }
    sums = forEachRun(b, input, place.weights, steps() * stepWeights(panel),
                      sums, [&](Value from, Value weights, ValueRange sums) {
                        return emitRun(e, panel, tile, from, weights, sums);
                      });
    storeSums(e, place, sums, outputs);
  });
}

std::unique_ptr<Kernel>
quantcc::createWideConvolution(FusedConv2DOp op,
                               const KernelConstants &constants,
                               const WideVectors &vectors) {
  return std::make_unique<Convolution>(op, constants, vectors);
}
