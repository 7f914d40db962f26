//===- TosaComposites.cpp - Means and softmax in tosa ---------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Matches the products that means and softmax end in.
//
//===----------------------------------------------------------------------===//

#include "TosaComposites.h"

#include "quantcc/Analysis/FloatConstants.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <cmath>
#include <mlir/Dialect/Tosa/IR/TosaOps.h>
#include <mlir/IR/Iterators.h>
#include <mlir/Interfaces/SideEffectInterfaces.h>

using namespace mlir;
using namespace quantcc;

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

/// The `mean` of which `product` is the last op if `sum` is a chain of sums and
/// `factor` the reciprocal of their number of summands, or null.
static Operation *matchMean(tosa::MulOp product, Value sum, Value factor) {
  SmallVector<int64_t> axes;
  double count = 1.0;
  Value input = sum;
  while (auto reduce = input.getDefiningOp<tosa::ReduceSumOp>()) {
    input = reduce.getInput();
    axes.push_back(reduce.getAxis());
    count *= shapeOf(input)[reduce.getAxis()];
  }
  std::optional<std::vector<float>> value = getFloatConstant(factor);
  llvm::sort(axes);
  bool distinct = std::adjacent_find(axes.begin(), axes.end()) == axes.end();
  // The factor is a reciprocal as it was rounded to f32.
  if (axes.empty() || !distinct || product.getType() != sum.getType() ||
      !value || value->size() != 1 ||
      std::abs(value->front() * count - 1.0) > 0x1p-22)
    return nullptr;
  OpBuilder builder(product);
  return MeanOp::create(builder, product.getLoc(), product.getType(), input,
                        axes, /*keep_dims=*/true, /*clamp=*/nullptr,
                        /*stored_clamp=*/nullptr, /*rounding=*/nullptr);
}

/// The `softmax` of which `product` is the last op if `exponential` and
/// `reciprocal` are its parts, or null.
static Operation *matchSoftmax(tosa::MulOp product, Value exponential,
                               Value reciprocal) {
  auto exp = exponential.getDefiningOp<tosa::ExpOp>();
  auto inverse = reciprocal.getDefiningOp<tosa::ReciprocalOp>();
  if (!exp || !inverse)
    return nullptr;
  auto sum = inverse.getInput1().getDefiningOp<tosa::ReduceSumOp>();
  auto difference = exp.getInput1().getDefiningOp<tosa::SubOp>();
  if (!sum || !difference || sum.getInput() != exp.getOutput())
    return nullptr;
  auto max = difference.getInput2().getDefiningOp<tosa::ReduceMaxOp>();
  Value input = difference.getInput1();
  int64_t last = static_cast<int64_t>(shapeOf(exponential).size()) - 1;
  if (!max || max.getInput() != input || max.getAxis() != last ||
      sum.getAxis() != last || product.getType() != input.getType())
    return nullptr;
  OpBuilder builder(product);
  return SoftmaxOp::create(builder, product.getLoc(), product.getType(), input,
                           builder.getF32FloatAttr(1.0f));
}

void quantcc::recognizeTosaComposites(func::FuncOp function) {
  SmallVector<tosa::MulOp> products;
  function.walk([&](tosa::MulOp op) {
    if (llvm::all_of(op->getOperandTypes(), llvm::IsaPred<RankedTensorType>))
      products.push_back(op);
  });
  for (tosa::MulOp product : products) {
    Value lhs = product.getInput1(), rhs = product.getInput2();
    Operation *composite = nullptr;
    for (auto [left, right] : {std::pair(lhs, rhs), std::pair(rhs, lhs)}) {
      if (!composite)
        composite = matchMean(product, left, right);
      if (!composite)
        composite = matchSoftmax(product, left, right);
    }
    if (composite)
      product.getOutput().replaceAllUsesWith(composite->getResult(0));
  }
  // From the last to the first, so that each is dead when its uses are gone.
  function.walk<WalkOrder::PostOrder, ReverseIterator>([](Operation *op) {
    if (isa_and_present<tosa::TosaDialect>(op->getDialect()) &&
        isOpTriviallyDead(op))
      op->erase();
  });
}
