//===- WindowKernel.h - Windows that run over images ------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The loops of a convolution that do not depend on the instruction set: over
// tiles of pixels of the result, and over the rows of the window and the runs
// of bytes that follow each other within them.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_KERNELS_WINDOWKERNEL_H
#define QUANTCC_LIB_CODEGEN_KERNELS_WINDOWKERNEL_H

#include "Kernel.h"

namespace quantcc {

/// Pixels that are computed at once.
struct TileShape {
  int64_t rows, columns;

  int64_t pixels() const { return rows * columns; }
};

class WindowKernel : public Kernel {
protected:
  /// With `joinsRows`, an image whose pixels are independent of each other and
  /// follow each other becomes one row.
  WindowKernel(FusedConv2DOp op, const KernelConstants &constants,
               bool joinsRows = true);

  /// The tile of at most `most` pixels and `mostRows` rows with which the image
  /// costs least, if a tile costs `overhead` beside its pixels, in pixels.
  /// Tiles at the edges compute some pixels again.
  TileShape chooseTile(int64_t most, int64_t overhead,
                       int64_t mostRows = INT64_MAX) const;

  /// Emits `body` for tiles that cover the result, with where the input's and
  /// the result's bytes of their first pixel begin.
  void forEachTile(KernelBuilder &b, TileShape tile,
                   llvm::function_ref<void(mlir::Value, mlir::Value)> body);

  /// How far the bytes of pixel `pixel` of a tile are from those of its first.
  int64_t inputOffset(TileShape tile, int64_t pixel) const;
  int64_t outputOffset(TileShape tile, int64_t pixel) const;

  /// Where the bytes of a row or a run and its weights begin, and the sums so
  /// far.
  using RunBody = llvm::function_ref<llvm::SmallVector<mlir::Value>(
      mlir::Value, mlir::Value, mlir::ValueRange)>;

  /// Emits `body` for each row of the window that begins at `input` in each
  /// pass over it, rows of the input being `rowStride` bytes apart. The weights
  /// begin at `weights` and take `rowWeights` bytes a row.
  llvm::SmallVector<mlir::Value>
  forEachRow(KernelBuilder &b, mlir::Value input, int64_t rowStride,
             mlir::Value weights, int64_t rowWeights, mlir::ValueRange sums,
             RunBody body) const;
  /// The same for each run of these rows, with `runWeights` bytes a run.
  llvm::SmallVector<mlir::Value>
  forEachRun(KernelBuilder &b, mlir::Value input, mlir::Value weights,
             int64_t runWeights, mlir::ValueRange sums, RunBody body) const;
  /// Rows of the window, in all passes over it.
  int64_t windowRows() const {
    return constants.passes() * op.getKernelHeight();
  }
  /// Of the input, how far row `row` of these is from the window's first.
  int64_t inputRowOf(int64_t row) const {
    return row % op.getKernelHeight() * op.getDilations()[0];
  }
  int64_t numRuns() const { return windowRows() * runsPerRow; }

  /// A handle, whose accessors are not const.
  mutable FusedConv2DOp op;
  const KernelConstants &constants;
  /// Shapes [N,H,W,C], and strides in bytes.
  llvm::SmallVector<int64_t> in, out, inStrides, outStrides;
  /// Bytes of the window that follow each other, and how many such runs a row
  /// of the window has. Tap `i` of run `r` is tap `r * runBytes + i` of the
  /// constants.
  int64_t runBytes, runsPerRow;
};

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_KERNELS_WINDOWKERNEL_H
