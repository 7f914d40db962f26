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

class RvvBuilder : public KernelBuilder {
public:
  /// How fixed-point instructions round (vxrm): ties upwards, ties to even, and
  /// always downwards.
  static constexpr int64_t kNearestUp = 0, kNearestEven = 1, kDown = 2;

  explicit RvvBuilder(const KernelBuilder &builder) : KernelBuilder(builder) {}

  /// Elements that a vector has on the machine that executes this.
  mlir::Value lanes();
  /// Makes the instructions that follow work on `count` elements, which is an
  /// index and at most `lanes`.
  void setLength(mlir::Value count);

  /// Loads elements of `row`, of i8 or i32, from `position` on.
  mlir::Value load(mlir::Value row, mlir::Value position);
  /// The same of i8 or i16, as i16.
  mlir::Value loadExtended(mlir::Value row, mlir::Value position);
  /// The i8 or i16 at `position`, as i16.
  mlir::Value loadScalar(mlir::Value row, mlir::Value position);
  /// The lower or upper nibbles, with their signs, of the bytes that the i16
  /// `bytes` are widened from.
  mlir::Value spreadNibbles(mlir::Value bytes, bool upper);
  /// The lower or upper nibbles of the bytes of `words`, as bytes 16 times as
  /// large.
  mlir::Value spreadNibbleWords(mlir::Value words, bool upper);
  /// Loads words of `row`, of i8, from byte `position` on, where words are
  /// aligned.
  mlir::Value loadWords(mlir::Value row, mlir::Value position);
  void store(mlir::Value row, mlir::Value position, mlir::Value values);
  /// Copies `count` bytes, whatever the length of vectors.
  void copy(mlir::Value from, mlir::Value fromPosition, mlir::Value to,
            mlir::Value toPosition, int64_t count);

  /// accumulators + lhs * rhs, of i16, `lhs` one for all or a vector; modulo
  /// 2^32.
  mlir::Value multiplyAdd(mlir::Value accumulators, mlir::Value lhs,
                          mlir::Value rhs);

  /// accumulators[i] + sum over j < 4 of the products of byte j of words[i] and
  /// of the scalar `word`, with their signs, modulo 2^32.
  mlir::Value dot(mlir::Value accumulators, mlir::Value words,
                  mlir::Value word);

  mlir::Value scalar(unsigned bits, int64_t value);
  /// An intrinsic whose first operand is what its other elements are.
  mlir::Value compute(llvm::StringRef name, unsigned resultBits,
                      mlir::ValueRange operands);
  /// The same of fixed-point arithmetic, rounded as `mode` says.
  mlir::Value computeRounded(llvm::StringRef name, unsigned resultBits,
                             mlir::Value lhs, mlir::Value rhs, int64_t mode);

private:
  mlir::VectorType vectorOf(unsigned bits);
  mlir::Value intrinsic(llvm::StringRef name, mlir::Type result,
                        mlir::ValueRange operands);
  /// Of i64, as instructions take it.
  mlir::Value length;
};

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_RISCV_RVV_H
