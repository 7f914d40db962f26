//===- StreamKernel.h - Kernels that read one stream ------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The kernels of microcontrollers. A few channels at a time go over all
// pixels; each tile of pixels walks through the window step by step. The
// constants of these channels follow each other in one stream: biases, numbers
// of the high products, and the weights in the order of the steps.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_KERNELS_STREAMKERNEL_H
#define QUANTCC_LIB_CODEGEN_KERNELS_STREAMKERNEL_H

#include "HighProductForm.h"
#include "PointerBuilder.h"

#include <vector>

namespace quantcc {

/// Positions of the result along which a loop runs; extents in pixels, steps in
/// bytes.
struct PixelDimension {
  int64_t extent, inStep, outStep;
  /// Pixels of one tile.
  int64_t tile = 1;
};

/// How the bytes under a window are visited: loops, the innermost last, around
/// runs of equal steps, and perhaps a last step that is different.
struct WindowWalk {
  struct Loop {
    int64_t count, stride;
  };
  llvm::SmallVector<Loop> loops;
  /// Of one run, without the last.
  int64_t fullSteps, stepBytes;
  /// Bytes of a full step.
  int64_t width;
  /// Where a last step begins, and its bytes; none if these are 0.
  int64_t lastOffset = 0, lastWidth = 0;
  /// Of one run.
  int64_t runBytes = 0;

  int64_t stepsOfRun() const { return fullSteps + (lastWidth != 0); }
  int64_t steps() const {
    int64_t count = stepsOfRun();
    for (const Loop &loop : loops)
      count *= loop.count;
    return count;
  }
};

class StreamKernel : public Kernel {
public:
  void describe(llvm::raw_ostream &stream) const override;
  llvm::SmallVector<mlir::Value>
  createConstants(KernelBuilder &builder) const override;
  void emit(const KernelBuilder &builder, mlir::ValueRange inputs,
            mlir::Value output, mlir::ValueRange constants) override;

protected:
  /// One step of one tile: the position of the input's bytes, and that of its
  /// weights, each as a pointer and an offset.
  struct Step {
    mlir::Value input, weights;
    int64_t inputOffset, weightOffset;
    /// Bytes there are of the input.
    int64_t width;
  };

  StreamKernel(FusedConv2DOp op, const KernelConstants &constants);

  /// The sums of a tile before its first step, those of the first pixel first:
  /// by default one i32 for each pixel and channel. `header` points to the
  /// numbers before the weights.
  virtual llvm::SmallVector<mlir::Value> startSums(PointerBuilder &b,
                                                   mlir::Value header);
  /// Adds what `step` contributes to `sums`.
  virtual void emitStep(PointerBuilder &b, const Step &step,
                        llvm::MutableArrayRef<mlir::Value> sums) = 0;
  /// Requantizes the sums, unless they are the result, and writes them from
  /// `output` on.
  virtual void storeSums(PointerBuilder &b, mlir::Value output,
                         mlir::Value header, mlir::ValueRange sums);
  /// What a kernel does with the weights at `weights` before pixels use them:
  /// where they then are, of stepBytes() bytes a step.
  virtual mlir::Value prepareWeights(PointerBuilder &b, mlir::Value weights,
                                     mlir::Value frame);
  /// Words of the frame that prepareWeights writes to.
  virtual int64_t frameWords() const { return 0; }
  /// Bytes of the weights of one step, as pixels read them.
  virtual int64_t stepBytes() const { return 4 * streamWordsOfStep(); }
  /// Byte `byte` of word `word` of the weights of step `step`, for the channels
  /// from `channel` on.
  virtual int8_t packWeight(int64_t channel, int64_t step, int64_t word,
                            int64_t byte) const = 0;

  /// The dimension whose last tile of `count` pixels wastes the least, the
  /// inner one if in doubt; null if there is one pixel only.
  PixelDimension *leastWasting(int64_t count);
  /// Sets tiles of `count` pixels along `dimension`.
  void setTile(PixelDimension &dimension, int64_t count);
  /// Tiles of the result's pixels.
  int64_t tiles() const;
  /// Words of the weights of a group, of a byte each.
  int64_t weightWords() const { return walk.steps() * wordsOfStep; }
  /// Words that the stream has for them.
  int64_t streamWordsOfStep() const {
    return hasNibbles ? wordsOfStep / 2 : wordsOfStep;
  }

