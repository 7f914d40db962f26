//===- QuantizedTypes.cpp - Parameters in types ---------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Between the quantized element types of MLIR and Support's parameters.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Dialect/QuantCC/IR/QuantizedTypes.h"

#include <mlir/IR/BuiltinTypes.h>

using namespace mlir;
using namespace quantcc;

StoredRange quantcc::getStoredRange(quant::QuantizedType type) {
  return {type.getStorageTypeMin(), type.getStorageTypeMax()};
}

StoredRange quantcc::getFullStoredRange(quant::QuantizedType type) {
  return storageBounds(type.getStorageTypeIntegralWidth(), type.isSigned());
}

QuantizationParameters
quantcc::getParameters(quant::UniformQuantizedType type) {
  return {static_cast<float>(type.getScale()),
          static_cast<int32_t>(type.getZeroPoint())};
}

SmallVector<QuantizationParameters>
quantcc::getAllParameters(quant::QuantizedType type) {
  SmallVector<QuantizationParameters> all;
  if (auto perTensor = dyn_cast<quant::UniformQuantizedType>(type)) {
    all.push_back(getParameters(perTensor));
  } else if (auto perAxis =
                 dyn_cast<quant::UniformQuantizedPerAxisType>(type)) {
    for (auto [scale, zeroPoint] :
         llvm::zip_equal(perAxis.getScales(), perAxis.getZeroPoints()))
      all.push_back(
          {static_cast<float>(scale), static_cast<int32_t>(zeroPoint)});
  }
  return all;
}

std::optional<FloatRange> quantcc::getRealRange(quant::QuantizedType type) {
  std::optional<FloatRange> range;
  StoredRange bounds = getStoredRange(type);
  for (const QuantizationParameters &params : getAllParameters(type)) {
    FloatRange channel{
        static_cast<double>(params.scale) * (bounds.min - params.zeroPoint),
        static_cast<double>(params.scale) * (bounds.max - params.zeroPoint)};
    range = range ? range->join(channel) : channel;
  }
  return range;
}

quant::UniformQuantizedType
quantcc::makePerTensorType(MLIRContext *context,
                           const QuantizationParameters &params,
                           StoredRange bounds, unsigned width, bool isSigned) {
  return quant::UniformQuantizedType::get(
      isSigned ? quant::QuantizationFlags::Signed : 0,
      IntegerType::get(context, width), Float32Type::get(context), params.scale,
      params.zeroPoint, bounds.min, bounds.max);
}

quant::UniformQuantizedPerAxisType
quantcc::makePerAxisType(MLIRContext *context,
                         ArrayRef<QuantizationParameters> params, unsigned axis,
                         StoredRange bounds, unsigned width, bool isSigned) {
  SmallVector<double> scales;
  SmallVector<int64_t> zeroPoints;
  for (const QuantizationParameters &channel : params) {
    scales.push_back(channel.scale);
    zeroPoints.push_back(channel.zeroPoint);
  }
  return quant::UniformQuantizedPerAxisType::get(
      isSigned ? quant::QuantizationFlags::Signed : 0,
      IntegerType::get(context, width), Float32Type::get(context), scales,
      zeroPoints, axis, bounds.min, bounds.max);
}
