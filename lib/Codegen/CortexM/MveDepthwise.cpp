//===- MveDepthwise.cpp - Depthwise convolutions with Helium --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Four channels of a few pixels at once, as words. Pixels share the weights
// and, where windows overlap, the bytes of the input.
//
//===----------------------------------------------------------------------===//

#include "MveKernel.h"

using namespace mlir;
using namespace quantcc;

namespace {

class MveDepthwise : public MveKernel {
public:
  MveDepthwise(FusedConv2DOp op, const KernelConstants &constants);

private:
  SmallVector<Value> startSums(PointerBuilder &b, Value header) override;
  void emitStep(PointerBuilder &b, const Step &step,
                MutableArrayRef<Value> sums) override;
  void storeSums(PointerBuilder &b, Value output, Value header,
                 ValueRange sums) override;
  int8_t packWeight(int64_t channel, int64_t step, int64_t word,
                    int64_t byte) const override;
};

} // namespace

MveDepthwise::MveDepthwise(FusedConv2DOp op, const KernelConstants &constants)
    : MveKernel(op, constants) {
  wordsOfStep = 1;
  // A loop costs one instruction a turn, of 30.
  maxUnrolledSteps = 6;
  takeTaps();

  // Of eight vectors three hold sums.
  constexpr int64_t kMaxPixels = 3;
  if (pixels.empty())
    return;
  PixelDimension &along = pixels.back();
  int64_t best = 1;
  for (int64_t count = 2; count <= kMaxPixels; ++count)
    if (llvm::divideCeil(along.extent, count) <
        llvm::divideCeil(along.extent, best))
      best = count;
  setTile(along, best);
}

int8_t MveDepthwise::packWeight(int64_t channel, int64_t step, int64_t,
                                int64_t byte) const {
  return constants.weight(channel + byte, step);
}

SmallVector<Value> MveDepthwise::startSums(PointerBuilder &pointers,
                                           Value header) {
  MveBuilder b(pointers);
  return SmallVector<Value>(tilePixels, loadNumbers(b, header, 0));
}

void MveDepthwise::emitStep(PointerBuilder &pointers, const Step &step,
                            MutableArrayRef<Value> sums) {
  MveBuilder b(pointers);
  Value weights = b.loadWidened(step.weights, step.weightOffset);
  for (auto [pixel, sum] : llvm::enumerate(sums)) {
    Value bytes =
        b.loadWidened(step.input, step.inputOffset + pixel * tileInStep);
    sum = b.add(sum, b.multiply(bytes, weights));
  }
}

void MveDepthwise::storeSums(PointerBuilder &pointers, Value output,
                             Value header, ValueRange sums) {
  MveBuilder b(pointers);
  storePixels(b, output, header, sums);
}

std::unique_ptr<Kernel>
quantcc::createMveDepthwise(FusedConv2DOp op,
                            const KernelConstants &constants) {
  return std::make_unique<MveDepthwise>(op, constants);
}
