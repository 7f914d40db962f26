//===- ResidualGenerators.cpp - Random residual blocks -------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Convolutions whose result is added to what they began with: of the same zero
// point or another, read again later or not, in chains, in either order.
//
//===----------------------------------------------------------------------===//

#include "ContractionParts.h"
#include "OpGenerators.h"

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

namespace {

class ResidualBlocks {
public:
  explicit ResidualBlocks(GraphBuilder &b)
      : b(b), storage(b.random.percent(80) ? StorageKind::I8 : StorageKind::U8),
        rounding(b.random.pick({Rounding::Double, Rounding::Single})) {}

  void generate();

private:
  Value block(Value x);
  Value convolve(Value input, int64_t outputs, int64_t window,
                 int64_t stride = 1);
  Value depthwise(Value input);
  Value createConvolution(Value input, Shape weightShape, int64_t groups,
                          int64_t stride);
  Value add(Value lhs, Value rhs);

  GraphBuilder &b;
  StorageKind storage;
  Rounding rounding;
};

} // namespace

/// Paddings keep the size of the image, where the stride is 1.
Value ResidualBlocks::createConvolution(Value input, Shape weightShape,
                                        int64_t groups, int64_t stride) {
  ArrayRef<int64_t> shape = b.shapeOf(input);
  int64_t channels = weightShape.front(), window = weightShape[1];
  Combination what{indexOfOp(groups == 1 ? "conv2d" : "conv2d depthwise"),
                   storage, rounding, b.random.percent(50)};
  auto weightType = makeWeightType(b, {*what.perAxis}, channels);
  double typical = typicalSum(window * window * weightShape[3], b.typeOf(input),
                              typicalWeight(weightType));
  SmallVector<Value> operands = {input, b.constant(weightType, weightShape)};
  if (Value bias = makeNarrowBias(b, channels, typical))
    operands.push_back(bias);
  ActivationType type =
      contractionType(b, storage, b.typeOf(input), weightType, typical);
  int64_t low = (window - 1) / 2, high = window - 1 - low;
  NamedAttrList attributes;
  attributes.set("strides", b.builder.getDenseI64ArrayAttr({stride, stride}));
  attributes.set("padding",
                 b.builder.getDenseI64ArrayAttr({low, high, low, high}));
  attributes.set("dilations", b.builder.getDenseI64ArrayAttr({1, 1}));
  attributes.set("groups", b.builder.getI64IntegerAttr(groups));
  b.maybeClamp(attributes, type);
  auto extent = [&](int64_t size) { return (size - 1) / stride + 1; };
  return b.op("conv2d", operands, type,
              {shape[0], extent(shape[1]), extent(shape[2]), channels},
              attributes, what);
}

Value ResidualBlocks::convolve(Value input, int64_t outputs, int64_t window,
                               int64_t stride) {
  int64_t depth = b.shapeOf(input)[3];
  return createConvolution(input, {outputs, window, window, depth}, 1, stride);
}

Value ResidualBlocks::depthwise(Value input) {
  int64_t channels = b.shapeOf(input)[3];
  return createConvolution(input, {channels, 3, 3, 1}, channels, 1);
}

Value ResidualBlocks::add(Value lhs, Value rhs) {
  if (b.random.percent(50))
    std::swap(lhs, rhs);
  ActivationType lhsType = b.typeOf(lhs), rhsType = b.typeOf(rhs);
  double typical = std::max(lhsType.getScale() * typicalMagnitude(lhsType),
                            rhsType.getScale() * typicalMagnitude(rhsType));
  ActivationType type = b.resultType(storage, 1.0, typical);
  // Often that of an operand, so that halos are equal.
  double ratio = lhsType.getScale() / type.getScale();
  if (b.random.percent(40) && ratio > 0.1 && ratio < 10)
    type = lhsType;
  NamedAttrList attributes;
  b.maybeClamp(attributes, type);
  return b.op("add", {lhs, rhs}, type, b.shapeOf(lhs), attributes,
              {indexOfOp("add"), storage, rounding, std::nullopt});
}

Value ResidualBlocks::block(Value x) {
  int64_t channels = b.shapeOf(x)[3];
  int64_t inner = b.random.between(1, 20);
  Value y = x;
  switch (b.random.below(3)) {
  case 0: // As in ResNet.
    y = convolve(x, inner, 3);
    y = convolve(y, channels, b.random.pick({3, 3, 1, 2}));
    break;
  case 1: // As in MobileNetV2.
    y = convolve(x, inner, 1);
    y = depthwise(y);
    y = convolve(y, channels, 1);
    break;
  default:
    y = convolve(x, channels, b.random.pick({1, 3}));
  }
  Value shortcut = b.random.percent(25) ? convolve(x, channels, 1) : x;
  Value sum = add(shortcut, y);
  return b.random.percent(20) ? add(sum, x) : sum;
}

void ResidualBlocks::generate() {
  // One row only, now and then, which is cut along its columns.
  Shape shape = {b.random.percent(15) ? 2 : 1,
                 b.random.percent(10) ? 1 : b.random.between(2, 13),
                 b.random.between(2, 11), b.random.between(1, 9)};
  Value x = b.input(b.randomType(storage), shape);
  x = convolve(x, b.random.pick({4, 7, 8, 16, 17}), b.random.pick({1, 3}));
  for (int64_t i = b.random.between(1, 3); i != 0; --i)
    x = block(x);
  // A reader with a halo, of another size as well.
  if (b.random.percent(60))
    convolve(x, b.random.between(1, 9), 3, b.random.pick({1, 2}));
}

void quantcc::differential::generateResidualBlocks(GraphBuilder &b) {
  ResidualBlocks(b).generate();
}
