//===- Avx512.cpp - Vectors of AVX-512 VNNI -------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds the instructions of AVX-512 VNNI.
//
//===----------------------------------------------------------------------===//

#include "Avx512.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>

using namespace mlir;
using namespace quantcc;

/// To nearest, ties to even, without exceptions: an operand of instructions.
static constexpr int64_t kNearestEven = 8;

VectorType Avx512Builder::bytesType() {
  return VectorType::get(kVectorBytes, builder.getI8Type());
}

VectorType Avx512Builder::wordsType() {
  return VectorType::get(kLanes, builder.getI32Type());
}

Value Avx512Builder::constantOf(Type type, int64_t value) {
  Attribute scalar = builder.getIntegerAttr(getElementTypeOrSelf(type), value);
  if (auto vector = dyn_cast<VectorType>(type))
    return arith::ConstantOp::create(builder, loc,
                                     DenseElementsAttr::get(vector, scalar));
  return arith::ConstantOp::create(builder, loc, cast<TypedAttr>(scalar));
}

Value Avx512Builder::zeroWords() { return constantOf(wordsType(), 0); }

Value Avx512Builder::zeroBytes() { return constantOf(bytesType(), 0); }

Value Avx512Builder::intrinsic(StringRef name, Type result,
                               ValueRange operands) {
  return LLVM::CallIntrinsicOp::create(builder, loc, result,
                                       builder.getStringAttr(name), operands)
      .getResult(0);
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

Value Avx512Builder::load(Value row, Value position, int64_t count) {
  auto type =
      VectorType::get(count, cast<MemRefType>(row.getType()).getElementType());
  return vector::LoadOp::create(builder, loc, type, row, position);
}

/// The first `count` of `size` bytes.
static Value createMask(OpBuilder &builder, Location loc, int64_t size,
                        int64_t count) {
  SmallVector<bool> mask(size);
  std::fill_n(mask.begin(), count, true);
  auto type = VectorType::get(size, builder.getI1Type());
  return arith::ConstantOp::create(builder, loc,
                                   DenseElementsAttr::get(type, mask));
}

Value Avx512Builder::loadBytes(Value row, Value position, int64_t count) {
  if (count == kVectorBytes)
    return load(row, position, count);
  return vector::MaskedLoadOp::create(
      builder, loc, bytesType(), row, position,
      createMask(builder, loc, kVectorBytes, count),
      constantOf(bytesType(), 0));
}

void Avx512Builder::storeBytes(Value row, Value position, Value bytes,
                               int64_t count) {
  int64_t size = cast<VectorType>(bytes.getType()).getNumElements();
  if (count == size)
    vector::StoreOp::create(builder, loc, bytes, row, position);
  else
    vector::MaskedStoreOp::create(builder, loc, row, position,
                                  createMask(builder, loc, size, count), bytes);
}

Value Avx512Builder::broadcastFour(Value row, Value position) {
  Value four = load(row, position, 4);
  auto word = VectorType::get(1, builder.getI32Type());
  Value value = vector::ExtractOp::create(
      builder, loc, vector::BitCastOp::create(builder, loc, word, four),
      ArrayRef<int64_t>{0});
  Value words = vector::BroadcastOp::create(builder, loc, wordsType(), value);
  return vector::BitCastOp::create(builder, loc, bytesType(), words);
}

Value Avx512Builder::broadcastFew(Value row, Value position, int64_t count) {
  Type i32 = builder.getI32Type();
  Value word;
  for (int64_t i = 0; i != count; ++i) {
    Value byte = memref::LoadOp::create(builder, loc, row, add(position, i));
    byte = arith::ExtUIOp::create(builder, loc, i32, byte);
    if (i != 0)
      byte = arith::ShLIOp::create(builder, loc, byte, constantOf(i32, 8 * i));
    word = word ? arith::OrIOp::create(builder, loc, word, byte).getResult()
                : byte;
  }
  Value words = vector::BroadcastOp::create(builder, loc, wordsType(), word);
  return vector::BitCastOp::create(builder, loc, bytesType(), words);
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

Value Avx512Builder::dot(Value accumulators, Value bytes, Value weights) {
  return intrinsic("llvm.x86.avx512.vpdpbusd.512", wordsType(),
                   {accumulators, bytes, weights});
}

VectorScales Avx512Builder::loadScales(const FloatForm &form, Value buffer,
                                       Value position) {
  VectorScales result;
  result.form = form;
  int64_t parts = form.isDouble ? 2 : 1;
  auto type = VectorType::get(kLanes / parts, form.isDouble
                                                  ? Type(builder.getF64Type())
                                                  : Type(builder.getF32Type()));
  auto read = [&](SmallVectorImpl<Value> &vectors) {
    for (int64_t part = 0; part != parts; ++part) {
      Value bytes = load(buffer, position, kVectorBytes);
      vectors.push_back(vector::BitCastOp::create(builder, loc, type, bytes));
      position = add(position, kVectorBytes);
    }
  };
  read(result.scales);
  read(result.offsets);
  if (form.isSplit)
    read(result.negativeOffsets);
  return result;
}

Value Avx512Builder::broadcastFloat(Value numbers, Value position) {
  Value number = memref::LoadOp::create(builder, loc, numbers, position);
  return vector::BroadcastOp::create(
      builder, loc, VectorType::get(kLanes, builder.getF32Type()), number);
}

Value Avx512Builder::toFloat(Value bytes, bool isUnsigned) {
  Value words =
      isUnsigned
          ? arith::ExtUIOp::create(builder, loc, wordsType(), bytes).getResult()
          : arith::ExtSIOp::create(builder, loc, wordsType(), bytes);
  return intrinsic("llvm.x86.avx512.sitofp.round.v16f32.v16i32",
                   VectorType::get(kLanes, builder.getF32Type()),
                   {words, constantOf(builder.getI32Type(), kNearestEven)});
}

Value Avx512Builder::multiplyAdd(Value lhs, Value rhs, Value summand) {
  bool isDouble = getElementTypeOrSelf(lhs.getType()).isF64();
  return intrinsic(
      isDouble ? "llvm.x86.avx512.vfmadd.pd.512"
               : "llvm.x86.avx512.vfmadd.ps.512",
      lhs.getType(),
      {lhs, rhs, summand, constantOf(builder.getI32Type(), kNearestEven)});
}

Value Avx512Builder::roundToWords(Value floats) {
  return intrinsic("llvm.x86.avx512.mask.cvtps2dq.512", wordsType(),
                   {floats, zeroWords(), constantOf(builder.getI16Type(), -1),
                    constantOf(builder.getI32Type(), kNearestEven)});
}

/// One vector of accumulators times its scales, plus its offsets, rounded.
Value Avx512Builder::round(Value accumulators, const VectorScales &scales) {
  const FloatForm &form = scales.form;
  Type i32 = builder.getI32Type();
  Value rounding = constantOf(i32, kNearestEven);
  auto scale = [&](Value words, Value value, size_t part) {
    Value offset = scales.offsets[part];
    if (form.isSplit) {
      Value isNegative =
          arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::slt, words,
                                constantOf(words.getType(), 0));
      offset = arith::SelectOp::create(builder, loc, isNegative,
                                       scales.negativeOffsets[part], offset);
    }
    return multiplyAdd(value, scales.scales[part], offset);
  };
  if (!form.isDouble) {
    auto type = VectorType::get(kLanes, builder.getF32Type());
    Value value = intrinsic("llvm.x86.avx512.sitofp.round.v16f32.v16i32", type,
                            {accumulators, rounding});
    return roundToWords(scale(accumulators, value, 0));
  }
  constexpr int64_t half = kLanes / 2;
  auto halfWords = VectorType::get(half, i32);
  auto halfType = VectorType::get(half, builder.getF64Type());
  SmallVector<Value> parts;
  for (int64_t part : {0, 1}) {
    Value words = slice(accumulators, part * half, half);
    // Every i32 is an f64.
    Value value = arith::SIToFPOp::create(builder, loc, halfType, words);
    parts.push_back(
        intrinsic("llvm.x86.avx512.mask.cvtpd2dq.512", halfWords,
                  {scale(words, value, part), constantOf(halfWords, 0),
                   constantOf(builder.getI8Type(), -1), rounding}));
  }
  SmallVector<int64_t> order = llvm::to_vector(llvm::seq<int64_t>(0, kLanes));
  return vector::ShuffleOp::create(builder, loc, parts[0], parts[1], order);
}

Value Avx512Builder::requantize(FusedConv2DOp op, ArrayRef<Value> accumulators,
                                ArrayRef<VectorScales> scales) {
  SmallVector<Value> words;
  for (auto [value, numbers] : llvm::zip_equal(accumulators, scales))
    words.push_back(round(value, numbers));
  return narrow(words, op.getClampMin(), op.getClampMax(),
                op.getBiasedResult());
}

Value Avx512Builder::narrow(ArrayRef<Value> words, int32_t low, int32_t high,
                            bool isBiased) {
  auto halfWords = VectorType::get(2 * kLanes, builder.getI16Type());
  SmallVector<Value> pairs;
  for (int64_t i : {0, 2})
    pairs.push_back(intrinsic("llvm.x86.avx512.packssdw.512", halfWords,
                              {words[i], words[i + 1]}));
  Value bytes = intrinsic("llvm.x86.avx512.packsswb.512", bytesType(), pairs);
  if (low > INT8_MIN)
    bytes = arith::MaxSIOp::create(builder, loc, bytes,
                                   constantOf(bytesType(), low));
  if (high < INT8_MAX)
    bytes = arith::MinSIOp::create(builder, loc, bytes,
                                   constantOf(bytesType(), high));
  if (isBiased)
    bytes = arith::XOrIOp::create(builder, loc, bytes,
                                  constantOf(bytesType(), INT8_MIN));
  return bytes;
}

Value Avx512Builder::separateRuns(Value bytes, int64_t vectorsPerRun) {
  if (vectorsPerRun == 4)
    return bytes;
  // Each lane holds 4 vectorsPerRun bytes of each run.
  int64_t runs = 4 / vectorsPerRun;
  SmallVector<int64_t> order;
  for (int64_t run = 0; run != runs; ++run)
    for (int64_t lane = 0; lane != 4; ++lane)
      order.push_back(lane * runs + run);
  return permute(bytes, builder.getIntegerType(32 * vectorsPerRun), order);
}

Value Avx512Builder::slice(Value vector, int64_t first, int64_t count) {
  return vector::ShuffleOp::create(
      builder, loc, vector, vector,
      llvm::to_vector(llvm::seq<int64_t>(first, first + count)));
}

Value Avx512Builder::permute(Value bytes, Type element,
                             ArrayRef<int64_t> order) {
  auto type = VectorType::get(
      kVectorBytes * 8 / element.getIntOrFloatBitWidth(), element);
  Value wide = vector::BitCastOp::create(builder, loc, type, bytes);
  wide = vector::ShuffleOp::create(builder, loc, wide, wide, order);
  return vector::BitCastOp::create(builder, loc, bytesType(), wide);
}

Value Avx512Builder::permute(Value first, Value second,
                             ArrayRef<int64_t> order) {
  return vector::ShuffleOp::create(builder, loc, first, second, order);
}

Value Avx512Builder::interleave(Value lhs, Value rhs, Type element,
                                bool upper) {
  int64_t width = element.getIntOrFloatBitWidth();
  int64_t count = kVectorBytes * 8 / width, perLane = 128 / width;
  auto type = VectorType::get(count, element);
  SmallVector<int64_t> order;
  for (int64_t lane = 0; lane != count; lane += perLane)
    for (int64_t i = 0; i != perLane / 2; ++i) {
      int64_t source = lane + i + (upper ? perLane / 2 : 0);
      order.push_back(source);
      order.push_back(source + count);
    }
  Value first = vector::BitCastOp::create(builder, loc, type, lhs);
  Value second = vector::BitCastOp::create(builder, loc, type, rhs);
  Value mixed = vector::ShuffleOp::create(builder, loc, first, second, order);
  return vector::BitCastOp::create(builder, loc, bytesType(), mixed);
}
