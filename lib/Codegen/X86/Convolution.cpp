//===- Convolution.cpp - Convolutions with AVX-512 VNNI -------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tile of pixels times a panel of channels stays in registers while the loops
// run over the window. Each step multiplies four bytes of the input, the same
// for all channels, with four bytes of weights of each channel. Along a row of
// the window the bytes of all pixels and channels follow each other, so that
// there is neither im2col nor padding; where their number is no multiple of
// four, the last step goes back by what is missing, with zeros for the weights
// that were taken before.
//
// Source of the scheme: GotoBLAS's register tiling, and XNNPACK's and oneDNN's
// indirect-free direct convolution on NHWC.
//
//===----------------------------------------------------------------------===//

#include "Avx512Kernel.h"

using namespace mlir;
using namespace quantcc;

namespace {

/// Pixels that are computed at once.
struct TileShape {
  int64_t rows, columns;
};

class Convolution : public Avx512Kernel {
public:
  Convolution(FusedConv2DOp op, const KernelConstants &constants);

private:
  void emitGroup(const Emission &e) override;
  /// Bytes of the weights of one step.
  static int64_t stepBytes(const Emission &e) {
    return e.vectors() * kVectorBytes;
  }
  /// Steps of four bytes in a run.
  int64_t steps() const { return llvm::divideCeil(runBytes, 4); }

  std::vector<int8_t> packWeights(const PanelGroup &group);
  TileShape chooseTile(int64_t vectors);
  void emitPanel(const Emission &e, Value panel);
  void emitTile(const Emission &e, Value panel, Value image, Value y, Value x,
                TileShape tile);
  SmallVector<Value> emitStep(const Emission &e, Value position, Value weights,
                              TileShape tile, int64_t available,
                              ValueRange accumulators);
  void storeTile(const Emission &e, Value position, TileShape tile,
                 ArrayRef<Value> accumulators, ArrayRef<VectorScales> scales);

  /// Bytes of the window that follow each other, and how many such runs a row
  /// of the window has.
  int64_t runBytes, runsPerRow;
};

} // namespace

Convolution::Convolution(FusedConv2DOp op, const KernelConstants &constants)
    : Avx512Kernel(op, constants) {
  // Pixels follow each other, and the window's columns are neighbours.
  bool isOneRun = op.getKernelWidth() == 1 ||
                  (inStrides[2] == in[3] && op.getDilations()[1] == 1);
  runBytes = isOneRun ? op.getKernelWidth() * in[3] : in[3];
  runsPerRow = isOneRun ? 1 : op.getKernelWidth();
  // A single pixel has accumulators enough for wider panels.
  groupPanels(splitColumns(out[3], out[1] * out[2] == 1 ? 8 : 4));
  for (PanelGroup &group : groups)
    group.weights = packWeights(group);
}

/// By panel, run, step and vector: four weights of each of 16 channels.
std::vector<int8_t> Convolution::packWeights(const PanelGroup &group) {
  std::vector<int8_t> packed;
  int64_t runs = op.getKernelHeight() * runsPerRow;
  for (const ColumnPanel &panel : group.panels)
    for (int64_t run = 0; run != runs; ++run)
      for (int64_t step = 0; step != steps(); ++step)
        for (int64_t vector = 0; vector != panel.vectors; ++vector)
          for (int64_t element = 0; element != kLanes; ++element)
            for (int64_t i = 0; i != 4; ++i) {
              int64_t channel = panel.channelOf(vector, element);
              // The last step ends where the run does.
              int64_t first = std::max<int64_t>(
                  std::min<int64_t>(4 * step, runBytes - 4), 0);
              int64_t byte = first + i;
              bool isUsed = channel < panel.begin + panel.channels &&
                            byte >= 4 * step && byte < runBytes;
              packed.push_back(
                  isUsed ? constants.weight(channel, run * runBytes + byte)
                         : 0);
            }
  return packed;
}

/// As many pixels as leave registers for the weights of a step and one
/// broadcast: 32 are there.
TileShape Convolution::chooseTile(int64_t vectors) {
  int64_t pixels = vectors == 8 ? 3 : vectors == 4 ? 6 : vectors == 2 ? 12 : 16;
  int64_t width = out[2];
  if (width <= pixels)
    return {std::min(out[1], pixels / width), width};
  // An even split where one leaves little unused, else equal parts.
  for (int64_t columns = pixels; 3 * columns >= 2 * pixels; --columns)
    if (width % columns == 0)
      return {1, columns};
  int64_t tiles = llvm::divideCeil(width, pixels);
  return {1, static_cast<int64_t>(llvm::divideCeil(width, tiles))};
}

SmallVector<Value> Convolution::emitStep(const Emission &e, Value position,
                                         Value weightPosition, TileShape tile,
                                         int64_t available,
                                         ValueRange accumulators) {
  Avx512Builder &b = e.b;
  SmallVector<Value> weights;
  for (int64_t v = 0; v != e.vectors(); ++v)
    weights.push_back(b.load(e.buffers.weights,
                             b.add(weightPosition, v * kVectorBytes),
                             kVectorBytes));
  SmallVector<Value> results;
  for (int64_t row = 0; row != tile.rows; ++row)
    for (int64_t column = 0; column != tile.columns; ++column) {
      Value place =
          b.add(position, row * op.getStrides()[0] * inStrides[1] +
                              column * op.getStrides()[1] * inStrides[2]);
      Value bytes = available >= 4 ? b.broadcastFour(e.input, place)
                                   : b.broadcastFew(e.input, place, available);
      for (Value vector : weights)
        results.push_back(b.dot(accumulators[results.size()], bytes, vector));
    }
  return results;
}

