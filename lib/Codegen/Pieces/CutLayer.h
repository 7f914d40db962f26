//===- CutLayer.h - Pieces of one layer ------------------------*- C++ -*--===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How layers on buffers are cut along one of their dimensions.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_PIECES_CUTLAYER_H
#define QUANTCC_LIB_CODEGEN_PIECES_CUTLAYER_H

#include <memory>
#include <mlir/Dialect/SCF/IR/SCF.h>

namespace quantcc {

/// One dimension of what a layer computes.
struct CutDim {
  unsigned dim;
  int64_t extent;
  /// What the sizes of pieces are multiples of, but for the last one's.
  int64_t granule = 1;
  /// Whether pieces differ in more than their place, as in their weights.
  bool hasOwnCode = false;
};

/// A part of a dimension.
struct CutPart {
  unsigned dim;
  /// A value where one piece of code is for several parts.
  mlir::OpFoldResult offset;
  int64_t size;
  /// The offset, where pieces differ in more than their place.
  int64_t begin = 0;
};

/// One operation of the entry function that computes a layer, or a step of it.
class CuttableLayer {
public:
  virtual ~CuttableLayer();

  /// The form of `op` that can be cut; null if it has none.
  static std::unique_ptr<CuttableLayer> match(mlir::Operation *op);

  /// The dimensions that it may be cut along, the best first.
  virtual llvm::SmallVector<CutDim> dims() = 0;

  /// About how many cycles one processor takes for it, if kernels add up `rate`
  /// products a cycle: at least 1, more where there are vectors.
  virtual double cycles(double rate) = 0;

  /// Emits a part of the layer.
  virtual void emitPiece(mlir::OpBuilder &builder, const CutPart &part) = 0;
};

/// Emits `layer` as pieces of `size` of `dim`, of which the last may have less,
/// that are independent as far as `layer` is right.
mlir::scf::ForallOp emitPieces(mlir::OpBuilder &builder, mlir::Location loc,
                               CuttableLayer &layer, CutDim dim, int64_t size);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_PIECES_CUTLAYER_H
