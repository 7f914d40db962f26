//===- Rvv.h - Vectors of RISC-V --------------------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The instructions that kernels for RISC-V's vectors are made of, and the way
// from accumulators to bytes that they share. A vector has as many elements as
// four registers of the machine hold accumulators: 8 for every 64 bits that a
// register has. All instructions work on the first `length` of them; what is
// beyond is not defined.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_RISCV_RVV_H
#define QUANTCC_LIB_CODEGEN_RISCV_RVV_H

#include "Kernels/KernelBuilder.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

namespace quantcc {

/// How a layer's accumulators are rounded. (docs/Numerics.md, N4 to N6)
enum class RvvRounding {
  /// Products of 64 bits, shifted once, ties to +infinity: N5, and N4 where
  /// its second step shifts by nothing or by less.
  Up,
  /// The same with ties to even: N6.
  Even,
  /// Upper halves of products, shifted a second time: N4.
  Double,
};

class RvvBuilder : public KernelBuilder {
public:
  explicit RvvBuilder(const KernelBuilder &builder) : KernelBuilder(builder) {}

  /// Elements that a vector has on the machine that executes this.
  mlir::Value lanes();
  /// Makes the instructions that follow work on `count` elements, which is an
  /// index and at most `lanes`.
  void setLength(mlir::Value count);

  /// Loads elements of `row`, of i8 or i32, from `position` on.
  mlir::Value load(mlir::Value row, mlir::Value position);
  /// The same of i8, as i16.
  mlir::Value loadExtended(mlir::Value row, mlir::Value position);
  /// The byte at `position`, as i16.
  mlir::Value loadByte(mlir::Value row, mlir::Value position);
  void store(mlir::Value row, mlir::Value position, mlir::Value bytes);

  /// accumulators + lhs * rhs, of i16, `lhs` one for all or a vector; modulo
  /// 2^32.
  mlir::Value multiplyAdd(mlir::Value accumulators, mlir::Value lhs,
                          mlir::Value rhs);

  /// Stored values of `accumulators`. `shifts` are the multipliers' own, less
  /// 31 with two roundings.
  mlir::Value requantize(FusedConv2DOp op, RvvRounding rounding,
                         mlir::Value accumulators, mlir::Value multipliers,
                         mlir::Value shifts);

private:
  mlir::VectorType vectorOf(unsigned bits);
  mlir::Value scalar(unsigned bits, int64_t value);
  mlir::Value pointer(mlir::Value row, mlir::Value position);
  mlir::Value intrinsic(llvm::StringRef name, mlir::Type result,
                        mlir::ValueRange operands);
  /// An intrinsic whose first operand is what its other elements are.
  mlir::Value compute(llvm::StringRef name, unsigned resultBits,
                      mlir::ValueRange operands);
  /// The same with a rounding mode of fixed-point arithmetic.
  mlir::Value computeRounded(llvm::StringRef name, unsigned resultBits,
                             mlir::Value lhs, mlir::Value rhs, int64_t mode);

  /// Of i64, as instructions take it.
  mlir::Value length;
};

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_RISCV_RVV_H
