//===- ConstantFolding.h - Rearranged constants -----------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operations on the values of constants.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_IMPORTER_TFLITE_CONSTANTFOLDING_H
#define QUANTCC_LIB_IMPORTER_TFLITE_CONSTANTFOLDING_H

#include <mlir/IR/BuiltinAttributes.h>

namespace quantcc::tflite {

/// The constant whose dimension i is dimension `permutation[i]` of `values`.
/// Expects elements of whole bytes and a permutation of all dimensions.
mlir::DenseElementsAttr permute(mlir::DenseElementsAttr values,
                                llvm::ArrayRef<int64_t> permutation);

} // namespace quantcc::tflite

#endif // QUANTCC_LIB_IMPORTER_TFLITE_CONSTANTFOLDING_H
