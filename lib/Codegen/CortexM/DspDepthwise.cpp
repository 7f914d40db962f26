//===- DspDepthwise.cpp - Depthwise convolutions with Arm DSP -------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Four channels of a pixel at once. A step takes their bytes at one place of
// the window, and multiplies lower and upper halves apart.
//
//===----------------------------------------------------------------------===//

#include "DspKernel.h"

using namespace mlir;
using namespace quantcc;

namespace {

class DspDepthwise : public DspKernel {
public:
  DspDepthwise(FusedConv2DOp op, const KernelConstants &constants);

private:
  void emitStep(PointerBuilder &pointers, const Step &step,
                MutableArrayRef<Value> sums) override;
  int8_t packWeight(int64_t channel, int64_t step, int64_t word,
                    int64_t byte) const override;
};

} // namespace

DspDepthwise::DspDepthwise(FusedConv2DOp op, const KernelConstants &constants)
    : DspKernel(op, constants) {
  groupChannels = std::min<int64_t>(constants.channels(), 4);
  takeTaps();
  finishPlan();
}

int8_t DspDepthwise::packWeight(int64_t channel, int64_t step, int64_t,
                                int64_t byte) const {
  return byte < groupChannels ? constants.weight(channel + byte, step) : 0;
}

void DspDepthwise::emitStep(PointerBuilder &pointers, const Step &step,
                            MutableArrayRef<Value> sums) {
  DspBuilder b(pointers);
  HalfPairs bytes =
      b.widen(b.loadBytes(step.input, step.inputOffset, step.width));
  HalfPairs weights = loadWeights(b, step, 0);
  for (auto [i, sum] : llvm::enumerate(sums)) {
    bool isOdd = i % 2 == 1;
    sum = b.multiplyAdd(isOdd ? bytes.odd : bytes.even,
                        isOdd ? weights.odd : weights.even, sum,
                        /*upper=*/i >= 2);
  }
}

std::unique_ptr<Kernel>
quantcc::createDspDepthwise(FusedConv2DOp op,
                            const KernelConstants &constants) {
  return std::make_unique<DspDepthwise>(op, constants);
}
