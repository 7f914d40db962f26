//===- DspKernel.h - Kernels for the Arm DSP extension ----------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What convolutions and depthwise convolutions share: weights that are widened
// to halves in the frame first, where enough pixels use them.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_CORTEXM_DSPKERNEL_H
#define QUANTCC_LIB_CODEGEN_CORTEXM_DSPKERNEL_H

#include "DspBuilder.h"
#include "Kernels/StreamKernel.h"

namespace quantcc {

class DspKernel : public StreamKernel {
protected:
  using StreamKernel::StreamKernel;

  /// Decides on widening, when tile and walk are set.
  void finishPlan();

  /// The weights of word `word` of a step, widened.
  HalfPairs loadWeights(DspBuilder &b, const Step &step, int64_t word) const;

private:
  mlir::Value prepareWeights(PointerBuilder &b, mlir::Value weights,
                             mlir::Value frame) override;
  int64_t frameWords() const override {
    return isWidened ? 2 * weightWords() : 0;
  }
  int64_t stepBytes() const override {
    return isWidened ? 8 * wordsOfStep : StreamKernel::stepBytes();
  }

  /// Whether weights are widened in the frame first.
  bool isWidened = false;
};

/// All kernels for the DSP extension.
const KernelFamily &getDspKernels();

std::unique_ptr<Kernel> createDspConvolution(FusedConv2DOp op,
                                             const KernelConstants &constants);
std::unique_ptr<Kernel> createDspDepthwise(FusedConv2DOp op,
                                           const KernelConstants &constants);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_CORTEXM_DSPKERNEL_H
