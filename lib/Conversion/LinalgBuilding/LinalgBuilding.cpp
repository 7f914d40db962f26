//===- LinalgBuilding.cpp - Pieces of linalg IR ---------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builders of elementwise ops, reductions, fills, pads, reshapes and constants.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/Dialect/Utils/ReshapeOpsUtils.h>

using namespace mlir;
using namespace quantcc;

ArrayRef<int64_t> quantcc::shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

AffineMap quantcc::broadcastMap(MLIRContext *context, ArrayRef<int64_t> from,
                                ArrayRef<int64_t> to) {
  assert(from.size() <= to.size() && "broadcast to a lower rank");
  unsigned offset = to.size() - from.size();
  SmallVector<AffineExpr> exprs;
  for (auto [index, size] : llvm::enumerate(from))
    exprs.push_back(size == 1 && to[index + offset] != 1
                        ? getAffineConstantExpr(0, context)
                        : getAffineDimExpr(index + offset, context));
  return AffineMap::get(to.size(), 0, exprs, context);
}

AffineMap quantcc::axisMap(MLIRContext *context, unsigned rank, unsigned axis) {
  return AffineMap::get(rank, 0, getAffineDimExpr(axis, context));
}

Value quantcc::createElementwise(OpBuilder &builder, Location loc,
                                 RankedTensorType type, ValueRange inputs,
                                 ArrayRef<AffineMap> maps, ScalarBody body) {
  Value empty = tensor::EmptyOp::create(builder, loc, type.getShape(),
                                        type.getElementType());
  SmallVector<AffineMap> allMaps(maps);
  allMaps.push_back(builder.getMultiDimIdentityMap(type.getRank()));
  SmallVector<utils::IteratorType> iterators(type.getRank(),
                                             utils::IteratorType::parallel);
  auto generic = linalg::GenericOp::create(
      builder, loc, TypeRange{type}, inputs, ValueRange{empty}, allMaps,
      iterators, [&](OpBuilder &nested, Location nestedLoc, ValueRange args) {
        Value result = body(nested, nestedLoc, args.drop_back());
        linalg::YieldOp::create(nested, nestedLoc, result);
      });
  return generic.getResult(0);
}

Value quantcc::createElementwise(OpBuilder &builder, Location loc,
                                 RankedTensorType type, ValueRange inputs,
                                 ScalarBody body) {
  SmallVector<AffineMap> maps;
  for (Value input : inputs)
    maps.push_back(
        broadcastMap(builder.getContext(), shapeOf(input), type.getShape()));
  return createElementwise(builder, loc, type, inputs, maps, body);
}

Value quantcc::createReduction(OpBuilder &builder, Location loc,
                               ValueRange inputs, Value init,
                               ArrayRef<AffineMap> maps,
                               ArrayRef<bool> isReduction, ReductionBody body) {
  if (!llvm::is_contained(isReduction, true)) {
    // Nothing is carried from one position to the next: the initial values are
    // an input. As an output that is read they would be written once for each
    // time that a fused consumer computes an element.
    SmallVector<Value> operands(inputs);
    operands.push_back(init);
    return createElementwise(builder, loc,
                             cast<RankedTensorType>(init.getType()), operands,
                             maps, body);
  }
  SmallVector<utils::IteratorType> iterators;
  for (bool reduction : isReduction)
    iterators.push_back(reduction ? utils::IteratorType::reduction
                                  : utils::IteratorType::parallel);
  auto generic = linalg::GenericOp::create(
      builder, loc, TypeRange{init.getType()}, inputs, ValueRange{init}, maps,
      iterators, [&](OpBuilder &nested, Location nestedLoc, ValueRange args) {
        Value result = body(nested, nestedLoc, args);
        linalg::YieldOp::create(nested, nestedLoc, result);
      });
  return generic.getResult(0);
}

