//===- PackedConvolution.cpp - Matrix products of packed pixels -----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Convolutions and products of matrices by smmla, whose operands are eight
// bytes of two pixels. The windows of a tile's pixels are copied once to where
// those are next to each other, for all panels of channels: by general
// registers, which leaves the units of vectors to the products. Then a window
// is one run of blocks of eight bytes. A row that is no multiple of eight ends
// with a block that goes back by what is missing, with zeros for the weights
// that were taken before.
//
//===----------------------------------------------------------------------===//

#include "AArch64Kernels.h"

#include <mlir/Dialect/LLVMIR/LLVMDialect.h>

using namespace mlir;
using namespace quantcc;

namespace {

/// Bytes that one instruction takes of each of two pixels and channels.
constexpr int64_t kBlock = 8;
/// Vectors of sums beside six pixels: 24 of 32 registers.
constexpr int64_t kMostVectors = 4;
constexpr int64_t kMostPixels = 6;
/// Blocks of a turn of the innermost loop, and of one that packs.
constexpr int64_t kUnrolled = 2;

class PackedConvolution : public NeonKernel {
public:
  PackedConvolution(FusedConv2DOp op, const KernelConstants &constants)
      : NeonKernel(op, constants, NeonVersion::AArch64),
        tile(chooseTile(kMostPixels, /*overhead=*/1)),
        blocksPerRun(llvm::divideCeil(runBytes, kBlock)) {
    setPanels(splitChannels(kMostVectors));
  }

  int64_t scratchBytes() const override {
    return numRuns() * blocksPerRun * blockBytes();
  }

private:
  std::vector<int8_t> packWeights(const NeonPanel &panel) const override;
  void emitGroup(const Emission &e, const PanelGroup &group) override;

  void packWindows(NeonBuilder &b, Value input, Value bytes);
  void packBlocks(NeonBuilder &b, Value input, Value bytes, Value place,
                  int64_t count, int64_t distance);
  SmallVector<Value> emitBlocks(const Emission &e, const PanelPlace &panel,
                                Value place, Value weights, int64_t count,
                                ValueRange sums);
  void emitTile(const Emission &e, const PanelPlace &panel, Value output);

  int64_t pairs() const { return llvm::divideCeil(tile.pixels(), 2); }
  /// Of one block of all pixels; of an odd number one is not defined.
  int64_t blockBytes() const { return pairs() * kNeonBytes; }
  int64_t weightBytes(int64_t vectors) const {
    return bytesOf(vectors * kNeonLanes * kBlock);
  }

  const TileShape tile;
  const int64_t blocksPerRun;
};

} // namespace

/// By run, block and channel: the block's weights.
std::vector<int8_t>
PackedConvolution::packWeights(const NeonPanel &panel) const {
  std::vector<int8_t> packed;
  for (int64_t run = 0; run != numRuns(); ++run)
    for (int64_t block = 0; block != blocksPerRun; ++block)
      for (int64_t element = 0; element != panel.width(); ++element)
        for (int64_t i = 0; i != kBlock; ++i) {
          int64_t byte = std::min(block * kBlock, runBytes - kBlock) + i;
          bool isUsed = element < panel.channels && byte >= block * kBlock;
          packed.push_back(isUsed ? constants.weight(panel.begin + element,
                                                     run * runBytes + byte)
                                  : 0);
        }
  if (hasNibbles)
    return packNibbles(packed, kNeonBytes);
  return packed;
}

/// Copies `count` blocks of each pixel, `distance` bytes apart, from `bytes` of
/// `input` on.
void PackedConvolution::packBlocks(NeonBuilder &b, Value input, Value bytes,
                                   Value place, int64_t count,
                                   int64_t distance) {
  Type word = b.builder.getI64Type();
  for (int64_t pixel = 0; pixel != tile.pixels(); ++pixel)
    for (int64_t block = 0; block != count; ++block) {
      int64_t from = inputOffset(tile, pixel) + block * distance;
      int64_t to =
          block * blockBytes() + pixel / 2 * kNeonBytes + pixel % 2 * kBlock;
      Value loaded = LLVM::LoadOp::create(b.builder, b.loc, word,
                                          b.pointer(input, b.add(bytes, from)),
                                          /*alignment=*/1);
      LLVM::StoreOp::create(b.builder, b.loc, loaded,
                            b.pointer(b.scratch, b.add(place, to)),
                            /*alignment=*/kBlock);
    }
}

