//===- LayerChain.h - Layers that are cut together --------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layers between which only a part has to exist.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_PIECES_LAYERCHAIN_H
#define QUANTCC_LIB_CODEGEN_PIECES_LAYERCHAIN_H

#include "CutLayer.h"

#include <mlir/Dialect/MemRef/IR/MemRef.h>

namespace quantcc {

/// Layers each of which alone reads the result of the one before, row for row,
/// cut together. A strip of what is between them has memory of its own.
class LayerChain : public CuttableLayer {
public:
  /// The longest chain that `last` ends; of one layer if there is none.
  explicit LayerChain(mlir::Operation *last);

  /// Rows, or columns of a single row.
  llvm::SmallVector<CutDim> dims() override;
  double cycles(double rate) override;
  void emitPiece(mlir::OpBuilder &builder, const CutPart &part) override;

  mlir::Operation *last() { return layers.back(); }
  /// What changes an input of the chain before its last layer, where the whole
  /// chain would be computed; null if nothing does.
  mlir::Operation *findChange();

  llvm::SmallVector<mlir::Operation *> layers;
  /// The results of all layers but the last.
  llvm::SmallVector<mlir::memref::AllocOp> between;

  /// The memory that `buffer` is a view of.
  static mlir::Value memoryOf(mlir::Value buffer);

private:
  llvm::SmallVector<std::unique_ptr<CuttableLayer>> forms;
};

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_PIECES_LAYERCHAIN_H
