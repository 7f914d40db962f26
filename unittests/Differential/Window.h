//===- Window.h - Windows over an image -------------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernel, strides, padding and dilations of a random window.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_UNITTESTS_DIFFERENTIAL_WINDOW_H
#define QUANTCC_UNITTESTS_DIFFERENTIAL_WINDOW_H

#include "GraphBuilder.h"

#include <array>

namespace quantcc::differential {

/// A window over the height and width of an image `[N,H,W,C]`.
struct Window {
  std::array<int64_t, 2> kernel, strides, dilations;
  /// Top, bottom, left, right.
  std::array<int64_t, 4> padding;

  /// One that fits an image of shape `image`. Without `dilate`, as a pool
  /// needs it: no dilation, paddings smaller than the kernel.
  static Window random(RandomSource &random, llvm::ArrayRef<int64_t> image,
                       bool dilate);

  /// Raises strides until the result has at most `most` positions, or one an
  /// image.
  void limitOutput(llvm::ArrayRef<int64_t> image, int64_t most);

  /// `[N,OH,OW,C]`.
  Shape resultShape(llvm::ArrayRef<int64_t> image) const;
};

} // namespace quantcc::differential

#endif // QUANTCC_UNITTESTS_DIFFERENTIAL_WINDOW_H
