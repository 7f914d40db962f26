//===- DspConvolution.cpp - Convolutions with Arm DSP ---------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two pixels by two channels, or one pixel by four. A step takes four bytes of
// each pixel, which follow each other in memory along a row of the window.
// Where their number is no multiple of four, the last step goes back by what is
// missing, with zeros for the weights that were taken before.
//
//===----------------------------------------------------------------------===//

#include "DspKernel.h"

using namespace mlir;
using namespace quantcc;

namespace {

constexpr int64_t kWidth = 4;

class DspConvolution : public DspKernel {
public:
  DspConvolution(FusedConv2DOp op, const KernelConstants &constants);

private:
  void emitStep(PointerBuilder &pointers, const Step &step,
                MutableArrayRef<Value> sums) override;
  int8_t packWeight(int64_t channel, int64_t step, int64_t word,
                    int64_t byte) const override;
  void chooseTile();
};

} // namespace

DspConvolution::DspConvolution(FusedConv2DOp op,
                               const KernelConstants &constants)
    : DspKernel(op, constants) {
  takeRuns(mergeWindow(), kWidth);
  chooseTile();
  wordsOfStep = groupChannels;
  finishPlan();
}

void DspConvolution::chooseTile() {
  int64_t channels = constants.channels();
  PixelDimension *along = leastWasting(2);
  if (!along) {
    groupChannels = channels >= 4 ? 4 : channels >= 2 ? 2 : 1;
    return;
  }
  groupChannels = std::min<int64_t>(channels, 2);
  setTile(*along, 2);
}

int8_t DspConvolution::packWeight(int64_t channel, int64_t step, int64_t word,
                                  int64_t byte) const {
  int64_t tap = tapOf(step, byte);
  return tap < 0 ? 0 : constants.weight(channel + word, tap);
}

void DspConvolution::emitStep(PointerBuilder &pointers, const Step &step,
                              MutableArrayRef<Value> sums) {
  DspBuilder b(pointers);
  auto multiply = [&](const HalfPairs &bytes, const HalfPairs &weights,
                      Value &sum) {
    sum = b.dot(bytes.even, weights.even, sum);
    sum = b.dot(bytes.odd, weights.odd, sum);
  };
  if (tilePixels == 1) {
    // One pair of the input and one of weights are alive at a time.
    HalfPairs bytes =
        b.widen(b.loadBytes(step.input, step.inputOffset, step.width));
    for (int64_t i = 0; i != groupChannels; ++i)
      multiply(bytes, loadWeights(b, step, i), sums[i]);
    return;
  }
  SmallVector<HalfPairs> weights;
  for (int64_t i = 0; i != groupChannels; ++i)
    weights.push_back(loadWeights(b, step, i));
  for (int64_t pixel = 0; pixel != tilePixels; ++pixel) {
    HalfPairs bytes = b.widen(b.loadBytes(
        step.input, step.inputOffset + pixel * tileInStep, step.width));
    for (int64_t i = 0; i != groupChannels; ++i)
      multiply(bytes, weights[i], sums[pixel * groupChannels + i]);
  }
}

std::unique_ptr<Kernel>
quantcc::createDspConvolution(FusedConv2DOp op,
                              const KernelConstants &constants) {
  return std::make_unique<DspConvolution>(op, constants);
}
