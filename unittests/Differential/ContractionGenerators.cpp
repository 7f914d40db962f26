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

#include "ContractionParts.h"
#include "OpGenerators.h"
#include "Window.h"

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

namespace {

/// The channels of a convolution.
struct ConvolutionChannels {
  int64_t groups;
  int64_t outputs;
};

/// The most elements of the image of a large contraction.
constexpr int64_t kLargeImage = 3000;

} // namespace

/// A number of channels: mostly few, sometimes as many as tiles of vector code
/// split, or one more or fewer.
static int64_t randomChannels(GraphBuilder &b) {
  RandomSource &random = b.random;
  if (random.percent(b.prefersLarge ? 15 : 75))
    return random.between(1, 17);
  if (random.percent(50))
    return random.pick({16, 24, 31, 32, 33, 48, 63, 64, 65, 80, 96, 128, 129});
  return random.between(18, 130);
}

/// A new input of storage `kind` with many channels.
static Value deepImage(GraphBuilder &b, StorageKind kind) {
  int64_t width = b.prefersLarge ? 70 : 19;
  Shape shape = {1, b.random.between(1, 9), b.random.between(1, width), 1};
  shape[3] = std::min(randomChannels(b), kLargeImage / (shape[1] * shape[2]));
  return b.largeOperand(kind, shape, kLargeImage);
}

