//===- BlockConvolution.cpp - Convolutions by blocks of bytes -------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Panels, pieces of runs, and the loops over them.
//
//===----------------------------------------------------------------------===//

#include "BlockConvolution.h"

using namespace mlir;
using namespace quantcc;

BlockConvolution::BlockConvolution(FusedConv2DOp op,
                                   const KernelConstants &constants,
                                   NeonVersion version, int64_t blockBytes,
                                   int64_t mostVectors)
    : NeonKernel(op, constants, version), blockBytes(blockBytes) {
  setPanels(splitChannels(mostVectors));
}

/// By run, piece, block and channel: the block's weights.
std::vector<int8_t>
BlockConvolution::packWeights(const NeonPanel &panel) const {
  std::vector<int8_t> packed;
  for (int64_t run = 0; run != numRuns(); ++run) {
    auto pack = [&](int64_t begin, int64_t size, int64_t done) {
      int64_t block = std::min(size, blockBytes);
      std::vector<int8_t> piece;
      for (int64_t first = begin; first != begin + size; first += block)
        for (int64_t element = 0; element != panel.width(); ++element)
          for (int64_t byte = first; byte != first + block; ++byte) {
            bool isUsed =
                element < panel.channels && byte >= done && byte < runBytes;
            piece.push_back(isUsed ? constants.weight(panel.begin + element,
                                                      run * runBytes + byte)
                                   : 0);
          }
      // Instructions take a block of one channel, or small ones of two.
      if (hasNibbles)
        piece =
            packNibbles(piece, blockBytes == kNeonBytes ? size : kNeonBytes);
      llvm::append_range(packed, piece);
    };
    int64_t done = whole() * kNeonBytes;
    for (int64_t begin = 0; begin != done; begin += kNeonBytes)
      pack(begin, kNeonBytes, 0);
    if (restSize() != 0)
      pack(restBegin(), restSize(), done);
  }
  return packed;
}

SmallVector<Value> BlockConvolution::emitRun(const Emission &e,
                                             const PanelPlace &panel,
                                             TileShape tile, Value input,
                                             Value weights, ValueRange sums) {
  NeonBuilder &b = e.b;
  int64_t width = panel.vectors * kNeonLanes;
  auto emitAt = [&](Value from, Value weights, int64_t size, ValueRange sums) {
    SmallVector<Value> pixels;
    for (int64_t pixel = 0; pixel != tile.pixels(); ++pixel)
      pixels.push_back(b.loadBytes(e.input,
                                   b.add(from, inputOffset(tile, pixel)),
                                   std::min(size, runBytes)));
    return emitPiece(e, panel, pixels, weights, size, sums);
  };
  SmallVector<Value> results(sums);
  if (whole() != 0)
    results = b.loop(whole(), 1, results, [&](Value turn, ValueRange sums) {
      return emitAt(
          b.add(input, b.multiply(turn, kNeonBytes)),
          b.add(weights, b.multiply(turn, bytesOf(kNeonBytes * width))),
          kNeonBytes, sums);
    });
  if (restSize() == 0)
    return results;
  return emitAt(b.add(input, restBegin()),
                b.add(weights, bytesOf(whole() * kNeonBytes * width)),
                restSize(), results);
}

void BlockConvolution::emitPanel(const Emission &e, const PanelPlace &panel) {
  NeonBuilder &b = e.b;
  TileShape tile = chooseTile(pixelsFor(panel.vectors), /*overhead=*/1);
  int64_t runWeights =
      bytesOf((whole() * kNeonBytes + restSize()) * panel.vectors * kNeonLanes);
  forEachTile(b, tile, [&](Value input, Value output) {
    SmallVector<Value> sums = forEachRun(
        b, input, panel.weights, runWeights, beginSums(e, panel, tile.pixels()),
        [&](Value from, Value weights, ValueRange sums) {
          return emitRun(e, panel, tile, from, weights, sums);
        });
    SmallVector<Value> outputs;
    for (int64_t pixel = 0; pixel != tile.pixels(); ++pixel)
      outputs.push_back(
          b.add(b.add(output, panel.channel), outputOffset(tile, pixel)));
    storeSums(e, panel, endSums(e, panel, tile.pixels(), sums), outputs);
  });
}
