//===- GraphBuilder.cpp - A random graph in the making --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Values, inputs and ops of a random graph.
//
//===----------------------------------------------------------------------===//

#include "GraphBuilder.h"

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Quant/IR/Quant.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

/// The harness passes so many pointers at most; see Harness.c.
static constexpr unsigned kMaxInputs = 5, kMaxResults = 12;

int64_t quantcc::differential::sizeOf(ArrayRef<int64_t> shape) {
  return ShapedType::getNumElements(shape);
}

ActivationType GraphBuilder::typeOf(Value value) {
  return cast<ActivationType>(getQuantizedElementType(value.getType()));
}

ArrayRef<int64_t> GraphBuilder::shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

GraphBuilder::GraphBuilder(MLIRContext *context, uint64_t seed,
                           bool prefersLarge)
    : random(seed), prefersLarge(prefersLarge), builder(context) {
  module = ModuleOp::create(builder, builder.getUnknownLoc());
  builder.setInsertionPointToStart(module->getBody());
  function = func::FuncOp::create(builder, nextLocation("function"),
                                  "g" + std::to_string(seed),
                                  builder.getFunctionType({}, {}));
  builder.setInsertionPointToStart(function.addEntryBlock());
  isDyadic = random.percent(30);
  baseExponent = random.percent(4) ? random.pick({-100, -60, 60, 100})
                                   : static_cast<int>(random.between(-10, 0));
}

