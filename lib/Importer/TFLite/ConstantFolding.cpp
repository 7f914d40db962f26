//===- ConstantFolding.cpp - Rearranged constants -------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operations on the values of constants.
//
//===----------------------------------------------------------------------===//

#include "ConstantFolding.h"

#include <cstring>
#include <llvm/ADT/SmallVector.h>
#include <mlir/IR/BuiltinTypes.h>

using namespace mlir;

DenseElementsAttr quantcc::tflite::permute(DenseElementsAttr values,
                                           ArrayRef<int64_t> permutation) {
  ShapedType type = values.getType();
  size_t rank = permutation.size();
  assert(type.getRank() == static_cast<int64_t>(rank) &&
         "expected a permutation of all dimensions");
  // The distance in elements between neighbours along each source dimension.
  SmallVector<int64_t> distance(rank, 1), shape;
  for (size_t i = rank; i-- > 1;)
    distance[i - 1] = distance[i] * type.getDimSize(i);
  for (int64_t source : permutation)
    shape.push_back(type.getDimSize(source));
  if (values.isSplat())
    return values.resizeSplat(type.clone(shape));

  size_t width = type.getElementTypeBitWidth() / 8;
  ArrayRef<char> from = values.getRawData();
  SmallVector<char> to(from.size());
  SmallVector<int64_t> position(rank, 0);
  for (int64_t element = 0, count = type.getNumElements(); element < count;
       ++element) {
    int64_t source = 0;
    for (size_t i = 0; i < rank; ++i)
      source += position[i] * distance[permutation[i]];
    std::memcpy(&to[element * width], &from[source * width], width);
    for (size_t i = rank; i-- > 0;) {
      if (++position[i] < shape[i])
        break;
      position[i] = 0;
    }
  }
  return DenseElementsAttr::getFromRawBuffer(type.clone(shape), to);
}
