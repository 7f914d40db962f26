//===- FrameBox.cpp - Boxes of a frame ------------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Arithmetic on offsets and extents, dimension by dimension.
//
//===----------------------------------------------------------------------===//

#include "FrameBox.h"

#include <llvm/ADT/STLExtras.h>

using namespace quantcc;
using llvm::ArrayRef;
using llvm::SmallVector;

Box Box::whole(ArrayRef<int64_t> shape) {
  return {SmallVector<int64_t>(shape.size(), 0), llvm::to_vector(shape)};
}

int64_t Box::numElements() const {
  int64_t count = 1;
  for (int64_t size : sizes)
    count *= size;
  return count;
}

bool Box::contains(const Box &other) const {
  for (size_t dim = 0; dim != sizes.size(); ++dim)
    if (other.offsets[dim] < offsets[dim] ||
        other.offsets[dim] + other.sizes[dim] > offsets[dim] + sizes[dim])
      return false;
  return true;
}

bool Box::overlaps(const Box &other) const {
  for (size_t dim = 0; dim != sizes.size(); ++dim)
    if (other.offsets[dim] >= offsets[dim] + sizes[dim] ||
        offsets[dim] >= other.offsets[dim] + other.sizes[dim])
      return false;
  return true;
}

Box Box::shifted(ArrayRef<int64_t> by) const {
  Box box = *this;
  for (auto [offset, distance] : llvm::zip_equal(box.offsets, by))
    offset += distance;
  return box;
}

SmallVector<Box> quantcc::findHalo(const Box &frame, const Box &interior) {
  SmallVector<Box> result;
  Box rest = frame;
  for (size_t dim = 0; dim != frame.sizes.size(); ++dim) {
    int64_t begin = interior.offsets[dim], end = begin + interior.sizes[dim];
    auto add = [&](int64_t from, int64_t to) {
      if (from == to)
        return;
      Box box = rest;
      box.offsets[dim] = from;
      box.sizes[dim] = to - from;
      result.push_back(std::move(box));
    };
    add(frame.offsets[dim], begin);
    add(end, frame.offsets[dim] + frame.sizes[dim]);
    rest.offsets[dim] = begin;
    rest.sizes[dim] = end - begin;
  }
  return result;
}