Location GraphBuilder::nextLocation(StringRef name) {
  std::string text = "op" + std::to_string(numOps) + "." + name.str();
  return NameLoc::get(builder.getStringAttr(text));
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

Shape GraphBuilder::randomShape(unsigned rank, int64_t maxElements) {
  static constexpr int64_t sizes[] = {1, 1, 2, 3, 4, 5, 7, 8, 9, 11, 13};
  Shape shape;
  for (unsigned i = 0; i < rank; ++i)
    shape.push_back(random.pick(sizes));
  if (rank == 4) {
    // Images: few, small, with up to 17 channels.
    shape[0] = random.pick({1, 1, 1, 2, 3});
    shape[3] = random.between(1, 17);
  }
  while (sizeOf(shape) > maxElements) {
    int64_t &size = shape[random.below(rank)];
    size = std::max<int64_t>(1, size - random.between(1, 2));
  }
  return shape;
}

Value GraphBuilder::input(ActivationType type, ArrayRef<int64_t> shape) {
  function.getBody().addArgument(RankedTensorType::get(shape, type),
                                 nextLocation("input"));
  values.push_back(function.getBody().getArguments().back());
  return values.back();
}

/// One of the values that `fits`, most often one that nothing uses yet.
Value GraphBuilder::choose(function_ref<bool(Value)> fits) {
  SmallVector<Value> all, unused;
  for (Value value : values)
    if (fits(value)) {
      all.push_back(value);
      if (value.use_empty())
        unused.push_back(value);
    }
  if (all.empty())
    return {};
  return !unused.empty() && random.percent(75) ? random.pick(unused)
                                               : random.pick(all);
}

/// `value` under a shape within `limits`, whose size is not above theirs.
Value GraphBuilder::reshaped(Value value, const OperandLimits &limits) {
  int64_t rest = sizeOf(shapeOf(value));
  unsigned rank = random.between(limits.minRank, limits.maxRank);
  if (rank == 0 && rest > 1)
    rank = 1;
  Shape shape(rank, 1);
  for (int64_t factor = 2; rest > 1; ++factor)
    for (; rest % factor == 0; rest /= factor)
      shape[random.below(rank)] *= factor;
  return reshape(value, shape);
}

Value GraphBuilder::reshape(Value value, ArrayRef<int64_t> shape) {
  static const size_t index = indexOfOp("reshape");
  ActivationType type = typeOf(value);
  return op("reshape", value, type, shape, {},
            {index, kindOf(type), std::nullopt, std::nullopt});
}

Value GraphBuilder::rescaled(Value value, StorageKind kind) {
  static const size_t index = indexOfOp("rescale");
  ActivationType from = typeOf(value);
  Rounding rounding =
      random.pick({Rounding::Double, Rounding::Single, Rounding::HalfEven});
  return op("rescale", value,
            resultType(kind, from.getScale(), typicalMagnitude(from)),
            shapeOf(value), {}, {index, kindOf(from), rounding, std::nullopt});
}

Value GraphBuilder::operand(StorageKind kind, const OperandLimits &limits) {
  auto isSmall = [&](Value value) {
    return sizeOf(shapeOf(value)) <= limits.maxElements;
  };
  auto hasRank = [&](Value value) {
    unsigned rank = shapeOf(value).size();
    return limits.minRank <= rank && rank <= limits.maxRank;
  };
  auto hasKind = [&](Value value) { return kindOf(typeOf(value)) == kind; };
  if (Value value = choose(
          [&](Value v) { return isSmall(v) && hasRank(v) && hasKind(v); }))
    return value;
  bool mayAdd = function.getNumArguments() < kMaxInputs;
  Value value = choose([&](Value v) { return isSmall(v) && hasKind(v); });
  if (!value)
    value = choose(isSmall);
  if (!value || (mayAdd && random.percent(30))) {
    // In two steps: the order in which arguments are evaluated is not defined.
    ActivationType type = randomType(kind);
    unsigned rank = random.between(limits.minRank, limits.maxRank);
    return input(type, randomShape(rank, limits.maxElements));
  }
  if (!hasKind(value))
    value = rescaled(value, kind);
  return hasRank(value) ? value : reshaped(value, limits);
}

Value GraphBuilder::largeOperand(StorageKind kind, ArrayRef<int64_t> shape,
                                 int64_t maxElements) {
  if (Value value = choose([&](Value v) {
        int64_t size = sizeOf(shapeOf(v));
        return shapeOf(v).size() == shape.size() && kindOf(typeOf(v)) == kind &&
               size > maxElements / 4 && size <= maxElements;
      }))
    return value;
  ActivationType type = randomType(kind);
  return function.getNumArguments() < kMaxInputs ? input(type, shape)
                                                 : constant(type, shape);
}

Value GraphBuilder::partner(ActivationType type, ArrayRef<int64_t> otherwise,
                            function_ref<bool(ArrayRef<int64_t>)> fits,
                            Value other) {
  if (random.percent(8))
    other = {};
  if (Value value = choose([&](Value v) {
        return v != other && typeOf(v) == type && fits(shapeOf(v));
      }))
    return value;
  if (function.getNumArguments() < kMaxInputs && random.percent(60))
    return input(type, otherwise);
  return constant(type, otherwise);
}

Value GraphBuilder::partner(StorageKind kind, ArrayRef<int64_t> otherwise,
                            function_ref<bool(ArrayRef<int64_t>)> fits,
                            Value other) {
  if (random.percent(8))
    other = {};
  if (Value value = choose([&](Value v) {
        return v != other && kindOf(typeOf(v)) == kind && fits(shapeOf(v));
      }))
    return value;
  return partner(randomType(kind), otherwise, fits, other);
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

Value GraphBuilder::integers(ArrayRef<int64_t> numbers, unsigned width) {
  SmallVector<APInt> elements;
  for (int64_t number : numbers)
    elements.push_back(APInt(width, number, /*isSigned=*/true,
                             /*implicitTrunc=*/true));
  auto type = RankedTensorType::get(static_cast<int64_t>(numbers.size()),
                                    builder.getIntegerType(width));
  return arith::ConstantOp::create(builder, nextLocation("constant"),
                                   DenseElementsAttr::get(type, elements));
}

DenseElementsAttr GraphBuilder::storedValues(quant::QuantizedType type,
                                             ArrayRef<int64_t> shape) {
  int64_t low = type.getStorageTypeMin(), high = type.getStorageTypeMax();
  unsigned width = type.getStorageTypeIntegralWidth();
  enum Pattern { Uniform, Corners, Small, Lowest, Highest, Sparse };
  Pattern pattern = random.pick({Uniform, Uniform, Uniform, Uniform, Corners,
                                 Small, Lowest, Highest, Sparse});
  int64_t centre = type.isSigned() ? 0 : (low + high + 1) / 2;
  auto draw = [&]() -> int64_t {
    switch (pattern) {
    case Uniform:
      return random.between(low, high);
    case Corners:
      return random.pick({low, high, centre, low + 1, high - 1});
    case Small:
      return std::clamp(centre + random.between(-3, 3), low, high);
    case Lowest:
      return low;
    case Highest:
      return high;
    case Sparse:
      return random.percent(80) ? std::clamp(centre, low, high)
                                : random.between(low, high);
    }
    llvm_unreachable("unknown pattern");
  };
  SmallVector<APInt> elements;
  for (int64_t i = 0, e = sizeOf(shape); i < e; ++i)
    elements.push_back(
        APInt(width, draw(), /*isSigned=*/true, /*implicitTrunc=*/true));
  return DenseElementsAttr::get(
      RankedTensorType::get(shape, type.getStorageType()), elements);
}

Value GraphBuilder::constant(quant::QuantizedType type,
                             ArrayRef<int64_t> shape) {
  Location location = nextLocation("constant");
  DenseElementsAttr stored = storedValues(type, shape);
  Value plain = arith::ConstantOp::create(builder, location, stored);
  return quant::StorageCastOp::create(builder, location,
                                      stored.getType().clone(type), plain);
}

//===----------------------------------------------------------------------===//
// Variables
//===----------------------------------------------------------------------===//

StringAttr GraphBuilder::variable(ActivationType type,
                                  ArrayRef<int64_t> shape) {
  StringAttr name = builder.getStringAttr("v" + std::to_string(numVariables++));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(function);
  VariableOp::create(builder, nextLocation("variable"), name,
                     TypeAttr::get(RankedTensorType::get(shape, type)),
                     storedValues(type, shape));
  return name;
}

Value GraphBuilder::readVariable(StringAttr variable, Type type) {
  values.push_back(ReadVariableOp::create(builder, nextLocation("read"), type,
                                          FlatSymbolRefAttr::get(variable)));
  return values.back();
}

void GraphBuilder::assignVariable(StringAttr variable, Value value) {
  AssignVariableOp::create(builder, nextLocation("assign"),
                           FlatSymbolRefAttr::get(variable), value);
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

Value GraphBuilder::op(StringRef name, ValueRange operands,
                       ActivationType element, ArrayRef<int64_t> shape,
                       NamedAttrList attributes, const Combination &what) {
  Type type = RankedTensorType::get(shape, element);
  return createOp(name, operands, type, std::move(attributes), &what)
      ->getResult(0);
}

Operation *GraphBuilder::createOp(StringRef name, ValueRange operands,
                                  TypeRange results, NamedAttrList attributes,
                                  const Combination *what) {
  if (what && what->rounding)
    attributes.set("rounding",
                   RoundingAttr::get(builder.getContext(), *what->rounding));
  OperationState state(nextLocation(name), ("quantcc." + name).str());
  state.addOperands(operands);
  state.addTypes(results);
  state.addAttributes(attributes);
  Operation *created = builder.create(state);
  for (Value result : created->getResults())
    if (getQuantizedElementType(result.getType()))
      values.push_back(result);
  if (what)
    combinations.push_back(*what);
  ++numOps;
  return created;
}

Value GraphBuilder::storageCast(Value integers, ActivationType element) {
  values.push_back(quant::StorageCastOp::create(
      builder, nextLocation("cast"),
      cast<RankedTensorType>(integers.getType()).clone(element), integers));
  return values.back();
}

void GraphBuilder::alsoReturn(Value value) {
  if (plainResults.size() < kMaxResults / 4)
    plainResults.push_back(value);
}

void GraphBuilder::maybeClamp(NamedAttrList &attributes,
                              ActivationType result) {
  if (!random.percent(35))
    return;
  int32_t low = result.getStorageTypeMin(), high = result.getStorageTypeMax();
  int32_t zeroPoint = result.getZeroPoint();
  int32_t a = random.between(low, high), b = random.between(low, high);
  auto [least, largest] = random.pick<std::pair<int32_t, int32_t>>(
      {{std::min(a, b), std::max(a, b)},
       {zeroPoint, high},
       {zeroPoint, std::max(a, zeroPoint)},
       {low, std::max(a, b)},
       {a, a}});
  attributes.set("stored_clamp",
                 builder.getDenseI32ArrayAttr({least, largest}));
}

void GraphBuilder::finish() {
  SmallVector<Value> results(plainResults);
  for (Value value : values)
    if (value.use_empty() && results.size() < kMaxResults)
      results.push_back(value);
  // One that has other uses, perhaps an input or one that is there already.
  if (results.size() < kMaxResults && random.percent(25))
    results.push_back(random.pick(values));
  func::ReturnOp::create(builder, nextLocation("return"), results);
  function.setFunctionType(builder.getFunctionType(
      function.getBody().getArgumentTypes(), ValueRange(results).getTypes()));
}
