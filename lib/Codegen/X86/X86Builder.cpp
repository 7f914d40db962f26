//===- X86Builder.cpp - Vectors of x86 ------------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds the instructions of each set.
//
//===----------------------------------------------------------------------===//

#include "X86Builder.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>

using namespace mlir;
using namespace quantcc;

/// To nearest, ties to even, without exceptions: an operand of instructions.
static constexpr int64_t kNearestEven = 8;

VectorType X86Builder::bytesType() {
  return VectorType::get(vectors.bytes, builder.getI8Type());
}

VectorType X86Builder::wordsType() {
  return VectorType::get(vectors.lanes(), builder.getI32Type());
}

Value X86Builder::constantOf(Type type, int64_t value) {
  Attribute scalar = builder.getIntegerAttr(getElementTypeOrSelf(type), value);
  if (auto vector = dyn_cast<VectorType>(type))
    return arith::ConstantOp::create(builder, loc,
                                     DenseElementsAttr::get(vector, scalar));
  return arith::ConstantOp::create(builder, loc, cast<TypedAttr>(scalar));
}

Value X86Builder::zeroWords() { return constantOf(wordsType(), 0); }

Value X86Builder::zeroBytes(int64_t count) {
  return constantOf(VectorType::get(count, builder.getI8Type()), 0);
}

