//===- ElementwiseGenerators.cpp - Random elementwise ops -----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Ops on single elements, with broadcast operands.
//
//===----------------------------------------------------------------------===//

#include "ContractionParts.h"
#include "GraphBuilder.h"
#include "OpGenerators.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <mlir/Dialect/Traits.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

/// Whether `lhs` and `rhs` broadcast to a shape of moderate size.
static bool broadcasts(ArrayRef<int64_t> lhs, ArrayRef<int64_t> rhs) {
  SmallVector<int64_t> shape;
  return OpTrait::util::getBroadcastedShape(lhs, rhs, shape) &&
         sizeOf(shape) <= 1200;
}

static Shape broadcastShape(Value lhs, Value rhs) {
  SmallVector<int64_t> shape;
  bool known = OpTrait::util::getBroadcastedShape(
      GraphBuilder::shapeOf(lhs), GraphBuilder::shapeOf(rhs), shape);
  assert(known && "operands that do not broadcast");
  (void)known;
  return shape;
}

/// A shape that broadcasts against `shape`: leading dimensions left out, some
/// of the others 1, and ones made larger.
static Shape partnerShape(GraphBuilder &b, ArrayRef<int64_t> shape) {
  Shape result(shape);
  if (b.random.percent(50))
    return result;
  for (int64_t &size : result)
    if (size == 1)
      size = b.random.percent(30) ? b.random.between(2, 3) : 1;
    else if (b.random.percent(35))
      size = 1;
  if (b.random.percent(35))
    result.erase(result.begin(),
                 result.begin() + b.random.between(0, result.size()));
  if (!broadcasts(shape, result))
    return Shape(shape);
  return result;
}

/// Two operands of storage `kind` that broadcast, in either order.
static std::pair<Value, Value> twoOperands(GraphBuilder &b, StorageKind kind,
                                           StorageKind otherKind) {
  Value lhs = b.operand(kind, {0, 5, 600});
  ArrayRef<int64_t> shape = b.shapeOf(lhs);
  Value rhs = b.partner(
      otherKind, partnerShape(b, shape),
      [&](ArrayRef<int64_t> found) { return broadcasts(shape, found); }, lhs);
  return {lhs, rhs};
}

static Value createSum(GraphBuilder &b, const Combination &what,
                       StringRef name) {
  auto [lhs, rhs] = twoOperands(b, what.storage, b.resultKind(what.storage));
  ActivationType lhsType = b.typeOf(lhs), rhsType = b.typeOf(rhs);
  double typical = std::max(lhsType.getScale() * typicalMagnitude(lhsType),
                            rhsType.getScale() * typicalMagnitude(rhsType));
  // Results of 16 bits show the precision of the sum.
  StorageKind kind =
      b.random.percent(20) ? StorageKind::I16 : b.resultKind(what.storage);
  ActivationType type = b.resultType(kind, 1.0, typical);
  NamedAttrList attributes;
  b.maybeClamp(attributes, type);
  return b.op(name, {lhs, rhs}, type, broadcastShape(lhs, rhs), attributes,
              what);
}

Value quantcc::differential::generateAdd(GraphBuilder &b,
                                         const Combination &what) {
  return createSum(b, what, "add");
}

Value quantcc::differential::generateSub(GraphBuilder &b,
                                         const Combination &what) {
  return createSum(b, what, "sub");
}

/// Two operands of 16 bits whose products need accumulators of 64 bits.
static std::pair<Value, Value> extremeOperands(GraphBuilder &b) {
  Shape shape = b.randomShape(b.random.between(0, 4), 300);
  Shape other = partnerShape(b, shape);
  auto create = [&](ArrayRef<int64_t> size) {
    double scale = b.randomScale(b.random.between(-10, 0));
    ActivationType type = b.extremeType(scale);
    return b.partner(type, size, [](ArrayRef<int64_t>) { return false; });
  };
  Value lhs = create(shape);
  return {lhs, create(other)};
}

Value quantcc::differential::generateMul(GraphBuilder &b,
                                         const Combination &what) {
  // Rounding double has no wide accumulators.
  bool isExtreme = what.storage == StorageKind::I16 &&
                   what.rounding != Rounding::Double && b.random.percent(60);
  auto [lhs, rhs] =
      isExtreme ? extremeOperands(b)
                : twoOperands(b, what.storage, b.resultKind(what.storage));
  ActivationType lhsType = b.typeOf(lhs), rhsType = b.typeOf(rhs);
  ActivationType type = b.resultType(
      b.resultKind(what.storage), lhsType.getScale() * rhsType.getScale(),
      typicalMagnitude(lhsType) * typicalMagnitude(rhsType));
  NamedAttrList attributes;
  b.maybeClamp(attributes, type);
  return b.op("mul", {lhs, rhs}, type, broadcastShape(lhs, rhs), attributes,
              what);
}

Value quantcc::differential::generateRescale(GraphBuilder &b,
                                             const Combination &what) {
  Value input = b.operand(what.storage, {0, 5, 600});
  StorageKind kind =
      b.random.percent(40)
          ? b.random.pick({StorageKind::I8, StorageKind::U8, StorageKind::I16})
          : what.storage;
  ActivationType type = b.resultType(kind, b.typeOf(input).getScale(),
                                     typicalMagnitude(b.typeOf(input)));
  NamedAttrList attributes;
  b.maybeClamp(attributes, type);
  return b.op("rescale", input, type, b.shapeOf(input), attributes, what);
}

