//===- ScalarKernels.h - Kernels without vectors ----------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernels for processors that multiply one word by another.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_SCALAR_SCALARKERNELS_H
#define QUANTCC_LIB_CODEGEN_SCALAR_SCALARKERNELS_H

#include "Kernels/Kernel.h"
#include "Kernels/WideVectors.h"

namespace quantcc {

/// All kernels for processors of 32 bits with products and their upper halves.
const KernelFamily &getScalarKernels();

/// Vectors of one sum, for values of 16 bits.
const WideVectors &getScalarWideVectors();

std::unique_ptr<Kernel>
createScalarConvolution(FusedConv2DOp op, const KernelConstants &constants);
std::unique_ptr<Kernel> createScalarDepthwise(FusedConv2DOp op,
                                              const KernelConstants &constants);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_SCALAR_SCALARKERNELS_H
