//===- StoredRange.h - Bounds of stored values ------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Ranges of stored integers, and those that storage types hold.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_SUPPORT_STOREDRANGE_H
#define QUANTCC_SUPPORT_STOREDRANGE_H

#include <cstdint>

namespace quantcc {

/// An inclusive range of stored values.
struct StoredRange {
  int64_t min;
  int64_t max;

  bool contains(int64_t stored) const { return stored >= min && stored <= max; }
  bool operator==(const StoredRange &other) const {
    return min == other.min && max == other.max;
  }
  bool operator!=(const StoredRange &other) const { return !(*this == other); }
};

/// The stored values an integer storage type of `width` bits holds:
/// [-2^(width-1), 2^(width-1)-1] if `isSigned`, else [0, 2^width-1]. `narrow`
/// drops the lowest value, so that a signed range is symmetric. Expects
/// 2 <= width <= 32.
StoredRange storageBounds(unsigned width, bool isSigned, bool narrow = false);

} // namespace quantcc

#endif // QUANTCC_SUPPORT_STOREDRANGE_H
