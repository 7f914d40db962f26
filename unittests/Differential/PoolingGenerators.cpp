//===- PoolingGenerators.cpp - Random pools and reductions ----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pools with random windows, means over random axes, softmax.
//
//===----------------------------------------------------------------------===//

#include "ContractionParts.h"
#include "OpGenerators.h"
#include "Window.h"

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

Value quantcc::differential::generateMean(GraphBuilder &b,
                                          const Combination &what) {
  Value input = b.operand(what.storage, {0, 5, 600});
  ArrayRef<int64_t> shape = b.shapeOf(input);
  bool keepsDims = b.random.percent(40);
  unsigned chance = b.random.pick({40, 40, 70, 100});
  SmallVector<int64_t> axes;
  Shape result;
  for (auto [axis, size] : llvm::enumerate(shape))
    if (b.random.percent(chance)) {
      axes.push_back(axis);
      if (keepsDims)
        result.push_back(1);
    } else {
      result.push_back(size);
    }
  double scale = b.typeOf(input).getScale();
  ActivationType type = b.resultType(b.resultKind(what.storage), scale,
                                     0.5 * typicalMagnitude(b.typeOf(input)));
  NamedAttrList attributes;
  attributes.set("axes", b.builder.getDenseI64ArrayAttr(axes));
  if (keepsDims)
    attributes.set("keep_dims", b.builder.getUnitAttr());
  b.maybeClamp(attributes, type);
  return b.op("mean", input, type, result, attributes, what);
}

/// The type of a softmax of values of 8 bits of storage `kind`.
static ActivationType narrowSoftmaxType(GraphBuilder &b, StorageKind kind) {
  if (b.random.percent(12))
    return makePerTensorType(b.builder.getContext(), {0x1p-16f, INT16_MIN},
                             {INT16_MIN, INT16_MAX}, 16, true);
  if (b.random.percent(12))
    kind =
        b.random.pick({StorageKind::I8, StorageKind::U8, StorageKind::Narrow});
  ActivationType like = b.makeType(kind, 0x1p-8);
  StoredRange range = getStoredRange(like);
  return makePerTensorType(b.builder.getContext(),
                           {0x1p-8f, static_cast<int32_t>(range.min)}, range, 8,
                           like.isSigned());
}

Value quantcc::differential::generateSoftmax(GraphBuilder &b,
                                             const Combination &what) {
  bool isWide = what.storage == StorageKind::I16;
  Value input;
  if (b.random.percent(isWide ? 50 : 15)) {
    // Long rows, whose sums have more bits.
    Shape shape = {b.random.between(1, 4), b.random.between(20, 150)};
    input = b.largeOperand(what.storage, shape, 600);
  } else {
    input = b.operand(what.storage, {1, 5, 600});
  }
  ActivationType type = isWide ? makeSymmetricType(b, 0x1p-15, 16)
                               : narrowSoftmaxType(b, what.storage);
  // Mostly so that beta * scale is neither nothing nor everything.
  double scale = b.typeOf(input).getScale();
  int exponent = isWide ? b.random.between(-18, -8) : b.random.between(-7, 0);
  double beta = b.random.percent(isWide ? 10 : 40)
                    ? 1.0
                    : b.randomScale(exponent) / scale;
  NamedAttrList attributes;
  attributes.set("beta", b.builder.getF32FloatAttr(b.asScale(beta)));
  return b.op("softmax", input, type, b.shapeOf(input), attributes, what);
}

static Value createPool(GraphBuilder &b, const Combination &what,
                        StringRef name) {
  Value input = b.operand(what.storage, {4, 4, 600});
  Window window = Window::random(b.random, b.shapeOf(input), /*dilate=*/false);
  ActivationType type = b.typeOf(input);
  NamedAttrList attributes;
  attributes.set("kernel", b.builder.getDenseI64ArrayAttr(window.kernel));
  attributes.set("strides", b.builder.getDenseI64ArrayAttr(window.strides));
  attributes.set("padding", b.builder.getDenseI64ArrayAttr(window.padding));
  b.maybeClamp(attributes, type);
  return b.op(name, input, type, window.resultShape(b.shapeOf(input)),
              attributes, what);
}

Value quantcc::differential::generateAvgPool(GraphBuilder &b,
                                             const Combination &what) {
  return createPool(b, what, "avg_pool2d");
}

Value quantcc::differential::generateMaxPool(GraphBuilder &b,
                                             const Combination &what) {
  return createPool(b, what, "max_pool2d");
}
