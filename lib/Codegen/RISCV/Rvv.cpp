//===- Rvv.cpp - Vectors of RISC-V ----------------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds the instructions of RISC-V's vectors.
//
//===----------------------------------------------------------------------===//

#include "Rvv.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>
#include <mlir/IR/TypeUtilities.h>

using namespace mlir;
using namespace quantcc;

/// Elements for every 64 bits of a register: accumulators take four of these.
static constexpr int64_t kLanes = 8;

VectorType RvvBuilder::vectorOf(unsigned bits) {
  return VectorType::get({kLanes}, builder.getIntegerType(bits),
                         /*scalableDims=*/{true});
}

Value RvvBuilder::scalar(unsigned bits, int64_t value) {
  return arith::ConstantOp::create(
      builder, loc,
      builder.getIntegerAttr(builder.getIntegerType(bits), value));
}

Value RvvBuilder::lanes() {
  return multiply(
      vector::VectorScaleOp::create(builder, loc, builder.getIndexType()),
      kLanes);
}

void RvvBuilder::setLength(Value count) {
  length =
      arith::IndexCastOp::create(builder, loc, builder.getI64Type(), count);
}

Value RvvBuilder::intrinsic(StringRef name, Type result, ValueRange operands) {
  return LLVM::CallIntrinsicOp::create(builder, loc, result,
                                       builder.getStringAttr(name), operands)
      .getResult(0);
}

Value RvvBuilder::compute(StringRef name, unsigned resultBits,
                          ValueRange operands) {
  VectorType type = vectorOf(resultBits);
  SmallVector<Value> all{LLVM::PoisonOp::create(builder, loc, type)};
  llvm::append_range(all, operands);
  all.push_back(length);
  return intrinsic(name, type, all);
}

Value RvvBuilder::computeRounded(StringRef name, unsigned resultBits, Value lhs,
                                 Value rhs, int64_t mode) {
  return compute(name, resultBits, {lhs, rhs, scalar(64, mode)});
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

Value RvvBuilder::load(Value row, Value position) {
  unsigned bits = cast<MemRefType>(row.getType()).getElementTypeBitWidth();
  return compute("llvm.riscv.vle", bits, {pointer(row, position)});
}

Value RvvBuilder::loadExtended(Value row, Value position) {
  Value values = load(row, position);
  if (getElementTypeOrSelf(row.getType()).isInteger(16))
    return values;
  return compute("llvm.riscv.vsext", 16, {values});
}

Value RvvBuilder::loadScalar(Value row, Value position) {
  Value value = memref::LoadOp::create(builder, loc, row, position);
  if (value.getType().isInteger(16))
    return value;
  return arith::ExtSIOp::create(builder, loc, builder.getI16Type(), value);
}

Value RvvBuilder::spreadNibbles(Value bytes, bool upper) {
  constexpr int64_t kAbove = 12;
  if (upper)
    return compute("llvm.riscv.vsra", 16, {bytes, scalar(64, 4)});
  Value top = compute("llvm.riscv.vsll", 16, {bytes, scalar(64, kAbove)});
  return compute("llvm.riscv.vsra", 16, {top, scalar(64, kAbove)});
}

Value RvvBuilder::spreadNibbleWords(Value words, bool upper) {
  constexpr auto kUpper = static_cast<int32_t>(0xf0f0f0f0);
  if (!upper)
    words = compute("llvm.riscv.vsll", 32, {words, scalar(64, 4)});
  return compute("llvm.riscv.vand", 32, {words, scalar(32, kUpper)});
}

Value RvvBuilder::loadWords(Value row, Value position) {
  return compute("llvm.riscv.vle", 32, {pointer(row, position)});
}

void RvvBuilder::copy(Value from, Value fromPosition, Value to,
                      Value toPosition, int64_t count) {
  // What eight registers hold on any machine.
  constexpr int64_t kChunk = 128;
  auto type =
      VectorType::get({64}, builder.getI8Type(), /*scalableDims=*/{true});
  auto copyChunk = [&](Value done, int64_t bytes) {
    Value size = scalar(64, bytes);
    Value loaded = intrinsic("llvm.riscv.vle", type,
                             {LLVM::PoisonOp::create(builder, loc, type),
                              pointer(from, add(fromPosition, done)), size});
    LLVM::CallIntrinsicOp::create(
        builder, loc, builder.getStringAttr("llvm.riscv.vse"),
        ValueRange{loaded, pointer(to, add(toPosition, done)), size});
  };
  int64_t whole = count / kChunk, rest = count % kChunk;
  forEach(whole, kChunk, [&](Value done) { copyChunk(done, kChunk); });
  if (rest != 0)
    copyChunk(index(whole * kChunk), rest);
}

void RvvBuilder::store(Value row, Value position, Value values) {
  LLVM::CallIntrinsicOp::create(
      builder, loc, builder.getStringAttr("llvm.riscv.vse"),
      ValueRange{values, pointer(row, position), length});
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

Value RvvBuilder::dot(Value accumulators, Value words, Value word) {
  auto bytes = VectorType::get({4 * kLanes}, builder.getI8Type(),
                               /*scalableDims=*/{true});
  // Whatever becomes of the elements beyond.
  Value policy = scalar(64, 3);
  return intrinsic("llvm.riscv.vqdot", vectorOf(32),
                   {accumulators,
                    vector::BitCastOp::create(builder, loc, bytes, words), word,
                    length, policy});
}

Value RvvBuilder::multiplyAdd(Value accumulators, Value lhs, Value rhs) {
  // Whatever becomes of the elements beyond.
  Value policy = scalar(64, 3);
  return intrinsic("llvm.riscv.vwmacc", vectorOf(32),
                   {accumulators, lhs, rhs, length, policy});
}
