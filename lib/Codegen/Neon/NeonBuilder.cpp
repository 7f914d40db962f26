//===- NeonBuilder.cpp - Vectors of Arm's application cores ---------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds the instructions of NEON.
//
//===----------------------------------------------------------------------===//

#include "NeonBuilder.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/LLVMIR/LLVMDialect.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>

using namespace mlir;
using namespace quantcc;

VectorType NeonBuilder::bytesType(int64_t count) {
  return VectorType::get(count, builder.getI8Type());
}

VectorType NeonBuilder::wordsType() {
  return VectorType::get(kNeonLanes, builder.getI32Type());
}

Value NeonBuilder::constantOf(VectorType type, int64_t value) {
  return arith::ConstantOp::create(
      builder, loc,
      DenseElementsAttr::get(
          type, builder.getIntegerAttr(type.getElementType(), value)));
}

Value NeonBuilder::intrinsic(StringRef name, Type result, ValueRange operands) {
  return LLVM::CallIntrinsicOp::create(builder, loc, result,
                                       builder.getStringAttr(name), operands)
      .getResult(0);
}

Value NeonBuilder::intrinsic(StringRef armv7, StringRef aarch64, Type result,
                             ValueRange operands) {
  std::string name = version == NeonVersion::Armv7
                         ? ("llvm.arm.neon." + armv7).str()
                         : ("llvm.aarch64.neon." + aarch64).str();
  return intrinsic(name, result, operands);
}

static int64_t sizeOf(Value vector) {
  return cast<VectorType>(vector.getType()).getNumElements();
}

Value NeonBuilder::slice(Value vector, int64_t first, int64_t count) {
  if (count == sizeOf(vector))
    return vector;
  return vector::ShuffleOp::create(
      builder, loc, vector, vector,
      llvm::to_vector(llvm::seq<int64_t>(first, first + count)));
}

Value NeonBuilder::interleave(Value lhs, Value rhs, Type element, bool upper) {
  int64_t count = kNeonBytes * 8 / element.getIntOrFloatBitWidth();
  auto type = VectorType::get(count, element);
  SmallVector<int64_t> order;
  for (int64_t i = 0; i != count / 2; ++i) {
    int64_t source = i + (upper ? count / 2 : 0);
    order.push_back(source);
    order.push_back(source + count);
  }
  Value first = vector::BitCastOp::create(builder, loc, type, lhs);
  Value second = vector::BitCastOp::create(builder, loc, type, rhs);
  Value mixed = vector::ShuffleOp::create(builder, loc, first, second, order);
  return vector::BitCastOp::create(builder, loc, bytesType(), mixed);
}

