//===- X86Builder.h - Vectors of x86 ----------------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The instructions that kernels for x86 are made of, and the way from
// accumulators to bytes that they share. Where an instruction of AVX-512
// rounds, it names its rounding itself: the caller's floating-point environment
// does not matter. Those of older sets round as the environment says, and
// kernels are called with rounding to nearest.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_X86_X86BUILDER_H
#define QUANTCC_LIB_CODEGEN_X86_X86BUILDER_H

#include "ColumnPanels.h"
#include "Kernels/KernelBuilder.h"
#include "Kernels/KernelConstants.h"
#include "X86Vectors.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Support/FloatRequantization.h"

namespace quantcc {

/// What stored values are held plus, if they are biased.
constexpr int32_t kByteBias = 128;

/// The numbers of a float form for the accumulators of one vector: one vector
/// of f32 each, or two of f64. There are negative offsets only in split forms,
/// and exceptions in forms that have them.
struct VectorScales {
  FloatForm form;
  llvm::SmallVector<mlir::Value, 2> scales, offsets, negativeOffsets,
      exceptions, sumsOfZero, negativeSumOffsets;
};

/// "Vectors" have the set's size, and "words" are i32.
class X86Builder : public KernelBuilder {
public:
  X86Builder(const KernelBuilder &builder, const X86Vectors &vectors)
      : KernelBuilder(builder), vectors(vectors) {}

  mlir::VectorType bytesType();
  mlir::VectorType wordsType();
  mlir::Value zeroWords();
  /// `count` bytes.
  mlir::Value zeroBytes(int64_t count);

  /// Loads a vector of `count` elements of `row` from `position` on.
  mlir::Value load(mlir::Value row, mlir::Value position, int64_t count);
  /// Loads the first `count` bytes of a vector of `size`, a power of two, from
  /// `position` on; without masks the others are not defined, else 0.
  mlir::Value loadBytes(mlir::Value row, mlir::Value position, int64_t count,
                        int64_t size);
  /// Stores the first `count` of the vector `bytes`, of any size.
  void storeBytes(mlir::Value row, mlir::Value position, mlir::Value bytes,
                  int64_t count);

  /// The lower or upper nibbles of the bytes of a vector, as bytes 16 times as
  /// large.
  mlir::Value spreadNibbles(mlir::Value nibbles, bool upper);
  /// All nibbles of half as many bytes as a vector has, the lower one of each
  /// first, as bytes 16 times as large.
  mlir::Value spreadAllNibbles(mlir::Value nibbles);
  /// The lower or upper nibbles, with their signs, of the bytes that i16 are
  /// widened from.
  mlir::Value splitNibbles(mlir::Value bytes, bool upper);
  /// The same of half a vector: the lower nibbles first, then the upper ones.
  mlir::Value splitAllNibbles(mlir::Value bytes);

  /// The four bytes from `position` on, for each word.
  mlir::Value broadcastFour(mlir::Value row, mlir::Value position);
  /// The `count` bytes from `position` on, less than 4, and zeros, for each
  /// word.
  mlir::Value broadcastFew(mlir::Value row, mlir::Value position,
                           int64_t count);

  /// Signed bytes as i16.
  mlir::Value widen(mlir::Value bytes);
  /// The bytes of any vector.
  mlir::Value asBytes(mlir::Value vector);

  /// accumulators[i] + sum over j < taps of inputs[taps i + j] * weights[taps i
  /// + j], modulo 2^32: u8 by s8, or s16 by s16 without dot products of bytes.
  /// Inputs and weights are given as bytes.
  mlir::Value dot(mlir::Value accumulators, mlir::Value inputs,
                  mlir::Value weights);

  /// The numbers of `form` in the bytes of `buffer` from `position` on: scales,
  /// offsets, negative offsets, then exceptions, or what negative sums are told
  /// by and have added.
  VectorScales loadScales(const FloatForm &form, mlir::Value buffer,
                          mlir::Value position);

  /// The f32 at `position` of `numbers`, for each word.
  mlir::Value broadcastFloat(mlir::Value numbers, mlir::Value position);
  /// As many bytes as a vector has words, as f32.
  mlir::Value toFloat(mlir::Value bytes, bool isUnsigned);
  /// lhs * rhs + summand, to nearest, ties to even: rounded once, or, if there
  /// are no multiply-adds, twice.
  mlir::Value multiplyAdd(mlir::Value lhs, mlir::Value rhs,
                          mlir::Value summand);
  /// f32 as i32, to nearest, ties to even.
  mlir::Value roundToWords(mlir::Value floats);

  /// A vector of accumulators in a float form, as words; with a form that takes
  /// bits, their lower halves alone are the results.
  mlir::Value round(mlir::Value accumulators, const VectorScales &scales);
  /// Results of four vectors of accumulators, narrowed. Where a form takes
  /// bits, its offsets hold the 128 that results are biased by.
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

  /// `vector`, whose bytes the code generator knows nothing of: it does not
  /// merge the instruction that makes them with others.
  mlir::Value keep(mlir::Value vector);

  /// Elements `first` to `first + count` of `vector`.
  mlir::Value slice(mlir::Value vector, int64_t first, int64_t count);

  /// Permutes the elements of type `element` of a vector of bytes.
  mlir::Value permute(mlir::Value bytes, mlir::Type element,
                      llvm::ArrayRef<int64_t> order);
  /// The elements `order` of two vectors, one after the other.
  mlir::Value permute(mlir::Value first, mlir::Value second,
                      llvm::ArrayRef<int64_t> order);
  /// The words `order` of two vectors of bytes, one after the other.
  mlir::Value permuteWords(mlir::Value first, mlir::Value second,
                           llvm::ArrayRef<int64_t> order);
  /// The elements of type `element` of two vectors, interleaved within 128-bit
  /// lanes: the lower or upper halves of the lanes. As bytes.
  mlir::Value interleave(mlir::Value lhs, mlir::Value rhs, mlir::Type element,
                         bool upper);

  const X86Vectors &vectors;

private:
  mlir::Value intrinsic(llvm::StringRef name, mlir::Type result,
                        mlir::ValueRange operands);
  mlir::Value constantOf(mlir::Type type, int64_t value);
  /// The first `count` of `size` bytes.
  mlir::Value createMask(int64_t size, int64_t count);
  mlir::Value wordsToFloat(mlir::Value words);
  /// f64 as i32, to nearest, ties to even.
  mlir::Value roundDoubles(mlir::Value floats);
  /// The lower halves of four vectors of words, saturated from i16 to u8 or i8.
  mlir::Value narrowLowerHalves(llvm::ArrayRef<mlir::Value> words,
                                bool isUnsigned);
  /// `bytes`, not below `low` and not above `high`.
  mlir::Value clamp(mlir::Value bytes, int32_t low, int32_t high,
                    bool isBiased);
};

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_X86_X86BUILDER_H
