//===- Contraction.h - Sums of products in the terms of kernels -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds the convolution or product whose sums are requantized, and tells why it
// is none that kernels take.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_KERNELS_CONTRACTION_H
#define QUANTCC_LIB_CODEGEN_KERNELS_CONTRACTION_H

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <optional>
#include <string>

namespace quantcc {

/// A contraction in the terms of FusedConv2DOp.
struct Contraction {
  mlir::Value input, weights, bias;
  llvm::SmallVector<int64_t> strides{1, 1}, dilations{1, 1};
  bool isDepthwise = false;
  /// Whether input and weights are matrices, weights of one row a result, and
  /// not images.
  bool isProduct = false;
};

/// What makes `sums`, of which `op` requantizes all or a slice. Nothing, and in
/// `reason` why, if kernels do not take it on any target.
std::optional<Contraction> findContraction(RequantizeOp op, mlir::Value sums,
                                           std::string &reason);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_KERNELS_CONTRACTION_H