Value NeonBuilder::concatenate(Value lhs, Value rhs) {
  return vector::ShuffleOp::create(
      builder, loc, lhs, rhs,
      llvm::to_vector(llvm::seq<int64_t>(0, sizeOf(lhs) + sizeOf(rhs))));
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

Value NeonBuilder::load(Value row, Value position, int64_t count) {
  auto type =
      VectorType::get(count, cast<MemRefType>(row.getType()).getElementType());
  return vector::LoadOp::create(builder, loc, type, row, position);
}

Value NeonBuilder::loadBytes(Value row, Value position, int64_t count) {
  Value bytes;
  int64_t done = 0;
  for (int64_t size = kNeonBytes; size != 0; size /= 2) {
    if ((count & size) == 0)
      continue;
    Value part = load(row, add(position, done), size);
    for (int64_t wide = size; wide != kNeonBytes; wide *= 2)
      part = concatenate(part, part);
    if (bytes) {
      SmallVector<int64_t> order =
          llvm::to_vector(llvm::seq<int64_t>(0, kNeonBytes));
      for (int64_t i = 0; i != size; ++i)
        order[done + i] = kNeonBytes + i;
      part = vector::ShuffleOp::create(builder, loc, bytes, part, order);
    }
    bytes = part;
    done += size;
  }
  return bytes;
}

void NeonBuilder::storeBytes(Value row, Value position, Value bytes,
                             int64_t count) {
  int64_t done = 0;
  for (int64_t size = kNeonBytes; size != 0; size /= 2)
    if (count & size) {
      vector::StoreOp::create(builder, loc, slice(bytes, done, size), row,
                              add(position, done));
      done += size;
    }
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

Value NeonBuilder::spreadNibbles(Value nibbles, bool upper) {
  auto type = cast<VectorType>(nibbles.getType());
  // Either drops the other nibble.
  if (upper)
    return arith::AndIOp::create(builder, loc, nibbles,
                                 constantOf(type, -kNibbleScale));
  return arith::ShLIOp::create(builder, loc, nibbles, constantOf(type, 4));
}

Value NeonBuilder::loadAllNibbles(Value row, Value position) {
  constexpr int64_t half = kNeonBytes / 2;
  Value twice = load(row, position, half);
  twice = concatenate(twice, twice);
  SmallVector<int8_t> bits(kNeonBytes, 0);
  std::fill_n(bits.begin(), half, 4);
  Value shifts = arith::ConstantOp::create(
      builder, loc, DenseElementsAttr::get(bytesType(), ArrayRef(bits)));
  return spreadNibbles(arith::ShLIOp::create(builder, loc, twice, shifts),
                       /*upper=*/true);
}

Value NeonBuilder::broadcastWord(Value bytes, int64_t word) {
  Value words = vector::BitCastOp::create(builder, loc, wordsType(), bytes);
  words = vector::ShuffleOp::create(builder, loc, words, words,
                                    SmallVector<int64_t>(kNeonLanes, word));
  return vector::BitCastOp::create(builder, loc, bytesType(), words);
}

Value NeonBuilder::dot(Value accumulators, Value lhs, Value rhs) {
  return intrinsic("llvm.aarch64.neon.sdot.v4i32.v16i8", wordsType(),
                   {accumulators, lhs, rhs});
}

Value NeonBuilder::multiplyMatrices(Value sums, Value lhs, Value rhs) {
  return intrinsic("llvm.aarch64.neon.smmla.v4i32.v16i8", wordsType(),
                   {sums, lhs, rhs});
}

SmallVector<Value> NeonBuilder::pairPixels(ArrayRef<Value> bias,
                                           int64_t pixels) {
  SmallVector<Value> matrices;
  for (Value vector : bias)
    for (bool upper : {false, true})
      matrices.push_back(pairHalves(vector, vector, upper));
  SmallVector<Value> sums;
  for (int64_t pixel = 0; pixel < pixels; pixel += 2)
    sums.append(matrices);
  return sums;
}

SmallVector<Value> NeonBuilder::separatePixels(ArrayRef<Value> sums,
                                               int64_t pixels,
                                               int64_t vectors) {
  SmallVector<Value> results;
  for (int64_t pixel = 0; pixel != pixels; ++pixel)
    for (int64_t v = 0; v != vectors; ++v) {
      size_t first = (pixel / 2 * vectors + v) * 2;
      results.push_back(
          pairHalves(sums[first], sums[first + 1], pixel % 2 != 0));
    }
  return results;
}

Value NeonBuilder::multiplyBytes(Value lhs, Value rhs, bool upper) {
  constexpr int64_t half = kNeonBytes / 2;
  auto type = VectorType::get(half, builder.getI16Type());
  auto widen = [&](Value bytes) {
    return arith::ExtSIOp::create(builder, loc, type,
                                  slice(bytes, upper ? half : 0, half));
  };
  Value first = widen(lhs), second = widen(rhs);
  return arith::MulIOp::create(builder, loc, first, second);
}

Value NeonBuilder::addPairs(Value sums, Value products) {
  if (version == NeonVersion::Armv7)
    return intrinsic("llvm.arm.neon.vpadals", wordsType(), {sums, products});
  return addWords(sums,
                  intrinsic("llvm.aarch64.neon.saddlp", wordsType(), products));
}

Value NeonBuilder::addNeighbours(Value lhs, Value rhs) {
  if (version == NeonVersion::AArch64)
    return intrinsic("llvm.aarch64.neon.addp", wordsType(), {lhs, rhs});
  // Armv7 adds neighbours of halves alone.
  constexpr int64_t half = kNeonLanes / 2;
  auto type = VectorType::get(half, builder.getI32Type());
  auto add = [&](Value words) {
    return intrinsic("llvm.arm.neon.vpadd", type,
                     {slice(words, 0, half), slice(words, half, half)});
  };
  return concatenate(add(lhs), add(rhs));
}

Value NeonBuilder::addWidened(Value sums, Value values) {
  return addWords(sums,
                  arith::ExtSIOp::create(builder, loc, wordsType(), values));
}

Value NeonBuilder::shiftDown(Value sums, int64_t bits) {
  return arith::ShRSIOp::create(builder, loc, sums,
                                constantOf(wordsType(), bits));
}

Value NeonBuilder::addWords(Value lhs, Value rhs) {
  return arith::AddIOp::create(builder, loc, lhs, rhs);
}

Value NeonBuilder::pairHalves(Value lhs, Value rhs, bool upper) {
  auto halves = VectorType::get(2, builder.getI64Type());
  Value first = vector::BitCastOp::create(builder, loc, halves, lhs);
  Value second = vector::BitCastOp::create(builder, loc, halves, rhs);
  Value pair = vector::ShuffleOp::create(builder, loc, first, second,
                                         ArrayRef<int64_t>{upper, 2 + upper});
  return vector::BitCastOp::create(builder, loc, lhs.getType(), pair);
}

Value NeonBuilder::saturate(Value values) {
  auto type = cast<VectorType>(values.getType());
  auto narrow = VectorType::get(
      type.getShape(),
      builder.getIntegerType(type.getElementTypeBitWidth() / 2));
  return intrinsic("vqmovns", "sqxtn", narrow, values);
}

NeonHighProducts NeonBuilder::loadHighProducts(const NeonHighProducts &buffers,
                                               Value position) {
  auto get = [&](Value buffer) {
    return buffer ? load(buffer, position, kNeonLanes) : Value();
  };
  return {get(buffers.multipliers), get(buffers.offsets), get(buffers.shifts),
          get(buffers.preShifts)};
}

HighProductForm quantcc::encodeForNeon(HighProductForm form) {
  if (form.kind == HighProductKind::Split)
    return form;
  if (form.kind == HighProductKind::Even) {
    // The upper half of twice the product with half the multiplier is the same.
    for (HighProduct &channel : form.channels)
      channel.multiplier /= 2;
    return form;
  }
  // Of the product 2 acc m the upper half is h, and that of acc m is floor(h /
  // 2): (floor(h / 2) + c) >> j is (h + 2 c) >> (j + 1).
  if (form.shift)
    ++*form.shift;
  for (HighProduct &channel : form.channels) {
    channel.offset *= 2;
    channel.shift += 1;
  }
  return form;
}

Value NeonBuilder::round(const HighProductForm &form, Value accumulators,
                         const NeonHighProducts &numbers) {
  VectorType words = wordsType();
  if (form.preShift != 0)
    accumulators = arith::ShLIOp::create(
        builder, loc, accumulators,
        form.preShift ? constantOf(words, *form.preShift) : numbers.preShifts);
  SmallVector<Value> operands{accumulators, numbers.multipliers};
  Value value;
  // Instructions shift to the left, or by negative numbers to the right.
  auto shift = [&](Value value) -> Value {
    if (numbers.shifts)
      return intrinsic("vshifts", "sshl", words, {value, numbers.shifts});
    return arith::ShRSIOp::create(builder, loc, value,
                                  constantOf(words, *form.shift));
  };
  switch (form.kind) {
  case HighProductKind::Split: {
    value = intrinsic("vqrdmulh", "sqrdmulh", words, operands);
    value = addWords(value, numbers.offsets);
    Value sign = arith::ShRSIOp::create(builder, loc, accumulators,
                                        constantOf(words, 31));
    value = addWords(value, sign);
    break;
  }
  case HighProductKind::Even: {
    value = intrinsic("vqdmulh", "sqdmulh", words, operands);
    Value odd =
        arith::AndIOp::create(builder, loc, shift(value), constantOf(words, 1));
    value = addWords(value, addWords(odd, numbers.offsets));
    break;
  }
  case HighProductKind::Line:
    // What leaves i32 here is beyond all stored values, and stays so.
    value = intrinsic("vqdmulh", "sqdmulh", words, operands);
    value = intrinsic("llvm.sadd.sat", words, {value, numbers.offsets});
    break;
  }
  return saturate(shift(value));
}

Value NeonBuilder::narrow(FusedConv2DOp op, ArrayRef<Value> rounded) {
  return narrow(rounded, op.getClampMin(), op.getClampMax());
}

Value NeonBuilder::narrow(ArrayRef<Value> rounded, int32_t low, int32_t high) {
  SmallVector<Value> parts;
  for (size_t i = 0; i < rounded.size(); i += 2) {
    Value eight =
        concatenate(rounded[i], rounded[std::min(i + 1, rounded.size() - 1)]);
    parts.push_back(saturate(eight));
  }
  Value bytes = parts.size() == 1 ? parts[0] : concatenate(parts[0], parts[1]);
  auto type = cast<VectorType>(bytes.getType());
  if (low > INT8_MIN)
    bytes = arith::MaxSIOp::create(builder, loc, bytes, constantOf(type, low));
  if (high < INT8_MAX)
    bytes = arith::MinSIOp::create(builder, loc, bytes, constantOf(type, high));
  return bytes;
}
