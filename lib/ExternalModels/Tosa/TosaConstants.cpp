//===- TosaConstants.cpp - Constant operands of tosa ops ------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads shapes and scalars, and brings weights and biases into the form of the
// network ops.
//
//===----------------------------------------------------------------------===//

#include "TosaModels.h"

#include "quantcc/Dialect/QuantCC/IR/QuantizedTypes.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Quant/IR/Quant.h>
#include <mlir/IR/Matchers.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::tosa_models;

std::optional<SmallVector<int64_t>> tosa_models::getConstantShape(Value value) {
  auto constant = value.getDefiningOp<tosa::ConstShapeOp>();
  if (!constant)
    return std::nullopt;
  return llvm::to_vector(
      cast<DenseElementsAttr>(constant.getValues()).getValues<int64_t>());
}

std::optional<float> tosa_models::getConstantScalar(Value value) {
  DenseFPElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements)) ||
      elements.getNumElements() != 1 || !elements.getElementType().isF32())
    return std::nullopt;
  return *elements.getValues<float>().begin();
}

bool tosa_models::isConstant(Value value) {
  if (auto fake = value.getDefiningOp<FakeQuantizeOp>())
    value = fake.getInput();
  return matchPattern(value, m_Constant());
}

/// `elements`, read in row-major order of the permuted shape.
template <typename T>
static SmallVector<T> permute(ArrayRef<T> elements, ArrayRef<int64_t> shape,
                              ArrayRef<int64_t> permutation) {
  size_t rank = shape.size();
  SmallVector<int64_t> strides(rank, 1), index(rank, 0);
  for (size_t i = rank; i-- > 1;)
    strides[i - 1] = strides[i] * shape[i];
  SmallVector<T> permuted;
  permuted.reserve(elements.size());
  for (size_t count = 0; count < elements.size(); ++count) {
    int64_t position = 0;
    for (size_t i = 0; i < rank; ++i)
      position += index[i] * strides[permutation[i]];
    permuted.push_back(elements[position]);
    for (size_t i = rank; i-- > 0;) {
      if (++index[i] < shape[permutation[i]])
        break;
      index[i] = 0;
    }
  }
  return permuted;
}

/// The constant elements of `value`, also behind a cast to a quantized type.
static DenseElementsAttr getElements(Value value) {
  if (auto cast = value.getDefiningOp<quant::StorageCastOp>())
    value = cast.getInput();
  DenseElementsAttr elements;
  matchPattern(value, m_Constant(&elements));
  return elements;
}

Value tosa_models::permuteWeights(OpBuilder &builder, Value value,
                                  ArrayRef<int64_t> permutation,
                                  ArrayRef<int64_t> shape) {
  DenseElementsAttr elements = getElements(value);
  if (!elements)
    return {};
  ArrayRef<int64_t> oldShape = elements.getType().getShape();
  auto type = RankedTensorType::get(shape, elements.getElementType());
  DenseElementsAttr permuted;
  if (elements.isSplat()) {
    permuted = elements.resizeSplat(type);
  } else if (type.getElementType().isF32()) {
    auto values = llvm::to_vector(elements.getValues<float>());
    permuted = DenseElementsAttr::get(
        type, ArrayRef(permute<float>(values, oldShape, permutation)));
  } else {
    auto values = llvm::to_vector(elements.getValues<APInt>());
    permuted = DenseElementsAttr::get(
        type, ArrayRef(permute<APInt>(values, oldShape, permutation)));
  }
  Value constant = arith::ConstantOp::create(builder, value.getLoc(), permuted);
  quant::QuantizedType params = getQuantizedElementType(value.getType());
  if (!params)
    return constant;
  if (isa<quant::UniformQuantizedPerAxisType>(params))
    params = makePerAxisType(builder.getContext(), getAllParameters(params),
                             /*axis=*/0, getStoredRange(params),
                             params.getStorageTypeIntegralWidth(),
                             params.isSigned());
  return quant::StorageCastOp::create(
      builder, value.getLoc(), RankedTensorType::get(shape, params), constant);
}

Value tosa_models::expandBias(OpBuilder &builder, Value value,
                              int64_t channels) {
  if (cast<RankedTensorType>(value.getType()).getNumElements() == channels)
    return value;
  DenseElementsAttr elements = getElements(value);
  if (!elements || elements.getNumElements() != 1)
    return {};
  auto type = RankedTensorType::get({channels}, elements.getElementType());
  return arith::ConstantOp::create(builder, value.getLoc(),
                                   elements.resizeSplat(type));
}
