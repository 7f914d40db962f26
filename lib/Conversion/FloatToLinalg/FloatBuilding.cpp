//===- FloatBuilding.cpp - Pieces of float IR -----------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bias, clamp and permuted weights of the float form.
//
//===----------------------------------------------------------------------===//

#include "FloatBuilding.h"

#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/IR/Matchers.h>

using namespace mlir;
using namespace quantcc;

Value quantcc::createRealClamp(OpBuilder &builder, Location loc, Value value,
                               std::optional<ArrayRef<float>> clamp) {
  if (!clamp)
    return value;
  return createClamp(builder, loc, value, builder.getF32FloatAttr((*clamp)[0]),
                     builder.getF32FloatAttr((*clamp)[1]),
                     /*isUnsigned=*/false);
}

Value quantcc::createEpilogue(OpBuilder &builder, Location loc,
                              Value accumulator, Value bias,
                              std::optional<ArrayRef<float>> clamp) {
  if (!bias && !clamp)
    return accumulator;
  auto type = cast<RankedTensorType>(accumulator.getType());
  unsigned rank = type.getRank();
  SmallVector<Value> inputs{accumulator};
  SmallVector<AffineMap> maps{builder.getMultiDimIdentityMap(rank)};
  if (bias) {
    inputs.push_back(bias);
    maps.push_back(axisMap(builder.getContext(), rank, rank - 1));
  }
  return createElementwise(
      builder, loc, type, inputs, maps,
      [&](OpBuilder &nested, Location bodyLoc, ValueRange args) {
        Value value = args[0];
        if (bias)
          value = arith::AddFOp::create(nested, bodyLoc, value, args[1]);
        return createRealClamp(nested, bodyLoc, value, clamp);
      });
}

Value quantcc::createPermutedWeights(OpBuilder &builder, Location loc,
                                     Value weights, ArrayRef<int64_t> shape,
                                     ArrayRef<unsigned> permutation) {
  Type element = builder.getF32Type();
  SmallVector<int64_t> permuted;
  for (unsigned axis : permutation)
    permuted.push_back(shape[axis]);
  auto type = RankedTensorType::get(permuted, element);
  DenseFPElementsAttr constant;
  if (matchPattern(weights, m_Constant(&constant))) {
    auto values = llvm::to_vector(constant.getValues<float>());
    return arith::ConstantOp::create(
        builder, loc,
        DenseElementsAttr::get(type, ArrayRef<float>(permuteElements<float>(
                                         values, shape, permutation))));
  }
  weights = createReshape(builder, loc, weights, shape);
  Value empty = tensor::EmptyOp::create(builder, loc, permuted, element);
  SmallVector<int64_t> order(permutation.begin(), permutation.end());
  return linalg::TransposeOp::create(builder, loc, weights, empty, order)
      ->getResult(0);
}

Value quantcc::createZeros(OpBuilder &builder, Location loc,
                           ArrayRef<int64_t> shape) {
  return createFilled(builder, loc,
                      RankedTensorType::get(shape, builder.getF32Type()),
                      builder.getF32FloatAttr(0.0f));
}
