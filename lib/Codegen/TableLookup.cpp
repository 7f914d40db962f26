//===- TableLookup.cpp - Tables of bytes, several at a time ---------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One way for each instruction set that has one.
//
//===----------------------------------------------------------------------===//

#include "TableLookup.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>

using namespace mlir;
using namespace quantcc;

namespace {

enum class Way {
  None,
  NeonShuffles,
  ArmNeonShuffles,
  MveGather,
  WordPermutations
};

class LookupBuilder {
public:
  LookupBuilder(OpBuilder &builder, Location loc, Value table)
      : builder(builder), loc(loc), table(table) {}

  Value shuffleNeon(Value positions);
  Value shuffleArmNeon(Value positions);
  Value gatherMve(Value positions);
  Value permuteWords(Value positions);

private:
  Value intrinsic(StringRef name, Type type, ValueRange operands) {
    return LLVM::CallIntrinsicOp::create(builder, loc, type,
                                         builder.getStringAttr(name), operands)
        .getResult(0);
  }
  Value splat(Type type, int64_t value) {
    Type element = cast<VectorType>(type).getElementType();
    return arith::ConstantOp::create(
        builder, loc,
        DenseElementsAttr::get(cast<VectorType>(type),
                               builder.getIntegerAttr(element, value)));
  }
  /// `count` bytes of the table from `begin` on.
  Value load(int64_t begin, int64_t count) {
    Value position = arith::ConstantIndexOp::create(builder, loc, begin);
    return vector::LoadOp::create(builder, loc,
                                  VectorType::get(count, builder.getI8Type()),
                                  table, position);
  }
  /// The low bytes of what the table has at `words`, of i16.
  Value lookUpWords(Value words);

  OpBuilder &builder;
  Location loc;
  Value table;
};

} // namespace

static Way wayOf(KernelSet kernels) {
  switch (kernels) {
  case KernelSet::Neon:
  case KernelSet::NeonDotprod:
  case KernelSet::NeonI8mm:
    return Way::NeonShuffles;
  case KernelSet::ArmNeon:
    return Way::ArmNeonShuffles;
  case KernelSet::ArmMve:
    return Way::MveGather;
  case KernelSet::Avx512:
  case KernelSet::Avx512Vnni:
    return Way::WordPermutations;
  default:
    return Way::None;
  }
}

/// Four registers at a time: positions beyond them give 0 with the first
/// instruction, and what is there already with the others.
Value LookupBuilder::shuffleNeon(Value positions) {
  constexpr int64_t bytes = 16, together = 4 * bytes;
  Type type = positions.getType();
  Value result;
  for (int64_t begin = 0; begin != kTableBytes; begin += together) {
    SmallVector<Value> operands;
    if (result)
      operands.push_back(result);
    for (int64_t part = 0; part != together; part += bytes)
      operands.push_back(load(begin + part, bytes));
    operands.push_back(begin == 0 ? positions
                                  : arith::SubIOp::create(
                                        builder, loc, positions,
                                        splat(type, static_cast<int8_t>(begin)))
                                        .getResult());
    result = intrinsic(result ? "llvm.aarch64.neon.tbx4.v16i8"
                              : "llvm.aarch64.neon.tbl4.v16i8",
                       type, operands);
  }
  return result;
}

/// Four registers of eight bytes at a time, for eight positions: both halves of
/// the positions use them. The registers do not hold the whole table.
Value LookupBuilder::shuffleArmNeon(Value positions) {
  constexpr int64_t half = 8, together = 4 * half;
  auto type = cast<VectorType>(positions.getType());
  auto halfType = VectorType::get(half, type.getElementType());
  auto halfOf = [&](Value vector, int64_t first) -> Value {
    return vector::ShuffleOp::create(
        builder, loc, vector, vector,
        llvm::to_vector(llvm::seq<int64_t>(first, first + half)));
  };
  Value results[2];
  for (int64_t begin = 0; begin != kTableBytes; begin += together) {
    SmallVector<Value> rows;
    for (int64_t part = 0; part != together; part += half)
      rows.push_back(load(begin + part, half));
    Value moved = positions;
    if (begin != 0)
      moved = arith::SubIOp::create(builder, loc, positions,
                                    splat(type, static_cast<int8_t>(begin)));
    for (int64_t i : {0, 1}) {
      SmallVector<Value> operands;
      if (results[i])
        operands.push_back(results[i]);
      llvm::append_range(operands, rows);
      operands.push_back(halfOf(moved, i * half));
      results[i] =
          intrinsic(results[i] ? "llvm.arm.neon.vtbx4" : "llvm.arm.neon.vtbl4",
                    halfType, operands);
    }
  }
  return vector::ShuffleOp::create(
      builder, loc, results[0], results[1],
      llvm::to_vector(llvm::seq<int64_t>(0, 2 * half)));
}

