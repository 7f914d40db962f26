//===- DotDepthwise.cpp - Depthwise with AArch64's dot products -----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The inputs that four columns of the window have for 16 neighbouring bytes of
// the result are interleaved, so that one dot product takes four taps of four
// channels. Those bytes are channels of one pixel or, where pixels have fewer
// than 16 and follow each other, of several. An interleaved row of the input
// serves all rows of a tile and, with windows of three columns, two
// neighbouring pixels: the weights of the second begin with a zero, those of
// the first end in one.
//
//===----------------------------------------------------------------------===//

#include "AArch64Kernels.h"

#include <numeric>

using namespace mlir;
using namespace quantcc;

namespace {

/// Taps of one dot product.
constexpr int64_t kTaps = 4;

class Depthwise : public NeonKernel {
public:
  Depthwise(FusedConv2DOp op, const KernelConstants &constants);

private:
  /// By row of the input below a tile's first and by group of taps.
  using TapCache = std::map<std::pair<int64_t, int64_t>, SmallVector<Value>>;

  std::vector<int8_t> packWeights(const NeonPanel &panel) const override;
  void emitGroup(const Emission &e, const PanelGroup &group) override;
  void emitPanel(const Emission &e, const PanelPlace &panel) override;
  void emitTile(const Emission &e, const PanelPlace &panel, TileShape tile,
                Value input, Value output);
  SmallVector<Value> interleaveTaps(const Emission &e, const PanelPlace &panel,
                                    Value input, int64_t row, int64_t tapGroup);

  int64_t columns() const { return isPaired ? 2 : 1; }
  int64_t tapGroups() const {
    return isPaired ? 1 : llvm::divideCeil(op.getKernelWidth(), kTaps);
  }
  /// As many rows as have registers for their sums beside interleaved taps.
  int64_t rows() const { return std::min<int64_t>(out[1], 4 / columns()); }

  /// Whether vectors run through the pixels of a row.
  bool isFlat;
  /// Whether two neighbouring pixels share what is interleaved.
  bool isPaired;
};

} // namespace

Depthwise::Depthwise(FusedConv2DOp op, const KernelConstants &constants)
    : NeonKernel(op, constants, NeonVersion::AArch64) {
  int64_t channels = out[3], right = op.getStrides()[1];
  isFlat = channels < kNeonBytes && right == 1 && inStrides[2] == channels &&
           outStrides[2] == channels;
  isPaired = !isFlat && right == 1 && op.getDilations()[1] == 1 &&
             op.getKernelWidth() == 3 && out[2] > 1;
  std::vector<NeonPanel> list;
  if (isFlat) {
    int64_t phases = std::lcm(channels, kNeonBytes) / kNeonBytes;
    for (int64_t phase = 0; phase != phases; ++phase)
      list.push_back({phase * kNeonBytes, kNeonBytes, 4});
  } else if (channels < kNeonBytes) {
    list.push_back({0, channels, channels > 8 ? 4 : channels > 4 ? 2 : 1});
  } else {
    for (int64_t begin = 0; begin + kNeonBytes <= channels; begin += kNeonBytes)
      list.push_back({begin, kNeonBytes, 4});
    // The last may compute some channels again.
    if (channels % kNeonBytes != 0)
      list.push_back({channels - kNeonBytes, kNeonBytes, 4});
  }
  setPanels(std::move(list));
}

/// By row of the window, group of taps, pixel and vector: four taps of each of
/// 4 channels.
std::vector<int8_t> Depthwise::packWeights(const NeonPanel &panel) const {
  std::vector<int8_t> packed;
  int64_t width = op.getKernelWidth();
  for (int64_t row = 0; row != windowRows(); ++row)
    for (int64_t tapGroup = 0; tapGroup != tapGroups(); ++tapGroup)
      for (int64_t pixel = 0; pixel != columns(); ++pixel)
        for (int64_t element = 0; element != panel.width(); ++element)
          for (int64_t tap = 0; tap != kTaps; ++tap) {
            int64_t column = tapGroup * kTaps + tap - pixel;
            bool isUsed =
                element < panel.channels && column >= 0 && column < width;
            int64_t channel = (panel.begin + element) % constants.channels();
            packed.push_back(
                isUsed ? constants.weight(channel, row * width + column) : 0);
          }
  return packed;
}

