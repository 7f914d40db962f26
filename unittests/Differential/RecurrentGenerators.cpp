//===- RecurrentGenerators.cpp - Random ops with a state ------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LSTM and SVDF, whose states are variables, inputs or constants, and variables
// of their own.
//
//===----------------------------------------------------------------------===//

#include "ContractionParts.h"
#include "OpGenerators.h"

#include <cmath>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

namespace {

/// A state before and after an op.
struct State {
  Value initial;
  /// Null if the state is no variable.
  StringAttr variable;

  static State create(GraphBuilder &b, ActivationType type,
                      ArrayRef<int64_t> shape, bool isVariable) {
    if (!isVariable)
      return {
          b.partner(type, shape,
                    [&](ArrayRef<int64_t> found) { return found == shape; }),
          {}};
    StringAttr variable = b.variable(type, shape);
    return {b.readVariable(variable, RankedTensorType::get(shape, type)),
            variable};
  }

  void finish(GraphBuilder &b, Value last) const {
    if (variable)
      b.assignVariable(variable, last);
  }
};

} // namespace

//===----------------------------------------------------------------------===//
// LSTM
//===----------------------------------------------------------------------===//

/// Weights `[rows, columns]` of a gate, whose products with `from` make sums of
/// some units of the gate, 2^-12.
static Value makeGateWeights(GraphBuilder &b, ActivationType from, int64_t rows,
                             int64_t columns) {
  double typical = typicalSum(columns, from, 60) * from.getScale();
  int exponent = std::ilogb(1.0 / typical) + b.random.between(-2, 3);
  if (b.random.percent(4))
    exponent += b.random.pick({-20, -8, 5});
  ActivationType type = makeSymmetricType(b, b.randomScale(exponent), 8);
  return b.constant(type, {rows, columns});
}

static Value createLstm(GraphBuilder &b, const Combination &what,
                        bool isVariable) {
  Value input = b.operand(what.storage, {3, 3, 150});
  ArrayRef<int64_t> shape = b.shapeOf(input);
  bool timeMajor = b.random.percent(40);
  int64_t batch = shape[timeMajor ? 1 : 0], units = b.random.between(1, 12);
  SmallVector<int64_t> stateShape = {batch, units};
  ActivationType hiddenType =
      b.makeType(StorageKind::I8, b.randomScale(b.random.between(-9, -6)));
  ActivationType cellType = makeSymmetricType(
      b,
      std::ldexp(1.0, -(b.random.percent(75) ? b.random.between(10, 15)
                                             : b.random.between(0, 15))),
      16);
  State hidden = State::create(b, hiddenType, stateShape, isVariable);
  State cell = State::create(b, cellType, stateShape, isVariable);

  SmallVector<Value> operands = {input, hidden.initial, cell.initial};
  for (int gate = 0; gate < 4; ++gate)
    operands.push_back(makeGateWeights(b, b.typeOf(input), units, shape[2]));
  for (int gate = 0; gate < 4; ++gate)
    operands.push_back(makeGateWeights(b, hiddenType, units, units));
  bool hasBias = b.random.percent(75);
  if (hasBias)
    for (int gate = 0; gate < 4; ++gate) {
      int64_t reach =
          static_cast<int64_t>(2 * typicalSum(shape[2], b.typeOf(input), 60));
      SmallVector<int64_t> bias;
      for (int64_t unit = 0; unit < units; ++unit)
        bias.push_back(b.random.between(-reach, reach));
      operands.push_back(b.integers(bias, 32));
    }

  NamedAttrList attributes;
  attributes.set("operandSegmentSizes", b.builder.getDenseI32ArrayAttr(
                                            {1, 1, 1, 4, 4, hasBias ? 4 : 0}));
  if (timeMajor)
    attributes.set("time_major", b.builder.getUnitAttr());
  if (b.random.percent(50)) {
    // In units of the cell state, mostly a part of what it holds.
    double clip = cellType.getScale() * b.randomScale(b.random.between(6, 14));
    attributes.set("cell_clip", b.builder.getF32FloatAttr(b.asScale(clip)));
  }
  Shape resultShape(shape);
  resultShape.back() = units;
  Type results[] = {RankedTensorType::get(resultShape, hiddenType),
                    RankedTensorType::get(stateShape, hiddenType),
                    RankedTensorType::get(stateShape, cellType)};
  Operation *op = b.createOp("lstm", operands, results, attributes, &what);
  hidden.finish(b, op->getResult(1));
  cell.finish(b, op->getResult(2));
  return op->getResult(0);
}

