//===- DspKernel.h - Kernels for the Arm DSP extension ----------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What convolutions and depthwise convolutions share. A few channels at a time
// go over all pixels; each tile of pixels walks through the window step by
// step. The constants of these channels follow each other in one stream:
// biases, numbers of the high products, and the weights in the order of the
// steps. Where enough pixels use them, weights are widened to halves in the
// frame first.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_CORTEXM_DSPKERNEL_H
#define QUANTCC_LIB_CODEGEN_CORTEXM_DSPKERNEL_H

#include "DspBuilder.h"
#include "Kernels/HighProductForm.h"
#include "Kernels/Kernel.h"

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

  int64_t stepsOfRun() const { return fullSteps + (lastWidth != 0); }
  int64_t steps() const {
    int64_t count = stepsOfRun();
    for (const Loop &loop : loops)
      count *= loop.count;
    return count;
  }
};

class DspKernel : public Kernel {
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

  DspKernel(FusedConv2DOp op, const KernelConstants &constants);

  /// Adds what `step` contributes to `sums`, those of the first pixel first.
  virtual void emitStep(DspBuilder &b, const Step &step,
                        llvm::MutableArrayRef<mlir::Value> sums) = 0;
  /// Byte `byte` of word `word` of the weights of step `step`, for the channels
  /// from `channel` on.
  virtual int8_t packWeight(int64_t channel, int64_t step, int64_t word,
                            int64_t byte) const = 0;

  /// Sets what follows from the tile and the walk.
  void finishPlan();

  /// The weights of word `word` of a step, widened.
  HalfPairs loadWeights(DspBuilder &b, const Step &step, int64_t word) const;

  FusedConv2DOp op;
  const KernelConstants &constants;
  HighProductForm form;
  /// Shapes, and strides in bytes.
  llvm::ArrayRef<int64_t> in, out;
  llvm::SmallVector<int64_t> inStrides, outStrides;

  /// Pixels, merged where their steps allow.
  llvm::SmallVector<PixelDimension> pixels;
  /// Channels computed at once, and words of weights of a step for them.
  int64_t groupChannels = 1, wordsOfStep = 1;
  /// Pixels computed at once, and the bytes from one to the next.
  int64_t tilePixels = 1, tileInStep = 0, tileOutStep = 0;
  WindowWalk walk;
  /// Whether weights are widened in the frame first.
  bool isWidened = false;

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
  /// Words before the weights: bias, multiplier and offset, and perhaps shift.
  int64_t headerWords() const { return groupChannels * (form.shift ? 3 : 4); }
  int64_t weightWords() const { return walk.steps() * wordsOfStep; }
  int64_t groupWords() const { return headerWords() + weightWords(); }

  void widenWeights(DspBuilder &b, mlir::Value from, mlir::Value to);
  void emitPixels(DspBuilder &b, mlir::Value input, mlir::Value output,
                  mlir::Value header, mlir::Value weights, size_t dimension);
  void emitTile(DspBuilder &b, mlir::Value input, mlir::Value output,
                mlir::Value header, mlir::Value weights);
};

/// All kernels for the DSP extension.
const KernelFamily &getDspKernels();

std::unique_ptr<Kernel> createDspConvolution(FusedConv2DOp op,
                                             const KernelConstants &constants);
std::unique_ptr<Kernel> createDspDepthwise(FusedConv2DOp op,
                                           const KernelConstants &constants);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_CORTEXM_DSPKERNEL_H
