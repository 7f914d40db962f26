//===- AccumulatorBounds.cpp - What accumulators may become ---------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads weights, bias and stored ranges, and adds them up.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Analysis/AccumulatorBounds.h"

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Dialect/QuantCC/IR/QuantizedTypes.h"

#include <llvm/ADT/TypeSwitch.h>
#include <mlir/Dialect/Quant/IR/Quant.h>
#include <mlir/IR/Matchers.h>

using namespace mlir;
using namespace quantcc;

/// How many ops inferStoredRange goes back. (docs/Numerics.md, N37)
static constexpr unsigned kDepth = 8;

/// Far beyond what any rule allows, and far from overflow.
static constexpr int64_t kLimit = int64_t(1) << 62;

static int64_t limitedAdd(int64_t lhs, int64_t rhs) {
  int64_t sum;
  if (llvm::AddOverflow(lhs, rhs, sum))
    sum = lhs < 0 ? -kLimit : kLimit;
  return std::clamp(sum, -kLimit, kLimit);
}

static RankedTensorType tensorTypeOf(Value value) {
  return cast<RankedTensorType>(value.getType());
}

/// The elements of a constant, stored or plain; nothing for other values.
static std::optional<SmallVector<int64_t>> readConstant(Value value) {
  bool isSigned = true;
  if (quant::QuantizedType type = getQuantizedElementType(value.getType()))
    isSigned = type.isSigned();
  if (auto cast = value.getDefiningOp<quant::StorageCastOp>())
    value = cast.getInput();
  DenseIntElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements)))
    return std::nullopt;
  SmallVector<int64_t> result;
  result.reserve(elements.getNumElements());
  for (const APInt &element : elements.getValues<APInt>())
    result.push_back(isSigned ? element.getSExtValue()
                              : static_cast<int64_t>(element.getZExtValue()));
  return result;
}

static StoredRange hull(const StoredRange &a, const StoredRange &b) {
  return {std::min(a.min, b.min), std::max(a.max, b.max)};
}

static StoredRange inferStoredRange(Value value, unsigned depth) {
  quant::QuantizedType type = getQuantizedElementType(value.getType());
  StoredRange storage = getStoredRange(type);
  Operation *op = value.getDefiningOp();
  if (!op || depth == 0)
    return storage;
  if (isa<quant::StorageCastOp>(op)) {
    auto elements = readConstant(value);
    if (!elements || elements->empty())
      return storage;
    return {*llvm::min_element(*elements), *llvm::max_element(*elements)};
  }
  if (auto clamp = op->getAttrOfType<DenseI32ArrayAttr>("stored_clamp"))
    return {clamp[0], clamp[1]};
  if (!isa<ReshapeOp, TransposeOp, SliceOp, PadOp, ConcatOp, MaximumOp,
           MinimumOp, MaxPool2DOp, AvgPool2DOp>(op))
    return storage;
  std::optional<StoredRange> range;
  for (Value operand : op->getOperands()) {
    StoredRange one = inferStoredRange(operand, depth - 1);
    range = range ? hull(*range, one) : one;
  }
  if (auto pad = dyn_cast<PadOp>(op)) {
    int64_t border = cast<quant::UniformQuantizedType>(type).getZeroPoint();
    if (pad.getStoredValue())
      border = static_cast<int32_t>(*pad.getStoredValue());
    range = hull(*range, {border, border});
  }
  return *range;
}

StoredRange quantcc::inferStoredRange(Value value) {
  return ::inferStoredRange(value, kDepth);
}

/// The stored values of `value` less their zero point.
static StoredRange inferCentredRange(Value value) {
  auto type = cast<quant::UniformQuantizedType>(
      getQuantizedElementType(value.getType()));
  StoredRange range = quantcc::inferStoredRange(value);
  return {range.min - type.getZeroPoint(), range.max - type.getZeroPoint()};
}

