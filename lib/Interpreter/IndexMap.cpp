//===- IndexMap.cpp - Positions in row-major tensors ----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Enumerates positions dimension by dimension, outermost first.
//
//===----------------------------------------------------------------------===//

#include "IndexMap.h"

using namespace quantcc;
using llvm::ArrayRef;
using llvm::SmallVector;

SmallVector<int64_t> interpreter::rowMajorStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size());
  int64_t stride = 1;
  for (size_t i = shape.size(); i-- > 0;) {
    strides[i] = stride;
    stride *= shape[i];
  }
  return strides;
}

std::vector<int64_t> interpreter::indexMap(ArrayRef<int64_t> shape,
                                           ArrayRef<int64_t> strides,
                                           int64_t start) {
  std::vector<int64_t> positions = {start};
  for (size_t dimension = 0; dimension < shape.size(); ++dimension) {
    std::vector<int64_t> refined;
    refined.reserve(positions.size() * shape[dimension]);
    for (int64_t position : positions)
      for (int64_t i = 0; i < shape[dimension]; ++i)
        refined.push_back(position + i * strides[dimension]);
    positions = std::move(refined);
  }
  return positions;
}

std::vector<int64_t> interpreter::broadcastMap(ArrayRef<int64_t> shape,
                                               ArrayRef<int64_t> resultShape) {
  SmallVector<int64_t> own = rowMajorStrides(shape);
  SmallVector<int64_t> strides(resultShape.size(), 0);
  size_t missing = resultShape.size() - shape.size();
  for (size_t i = 0; i < shape.size(); ++i)
    strides[missing + i] = shape[i] == 1 ? 0 : own[i];
  return indexMap(resultShape, strides);
}