void Convolution::storeTile(const Emission &e, Value position, TileShape tile,
                            ArrayRef<Value> accumulators,
                            ArrayRef<VectorScales> scales) {
  Avx512Builder &b = e.b;
  const ColumnPanel &panel = e.group.panels.front();
  int64_t perRun = panel.vectorsPerRun(), runsPerPixel = panel.vectors / perRun;
  auto offsetOf = [&](int64_t run) {
    int64_t pixel = run / runsPerPixel;
    return pixel / tile.columns * outStrides[1] +
           pixel % tile.columns * outStrides[2] +
           run % runsPerPixel * perRun * kLanes;
  };
  int64_t runs = tile.rows * tile.columns * runsPerPixel;
  int64_t together = 4 / perRun;
  for (int64_t first = 0; first < runs; first += together) {
    // Where runs are missing, the last is computed again.
    SmallVector<Value> four;
    SmallVector<VectorScales> fourScales;
    for (int64_t i = 0; i != together; ++i)
      for (int64_t v = 0; v != perRun; ++v) {
        int64_t index = std::min(first + i, runs - 1) * perRun + v;
        four.push_back(accumulators[index]);
        fourScales.push_back(scales[index % panel.vectors]);
      }
    Value bytes = b.separateRuns(b.requantize(op, four, fourScales), perRun);
    int64_t size = perRun * kLanes;
    int64_t end = std::min(together, runs - first);
    for (int64_t i = 0, count; i != end; i += count) {
      // Of a panel of several runs a pixel, the last may be short.
      int64_t begin = (first + i) % runsPerPixel * size;
      int64_t length = std::min(size, panel.channels - begin);
      // Full runs may follow each other.
      count = 1;
      while (length == count * size && i + count != end &&
             offsetOf(first + i + count) == offsetOf(first + i) + length) {
        ++count;
        length += size;
      }
      Value part = i == 0 ? bytes : b.slice(bytes, i * size, count * size);
      b.storeBytes(e.output, b.add(position, offsetOf(first + i)), part,
                   length);
    }
  }
}

void Convolution::emitTile(const Emission &e, Value panel, Value image, Value y,
                           Value x, TileShape tile) {
  Avx512Builder &b = e.b;
  ArrayRef<int64_t> strides = op.getStrides();
  ArrayRef<int64_t> dilations = op.getDilations();
  Value origin = b.add(b.multiply(image, inStrides[0]),
                       b.add(b.multiply(y, strides[0] * inStrides[1]),
                             b.multiply(x, strides[1] * inStrides[2])));
  int64_t runWeights = steps() * stepBytes(e);
  int64_t rowWeights = runsPerRow * runWeights;

  auto emitRun = [&](Value begin, Value weights, SmallVector<Value> sums) {
    int64_t whole = runBytes / 4;
    if (whole > 0)
      sums = b.loop(whole, 1, sums, [&](Value step, ValueRange sums) {
        return emitStep(e, b.add(begin, b.multiply(step, 4)),
                        b.add(weights, b.multiply(step, stepBytes(e))), tile, 4,
                        sums);
      });
    if (whole == steps())
      return sums;
    return emitStep(e, b.add(begin, std::max<int64_t>(runBytes - 4, 0)),
                    b.add(weights, whole * stepBytes(e)), tile, runBytes, sums);
  };
  auto emitRow = [&](Value begin, Value weights, ValueRange sums) {
    return b.loop(runsPerRow, 1, sums, [&](Value column, ValueRange sums) {
      return emitRun(
          b.add(begin, b.multiply(column, dilations[1] * inStrides[2])),
          b.add(weights, b.multiply(column, runWeights)),
          SmallVector<Value>(sums));
    });
  };

  SmallVector<Value> bias, sums;
  Value place = b.opaque(panel);
  for (int64_t v = 0; v != e.vectors(); ++v)
    bias.push_back(e.loadBias(place, v));
  for (int64_t pixel = 0; pixel != tile.rows * tile.columns; ++pixel)
    sums.append(bias);
  Value weights = b.multiply(panel, op.getKernelHeight() * rowWeights);
  sums = b.loop(op.getKernelHeight(), 1, sums, [&](Value row, ValueRange sums) {
    return emitRow(b.add(origin, b.multiply(row, dilations[0] * inStrides[1])),
                   b.add(weights, b.multiply(row, rowWeights)), sums);
  });

  place = b.opaque(panel);
  SmallVector<VectorScales> scales;
  for (int64_t v = 0; v != e.vectors(); ++v)
    scales.push_back(e.loadScales(place, v));
  const ColumnPanel &shape = e.group.panels.front();
  Value position = b.add(
      b.add(b.multiply(image, outStrides[0]), b.multiply(y, outStrides[1])),
      b.add(b.multiply(x, outStrides[2]),
            b.add(b.multiply(panel, shape.width()), shape.begin)));
  storeTile(e, position, tile, sums, scales);
}

void Convolution::emitPanel(const Emission &e, Value panel) {
  Avx512Builder &b = e.b;
  TileShape tile = chooseTile(e.vectors());
  b.forEach(out[0], 1, [&](Value image) {
    b.forEachTile(out[1], tile.rows, [&](Value y) {
      b.forEachTile(out[2], tile.columns,
                    [&](Value x) { emitTile(e, panel, image, y, x, tile); });
    });
  });
}

void Convolution::emitGroup(const Emission &e) {
  e.b.forEach(e.group.panels.size(), 1,
              [&](Value panel) { emitPanel(e, panel); });
}

std::unique_ptr<Kernel>
quantcc::createAvx512Convolution(FusedConv2DOp op,
                                 const KernelConstants &constants) {
  return std::make_unique<Convolution>(op, constants);
}
