//===- DotConvolution.cpp - Convolutions with AArch64's dot products ------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tile of pixels times a panel of channels stays in registers while the loops
// run over the window. Each step multiplies four bytes of a pixel, the same for
// all channels, with four bytes of weights of each channel; sixteen bytes of a
// pixel are loaded at once and serve four steps, as the instruction picks any
// four bytes of a vector. What a run has beyond a multiple of sixteen takes
// eight and four bytes at once; where it is no multiple of four, the last step
// goes back by what is missing, with zeros for the weights that were taken
// before.
//
//===----------------------------------------------------------------------===//

#include "AArch64Kernels.h"

using namespace mlir;
using namespace quantcc;

namespace {

/// Bytes of a pixel that one step multiplies.
constexpr int64_t kStep = 4;

class Convolution : public NeonKernel {
public:
  Convolution(FusedConv2DOp op, const KernelConstants &constants);

private:
  std::vector<int8_t> packWeights(const NeonPanel &panel) const override;
  void emitPanel(const Emission &e, const PanelPlace &panel) override;

  int64_t steps() const { return llvm::divideCeil(runBytes, kStep); }
  SmallVector<Value> emitRun(const Emission &e, const PanelPlace &panel,
                             TileShape tile, Value input, Value weights,
                             ValueRange sums);
  SmallVector<Value> emitSteps(const Emission &e, const PanelPlace &panel,
                               ArrayRef<Value> pixels, Value weights,
                               int64_t count, ValueRange sums);
};

} // namespace

/// Pixels whose sums, with sixteen bytes of each and a few weights, fill the 32
/// registers.
static int64_t pixelsFor(int64_t vectors) {
  return vectors == 8 ? 2 : vectors == 4 ? 5 : vectors == 2 ? 8 : 12;
}

Convolution::Convolution(FusedConv2DOp op, const KernelConstants &constants)
    : NeonKernel(op, constants, NeonVersion::AArch64) {
  // A single pixel has room for wider panels.
  int64_t widest = out[1] * out[2] == 1 ? 8 : 4;
  setPanels(splitChannels(widest));
}

/// By run, step and vector: four weights of each of 4 channels.
std::vector<int8_t> Convolution::packWeights(const NeonPanel &panel) const {
  std::vector<int8_t> packed;
  for (int64_t run = 0; run != numRuns(); ++run)
    for (int64_t step = 0; step != steps(); ++step)
      for (int64_t element = 0; element != panel.width(); ++element)
        for (int64_t i = 0; i != kStep; ++i) {
          // The last step ends where the run does.
          int64_t first =
              std::max<int64_t>(std::min(kStep * step, runBytes - kStep), 0);
          int64_t byte = first + i;
          bool isUsed = element < panel.channels && byte >= kStep * step &&
                        byte < runBytes;
          packed.push_back(isUsed ? constants.weight(panel.begin + element,
                                                     run * runBytes + byte)
                                  : 0);
        }
  if (hasNibbles)
    return packNibbles(packed,
                       panel.vectors == 1 ? kNeonBytes / 2 : kNeonBytes);
  return packed;
}

/// `count` steps with the first bytes of `pixels`.
SmallVector<Value> Convolution::emitSteps(const Emission &e,
                                          const PanelPlace &panel,
                                          ArrayRef<Value> pixels, Value weights,
                                          int64_t count, ValueRange sums) {
  NeonBuilder &b = e.b;
  SmallVector<Value> results(sums);
  for (int64_t step = 0; step != count; ++step) {
    SmallVector<Value> vectors;
    for (int64_t v = 0; v != panel.vectors; ++v) {
      int64_t index = step * panel.vectors + v;
      // One vector a step is one of nibbles by itself.
      vectors.push_back(
          hasNibbles && panel.vectors == 1
              ? b.loadAllNibbles(e.weights,
                                 b.add(weights, index * bytesOf(kNeonBytes)))
              : loadWeights(e, weights, index, kNeonBytes));
    }
    for (auto [pixel, bytes] : llvm::enumerate(pixels)) {
      Value word = b.broadcastWord(bytes, step);
      for (int64_t v = 0; v != panel.vectors; ++v) {
        Value &sum = results[pixel * panel.vectors + v];
        sum = b.dot(sum, vectors[v], word);
      }
    }
  }
  return results;
}

SmallVector<Value> Convolution::emitRun(const Emission &e,
                                        const PanelPlace &panel, TileShape tile,
                                        Value input, Value weights,
                                        ValueRange sums) {
  NeonBuilder &b = e.b;
  int64_t stepBytes = bytesOf(panel.vectors * kNeonBytes);
  auto emitAt = [&](Value from, Value weights, int64_t bytes, ValueRange sums) {
    SmallVector<Value> pixels;
    for (int64_t pixel = 0; pixel != tile.pixels(); ++pixel) {
      Value place = b.add(from, inputOffset(tile, pixel));
      pixels.push_back(b.loadBytes(e.input, place, bytes));
    }
    return emitSteps(e, panel, pixels, weights, std::max(bytes / kStep, 1l),
                     sums);
  };
  SmallVector<Value> results(sums);
  int64_t whole = runBytes / kNeonBytes;
  if (whole > 0)
    results = b.loop(whole, 1, results, [&](Value turn, ValueRange sums) {
      return emitAt(b.add(input, b.multiply(turn, kNeonBytes)),
                    b.add(weights, b.multiply(turn, 4 * stepBytes)), kNeonBytes,
                    sums);
    });
  int64_t done = whole * kNeonBytes;
  auto emitRest = [&](int64_t from, int64_t bytes) {
    results = emitAt(b.add(input, from),
                     b.add(weights, done / kStep * stepBytes), bytes, results);
    done += std::max(bytes, kStep);
  };
  for (int64_t bytes : {8, 4})
    if ((runBytes & bytes) != 0)
      emitRest(done, bytes);
  if (done < runBytes)
    emitRest(std::max(runBytes - kStep, 0l), std::min(runBytes, kStep));
  return results;
}

void Convolution::emitPanel(const Emission &e, const PanelPlace &panel) {
  NeonBuilder &b = e.b;
  TileShape tile = chooseTile(pixelsFor(panel.vectors), /*overhead=*/1);
  int64_t runWeights = steps() * bytesOf(panel.vectors * kNeonBytes);
  forEachTile(b, tile, [&](Value input, Value output) {
    SmallVector<Value> sums, outputs;
    SmallVector<Value> bias = loadBias(e, panel);
    for (int64_t pixel = 0; pixel != tile.pixels(); ++pixel) {
      sums.append(bias);
      outputs.push_back(
          b.add(b.add(output, panel.channel), outputOffset(tile, pixel)));
    }
    sums = forEachRun(b, input, panel.weights, runWeights, sums,
                      [&](Value from, Value weights, ValueRange sums) {
                        return emitRun(e, panel, tile, from, weights, sums);
                      });
    storeSums(e, panel, sums, outputs);
  });
}

std::unique_ptr<Kernel>
quantcc::createNeonDotConvolution(FusedConv2DOp op,
                                  const KernelConstants &constants) {
  return std::make_unique<Convolution>(op, constants);
}
