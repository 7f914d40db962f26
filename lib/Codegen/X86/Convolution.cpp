//===- Convolution.cpp - Convolutions with x86 ----------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Weights, tiles, and the loops over the window.
//
//===----------------------------------------------------------------------===//

#include "Convolution.h"

using namespace mlir;
using namespace quantcc;

Convolution::Convolution(FusedConv2DOp op, const KernelConstants &constants,
                         const X86Vectors &vectors)
    : X86Kernel(op, constants, vectors), packsNibbles(hasNibbles(op)) {
  // What is widened lies close together, however far pixels were apart.
  if (!vectors.hasDotProduct && op.getDilations()[1] == 1) {
    runBytes = op.getKernelWidth() * in[3];
    runsPerRow = 1;
  }
  // A single pixel has accumulators enough for wider panels. It uses each
  // weight once: to fetch a weight's second byte takes longer than to make it.
  bool isOnePixel = out[1] * out[2] == 1;
  hasNarrowWeights = (isOnePixel || packsNibbles) && !vectors.hasDotProduct;
  SmallVector<ColumnPanel> panels = splitColumns(out[3],
                                                 isOnePixel                ? 8
                                                 : vectors.registers == 32 ? 4
                                                                           : 2,
                                                 vectors.lanes());
  for (ColumnPanel &panel : panels)
    panel.isInOrder = givesAccumulators(op);
  groupPanels(panels);
  for (PanelGroup &group : groups)
    group.weights = packWeights(group);
}

/// By panel, run, step and vector: the weights of one step of each channel.
std::vector<int8_t> Convolution::packWeights(const PanelGroup &group) {
  std::vector<int8_t> packed;
  int64_t taps = vectors.taps();
  bool isWide = !vectors.hasDotProduct && !hasNarrowWeights;
  for (const ColumnPanel &panel : group.panels)
    for (int64_t run = 0; run != numRuns(); ++run)
      for (int64_t step = 0; step != steps(); ++step)
        for (int64_t vector = 0; vector != panel.vectors; ++vector)
          for (int64_t element = 0; element != panel.lanes; ++element)
            for (int64_t i = 0; i != taps; ++i) {
              int64_t channel = panel.channelOf(vector, element);
              // The last step ends where the run does.
              int64_t first = std::max<int64_t>(
                  std::min<int64_t>(taps * step, runBytes - taps), 0);
              int64_t tap = first + i;
              bool isUsed = panel.isUsed(vector, element) &&
                            tap >= taps * step && tap < runBytes;
              int8_t weight =
                  isUsed ? constants.weight(channel, run * runBytes + tap) : 0;
              packed.push_back(weight);
              if (isWide)
                packed.push_back(weight < 0 ? -1 : 0);
            }
  if (packsNibbles) {
    // Those of a panel of one vector are neighbours, or halves of the vector.
    bool isOneVector = group.panels.front().vectors == 1;
    int64_t distance = !isOneVector            ? weightBytes()
                       : vectors.hasDotProduct ? 1
                                               : weightBytes() / 2;
    return packNibbles(packed, distance);
  }
  return packed;
}

TileShape Convolution::tileFor(int64_t panelVectors) const {
  if (vectors.registers < 32) {
    // 12 accumulators.
    int64_t pixels = std::max<int64_t>(12 / panelVectors, 1);
    return chooseTile(pixels, /*overhead=*/1);
  }
  int64_t pixels = panelVectors == 8   ? 3
                   : panelVectors == 4 ? 6
                   : panelVectors == 2 ? 12
                                       : 16;
  int64_t width = out[2];
  if (width <= pixels)
    return chooseTile(pixels, /*overhead=*/1);
  // An even split where one leaves little unused, else equal parts.
  for (int64_t columns = pixels; 3 * columns >= 2 * pixels; --columns)
    if (width % columns == 0)
      return {1, columns};
  int64_t tiles = llvm::divideCeil(width, pixels);
  return {1, static_cast<int64_t>(llvm::divideCeil(width, tiles))};
}

