//===- Pooling.cpp - Pools and mean ---------------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rules N10 and N11 of docs/Numerics.md.
//
//===----------------------------------------------------------------------===//

#include "IndexMap.h"
#include "Kernel.h"
#include "Parameters.h"

using namespace mlir;
using namespace quantcc;
using namespace quantcc::interpreter;

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

/// Calls `visit(begin, end)` for each output position of one direction with the
/// window's input positions that lie inside the input.
static SmallVector<std::pair<int64_t, int64_t>>
windows(int64_t inputSize, int64_t outputSize, int64_t kernel, int64_t stride,
        int64_t padding) {
  SmallVector<std::pair<int64_t, int64_t>> result;
  for (int64_t i = 0; i < outputSize; ++i) {
    int64_t start = i * stride - padding;
    result.push_back(
        {std::max<int64_t>(start, 0), std::min(start + kernel, inputSize)});
  }
  return result;
}

/// `combine(sum or maximum so far, value)` over each window, then
/// `finish(combined, number of values)`, clamped.
template <typename OpTy, typename Combine, typename Finish>
static Kernel poolKernel(OpTy op, int64_t initial, Combine combine,
                         Finish finish) {
  ArrayRef<int64_t> in = shapeOf(op.getInput()), out = shapeOf(op.getResult());
  int64_t images = in[0], height = in[1], width = in[2], channels = in[3];
  auto rows = windows(height, out[1], op.getKernel()[0], op.getStrides()[0],
                      op.getPadding()[0]);
  auto columns = windows(width, out[2], op.getKernel()[1], op.getStrides()[1],
                         op.getPadding()[2]);
  std::pair<int64_t, int64_t> clamp = clampBoundsOf(op);
  return [=](ArrayRef<const Tensor *> operands, Tensor &result) {
    int64_t *next = result.stored.data();
    std::vector<int64_t> combined(channels);
    for (int64_t image = 0; image < images; ++image)
      for (auto [top, bottom] : rows)
        for (auto [left, right] : columns) {
          std::fill(combined.begin(), combined.end(), initial);
          for (int64_t y = top; y < bottom; ++y)
            for (int64_t x = left; x < right; ++x) {
              const int64_t *pixel =
                  operands[0]->stored.data() +
                  ((image * height + y) * width + x) * channels;
              for (int64_t c = 0; c < channels; ++c)
                combined[c] = combine(combined[c], pixel[c]);
            }
          int64_t count = (bottom - top) * (right - left);
          for (int64_t value : combined)
            *next++ =
                std::clamp(finish(value, count), clamp.first, clamp.second);
        }
  };
}

static FailureOr<Kernel> prepareMean(MeanOp op) {
  if (failed(refuseHalfEven(op)))
    return failure();
  Parameters input = parametersOf(op.getInput());
  FailureOr<Multiplier> multiplier =
      normalizeFor(op, input.scale / parametersOf(op.getResult()).scale);
  if (failed(multiplier))
    return failure();

  // Positions in the result, whose reduced dimensions have one element.
  ArrayRef<int64_t> shape = shapeOf(op.getInput());
  SmallVector<int64_t> kept(shape);
  int64_t count = 1;
  for (int64_t axis : op.getAxes()) {
    count *= shape[axis];
    kept[axis] = 1;
  }
  SmallVector<int64_t> strides = rowMajorStrides(kept);
  for (int64_t axis : op.getAxes())
    strides[axis] = 0;

  int64_t bound = count * input.reach();
  if (bound >= int64_t(1) << 31)
    return op->emitOpError() << "has sums of up to " << bound
                             << ", which is not below 2^31 (N11)";
  int64_t k = 0;
  while (k < 32 && k < 62 - multiplier->s && (int64_t(2) << k) <= count)
    ++k;
  Multiplier divided;
  divided.m = static_cast<int32_t>((int64_t(multiplier->m) << k) / count);
  divided.s = static_cast<int32_t>(multiplier->s + k);
  FailureOr<Requantizer> requantizer = Requantizer::create(
      op, std::vector<Multiplier>{divided}, bound, roundingOf(op));
  if (failed(requantizer))
    return failure();
  return Kernel([=, positions = indexMap(shape, strides),
                 requantizer = *requantizer](ArrayRef<const Tensor *> operands,
                                             Tensor &result) {
    std::vector<int64_t> sums(result.stored.size(), 0);
    for (size_t i = 0; i < positions.size(); ++i)
      sums[positions[i]] += operands[0]->stored[i] - input.zeroPoint;
    for (size_t i = 0; i < sums.size(); ++i)
      result.stored[i] = requantizer(sums[i]);
  });
}

FailureOr<Kernel> interpreter::preparePooling(Operation *op) {
  if (auto pool = dyn_cast<AvgPool2DOp>(op))
    return poolKernel(
        pool, 0, [](int64_t sum, int64_t value) { return sum + value; },
        [](int64_t sum, int64_t count) { return divideHalfAway(sum, count); });
  if (auto pool = dyn_cast<MaxPool2DOp>(op))
    return poolKernel(
        pool, INT64_MIN,
        [](int64_t max, int64_t value) { return std::max(max, value); },
        [](int64_t max, int64_t) { return max; });
  if (auto mean = dyn_cast<MeanOp>(op))
    return prepareMean(mean);
  return Kernel();
}
