//===- FloatIslands.h - Islands of float layers -----------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Wraps layers that stay in float into regions whose surroundings are
// quantized.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_TRANSFORMS_FLOATISLANDS_H
#define QUANTCC_LIB_TRANSFORMS_FLOATISLANDS_H

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <llvm/ADT/MapVector.h>

namespace quantcc {

/// Layers that stay in float, each with the reason.
using FloatReasons = llvm::MapVector<mlir::Operation *, std::string>;

/// Makes islands out of the float layers of one block.
///
/// An island computes one value and consists of the float layers from which it
/// follows, back to quantized values, arguments and constants. A layer that two
/// islands need without a quantized value between is computed in both: so an
/// island depends on no other, and float never leaves one.
class FloatIslandBuilder {
public:
  /// `quantized` gives the quantized form of float values; both references are
  /// read at each call.
  FloatIslandBuilder(const FloatReasons &reasons,
                     const llvm::DenseMap<mlir::Value, mlir::Value> &quantized)
      : reasons(reasons), quantized(quantized) {}

  /// Builds at `builder` the island that computes `root`, a float value that a
  /// float layer makes, as `type`: a quantized tensor type, or the type of
  /// `root` itself. Fails with a diagnostic where a layer has side effects.
  mlir::FailureOr<mlir::Value> build(mlir::OpBuilder &builder, mlir::Value root,
                                     mlir::Type type);

  /// The layers that became part of an island.
  const llvm::SetVector<mlir::Operation *> &getLayers() const { return layers; }

private:
  mlir::FailureOr<llvm::SmallVector<mlir::Operation *>>
  collectSlice(mlir::Value root) const;
  std::string joinReasons(llvm::ArrayRef<mlir::Operation *> slice) const;

  const FloatReasons &reasons;
  const llvm::DenseMap<mlir::Value, mlir::Value> &quantized;
  llvm::SetVector<mlir::Operation *> layers;
};

} // namespace quantcc

#endif // QUANTCC_LIB_TRANSFORMS_FLOATISLANDS_H
