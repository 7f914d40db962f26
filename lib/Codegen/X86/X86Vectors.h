//===- X86Vectors.h - Vectors of an x86 instruction set ---------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What kernels need to know of an instruction set: the size and number of its
// vectors, and how it multiplies bytes.
//
// With 8-bit dot products, an instruction takes four u8 of the input by four s8
// weights to each accumulator. Without them, vpmaddwd takes two s16 by two s16,
// and an addition follows: inputs are widened to 16 bits before. vpmaddubsw,
// which multiplies bytes, saturates its sums and so is of no use.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_X86_X86VECTORS_H
#define QUANTCC_LIB_CODEGEN_X86_X86VECTORS_H

#include <cstdint>

namespace quantcc {

struct X86Vectors {
  /// Of one vector.
  int64_t bytes;
  /// How many there are.
  int64_t registers;
  /// Whether there are 8-bit dot products (vpdpbusd).
  bool hasDotProduct;
  /// Whether loads and stores of bytes take masks, and conversions and
  /// multiplications name their rounding themselves (AVX-512).
  bool hasMasks;
  /// Whether a product can be added to before it is rounded (FMA).
  bool hasMultiplyAdd;

  /// i32 accumulators of one vector.
  int64_t lanes() const { return bytes / 4; }
  /// Inputs that are multiplied and added to one accumulator at once.
  int64_t taps() const { return hasDotProduct ? 4 : 2; }
  /// Bytes of one such input and of its weight.
  int64_t tapBytes() const { return 4 / taps(); }
};

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_X86_X86VECTORS_H
