//===- Convolution.h - Convolutions with x86 --------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tile of pixels times a panel of channels stays in registers while the loops
// run over the window. Each step multiplies four bytes of the input, the same
// for all channels, with four bytes of weights of each channel: four taps, or
// two where inputs and weights have 16 bits. Along a row of the window the
// inputs of all pixels and channels follow each other, so that there is neither
// im2col nor padding; where their number is no multiple of a step's, the last
// step goes back by what is missing, with zeros for the weights that were taken
// before.
//
// Source of the scheme: GotoBLAS's register tiling, and XNNPACK's and oneDNN's
// indirect-free direct convolution on NHWC.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_X86_CONVOLUTION_H
#define QUANTCC_LIB_CODEGEN_X86_CONVOLUTION_H

#include "X86Kernel.h"

namespace quantcc {

/// Reads the bytes of the input where they are.
class Convolution : public X86Kernel {
public:
  Convolution(FusedConv2DOp op, const KernelConstants &constants,
              const X86Vectors &vectors);

protected:
  /// What the steps read, and how far its rows and pixels are apart, in bytes.
  struct Source {
    mlir::Value bytes;
    int64_t rowStride, pixelStride;
    /// Of a panel whose weights are as they are multiplied, the buffer and
    /// where they begin; none if they are packed.
    mlir::Value weights = {}, weightsBegin = {};
  };

  void emitGroup(const Emission &e) override;
  /// As many pixels as leave registers for weights and inputs.
  TileShape tileFor(int64_t panelVectors) const;
  /// A pixel of the result.
  struct Pixel {
    mlir::Value image, y, x;
  };
  /// The tile from `first` on, whose windows begin at `origin` of `source`, for
  /// the panel `panel`.
  void emitTile(const Emission &e, const Source &source, mlir::Value panel,
                mlir::Value origin, const Pixel &first, TileShape tile);
  /// Where the window of `pixel` begins in the input, in bytes.
  mlir::Value inputAt(const Emission &e, const Pixel &pixel) const;

  /// The packed weights of one step from `position` on, as they are multiplied.
  llvm::SmallVector<mlir::Value> unpackWeights(const Emission &e,
                                               mlir::Value position);
  /// Bytes of the packed weights of one step.
  int64_t packedStepBytes(const Emission &e) const {
    return e.vectors() * weightBytes() / (packsNibbles ? 2 : 1);
  }
  /// Steps of a run, and of all windows over a pixel.
  int64_t steps() const { return llvm::divideCeil(runBytes, vectors.taps()); }
  int64_t windowSteps() const { return windowRows() * runsPerRow * steps(); }

  /// Whether weights have 4 bits in memory.
  bool packsNibbles;

private:
  /// Bytes of the weights of one step of `source`.
  int64_t stepBytes(const Emission &e, const Source &source) const {
    return source.weights ? e.vectors() * vectors.bytes : packedStepBytes(e);
  }
  /// Bytes of a vector of weights.
  int64_t weightBytes() const {
    return hasNarrowWeights ? vectors.bytes / 2 : vectors.bytes;
  }
  /// Those of a run that are whole.
  int64_t wholeSteps() const { return runBytes / vectors.taps(); }

  std::vector<int8_t> packWeights(const PanelGroup &group);
  llvm::SmallVector<mlir::Value>
  loadWeights(const Emission &e, const Source &source, mlir::Value position);
  llvm::SmallVector<mlir::Value> emitRun(const Emission &e,
                                         const Source &source,
                                         mlir::Value begin, mlir::Value weights,
                                         TileShape tile, mlir::ValueRange sums);
  llvm::SmallVector<mlir::Value>
  emitStep(const Emission &e, const Source &source, mlir::Value position,
           mlir::Value weights, TileShape tile, mlir::ValueRange sums);
  void storeTile(const Emission &e, mlir::Value position, TileShape tile,
                 llvm::ArrayRef<mlir::Value> accumulators,
                 llvm::ArrayRef<VectorScales> scales);

  /// Whether weights have 8 bits in memory though they are multiplied with 16.
  bool hasNarrowWeights;
};

/// Without dot products of bytes: reads what it has widened to 16 bits.
std::unique_ptr<Kernel>
createX86WidenedConvolution(FusedConv2DOp op, const KernelConstants &constants,
                            const X86Vectors &vectors);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_X86_CONVOLUTION_H
