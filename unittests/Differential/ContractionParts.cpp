//===- ContractionParts.cpp - Random weights and biases -------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Types of weights, biases, and the results that go with them.
//
//===----------------------------------------------------------------------===//

#include "ContractionParts.h"

#include <cmath>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

quant::QuantizedType quantcc::differential::makeWeightType(GraphBuilder &b,
                                                           WeightFormat format,
                                                           int64_t channels,
                                                           int exponent) {
  bool isSigned = b.random.percent(75);
  StoredRange range =
      storageBounds(format.width, isSigned, /*narrow=*/b.random.percent(30));
  bool shifts =
      !isSigned || (format.mayShift && !format.perAxis && b.random.percent(25));
  auto zeroPoint = [&]() -> int32_t {
    if (!shifts)
      return 0;
    return b.random.percent(25) ? b.random.pick({range.min, range.max})
                                : b.random.between(range.min, range.max);
  };
  auto parameters = [&](int spread) {
    return QuantizationParameters{
        static_cast<float>(
            b.randomScale(exponent + b.random.between(-spread, spread))),
        zeroPoint()};
  };
  MLIRContext *context = b.builder.getContext();
  if (!format.perAxis)
    return makePerTensorType(context, parameters(0), range, format.width,
                             isSigned);
  SmallVector<QuantizationParameters> all;
  for (int64_t i = 0; i < channels; ++i)
    all.push_back(parameters(3));
  return makePerAxisType(context, all, 0, range, format.width, isSigned);
}

quant::QuantizedType quantcc::differential::makeWeightType(GraphBuilder &b,
                                                           WeightFormat format,
                                                           int64_t channels) {
  int exponent = b.random.between(-8, -2);
  return makeWeightType(b, format, channels, exponent);
}

ActivationType quantcc::differential::makeSymmetricType(GraphBuilder &b,
                                                        double scale,
                                                        unsigned width) {
  return makePerTensorType(b.builder.getContext(),
                           {static_cast<float>(scale), 0},
                           storageBounds(width, /*isSigned=*/true), width,
                           /*isSigned=*/true);
}

double quantcc::differential::typicalWeight(quant::QuantizedType type) {
  return std::max<double>(
      1.0, (type.getStorageTypeMax() - type.getStorageTypeMin()) * 0.24);
}

double quantcc::differential::typicalSum(int64_t depth,
                                         ActivationType activation,
                                         double factor) {
  return std::sqrt(static_cast<double>(depth)) * typicalMagnitude(activation) *
         factor;
}

/// `channels` values within `reach`, some of them at its ends.
static Value biasWithin(GraphBuilder &b, int64_t channels, int64_t reach,
                        unsigned width) {
  SmallVector<int64_t> values;
  for (int64_t i = 0; i < channels; ++i)
    values.push_back(b.random.percent(20)
                         ? b.random.pick({-reach, reach, int64_t(0)})
                         : b.random.between(-reach, reach));
  return b.integers(values, width);
}

Value quantcc::differential::makeBias(GraphBuilder &b, int64_t channels,
                                      double typical, Rounding rounding) {
  if (b.random.percent(25))
    return {};
  int64_t reach = static_cast<int64_t>(2 * typical) + 1;
  unsigned width = b.random.percent(20) ? 64 : 32;
  if (b.random.percent(10)) {
    // Near the ends of what accumulators hold. Rounding double has none wider
    // than i32.
    if (rounding == Rounding::Double)
      reach = int64_t(1) << 30;
    else
      reach = width == 64 ? int64_t(1) << b.random.between(31, 45) : INT32_MAX;
  }
  // What is typical may be more than an i32 holds.
  return biasWithin(b, channels, reach, reach > INT32_MAX ? 64 : width);
}

Value quantcc::differential::makeNarrowBias(GraphBuilder &b, int64_t channels,
                                            double typical) {
  if (b.random.percent(25))
    return {};
  double reach = std::min<double>(2 * typical + 1, INT32_MAX);
  return biasWithin(b, channels, static_cast<int64_t>(reach), 32);
}

ActivationType quantcc::differential::contractionType(
    GraphBuilder &b, StorageKind kind, ActivationType input,
    quant::QuantizedType weight, double typical) {
  double unit = 0;
  for (const QuantizationParameters &channel : getAllParameters(weight))
    unit = std::max<double>(unit, channel.scale);
  return b.resultType(b.resultKind(kind), input.getScale() * unit, typical);
}
