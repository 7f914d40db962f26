//===- MovingGenerators.cpp - Random moving ops ---------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Ops that move stored values: reshape, transpose, slice, pad, concat, resize.
//
//===----------------------------------------------------------------------===//

#include "GraphBuilder.h"
#include "OpGenerators.h"

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

Value quantcc::differential::generateReshape(GraphBuilder &b,
                                             const Combination &what) {
  Value input = b.operand(what.storage, {0, 5, 600});
  int64_t rest = sizeOf(b.shapeOf(input));
  Shape shape(b.random.between(rest > 1 ? 1 : 0, 5), 1);
  for (int64_t factor = 2; rest > 1; ++factor)
    for (; rest % factor == 0; rest /= factor)
      shape[b.random.below(shape.size())] *= factor;
  return b.op("reshape", input, b.typeOf(input), shape, {}, what);
}

Value quantcc::differential::generateTranspose(GraphBuilder &b,
                                               const Combination &what) {
  Value input = b.operand(what.storage, {0, 5, 600});
  ArrayRef<int64_t> shape = b.shapeOf(input);
  SmallVector<int64_t> permutation;
  for (size_t i = 0; i < shape.size(); ++i)
    permutation.insert(permutation.begin() + b.random.between(0, i), i);
  Shape result;
  for (int64_t source : permutation)
    result.push_back(shape[source]);
  NamedAttrList attributes;
  attributes.set("permutation", b.builder.getDenseI64ArrayAttr(permutation));
  return b.op("transpose", input, b.typeOf(input), result, attributes, what);
}

Value quantcc::differential::generateSlice(GraphBuilder &b,
                                           const Combination &what) {
  Value input = b.operand(what.storage, {0, 5, 600});
  Shape offsets, strides, result;
  bool mayTurn = b.random.percent(35);
  for (int64_t size : b.shapeOf(input)) {
    int64_t offset = b.random.between(0, size - 1);
    int64_t stride = b.random.pick({1, 1, 2, 2, 3, 5});
    if (mayTurn && b.random.percent(40))
      stride = -stride;
    else if (b.random.percent(50))
      offset = b.random.between(0, std::min<int64_t>(size - 1, 1));
    int64_t room = stride > 0 ? size - 1 - offset : offset;
    int64_t most = room / std::abs(stride) + 1;
    int64_t count = b.random.percent(50) ? most : b.random.between(1, most);
    if (b.random.percent(20))
      offset = 0, stride = 1, count = size;
    offsets.push_back(offset);
    strides.push_back(stride);
    result.push_back(count);
  }
  NamedAttrList attributes;
  attributes.set("offsets", b.builder.getDenseI64ArrayAttr(offsets));
  attributes.set("strides", b.builder.getDenseI64ArrayAttr(strides));
  return b.op("slice", input, b.typeOf(input), result, attributes, what);
}

Value quantcc::differential::generateBroadcast(GraphBuilder &b,
                                               const Combination &what) {
  Value input = b.operand(what.storage, {0, 5, 300});
  Shape shape(b.shapeOf(input));
  if (!llvm::is_contained(shape, 1) && shape.size() < 5) {
    shape.insert(shape.begin() + b.random.between(0, shape.size()), 1);
    input = b.reshape(input, shape);
  }
  for (int64_t &size : shape)
    if (size == 1 && b.random.percent(70)) {
      size = b.random.between(2, 5);
      if (sizeOf(shape) > 1200)
        size = 1;
    }
  return b.op("broadcast", input, b.typeOf(input), shape, {}, what);
}

Value quantcc::differential::generatePad(GraphBuilder &b,
                                         const Combination &what) {
  Value input = b.operand(what.storage, {0, 5, 400});
  ActivationType type = b.typeOf(input);
  Shape low, high, result;
  int64_t elements = sizeOf(b.shapeOf(input));
  for (int64_t size : b.shapeOf(input)) {
    low.push_back(b.random.pick({0, 0, 1, 2, 3}));
    high.push_back(b.random.pick({0, 0, 1, 2, 3}));
    int64_t padded = size + low.back() + high.back();
    if (elements / size * padded > 1200) {
      padded = size;
      low.back() = high.back() = 0;
    }
    elements = elements / size * padded;
    result.push_back(padded);
  }
  NamedAttrList attributes;
  attributes.set("low", b.builder.getDenseI64ArrayAttr(low));
  attributes.set("high", b.builder.getDenseI64ArrayAttr(high));
  if (b.random.percent(50))
    attributes.set("stored_value",
                   b.builder.getI32IntegerAttr(b.random.between(
                       type.getStorageTypeMin(), type.getStorageTypeMax())));
  return b.op("pad", input, type, result, attributes, what);
}

Value quantcc::differential::generateConcat(GraphBuilder &b,
                                            const Combination &what) {
  Value first = b.operand(what.storage, {1, 5, 400});
  Shape shape(b.shapeOf(first));
  size_t axis = b.random.below(shape.size());
  SmallVector<Value> parts = {first};
  int64_t length = shape[axis];
  for (int64_t count = b.random.between(0, 3); count > 0; --count) {
    Shape otherwise(shape);
    otherwise[axis] = b.random.between(1, 4);
    Value part =
        b.partner(b.typeOf(first), otherwise, [&](ArrayRef<int64_t> found) {
          Shape like(found);
          if (like.size() != shape.size() || sizeOf(found) > 400)
            return false;
          like[axis] = shape[axis];
          return like == shape;
        });
    length += b.shapeOf(part)[axis];
    parts.insert(parts.begin() + b.random.between(0, parts.size()), part);
  }
  shape[axis] = length;
  NamedAttrList attributes;
  attributes.set("axis", b.builder.getI64IntegerAttr(axis));
  return b.op("concat", parts, b.typeOf(first), shape, attributes, what);
}

static Value createResize(GraphBuilder &b, const Combination &what,
                          ResizeMode mode) {
  Value input = b.operand(what.storage, {4, 4, 300});
  Shape shape(b.shapeOf(input));
  for (unsigned axis : {1, 2}) {
    int64_t size = shape[axis];
    int64_t out = b.random.percent(50) ? size * b.random.pick({1, 2, 3})
                                       : b.random.between(1, 2 * size + 1);
    if (sizeOf(shape) / size * out <= 1200)
      shape[axis] = out;
  }
  NamedAttrList attributes;
  attributes.set("mode", ResizeModeAttr::get(b.builder.getContext(), mode));
  int flags = b.random.between(0, 2);
  if (flags == 1)
    attributes.set("align_corners", b.builder.getUnitAttr());
  if (flags == 2)
    attributes.set("half_pixel_centers", b.builder.getUnitAttr());
  return b.op("resize", input, b.typeOf(input), shape, attributes, what);
}

Value quantcc::differential::generateNearest(GraphBuilder &b,
                                             const Combination &what) {
  return createResize(b, what, ResizeMode::Nearest);
}

Value quantcc::differential::generateBilinear(GraphBuilder &b,
                                              const Combination &what) {
  return createResize(b, what, ResizeMode::Bilinear);
}
