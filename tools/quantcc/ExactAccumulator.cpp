//===- ExactAccumulator.cpp - Exact sums of a layer -----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The exact value that one element of a convolution or product stands for.
//
//===----------------------------------------------------------------------===//

#include "ExactAccumulator.h"

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <cmath>
#include <mlir/Dialect/Quant/IR/Quant.h>
#include <mlir/IR/Matchers.h>

using namespace llvm;
using namespace mlir;
using namespace quantcc;

/// The elements behind a constant, or behind the storage cast of one.
static DenseElementsAttr constantOf(Value value) {
  DenseElementsAttr elements;
  if (auto cast = value.getDefiningOp<quant::StorageCastOp>())
    value = cast.getInput();
  matchPattern(value, m_Constant(&elements));
  return elements;
}

static int64_t storedAt(DenseElementsAttr elements, int64_t index) {
  auto values = elements.getValues<APInt>();
  return values[index].getSExtValue();
}

static double weightScale(Value weights, int64_t channel) {
  quant::QuantizedType type = getQuantizedElementType(weights.getType());
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type))
    return perAxis.getScales()[channel];
  return cast<quant::UniformQuantizedType>(type).getScale();
}

static int64_t sumOf(LinearOp op, size_t index, DenseElementsAttr weights,
                     ArrayRef<int64_t> input, int64_t zeroPoint) {
  auto shape = cast<RankedTensorType>(op.getWeights().getType()).getShape();
  int64_t row = index / shape[0], channel = index % shape[0], sum = 0;
  for (int64_t k = 0; k < shape[1]; ++k)
    sum += (input[row * shape[1] + k] - zeroPoint) *
           storedAt(weights, channel * shape[1] + k);
  return sum;
}

static int64_t sumOf(Conv2DOp op, size_t index, DenseElementsAttr weights,
                     ArrayRef<int64_t> input, int64_t zeroPoint) {
  auto in = cast<RankedTensorType>(op.getInput().getType()).getShape();
  auto out = cast<RankedTensorType>(op.getResult().getType()).getShape();
  auto kernel = cast<RankedTensorType>(op.getWeights().getType()).getShape();
  int64_t channel = index % out[3], x = index / out[3] % out[2];
  int64_t y = index / (out[3] * out[2]) % out[1];
  int64_t image = index / (out[3] * out[2] * out[1]);
  int64_t group = channel / (out[3] / static_cast<int64_t>(op.getGroups()));
  int64_t sum = 0;
  for (int64_t ky = 0; ky < kernel[1]; ++ky)
    for (int64_t kx = 0; kx < kernel[2]; ++kx) {
      int64_t row = y * op.getStrides()[0] + ky * op.getDilations()[0] -
                    op.getPadding()[0];
      int64_t column = x * op.getStrides()[1] + kx * op.getDilations()[1] -
                       op.getPadding()[2];
      if (row < 0 || row >= in[1] || column < 0 || column >= in[2])
        continue;
      for (int64_t c = 0; c < kernel[3]; ++c)
        sum += (input[((image * in[1] + row) * in[2] + column) * in[3] +
                      group * kernel[3] + c] -
                zeroPoint) *
               storedAt(weights, ((channel * kernel[1] + ky) * kernel[2] + kx) *
                                         kernel[3] +
                                     c);
    }
  return sum;
}

template <typename OpTy>
static std::optional<int64_t> idealOf(OpTy op, size_t index,
                                      ArrayRef<int64_t> input) {
  auto inputType = dyn_cast_or_null<quant::UniformQuantizedType>(
      getQuantizedElementType(op.getInput().getType()));
  auto resultType = dyn_cast_or_null<quant::UniformQuantizedType>(
      getQuantizedElementType(op.getResult().getType()));
  DenseElementsAttr weights = constantOf(op.getWeights());
  if (!inputType || !resultType || !weights)
    return std::nullopt;
  auto shape = cast<RankedTensorType>(op.getResult().getType()).getShape();
  int64_t channel = index % shape.back();
  int64_t sum = sumOf(op, index, weights, input, inputType.getZeroPoint());
  if (op.getBias()) {
    DenseElementsAttr bias = constantOf(op.getBias());
    if (!bias)
      return std::nullopt;
    sum += storedAt(bias, bias.isSplat() ? 0 : channel);
  }
  double real =
      sum * (inputType.getScale() * weightScale(op.getWeights(), channel));
  double stored =
      std::round(real / resultType.getScale()) + resultType.getZeroPoint();
  double low = resultType.getStorageTypeMin();
  double high = resultType.getStorageTypeMax();
  if (op.getStoredClamp()) {
    low = (*op.getStoredClamp())[0];
    high = (*op.getStoredClamp())[1];
  }
  return static_cast<int64_t>(std::min(std::max(stored, low), high));
}

std::optional<int64_t> quantcc::idealStoredValue(Operation *layer, size_t index,
                                                 ArrayRef<int64_t> input) {
  if (auto conv = dyn_cast<Conv2DOp>(layer))
    return idealOf(conv, index, input);
  if (auto linear = dyn_cast<LinearOp>(layer))
    return idealOf(linear, index, input);
  return std::nullopt;
}
