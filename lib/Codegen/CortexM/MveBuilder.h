//===- MveBuilder.h - Helium instructions -----------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The instructions that kernels for MVE, the vectors of Armv8.1-M, are made of:
// vectors of 16 bytes, whose products are summed into a register, and of four
// words.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_CORTEXM_MVEBUILDER_H
#define QUANTCC_LIB_CODEGEN_CORTEXM_MVEBUILDER_H

#include "Kernels/PointerBuilder.h"

namespace quantcc {

/// Numbers of four high products; see HighProduct.
struct HighProductVectors {
  mlir::Value multipliers, offsets;
  /// Only where the channels have shifts of their own.
  mlir::Value shifts;
};

class MveBuilder : public PointerBuilder {
public:
  explicit MveBuilder(const KernelBuilder &builder) : PointerBuilder(builder) {}

  /// The `count` bytes at `pointer` + `offset`, and zeros up to 16; nothing
  /// beyond them is read.
  mlir::Value loadBytes(mlir::Value pointer, int64_t offset, int64_t count);
  /// 16 aligned bytes of the packed constants.
  mlir::Value loadPacked(mlir::Value pointer, int64_t offset);
  /// The lower or upper nibbles of 16 bytes, as bytes 16 times as large.
  mlir::Value spreadNibbles(mlir::Value nibbles, bool upper);
  /// The words of four bytes at `pointer` + each of up to four `offsets`, and
  /// zeros, as 16 bytes.
  mlir::Value gatherWords(mlir::Value pointer, llvm::ArrayRef<int64_t> offsets);
  /// Four bytes, widened to words.
  mlir::Value loadWidened(mlir::Value pointer, int64_t offset);
  /// Four aligned words of the packed constants.
  mlir::Value loadWords(mlir::Value pointer, int64_t offset);
  void storeWords(mlir::Value pointer, int64_t offset, mlir::Value words);
  /// The lower bytes of four words.
  void storeNarrowed(mlir::Value pointer, int64_t offset, mlir::Value words);

  /// A vector of four scalars.
  mlir::Value collect(mlir::ValueRange words);
  mlir::Value add(mlir::Value lhs, mlir::Value rhs);
  mlir::Value multiply(mlir::Value lhs, mlir::Value rhs);
  /// Four words divided by 2^`bits`, rounded down.
  mlir::Value shiftDown(mlir::Value words, int32_t bits);
  /// A vector of four times `value`.
  mlir::Value splat(int32_t value);
  /// The scalar `sum` and all 16 products.
  mlir::Value dot(mlir::Value lhs, mlir::Value rhs, mlir::Value sum);
  /// The scalar `sum` and all 8 products of i16.
  mlir::Value dotHalves(mlir::Value lhs, mlir::Value rhs, mlir::Value sum);

  /// The high products of four accumulators, clamped; `shift` where all
  /// channels have one.
  mlir::Value requantize(mlir::Value accumulators,
                         const HighProductVectors &values, HighProductKind kind,
                         std::optional<int32_t> shift, int32_t low,
                         int32_t high);

private:
  mlir::VectorType bytesType(int64_t count);
  mlir::VectorType wordsType();
};

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_CORTEXM_MVEBUILDER_H
