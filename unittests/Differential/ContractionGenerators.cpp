//===- ContractionGenerators.cpp - Random contractions --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Convolutions of each grouping, linear and matmul, with random windows,
// weights and biases.
//
//===----------------------------------------------------------------------===//

#include "GraphBuilder.h"
#include "OpGenerators.h"
#include "Window.h"

#include <cmath>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

/// The typical magnitude of a random weight less its zero point.
static constexpr double kTypicalWeight = 60;

/// A type of weights for `channels` along axis 0, whose scales lie around
/// 2^exponent.
static quant::QuantizedType makeWeightType(GraphBuilder &b, bool perAxis,
                                           int64_t channels, int exponent) {
  bool isSigned = b.random.percent(75);
  StoredRange range =
      storageBounds(8, isSigned, /*narrow=*/b.random.percent(30));
  auto zeroPoint = [&]() -> int32_t {
    return isSigned ? 0 : b.random.between(range.min, range.max);
  };
  auto parameters = [&](int spread) {
    return QuantizationParameters{
        static_cast<float>(
            b.randomScale(exponent + b.random.between(-spread, spread))),
        zeroPoint()};
  };
  MLIRContext *context = b.builder.getContext();
  if (!perAxis)
    return makePerTensorType(context, parameters(0), range, 8, isSigned);
  SmallVector<QuantizationParameters> all;
  for (int64_t i = 0; i < channels; ++i)
    all.push_back(parameters(3));
  return makePerAxisType(context, all, 0, range, 8, isSigned);
}

/// A bias of one value a channel, or null. `typical` is the magnitude of the
/// sums that it is added to.
static Value makeBias(GraphBuilder &b, int64_t channels, double typical,
                      Rounding rounding) {
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
  SmallVector<int64_t> values;
  for (int64_t i = 0; i < channels; ++i)
    values.push_back(b.random.percent(20)
                         ? b.random.pick({-reach, reach, int64_t(0)})
                         : b.random.between(-reach, reach));
  // What is typical may be more than an i32 holds.
  return b.integers(values, reach > INT32_MAX ? 64 : width);
}

/// The type of the result of a contraction over `depth` products a channel.
static ActivationType contractionType(GraphBuilder &b, StorageKind kind,
                                      ActivationType input,
                                      quant::QuantizedType weight,
                                      double typical) {
  double unit = 0;
  for (const QuantizationParameters &channel : getAllParameters(weight))
    unit = std::max<double>(unit, channel.scale);
  return b.resultType(b.resultKind(kind), input.getScale() * unit, typical);
}

/// The magnitude of a sum of `depth` products of an activation with something
/// of magnitude `factor`.
static double typicalSum(int64_t depth, ActivationType activation,
                         double factor = kTypicalWeight) {
  return std::sqrt(static_cast<double>(depth)) * typicalMagnitude(activation) *
         factor;
}

namespace {

/// The channels of a convolution.
struct ConvolutionChannels {
  int64_t groups;
  int64_t outputs;
};

} // namespace

static Value createConvolution(GraphBuilder &b, const Combination &what,
                               Value input, ConvolutionChannels channels) {
  ArrayRef<int64_t> shape = b.shapeOf(input);
  Window window = Window::random(b.random, shape, /*dilate=*/true);
  window.limitOutput(shape);
  int64_t depth = shape[3] / channels.groups;
  Shape weightShape = {channels.outputs, window.kernel[0], window.kernel[1],
                       depth};
  double typical =
      typicalSum(depth * window.kernel[0] * window.kernel[1], b.typeOf(input));
  auto weightType = makeWeightType(b, *what.perAxis, channels.outputs,
                                   b.random.between(-8, -2));
  SmallVector<Value> operands = {input, b.constant(weightType, weightShape)};
  if (Value bias = makeBias(b, channels.outputs, typical, *what.rounding))
    operands.push_back(bias);
  ActivationType type =
      contractionType(b, what.storage, b.typeOf(input), weightType, typical);
  NamedAttrList attributes;
  attributes.set("strides", b.builder.getDenseI64ArrayAttr(window.strides));
  attributes.set("padding", b.builder.getDenseI64ArrayAttr(window.padding));
  attributes.set("dilations", b.builder.getDenseI64ArrayAttr(window.dilations));
  attributes.set("groups", b.builder.getI64IntegerAttr(channels.groups));
  b.maybeClamp(attributes, type);
  Shape result = window.resultShape(shape);
  result[3] = channels.outputs;
  return b.op("conv2d", operands, type, result, attributes, what);
}

/// An image of storage `kind` with a number of channels out of `allowed`.
static Value imageWithChannels(GraphBuilder &b, StorageKind kind,
                               ArrayRef<int64_t> allowed) {
  Shape shape = b.randomShape(4, 400);
  shape[3] = b.random.pick(allowed);
  while (sizeOf(shape) > 500) {
    shape[1] = (shape[1] + 1) / 2;
    shape[2] = (shape[2] + 1) / 2;
    shape[0] = 1;
  }
  return b.partner(kind, shape, [&](ArrayRef<int64_t> found) {
    return found.size() == 4 && sizeOf(found) <= 600 &&
           llvm::is_contained(allowed, found[3]);
  });
}