/// Adds `count` products of `x` and a weight within [low, high].
static void addProducts(AccumulatorBound &bound, StoredRange x, int64_t low,
                        int64_t high, int64_t count) {
  int64_t corners[] = {x.min * low, x.min * high, x.max * low, x.max * high};
  int64_t least = *std::min_element(std::begin(corners), std::end(corners));
  int64_t most = *std::max_element(std::begin(corners), std::end(corners));
  // A product has at most 34 bits, and a tensor fewer than 2^31 elements.
  auto times = [&](int64_t product) {
    int64_t result;
    return llvm::MulOverflow(product, count, result)
               ? (product < 0 ? -kLimit : kLimit)
               : result;
  };
  bound.low = limitedAdd(bound.low, times(std::min<int64_t>(least, 0)));
  bound.high = limitedAdd(bound.high, times(std::max<int64_t>(most, 0)));
}

static void addBias(AccumulatorBound &bound, int64_t low, int64_t high) {
  bound.low = limitedAdd(bound.low, std::min<int64_t>(low, 0));
  bound.high = limitedAdd(bound.high, std::max<int64_t>(high, 0));
}

AccumulatorBound quantcc::boundAccumulator(StoredRange input,
                                           ArrayRef<int64_t> weights,
                                           int64_t bias) {
  AccumulatorBound bound;
  for (int64_t weight : weights)
    addProducts(bound, input, weight, weight, 1);
  addBias(bound, bias, bias);
  return bound;
}

/// The bounds of conv2d and linear, whose weights have their output channels
/// outermost.
static SmallVector<AccumulatorBound> boundWeighted(Value input, Value weights,
                                                   Value bias) {
  StoredRange x = inferCentredRange(input);
  RankedTensorType weightType = tensorTypeOf(weights);
  quant::QuantizedType type = getQuantizedElementType(weightType);
  SmallVector<QuantizationParameters> parameters = getAllParameters(type);
  int64_t channels = weightType.getDimSize(0);
  int64_t depth = weightType.getNumElements() / channels;
  auto values = readConstant(weights);
  std::optional<SmallVector<int64_t>> biases;
  if (bias)
    biases = readConstant(bias);

  SmallVector<AccumulatorBound> bounds(channels);
  for (int64_t channel = 0; channel < channels; ++channel) {
    int64_t zeroPoint =
        parameters[parameters.size() == 1 ? 0 : channel].zeroPoint;
    AccumulatorBound &bound = bounds[channel];
    if (values) {
      SmallVector<int64_t> centred(
          ArrayRef<int64_t>(*values).slice(channel * depth, depth));
      for (int64_t &weight : centred)
        weight -= zeroPoint;
      bound = boundAccumulator(x, centred, 0);
    } else {
      addProducts(bound, x, type.getStorageTypeMin() - zeroPoint,
                  type.getStorageTypeMax() - zeroPoint, depth);
    }
    if (biases) {
      addBias(bound, (*biases)[channel], (*biases)[channel]);
    } else if (bias) {
      unsigned bits = tensorTypeOf(bias).getElementTypeBitWidth();
      int64_t reach = bits > 62 ? kLimit : int64_t(1) << (bits - 1);
      addBias(bound, -reach, reach);
    }
  }
  return bounds;
}

std::optional<SmallVector<AccumulatorBound>>
quantcc::computeAccumulatorBounds(Operation *op) {
  if (!isa<Conv2DOp, LinearOp, MatMulOp>(op) ||
      !isQuantized(op->getOperand(0).getType()))
    return std::nullopt;
  if (auto matmul = dyn_cast<MatMulOp>(op)) {
    ArrayRef<int64_t> shape = tensorTypeOf(matmul.getLhs()).getShape();
    int64_t depth = shape[shape.size() - (matmul.getTransposeLhs() ? 2 : 1)];
    StoredRange lhs = inferCentredRange(matmul.getLhs()),
                rhs = inferCentredRange(matmul.getRhs());
    AccumulatorBound bound;
    addProducts(bound, lhs, rhs.min, rhs.max, depth);
    return SmallVector<AccumulatorBound>{bound};
  }
  return boundWeighted(op->getOperand(0), op->getOperand(1),
                       op->getNumOperands() > 2 ? op->getOperand(2) : Value());
}
