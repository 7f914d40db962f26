//===- ColumnPanels.h - How a kernel's channels are laid out ----*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Output channels are cut into panels of a few vectors, which a kernel computes
// at once. Constants are packed in the order of the panels' elements.
//
// Vectors of accumulators are narrowed to bytes four at a time, by instructions
// that work within each 128-bit lane: lane l of the bytes holds elements 4l to
// 4l+3 of the first vector, then of the second, third and fourth. So that the
// bytes come out in the order of the channels, element e of vector j of a panel
// of four vectors holds channel 16 (e/4) + 4 j + e%4.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_X86_COLUMNPANELS_H
#define QUANTCC_LIB_CODEGEN_X86_COLUMNPANELS_H

#include <llvm/ADT/SmallVector.h>

namespace quantcc {

/// Channels [begin, begin + channels) in `vectors` vectors of `lanes`
/// accumulators, some of which may be unused at the end.
struct ColumnPanel {
  int64_t begin;
  int64_t channels;
  int64_t vectors;
  int64_t lanes;
  /// Whether vectors have their channels in order, as nothing narrows them.
  bool isInOrder = false;

  int64_t width() const { return vectors * lanes; }
  int64_t end() const { return begin + channels; }
  bool isFull() const { return channels == width(); }
  /// Vectors that are narrowed to one run of bytes together.
  int64_t vectorsPerRun() const { return std::min<int64_t>(vectors, 4); }
  /// Whether element `element` of vector `vector` has a channel.
  bool isUsed(int64_t vector, int64_t element) const {
    return channelOf(vector, element) < begin + channels;
  }
  /// The channel of element `element` of vector `vector`, which may be unused
  /// and then lies at `begin + channels` or beyond.
  int64_t channelOf(int64_t vector, int64_t element) const {
    if (isInOrder)
      return begin + vector * lanes + element;
    int64_t run = vectorsPerRun();
    return begin + vector / run * run * lanes + element / 4 * 4 * run +
           vector % run * 4 + element % 4;
  }
};

/// `channels` in panels of `largest` vectors (2, 4 or 8) of `lanes`
/// accumulators, as far as they go, then in the fewest of 4, 2 and 1 that hold
/// the rest.
llvm::SmallVector<ColumnPanel> splitColumns(int64_t channels, int64_t largest,
                                            int64_t lanes);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_X86_COLUMNPANELS_H
