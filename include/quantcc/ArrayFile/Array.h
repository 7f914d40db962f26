//===- Array.h - An array in memory -----------------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A dense array of elements in row-major order, as array files hold them.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_ARRAYFILE_ARRAY_H
#define QUANTCC_ARRAYFILE_ARRAY_H

#include "quantcc/ArrayFile/ElementType.h"

#include <cassert>
#include <llvm/ADT/SmallVector.h>
#include <string>
#include <vector>

namespace quantcc {

/// A dense row-major array. A scalar has an empty shape.
struct Array {
  ElementType type = ElementType::F32;
  llvm::SmallVector<int64_t> shape;
  /// The elements in the host's byte order.
  std::vector<char> data;

  /// An array of T with the given shape. Expects as many values as the shape
  /// holds.
  template <typename T>
  static Array of(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<T> values) {
    Array array;
    array.type = elementTypeOf<T>();
    array.shape.assign(shape.begin(), shape.end());
    const char *bytes = reinterpret_cast<const char *>(values.data());
    array.data.assign(bytes, bytes + values.size() * sizeof(T));
    assert(array.getNumElements() == int64_t(values.size()) && "wrong size");
    return array;
  }

  int64_t getNumElements() const { return data.size() / getElementSize(type); }

  /// The elements. Expects T to be the element type.
  template <typename T> llvm::ArrayRef<T> getValues() const {
    assert(type == elementTypeOf<T>() && "wrong element type");
    return {reinterpret_cast<const T *>(data.data()), size_t(getNumElements())};
  }
  template <typename T> llvm::MutableArrayRef<T> getValues() {
    assert(type == elementTypeOf<T>() && "wrong element type");
    return {reinterpret_cast<T *>(data.data()), size_t(getNumElements())};
  }
};

/// An array of an .npz file, named without the suffix ".npy".
struct NamedArray {
  std::string name;
  Array array;
};

} // namespace quantcc

#endif // QUANTCC_ARRAYFILE_ARRAY_H
