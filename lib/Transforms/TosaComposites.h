//===- TosaComposites.h - Means and softmax in tosa -------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds the functions that tosa spells out in several ops.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_TRANSFORMS_TOSACOMPOSITES_H
#define QUANTCC_LIB_TRANSFORMS_TOSACOMPOSITES_H

#include <mlir/Dialect/Func/IR/FuncOps.h>

namespace quantcc {

/// Replaces, in `function`,
///
/// - the product of one or more `tosa.reduce_sum` of one another and the
///   reciprocal of the number of summands by `quantcc.mean`;
/// - e / sum(e), e = exp(x - max(x)), over the last dimension, by
///   `quantcc.softmax`.
///
/// The replaced ops stay where they have other uses.
void recognizeTosaComposites(mlir::func::FuncOp function);

} // namespace quantcc

#endif // QUANTCC_LIB_TRANSFORMS_TOSACOMPOSITES_H
