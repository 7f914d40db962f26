//===- MatrixConvolution.cpp - Convolutions with AArch64's matrix products ===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An instruction multiplies eight bytes of two pixels with eight weights of two
// channels: four sums. Two vectors of 16 bytes, one a pixel, make two operands;
// weights lie in pairs of channels. Many channels for few pixels need few of
// these exchanges, which take turns with the products in the same units.
//
//===----------------------------------------------------------------------===//

#include "AArch64Kernels.h"
#include "Neon/BlockConvolution.h"

using namespace mlir;
using namespace quantcc;

namespace {

/// Bytes that one instruction takes of each of two pixels and channels.
constexpr int64_t kBlock = 8;

class Convolution : public BlockConvolution {
public:
  Convolution(FusedConv2DOp op, const KernelConstants &constants)
      : BlockConvolution(op, constants, NeonVersion::AArch64, kBlock,
                         /*mostVectors=*/8) {}

private:
  int64_t pixelsFor(int64_t vectors) const override {
    return vectors == 8 ? 2 : vectors == 4 ? 4 : 8;
  }
  SmallVector<Value> beginSums(const Emission &e, const PanelPlace &panel,
                               int64_t pixels) override;
  SmallVector<Value> endSums(const Emission &e, const PanelPlace &panel,
                             int64_t pixels, ArrayRef<Value> sums) override;
  SmallVector<Value> emitPiece(const Emission &e, const PanelPlace &panel,
                               ArrayRef<Value> pixels, Value weights,
                               int64_t size, ValueRange sums) override;
};

} // namespace

SmallVector<Value> Convolution::beginSums(const Emission &e,
                                          const PanelPlace &panel,
                                          int64_t pixels) {
  return e.b.pairPixels(loadBias(e, panel), pixels);
}

SmallVector<Value> Convolution::endSums(const Emission &e,
                                        const PanelPlace &panel, int64_t pixels,
                                        ArrayRef<Value> sums) {
  return e.b.separatePixels(sums, pixels, panel.vectors);
}

SmallVector<Value> Convolution::emitPiece(const Emission &e,
                                          const PanelPlace &panel,
                                          ArrayRef<Value> pixels, Value weights,
                                          int64_t size, ValueRange sums) {
  NeonBuilder &b = e.b;
  SmallVector<Value> results(sums);
  int64_t pairs = panel.vectors * kNeonLanes / 2;
  for (int64_t block = 0; block != size / kBlock; ++block) {
    SmallVector<Value> operands;
    for (size_t pixel = 0; pixel < pixels.size(); pixel += 2)
      operands.push_back(b.pairHalves(
          pixels[pixel], pixels[std::min(pixel + 1, pixels.size() - 1)],
          /*upper=*/block != 0));
    for (int64_t pair = 0; pair != pairs; ++pair) {
      Value vector = loadWeights(e, weights, block * pairs + pair, kNeonBytes);
      for (auto [index, operand] : llvm::enumerate(operands)) {
        Value &sum = results[index * pairs + pair];
        sum = b.multiplyMatrices(sum, operand, vector);
      }
    }
  }
  return results;
}

std::unique_ptr<Kernel>
quantcc::createNeonMatrixConvolution(FusedConv2DOp op,
                                     const KernelConstants &constants) {
  return std::make_unique<Convolution>(op, constants);
}
