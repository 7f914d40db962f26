//===- MveConvolution.cpp - Convolutions with Helium ----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One pixel by four channels: a step takes 16 bytes of the pixel's window, and
// multiplies them with as many weights of each channel. Runs of bytes that are
// shorter than that are read as they are, with zeros; runs of one or two words
// are collected word by word.
//
//===----------------------------------------------------------------------===//

#include "MveKernel.h"

using namespace mlir;
using namespace quantcc;

namespace {

constexpr int64_t kWidth = 16, kWordBytes = 4;
/// Steps of collected words, which are all unrolled.
constexpr int64_t kMaxCollected = 8;

class MveConvolution : public MveKernel {
public:
  MveConvolution(FusedConv2DOp op, const KernelConstants &constants);

private:
  SmallVector<Value> startSums(PointerBuilder &b, Value header) override;
  void emitStep(PointerBuilder &b, const Step &step,
                MutableArrayRef<Value> sums) override;
  void storeSums(PointerBuilder &b, Value output, Value header,
                 ValueRange sums) override;
  int8_t packWeight(int64_t channel, int64_t step, int64_t word,
                    int64_t byte) const override;
  void collectWords(int64_t runBytes);

  /// Where the words of the window are, if they are collected.
  SmallVector<int64_t> words;
};

} // namespace

MveConvolution::MveConvolution(FusedConv2DOp op,
                               const KernelConstants &constants)
    : MveKernel(op, constants) {
  wordsOfStep = kChannels * kWidth / kWordBytes;
  nibbleDistance = kWidth / kWordBytes;
  maxUnrolledSteps = 9;
  int64_t runBytes = mergeWindow();
  collectWords(runBytes);
  takeRuns(words.empty() ? runBytes : words.size() * kWordBytes, kWidth);
  if (!words.empty() && walk.lastWidth) {
    // Words that are not there are zeros, not those of the step before.
    ++walk.fullSteps;
    walk.lastOffset = walk.lastWidth = 0;
  }
}

void MveConvolution::collectWords(int64_t runBytes) {
  int64_t runs = 1;
  for (const WindowWalk::Loop &loop : walk.loops)
    runs *= loop.count;
  if (runs == 1 || runBytes % kWordBytes != 0 || runBytes > 2 * kWordBytes ||
      runs * runBytes > kMaxCollected * kWidth)
    return;
  words.push_back(0);
  auto repeat = [&](int64_t count, int64_t stride) {
    SmallVector<int64_t> once = words;
    for (int64_t i = 1; i < count; ++i)
      for (int64_t word : once)
        words.push_back(word + i * stride);
  };
  repeat(runBytes / kWordBytes, kWordBytes);
  for (const WindowWalk::Loop &loop : llvm::reverse(walk.loops))
    repeat(loop.count, loop.stride);
  walk.loops.clear();
}

int8_t MveConvolution::packWeight(int64_t channel, int64_t step, int64_t word,
                                  int64_t byte) const {
  constexpr int64_t kWords = kWidth / kWordBytes;
  int64_t tap = tapOf(step, word % kWords * kWordBytes + byte);
  if (tap < 0 || tap >= constants.taps())
    return 0;
  return constants.weight(channel + word / kWords, tap);
}

SmallVector<Value> MveConvolution::startSums(PointerBuilder &b, Value) {
  // The bias is added when the sums are a vector.
  return SmallVector<Value>(kChannels, b.word(0));
}

void MveConvolution::emitStep(PointerBuilder &pointers, const Step &step,
                              MutableArrayRef<Value> sums) {
  MveBuilder b(pointers);
  Value bytes;
  if (words.empty()) {
    bytes = b.loadBytes(step.input, step.inputOffset, step.width);
  } else {
    ArrayRef<int64_t> rest =
        ArrayRef(words).drop_front(step.inputOffset / kWordBytes);
    bytes = b.gatherWords(step.input, rest.take_front(kWidth / kWordBytes));
  }
  auto loadWeights = [&](int64_t channel) {
    if (!hasNibbles)
      return b.loadPacked(step.weights, step.weightOffset + kWidth * channel);
    Value nibbles =
        b.loadPacked(step.weights, step.weightOffset + channel / 2 * kWidth);
    return b.spreadNibbles(nibbles, /*upper=*/channel % 2 == 1);
  };
  for (auto [i, sum] : llvm::enumerate(sums))
    sum = b.dot(bytes, loadWeights(i), sum);
}

void MveConvolution::storeSums(PointerBuilder &pointers, Value output,
                               Value header, ValueRange sums) {
  MveBuilder b(pointers);
  Value vector = b.add(b.collect(sums), loadNumbers(b, header, 0));
  if (hasNibbles)
    vector = b.shiftDown(vector, llvm::Log2_64(kNibbleScale));
  if (givesAccumulators(op))
    b.storeWords(output, 0, vector);
  else
    storePixels(b, output, header, vector);
}

std::unique_ptr<Kernel>
quantcc::createMveConvolution(FusedConv2DOp op,
                              const KernelConstants &constants) {
  return std::make_unique<MveConvolution>(op, constants);
}
