//===- ElementType.h - Element types of array files -------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The element types of .npy arrays, and conversion of their values.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_ARRAYFILE_ELEMENTTYPE_H
#define QUANTCC_ARRAYFILE_ELEMENTTYPE_H

#include <cstddef>
#include <cstdint>
#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>

namespace quantcc {

enum class ElementType { Bool, I8, U8, I16, U16, I32, U32, I64, U64, F32, F64 };

/// The size of one element in bytes.
size_t getElementSize(ElementType type);

/// numpy's name of the type: "bool", "int8", "float32", ...
llvm::StringRef getElementTypeName(ElementType type);

/// The kind and size that an .npy header names the type with: "b1", "i1", "f4".
llvm::StringRef getElementTypeKind(ElementType type);

inline bool isFloatType(ElementType type) {
  return type == ElementType::F32 || type == ElementType::F64;
}

/// The element type of the C++ type T.
template <typename T> constexpr ElementType elementTypeOf();
template <> constexpr ElementType elementTypeOf<bool>() {
  return ElementType::Bool;
}
template <> constexpr ElementType elementTypeOf<int8_t>() {
  return ElementType::I8;
}
template <> constexpr ElementType elementTypeOf<uint8_t>() {
  return ElementType::U8;
}
template <> constexpr ElementType elementTypeOf<int16_t>() {
  return ElementType::I16;
}
template <> constexpr ElementType elementTypeOf<uint16_t>() {
  return ElementType::U16;
}
template <> constexpr ElementType elementTypeOf<int32_t>() {
  return ElementType::I32;
}
template <> constexpr ElementType elementTypeOf<uint32_t>() {
  return ElementType::U32;
}
template <> constexpr ElementType elementTypeOf<int64_t>() {
  return ElementType::I64;
}
template <> constexpr ElementType elementTypeOf<uint64_t>() {
  return ElementType::U64;
}
template <> constexpr ElementType elementTypeOf<float>() {
  return ElementType::F32;
}
template <> constexpr ElementType elementTypeOf<double>() {
  return ElementType::F64;
}

/// Converts `raw`, elements of `type` in the host's byte order, to f32: each
/// value as it is, rounded to nearest where f32 cannot hold it. `raw` need not
/// be aligned. Expects raw.size() == result.size() * getElementSize(type).
void convertToFloat(ElementType type, llvm::ArrayRef<char> raw,
                    llvm::MutableArrayRef<float> result);

/// Converts `raw` to integers. Errors: the type is not an integer or bool, or a
/// value lies outside [min, max].
llvm::Error convertToInteger(ElementType type, llvm::ArrayRef<char> raw,
                             int64_t min, int64_t max,
                             llvm::MutableArrayRef<int64_t> result);

} // namespace quantcc

#endif // QUANTCC_ARRAYFILE_ELEMENTTYPE_H
