//===- GateFunctions.h - 16-bit sigmoid and tanh -------------- -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds the 16-bit sigmoid and tanh, which interpolate in a table.
// (docs/Numerics.md, N32)
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CONVERSION_QUANTIZEDTOLINALG_GATEFUNCTIONS_H
#define QUANTCC_LIB_CONVERSION_QUANTIZEDTOLINALG_GATEFUNCTIONS_H

#include <mlir/IR/Builders.h>

namespace quantcc {

/// The table, as a constant tensor of 256 unsigned i16.
mlir::Value createSigmoidTable(mlir::OpBuilder &builder, mlir::Location loc);

/// The position, in i32, of the i32 scalar `value` with `fractionBits`
/// fractional bits, at most 15, not below 0.
mlir::Value createGatePosition(mlir::OpBuilder &builder, mlir::Location loc,
                               mlir::Value value, int fractionBits);

/// sigmoid and tanh at the position `position`, in Q0.15 as i32.
mlir::Value createGateSigmoid(mlir::OpBuilder &builder, mlir::Location loc,
                              mlir::Value position, mlir::Value table);
mlir::Value createGateTanh(mlir::OpBuilder &builder, mlir::Location loc,
                           mlir::Value position, mlir::Value table);

} // namespace quantcc

#endif // QUANTCC_LIB_CONVERSION_QUANTIZEDTOLINALG_GATEFUNCTIONS_H
