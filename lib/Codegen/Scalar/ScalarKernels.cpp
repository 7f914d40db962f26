//===- ScalarKernels.cpp - Kernels without vectors ------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two pixels by four channels at once, whose sums stay in registers. A step
// takes one tap, and each byte that is loaded serves several products.
//
//===----------------------------------------------------------------------===//

#include "ScalarKernels.h"
#include "Kernels/StreamKernel.h"

#include <mlir/Dialect/Arith/IR/Arith.h>

using namespace mlir;
using namespace quantcc;

namespace {

constexpr int64_t kChannels = 4, kPixels = 2;

class ScalarFamily : public HighProductFamily {
public:
  int64_t alignment() const override { return 4; }

  const WideVectors *wideVectors() const override {
    return &getScalarWideVectors();
  }
  std::unique_ptr<SumNarrowing>
  findNarrowing(const ChannelRequantization &sums) const override {
    return findWordNarrowing(sums);
  }
  std::unique_ptr<Kernel>
  create(FusedConv2DOp op, const KernelConstants &constants) const override {
    return op.getDepthwise() ? createScalarDepthwise(op, constants)
                             : createScalarConvolution(op, constants);
  }
};

class ScalarKernel : public StreamKernel {
protected:
  ScalarKernel(FusedConv2DOp op, const KernelConstants &constants);

  /// The weights of a step for all channels, as bytes in memory.
  llvm::SmallVector<Value> loadWeights(PointerBuilder &b, const Step &step);
};

class Convolution : public ScalarKernel {
public:
  Convolution(FusedConv2DOp op, const KernelConstants &constants);

private:
  void emitStep(PointerBuilder &b, const Step &step,
                MutableArrayRef<Value> sums) override;
  int8_t packWeight(int64_t channel, int64_t step, int64_t word,
                    int64_t byte) const override;
};

class Depthwise : public ScalarKernel {
public:
  Depthwise(FusedConv2DOp op, const KernelConstants &constants);

private:
  void emitStep(PointerBuilder &b, const Step &step,
                MutableArrayRef<Value> sums) override;
  int8_t packWeight(int64_t channel, int64_t step, int64_t word,
                    int64_t byte) const override;
};

} // namespace

const KernelFamily &quantcc::getScalarKernels() {
  static const ScalarFamily kernels;
  return kernels;
}

ScalarKernel::ScalarKernel(FusedConv2DOp op, const KernelConstants &constants)
    : StreamKernel(op, constants) {
  groupChannels = std::min<int64_t>(constants.channels(), kChannels);
  // More would take more code than the loops cost.
  maxUnrolledSteps = maxUnrolledRun = 4;
  stepsOfTurn = 2;
  if (PixelDimension *along = leastWasting(kPixels))
    setTile(*along, kPixels);
}

SmallVector<Value> ScalarKernel::loadWeights(PointerBuilder &b,
                                             const Step &step) {
  SmallVector<Value> weights;
  for (int64_t i = 0; i != groupChannels; ++i)
    weights.push_back(b.loadByte(step.weights, step.weightOffset + i));
  return weights;
}

static void addProduct(PointerBuilder &b, Value &sum, Value lhs, Value rhs) {
  Value product = arith::MulIOp::create(b.builder, b.loc, lhs, rhs);
  sum = arith::AddIOp::create(b.builder, b.loc, sum, product);
}

/// A nibble of `byte`, which has its sign, 16 times as large.
static Value spreadNibble(PointerBuilder &b, Value byte, bool upper) {
  if (upper)
    return arith::AndIOp::create(b.builder, b.loc, byte, b.word(-kNibbleScale));
  // To the top, and back with its sign.
  return b.shiftDown(b.shiftUp(byte, b.word(28)), 24);
}

static void settle(PointerBuilder &b, MutableArrayRef<Value> sums) {
  for (Value &sum : sums)
    sum = b.settle(sum);
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

Convolution::Convolution(FusedConv2DOp op, const KernelConstants &constants)
    : ScalarKernel(op, constants) {
  // The nibbles of a word are the weights of two taps.
  wordsOfStep = hasNibbles ? 2 : 1;
  takeRuns(mergeWindow(), /*width=*/wordsOfStep);
  maxUnrolledSteps /= wordsOfStep;
  maxUnrolledRun /= wordsOfStep;
  stepsOfTurn /= wordsOfStep;
}

int8_t Convolution::packWeight(int64_t channel, int64_t step, int64_t word,
                               int64_t byte) const {
  int64_t tap = tapOf(step, /*byte=*/word);
  return byte < groupChannels && tap >= 0
             ? constants.weight(channel + byte, tap)
             : 0;
}

void Convolution::emitStep(PointerBuilder &b, const Step &step,
                           MutableArrayRef<Value> sums) {
  SmallVector<Value> packed = loadWeights(b, step);
  for (int64_t tap = 0; tap != step.width; ++tap) {
    SmallVector<Value> weights = packed;
    if (hasNibbles)
      for (Value &weight : weights)
        weight = spreadNibble(b, weight, /*upper=*/tap == 1);
    for (int64_t pixel = 0; pixel != tilePixels; ++pixel) {
      Value value =
          b.loadByte(step.input, step.inputOffset + pixel * tileInStep + tap);
      for (int64_t i = 0; i != groupChannels; ++i)
        addProduct(b, sums[pixel * groupChannels + i], value, weights[i]);
    }
    settle(b, sums);
  }
}

std::unique_ptr<Kernel>
quantcc::createScalarConvolution(FusedConv2DOp op,
                                 const KernelConstants &constants) {
  return std::make_unique<Convolution>(op, constants);
}

//===----------------------------------------------------------------------===//
// Depthwise convolutions
//===----------------------------------------------------------------------===//

Depthwise::Depthwise(FusedConv2DOp op, const KernelConstants &constants)
    : ScalarKernel(op, constants) {
  takeTaps();
}

int8_t Depthwise::packWeight(int64_t channel, int64_t step, int64_t,
                             int64_t byte) const {
  return byte < groupChannels ? constants.weight(channel + byte, step) : 0;
}

void Depthwise::emitStep(PointerBuilder &b, const Step &step,
                         MutableArrayRef<Value> sums) {
  SmallVector<Value> weights = loadWeights(b, step);
  for (int64_t pixel = 0; pixel != tilePixels; ++pixel)
    for (int64_t i = 0; i != groupChannels; ++i) {
      Value value =
          b.loadByte(step.input, step.inputOffset + pixel * tileInStep + i);
      addProduct(b, sums[pixel * groupChannels + i], value, weights[i]);
    }
  settle(b, sums);
}

std::unique_ptr<Kernel>
quantcc::createScalarDepthwise(FusedConv2DOp op,
                               const KernelConstants &constants) {
  return std::make_unique<Depthwise>(op, constants);
}
