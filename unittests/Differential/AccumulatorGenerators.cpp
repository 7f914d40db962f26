//===- AccumulatorGenerators.cpp - Contractions without requantization ----===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Contractions that give plain accumulators, and requantize ops whose
// multipliers are stated and may be any.
//
//===----------------------------------------------------------------------===//

#include "ContractionParts.h"
#include "OpGenerators.h"
#include "Window.h"

#include <cmath>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

namespace {

/// Accumulators `[..., channels]` and their typical magnitude.
struct Accumulators {
  Value value;
  double typical;
};

} // namespace

/// The element type of sums of this typical magnitude of operands of at most
/// `width` bits: mostly i32 where it is enough for certain.
static Type accumulatorType(GraphBuilder &b, unsigned width) {
  bool isWide = width == 16 || b.random.percent(25);
  return b.builder.getIntegerType(isWide ? 64 : 32);
}

static Accumulators createConvolution(GraphBuilder &b, Value input) {
  ArrayRef<int64_t> shape = b.shapeOf(input);
  Window window = Window::random(b.random, shape, /*dilate=*/true);
  window.limitOutput(shape, 64);
  int64_t outputs = b.random.between(1, 17);
  bool perAxis = b.random.percent(50);
  auto weightType =
      makeWeightType(b, {perAxis, b.random.percent(15) ? 4u : 8u}, outputs);
  Shape weightShape = {outputs, window.kernel[0], window.kernel[1], shape[3]};
  double typical = typicalSum(sizeOf(weightShape) / outputs, b.typeOf(input),
                              typicalWeight(weightType));
  SmallVector<Value> operands = {input, b.constant(weightType, weightShape)};
  Type element =
      accumulatorType(b, b.typeOf(input).getStorageTypeIntegralWidth());
  if (Value bias = makeNarrowBias(b, outputs, typical))
    operands.push_back(bias);
  NamedAttrList attributes;
  attributes.set("strides", b.builder.getDenseI64ArrayAttr(window.strides));
  attributes.set("padding", b.builder.getDenseI64ArrayAttr(window.padding));
  attributes.set("dilations", b.builder.getDenseI64ArrayAttr(window.dilations));
  attributes.set("groups", b.builder.getI64IntegerAttr(1));
  Shape result = window.resultShape(shape);
  result[3] = outputs;
  Operation *op = b.createOp("conv2d", operands,
                             RankedTensorType::get(result, element), attributes,
                             /*what=*/nullptr);
  return {op->getResult(0), typical};
}

static Accumulators createLinear(GraphBuilder &b, Value input) {
  Shape shape(b.shapeOf(input));
  int64_t outputs = b.random.between(1, 17);
  bool perAxis = b.random.percent(50);
  auto weightType = makeWeightType(
      b, {perAxis, b.random.percent(15) ? 4u : 8u, /*mayShift=*/true}, outputs);
  double typical =
      typicalSum(shape.back(), b.typeOf(input), typicalWeight(weightType));
  SmallVector<Value> operands = {
      input, b.constant(weightType, {outputs, shape.back()})};
  Type element =
      accumulatorType(b, b.typeOf(input).getStorageTypeIntegralWidth());
  if (Value bias = makeNarrowBias(b, outputs, typical))
    operands.push_back(bias);
  shape.back() = outputs;
  Operation *op =
      b.createOp("linear", operands, RankedTensorType::get(shape, element), {},
                 /*what=*/nullptr);
  return {op->getResult(0), typical};
}

