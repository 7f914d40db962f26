//===- MatMulKernel.h - Products of activations -----------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Products of matrices that are known when the model runs: the second one is
// packed first, as the weights of convolutions are when the model is compiled.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_KERNELS_MATMULKERNEL_H
#define QUANTCC_LIB_CODEGEN_KERNELS_MATMULKERNEL_H

#include "Kernel.h"
#include "MatMulOperands.h"

namespace quantcc {

/// A kernel with products of `vectors`, whose sums become bytes by `narrowing`.
std::unique_ptr<Kernel>
createMatMulKernel(FusedMatMulOp op, const WideVectors &vectors,
                   std::unique_ptr<SumNarrowing> narrowing);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_KERNELS_MATMULKERNEL_H
