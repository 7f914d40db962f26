//===- BiasedBytes.h - Stored values plus 128 -------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Some dot products take one operand unsigned. A stored value x of i8 becomes
// the unsigned byte x + 128 by flipping its highest bit, and comes back the
// same way. The flips are arith.xori until those that meet have cancelled.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_KERNELS_BIASEDBYTES_H
#define QUANTCC_LIB_CODEGEN_KERNELS_BIASEDBYTES_H

#include <mlir/IR/PatternMatch.h>

namespace quantcc {

/// The tensor of i8 `value`, each element plus 128 modulo 256.
mlir::Value createBiased(mlir::OpBuilder &builder, mlir::Location loc,
                         mlir::Value value);

/// Moves such flips against the flow of data, through what only moves bytes, so
/// that two of them meet and cancel.
void populateBiasedBytesPatterns(mlir::RewritePatternSet &patterns);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_KERNELS_BIASEDBYTES_H