SmallVector<Value> Convolution::unpackWeights(const Emission &e,
                                              Value position) {
  X86Builder &b = e.b;
  if (packsNibbles && e.vectors() == 1) {
    Value nibbles = b.load(e.buffers.weights, position, weightBytes() / 2);
    return {vectors.hasDotProduct
                ? b.spreadAllNibbles(nibbles)
                : b.asBytes(b.splitAllNibbles(b.widen(nibbles)))};
  }
  SmallVector<Value> weights;
  for (int64_t v = 0; v != e.vectors(); ++v) {
    int64_t index = packsNibbles ? v / 2 : v;
    Value vector =
        b.load(e.buffers.weights, b.add(position, index * weightBytes()),
               weightBytes());
    if (hasNarrowWeights)
      vector = b.widen(vector);
    if (packsNibbles)
      vector = vectors.hasDotProduct
                   ? b.spreadNibbles(vector, /*upper=*/v % 2 == 1)
                   : b.splitNibbles(vector, /*upper=*/v % 2 == 1);
    weights.push_back(b.asBytes(vector));
  }
  return weights;
}

/// The vectors of one step, as they are multiplied.
SmallVector<Value> Convolution::loadWeights(const Emission &e,
                                            const Source &source,
                                            Value position) {
  if (!source.weights)
    return unpackWeights(e, position);
  SmallVector<Value> weights;
  for (int64_t v = 0; v != e.vectors(); ++v)
    weights.push_back(e.b.load(
        source.weights, e.b.add(position, v * vectors.bytes), vectors.bytes));
  return weights;
}

SmallVector<Value> Convolution::emitStep(const Emission &e,
                                         const Source &source, Value position,
                                         Value weightPosition, TileShape tile,
                                         ValueRange sums) {
  X86Builder &b = e.b;
  SmallVector<Value> weights = loadWeights(e, source, weightPosition);
  // What is widened goes on beyond the last.
  bool isWhole = runBytes >= vectors.taps() || !vectors.hasDotProduct;
  SmallVector<Value> results;
  for (int64_t row = 0; row != tile.rows; ++row)
    for (int64_t column = 0; column != tile.columns; ++column) {
      Value place =
          b.add(position, row * op.getStrides()[0] * source.rowStride +
                              column * op.getStrides()[1] * source.pixelStride);
      Value inputs = isWhole ? b.broadcastFour(source.bytes, place)
                             : b.broadcastFew(source.bytes, place, runBytes);
      for (Value vector : weights)
        results.push_back(b.dot(sums[results.size()], inputs, vector));
    }
  return results;
}

SmallVector<Value> Convolution::emitRun(const Emission &e, const Source &source,
                                        Value begin, Value weights,
                                        TileShape tile, ValueRange sums) {
  X86Builder &b = e.b;
  SmallVector<Value> results(sums);
  auto emitWhole = [&](Value step, ValueRange sums) {
    return emitStep(e, source, b.add(begin, b.multiply(step, 4)),
                    b.add(weights, b.multiply(step, stepBytes(e, source))),
                    tile, sums);
  };
  // A loop that ends at once moves its sums about for longer than it computes.
  constexpr int64_t kUnrolledSteps = 2;
  if (wholeSteps() <= kUnrolledSteps)
    for (int64_t step = 0; step != wholeSteps(); ++step)
      results = emitWhole(b.index(step), results);
  else
    results = b.loop(wholeSteps(), 1, results, emitWhole);
  if (wholeSteps() == steps())
    return results;
  int64_t last = std::max<int64_t>(runBytes - vectors.taps(), 0);
  return emitStep(e, source, b.add(begin, last * vectors.tapBytes()),
                  b.add(weights, wholeSteps() * stepBytes(e, source)), tile,
                  results);
}