Value quantcc::createMultiplyAccumulate(OpBuilder &builder, Location loc,
                                        ValueRange args) {
  Value lhs = args[0], rhs = args[1], accumulator = args[2];
  if (isa<FloatType>(accumulator.getType())) {
    Value product = arith::MulFOp::create(builder, loc, lhs, rhs);
    return arith::AddFOp::create(builder, loc, accumulator, product);
  }
  auto extend = [&](Value value) -> Value {
    if (value.getType() == accumulator.getType())
      return value;
    return arith::ExtSIOp::create(builder, loc, accumulator.getType(), value);
  };
  Value product = arith::MulIOp::create(builder, loc, extend(lhs), extend(rhs));
  return arith::AddIOp::create(builder, loc, accumulator, product);
}

MatMulLoops::MatMulLoops(MLIRContext *context, ArrayRef<int64_t> lhsShape,
                         ArrayRef<int64_t> rhsShape,
                         ArrayRef<int64_t> resultShape, bool transposeLhs,
                         bool transposeRhs) {
  unsigned rank = resultShape.size(), batches = rank - 2;
  auto dim = [&](unsigned i) { return getAffineDimExpr(i, context); };
  AffineExpr m = dim(batches), k = dim(batches + 1), n = dim(batches + 2);
  auto operandMap = [&](ArrayRef<int64_t> shape, AffineExpr row,
                        AffineExpr column) {
    SmallVector<AffineExpr> exprs;
    for (unsigned i = 0; i < batches; ++i)
      exprs.push_back(shape[i] == resultShape[i]
                          ? dim(i)
                          : getAffineConstantExpr(0, context));
    exprs.append({row, column});
    return AffineMap::get(rank + 1, 0, exprs, context);
  };
  maps.push_back(transposeLhs ? operandMap(lhsShape, k, m)
                              : operandMap(lhsShape, m, k));
  maps.push_back(transposeRhs ? operandMap(rhsShape, n, k)
                              : operandMap(rhsShape, k, n));
  maps.push_back(operandMap(resultShape, m, n));
  isReduction.assign(rank + 1, false);
  isReduction[batches + 1] = true;
}

Value quantcc::createFilled(OpBuilder &builder, Location loc,
                            RankedTensorType type, TypedAttr value) {
  Value empty = tensor::EmptyOp::create(builder, loc, type.getShape(),
                                        type.getElementType());
  Value scalar = arith::ConstantOp::create(builder, loc, value);
  return linalg::FillOp::create(builder, loc, ValueRange{scalar},
                                ValueRange{empty})
      .getResult(0);
}

Value quantcc::createPadded(OpBuilder &builder, Location loc, Value input,
                            ArrayRef<int64_t> low, ArrayRef<int64_t> high,
                            TypedAttr value) {
  auto isZero = [](int64_t size) { return size == 0; };
  if (llvm::all_of(low, isZero) && llvm::all_of(high, isZero))
    return input;
  auto type = cast<RankedTensorType>(input.getType());
  SmallVector<int64_t> shape;
  for (int64_t i = 0; i < type.getRank(); ++i)
    shape.push_back(low[i] + type.getDimSize(i) + high[i]);
  auto toFold = [&](ArrayRef<int64_t> sizes) {
    return getAsIndexOpFoldResult(builder.getContext(), sizes);
  };
  Value scalar = arith::ConstantOp::create(builder, loc, value);
  return tensor::PadOp::create(builder, loc, type.clone(shape), input,
                               toFold(low), toFold(high), scalar);
}

Value quantcc::createSpread(OpBuilder &builder, Location loc, Value input,
                            ArrayRef<int64_t> before, ArrayRef<int64_t> strides,
                            ArrayRef<int64_t> size, TypedAttr value) {
  auto type = cast<RankedTensorType>(input.getType());
  ArrayRef<int64_t> shape = type.getShape();
  Value filled = createFilled(
      builder, loc, type.clone({shape[0], size[0], size[1], shape[3]}), value);
  MLIRContext *context = builder.getContext();
  return tensor::InsertSliceOp::create(
      builder, loc, input, filled,
      getAsIndexOpFoldResult(context, {0, before[0], before[1], 0}),
      getAsIndexOpFoldResult(context, shape),
      getAsIndexOpFoldResult(context, {1, strides[0], strides[1], 1}));
}