Value LookupBuilder::gatherMve(Value positions) {
  Type i32 = builder.getI32Type();
  Value address =
      memref::ExtractAlignedPointerAsIndexOp::create(builder, loc, table);
  address = arith::IndexCastOp::create(builder, loc, i32, address);
  Value pointer = LLVM::IntToPtrOp::create(
      builder, loc, LLVM::LLVMPointerType::get(builder.getContext()), address);
  auto number = [&](int64_t value) -> Value {
    return arith::ConstantIntOp::create(builder, loc, i32, value);
  };
  // Elements of 8 bits, positions that are not scaled, and no sign to extend.
  return intrinsic("llvm.arm.mve.vldr.gather.offset.v16i8.p0.v16i8",
                   positions.getType(),
                   {pointer, positions, number(8), number(0), number(1)});
}

/// The table as 128 words of two bytes, of which an instruction picks any
/// of 64.
Value LookupBuilder::lookUpWords(Value words) {
  constexpr int64_t bytes = 64;
  Type type = words.getType();
  auto tableWords = [&](int64_t part) -> Value {
    return vector::BitCastOp::create(builder, loc, type,
                                     load(part * bytes, bytes));
  };
  Value places = arith::ShRUIOp::create(builder, loc, words, splat(type, 1));
  auto pick = [&](int64_t part) {
    return intrinsic("llvm.x86.avx512.vpermi2var.hi.512", type,
                     {tableWords(part), places, tableWords(part + 1)});
  };
  auto bit = [&](int64_t mask) -> Value {
    return arith::AndIOp::create(builder, loc, words, splat(type, mask));
  };
  Value isUpper = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne,
                                        bit(128), splat(type, 0));
  Value found =
      arith::SelectOp::create(builder, loc, isUpper, pick(2), pick(0));
  Value shift = arith::ShLIOp::create(builder, loc, bit(1), splat(type, 3));
  Value byte = arith::ShRUIOp::create(builder, loc, found, shift);
  return arith::AndIOp::create(builder, loc, byte, splat(type, 255));
}

Value LookupBuilder::permuteWords(Value positions) {
  auto type = cast<VectorType>(positions.getType());
  auto wordsType =
      VectorType::get(type.getNumElements() / 2, builder.getI16Type());
  Value words = vector::BitCastOp::create(builder, loc, wordsType, positions);
  Value eight = splat(wordsType, 8);
  // Even bytes are the lower halves of words, odd ones the upper halves.
  Value even = lookUpWords(
      arith::AndIOp::create(builder, loc, words, splat(wordsType, 255)));
  Value odd = lookUpWords(arith::ShRUIOp::create(builder, loc, words, eight));
  Value both = arith::OrIOp::create(
      builder, loc, even, arith::ShLIOp::create(builder, loc, odd, eight));
  return vector::BitCastOp::create(builder, loc, type, both);
}

int64_t quantcc::lookupLanes(KernelSet kernels) {
  switch (wayOf(kernels)) {
  case Way::None:
    return 0;
  case Way::NeonShuffles:
  case Way::ArmNeonShuffles:
  case Way::MveGather:
    return 16;
  case Way::WordPermutations:
    return 64;
  }
  llvm_unreachable("unknown way");
}

Value quantcc::createVectorLookup(OpBuilder &builder, Location loc,
                                  KernelSet kernels, Value table,
                                  Value positions) {
  LookupBuilder lookup(builder, loc, table);
  switch (wayOf(kernels)) {
  case Way::NeonShuffles:
    return lookup.shuffleNeon(positions);
  case Way::ArmNeonShuffles:
    return lookup.shuffleArmNeon(positions);
  case Way::MveGather:
    return lookup.gatherMve(positions);
  case Way::WordPermutations:
    return lookup.permuteWords(positions);
  case Way::None:
    break;
  }
  llvm_unreachable("there is no way to look bytes up together");
}