Value quantcc::differential::generateConversion(GraphBuilder &b,
                                                const Combination &what) {
  Value input = b.operand(what.storage, {0, 5, 600});
  SmallVector<StorageKind> others = {StorageKind::I8, StorageKind::U8,
                                     StorageKind::Narrow, StorageKind::I16};
  llvm::erase(others, what.storage);
  StorageKind kind = b.random.pick(others);
  ActivationType from = b.typeOf(input);
  // The same real values, or about as many stored ones.
  ActivationType type =
      b.random.percent(40)
          ? b.makeType(kind, from.getScale())
          : b.resultType(kind, from.getScale(), typicalMagnitude(from));
  NamedAttrList attributes;
  b.maybeClamp(attributes, type);
  return b.op("rescale", input, type, b.shapeOf(input), attributes, what);
}

Value quantcc::differential::generateLeakyRelu(GraphBuilder &b,
                                               const Combination &what) {
  Value input = b.operand(what.storage, {0, 5, 600});
  ActivationType from = b.typeOf(input);
  double alpha = b.randomScale(b.random.between(-7, 1));
  if (b.random.percent(15))
    alpha = -alpha;
  else if (b.random.percent(5))
    alpha = 0;
  ActivationType type = b.resultType(b.resultKind(what.storage),
                                     from.getScale(), typicalMagnitude(from));
  NamedAttrList attributes;
  attributes.set("alpha", b.builder.getF32FloatAttr(static_cast<float>(alpha)));
  return b.op("leaky_relu", input, type, b.shapeOf(input), attributes, what);
}

Value quantcc::differential::generateGate(GraphBuilder &b,
                                          const Combination &what) {
  // Larger ones have no table (C70).
  double scale = std::min<double>(b.randomScale(b.random.between(-16, 0)), 2);
  ActivationType type = makeSymmetricType(b, scale, 16);
  Value input =
      b.partner(type, b.randomShape(b.random.between(1, 3), 200),
                [](ArrayRef<int64_t> shape) { return !shape.empty(); });
  NamedAttrList attributes;
  attributes.set("function",
                 FloatFunctionAttr::get(b.builder.getContext(),
                                        b.random.pick({FloatFunction::Sigmoid,
                                                       FloatFunction::Tanh})));
  return b.op("gate", input, makeSymmetricType(b, 0x1p-15, 16),
              b.shapeOf(input), attributes, what);
}

Value quantcc::differential::generatePRelu(GraphBuilder &b,
                                           const Combination &what) {
  Value input = b.operand(what.storage, {0, 5, 600});
  ArrayRef<int64_t> shape = b.shapeOf(input);
  Shape slopeShape(shape);
  for (int64_t &size : slopeShape)
    if (b.random.percent(60))
      size = 1;
  double slopeScale = b.randomScale(b.random.between(-9, -5));
  ActivationType slopeType = b.makeType(b.resultKind(what.storage), slopeScale);
  Value slope =
      b.partner(slopeType, slopeShape, [](ArrayRef<int64_t>) { return false; });
  ActivationType type =
      b.resultType(b.resultKind(what.storage), b.typeOf(input).getScale(),
                   typicalMagnitude(b.typeOf(input)));
  return b.op("prelu", {input, slope}, type, shape, {}, what);
}

Value quantcc::differential::generateLookup(GraphBuilder &b,
                                            const Combination &what) {
  Value input = b.operand(what.storage, {0, 5, 600});
  bool isWide = what.storage == StorageKind::I16;
  ActivationType type =
      b.randomType(isWide ? what.storage : b.resultKind(what.storage));
  int64_t low = type.getStorageTypeMin(), high = type.getStorageTypeMax();
  SmallVector<int64_t> entries;
  enum {
    Any,
    Monotone,
    Corners
  } pattern = b.random.pick({Any, Any, Monotone, Corners});
  int64_t last = isWide ? 512 : 255;
  for (int64_t i = 0; i <= last; ++i)
    entries.push_back(pattern == Monotone ? low + (high - low) * i / last
                      : pattern == Corners
                          ? b.random.pick({low, high, low + 1, high - 1})
                          : b.random.between(low, high));
  Value table = b.integers(entries, type.getStorageTypeIntegralWidth());
  return b.op("lookup", {input, table}, type, b.shapeOf(input), {}, what);
}

static Value createExtreme(GraphBuilder &b, const Combination &what,
                           StringRef name) {
  Value lhs = b.operand(what.storage, {0, 5, 600});
  ArrayRef<int64_t> shape = b.shapeOf(lhs);
  Value rhs = b.partner(
      b.typeOf(lhs), partnerShape(b, shape),
      [&](ArrayRef<int64_t> found) { return broadcasts(shape, found); }, lhs);
  if (b.random.percent(50))
    std::swap(lhs, rhs);
  return b.op(name, {lhs, rhs}, b.typeOf(lhs), broadcastShape(lhs, rhs), {},
              what);
}

Value quantcc::differential::generateMaximum(GraphBuilder &b,
                                             const Combination &what) {
  return createExtreme(b, what, "maximum");
}

Value quantcc::differential::generateMinimum(GraphBuilder &b,
                                             const Combination &what) {
  return createExtreme(b, what, "minimum");
}
