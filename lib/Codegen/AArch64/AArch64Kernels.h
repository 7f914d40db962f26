//===- AArch64Kernels.h - Kernels for AArch64 -------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Those with dot products and products of matrices; what has neither of them
// takes the kernels of all NEON.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_AARCH64_AARCH64KERNELS_H
#define QUANTCC_LIB_CODEGEN_AARCH64_AARCH64KERNELS_H

#include "Neon/NeonKernel.h"

namespace quantcc {

/// All kernels for AArch64 with the instructions of `set`: Neon, NeonDotprod or
/// NeonI8mm.
const KernelFamily &getAArch64Kernels(KernelSet set);

std::unique_ptr<Kernel>
createNeonDotConvolution(FusedConv2DOp op, const KernelConstants &constants);
std::unique_ptr<Kernel>
createNeonDotDepthwise(FusedConv2DOp op, const KernelConstants &constants);
std::unique_ptr<Kernel>
createNeonMatrixConvolution(FusedConv2DOp op, const KernelConstants &constants);
std::unique_ptr<Kernel>
createNeonPackedConvolution(FusedConv2DOp op, const KernelConstants &constants);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_AARCH64_AARCH64KERNELS_H
