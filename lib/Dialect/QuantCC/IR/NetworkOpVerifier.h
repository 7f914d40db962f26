//===- NetworkOpVerifier.h - Constraints of network ops ---------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The checks that the verifiers of several network ops share. Each emits one
// diagnostic that ends in the number of the broken constraint.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_DIALECT_QUANTCC_IR_NETWORKOPVERIFIER_H
#define QUANTCC_LIB_DIALECT_QUANTCC_IR_NETWORKOPVERIFIER_H

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

namespace quantcc::detail {

/// The part of C1 that concerns the shape of `value`.
mlir::LogicalResult verifyShape(mlir::Operation *op, mlir::Value value);

/// C1, C4, C62 and the outer limit of C39 for `values`, the activation operands
/// and results of `op`.
mlir::LogicalResult verifyForm(mlir::Operation *op, mlir::ValueRange values);

/// C39 for an op that computes with the stored values of `values`: storage of
/// at most 16 bits.
mlir::LogicalResult verifyStorage(mlir::Operation *op, mlir::ValueRange values);

/// C2 and C38, for an op that requantizes.
mlir::LogicalResult verifyRounding(mlir::Operation *op, bool hasRounding);

/// C3.
mlir::LogicalResult
verifyClamp(mlir::Operation *op, std::optional<llvm::ArrayRef<float>> clamp,
            std::optional<llvm::ArrayRef<int32_t>> storedClamp);

/// C5 for `values`, the activation operands and results of `op`.
mlir::LogicalResult verifySameElementType(mlir::Operation *op,
                                          mlir::ValueRange values);

/// C1 (shape), C4, C6 and C7 for a weight operand with `channelAxis`, where
/// `quantized` tells the form of the op.
mlir::LogicalResult verifyWeights(mlir::Operation *op, mlir::Value weights,
                                  unsigned channelAxis, bool quantized);

/// C8 for a bias of `channels` values; a null bias is none.
mlir::LogicalResult verifyBias(mlir::Operation *op, mlir::Value bias,
                               int64_t channels, bool quantized);

/// C14: `result` is the shape of `lhs` and `rhs` broadcast.
mlir::LogicalResult verifyBroadcast(mlir::Operation *op, mlir::Value lhs,
                                    mlir::Value rhs, mlir::Value result);

/// C11 and C18 for one op: window parameters and the result's size along
/// height and width. `constraint` is the number to name.
mlir::LogicalResult
verifyWindow(mlir::Operation *op, llvm::ArrayRef<int64_t> inputShape,
             llvm::ArrayRef<int64_t> resultShape,
             llvm::ArrayRef<int64_t> kernel, llvm::ArrayRef<int64_t> strides,
             llvm::ArrayRef<int64_t> padding, llvm::ArrayRef<int64_t> dilations,
             llvm::StringRef constraint);

/// C31 of one multiplier and its right shift; `constraint` is the number to
/// name.
mlir::LogicalResult verifyMultiplier(mlir::Operation *op, int32_t multiplier,
                                     int32_t shift, llvm::StringRef constraint);

/// The static shape of the ranked tensor `value`.
llvm::ArrayRef<int64_t> shapeOf(mlir::Value value);

/// C4 of one quantized element type.
mlir::LogicalResult verifyParameters(mlir::Operation *op,
                                     mlir::quant::QuantizedType type);

} // namespace quantcc::detail

#endif // QUANTCC_LIB_DIALECT_QUANTCC_IR_NETWORKOPVERIFIER_H
