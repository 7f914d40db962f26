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
// widened to halves first. There are 14 registers: kernels walk through memory
// by few pointers, which LLVM is kept from multiplying.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_CORTEXM_DSPBUILDER_H
#define QUANTCC_LIB_CODEGEN_CORTEXM_DSPBUILDER_H

#include "Kernels/KernelBuilder.h"

namespace quantcc {

/// Two words of four halves: the bytes 0 and 2 of a word, and 1 and 3.
struct HalfPairs {
  mlir::Value even, odd;
};

/// Numbers of a high product, in registers; see HighProduct.
struct HighProductValues {
  mlir::Value multiplier, offset;
  /// Only where the shift is no constant.
  mlir::Value shift;
};

class DspBuilder : public KernelBuilder {
public:
  explicit DspBuilder(const KernelBuilder &builder) : KernelBuilder(builder) {}

  /// The address of the first element of `buffer`, of static offset.
  mlir::Value pointerTo(mlir::Value buffer);
  /// `pointer` and `bytes`, an index or a constant, more.
  mlir::Value advance(mlir::Value pointer, mlir::Value bytes);
  mlir::Value advance(mlir::Value pointer, int64_t bytes);
  /// The same address, of which LLVM does not know how it came about: pointers
  /// that loops carry stay what they are.
  mlir::Value opaque(mlir::Value pointer);
  /// Memory of the function's frame, of `words` words.
  mlir::Value allocate(int64_t words);

  mlir::Value word(int32_t value);
  /// The four bytes at `pointer` + `offset`, which need not be aligned.
  mlir::Value loadBytes(mlir::Value pointer, int64_t offset);
  /// The `count` bytes there, up to four, and zeros.
  mlir::Value loadBytes(mlir::Value pointer, int64_t offset, int64_t count);
  /// An aligned word of the packed constants.
  mlir::Value loadConstant(mlir::Value pointer, int64_t offset);
  /// Two aligned words, in one instruction.
  HalfPairs loadPair(mlir::Value pointer, int64_t offset);
  void storePair(mlir::Value pointer, HalfPairs pair);
  void storeByte(mlir::Value pointer, int64_t offset, mlir::Value value);

  HalfPairs widen(mlir::Value bytes);
  /// sum + both products of halves.
  mlir::Value dot(mlir::Value lhs, mlir::Value rhs, mlir::Value sum);
  /// sum + the product of the lower or of the upper halves.
  mlir::Value multiplyAdd(mlir::Value lhs, mlir::Value rhs, mlir::Value sum,
                          bool upper);

  /// The high product of `accumulator`, clamped; `shift` where all channels
  /// have one.
  mlir::Value requantize(mlir::Value accumulator,
                         const HighProductValues &values, bool isSplit,
                         std::optional<int32_t> shift, int32_t low,
                         int32_t high);

private:
  mlir::Value intrinsic(llvm::StringRef name, mlir::ValueRange operands);
  mlir::Value offsetBy(mlir::Value pointer, int64_t bytes);
  mlir::Type wordType();
  mlir::Type pointerType();
};

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_CORTEXM_DSPBUILDER_H
