//===- X86WideVectors.h - Values of 16 bits with x86 ------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Products of pairs of i16: with VNNI vpdpwssd adds two of them to each sum,
// elsewhere pmaddwd adds them to each other. Weights are widened as they are
// loaded.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_X86_X86WIDEVECTORS_H
#define QUANTCC_LIB_CODEGEN_X86_X86WIDEVECTORS_H

#include "Kernels/WideVectors.h"
#include "X86Vectors.h"

namespace quantcc {

class X86WideVectors : public WideVectors {
public:
  explicit X86WideVectors(const X86Vectors &vectors) : vectors(vectors) {}

  int64_t lanes() const override { return vectors.lanes(); }
  int64_t tapsOfStep() const override { return kPair; }
  int64_t tapsOfLoad() const override { return kPair; }
  int64_t mostVectors() const override {
    return vectors.registers == 32 ? 4 : 2;
  }
  int64_t pixelsFor(int64_t count) const override;

  mlir::Value loadTaps(KernelBuilder &b, mlir::Value row, mlir::Value position,
                       int64_t count) const override;
  mlir::Value loadWeights(KernelBuilder &b, mlir::Value weights,
                          mlir::Value position) const override;
  mlir::Value multiplyAdd(KernelBuilder &b, mlir::Value sums, mlir::Value taps,
                          int64_t step, mlir::Value weights) const override;
  void store(KernelBuilder &b, mlir::Value row, mlir::Value position,
             mlir::Value values, int64_t count) const override;

protected:
  X86Vectors vectors;

private:
  static constexpr int64_t kPair = 2;

  mlir::VectorType sumsType(KernelBuilder &b) const;
  mlir::VectorType pairsType(KernelBuilder &b) const;
};

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_X86_X86WIDEVECTORS_H
