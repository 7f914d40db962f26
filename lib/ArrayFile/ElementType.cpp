//===- ElementType.cpp - Element types of array files ---------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sizes, names and conversions of the element types.
//
//===----------------------------------------------------------------------===//

#include "quantcc/ArrayFile/ElementType.h"

#include <cassert>
#include <cstring>
#include <llvm/Support/ErrorHandling.h>
#include <llvm/Support/FormatVariadic.h>
#include <type_traits>

using namespace quantcc;
using llvm::ArrayRef;
using llvm::Error;
using llvm::MutableArrayRef;
using llvm::StringRef;

/// Calls `visit` with a value of the C++ type that `type` stands for.
template <typename Visitor>
static auto visitType(ElementType type, Visitor visit) {
  switch (type) {
  case ElementType::Bool:
  case ElementType::U8:
    return visit(uint8_t());
  case ElementType::I8:
    return visit(int8_t());
  case ElementType::I16:
    return visit(int16_t());
  case ElementType::U16:
    return visit(uint16_t());
  case ElementType::I32:
    return visit(int32_t());
  case ElementType::U32:
    return visit(uint32_t());
  case ElementType::I64:
    return visit(int64_t());
  case ElementType::U64:
    return visit(uint64_t());
  case ElementType::F32:
    return visit(float());
  case ElementType::F64:
    return visit(double());
  }
  llvm_unreachable("unknown element type");
}

size_t quantcc::getElementSize(ElementType type) {
  return visitType(type, [](auto value) { return sizeof(value); });
}

namespace {

struct TypeNames {
  StringRef name;
  StringRef kind;
};

} // namespace

static TypeNames getNames(ElementType type) {
  switch (type) {
  case ElementType::Bool:
    return {"bool", "b1"};
  case ElementType::I8:
    return {"int8", "i1"};
  case ElementType::U8:
    return {"uint8", "u1"};
  case ElementType::I16:
    return {"int16", "i2"};
  case ElementType::U16:
    return {"uint16", "u2"};
  case ElementType::I32:
    return {"int32", "i4"};
  case ElementType::U32:
    return {"uint32", "u4"};
  case ElementType::I64:
    return {"int64", "i8"};
  case ElementType::U64:
    return {"uint64", "u8"};
  case ElementType::F32:
    return {"float32", "f4"};
  case ElementType::F64:
    return {"float64", "f8"};
  }
  llvm_unreachable("unknown element type");
}

StringRef quantcc::getElementTypeName(ElementType type) {
  return getNames(type).name;
}

StringRef quantcc::getElementTypeKind(ElementType type) {
  return getNames(type).kind;
}

template <typename T> static T loadElement(ArrayRef<char> raw, size_t index) {
  T value;
  std::memcpy(&value, raw.data() + index * sizeof(T), sizeof(T));
  return value;
}

void quantcc::convertToFloat(ElementType type, ArrayRef<char> raw,
                             MutableArrayRef<float> result) {
  assert(raw.size() == result.size() * getElementSize(type) && "wrong size");
  visitType(type, [&](auto kind) {
    for (size_t i = 0; i < result.size(); ++i)
      result[i] = static_cast<float>(loadElement<decltype(kind)>(raw, i));
  });
}

Error quantcc::convertToInteger(ElementType type, ArrayRef<char> raw,
                                int64_t min, int64_t max,
                                MutableArrayRef<int64_t> result) {
  assert(raw.size() == result.size() * getElementSize(type) && "wrong size");
  if (isFloatType(type))
    return llvm::createStringError(llvm::formatv("expected integers, found {0}",
                                                 getElementTypeName(type)));
  return visitType(type, [&](auto kind) -> Error {
    using T = decltype(kind);
    for (size_t i = 0; i < result.size(); ++i) {
      T value = loadElement<T>(raw, i);
      // Only a u64 can be lost in the conversion, and then turns negative.
      int64_t wide = static_cast<int64_t>(value);
      bool lost = std::is_unsigned_v<T> && wide < 0;
      if (lost || wide < min || wide > max)
        return llvm::createStringError(
            llvm::formatv("expected values in [{0}, {1}], found {2}", min, max,
                          std::to_string(value)));
      result[i] = wide;
    }
    return Error::success();
  });
}
