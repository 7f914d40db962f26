//===- Resize.cpp - Resizing of images ------------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rule N14 of docs/Numerics.md.
//
//===----------------------------------------------------------------------===//

#include "Kernel.h"
#include "Parameters.h"

#include <cmath>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::interpreter;

namespace {

/// The two input positions an output position lies between, and their weights
/// in 1/1024.
struct Neighbours {
  int64_t i0, i1;
  int64_t w0, w1;
};

/// The sizes of one direction, and how positions are aligned.
struct Direction {
  int64_t in, out;
  bool alignCorners, halfPixelCenters;
};

} // namespace

static std::vector<Neighbours> bilinearNeighbours(const Direction &d) {
  int64_t scale = (1024 * d.in + d.out / 2) / d.out;
  if (d.alignCorners && d.out > 1)
    scale = (1024 * (d.in - 1) + (d.out - 1) / 2) / (d.out - 1);
  std::vector<Neighbours> result;
  for (int64_t i = 0; i < d.out; ++i) {
    int64_t p = i * scale;
    if (d.halfPixelCenters)
      p += scale / 2 - 512;
    // Only i0 can be asked for below 0, where the limit hides the rounding.
    int64_t i0 = std::clamp<int64_t>(p / 1024, 0, d.in - 1);
    int64_t i1 = std::min((p + 1023) / 1024, d.in - 1);
    int64_t w1 = p - 1024 * i0;
    result.push_back({i0, i1, 1024 - w1, w1});
  }
  return result;
}

/// The input position of each output position.
static std::vector<Neighbours> nearestNeighbours(const Direction &d) {
  float scale = static_cast<float>(d.in) / static_cast<float>(d.out);
  if (d.alignCorners && d.out > 1)
    scale = static_cast<float>(d.in - 1) / static_cast<float>(d.out - 1);
  std::vector<Neighbours> result;
  for (int64_t i = 0; i < d.out; ++i) {
    float centre = static_cast<float>(i);
    if (d.halfPixelCenters)
      centre += 0.5f;
    float p = centre * scale;
    float rounded = d.alignCorners ? std::round(p) : std::floor(p);
    int64_t index =
        std::clamp<int64_t>(static_cast<int64_t>(rounded), 0, d.in - 1);
    result.push_back({index, index, 1024, 0});
  }
  return result;
}

FailureOr<Kernel> interpreter::prepareResize(Operation *op) {
  auto resize = dyn_cast<ResizeOp>(op);
  if (!resize)
    return Kernel();
  auto shape = [](Value value) {
    return cast<RankedTensorType>(value.getType()).getShape();
  };
  ArrayRef<int64_t> in = shape(resize.getInput()),
                    out = shape(resize.getResult());
  auto neighbours = resize.getMode() == ResizeMode::Bilinear
                        ? bilinearNeighbours
                        : nearestNeighbours;
  bool align = resize.getAlignCorners(), half = resize.getHalfPixelCenters();
  std::vector<Neighbours> rows = neighbours({in[1], out[1], align, half});
  std::vector<Neighbours> columns = neighbours({in[2], out[2], align, half});
  int64_t images = in[0], height = in[1], width = in[2], channels = in[3];
  return Kernel([=](ArrayRef<const Tensor *> operands, Tensor &result) {
    int64_t *next = result.stored.data();
    for (int64_t image = 0; image < images; ++image) {
      const int64_t *data =
          operands[0]->stored.data() + image * height * width * channels;
      auto at = [&](int64_t y, int64_t x, int64_t c) {
        return int64_t(data[(y * width + x) * channels + c]);
      };
      // A copied value has one weight of 1024 twice: 2^20, and divides out.
      for (const Neighbours &y : rows)
        for (const Neighbours &x : columns)
          for (int64_t c = 0; c < channels; ++c) {
            int64_t sum = at(y.i0, x.i0, c) * y.w0 * x.w0 +
                          at(y.i1, x.i0, c) * y.w1 * x.w0 +
                          at(y.i0, x.i1, c) * y.w0 * x.w1 +
                          at(y.i1, x.i1, c) * y.w1 * x.w1;
            *next++ = divideHalfAway(sum, 1 << 20);
          }
    }
  });
}
