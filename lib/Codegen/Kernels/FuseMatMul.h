//===- FuseMatMul.h - Products of activations to kernels --------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Recognizes products of activations on the integer stage.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_KERNELS_FUSEMATMUL_H
#define QUANTCC_LIB_CODEGEN_KERNELS_FUSEMATMUL_H

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <mlir/IR/PatternMatch.h>

namespace quantcc {

class KernelFamily;

/// Whether `op` requantizes what a product of two activations adds up.
bool requantizesProduct(RequantizeOp op);

/// What `op`, of which requantizesProduct holds, computes, as a kernel of
/// `family`; null if there is none, for `reason`.
mlir::Value fuseMatMul(RequantizeOp op, const KernelFamily &family,
                       mlir::IRRewriter &rewriter, std::string &reason);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_KERNELS_FUSEMATMUL_H