static Accumulators createProduct(GraphBuilder &b, Value lhs) {
  Shape shape(b.shapeOf(lhs));
  size_t rank = shape.size();
  Shape rhsShape(shape);
  rhsShape[rank - 2] = shape[rank - 1];
  rhsShape[rank - 1] = b.random.between(1, 9);
  // Not of 16 bits where lhs is not: then i32 may do.
  Value rhs = b.partner(
      kindOf(b.typeOf(lhs)), rhsShape,
      [&](ArrayRef<int64_t> found) {
        return found.size() == rank && sizeOf(found) <= 400 &&
               found.drop_back() == ArrayRef<int64_t>(rhsShape).drop_back();
      },
      lhs);
  double typical =
      typicalSum(shape.back(), b.typeOf(lhs), typicalMagnitude(b.typeOf(rhs)));
  shape.back() = b.shapeOf(rhs).back();
  Type element =
      accumulatorType(b, b.typeOf(lhs).getStorageTypeIntegralWidth());
  Operation *op = b.createOp("matmul", {lhs, rhs},
                             RankedTensorType::get(shape, element), {},
                             /*what=*/nullptr);
  return {op->getResult(0), typical};
}

/// A multiplier and shift for accumulators of magnitude `typical`: mostly so
/// that some of the storage's `bits` are used, sometimes any.
static std::pair<int32_t, int32_t> randomMultiplier(GraphBuilder &b,
                                                    double typical, int bits) {
  if (b.random.percent(10)) {
    int32_t multiplier = b.random.pick<int32_t>(
        {0, 1, INT32_MAX, 1 << 30, 32767,
         static_cast<int32_t>(b.random.between(0, INT32_MAX))});
    return {multiplier, b.random.between(2, 62)};
  }
  int32_t multiplier =
      b.random.percent(25) ? 1 << 30 : b.random.between(1 << 30, INT32_MAX);
  int shift = 31 + std::ilogb(typical) - b.random.between(bits - 4, bits + 1);
  return {multiplier, std::clamp(shift, 2, 62)};
}

static Value requantizeAll(GraphBuilder &b, const Combination &what,
                           Accumulators from) {
  auto type = cast<RankedTensorType>(from.value.getType());
  ActivationType element = b.randomType(b.resultKind(what.storage));
  unsigned width = element.getStorageTypeIntegralWidth();
  NamedAttrList attributes;
  bool perAxis = b.random.percent(60);
  SmallVector<int32_t> multipliers, shifts;
  for (int64_t i = 0, e = perAxis ? type.getShape().back() : 1; i < e; ++i) {
    auto [multiplier, shift] = randomMultiplier(b, from.typical, width);
    multipliers.push_back(multiplier);
    shifts.push_back(shift);
  }
  if (perAxis)
    attributes.set("axis", b.builder.getI64IntegerAttr(type.getRank() - 1));
  attributes.set("multipliers", b.builder.getDenseI32ArrayAttr(multipliers));
  attributes.set("shifts", b.builder.getDenseI32ArrayAttr(shifts));
  attributes.set("output_zero_point",
                 b.builder.getI32IntegerAttr(element.getZeroPoint()));
  b.maybeClamp(attributes, element);
  int32_t low = element.getStorageTypeMin(), high = element.getStorageTypeMax();
  if (auto clamp = llvm::dyn_cast_if_present<DenseI32ArrayAttr>(
          attributes.get("stored_clamp"))) {
    low = clamp[0];
    high = clamp[1];
    attributes.erase("stored_clamp");
  }
  attributes.set("clamp_min", b.builder.getI32IntegerAttr(low));
  attributes.set("clamp_max", b.builder.getI32IntegerAttr(high));
  if (!element.isSigned())
    attributes.set("unsigned_result", b.builder.getUnitAttr());
  Operation *op = b.createOp("requantize", from.value,
                             type.clone(b.builder.getIntegerType(width)),
                             attributes, &what);
  return b.storageCast(op->getResult(0), element);
}

Value quantcc::differential::generateAccumulators(GraphBuilder &b,
                                                  const Combination &what) {
  Accumulators from;
  switch (b.random.below(3)) {
  case 0:
    from = createConvolution(b, b.operand(what.storage, {4, 4, 400}));
    break;
  case 1:
    from = createLinear(b, b.operand(what.storage, {2, 4, 400}));
    break;
  default:
    from = createProduct(b, b.operand(what.storage, {2, 4, 300}));
  }
  if (b.random.percent(25))
    b.alsoReturn(from.value);
  return requantizeAll(b, what, from);
}
