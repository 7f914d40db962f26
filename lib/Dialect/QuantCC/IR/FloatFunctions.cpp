//===- FloatFunctions.cpp - Functions of one real value -------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The values, ranges and tables of the functions that quantcc.function
// computes.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Dialect/QuantCC/IR/FloatFunctions.h"
#include "quantcc/Dialect/QuantCC/IR/QuantizedTypes.h"
#include "quantcc/Interfaces/FloatRangeArithmetic.h"
#include "quantcc/Support/LookupTable.h"

#include <cmath>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/IR/Builders.h>

using namespace mlir;
using namespace quantcc;

/// The value of `function` at `x`, in double arithmetic.
double quantcc::evaluateFunction(FloatFunction function, double alpha,
                                 double x) {
  switch (function) {
  case FloatFunction::Sigmoid:
    return 1.0 / (1.0 + std::exp(-x));
  case FloatFunction::Tanh:
    return std::tanh(x);
  case FloatFunction::HardSwish:
    return x * std::clamp(x + 3.0, 0.0, 6.0) / 6.0;
  case FloatFunction::LeakyRelu:
    return x >= 0.0 ? x : alpha * x;
  case FloatFunction::Gelu:
    return x * (1.0 + std::erf(x / std::sqrt(2.0))) / 2.0;
  case FloatFunction::Elu:
    return x >= 0.0 ? x : std::expm1(x);
  case FloatFunction::Exp:
    return std::exp(x);
  case FloatFunction::Abs:
    return std::abs(x);
  case FloatFunction::Neg:
    return -x;
  case FloatFunction::Square:
    return x * x;
  case FloatFunction::Rsqrt:
    return 1.0 / std::sqrt(x);
  case FloatFunction::Sqrt:
    return std::sqrt(x);
  case FloatFunction::Sign:
    return (x > 0.0) - (x < 0.0);
  case FloatFunction::Round:
    return std::nearbyint(x);
  }
  llvm_unreachable("unknown function");
}

FailureOr<Operation *> quantcc::createFunction(OpBuilder &builder,
                                               Operation *source,
                                               FloatFunction function,
                                               FloatAttr alpha, Value input,
                                               Type resultType) {
  Location location = source->getLoc();
  if (!isQuantized(resultType))
    return FunctionOp::create(builder, location, resultType, function, input,
                              alpha)
        .getOperation();
  auto from = dyn_cast_or_null<quant::UniformQuantizedType>(
      getQuantizedElementType(input.getType()));
  auto to = dyn_cast<quant::UniformQuantizedType>(
      getQuantizedElementType(resultType));
  if (!from || !to || from.getStorageTypeIntegralWidth() != 8 ||
      to.getStorageTypeIntegralWidth() > 16)
    return source->emitOpError()
           << "cannot be quantized from " << input.getType() << " to "
           << resultType << ", expected per-tensor parameters, 8-bit input and "
           << "at most 16-bit output";
  // The table covers the whole storage type, whatever part of it the input's
  // type allows, so that the stored value alone decides the entry.
  double slope = alpha ? alpha.getValue().convertToFloat() : 0.0;
  SmallVector<int32_t, 256> entries =
      buildTable([&](double x) { return evaluateFunction(function, slope, x); },
                 getParameters(from), getFullStoredRange(from),
                 getParameters(to), getStoredRange(to));
  unsigned width = to.getStorageTypeIntegralWidth();
  SmallVector<APInt> stored;
  for (int32_t entry : entries)
    stored.push_back(APInt(32, static_cast<uint32_t>(entry)).trunc(width));
  auto tableType = RankedTensorType::get({static_cast<int64_t>(stored.size())},
                                         builder.getIntegerType(width));
  Value table = arith::ConstantOp::create(
      builder, location, DenseElementsAttr::get(tableType, stored));
  return LookupOp::create(builder, location, resultType, input, table)
      .getOperation();
}