Value X86Builder::intrinsic(StringRef name, Type result, ValueRange operands) {
  return LLVM::CallIntrinsicOp::create(builder, loc, result,
                                       builder.getStringAttr(name), operands)
      .getResult(0);
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

Value X86Builder::load(Value row, Value position, int64_t count) {
  auto type =
      VectorType::get(count, cast<MemRefType>(row.getType()).getElementType());
  return vector::LoadOp::create(builder, loc, type, row, position);
}

Value X86Builder::createMask(int64_t size, int64_t count) {
  SmallVector<bool> mask(size);
  std::fill_n(mask.begin(), count, true);
  auto type = VectorType::get(size, builder.getI1Type());
  return arith::ConstantOp::create(builder, loc,
                                   DenseElementsAttr::get(type, mask));
}

Value X86Builder::loadBytes(Value row, Value position, int64_t count,
                            int64_t size) {
  if (count == size)
    return load(row, position, count);
  if (vectors.hasMasks)
    return vector::MaskedLoadOp::create(
        builder, loc, VectorType::get(size, builder.getI8Type()), row, position,
        createMask(size, count), zeroBytes(size));
  // Parts of powers of two.
  Value bytes;
  int64_t done = 0;
  for (int64_t part = size; part != 0; part /= 2) {
    if ((count & part) == 0)
      continue;
    Value value = load(row, add(position, done), part);
    for (int64_t wide = part; wide != size; wide *= 2)
      value = permute(value, value, llvm::to_vector(llvm::seq(2 * wide)));
    if (bytes) {
      SmallVector<int64_t> order = llvm::to_vector(llvm::seq(size));
      for (int64_t i = 0; i != part; ++i)
        order[done + i] = size + i;
      value = permute(bytes, value, order);
    }
    bytes = value;
    done += part;
  }
  return bytes;
}

void X86Builder::storeBytes(Value row, Value position, Value bytes,
                            int64_t count) {
  int64_t size = cast<VectorType>(bytes.getType()).getNumElements();
  if (count == size) {
    vector::StoreOp::create(builder, loc, bytes, row, position);
    return;
  }
  if (vectors.hasMasks) {
    vector::MaskedStoreOp::create(builder, loc, row, position,
                                  createMask(size, count), bytes);
    return;
  }
  int64_t done = 0;
  for (int64_t part = size; part != 0; part /= 2)
    if (count & part) {
      vector::StoreOp::create(builder, loc, slice(bytes, done, part), row,
                              add(position, done));
      done += part;
    }
}

Value X86Builder::spreadNibbles(Value nibbles, bool upper) {
  // There are no shifts of bytes: what comes from the next one is masked away.
  auto pairs = VectorType::get(vectors.bytes / 2, builder.getI16Type());
  if (!upper) {
    nibbles = vector::BitCastOp::create(builder, loc, pairs, nibbles);
    nibbles =
        arith::ShLIOp::create(builder, loc, nibbles, constantOf(pairs, 4));
    nibbles = vector::BitCastOp::create(builder, loc, bytesType(), nibbles);
  }
  return arith::AndIOp::create(builder, loc, nibbles,
                               constantOf(bytesType(), -kNibbleScale));
}

Value X86Builder::spreadAllNibbles(Value nibbles) {
  auto pairs = VectorType::get(vectors.bytes / 2, builder.getI16Type());
  Value wide = arith::ExtUIOp::create(builder, loc, pairs, nibbles);
  auto shift = [&](int64_t bits) -> Value {
    return arith::ShLIOp::create(builder, loc, wide, constantOf(pairs, bits));
  };
  Value both = arith::OrIOp::create(builder, loc, shift(4), shift(8));
  return arith::AndIOp::create(
      builder, loc, vector::BitCastOp::create(builder, loc, bytesType(), both),
      constantOf(bytesType(), -kNibbleScale));
}

Value X86Builder::splitNibbles(Value bytes, bool upper) {
  constexpr int64_t kAbove = 12;
  Type type = bytes.getType();
  if (upper)
    return arith::ShRSIOp::create(builder, loc, bytes, constantOf(type, 4));
  Value top =
      arith::ShLIOp::create(builder, loc, bytes, constantOf(type, kAbove));
  return arith::ShRSIOp::create(builder, loc, top, constantOf(type, kAbove));
}

Value X86Builder::splitAllNibbles(Value bytes) {
  int64_t count = cast<VectorType>(bytes.getType()).getNumElements();
  return vector::ShuffleOp::create(
      builder, loc, splitNibbles(bytes, /*upper=*/false),
      splitNibbles(bytes, /*upper=*/true),
      llvm::to_vector(llvm::seq<int64_t>(0, 2 * count)));
}

Value X86Builder::broadcastFour(Value row, Value position) {
  Value four = load(row, position, 4);
  auto word = VectorType::get(1, builder.getI32Type());
  Value value = vector::ExtractOp::create(
      builder, loc, vector::BitCastOp::create(builder, loc, word, four),
      ArrayRef<int64_t>{0});
  Value words = vector::BroadcastOp::create(builder, loc, wordsType(), value);
  return vector::BitCastOp::create(builder, loc, bytesType(), words);
}

Value X86Builder::broadcastFew(Value row, Value position, int64_t count) {
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

Value X86Builder::widen(Value bytes) {
  int64_t count = cast<VectorType>(bytes.getType()).getNumElements();
  return arith::ExtSIOp::create(
      builder, loc, VectorType::get(count, builder.getI16Type()), bytes);
}

Value X86Builder::asBytes(Value vector) {
  auto type = cast<VectorType>(vector.getType());
  int64_t count = type.getNumElements() * type.getElementTypeBitWidth() / 8;
  return vector::BitCastOp::create(
      builder, loc, VectorType::get(count, builder.getI8Type()), vector);
}

/// The one of `names` for vectors of 128, 256 and 512 bits.
static StringRef choose(const X86Vectors &vectors,
                        std::array<StringRef, 3> names) {
  return names[vectors.bytes == 16 ? 0 : vectors.bytes == 32 ? 1 : 2];
}

Value X86Builder::dot(Value accumulators, Value inputs, Value weights) {
  if (vectors.hasDotProduct)
    return intrinsic(choose(vectors, {"llvm.x86.avx512.vpdpbusd.128",
                                      "llvm.x86.avx512.vpdpbusd.256",
                                      "llvm.x86.avx512.vpdpbusd.512"}),
                     wordsType(), {accumulators, inputs, weights});
  auto type = VectorType::get(vectors.bytes / 2, builder.getI16Type());
  Value lhs = vector::BitCastOp::create(builder, loc, type, inputs);
  Value rhs = vector::BitCastOp::create(builder, loc, type, weights);
  Value products = intrinsic(
      choose(vectors, {"llvm.x86.sse2.pmadd.wd", "llvm.x86.avx2.pmadd.wd",
                       "llvm.x86.avx512.pmaddw.d.512"}),
      wordsType(), {lhs, rhs});
  return arith::AddIOp::create(builder, loc, accumulators, products);
}

VectorScales X86Builder::loadScales(const FloatForm &form, Value buffer,
                                    Value position) {
  VectorScales result;
  result.form = form;
  int64_t parts = form.isDouble ? 2 : 1;
  auto type = VectorType::get(vectors.lanes() / parts,
                              form.isDouble ? Type(builder.getF64Type())
                                            : Type(builder.getF32Type()));
  auto read = [&](SmallVectorImpl<Value> &numbers) {
    for (int64_t part = 0; part != parts; ++part) {
      Value bytes = load(buffer, position, vectors.bytes);
      numbers.push_back(vector::BitCastOp::create(builder, loc, type, bytes));
      position = add(position, vectors.bytes);
    }
  };
  read(result.scales);
  read(result.offsets);
  if (form.isSplit)
    read(result.negativeOffsets);
  if (form.isSplit && form.takesBits) {
    read(result.sumsOfZero);
    read(result.negativeSumOffsets);
  }
  if (form.hasExceptions)
    read(result.exceptions);
  return result;
}

Value X86Builder::broadcastFloat(Value numbers, Value position) {
  Value number = memref::LoadOp::create(builder, loc, numbers, position);
  return vector::BroadcastOp::create(
      builder, loc, VectorType::get(vectors.lanes(), builder.getF32Type()),
      number);
}

Value X86Builder::toFloat(Value bytes, bool isUnsigned) {
  Value words =
      isUnsigned
          ? arith::ExtUIOp::create(builder, loc, wordsType(), bytes).getResult()
          : arith::ExtSIOp::create(builder, loc, wordsType(), bytes);
  return wordsToFloat(words);
}

Value X86Builder::wordsToFloat(Value words) {
  auto type = VectorType::get(vectors.lanes(), builder.getF32Type());
  if (!vectors.hasMasks)
    return arith::SIToFPOp::create(builder, loc, type, words);
  return intrinsic("llvm.x86.avx512.sitofp.round.v16f32.v16i32", type,
                   {words, constantOf(builder.getI32Type(), kNearestEven)});
}

Value X86Builder::multiplyAdd(Value lhs, Value rhs, Value summand) {
  if (!vectors.hasMultiplyAdd)
    return arith::AddFOp::create(
        builder, loc, arith::MulFOp::create(builder, loc, lhs, rhs), summand);
  if (!vectors.hasMasks)
    return intrinsic("llvm.fma", lhs.getType(), {lhs, rhs, summand});
  bool isDouble = getElementTypeOrSelf(lhs.getType()).isF64();
  return intrinsic(
      isDouble ? "llvm.x86.avx512.vfmadd.pd.512"
               : "llvm.x86.avx512.vfmadd.ps.512",
      lhs.getType(),
      {lhs, rhs, summand, constantOf(builder.getI32Type(), kNearestEven)});
}

Value X86Builder::roundToWords(Value floats) {
  if (!vectors.hasMasks)
    return intrinsic(choose(vectors, {"llvm.x86.sse2.cvtps2dq",
                                      "llvm.x86.avx.cvt.ps2dq.256", ""}),
                     wordsType(), floats);
  return intrinsic("llvm.x86.avx512.mask.cvtps2dq.512", wordsType(),
                   {floats, zeroWords(), constantOf(builder.getI16Type(), -1),
                    constantOf(builder.getI32Type(), kNearestEven)});
}

Value X86Builder::roundDoubles(Value floats) {
  int64_t half = vectors.lanes() / 2;
  auto type = VectorType::get(half, builder.getI32Type());
  if (vectors.hasMasks)
    return intrinsic("llvm.x86.avx512.mask.cvtpd2dq.512", type,
                     {floats, constantOf(type, 0),
                      constantOf(builder.getI8Type(), -1),
                      constantOf(builder.getI32Type(), kNearestEven)});
  // That of 128 bits gives four words, of which two are 0.
  Value words = intrinsic(choose(vectors, {"llvm.x86.sse2.cvtpd2dq",
                                           "llvm.x86.avx.cvt.pd2dq.256", ""}),
                          VectorType::get(4, builder.getI32Type()), floats);
  return half == 4 ? words : slice(words, 0, half);
}

/// One vector of accumulators times its scales, plus its offsets, rounded: as
/// words, or, if the form takes bits, as the bits it gives.
Value X86Builder::round(Value accumulators, const VectorScales &scales) {
  const FloatForm &form = scales.form;
  if (form.takesBits) {
    if (form.hasExceptions) {
      Value exceptions = vector::BitCastOp::create(builder, loc, wordsType(),
                                                   scales.exceptions.front());
      Value isException = arith::CmpIOp::create(
          builder, loc, arith::CmpIPredicate::eq, accumulators, exceptions);
      Value next = arith::AddIOp::create(builder, loc, accumulators,
                                         constantOf(wordsType(), 1));
      accumulators = arith::SelectOp::create(builder, loc, isException, next,
                                             accumulators);
    }
    Value sums = vector::BitCastOp::create(
        builder, loc, VectorType::get(vectors.lanes(), builder.getF32Type()),
        accumulators);
    Value offsets = scales.offsets.front();
    if (form.isSplit) {
      Value isNegative =
          arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OLT, sums,
                                scales.sumsOfZero.front());
      // Numbers of so many bits that nothing is rounded.
      Value others = arith::AddFOp::create(builder, loc, sums,
                                           scales.negativeSumOffsets.front());
      sums = arith::SelectOp::create(builder, loc, isNegative, others, sums);
      offsets = arith::SelectOp::create(
          builder, loc, isNegative, scales.negativeOffsets.front(), offsets);
    }
    Value results = multiplyAdd(sums, scales.scales.front(), offsets);
    return vector::BitCastOp::create(builder, loc, wordsType(), results);
  }
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
  if (!form.isDouble)
    return roundToWords(scale(accumulators, wordsToFloat(accumulators), 0));
  int64_t half = vectors.lanes() / 2;
  auto halfType = VectorType::get(half, builder.getF64Type());
  SmallVector<Value> parts;
  for (int64_t part : {0, 1}) {
    Value words = slice(accumulators, part * half, half);
    // Every i32 is an f64.
    Value value = arith::SIToFPOp::create(builder, loc, halfType, words);
    parts.push_back(roundDoubles(scale(words, value, part)));
  }
  SmallVector<int64_t> order =
      llvm::to_vector(llvm::seq<int64_t>(0, vectors.lanes()));
  return vector::ShuffleOp::create(builder, loc, parts[0], parts[1], order);
}

Value X86Builder::requantize(FusedConv2DOp op, ArrayRef<Value> accumulators,
                             ArrayRef<VectorScales> scales) {
  bool areAllBits = llvm::all_of(scales, [](const VectorScales &numbers) {
    return numbers.form.takesBits;
  });
  int32_t low = op.getClampMin(), high = op.getClampMax();
  SmallVector<Value> words;
  for (auto [value, numbers] : llvm::zip_equal(accumulators, scales)) {
    Value word = round(value, numbers);
    // What comes beside others is a number as they are.
    int64_t zero = kBitsOfResult + (op.getBiasedResult() ? kByteBias : 0);
    if (numbers.form.takesBits && !areAllBits)
      word = arith::SubIOp::create(builder, loc, word,
                                   constantOf(wordsType(), zero));
    words.push_back(word);
  }
  if (!areAllBits)
    return narrow(words, low, high, op.getBiasedResult());
  return clamp(narrowLowerHalves(words, op.getBiasedResult()), low, high,
               op.getBiasedResult());
}

Value X86Builder::narrowLowerHalves(ArrayRef<Value> words, bool isUnsigned) {
  auto halfWords = VectorType::get(2 * vectors.lanes(), builder.getI16Type());
  // The order of instructions that narrow within 128 bits.
  SmallVector<int64_t> order;
  for (int64_t lane = 0; lane != vectors.lanes(); lane += 4)
    for (int64_t vector : {0, 1})
      for (int64_t i = 0; i != 4; ++i)
        order.push_back(2 * (vector * vectors.lanes() + lane + i));
  SmallVector<Value> pairs;
  for (int64_t i : {0, 2}) {
    Value first = vector::BitCastOp::create(builder, loc, halfWords, words[i]);
    Value second =
        vector::BitCastOp::create(builder, loc, halfWords, words[i + 1]);
    pairs.push_back(permute(first, second, order));
  }
  return intrinsic(isUnsigned ? "llvm.x86.avx512.packuswb.512"
                              : "llvm.x86.avx512.packsswb.512",
                   bytesType(), pairs);
}

Value X86Builder::clamp(Value bytes, int32_t low, int32_t high, bool isBiased) {
  int32_t bias = isBiased ? kByteBias : 0;
  Value least = constantOf(bytesType(), static_cast<int8_t>(low + bias));
  Value most = constantOf(bytesType(), static_cast<int8_t>(high + bias));
  if (low > INT8_MIN)
    bytes = isBiased
                ? arith::MaxUIOp::create(builder, loc, bytes, least).getResult()
                : arith::MaxSIOp::create(builder, loc, bytes, least);
  if (high < INT8_MAX)
    bytes = isBiased
                ? arith::MinUIOp::create(builder, loc, bytes, most).getResult()
                : arith::MinSIOp::create(builder, loc, bytes, most);
  return bytes;
}

Value X86Builder::narrow(ArrayRef<Value> words, int32_t low, int32_t high,
                         bool isBiased) {
  auto halfWords = VectorType::get(2 * vectors.lanes(), builder.getI16Type());
  SmallVector<Value> pairs;
  for (int64_t i : {0, 2})
    pairs.push_back(intrinsic(
        choose(vectors, {"llvm.x86.sse2.packssdw.128", "llvm.x86.avx2.packssdw",
                         "llvm.x86.avx512.packssdw.512"}),
        halfWords, {words[i], words[i + 1]}));
  Value bytes = intrinsic(
      choose(vectors, {"llvm.x86.sse2.packsswb.128", "llvm.x86.avx2.packsswb",
                       "llvm.x86.avx512.packsswb.512"}),
      bytesType(), pairs);
  bytes = clamp(bytes, low, high, /*isBiased=*/false);
  if (isBiased)
    bytes = arith::XOrIOp::create(builder, loc, bytes,
                                  constantOf(bytesType(), INT8_MIN));
  return bytes;
}

Value X86Builder::separateRuns(Value bytes, int64_t vectorsPerRun) {
  if (vectorsPerRun == 4)
    return bytes;
  // Each 128-bit lane holds 4 vectorsPerRun bytes of each run.
  int64_t runs = 4 / vectorsPerRun;
  SmallVector<int64_t> order;
  for (int64_t run = 0; run != runs; ++run)
    for (int64_t lane = 0; lane != vectors.bytes / 16; ++lane)
      order.push_back(lane * runs + run);
  return permute(bytes, builder.getIntegerType(32 * vectorsPerRun), order);
}

Value X86Builder::keep(Value vector) {
  return LLVM::InlineAsmOp::create(
             builder, loc, vector.getType(), vector, /*asm_string=*/"",
             /*constraints=*/"=v,0", /*has_side_effects=*/false,
             /*is_align_stack=*/false, LLVM::tailcallkind::TailCallKind::None,
             LLVM::AsmDialectAttr(), /*operand_attrs=*/ArrayAttr())
      .getResult(0);
}

Value X86Builder::slice(Value vector, int64_t first, int64_t count) {
  return vector::ShuffleOp::create(
      builder, loc, vector, vector,
      llvm::to_vector(llvm::seq<int64_t>(first, first + count)));
}

Value X86Builder::permute(Value bytes, Type element, ArrayRef<int64_t> order) {
  auto type = VectorType::get(
      vectors.bytes * 8 / element.getIntOrFloatBitWidth(), element);
  Value wide = vector::BitCastOp::create(builder, loc, type, bytes);
  wide = vector::ShuffleOp::create(builder, loc, wide, wide, order);
  return vector::BitCastOp::create(builder, loc, bytesType(), wide);
}

Value X86Builder::permute(Value first, Value second, ArrayRef<int64_t> order) {
  return vector::ShuffleOp::create(builder, loc, first, second, order);
}

Value X86Builder::permuteWords(Value first, Value second,
                               ArrayRef<int64_t> order) {
  Value words = vector::ShuffleOp::create(
      builder, loc, vector::BitCastOp::create(builder, loc, wordsType(), first),
      vector::BitCastOp::create(builder, loc, wordsType(), second), order);
  return asBytes(words);
}

Value X86Builder::interleave(Value lhs, Value rhs, Type element, bool upper) {
  int64_t width = element.getIntOrFloatBitWidth();
  int64_t count = vectors.bytes * 8 / width, perLane = 128 / width;
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