/// What the columns of `tapGroup` have in row `row` below `input`, as the
/// panel's vectors: four channels each, four taps a channel. They are the
/// columns of the windows of one pixel or of a pair, and zeros beyond.
SmallVector<Value> Depthwise::interleaveTaps(const Emission &e,
                                             const PanelPlace &panel,
                                             Value input, int64_t row,
                                             int64_t tapGroup) {
  NeonBuilder &b = e.b;
  int64_t width = op.getKernelWidth() + columns() - 1;
  SmallVector<Value> taps;
  for (int64_t tap = 0; tap != kTaps; ++tap) {
    int64_t column = tapGroup * kTaps + tap;
    int64_t offset =
        row * inStrides[1] + column * op.getDilations()[1] * inStrides[2];
    taps.push_back(column < width ? b.loadBytes(e.input, b.add(input, offset),
                                                panel.channels)
                                  : b.constantOf(b.bytesType(), 0));
  }
  Type i8 = b.builder.getI8Type(), i16 = b.builder.getI16Type();
  SmallVector<Value> result;
  for (bool upper : {false, true}) {
    Value first = b.interleave(taps[0], taps[1], i8, upper);
    Value second = b.interleave(taps[2], taps[3], i8, upper);
    result.push_back(b.interleave(first, second, i16, /*upper=*/false));
    result.push_back(b.interleave(first, second, i16, /*upper=*/true));
  }
  result.resize(panel.vectors);
  return result;
}

void Depthwise::emitTile(const Emission &e, const PanelPlace &panel,
                         TileShape tile, Value input, Value output) {
  NeonBuilder &b = e.b;
  SmallVector<Value> bias = loadBias(e, panel), sums, outputs;
  for (int64_t pixel = 0; pixel != tile.pixels(); ++pixel) {
    sums.append(bias);
    outputs.push_back(b.add(output, outputOffset(tile, pixel)));
  }
  TapCache taps;
  Value weights = b.opaque(panel.weights);
  int64_t index = 0;
  for (int64_t windowRow = 0; windowRow != windowRows(); ++windowRow)
    for (int64_t tapGroup = 0; tapGroup != tapGroups(); ++tapGroup)
      for (int64_t column = 0; column != columns(); ++column)
        for (int64_t v = 0; v != panel.vectors; ++v, ++index) {
          // One vector of weights serves all rows.
          Value vector =
              b.load(e.weights, b.add(weights, index * kNeonBytes), kNeonBytes);
          for (int64_t row = 0; row != tile.rows; ++row) {
            int64_t inputRow = row * op.getStrides()[0] + inputRowOf(windowRow);
            SmallVector<Value> &here = taps[{inputRow, tapGroup}];
            if (here.empty())
              here = interleaveTaps(e, panel, input, inputRow, tapGroup);
            Value &sum =
                sums[(row * tile.columns + column) * panel.vectors + v];
            sum = b.dot(sum, here[v], vector);
          }
        }
  storeSums(e, panel, sums, outputs);
}

void Depthwise::emitPanel(const Emission &e, const PanelPlace &panel) {
  TileShape tile{rows(), columns()};
  forEachTile(e.b, tile, [&](Value input, Value output) {
    emitTile(e, panel, tile, e.b.add(input, panel.channel),
             e.b.add(output, panel.channel));
  });
}

void Depthwise::emitGroup(const Emission &e, const PanelGroup &group) {
  if (!isFlat)
    return NeonKernel::emitGroup(e, group);
  NeonBuilder &b = e.b;
  int64_t bytes = out[2] * out[3], whole = bytes / kNeonBytes;
  // The last of the tiles is a row's rest, which has fewer bytes.
  TileShape tile{rows(), 1}, row{rows(), out[2]};
  forEachTile(b, row, [&](Value input, Value output) {
    auto emit = [&](Value chunk, int64_t count) {
      PanelPlace panel = placeOf(e, group, b.remainder(chunk, group.count));
      panel.channels = count;
      Value position = b.multiply(chunk, kNeonBytes);
      emitTile(e, panel, tile, b.add(input, position), b.add(output, position));
    };
    b.forEach(whole, 1, [&](Value chunk) { emit(chunk, kNeonBytes); });
    if (bytes % kNeonBytes != 0)
      emit(b.index(whole), bytes % kNeonBytes);
  });
}

std::unique_ptr<Kernel>
quantcc::createNeonDotDepthwise(FusedConv2DOp op,
                                const KernelConstants &constants) {
  return std::make_unique<Depthwise>(op, constants);
}
