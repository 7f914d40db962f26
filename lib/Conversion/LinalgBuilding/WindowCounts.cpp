//===- WindowCounts.cpp - Positions a window covers -----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts the positions of pooling windows.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Conversion/LinalgBuilding/WindowCounts.h"

#include <algorithm>
#include <llvm/ADT/STLExtras.h>

using namespace quantcc;
using llvm::ArrayRef;

/// The positions within [0, size) of the window of `kernel` at `start`.
static int64_t countInside(int64_t start, int64_t kernel, int64_t size) {
  return std::min(start + kernel, size) - std::max<int64_t>(start, 0);
}

WindowCounts::WindowCounts(ArrayRef<int64_t> inputShape,
                           ArrayRef<int64_t> resultShape,
                           ArrayRef<int64_t> kernel, ArrayRef<int64_t> strides,
                           ArrayRef<int64_t> padding) {
  for (int64_t y = 0; y < resultShape[1]; ++y)
    for (int64_t x = 0; x < resultShape[2]; ++x)
      values.push_back(
          countInside(y * strides[0] - padding[0], kernel[0], inputShape[1]) *
          countInside(x * strides[1] - padding[2], kernel[1], inputShape[2]));
}

int64_t WindowCounts::largest() const { return *llvm::max_element(values); }

bool WindowCounts::isUniform() const { return llvm::all_equal(values); }