Value quantcc::differential::generateLstm(GraphBuilder &b,
                                          const Combination &what) {
  return createLstm(b, what, /*isVariable=*/false);
}

Value quantcc::differential::generateStatefulLstm(GraphBuilder &b,
                                                  const Combination &what) {
  return createLstm(b, what, /*isVariable=*/true);
}

//===----------------------------------------------------------------------===//
// SVDF
//===----------------------------------------------------------------------===//

static Value createSvdf(GraphBuilder &b, const Combination &what,
                        bool isVariable) {
  Value input = b.operand(what.storage, {2, 2, 120});
  ArrayRef<int64_t> shape = b.shapeOf(input);
  int64_t rank = b.random.between(1, 3), units = b.random.between(1, 5);
  int64_t filters = rank * units, memory = b.random.between(1, 12);
  ActivationType featureType =
      makeSymmetricType(b, b.randomScale(b.random.between(-8, -2)), 8);
  // 32 bits do not always hold the sums of 16-bit values.
  bool isWide = b.random.percent(70);
  ActivationType stateType = b.resultType(
      isWide ? StorageKind::I16 : StorageKind::I8,
      b.typeOf(input).getScale() * featureType.getScale(),
      typicalSum(shape[1], b.typeOf(input), typicalWeight(featureType)));
  ActivationType timeType =
      makeSymmetricType(b, b.randomScale(b.random.between(-8, -2)),
                        b.random.percent(isWide ? 90 : 25) ? 16 : 8);
  double typical = std::min(
      typicalSum(rank * memory, stateType, typicalWeight(timeType)), 0x1p30);
  ActivationType type = b.resultType(
      StorageKind::I8, stateType.getScale() * timeType.getScale(), typical);

  State state =
      State::create(b, stateType, {shape[0], filters * memory}, isVariable);
  SmallVector<Value> operands = {input, state.initial,
                                 b.constant(featureType, {filters, shape[1]}),
                                 b.constant(timeType, {filters, memory})};
  if (Value bias = makeNarrowBias(b, units, typical))
    operands.push_back(bias);
  NamedAttrList attributes;
  attributes.set("rank", b.builder.getI64IntegerAttr(rank));
  b.maybeClamp(attributes, type);
  Type results[] = {RankedTensorType::get({shape[0], units}, type),
                    state.initial.getType()};
  Operation *op = b.createOp("svdf", operands, results, attributes, &what);
  state.finish(b, op->getResult(1));
  return op->getResult(0);
}

Value quantcc::differential::generateSvdf(GraphBuilder &b,
                                          const Combination &what) {
  return createSvdf(b, what, /*isVariable=*/false);
}

Value quantcc::differential::generateStatefulSvdf(GraphBuilder &b,
                                                  const Combination &what) {
  return createSvdf(b, what, /*isVariable=*/true);
}

//===----------------------------------------------------------------------===//
// Variables
//===----------------------------------------------------------------------===//

Value quantcc::differential::generateVariable(GraphBuilder &b,
                                              const Combination &what) {
  Value value = b.operand(what.storage, {0, 5, 300});
  Type type = value.getType();
  StringAttr variable = b.variable(b.typeOf(value), b.shapeOf(value));
  if (b.random.percent(20)) {
    // Read what was assigned in the same run.
    b.assignVariable(variable, value);
    Value read = b.readVariable(variable, type);
    b.count(what);
    return read;
  }
  Value read = b.readVariable(variable, type);
  b.count(what);
  Value next = value;
  if (b.random.percent(50)) {
    // What was read is part of what is assigned.
    static const size_t extremes[] = {indexOfOp("maximum"),
                                      indexOfOp("minimum")};
    size_t extreme = b.random.pick(extremes);
    next = b.op(opDescriptors()[extreme].name, {read, value}, b.typeOf(value),
                b.shapeOf(value), {},
                {extreme, what.storage, std::nullopt, std::nullopt});
  }
  b.assignVariable(variable, next);
  if (b.random.percent(25))
    b.readVariable(variable, type);
  return read;
}