Value quantcc::createReshape(OpBuilder &builder, Location loc, Value input,
                             ArrayRef<int64_t> shape) {
  auto type = cast<RankedTensorType>(input.getType());
  if (type.getShape() == shape)
    return input;
  RankedTensorType resultType = type.clone(shape);
  if (type.getRank() != resultType.getRank()) {
    if (auto groups = getReassociationIndicesForReshape(type, resultType)) {
      if (type.getRank() > resultType.getRank())
        return tensor::CollapseShapeOp::create(builder, loc, resultType, input,
                                               *groups);
      return tensor::ExpandShapeOp::create(builder, loc, resultType, input,
                                           *groups);
    }
  }
  // No grouping of dimensions leads from one shape to the other: go by way of
  // a vector.
  RankedTensorType flat = type.clone({type.getNumElements()});
  auto all = [](int64_t rank) {
    ReassociationIndices group;
    for (int64_t i = 0; i < rank; ++i)
      group.push_back(i);
    return SmallVector<ReassociationIndices>{group};
  };
  if (type.getRank() != 1)
    input = tensor::CollapseShapeOp::create(
        builder, loc, flat, input,
        type.getRank() == 0 ? SmallVector<ReassociationIndices>{}
                            : all(type.getRank()));
  if (resultType.getRank() == 1)
    return input;
  return tensor::ExpandShapeOp::create(builder, loc, resultType, input,
                                       resultType.getRank() == 0
                                           ? SmallVector<ReassociationIndices>{}
                                           : all(resultType.getRank()));
}

Value quantcc::createSelectExtreme(OpBuilder &builder, Location loc, Value lhs,
                                   Value rhs, bool takeSmaller,
                                   bool isUnsigned) {
  if (isa<FloatType>(lhs.getType())) {
    // A comparison and a choice: arith.maximumf would cost a NaN test each.
    auto predicate =
        takeSmaller ? arith::CmpFPredicate::OLT : arith::CmpFPredicate::OGT;
    Value first = arith::CmpFOp::create(builder, loc, predicate, lhs, rhs);
    return arith::SelectOp::create(builder, loc, first, lhs, rhs);
  }
  if (takeSmaller)
    return isUnsigned
               ? arith::MinUIOp::create(builder, loc, lhs, rhs).getResult()
               : arith::MinSIOp::create(builder, loc, lhs, rhs).getResult();
  return isUnsigned
             ? arith::MaxUIOp::create(builder, loc, lhs, rhs).getResult()
             : arith::MaxSIOp::create(builder, loc, lhs, rhs).getResult();
}

Value quantcc::createClamp(OpBuilder &builder, Location loc, Value value,
                           TypedAttr low, TypedAttr high, bool isUnsigned) {
  Value lowValue = arith::ConstantOp::create(builder, loc, low);
  Value highValue = arith::ConstantOp::create(builder, loc, high);
  value = createSelectExtreme(builder, loc, lowValue, value,
                              /*takeSmaller=*/false, isUnsigned);
  return createSelectExtreme(builder, loc, highValue, value,
                             /*takeSmaller=*/true, isUnsigned);
}

Value quantcc::createBroadcastOfLast(OpBuilder &builder, Location loc,
                                     Value vector, RankedTensorType type) {
  Value empty = tensor::EmptyOp::create(builder, loc, type.getShape(),
                                        type.getElementType());
  SmallVector<int64_t> dimensions;
  for (int64_t i = 0; i + 1 < type.getRank(); ++i)
    dimensions.push_back(i);
  return linalg::BroadcastOp::create(builder, loc, vector, empty, dimensions)
      ->getResult(0);
}

Value quantcc::createIntegerConstant(OpBuilder &builder, Location loc,
                                     ArrayRef<int64_t> values,
                                     ArrayRef<int64_t> shape, unsigned width) {
  auto type = RankedTensorType::get(shape, builder.getIntegerType(width));
  SmallVector<APInt> elements;
  elements.reserve(values.size());
  for (int64_t value : values)
    elements.push_back(
        APInt(width, value, /*isSigned=*/true, /*implicitTrunc=*/true));
  return arith::ConstantOp::create(builder, loc,
                                   DenseElementsAttr::get(type, elements));
}