ScaleConstraint quantcc::getFunctionConstraint(FloatFunction function) {
  switch (function) {
  case FloatFunction::Sigmoid:
    return ScaleConstraint::fixedRange(0.0, 255.0 / 256.0);
  case FloatFunction::Tanh:
    return ScaleConstraint::fixedRange(-1.0, 127.0 / 128.0);
  default:
    return ScaleConstraint::free();
  }
}

/// The image of `range` under a function that rises throughout it.
static FloatRange risingImage(const FloatRange &range,
                              function_ref<double(double)> function) {
  return {function(range.min), function(range.max)};
}

std::optional<FloatRange>
quantcc::inferFunctionRange(FloatFunction function, double alpha,
                            std::optional<FloatRange> range) {
  switch (function) {
  case FloatFunction::Sigmoid:
    return FloatRange{0.0, 1.0};
  case FloatFunction::Tanh:
    return FloatRange{-1.0, 1.0};
  default:
    break;
  }
  if (!range)
    return std::nullopt;
  double largest = std::max(std::abs(range->min), std::abs(range->max));
  switch (function) {
  case FloatFunction::HardSwish:
    // The smallest value, -0.375, is reached at -1.5.
    return FloatRange{range->min < 0.0 ? -0.375 : 0.0,
                      std::max(range->max, 0.0)};
  case FloatFunction::Gelu:
    // The smallest value is about -0.16997, reached near -0.7518.
    return FloatRange{range->min < 0.0 ? -0.17 : 0.0,
                      std::max(range->max, 0.0)};
  case FloatFunction::LeakyRelu: {
    FloatRange negative{std::min(range->min, 0.0), std::min(range->max, 0.0)};
    FloatRange positive{std::max(range->min, 0.0), std::max(range->max, 0.0)};
    return productRange(negative, {alpha, alpha}).join(positive);
  }
  case FloatFunction::Elu:
    return risingImage(*range,
                       [](double x) { return x >= 0 ? x : std::expm1(x); });
  case FloatFunction::Exp: {
    FloatRange image =
        risingImage(*range, [](double x) { return std::exp(x); });
    return std::isfinite(image.max) ? std::optional(image) : std::nullopt;
  }
  case FloatFunction::Abs:
    return FloatRange{std::max({0.0, range->min, -range->max}), largest};
  case FloatFunction::Neg:
    return FloatRange{-range->max, -range->min};
  case FloatFunction::Square: {
    double least = std::max({0.0, range->min, -range->max});
    return FloatRange{least * least, largest * largest};
  }
  case FloatFunction::Rsqrt:
    if (range->min <= 0.0)
      return std::nullopt;
    return FloatRange{1.0 / std::sqrt(range->max), 1.0 / std::sqrt(range->min)};
  case FloatFunction::Sqrt:
    if (range->min < 0.0)
      return std::nullopt;
    return risingImage(*range, [](double x) { return std::sqrt(x); });
  case FloatFunction::Sign:
    return risingImage(*range, [](double x) { return (x > 0.0) - (x < 0.0); });
  case FloatFunction::Round:
    return risingImage(*range, [](double x) { return std::nearbyint(x); });
  default:
    return std::nullopt;
  }
}

//===----------------------------------------------------------------------===//
// FunctionOp
//===----------------------------------------------------------------------===//

ScaleConstraint FunctionOp::getScaleConstraint() {
  return getFunctionConstraint(getFunction());
}

std::optional<FloatRange>
FunctionOp::inferFloatRange(ArrayRef<std::optional<FloatRange>> operands) {
  double alpha = getAlpha() ? getAlpha()->convertToFloat() : 0.0;
  return inferFunctionRange(getFunction(), alpha, operands[0]);
}

FailureOr<Operation *> FunctionOp::rebuild(OpBuilder &builder,
                                           ValueRange operands,
                                           TypeRange resultTypes, Rounding) {
  return createFunction(builder, *this, getFunction(), getAlphaAttr(),
                        operands.front(), resultTypes.front());
}
