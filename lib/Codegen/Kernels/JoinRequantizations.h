//===- JoinRequantizations.h - Requantize slices at once --------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layers that share accumulators requantize slices of them, which may be too
// narrow for the vectors that the target has.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_KERNELS_JOINREQUANTIZATIONS_H
#define QUANTCC_LIB_CODEGEN_KERNELS_JOINREQUANTIZATIONS_H

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <mlir/IR/PatternMatch.h>

namespace quantcc {

/// Makes one requantization of those of the slices that divide the columns of
/// `sums`, [rows, columns], if they differ in their multipliers alone; false if
/// they do not.
bool joinRequantizations(mlir::Value sums, mlir::IRRewriter &rewriter);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_KERNELS_JOINREQUANTIZATIONS_H
