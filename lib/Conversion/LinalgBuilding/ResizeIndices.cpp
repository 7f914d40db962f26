//===- ResizeIndices.cpp - Positions a resize reads -----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Positions and weights of nearest and bilinear resizes.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Conversion/LinalgBuilding/ResizeIndices.h"

#include <algorithm>
#include <cmath>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>

using namespace mlir;
using namespace quantcc;

static bool spansCorners(const ResizeDirection &direction) {
  return direction.alignCorners && direction.out > 1;
}

/// Input positions per output position, in f32.
static float realScale(const ResizeDirection &direction) {
  if (spansCorners(direction))
    return static_cast<float>(direction.in - 1) /
           static_cast<float>(direction.out - 1);
  return static_cast<float>(direction.in) / static_cast<float>(direction.out);
}

SmallVector<int64_t> quantcc::nearestIndices(const ResizeDirection &direction) {
  float scale = realScale(direction);
  SmallVector<int64_t> indices;
  for (int64_t i = 0; i < direction.out; ++i) {
    float centre = static_cast<float>(i);
    if (direction.halfPixelCenters)
      centre += 0.5f;
    float position = centre * scale;
    float index =
        direction.alignCorners ? std::round(position) : std::floor(position);
    indices.push_back(
        std::clamp<int64_t>(static_cast<int64_t>(index), 0, direction.in - 1));
  }
  return indices;
}

FixedInterpolation::FixedInterpolation(const ResizeDirection &direction) {
  constexpr int64_t one = 1024;
  int64_t in = direction.in, out = direction.out;
  int64_t scale = spansCorners(direction)
                      ? (one * (in - 1) + (out - 1) / 2) / (out - 1)
                      : (one * in + out / 2) / out;
  for (int64_t i = 0; i < out; ++i) {
    int64_t position = i * scale;
    if (direction.halfPixelCenters)
      position += scale / 2 - one / 2;
    // Arithmetic shifts: floor and ceiling also below zero.
    int64_t low = std::clamp<int64_t>(position >> 10, 0, in - 1);
    int64_t high = std::min((position + one - 1) >> 10, in - 1);
    lower.push_back(low);
    upper.push_back(high);
    upperWeight.push_back(position - one * low);
  }
}

RealInterpolation::RealInterpolation(const ResizeDirection &direction) {
  float scale = realScale(direction);
  for (int64_t i = 0; i < direction.out; ++i) {
    float position = static_cast<float>(i);
    if (direction.halfPixelCenters)
      position = (position + 0.5f) * scale - 0.5f;
    else
      position = position * scale;
    int64_t low = std::clamp<int64_t>(
        static_cast<int64_t>(std::floor(position)), 0, direction.in - 1);
    int64_t high = std::clamp<int64_t>(
        static_cast<int64_t>(std::ceil(position)), 0, direction.in - 1);
    lower.push_back(low);
    upper.push_back(high);
    upperWeight.push_back(position - static_cast<float>(low));
  }
}

Value quantcc::createPixelRead(OpBuilder &builder, Location loc, Value input,
                               Value y, Value x) {
  auto toIndex = [&](Value value) -> Value {
    return arith::IndexCastOp::create(builder, loc, builder.getIndexType(),
                                      value);
  };
  Value n = linalg::IndexOp::create(builder, loc, 0);
  Value c = linalg::IndexOp::create(builder, loc, 3);
  return tensor::ExtractOp::create(builder, loc, input,
                                   ValueRange{n, toIndex(y), toIndex(x), c});
}
