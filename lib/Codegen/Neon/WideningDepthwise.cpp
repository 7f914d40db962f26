//===- WideningDepthwise.cpp - Depthwise with NEON's first products -------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Without dot products: eight channels' bytes times their weights are eight
// products of 16 bits, to which those of the next tap are added; their sum goes
// to accumulators of 32 bits. Two products of -128 by -128 would not fit: with
// such weights each goes to the accumulators alone.
//
//===----------------------------------------------------------------------===//

#include "NeonKernel.h"

using namespace mlir;
using namespace quantcc;

namespace {

class Depthwise : public NeonKernel {
public:
  Depthwise(FusedConv2DOp op, const KernelConstants &constants,
            NeonVersion version);

  void describe(raw_ostream &stream) const override {
    NeonKernel::describe(stream);
    stream << " together " << together;
  }

private:
  std::vector<int8_t> packWeights(const NeonPanel &panel) const override;
  void emitPanel(const Emission &e, const PanelPlace &panel) override;
  void addTaps(const Emission &e, const PanelPlace &panel, TileShape tile,
               Value input, Value weights, int64_t first, int64_t count,
               SmallVector<Value> &sums);

  /// Taps whose products are added before they are widened.
  int64_t together;
};

} // namespace

Depthwise::Depthwise(FusedConv2DOp op, const KernelConstants &constants,
                     NeonVersion version)
    : NeonKernel(op, constants, version),
      together(hasLowestWeight(op, constants) ? 1 : 2) {
  int64_t channels = out[3];
  std::vector<NeonPanel> list;
  if (channels < kNeonBytes)
    list.push_back({0, channels, channels > 8 ? 4 : 2});
  for (int64_t begin = 0; begin + kNeonBytes <= channels; begin += kNeonBytes)
    list.push_back({begin, kNeonBytes, 4});
  // The last may compute some channels again.
  if (channels > kNeonBytes && channels % kNeonBytes != 0)
    list.push_back({channels - kNeonBytes, kNeonBytes, 4});
  setPanels(std::move(list));
}

/// By tap, then channel.
std::vector<int8_t> Depthwise::packWeights(const NeonPanel &panel) const {
  std::vector<int8_t> packed;
  for (int64_t tap = 0; tap != constants.taps(); ++tap)
    for (int64_t element = 0; element != panel.width(); ++element)
      packed.push_back(element < panel.channels
                           ? constants.weight(panel.begin + element, tap)
                           : 0);
  return packed;
}

/// Adds to `sums`, by pixel and vector, what taps [first, first + count) give.
void Depthwise::addTaps(const Emission &e, const PanelPlace &panel,
                        TileShape tile, Value input, Value weights,
                        int64_t first, int64_t count,
                        SmallVector<Value> &sums) {
  NeonBuilder &b = e.b;
  int64_t width = panel.vectors * kNeonLanes;
  SmallVector<Value> vectors;
  for (int64_t i = 0; i != count; ++i)
    vectors.push_back(
        b.loadBytes(e.weights, b.add(weights, (first + i) * width), width));
  for (int64_t pixel = 0; pixel != tile.pixels(); ++pixel) {
    SmallVector<Value> bytes;
    for (int64_t i = 0; i != count; ++i) {
      int64_t row = inputRowOf((first + i) / op.getKernelWidth());
      int64_t column = (first + i) % op.getKernelWidth() * op.getDilations()[1];
      int64_t offset =
          inputOffset(tile, pixel) + row * inStrides[1] + column * inStrides[2];
      bytes.push_back(
          b.loadBytes(e.input, b.add(input, offset), panel.channels));
    }
    for (int64_t half = 0; half != panel.vectors / 2; ++half) {
      Value products;
      for (auto [value, vector] : llvm::zip_equal(bytes, vectors)) {
        Value product = b.multiplyBytes(value, vector, /*upper=*/half != 0);
        products = products ? b.addWords(products, product) : product;
      }
      for (int64_t quarter = 0; quarter != 2; ++quarter) {
        Value &sum = sums[pixel * panel.vectors + 2 * half + quarter];
        sum = b.addWidened(sum,
                           b.slice(products, quarter * kNeonLanes, kNeonLanes));
      }
    }
  }
}

void Depthwise::emitPanel(const Emission &e, const PanelPlace &panel) {
  NeonBuilder &b = e.b;
  // The sums of more pixels would leave no registers for products.
  int64_t registers = version == NeonVersion::Armv7 ? 4 : 16;
  int64_t pixels = std::min<int64_t>(registers / panel.vectors, 6);
  TileShape tile = chooseTile(pixels, /*overhead=*/2);
  forEachTile(b, tile, [&](Value input, Value output) {
    SmallVector<Value> bias = loadBias(e, panel), sums, outputs;
    for (int64_t pixel = 0; pixel != tile.pixels(); ++pixel) {
      sums.append(bias);
      outputs.push_back(
          b.add(b.add(output, panel.channel), outputOffset(tile, pixel)));
    }
    Value weights = b.opaque(panel.weights);
    for (int64_t first = 0; first < constants.taps(); first += together)
      addTaps(e, panel, tile, b.add(input, panel.channel), weights, first,
              std::min(together, constants.taps() - first), sums);
    storeSums(e, panel, sums, outputs);
  });
}

std::unique_ptr<Kernel> quantcc::createNeonWideningDepthwise(
    FusedConv2DOp op, const KernelConstants &constants, NeonVersion version) {
  return std::make_unique<Depthwise>(op, constants, version);
}
