//===- Neon.h - Vectors of AArch64 ------------------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The instructions that kernels for AArch64 are made of, and the way from
// accumulators to bytes that they share. Conversions and multiplications round
// as the floating-point environment says: kernels are called with rounding to
// nearest (KernelFamily::emitCall).
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_AARCH64_NEON_H
#define QUANTCC_LIB_CODEGEN_AARCH64_NEON_H

#include "Kernels/KernelBuilder.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Support/FloatRequantization.h"

namespace quantcc {

/// i32 accumulators of one vector.
constexpr int64_t kNeonLanes = 4;
/// Bytes of one vector.
constexpr int64_t kNeonBytes = 16;

/// The numbers of float forms, one a channel. Those that no form of the layer
/// needs are missing.
struct NeonScaleBuffers {
  mlir::Value scales, offsets, negativeOffsets;
  mlir::Value wideScales, wideOffsets, wideNegativeOffsets;
};

/// The numbers of a float form for the accumulators of one vector: one vector
/// of 4 f32 each, or two of 2 f64. There are negative offsets only in split
/// forms.
struct NeonScales {
  llvm::SmallVector<mlir::Value, 2> scales, offsets, negativeOffsets;
};

class NeonBuilder : public KernelBuilder {
public:
  explicit NeonBuilder(const KernelBuilder &builder) : KernelBuilder(builder) {}

  mlir::VectorType bytesType(int64_t count = kNeonBytes);
  mlir::VectorType wordsType(); // 4 of i32

  /// Loads a vector of `count` elements of `row` from `position` on.
  mlir::Value load(mlir::Value row, mlir::Value position, int64_t count);
  /// Loads `count` bytes to the begin of a vector of 16; what is beyond is not
  /// defined.
  mlir::Value loadBytes(mlir::Value row, mlir::Value position, int64_t count);
  /// Stores the first `count` of the vector `bytes`, of any size.
  void storeBytes(mlir::Value row, mlir::Value position, mlir::Value bytes,
                  int64_t count);

  /// 4 times the four bytes from byte `4 * word` of `bytes` on.
  mlir::Value broadcastWord(mlir::Value bytes, int64_t word);
  /// accumulators[i] + sum over j < 4 of s8 lhs[4 i + j] * s8 rhs[4 i + j],
  /// modulo 2^32.
  mlir::Value dot(mlir::Value accumulators, mlir::Value lhs, mlir::Value rhs);

  /// Eight products of bytes of the lower or upper halves of two vectors, as
  /// i16.
  mlir::Value multiplyBytes(mlir::Value lhs, mlir::Value rhs, bool upper);
  /// sums[i] + products[2 i] + products[2 i + 1], products of i16.
  mlir::Value addPairs(mlir::Value sums, mlir::Value products);
  /// sums[i] + values[i], of which there are 4 of i16.
  mlir::Value addWidened(mlir::Value sums, mlir::Value values);
  /// Element by element, modulo 2^32 or 2^16.
  mlir::Value addWords(mlir::Value lhs, mlir::Value rhs);
  /// The lower or upper halves of two vectors of 16 bytes in one.
  mlir::Value pairHalves(mlir::Value lhs, mlir::Value rhs, bool upper);

  /// The vectors of `form` at the 4 channels from `position` on.
  NeonScales loadScales(const FloatForm &form, const NeonScaleBuffers &buffers,
                        mlir::Value position);
  /// One vector of accumulators times its scales, plus its offsets, rounded and
  /// saturated to 4 of i16.
  mlir::Value round(const FloatForm &form, mlir::Value accumulators,
                    const NeonScales &scales);
  /// Stored values of 1, 2 or 4 vectors of `round`, in their order; of one
  /// vector twice.
  mlir::Value narrow(FusedConv2DOp op, llvm::ArrayRef<mlir::Value> rounded);

  /// Interleaves the elements of type `element` of the lower or upper halves of
  /// two vectors of 16 bytes.
  mlir::Value interleave(mlir::Value lhs, mlir::Value rhs, mlir::Type element,
                         bool upper);
  /// Elements `first` to `first + count` of `vector`.
  mlir::Value slice(mlir::Value vector, int64_t first, int64_t count);
  /// The elements of `lhs`, then those of `rhs`.
  mlir::Value concatenate(mlir::Value lhs, mlir::Value rhs);

  mlir::Value constantOf(mlir::VectorType type, int64_t value);
  mlir::Value intrinsic(llvm::StringRef name, mlir::Type result,
                        mlir::ValueRange operands);
};

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_AARCH64_NEON_H
