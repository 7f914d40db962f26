//===- FloatBuilding.h - Pieces of float IR ------------------- -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The end that float ops share: bias, clamp; and weights in another order.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CONVERSION_FLOATTOLINALG_FLOATBUILDING_H
#define QUANTCC_CONVERSION_FLOATTOLINALG_FLOATBUILDING_H

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <mlir/IR/Builders.h>
#include <optional>

namespace quantcc {

/// The scalar `value` limited to `clamp` (real values), where there is one.
mlir::Value createRealClamp(mlir::OpBuilder &builder, mlir::Location loc,
                            mlir::Value value,
                            std::optional<llvm::ArrayRef<float>> clamp);

/// `accumulator` plus `bias` (a vector along the last dimension, or null),
/// limited to `clamp`.
mlir::Value createEpilogue(mlir::OpBuilder &builder, mlir::Location loc,
                           mlir::Value accumulator, mlir::Value bias,
                           std::optional<llvm::ArrayRef<float>> clamp);

/// `weights`, seen under `shape`, with dimensions in the order `permutation`;
/// done at compile time if they are constant.
mlir::Value createPermutedWeights(mlir::OpBuilder &builder, mlir::Location loc,
                                  mlir::Value weights,
                                  llvm::ArrayRef<int64_t> shape,
                                  llvm::ArrayRef<unsigned> permutation);

/// An f32 tensor of zeros.
mlir::Value createZeros(mlir::OpBuilder &builder, mlir::Location loc,
                        llvm::ArrayRef<int64_t> shape);

} // namespace quantcc

#endif // QUANTCC_CONVERSION_FLOATTOLINALG_FLOATBUILDING_H