  /// Puts the passes over the window around the loops of its walk.
  void takePasses();
  /// The bytes of a run of a convolution's window, all of whose dimensions are
  /// merged that follow each other in memory; the others become loops.
  int64_t mergeWindow();
  /// Lets a convolution's walk take runs of `bytes` in steps of `width`; the
  /// last step goes back by what is missing.
  void takeRuns(int64_t bytes, int64_t width);
  /// Lets a depthwise layer's walk take the taps of its window, one a step, for
  /// all channels of a group.
  void takeTaps();
  /// The tap that byte `byte` of step `step` of such a walk is of; -1 if an
  /// earlier step has taken it, or there is none.
  int64_t tapOf(int64_t step, int64_t byte) const;

  /// A handle, whose accessors are not const.
  mutable FusedConv2DOp op;
  const KernelConstants &constants;
  /// Of no matter where the accumulators are the result.
  HighProductForm form;
  /// Where a group's pre-shifts are, if channels have their own: behind its
  /// biases, multipliers, offsets and shifts.
  int64_t preShiftKind() const { return form.shift ? 3 : 4; }
  /// Shapes, and strides in bytes.
  llvm::ArrayRef<int64_t> in, out;
  llvm::SmallVector<int64_t> inStrides, outStrides;

  /// Pixels, merged where their steps allow.
  llvm::SmallVector<PixelDimension> pixels;
  /// Channels computed at once, and words of weights of a step for them.
  int64_t groupChannels = 1, wordsOfStep = 1;
  /// Whether the stream holds nibbles. Then sums begin with kNibbleScale times
  /// the bias; each `nibbleDistance` words of a step are the lower nibbles of
  /// as many in the stream, the words after them the upper ones.
  bool hasNibbles;
  int64_t nibbleDistance = 1;
  /// Pixels computed at once, and the bytes from one to the next.
  int64_t tilePixels = 1, tileInStep = 0, tileOutStep = 0;
  WindowWalk walk;
  /// Steps of a window, and of a run within loops, that are emitted one after
  /// the other; and how many are in a turn of the loop where a run has more.
  int64_t maxUnrolledSteps = 12, maxUnrolledRun = 8, stepsOfTurn = 4;

private:
  struct Walker;

  int64_t groups() const {
    return llvm::divideCeil(constants.channels(), groupChannels);
  }
  /// The first channel of a group; the last one overlaps the one before.
  int64_t channelOf(int64_t group) const {
    return std::min(group * groupChannels,
                    constants.channels() - groupChannels);
  }
  /// Words before the weights: bias, and unless accumulators are the result
  /// multiplier and offset, and perhaps shift and pre-shift.
  int64_t headerWords() const {
    if (givesAccumulators(op))
      return groupChannels;
    return groupChannels * (preShiftKind() + (form.preShift ? 0 : 1));
  }
  int64_t groupWords() const {
    return headerWords() + walk.steps() * streamWordsOfStep();
  }
  /// Word `word` of the stream's for step `step`.
  uint32_t packWord(int64_t channel, int64_t step, int64_t word) const;

  void emitPixels(PointerBuilder &b, mlir::Value input, mlir::Value output,
                  mlir::Value header, mlir::Value weights, size_t dimension);
  void emitTile(PointerBuilder &b, mlir::Value input, mlir::Value output,
                mlir::Value header, mlir::Value weights);
};

/// A family of such kernels.
class StreamFamily : public HighProductFamily {
public:
  std::string
  findNibbleObstacle(FusedConv2DOp op,
                     const KernelConstants &constants) const override;
  std::unique_ptr<SumNarrowing>
  findNarrowing(const ChannelRequantization &sums) const override {
    return findWordNarrowing(sums);
  }
};

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_KERNELS_STREAMKERNEL_H
