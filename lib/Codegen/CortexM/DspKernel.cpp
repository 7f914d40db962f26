//===- DspKernel.cpp - Kernels for the Arm DSP extension ------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Widened weights with the DSP extension.
//
//===----------------------------------------------------------------------===//

#include "DspKernel.h"
#include "Kernels/WideVectors.h"

using namespace mlir;
using namespace quantcc;

namespace {

class DspKernels : public StreamFamily {
public:
  // That of a pair of words.
  int64_t alignment() const override { return 8; }

  std::unique_ptr<Kernel>
  create(FusedConv2DOp op, const KernelConstants &constants) const override {
    return op.getDepthwise() ? createDspDepthwise(op, constants)
                             : createDspConvolution(op, constants);
  }
  const WideVectors *wideVectors() const override {
    return &getDspWideVectors();
  }
};

} // namespace

const KernelFamily &quantcc::getDspKernels() {
  static const DspKernels kernels;
  return kernels;
}

void DspKernel::finishPlan() {
  // A frame of 1 KiB is what a model may take; widening pays from the third
  // use on.
  constexpr int64_t kMaxWords = 256, kMinTiles = 3;
  isWidened = tiles() >= kMinTiles && 2 * weightWords() <= kMaxWords;
}

HalfPairs DspKernel::loadWeights(DspBuilder &b, const Step &step,
                                 int64_t word) const {
  if (isWidened)
    return b.loadPair(step.weights, step.weightOffset + 8 * word);
  if (!hasNibbles)
    return b.widen(b.loadConstant(step.weights, step.weightOffset + 4 * word));
  Value nibbles =
      b.loadConstant(step.weights, step.weightOffset + word / 2 * 4);
  return b.widen(b.spreadNibbles(nibbles, /*upper=*/word % 2 == 1));
}

Value DspKernel::prepareWeights(PointerBuilder &pointers, Value weights,
                                Value frame) {
  if (!isWidened)
    return weights;
  DspBuilder b(pointers);
  // Two at a time: more would take more code than they save.
  int64_t count = weightWords(), unrolled = count % 2 == 0 ? 2 : 1;
  b.loop(count / unrolled, 1, {weights, frame}, [&](Value, ValueRange carried) {
    Value source = b.opaque(carried[0]), target = b.opaque(carried[1]);
    for (int64_t i = 0; i != unrolled; ++i) {
      Value bytes = hasNibbles ? b.spreadNibbles(b.loadConstant(source, 0),
                                                 /*upper=*/i == 1)
                               : b.loadConstant(source, 4 * i);
      b.storePair(b.advance(target, 8 * i), b.widen(bytes));
    }
    int64_t sourceBytes = hasNibbles ? 2 * unrolled : 4 * unrolled;
    return SmallVector<Value>{b.advance(source, sourceBytes),
                              b.advance(target, 8 * unrolled)};
  });
  return frame;
}
