//===- IntegerContraction.cpp - Constants of a contraction ----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Folds zero points into the bias, computes multipliers, and proves that
// accumulators do not overflow.
//
//===----------------------------------------------------------------------===//

#include "IntegerContraction.h"

#include "quantcc/Analysis/AccumulatorBounds.h"
#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"
#include "quantcc/Support/RescaleRules.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/IR/Matchers.h>

using namespace mlir;
using namespace quantcc;

/// The scale and zero point of each of `count` output channels.
static void readWeightParameters(quant::QuantizedType type, size_t count,
                                 SmallVectorImpl<float> &scales,
                                 SmallVectorImpl<int64_t> &zeroPoints) {
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type)) {
    for (double scale : perAxis.getScales())
      scales.push_back(static_cast<float>(scale));
    zeroPoints.assign(perAxis.getZeroPoints().begin(),
                      perAxis.getZeroPoints().end());
    return;
  }
  auto perTensor = cast<quant::UniformQuantizedType>(type);
  scales.assign(count, static_cast<float>(perTensor.getScale()));
  zeroPoints.assign(count, perTensor.getZeroPoint());
}

static FailureOr<SmallVector<int64_t>>
readConstant(Operation *op, Value value, bool isSigned, StringRef what) {
  DenseIntElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements)))
    return op->emitOpError() << "expected constant " << what;
  SmallVector<int64_t> result;
  result.reserve(elements.getNumElements());
  for (const APInt &element : elements.getValues<APInt>())
    result.push_back(isSigned ? element.getSExtValue()
                              : static_cast<int64_t>(element.getZExtValue()));
  return result;
}

static FailureOr<FixedPointMultiplier>
channelMultiplier(Operation *op, float input, float weight, float output,
                  Rounding rounding, MultiplierRule rule) {
  double real = rule == MultiplierRule::Linear
                    ? linearMultiplier(input, weight, output)
                    : convolutionMultiplier(input, weight, output);
  return makeMultiplier(op, real, onnxMultiplier(input, weight, output),
                        rounding);
}

/// Says what is out of the ordinary about the accumulators of `op`: 64 bits
/// where the activations have 8, and channels that compute nothing.
static void remarkOnAccumulators(Operation *op, unsigned inputWidth,
                                 int64_t largest, int64_t zeroChannels) {
  if (largest >= kNarrowAccumulatorBound && inputWidth <= 8)
    op->emitRemark() << "needs accumulators of 64 bits: they may reach "
                     << largest;
  if (zeroChannels)
    op->emitRemark() << "has " << zeroChannels
                     << " channels whose weights and bias are 0: their "
                     << "multiplier is 0, whatever their scales";
}

FailureOr<IntegerContraction>
quantcc::prepareContraction(Operation *op, Value weights, Value bias,
                            std::optional<Rounding> rounding,
                            MultiplierRule rule) {
  ContractionParts parts{StoredTensor(op->getOperand(0)),
                         getQuantizedElementType(op->getOperand(1).getType()),
                         weights, bias, /*outputScale=*/0};
  parts.inputRange = inferStoredRange(op->getOperand(0));
  if (rounding)
    parts.outputScale = StoredTensor(op->getResult(0)).scale;
  return prepareContraction(op, parts, rounding, rule);
}

FailureOr<IntegerContraction>
quantcc::prepareContraction(Operation *op, const ContractionParts &parts,
                            std::optional<Rounding> rounding,
                            MultiplierRule rule) {
  const StoredTensor &input = parts.input;
  quant::QuantizedType weightType = parts.weightType;
  Value weights = parts.weights, bias = parts.bias;
  size_t channels = shapeOf(weights).front();
  SmallVector<float> scales;
  SmallVector<int64_t> zeroPoints;
  readWeightParameters(weightType, channels, scales, zeroPoints);

  IntegerContraction result;
  auto stored = readConstant(op, weights, weightType.isSigned(), "weights");
  if (failed(stored))
    return failure();
  result.weights = std::move(*stored);
  result.foldedBias.assign(channels, 0);
  if (bias) {
    auto values = readConstant(op, bias, /*isSigned=*/true, "bias");
    if (failed(values))
      return failure();
    result.foldedBias = std::move(*values);
  }
  result.inputZeroPoint =
      input.zeroPoint - (input.isSigned ? 0 : int64_t(1) << (input.width - 1));

  bool perAxis = isa<quant::UniformQuantizedPerAxisType>(weightType);
  size_t perChannel = channels ? result.weights.size() / channels : 0;
  result.weightWidth = 8;
  result.accumulatorWidth = 32;
  if (!rounding)
    result.accumulatorWidth = cast<RankedTensorType>(op->getResult(0).getType())
                                  .getElementTypeBitWidth();
  StoredRange range =
      parts.inputRange.value_or(StoredRange{input.min, input.max});
  range = {range.min - input.zeroPoint, range.max - input.zeroPoint};
  int64_t largest = 0, zeroChannels = 0;
  for (size_t channel = 0; channel < channels; ++channel) {
    int64_t sum = 0;
    auto channelWeights = MutableArrayRef<int64_t>(result.weights)
                              .slice(channel * perChannel, perChannel);
    for (int64_t &weight : channelWeights) {
      weight -= zeroPoints[channel];
      sum += weight;
      if (!llvm::isInt<8>(weight))
        result.weightWidth = llvm::isInt<16>(weight) ? 16 : 32;
    }
    int64_t bound =
        boundAccumulator(range, channelWeights, result.foldedBias[channel])
            .magnitude();
    largest = std::max(largest, bound);
    if (rounding) {
      // What is always 0 needs no multiplier.
      FailureOr<FixedPointMultiplier> multiplier = FixedPointMultiplier{0, 31};
      if (bound == 0)
        ++zeroChannels;
      else
        multiplier = channelMultiplier(
            op, input.scale, scales[channel], parts.outputScale, *rounding,
            perAxis ? MultiplierRule::Convolution : rule);
      if (failed(multiplier) ||
          failed(checkAccumulator(op, bound, *multiplier, *rounding,
                                  parts.allowWide)))
        return failure();
      result.multipliers.push_back(*multiplier);
      if (bound >= kNarrowAccumulatorBound)
        result.accumulatorWidth = 64;
    } else if (failed(checkPlainAccumulator(op, bound))) {
      return failure();
    }
    // Modulo 2^64: the accumulator is bounded, its summands need not be.
    result.foldedBias[channel] =
        static_cast<int64_t>(static_cast<uint64_t>(result.foldedBias[channel]) -
                             static_cast<uint64_t>(result.inputZeroPoint) *
                                 static_cast<uint64_t>(sum));
  }
  remarkOnAccumulators(op, input.width, largest, zeroChannels);
  return result;
}

Value quantcc::createSignedActivation(OpBuilder &builder, Location loc,
                                      Value input, Type type) {
  return StoredTensor(type).isSigned ? input
                                     : createSignFlip(builder, loc, input);
}
