//===- MatMulOperands.h - Operands in the order of products -----*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Packs the operands of a product of matrices in scratch memory: the second one
// as panels of columns, the first one as rows of taps.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_KERNELS_MATMULOPERANDS_H
#define QUANTCC_LIB_CODEGEN_KERNELS_MATMULOPERANDS_H

#include "KernelBuilder.h"
#include "WidePanel.h"
#include "WideVectors.h"

namespace quantcc {

/// One matrix in memory: elements of `row` from `begin` on.
struct Matrix {
  mlir::Value row, begin;
  /// Between neighbours along the sum, and across it.
  int64_t depthStride, otherStride;
};

/// Sums run over `depth` elements, which are padded with zeros to whole loads
/// of `vectors`.
class MatMulOperands {
public:
  MatMulOperands(const WideVectors &vectors, int64_t depth)
      : vectors(vectors), depth(depth) {}

  int64_t loads() const {
    return llvm::divideCeil(depth, vectors.tapsOfLoad());
  }
  int64_t paddedDepth() const { return loads() * vectors.tapsOfLoad(); }
  /// Bytes of a packed panel.
  int64_t bytesOf(const WidePanel &panel) const {
    return paddedDepth() * panel.width();
  }

  /// Packs the columns of `panel`, of which the first is at matrix.begin, to
  /// the bytes of `packed` from `place` on: by step, vector, lane and tap.
  void packPanel(KernelBuilder &b, const WidePanel &panel, const Matrix &matrix,
                 mlir::Value packed, mlir::Value place) const;

  /// Packs the row of taps at matrix.begin to the elements of `packed` from
  /// `place` on, and returns the sum of its elements less `zeroPoint`, an i32,
  /// if `addsUp`. Taps of 16 bits are less the zero point.
  mlir::Value packRow(KernelBuilder &b, const Matrix &matrix, int64_t zeroPoint,
                      mlir::Value packed, mlir::Value place, bool addsUp) const;
  /// Packs a row of `value`s.
  void packEqual(KernelBuilder &b, int64_t value, mlir::Value packed) const;

private:
  void packAcross(KernelBuilder &b, const WidePanel &panel,
                  const Matrix &matrix, mlir::Value packed,
                  mlir::Value place) const;
  void packAlong(KernelBuilder &b, const WidePanel &panel, const Matrix &matrix,
                 mlir::Value packed, mlir::Value place) const;
  /// Elements of i8 that are packed at once.
  int64_t chunk() const;

  const WideVectors &vectors;
  int64_t depth;
};

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_KERNELS_MATMULOPERANDS_H
