//===- Kernels.h - Hand-scheduled code for whole layers ---------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Registration of what the ops of the laid-out stage need beside their dialect.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CODEGEN_KERNELS_H
#define QUANTCC_CODEGEN_KERNELS_H

#include <mlir/IR/DialectRegistry.h>

namespace quantcc {

/// Adds the interface through which fused layers become ops on buffers.
void registerKernelModels(mlir::DialectRegistry &registry);

} // namespace quantcc

#endif // QUANTCC_CODEGEN_KERNELS_H
