//===- WideningConvolution.cpp - Convolutions with NEON's first products --===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Without dot products: eight bytes of a pixel times eight weights of a channel
// are eight products of 16 bits, to which those of eight more are added; then
// neighbours are added to four sums of 32 bits. A tile is some pixels by some
// channels, each with four sums, which are added up in the end. Two products of
// -128 by -128 would not fit: with such weights each goes to the sums alone.
//
//===----------------------------------------------------------------------===//

#include "BlockConvolution.h"

using namespace mlir;
using namespace quantcc;

namespace {

class Convolution : public BlockConvolution {
public:
  Convolution(FusedConv2DOp op, const KernelConstants &constants,
              NeonVersion version)
      : BlockConvolution(op, constants, version, kNeonBytes,
                         mostVectors(version)),
        addsProducts(!hasLowestWeight(op, constants)) {}

  void describe(raw_ostream &stream) const override {
    BlockConvolution::describe(stream);
    stream << " adds products " << addsProducts;
  }

private:
  /// Each pixel and channel has a register, beside those of a piece.
  static int64_t mostVectors(NeonVersion version) {
    return version == NeonVersion::Armv7 ? 1 : 2;
  }
  int64_t pixelsFor(int64_t vectors) const override {
    return vectors == 2 || version == NeonVersion::Armv7 ? 2 : 4;
  }
  SmallVector<Value> beginSums(const Emission &e, const PanelPlace &panel,
                               int64_t pixels) override;
  SmallVector<Value> endSums(const Emission &e, const PanelPlace &panel,
                             int64_t pixels, ArrayRef<Value> sums) override;
  SmallVector<Value> emitPiece(const Emission &e, const PanelPlace &panel,
                               ArrayRef<Value> pixels, Value weights,
                               int64_t size, ValueRange sums) override;

  bool addsProducts;
};

} // namespace

/// By pixel and channel.
SmallVector<Value> Convolution::beginSums(const Emission &e,
                                          const PanelPlace &panel,
                                          int64_t pixels) {
  return SmallVector<Value>(pixels * panel.vectors * kNeonLanes,
                            e.b.constantOf(e.b.wordsType(), 0));
}

SmallVector<Value> Convolution::endSums(const Emission &e,
                                        const PanelPlace &panel, int64_t pixels,
                                        ArrayRef<Value> sums) {
  NeonBuilder &b = e.b;
  SmallVector<Value> bias = loadBias(e, panel), results;
  for (size_t first = 0; first != sums.size(); first += kNeonLanes) {
    ArrayRef<Value> four = sums.slice(first, kNeonLanes);
    Value sum = b.addNeighbours(b.addNeighbours(four[0], four[1]),
                                b.addNeighbours(four[2], four[3]));
    results.push_back(b.addWords(sum, bias[results.size() % panel.vectors]));
  }
  return results;
}

SmallVector<Value> Convolution::emitPiece(const Emission &e,
                                          const PanelPlace &panel,
                                          ArrayRef<Value> pixels, Value weights,
                                          int64_t size, ValueRange sums) {
  NeonBuilder &b = e.b;
  SmallVector<Value> results(sums);
  int64_t channels = panel.vectors * kNeonLanes;
  for (int64_t channel = 0; channel != channels; ++channel) {
    Value vector = loadWeights(e, weights, channel, size);
    for (auto [pixel, bytes] : llvm::enumerate(pixels)) {
      Value &sum = results[pixel * channels + channel];
      Value products = b.multiplyBytes(bytes, vector, /*upper=*/false);
      if (size == kNeonBytes) {
        Value more = b.multiplyBytes(bytes, vector, /*upper=*/true);
        if (addsProducts)
          products = b.addWords(products, more);
        else
          sum = b.addPairs(sum, more);
      }
      sum = b.addPairs(sum, products);
    }
  }
  return results;
}

std::unique_ptr<Kernel> quantcc::createNeonWideningConvolution(
    FusedConv2DOp op, const KernelConstants &constants, NeonVersion version) {
  return std::make_unique<Convolution>(op, constants, version);
}