static Value createConvolution(GraphBuilder &b, const Combination &what,
                               Value input, ConvolutionChannels channels,
                               unsigned width = 8) {
  ArrayRef<int64_t> shape = b.shapeOf(input);
  Window window = Window::random(b.random, shape, /*dilate=*/true);
  int64_t depth = shape[3] / channels.groups;
  int64_t work = depth * channels.outputs * window.kernel[0] * window.kernel[1];
  window.limitOutput(
      shape, b.prefersLarge ? std::clamp<int64_t>(4000000 / work, 8, 500) : 64);
  Shape weightShape = {channels.outputs, window.kernel[0], window.kernel[1],
                       depth};
  auto weightType = makeWeightType(b, {*what.perAxis, width}, channels.outputs);
  double typical = typicalSum(depth * window.kernel[0] * window.kernel[1],
                              b.typeOf(input), typicalWeight(weightType));
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

/// The input of a dense convolution.
static Value denseImage(GraphBuilder &b, StorageKind kind) {
  return b.random.percent(b.prefersLarge ? 85 : 20)
             ? deepImage(b, kind)
             : b.operand(kind, {4, 4, 500});
}

Value quantcc::differential::generateDenseConvolution(GraphBuilder &b,
                                                      const Combination &what) {
  Value input = denseImage(b, what.storage);
  return createConvolution(b, what, input, {1, randomChannels(b)});
}

Value quantcc::differential::generateInt4Convolution(GraphBuilder &b,
                                                     const Combination &what) {
  if (b.random.percent(70)) {
    Value input = denseImage(b, what.storage);
    return createConvolution(b, what, input, {1, randomChannels(b)}, 4);
  }
  Value input = imageWithChannels(b, what.storage, {2, 3, 5, 8, 9, 13, 16});
  int64_t channels = b.shapeOf(input)[3];
  return createConvolution(b, what, input, {channels, channels}, 4);
}

Value quantcc::differential::generateDepthwise(GraphBuilder &b,
                                               const Combination &what) {
  Value input =
      b.random.percent(b.prefersLarge ? 85 : 20)
          ? deepImage(b, what.storage)
          : imageWithChannels(b, what.storage,
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

Value quantcc::differential::generateTransposed(GraphBuilder &b,
                                                const Combination &what) {
  constexpr int64_t most = 1500;
  Value input = b.operand(what.storage, {4, 4, 300});
  Shape shape(b.shapeOf(input)), result(shape);
  Shape strides, padding, weightShape = {1, 1, 1, shape[3]};
  for (unsigned side : {1, 2}) {
    int64_t kernel = b.random.pick({1, 2, 2, 3, 3, 4, 5});
    int64_t stride = b.random.pick({1, 1, 2, 2, 3, 4});
    int64_t low = b.random.percent(50) ? b.random.between(0, kernel - 1) : 0;
    int64_t high = b.random.percent(50) ? b.random.between(-2, kernel - 1) : 0;
    auto extent = [&] {
      return (shape[side] - 1) * stride + kernel - low - high;
    };
    while (stride > 1 && sizeOf(result) / result[side] * extent() > most)
      --stride;
    if (extent() < 1)
      low = high = 0;
    strides.push_back(stride);
    padding.append({low, high});
    weightShape[side] = kernel;
    result[side] = extent();
  }
  int64_t positions = result[0] * result[1] * result[2];
  weightShape[0] = result[3] =
      b.random.between(1, std::clamp<int64_t>(most / positions, 1, 17));
  auto weightType = makeWeightType(
      b, {*what.perAxis, b.random.percent(15) ? 4u : 8u}, weightShape[0]);
  double typical = typicalSum(sizeOf(weightShape) / weightShape[0],
                              b.typeOf(input), typicalWeight(weightType));
  SmallVector<Value> operands = {input, b.constant(weightType, weightShape)};
  if (Value bias = makeBias(b, weightShape[0], typical, *what.rounding))
    operands.push_back(bias);
  ActivationType type =
      contractionType(b, what.storage, b.typeOf(input), weightType, typical);
  NamedAttrList attributes;
  attributes.set("strides", b.builder.getDenseI64ArrayAttr(strides));
  attributes.set("padding", b.builder.getDenseI64ArrayAttr(padding));
  b.maybeClamp(attributes, type);
  return b.op("transpose_conv2d", operands, type, result, attributes, what);
}

static Value createLinear(GraphBuilder &b, const Combination &what,
                          unsigned width) {
  Value input;
  if (b.random.percent(b.prefersLarge ? 85 : 20)) {
    Shape large = {b.random.between(1, 9), randomChannels(b)};
    input = b.largeOperand(what.storage, large, kLargeImage);
  } else {
    input = b.operand(what.storage, {2, 4, 600});
  }
  ArrayRef<int64_t> shape = b.shapeOf(input);
  int64_t depth = shape.back(), outputs = randomChannels(b);
  while (outputs > 1 && sizeOf(shape) / depth * outputs > kLargeImage)
    outputs = (outputs + 1) / 2;
  auto weightType =
      makeWeightType(b, {*what.perAxis, width, /*mayShift=*/true}, outputs);
  double typical =
      typicalSum(depth, b.typeOf(input), typicalWeight(weightType));
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

Value quantcc::differential::generateLinear(GraphBuilder &b,
                                            const Combination &what) {
  return createLinear(b, what, 8);
}

Value quantcc::differential::generateInt4Linear(GraphBuilder &b,
                                                const Combination &what) {
  return createLinear(b, what, 4);
}

Value quantcc::differential::generateMatMul(GraphBuilder &b,
                                            const Combination &what) {
  bool isLarge = b.random.percent(b.prefersLarge ? 85 : 15);
  Value lhs;
  if (isLarge) {
    Shape large = {b.random.between(1, 19), randomChannels(b)};
    lhs = b.largeOperand(what.storage, large, kLargeImage);
  } else {
    lhs = b.operand(what.storage, {2, 4, 400});
  }
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
  int64_t columns = isLarge ? randomChannels(b) : b.random.between(1, 9);
  rhsShape[rank - (transposeRhs ? 2 : 1)] = columns;
  rhsShape[rank - (transposeRhs ? 1 : 2)] = depth;
  Value rhs = b.partner(
      b.resultKind(what.storage), rhsShape,
      [&](ArrayRef<int64_t> found) {
        if (found.size() != rank ||
            found[rank - (transposeRhs ? 1 : 2)] != depth ||
            sizeOf(found) > 400)
          return false;
        for (size_t i = 0; i + 2 < rank; ++i)
          if (found[i] != shape[i] && found[i] != 1 && shape[i] != 1)
            return false;
        return true;
      },
      lhs);
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
