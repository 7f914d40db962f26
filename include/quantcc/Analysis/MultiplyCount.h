//===- MultiplyCount.h - The work of a network ------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts the multiply-accumulates that an op is defined by.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_ANALYSIS_MULTIPLYCOUNT_H
#define QUANTCC_ANALYSIS_MULTIPLYCOUNT_H

#include <mlir/IR/Operation.h>

namespace quantcc {

/// Multiply-accumulates of one run of `op`, and of all ops inside it: products
/// of activations with weights or other activations in contractions, those with
/// padding counted as well. Other ops have none.
int64_t countMultiplies(mlir::Operation *op);

} // namespace quantcc

#endif // QUANTCC_ANALYSIS_MULTIPLYCOUNT_H
