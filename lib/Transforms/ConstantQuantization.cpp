//===- ConstantQuantization.cpp - Weights and biases ----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Applies Support's arithmetic to whole constants.
//
//===----------------------------------------------------------------------===//

#include "ConstantQuantization.h"

#include "quantcc/Support/RescaleRules.h"

#include <cmath>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Quant/IR/Quant.h>

using namespace mlir;
using namespace quantcc;

namespace {
/// Finds the channel of an element by its row-major position.
struct ChannelIndex {
  int64_t count = 1;
  int64_t stride = 1;

  ChannelIndex(ArrayRef<int64_t> shape, std::optional<unsigned> axis) {
    if (!axis)
      return;
    count = shape[*axis];
    for (int64_t size : shape.drop_front(*axis + 1))
      stride *= size;
  }
  int64_t operator()(size_t position) const {
    return static_cast<int64_t>(position) / stride % count;
  }
};
} // namespace

static std::optional<unsigned> getAxis(quant::QuantizedType type) {
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type))
    return perAxis.getQuantizedDimension();
  return std::nullopt;
}

/// `type` with other parameters of the same number.
static quant::QuantizedType
withParameters(quant::QuantizedType type,
               ArrayRef<QuantizationParameters> params) {
  MLIRContext *context = type.getContext();
  StoredRange bounds = getStoredRange(type);
  unsigned width = type.getStorageTypeIntegralWidth();
  if (std::optional<unsigned> axis = getAxis(type))
    return makePerAxisType(context, params, *axis, bounds, width,
                           type.isSigned());
  return makePerTensorType(context, params.front(), bounds, width,
                           type.isSigned());
}

llvm::Expected<quant::QuantizedType>
quantcc::chooseWeightType(MLIRContext *context, ArrayRef<float> values,
                          ArrayRef<int64_t> shape, std::optional<unsigned> axis,
                          StoredRange bounds) {
  ChannelIndex channelOf(shape, axis);
  SmallVector<float> largest(channelOf.count, 0.0f);
  for (auto [position, value] : llvm::enumerate(values)) {
    if (!std::isfinite(value))
      return llvm::createStringError("expected finite weights");
    float &magnitude = largest[channelOf(position)];
    magnitude = std::max(magnitude, std::abs(value));
  }
  float largestOfAll = *llvm::max_element(largest);
  SmallVector<QuantizationParameters> params;
  for (float magnitude : largest) {
    float limit = magnitude > 0.0f ? magnitude : largestOfAll;
    llvm::Expected<QuantizationParameters> channel =
        chooseSymmetricParameters(-limit, limit, bounds);
    if (!channel)
      return channel.takeError();
    params.push_back(*channel);
  }
  if (axis)
    return makePerAxisType(context, params, *axis, bounds);
  return makePerTensorType(context, params.front(), bounds);
}

std::vector<float> quantcc::roundToGrid(ArrayRef<float> values,
                                        ArrayRef<int64_t> shape,
                                        quant::QuantizedType type) {
  SmallVector<QuantizationParameters> params = getAllParameters(type);
  StoredRange bounds = getStoredRange(type);
  ChannelIndex channelOf(shape, getAxis(type));
  std::vector<float> rounded;
  rounded.reserve(values.size());
  for (auto [position, value] : llvm::enumerate(values)) {
    const QuantizationParameters &channel = params[channelOf(position)];
    rounded.push_back(
        dequantizeStored(quantizeReal(value, channel, bounds), channel));
  }
  return rounded;
}

quant::QuantizedType quantcc::fitScalesToBias(quant::QuantizedType weights,
                                              float inputScale,
                                              ArrayRef<float> bias) {
  SmallVector<QuantizationParameters> params = getAllParameters(weights);
  for (auto [channel, value] : llvm::enumerate(bias)) {
    float &scale = params[params.size() == 1 ? 0 : channel].scale;
    scale = weightScaleForBias(scale, inputScale, value);
  }
  return withParameters(weights, params);
}

Value quantcc::createQuantizedConstant(OpBuilder &builder, Location location,
                                       ArrayRef<float> values,
                                       ArrayRef<int64_t> shape,
                                       quant::QuantizedType type) {
  SmallVector<QuantizationParameters> params = getAllParameters(type);
  StoredRange bounds = getStoredRange(type);
  ChannelIndex channelOf(shape, getAxis(type));
  unsigned width = type.getStorageTypeIntegralWidth();
  SmallVector<APInt> stored;
  stored.reserve(values.size());
  for (auto [position, value] : llvm::enumerate(values)) {
    int64_t element = quantizeReal(value, params[channelOf(position)], bounds);
    stored.push_back(APInt(64, static_cast<uint64_t>(element)).trunc(width));
  }
  auto storageType =
      RankedTensorType::get(shape, IntegerType::get(type.getContext(), width));
  Value constant = arith::ConstantOp::create(
      builder, location, DenseElementsAttr::get(storageType, stored));
  return quant::StorageCastOp::create(
      builder, location, RankedTensorType::get(shape, type), constant);
}

Value quantcc::createQuantizedBias(OpBuilder &builder, Location location,
                                   ArrayRef<float> bias, float inputScale,
                                   quant::QuantizedType weights) {
  SmallVector<QuantizationParameters> params = getAllParameters(weights);
  SmallVector<int32_t> stored;
  for (auto [channel, value] : llvm::enumerate(bias)) {
    double scale = static_cast<double>(inputScale) *
                   params[params.size() == 1 ? 0 : channel].scale;
    stored.push_back(
        static_cast<int32_t>(std::llround(static_cast<double>(value) / scale)));
  }
  auto type = RankedTensorType::get({static_cast<int64_t>(stored.size())},
                                    builder.getI32Type());
  return arith::ConstantOp::create(
      builder, location,
      DenseElementsAttr::get(type, ArrayRef<int32_t>(stored)));
}
