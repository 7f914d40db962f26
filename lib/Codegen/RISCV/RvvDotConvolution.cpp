//===- RvvDotConvolution.cpp - Convolutions with RISC-V's dot products ----===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each step multiplies four bytes of a pixel, a word in a general register,
// with four weights of each channel of a strip, and adds them (Zvqdotq). Words
// have to be aligned, which bytes of images are not: so the windows of a tile's
// pixels are copied once, each run with room for a whole number of words, and
// all strips read them there. What follows a run has weights of 0.
//
//===----------------------------------------------------------------------===//

#include "RvvKernel.h"

#include <mlir/Dialect/LLVMIR/LLVMDialect.h>

using namespace mlir;
using namespace quantcc;

namespace {

/// Bytes that an instruction takes of a pixel and of each channel.
constexpr int64_t kWord = 4;
/// Words of one turn of the innermost loop.
constexpr int64_t kUnrolled = 8;

class DotConvolution : public RvvKernel {
public:
  DotConvolution(FusedConv2DOp op, const KernelConstants &constants)
      : RvvKernel(op, constants, /*scalesNibbles=*/true),
        tile(chooseTile(pixels(), /*overhead=*/1)),
        wordsPerRun(llvm::divideCeil(runBytes, kWord)) {}

  int64_t scratchBytes() const override {
    return tile.pixels() * words() * kWord;
  }
  void emit(const KernelBuilder &builder, ValueRange inputs, Value output,
            ValueRange constants) override;

private:
  std::vector<int8_t> packWeights() const override;

  void packWindows(RvvBuilder &b, Value input, Value first);
  SmallVector<Value> emitWords(const Emission &e, Value place, Value weights,
                               int64_t count, ValueRange sums);
  void emitTile(const Emission &e, Value place);

  int64_t words() const { return numRuns() * wordsPerRun; }
  /// Bytes of the weights of `count` words, from an even one on.
  int64_t bytesOf(int64_t count) const {
    return (hasNibbles ? llvm::divideCeil(count, 2) : count) * channels() *
           kWord;
  }

  const TileShape tile;
  const int64_t wordsPerRun;
};

} // namespace

/// By word of the window, then channel.
std::vector<int8_t> DotConvolution::packWeights() const {
  std::vector<int8_t> packed;
  for (int64_t run = 0; run != numRuns(); ++run)
    for (int64_t first = 0; first < runBytes; first += kWord)
      for (int64_t channel = 0; channel != channels(); ++channel)
        for (int64_t byte = first; byte != first + kWord; ++byte)
          packed.push_back(
              byte < runBytes ? constants.weight(channel, run * runBytes + byte)
                              : 0);
  if (!hasNibbles)
    return packed;
  // Two words to one; the last of an odd number is alone.
  int64_t wordBytes = channels() * kWord;
  packed.resize(llvm::alignTo(packed.size(), 2 * wordBytes));
  return packNibbles(packed, wordBytes);
}

/// Copies the windows of the tile whose first begins at `first` of `input`.
void DotConvolution::packWindows(RvvBuilder &b, Value input, Value first) {
  for (int64_t pixel = 0; pixel != tile.pixels(); ++pixel)
    forEachRun(b, b.add(first, inputOffset(tile, pixel)),
               b.index(pixel * words() * kWord), wordsPerRun * kWord, {},
               [&](Value from, Value to, ValueRange) {
                 b.copy(input, from, b.scratch, to, runBytes);
                 return SmallVector<Value>();
               });
}

/// Adds the products of `count` words of each window, from `word` on.
SmallVector<Value> DotConvolution::emitWords(const Emission &e, Value place,
                                             Value weights, int64_t count,
                                             ValueRange sums) {
  RvvBuilder &b = e.b;
  SmallVector<Value> results(sums);
  weights = b.add(weights, b.multiply(e.channel, kWord));
  Value vector, nibbles;
  for (int64_t step = 0; step != count; ++step) {
    bool isUpper = step % 2 != 0;
    if (!hasNibbles || !isUpper)
      nibbles = vector = b.loadWords(e.weights, b.add(weights, bytesOf(step)));
    if (hasNibbles)
      vector = b.spreadNibbleWords(nibbles, isUpper);
    for (auto [pixel, sum] : llvm::enumerate(results)) {
      Value bytes = LLVM::LoadOp::create(
          b.builder, b.loc, b.builder.getI32Type(),
          b.pointer(b.scratch, b.add(place, (pixel * words() + step) * kWord)),
          /*alignment=*/kWord);
      sum = b.dot(sum, vector, bytes);
    }
  }
  return results;
}

/// One strip of the pixels that are packed.
void DotConvolution::emitTile(const Emission &e, Value place) {
  RvvBuilder &b = e.b;
  SmallVector<Value> sums = loadBias(e, tile);
  int64_t turns = words() / kUnrolled, done = turns * kUnrolled;
  if (turns != 0)
    sums = b.loop(turns, 1, sums, [&](Value turn, ValueRange sums) {
      return emitWords(e, b.multiply(turn, kUnrolled * kWord),
                       b.multiply(turn, bytesOf(kUnrolled)), kUnrolled, sums);
    });
  sums = emitWords(e, b.index(done * kWord), b.index(bytesOf(done)),
                   words() - done, sums);
  storeSums(e, tile, place, sums);
}

void DotConvolution::emit(const KernelBuilder &kernelBuilder, ValueRange inputs,
                          Value output, ValueRange buffers) {
  RvvBuilder b(kernelBuilder);
  Value input = b.flatten(inputs.front()), bytes = b.flatten(output);
  forEachTile(b, tile, [&](Value first, Value place) {
    packWindows(b, input, first);
    forEachStrip(b, [&](Value channel) {
      emitTile({b, input, bytes, buffers[0], buffers[1], buffers.drop_front(2),
                channel},
               place);
    });
  });
}

std::unique_ptr<Kernel>
quantcc::createRvvDotConvolution(FusedConv2DOp op,
                                 const KernelConstants &constants) {
  return std::make_unique<DotConvolution>(op, constants);
}
