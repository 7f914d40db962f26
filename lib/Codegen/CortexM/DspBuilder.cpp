//===- DspBuilder.cpp - Arm DSP instructions ------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds the instructions of the DSP extension.
//
//===----------------------------------------------------------------------===//

#include "DspBuilder.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>

using namespace mlir;
using namespace quantcc;

Value DspBuilder::intrinsic(StringRef name, ValueRange operands) {
  return intrinsic(name, wordType(), operands);
}

Value DspBuilder::loadBytes(Value pointer, int64_t offset) {
  return LLVM::LoadOp::create(builder, loc, wordType(),
                              advance(pointer, offset), /*alignment=*/1);
}

Value DspBuilder::loadBytes(Value pointer, int64_t offset, int64_t count) {
  if (count == 4)
    return loadBytes(pointer, offset);
  auto part = [&](int64_t begin, unsigned bytes) -> Value {
    Value narrow =
        LLVM::LoadOp::create(builder, loc, builder.getIntegerType(8 * bytes),
                             advance(pointer, offset + begin), /*alignment=*/1);
    return arith::ExtUIOp::create(builder, loc, wordType(), narrow);
  };
  if (count < 3)
    return part(0, count);
  Value upper =
      arith::ShLIOp::create(builder, loc, part(2, 1), word(16)).getResult();
  return arith::OrIOp::create(builder, loc, part(0, 2), upper);
}

HalfPairs DspBuilder::loadPair(Value pointer, int64_t offset) {
  // Volatile: LLVM would part the words, and load each where it is needed.
  Value both = LLVM::LoadOp::create(builder, loc, builder.getI64Type(),
                                    advance(pointer, offset), /*alignment=*/8,
                                    /*isVolatile=*/true);
  Value upper = arith::ShRUIOp::create(
      builder, loc, both, arith::ConstantIntOp::create(builder, loc, 32, 64));
  return {arith::TruncIOp::create(builder, loc, wordType(), both),
          arith::TruncIOp::create(builder, loc, wordType(), upper)};
}

void DspBuilder::storePair(Value pointer, HalfPairs pair) {
  LLVM::StoreOp::create(builder, loc, pair.even, pointer, /*alignment=*/8);
  LLVM::StoreOp::create(builder, loc, pair.odd, advance(pointer, 4),
                        /*alignment=*/4);
}

HalfPairs DspBuilder::widen(Value bytes) {
  Value rotated =
      LLVM::FshrOp::create(builder, loc, bytes, bytes, word(8)).getResult();
  return {intrinsic("llvm.arm.sxtb16", bytes),
          intrinsic("llvm.arm.sxtb16", rotated)};
}

Value DspBuilder::spreadNibbles(Value nibbles, bool upper) {
  if (!upper)
    nibbles = arith::ShLIOp::create(builder, loc, nibbles, word(4));
  return arith::AndIOp::create(builder, loc, nibbles,
                               word(static_cast<int32_t>(0xf0f0f0f0)));
}

Value DspBuilder::dot(Value lhs, Value rhs, Value sum) {
  return intrinsic("llvm.arm.smlad", {lhs, rhs, sum});
}

Value DspBuilder::multiplyAdd(Value lhs, Value rhs, Value sum, bool upper) {
  return intrinsic(upper ? "llvm.arm.smlatt" : "llvm.arm.smlabb",
                   {lhs, rhs, sum});
}
