//===- Window.cpp - Windows over an image ---------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Random windows that fit.
//
//===----------------------------------------------------------------------===//

#include "Window.h"

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

Window Window::random(RandomSource &random, ArrayRef<int64_t> image,
                      bool dilate) {
  Window window;
  for (unsigned side : {0, 1}) {
    int64_t kernel = random.pick({1, 2, 2, 3, 3, 3, 4, 5});
    int64_t dilation = dilate ? random.pick({1, 1, 1, 2, 3}) : 1;
    int64_t reach = dilation * (kernel - 1) + 1;
    // A convolution's padding may be larger than its window.
    int64_t limit = dilate ? reach : kernel - 1;
    int64_t low = 0, high = 0;
    if (random.percent(55)) {
      low = random.between(0, limit);
      high = random.between(0, limit);
    }
    if (image[1 + side] + low + high < reach && !dilate) {
      // No padding may make up for it: the window must shrink.
      kernel = std::min(kernel, image[1 + side]);
      low = std::min(low, kernel - 1);
      high = std::min(high, kernel - 1);
    } else if (image[1 + side] + low + high < reach) {
      (random.percent(50) ? low : high) += reach - image[1 + side] - low - high;
    }
    window.kernel[side] = kernel;
    window.dilations[side] = dilation;
    window.strides[side] = random.pick({1, 1, 1, 2, 2, 3, 5});
    window.padding[2 * side] = low;
    window.padding[2 * side + 1] = high;
  }
  return window;
}

void Window::limitOutput(ArrayRef<int64_t> image, int64_t most) {
  // Many images may have more positions however large the strides are.
  for (Shape result = resultShape(image);
       result[0] * result[1] * result[2] > most && result[1] * result[2] > 1;
       result = resultShape(image))
    ++strides[result[1] > result[2] ? 0 : 1];
}

Shape Window::resultShape(ArrayRef<int64_t> image) const {
  Shape result(image);
  for (unsigned side : {0, 1}) {
    int64_t extent =
        image[1 + side] + padding[2 * side] + padding[2 * side + 1];
    int64_t reach = dilations[side] * (kernel[side] - 1) + 1;
    result[1 + side] = (extent - reach) / strides[side] + 1;
  }
  return result;
}
