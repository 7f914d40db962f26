//===- MveBuilder.cpp - Helium instructions -------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds the instructions of MVE.
//
//===----------------------------------------------------------------------===//

#include "MveBuilder.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>

using namespace mlir;
using namespace quantcc;

VectorType MveBuilder::bytesType(int64_t count) {
  return VectorType::get({count}, builder.getI8Type());
}

VectorType MveBuilder::wordsType() { return VectorType::get({4}, wordType()); }

Value MveBuilder::splat(int32_t value) {
  return arith::ConstantOp::create(builder, loc,
                                   DenseElementsAttr::get(wordsType(), value));
}

Value MveBuilder::loadBytes(Value pointer, int64_t offset, int64_t count) {
  Value address = advance(pointer, offset);
  if (count == 16)
    return LLVM::LoadOp::create(builder, loc, bytesType(16), address,
                                /*alignment=*/1);
  SmallVector<bool> isRead(16);
  std::fill_n(isRead.begin(), count, true);
  auto maskType = VectorType::get({16}, builder.getI1Type());
  Value mask = arith::ConstantOp::create(
      builder, loc, DenseElementsAttr::get(maskType, isRead));
  Value zeros = arith::ConstantOp::create(builder, loc,
                                          builder.getZeroAttr(bytesType(16)));
  return LLVM::MaskedLoadOp::create(builder, loc, bytesType(16), address, mask,
                                    zeros, /*alignment=*/1);
}

Value MveBuilder::loadPacked(Value pointer, int64_t offset) {
  // Aligned words have a wider range of offsets.
  return LLVM::LoadOp::create(builder, loc, bytesType(16),
                              advance(pointer, offset), /*alignment=*/16);
}

Value MveBuilder::spreadNibbles(Value nibbles, bool upper) {
  auto splat = [&](uint8_t value) -> Value {
    return arith::ConstantOp::create(
        builder, loc, DenseElementsAttr::get(bytesType(16), value));
  };
  // Either drops the other nibble.
  if (upper)
    return arith::AndIOp::create(builder, loc, nibbles, splat(0xf0));
  return arith::ShLIOp::create(builder, loc, nibbles, splat(4));
}

Value MveBuilder::gatherWords(Value pointer, ArrayRef<int64_t> offsets) {
  SmallVector<Value> words;
  for (int64_t offset : offsets)
    words.push_back(LLVM::LoadOp::create(
        builder, loc, wordType(), advance(pointer, offset), /*alignment=*/1));
  while (words.size() < 4)
    words.push_back(word(0));
  return vector::BitCastOp::create(builder, loc, bytesType(16), collect(words));
}

Value MveBuilder::loadWidened(Value pointer, int64_t offset) {
  Value bytes = LLVM::LoadOp::create(builder, loc, bytesType(4),
                                     advance(pointer, offset), /*alignment=*/1);
  return arith::ExtSIOp::create(builder, loc, wordsType(), bytes);
}

Value MveBuilder::loadWords(Value pointer, int64_t offset) {
  return LLVM::LoadOp::create(builder, loc, wordsType(),
                              advance(pointer, offset), /*alignment=*/4,
                              /*isVolatile=*/false, /*isNonTemporal=*/false,
                              /*isInvariant=*/true);
}

void MveBuilder::storeWords(Value pointer, int64_t offset, Value words) {
  LLVM::StoreOp::create(builder, loc, words, advance(pointer, offset),
                        /*alignment=*/4);
}

void MveBuilder::storeNarrowed(Value pointer, int64_t offset, Value words) {
  Value bytes = arith::TruncIOp::create(builder, loc, bytesType(4), words);
  LLVM::StoreOp::create(builder, loc, bytes, advance(pointer, offset),
                        /*alignment=*/1);
}

Value MveBuilder::collect(ValueRange words) {
  return vector::FromElementsOp::create(builder, loc, wordsType(), words);
}

Value MveBuilder::add(Value lhs, Value rhs) {
  return arith::AddIOp::create(builder, loc, lhs, rhs);
}

Value MveBuilder::multiply(Value lhs, Value rhs) {
  return arith::MulIOp::create(builder, loc, lhs, rhs);
}

Value MveBuilder::shiftDown(Value words, int32_t bits) {
  return arith::ShRSIOp::create(builder, loc, words, splat(bits));
}

Value MveBuilder::dot(Value lhs, Value rhs, Value sum) {
  // Signed, added, without exchanging neighbours.
  Value no = word(0);
  return intrinsic("llvm.arm.mve.vmldava.v16i8", wordType(),
                   {no, no, no, sum, lhs, rhs});
}

Value MveBuilder::dotHalves(Value lhs, Value rhs, Value sum) {
  Value no = word(0);
  return intrinsic("llvm.arm.mve.vmldava.v8i16", wordType(),
                   {no, no, no, sum, lhs, rhs});
}

Value MveBuilder::requantize(Value accumulators,
                             const HighProductVectors &values,
                             HighProductKind kind, std::optional<int32_t> shift,
                             int32_t low, int32_t high) {
  Value offsets = values.offsets, operand = accumulators;
  Value shifts = shift ? splat(*shift) : values.shifts;
  bool isSplit = kind == HighProductKind::Split;
  if (isSplit) {
    operand = add(accumulators, accumulators);
    Value signs = arith::ShRSIOp::create(builder, loc, accumulators, splat(31));
    offsets = add(offsets, signs);
  }
  // The split form rounds to nearest.
  Value upper = intrinsic(isSplit ? "llvm.arm.mve.vrmulh.v4i32"
                                  : "llvm.arm.mve.vmulh.v4i32",
                          wordsType(), {operand, values.multipliers, word(0)});
  if (kind == HighProductKind::Even)
    offsets =
        add(offsets,
            arith::AndIOp::create(
                builder, loc,
                arith::ShRSIOp::create(builder, loc, upper, shifts), splat(1)));
  Value result =
      arith::ShRSIOp::create(builder, loc, add(upper, offsets), shifts);
  result = arith::MaxSIOp::create(builder, loc, result, splat(low));
  return arith::MinSIOp::create(builder, loc, result, splat(high));
}
