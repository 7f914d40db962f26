//===- BlockConvolution.h - Convolutions by blocks of bytes -----*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What convolutions share whose instructions take 8 or 16 bytes of a pixel and
// as many weights of a channel at once. A run of the window is taken in pieces
// of 16 bytes, the last of 8 if that is enough. It ends where the run does,
// with zeros for the weights that were taken before.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_NEON_BLOCKCONVOLUTION_H
#define QUANTCC_LIB_CODEGEN_NEON_BLOCKCONVOLUTION_H

#include "NeonKernel.h"

namespace quantcc {

class BlockConvolution : public NeonKernel {
protected:
  /// Instructions take `blockBytes` of each pixel, or what is left of 8.
  /// Panels have `mostVectors` vectors at most.
  BlockConvolution(FusedConv2DOp op, const KernelConstants &constants,
                   NeonVersion version, int64_t blockBytes,
                   int64_t mostVectors);

  /// Pixels of a tile beside panels of `vectors` vectors.
  virtual int64_t pixelsFor(int64_t vectors) const = 0;
  /// The sums of `pixels` pixels, in the kernel's own arrangement.
  virtual llvm::SmallVector<mlir::Value>
  beginSums(const Emission &e, const PanelPlace &panel, int64_t pixels) = 0;
  /// The same by pixel and vector.
  virtual llvm::SmallVector<mlir::Value>
  endSums(const Emission &e, const PanelPlace &panel, int64_t pixels,
          llvm::ArrayRef<mlir::Value> sums) = 0;
  /// Adds the products of the first `size` bytes, 16 or 8, of `pixels` with the
  /// weights from `weights` on: by block and channel.
  virtual llvm::SmallVector<mlir::Value>
  emitPiece(const Emission &e, const PanelPlace &panel,
            llvm::ArrayRef<mlir::Value> pixels, mlir::Value weights,
            int64_t size, mlir::ValueRange sums) = 0;

private:
  std::vector<int8_t> packWeights(const NeonPanel &panel) const override;
  void emitPanel(const Emission &e, const PanelPlace &panel) override;
  llvm::SmallVector<mlir::Value>
  emitRun(const Emission &e, const PanelPlace &panel, TileShape tile,
          mlir::Value input, mlir::Value weights, mlir::ValueRange sums);

  int64_t whole() const { return runBytes / kNeonBytes; }
  /// Bytes of the piece that is not whole, 0 if there is none.
  int64_t restSize() const {
    int64_t rest = runBytes % kNeonBytes;
    return rest == 0 ? 0 : rest <= 8 ? 8 : kNeonBytes;
  }
  int64_t restBegin() const {
    return std::max<int64_t>(runBytes - restSize(), 0);
  }

  int64_t blockBytes;
};

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_NEON_BLOCKCONVOLUTION_H
