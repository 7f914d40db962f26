//===- FrameBox.h - Boxes of a frame ----------------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A frame is a buffer of which a value is a part: what lies around it, its
// halo, holds what the value is padded with.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_FRAMES_FRAMEBOX_H
#define QUANTCC_LIB_CODEGEN_FRAMES_FRAMEBOX_H

#include <cstdint>
#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/SmallVector.h>

namespace quantcc {

/// A box of a frame: where it begins, and its extents.
struct Box {
  llvm::SmallVector<int64_t> offsets, sizes;

  /// All of a frame of `shape`.
  static Box whole(llvm::ArrayRef<int64_t> shape);

  int64_t numElements() const;
  bool contains(const Box &other) const;
  bool overlaps(const Box &other) const;
  /// The same elements of a frame that begins `offsets` before this one.
  Box shifted(llvm::ArrayRef<int64_t> offsets) const;

  bool operator==(const Box &other) const {
    return offsets == other.offsets && sizes == other.sizes;
  }
};

/// Boxes that cover `frame` but for `interior`, which lies in it: from the
/// outermost dimension on, what is before and what is behind.
llvm::SmallVector<Box> findHalo(const Box &frame, const Box &interior);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_FRAMES_FRAMEBOX_H
