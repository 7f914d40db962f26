//===- X86WideVectors.cpp - Values of 16 bits with x86 --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Loads pairs and weights, and multiplies them.
//
//===----------------------------------------------------------------------===//

#include "X86WideVectors.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>

using namespace mlir;
using namespace quantcc;

VectorType X86WideVectors::sumsType(KernelBuilder &b) const {
  return VectorType::get(lanes(), b.builder.getI32Type());
}

VectorType X86WideVectors::pairsType(KernelBuilder &b) const {
  return VectorType::get(lanes() * kPair, b.builder.getI16Type());
}

/// As many as leave registers for weights and taps, and without VNNI for a
/// product.
int64_t X86WideVectors::pixelsFor(int64_t count) const {
  if (vectors.registers == 32)
    return count == 4 ? 6 : count == 3 ? 8 : count == 2 ? 12 : 16;
  return count == 2 ? 5 : 10;
}

/// The pair, or one tap and zero, for all channels.
Value X86WideVectors::loadTaps(KernelBuilder &b, Value row, Value position,
                               int64_t count) const {
  Type i16 = b.builder.getI16Type(), i32 = b.builder.getI32Type();
  Value pair;
  if (count == kPair) {
    Value taps = vector::LoadOp::create(
        b.builder, b.loc, VectorType::get(kPair, i16), row, position);
    pair = vector::ExtractOp::create(
        b.builder, b.loc,
        vector::BitCastOp::create(b.builder, b.loc, VectorType::get(1, i32),
                                  taps),
        ArrayRef<int64_t>{0});
  } else {
    pair = arith::ExtUIOp::create(
        b.builder, b.loc, i32,
        memref::LoadOp::create(b.builder, b.loc, row, position));
  }
  return vector::BroadcastOp::create(b.builder, b.loc, sumsType(b), pair);
}

Value X86WideVectors::loadWeights(KernelBuilder &b, Value weights,
                                  Value position) const {
  Value bytes = vector::LoadOp::create(
      b.builder, b.loc, VectorType::get(lanes() * kPair, b.builder.getI8Type()),
      weights, position);
  Value wide = arith::ExtSIOp::create(b.builder, b.loc, pairsType(b), bytes);
  return vector::BitCastOp::create(b.builder, b.loc, sumsType(b), wide);
}

Value X86WideVectors::multiplyAdd(KernelBuilder &b, Value sums, Value taps,
                                  int64_t, Value weights) const {
  auto asPairs = [&](Value value) -> Value {
    return vector::BitCastOp::create(b.builder, b.loc, pairsType(b), value);
  };
  auto intrinsic = [&](StringRef name, ValueRange operands) {
    return LLVM::CallIntrinsicOp::create(b.builder, b.loc, sumsType(b),
                                         b.builder.getStringAttr(name),
                                         operands)
        .getResult(0);
  };
  bool isLong = vectors.bytes == 64;
  if (vectors.hasDotProduct)
    return intrinsic(isLong ? "llvm.x86.avx512.vpdpwssd.512"
                            : "llvm.x86.avx512.vpdpwssd.256",
                     {sums, asPairs(taps), asPairs(weights)});
  // Of i16 by what was i8, no two products leave i32.
  Value products = intrinsic(isLong ? "llvm.x86.avx512.pmaddw.d.512"
                             : vectors.bytes == 32 ? "llvm.x86.avx2.pmadd.wd"
                                                   : "llvm.x86.sse2.pmadd.wd",
                             {asPairs(taps), asPairs(weights)});
  return arith::AddIOp::create(b.builder, b.loc, sums, products);
}

void X86WideVectors::store(KernelBuilder &b, Value row, Value position,
                           Value values, int64_t count) const {
  int64_t size = cast<VectorType>(values.getType()).getNumElements();
  if (count == size || !vectors.hasMasks)
    return WideVectors::store(b, row, position, values, count);
  SmallVector<bool> isStored(size);
  std::fill_n(isStored.begin(), count, true);
  Value mask = arith::ConstantOp::create(
      b.builder, b.loc,
      DenseElementsAttr::get(VectorType::get(size, b.builder.getI1Type()),
                             isStored));
  vector::MaskedStoreOp::create(b.builder, b.loc, row, position, mask, values);
}