void Convolution::storeTile(const Emission &e, Value position, TileShape tile,
                            ArrayRef<Value> accumulators,
                            ArrayRef<VectorScales> scales) {
  const ColumnPanel &panel = e.group.panels.front();
  int64_t perRun = panel.vectorsPerRun(), runsPerPixel = panel.vectors / perRun;
  int64_t size = perRun * panel.lanes;
  SmallVector<Run> runs;
  for (int64_t pixel = 0; pixel != tile.pixels(); ++pixel)
    for (int64_t run = 0; run != runsPerPixel; ++run)
      // Of a panel of several runs a pixel, the last may be short.
      runs.push_back({outputOffset(tile, pixel) + run * size,
                      std::min(size, panel.channels - run * size)});
  storeRuns(e, position, runs, perRun, accumulators, scales);
}

void Convolution::emitTile(const Emission &e, const Source &source, Value panel,
                           Value origin, const Pixel &first, TileShape tile) {
  X86Builder &b = e.b;
  ArrayRef<int64_t> dilations = op.getDilations();
  int64_t runWeights = steps() * stepBytes(e, source);
  int64_t rowWeights = runsPerRow * runWeights;
  auto emitRow = [&](Value begin, Value weights, ValueRange sums) {
    return b.loop(runsPerRow, 1, sums, [&](Value column, ValueRange sums) {
      return emitRun(
          e, source,
          b.add(begin, b.multiply(column, dilations[1] * source.pixelStride)),
          b.add(weights, b.multiply(column, runWeights)), tile, sums);
    });
  };

  SmallVector<Value> bias, sums;
  Value place = b.opaque(panel);
  for (int64_t v = 0; v != e.vectors(); ++v)
    bias.push_back(e.loadBias(place, v));
  for (int64_t pixel = 0; pixel != tile.pixels(); ++pixel)
    sums.append(bias);
  Value weights = source.weights ? source.weightsBegin
                                 : b.multiply(panel, windowRows() * rowWeights);
  sums = forEachRow(b, origin, source.rowStride, weights, rowWeights, sums,
                    emitRow);

  place = b.opaque(panel);
  SmallVector<VectorScales> scales;
  for (int64_t v = 0; v != e.vectors() && !givesAccumulators(op); ++v)
    scales.push_back(e.loadScales(place, v));
  const ColumnPanel &shape = e.group.panels.front();
  Value position =
      b.add(b.add(b.multiply(first.image, outStrides[0]),
                  b.multiply(first.y, outStrides[1])),
            b.add(b.multiply(first.x, outStrides[2]),
                  b.add(b.multiply(panel, shape.width()), shape.begin)));
  storeTile(e, position, tile, sums, scales);
}

Value Convolution::inputAt(const Emission &e, const Pixel &pixel) const {
  X86Builder &b = e.b;
  ArrayRef<int64_t> strides = op.getStrides();
  return b.add(b.multiply(pixel.image, inStrides[0]),
               b.add(b.multiply(pixel.y, strides[0] * inStrides[1]),
                     b.multiply(pixel.x, strides[1] * inStrides[2])));
}

void Convolution::emitGroup(const Emission &e) {
  X86Builder &b = e.b;
  TileShape tile = tileFor(e.vectors());
  Source source{e.input, inStrides[1], inStrides[2]};
  b.remarkTile(tile.rows, tile.columns);
  b.forEach(e.group.panels.size(), 1, [&](Value panel) {
    b.forEach(out[0], 1, [&](Value image) {
      b.forEachTile(out[1], tile.rows, [&](Value y) {
        b.forEachTile(out[2], tile.columns, [&](Value x) {
          Pixel first{image, y, x};
          emitTile(e, source, panel, inputAt(e, first), first, tile);
        });
      });
    });
  });
}

std::unique_ptr<Kernel>
quantcc::createX86Convolution(FusedConv2DOp op,
                              const KernelConstants &constants,
                              const X86Vectors &vectors) {
  if (!vectors.hasDotProduct)
    return createX86WidenedConvolution(op, constants, vectors);
  return std::make_unique<Convolution>(op, constants, vectors);
}