Value quantcc::differential::generateDenseConvolution(GraphBuilder &b,
                                                      const Combination &what) {
  Value input = b.operand(what.storage, {4, 4, 500});
  return createConvolution(b, what, input, {1, b.random.between(1, 17)});
}

Value quantcc::differential::generateDepthwise(GraphBuilder &b,
                                               const Combination &what) {
  Value input = imageWithChannels(b, what.storage,
                                  {2, 3, 4, 5, 7, 8, 9, 11, 13, 15, 16, 17});
  int64_t channels = b.shapeOf(input)[3];
  return createConvolution(b, what, input, {channels, channels});
}

Value quantcc::differential::generateMultiplied(GraphBuilder &b,
                                                const Combination &what) {
  Value input = imageWithChannels(b, what.storage, {2, 3, 4, 5, 7});
  int64_t channels = b.shapeOf(input)[3];
  return createConvolution(b, what, input,
                           {channels, channels * b.random.between(2, 3)});
}

Value quantcc::differential::generateGrouped(GraphBuilder &b,
                                             const Combination &what) {
  Value input = imageWithChannels(b, what.storage, {4, 6, 8, 9, 10, 12, 15});
  int64_t channels = b.shapeOf(input)[3];
  SmallVector<int64_t> divisors;
  for (int64_t groups = 2; groups < channels; ++groups)
    if (channels % groups == 0)
      divisors.push_back(groups);
  int64_t groups = b.random.pick(divisors);
  return createConvolution(b, what, input,
                           {groups, groups * b.random.between(1, 3)});
}

Value quantcc::differential::generateLinear(GraphBuilder &b,
                                            const Combination &what) {
  Value input = b.operand(what.storage, {2, 4, 600});
  ArrayRef<int64_t> shape = b.shapeOf(input);
  int64_t depth = shape.back(), outputs = b.random.between(1, 17);
  double typical = typicalSum(depth, b.typeOf(input));
  auto weightType =
      makeWeightType(b, *what.perAxis, outputs, b.random.between(-8, -2));
  SmallVector<Value> operands = {input,
                                 b.constant(weightType, {outputs, depth})};
  if (Value bias = makeBias(b, outputs, typical, *what.rounding))
    operands.push_back(bias);
  ActivationType type =
      contractionType(b, what.storage, b.typeOf(input), weightType, typical);
  NamedAttrList attributes;
  b.maybeClamp(attributes, type);
  Shape result(shape);
  result.back() = outputs;
  return b.op("linear", operands, type, result, attributes, what);
}

Value quantcc::differential::generateMatMul(GraphBuilder &b,
                                            const Combination &what) {
  Value lhs = b.operand(what.storage, {2, 4, 400});
  Shape shape(b.shapeOf(lhs));
  size_t rank = shape.size();
  bool transposeLhs = b.random.percent(40), transposeRhs = b.random.percent(40);
  int64_t rows = shape[rank - (transposeLhs ? 1 : 2)];
  int64_t depth = shape[rank - (transposeLhs ? 2 : 1)];
  // The other operand; leading dimensions of either may be repeated.
  Shape rhsShape(shape);
  for (size_t i = 0; i + 2 < rank; ++i)
    if (shape[i] == 1)
      rhsShape[i] = b.random.pick({1, 1, 2, 3});
    else if (b.random.percent(30))
      rhsShape[i] = 1;
  int64_t columns = b.random.between(1, 9);
  rhsShape[rank - (transposeRhs ? 2 : 1)] = columns;
  rhsShape[rank - (transposeRhs ? 1 : 2)] = depth;
  Value rhs = b.partner(
      b.resultKind(what.storage), rhsShape, [&](ArrayRef<int64_t> found) {
        if (found.size() != rank ||
            found[rank - (transposeRhs ? 1 : 2)] != depth ||
            sizeOf(found) > 400)
          return false;
        for (size_t i = 0; i + 2 < rank; ++i)
          if (found[i] != shape[i] && found[i] != 1 && shape[i] != 1)
            return false;
        return true;
      });
  ArrayRef<int64_t> found = b.shapeOf(rhs);
  Shape result(shape);
  for (size_t i = 0; i + 2 < rank; ++i)
    result[i] = std::max(shape[i], found[i]);
  result[rank - 2] = rows;
  result[rank - 1] = found[rank - (transposeRhs ? 2 : 1)];

  double unit = b.typeOf(lhs).getScale() * b.typeOf(rhs).getScale();
  ActivationType type = b.resultType(
      b.resultKind(what.storage), unit,
      typicalSum(depth, b.typeOf(lhs), typicalMagnitude(b.typeOf(rhs))));
  NamedAttrList attributes;
  if (transposeLhs)
    attributes.set("transpose_lhs", b.builder.getUnitAttr());
  if (transposeRhs)
    attributes.set("transpose_rhs", b.builder.getUnitAttr());
  b.maybeClamp(attributes, type);
  return b.op("matmul", {lhs, rhs}, type, result, attributes, what);
}
