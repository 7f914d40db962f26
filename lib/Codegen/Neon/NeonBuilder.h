//===- NeonBuilder.h - Vectors of Arm's application cores -------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The instructions that kernels for NEON are made of, and the way from
// accumulators to bytes that they share: high products (docs/Numerics.md, N51),
// by instructions that double the product first and saturate.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_NEON_NEONBUILDER_H
#define QUANTCC_LIB_CODEGEN_NEON_NEONBUILDER_H

#include "Kernels/HighProductForm.h"
#include "Kernels/KernelBuilder.h"

namespace quantcc {

/// i32 accumulators of one vector.
constexpr int64_t kNeonLanes = 4;
/// Bytes of one vector.
constexpr int64_t kNeonBytes = 16;

/// The two forms that NEON has: names of instructions differ, and Armv7 has 16
/// registers of 16 bytes where AArch64 has 32.
enum class NeonVersion { Armv7, AArch64 };

/// The numbers of high products, one a channel: buffers of them, or one vector
/// of each. There are shifts and preShifts only if they differ between
/// channels.
struct NeonHighProducts {
  mlir::Value multipliers, offsets, shifts, preShifts;
};

class NeonBuilder : public KernelBuilder {
public:
  NeonBuilder(const KernelBuilder &builder, NeonVersion version)
      : KernelBuilder(builder), version(version) {}

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

  /// The lower or upper nibbles of the bytes of a vector, as bytes 16 times as
  /// large.
  mlir::Value spreadNibbles(mlir::Value nibbles, bool upper);
  /// Loads eight bytes: the lower nibble of each, then the upper ones, as 16
  /// bytes that are 16 times as large.
  mlir::Value loadAllNibbles(mlir::Value row, mlir::Value position);

  /// 4 times the four bytes from byte `4 * word` of `bytes` on.
  mlir::Value broadcastWord(mlir::Value bytes, int64_t word);
  /// accumulators[i] + sum over j < 4 of s8 lhs[4 i + j] * s8 rhs[4 i + j],
  /// modulo 2^32.
  mlir::Value dot(mlir::Value accumulators, mlir::Value lhs, mlir::Value rhs);

  /// A 2x2 matrix of sums, by row, and the products of two matrices of 2 rows
  /// of 8 bytes, the second transposed; modulo 2^32.
  mlir::Value multiplyMatrices(mlir::Value sums, mlir::Value lhs,
                               mlir::Value rhs);
  /// Sums of `pixels` pixels that begin with the vectors `bias`, as matrices of
  /// two pixels by two channels: by pair of pixels, then of channels. The last
  /// of an odd number of pixels counts twice.
  llvm::SmallVector<mlir::Value> pairPixels(llvm::ArrayRef<mlir::Value> bias,
                                            int64_t pixels);
  /// What pairPixels pairs: by pixel, `vectors` vectors of each.
  llvm::SmallVector<mlir::Value>
  separatePixels(llvm::ArrayRef<mlir::Value> sums, int64_t pixels,
                 int64_t vectors);

  /// The sums of neighbours: those of `lhs`, then those of `rhs`.
  mlir::Value addNeighbours(mlir::Value lhs, mlir::Value rhs);

  /// Eight products of bytes of the lower or upper halves of two vectors, as
  /// i16.
  mlir::Value multiplyBytes(mlir::Value lhs, mlir::Value rhs, bool upper);
  /// sums[i] + products[2 i] + products[2 i + 1], products of i16.
  mlir::Value addPairs(mlir::Value sums, mlir::Value products);
  /// sums[i] + values[i], of which there are 4 of i16.
  mlir::Value addWidened(mlir::Value sums, mlir::Value values);
  /// The words of `sums` without their lowest `bits` bits.
  mlir::Value shiftDown(mlir::Value sums, int64_t bits);
  /// Element by element, modulo 2^32 or 2^16.
  mlir::Value addWords(mlir::Value lhs, mlir::Value rhs);
  /// The lower or upper halves of two vectors of 16 bytes in one.
  mlir::Value pairHalves(mlir::Value lhs, mlir::Value rhs, bool upper);

  /// The vectors of `buffers` at the 4 channels from `position` on.
  NeonHighProducts loadHighProducts(const NeonHighProducts &buffers,
                                    mlir::Value position);
  /// One vector of accumulators by the high products `numbers` of `form`,
  /// as encodeForNeon gives it, saturated to 4 of i16. Shifts among the numbers
  /// are negative.
  mlir::Value round(const HighProductForm &form, mlir::Value accumulators,
                    const NeonHighProducts &numbers);
  /// Stored values of 1, 2 or 4 vectors of `round`, in their order; of one
  /// vector twice.
  mlir::Value narrow(FusedConv2DOp op, llvm::ArrayRef<mlir::Value> rounded);
  mlir::Value narrow(llvm::ArrayRef<mlir::Value> rounded, int32_t low,
                     int32_t high);

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

private:
  /// The intrinsic `armv7` or `aarch64`, whose names lack "llvm.arm.neon." or
  /// "llvm.aarch64.neon.".
  mlir::Value intrinsic(llvm::StringRef armv7, llvm::StringRef aarch64,
                        mlir::Type result, mlir::ValueRange operands);
  /// `values` with elements of half as many bits, saturated.
  mlir::Value saturate(mlir::Value values);

  NeonVersion version;
};

/// `form` as the instructions take it, which keep one bit more of a product.
HighProductForm encodeForNeon(HighProductForm form);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_NEON_NEONBUILDER_H
