//===- X86Products.h - Products of activations with x86 ---------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Products of bytes with VNNI, and sums requantized in floating point.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_X86_X86PRODUCTS_H
#define QUANTCC_LIB_CODEGEN_X86_X86PRODUCTS_H

#include "Kernels/SumNarrowing.h"
#include "X86WideVectors.h"

#include "quantcc/Support/FloatRequantization.h"

namespace quantcc {

/// vpdpbusd: taps are unsigned, four to a sum.
class X86ByteProducts : public X86WideVectors {
public:
  explicit X86ByteProducts(const X86Vectors &vectors)
      : X86WideVectors(vectors) {}

  bool hasByteTaps() const override { return true; }
  int64_t tapOffset() const override { return 128; }
  int64_t tapsOfStep() const override { return 4; }
  int64_t tapsOfLoad() const override { return 4; }
  mlir::Value loadTaps(KernelBuilder &b, mlir::Value row, mlir::Value position,
                       int64_t count) const override;
  mlir::Value loadWeights(KernelBuilder &b, mlir::Value weights,
                          mlir::Value position) const override;
  mlir::Value multiplyAdd(KernelBuilder &b, mlir::Value sums, mlir::Value taps,
                          int64_t step, mlir::Value weights) const override;
};

/// In the first of `forms` that is proved exact; null if none is.
std::unique_ptr<SumNarrowing>
findFloatNarrowing(const ChannelRequantization &sums, const X86Vectors &vectors,
                   llvm::ArrayRef<FloatForm> forms);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_X86_X86PRODUCTS_H