/// Copies the windows of the tile whose first begins at `bytes` of `input`.
void PackedConvolution::packWindows(NeonBuilder &b, Value input, Value bytes) {
  int64_t whole = runBytes / kBlock, turns = whole / kUnrolled;
  forEachRun(
      b, bytes, b.index(0), blocksPerRun * blockBytes(), {},
      [&](Value from, Value to, ValueRange) {
        b.forEach(turns, 1, [&](Value turn) {
          packBlocks(b, input,
                     b.add(from, b.multiply(turn, kUnrolled * kBlock)),
                     b.add(to, b.multiply(turn, kUnrolled * blockBytes())),
                     kUnrolled, kBlock);
        });
        for (int64_t block = turns * kUnrolled; block != blocksPerRun; ++block)
          packBlocks(b, input,
                     b.add(from, std::min(block * kBlock, runBytes - kBlock)),
                     b.add(to, block * blockBytes()), 1, kBlock);
        return SmallVector<Value>();
      });
}

/// Adds the products of `count` blocks. Sums are by pair of pixels and pair of
/// channels.
SmallVector<Value> PackedConvolution::emitBlocks(const Emission &e,
                                                 const PanelPlace &panel,
                                                 Value place, Value weights,
                                                 int64_t count,
                                                 ValueRange sums) {
  NeonBuilder &b = e.b;
  SmallVector<Value> results(sums);
  int64_t channelPairs = panel.vectors * kNeonLanes / 2;
  for (int64_t block = 0; block != count; ++block) {
    SmallVector<Value> pixels;
    for (int64_t pair = 0; pair != pairs(); ++pair)
      pixels.push_back(b.load(
          b.scratch, b.add(place, block * blockBytes() + pair * kNeonBytes),
          kNeonBytes));
    for (int64_t pair = 0; pair != channelPairs; ++pair) {
      Value vector =
          loadWeights(e, weights, block * channelPairs + pair, kNeonBytes);
      for (auto [index, bytes] : llvm::enumerate(pixels)) {
        Value &sum = results[index * channelPairs + pair];
        sum = b.multiplyMatrices(sum, bytes, vector);
      }
    }
  }
  return results;
}

/// One panel of the pixels that are packed.
void PackedConvolution::emitTile(const Emission &e, const PanelPlace &panel,
                                 Value output) {
  NeonBuilder &b = e.b;
  SmallVector<Value> sums = b.pairPixels(loadBias(e, panel), tile.pixels());
  int64_t blocks = numRuns() * blocksPerRun, turns = blocks / kUnrolled;
  int64_t weightBytes = this->weightBytes(panel.vectors);
  auto emitAt = [&](Value block, int64_t count, ValueRange sums) {
    return emitBlocks(e, panel, b.multiply(block, blockBytes()),
                      b.add(panel.weights, b.multiply(block, weightBytes)),
                      count, sums);
  };
  if (turns != 0)
    sums = b.loop(turns, kUnrolled, sums, [&](Value block, ValueRange sums) {
      return emitAt(block, kUnrolled, sums);
    });
  if (blocks % kUnrolled != 0)
    sums = emitAt(b.index(turns * kUnrolled), blocks % kUnrolled, sums);

  SmallVector<Value> outputs;
  for (int64_t pixel = 0; pixel != tile.pixels(); ++pixel)
    outputs.push_back(
        b.add(b.add(output, panel.channel), outputOffset(tile, pixel)));
  storeSums(e, panel, b.separatePixels(sums, tile.pixels(), panel.vectors),
            outputs);
}

void PackedConvolution::emitGroup(const Emission &e, const PanelGroup &group) {
  forEachTile(e.b, tile, [&](Value input, Value output) {
    packWindows(e.b, e.input, input);
    e.b.forEach(group.count, 1, [&](Value index) {
      emitTile(e, placeOf(e, group, index), output);
    });
  });
}

std::unique_ptr<Kernel>
quantcc::createNeonPackedConvolution(FusedConv2DOp op,
                                     const KernelConstants &constants) {
  return std::make_unique<PackedConvolution>(op, constants);
}
