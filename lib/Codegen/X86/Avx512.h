//===- Avx512.h - Vectors of AVX-512 VNNI -----------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The instructions that kernels for AVX-512 VNNI are made of, and the way from
// accumulators to bytes that they share. Where an instruction rounds, it names
// its rounding itself: the caller's floating-point environment does not matter.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_X86_AVX512_H
#define QUANTCC_LIB_CODEGEN_X86_AVX512_H

#include "ColumnPanels.h"
#include "Kernels/KernelBuilder.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Support/FloatRequantization.h"

namespace quantcc {

/// The numbers of a float form for the 16 accumulators of one vector: one
/// vector of 16 f32 each, or two of 8 f64. There are negative offsets only in
/// split forms.
struct VectorScales {
  FloatForm form;
  llvm::SmallVector<mlir::Value, 2> scales, offsets, negativeOffsets;
};

class Avx512Builder : public KernelBuilder {
public:
  explicit Avx512Builder(const KernelBuilder &builder)
      : KernelBuilder(builder) {}

  mlir::VectorType bytesType(); // 64 of i8
  mlir::VectorType wordsType(); // 16 of i32
  mlir::Value zeroWords();
  mlir::Value zeroBytes();

  /// Loads a vector of `count` elements of `row` from `position` on.
  mlir::Value load(mlir::Value row, mlir::Value position, int64_t count);
  /// As many bytes of `row` as a vector has, of which `count` are read and the
  /// others are 0.
  mlir::Value loadBytes(mlir::Value row, mlir::Value position, int64_t count);
  /// Stores the first `count` of the vector `bytes`, of any size.
  void storeBytes(mlir::Value row, mlir::Value position, mlir::Value bytes,
                  int64_t count);

  /// 16 times the four bytes from `position` on.
  mlir::Value broadcastFour(mlir::Value row, mlir::Value position);
  /// 16 times the `count` bytes from `position` on, less than 4, and zeros.
  mlir::Value broadcastFew(mlir::Value row, mlir::Value position,
                           int64_t count);

  /// accumulators[i] + sum over j < 4 of u8 bytes[4 i + j] * s8 weights[4 i +
  /// j], modulo 2^32.
  mlir::Value dot(mlir::Value accumulators, mlir::Value bytes,
                  mlir::Value weights);

  /// The numbers of `form` in the bytes of `buffer` from `position` on: scales,
  /// offsets, then negative offsets.
  VectorScales loadScales(const FloatForm &form, mlir::Value buffer,
                          mlir::Value position);

  /// 16 times the f32 at `position` of `numbers`.
  mlir::Value broadcastFloat(mlir::Value numbers, mlir::Value position);
  /// 16 bytes as f32.
  mlir::Value toFloat(mlir::Value bytes, bool isUnsigned);
  /// lhs * rhs + summand, rounded once to nearest, ties to even.
  mlir::Value multiplyAdd(mlir::Value lhs, mlir::Value rhs,
                          mlir::Value summand);
  /// 16 of f32 as i32, to nearest, ties to even.
  mlir::Value roundToWords(mlir::Value floats);

  /// Results of four vectors of accumulators, narrowed.
  mlir::Value requantize(FusedConv2DOp op,
                         llvm::ArrayRef<mlir::Value> accumulators,
                         llvm::ArrayRef<VectorScales> scales);
  /// Four vectors of words, saturated to i8 and clamped, byte 16 l + 4 v + t
  /// from element 4 l + t of vector v; plus 128 with `isBiased`.
  mlir::Value narrow(llvm::ArrayRef<mlir::Value> words, int32_t low,
                     int32_t high, bool isBiased);

  /// The bytes of `narrow` of as many runs as four vectors hold, if each
  /// run comes from `vectorsPerRun` vectors (4, 2 or 1) and its channels are
  /// arranged as in ColumnPanel: one run after the other.
  mlir::Value separateRuns(mlir::Value bytes, int64_t vectorsPerRun);

  /// Elements `first` to `first + count` of `vector`.
  mlir::Value slice(mlir::Value vector, int64_t first, int64_t count);

  /// Permutes the elements of type `element` of 64 bytes.
  mlir::Value permute(mlir::Value bytes, mlir::Type element,
                      llvm::ArrayRef<int64_t> order);
  /// The bytes `order` of `first` and, from 64 on, `second`.
  mlir::Value permute(mlir::Value first, mlir::Value second,
                      llvm::ArrayRef<int64_t> order);
  /// The bytes of two vectors, interleaved within 128-bit lanes: the lower or
  /// upper halves of the lanes, by elements of `element`.
  mlir::Value interleave(mlir::Value lhs, mlir::Value rhs, mlir::Type element,
                         bool upper);

private:
  mlir::Value intrinsic(llvm::StringRef name, mlir::Type result,
                        mlir::ValueRange operands);
  mlir::Value constantOf(mlir::Type type, int64_t value);
  mlir::Value round(mlir::Value accumulators, const VectorScales &scales);
};

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_X86_AVX512_H
