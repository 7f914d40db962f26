//===- DspBuilder.h - Arm DSP instructions ----------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The instructions that kernels for the DSP extension of Armv7E-M and Armv8-M
// are made of. Sums of products are of two halves of a word each, so bytes are
// widened to halves first.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_CORTEXM_DSPBUILDER_H
#define QUANTCC_LIB_CODEGEN_CORTEXM_DSPBUILDER_H

#include "Kernels/PointerBuilder.h"

namespace quantcc {

/// Two words of four halves: the bytes 0 and 2 of a word, and 1 and 3.
struct HalfPairs {
  mlir::Value even, odd;
};

class DspBuilder : public PointerBuilder {
public:
  explicit DspBuilder(const KernelBuilder &builder) : PointerBuilder(builder) {}

  /// The four bytes at `pointer` + `offset`, which need not be aligned.
  mlir::Value loadBytes(mlir::Value pointer, int64_t offset);
  /// The `count` bytes there, up to four, and zeros.
  mlir::Value loadBytes(mlir::Value pointer, int64_t offset, int64_t count);
  /// Two aligned words, in one instruction.
  HalfPairs loadPair(mlir::Value pointer, int64_t offset);
  void storePair(mlir::Value pointer, HalfPairs pair);

  HalfPairs widen(mlir::Value bytes);
  /// The lower or upper nibbles of four bytes, as bytes 16 times as large.
  mlir::Value spreadNibbles(mlir::Value nibbles, bool upper);
  /// sum + both products of halves.
  mlir::Value dot(mlir::Value lhs, mlir::Value rhs, mlir::Value sum);
  /// sum + the product of the lower or of the upper halves.
  mlir::Value multiplyAdd(mlir::Value lhs, mlir::Value rhs, mlir::Value sum,
                          bool upper);

private:
  using PointerBuilder::intrinsic;
  mlir::Value intrinsic(llvm::StringRef name, mlir::ValueRange operands);
};

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_CORTEXM_DSPBUILDER_H
