//===- PointerBuilder.cpp - Kernels that walk by pointers -----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds pointers, and what kernels for all Cortex-M cores do with them.
//
//===----------------------------------------------------------------------===//

#include "PointerBuilder.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>

using namespace mlir;
using namespace quantcc;

Type PointerBuilder::wordType() { return builder.getI32Type(); }

Type PointerBuilder::pointerType() {
  return LLVM::LLVMPointerType::get(builder.getContext());
}

Value PointerBuilder::word(int32_t value) {
  return arith::ConstantIntOp::create(builder, loc, value, 32);
}

Value PointerBuilder::intrinsic(StringRef name, Type result,
                                ValueRange operands) {
  return LLVM::CallIntrinsicOp::create(builder, loc, result,
                                       builder.getStringAttr(name), operands)
      .getResult(0);
}

Value PointerBuilder::pointerTo(Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  Value address =
      memref::ExtractAlignedPointerAsIndexOp::create(builder, loc, buffer);
  Value integer = arith::IndexCastOp::create(builder, loc, wordType(), address);
  Value pointer =
      LLVM::IntToPtrOp::create(builder, loc, pointerType(), integer);
  int64_t bytes = type.getElementTypeBitWidth() / 8;
  OpFoldResult offset = offsetOf(buffer);
  if (std::optional<int64_t> constant = getConstantIntValue(offset))
    return advance(pointer, *constant * bytes);
  return advance(pointer, multiply(cast<Value>(offset), bytes));
}

Value PointerBuilder::advance(Value pointer, Value bytes) {
  if (bytes.getType().isIndex())
    bytes = arith::IndexCastOp::create(builder, loc, wordType(), bytes);
  return LLVM::GEPOp::create(builder, loc, pointerType(), builder.getI8Type(),
                             pointer, ArrayRef<LLVM::GEPArg>{bytes});
}

Value PointerBuilder::advance(Value pointer, int64_t bytes) {
  if (bytes == 0)
    return pointer;
  return LLVM::GEPOp::create(
      builder, loc, pointerType(), builder.getI8Type(), pointer,
      ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(bytes)});
}

Value PointerBuilder::opaque(Value pointer) {
  return LLVM::LaunderInvariantGroupOp::create(builder, loc, pointerType(),
                                               pointer);
}

Value PointerBuilder::allocate(int64_t words) {
  return LLVM::AllocaOp::create(builder, loc, pointerType(), wordType(),
                                word(words), /*alignment=*/8);
}

Value PointerBuilder::loadConstant(Value pointer, int64_t offset) {
  return LLVM::LoadOp::create(builder, loc, wordType(),
                              advance(pointer, offset), /*alignment=*/4,
                              /*isVolatile=*/false, /*isNonTemporal=*/false,
                              /*isInvariant=*/true);
}

Value PointerBuilder::loadByte(Value pointer, int64_t offset) {
  Value byte = LLVM::LoadOp::create(builder, loc, builder.getI8Type(),
                                    advance(pointer, offset), /*alignment=*/1);
  return arith::ExtSIOp::create(builder, loc, wordType(), byte);
}

void PointerBuilder::storeWord(Value pointer, int64_t offset, Value word) {
  LLVM::StoreOp::create(builder, loc, word, advance(pointer, offset),
                        /*alignment=*/4);
}

void PointerBuilder::storeByte(Value pointer, int64_t offset, Value value) {
  Value byte =
      arith::TruncIOp::create(builder, loc, builder.getI8Type(), value);
  LLVM::StoreOp::create(builder, loc, byte, advance(pointer, offset),
                        /*alignment=*/1);
}

Value PointerBuilder::shiftDown(Value sum, int32_t bits) {
  return arith::ShRSIOp::create(builder, loc, sum, word(bits));
}

Value PointerBuilder::shiftUp(Value sum, Value bits) {
  return arith::ShLIOp::create(builder, loc, sum, bits);
}

Value PointerBuilder::requantize(Value accumulator,
                                 const HighProductValues &values,
                                 HighProductKind kind,
                                 std::optional<int32_t> shift, int32_t low,
                                 int32_t high) {
  auto add = [&](Value lhs, Value rhs) -> Value {
    return arith::AddIOp::create(builder, loc, lhs, rhs);
  };
  auto widen = [&](Value value) -> Value {
    return arith::ExtSIOp::create(builder, loc, builder.getI64Type(), value);
  };
  auto wide = [&](int64_t value) -> Value {
    return arith::ConstantIntOp::create(builder, loc, value, 64);
  };
  Value offset = values.offset, operand = accumulator;
  Value bits = shift ? word(*shift) : values.shift;
  bool isSplit = kind == HighProductKind::Split;
  if (isSplit) {
    operand = add(accumulator, accumulator);
    offset = add(offset,
                 arith::ShRSIOp::create(builder, loc, accumulator, word(31)));
  }
  Value product = arith::MulIOp::create(builder, loc, widen(operand),
                                        widen(values.multiplier));
  if (isSplit)
    product = add(product, wide(int64_t(1) << 31));
  Value upper = arith::TruncIOp::create(
      builder, loc, wordType(),
      arith::ShRUIOp::create(builder, loc, product, wide(32)));
  if (kind == HighProductKind::Even)
    offset = add(offset, arith::AndIOp::create(
                             builder, loc,
                             arith::ShRSIOp::create(builder, loc, upper, bits),
                             word(1)));
  Value result = arith::ShRSIOp::create(builder, loc, add(upper, offset), bits);
  // These two are Arm's instruction that shifts and saturates.
  result = arith::MinSIOp::create(builder, loc, result, word(INT8_MAX));
  result = arith::MaxSIOp::create(builder, loc, result, word(INT8_MIN));
  if (high < INT8_MAX)
    result = arith::MinSIOp::create(builder, loc, result, word(high));
  if (low > INT8_MIN)
    result = arith::MaxSIOp::create(builder, loc, result, word(low));
  return result;
}

Value PointerBuilder::settle(Value word) {
  return LLVM::InlineAsmOp::create(
             builder, loc, wordType(), word, /*asm_string=*/"",
             /*constraints=*/"=r,0", /*has_side_effects=*/true,
             /*is_align_stack=*/false, LLVM::tailcallkind::TailCallKind::None,
             LLVM::AsmDialectAttr(), /*operand_attrs=*/ArrayAttr())
      .getResult(0);
}
