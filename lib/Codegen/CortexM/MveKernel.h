//===- MveKernel.h - Kernels for Helium -------------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What convolutions and depthwise convolutions share: four channels at a time,
// whose sums are requantized as one vector.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_CORTEXM_MVEKERNEL_H
#define QUANTCC_LIB_CODEGEN_CORTEXM_MVEKERNEL_H

#include "Kernels/StreamKernel.h"
#include "MveBuilder.h"

namespace quantcc {

class MveKernel : public StreamKernel {
protected:
  static constexpr int64_t kChannels = 4;

  MveKernel(FusedConv2DOp op, const KernelConstants &constants);

  /// The numbers of kind `kind` in the stream, from bias on.
  mlir::Value loadNumbers(MveBuilder &b, mlir::Value header, int64_t kind);
  /// Requantizes `sums`, one vector a pixel, and writes them from `output` on.
  void storePixels(MveBuilder &b, mlir::Value output, mlir::Value header,
                   mlir::ValueRange sums);
};

/// All kernels for MVE.
const KernelFamily &getMveKernels();

std::unique_ptr<Kernel> createMveConvolution(FusedConv2DOp op,
                                             const KernelConstants &constants);
std::unique_ptr<Kernel> createMveDepthwise(FusedConv2DOp op,
                                           const KernelConstants &constants);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_CORTEXM_MVEKERNEL_H
