//===- StoredRange.cpp - Bounds of stored values --------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The stored values of each storage type.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/StoredRange.h"

#include <cassert>

using namespace quantcc;

StoredRange quantcc::storageBounds(unsigned width, bool isSigned, bool narrow) {
  assert(width >= 2 && width <= 32 && "unsupported storage width");
  int64_t levels = int64_t(1) << width;
  StoredRange range = isSigned ? StoredRange{-levels / 2, levels / 2 - 1}
                               : StoredRange{0, levels - 1};
  if (narrow)
    ++range.min;
  return range;
}
