//===- FloatContraction.cpp - Sums of products in f32 ---------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Recognizes contractions of f32, and where their elements lie.
//
//===----------------------------------------------------------------------===//

#include "FloatContraction.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Utils/IndexingUtils.h>

using namespace mlir;
using namespace quantcc;

/// Whether the body of `op` is `out + lhs * rhs`, as plain operations.
static bool isMultiplyAdd(linalg::GenericOp op) {
  Block &body = *op.getBody();
  if (body.getNumArguments() != 3 || body.getOperations().size() != 3 ||
      !llvm::all_of(body.getArgumentTypes(),
                    [](Type type) { return type.isF32(); }))
    return false;
  auto yield = cast<linalg::YieldOp>(body.getTerminator());
  auto add = yield.getOperand(0).getDefiningOp<arith::AddFOp>();
  if (!add || add.getLhs() != body.getArgument(2) ||
      add.getFastmath() != arith::FastMathFlags::none)
    return false;
  auto multiply = add.getRhs().getDefiningOp<arith::MulFOp>();
  return multiply && multiply.getLhs() == body.getArgument(0) &&
         multiply.getRhs() == body.getArgument(1) &&
         multiply.getFastmath() == arith::FastMathFlags::none;
}

/// Whether `expr` is a sum of dimensions, constants, and dimensions times
/// constants, which is how affine maps spell most linear expressions.
static bool isLinear(AffineExpr expr) {
  if (expr.getKind() == AffineExprKind::Add) {
    auto sum = cast<AffineBinaryOpExpr>(expr);
    return isLinear(sum.getLHS()) && isLinear(sum.getRHS());
  }
  if (expr.getKind() == AffineExprKind::Mul) {
    auto product = cast<AffineBinaryOpExpr>(expr);
    return isa<AffineDimExpr>(product.getLHS()) &&
           isa<AffineConstantExpr>(product.getRHS());
  }
  return isa<AffineDimExpr, AffineConstantExpr>(expr);
}

/// How much `expr` grows with each of `count` dimensions.
static SmallVector<int64_t> coefficientsOf(AffineExpr expr, unsigned count) {
  MLIRContext *context = expr.getContext();
  SmallVector<AffineExpr> point(count, getAffineConstantExpr(0, context));
  auto evaluate = [&] {
    return cast<AffineConstantExpr>(expr.replaceDims(point)).getValue();
  };
  int64_t origin = evaluate();
  SmallVector<int64_t> coefficients;
  for (unsigned dimension = 0; dimension != count; ++dimension) {
    point[dimension] = getAffineConstantExpr(1, context);
    coefficients.push_back(evaluate() - origin);
    point[dimension] = getAffineConstantExpr(0, context);
  }
  return coefficients;
}

/// Elements between neighbours along each dimension of `type`, the last being
/// neighbours in memory; nothing if that is not known.
static std::optional<SmallVector<int64_t>> elementStrides(Type type) {
  auto shaped = cast<ShapedType>(type);
  if (!shaped.hasStaticShape())
    return std::nullopt;
  if (auto buffer = dyn_cast<MemRefType>(type)) {
    SmallVector<int64_t> strides;
    int64_t offset;
    if (failed(buffer.getStridesAndOffset(strides, offset)) ||
        llvm::is_contained(strides, ShapedType::kDynamic) || strides.empty() ||
        strides.back() != 1)
      return std::nullopt;
    return strides;
  }
  if (shaped.getRank() == 0)
    return std::nullopt;
  return computeSuffixProduct(shaped.getShape());
}

/// Whether neighbours along `dimension` can share a vector.
static bool canBeLanes(const FloatContraction &contraction,
                       unsigned dimension) {
  auto step = [&](FloatContraction::Operand operand) {
    return contraction.steps[operand][dimension];
  };
  return !contraction.isReduction[dimension] &&
         contraction.extents[dimension] > 1 &&
         step(FloatContraction::Result) == 1 &&
         llvm::is_contained({0, 1}, step(FloatContraction::Lhs)) &&
         llvm::is_contained({0, 1}, step(FloatContraction::Rhs));
}

std::optional<FloatContraction>
FloatContraction::match(linalg::LinalgOp linalgOp) {
  auto op = dyn_cast<linalg::GenericOp>(linalgOp.getOperation());
  if (!op || op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1 ||
      op.getNumReductionLoops() == 0 || !isMultiplyAdd(op))
    return std::nullopt;
  FloatContraction result;
  result.op = op;
  result.extents = op.getStaticLoopRanges();
  if (llvm::any_of(result.extents, ShapedType::isDynamic))
    return std::nullopt;
  for (utils::IteratorType type : op.getIteratorTypesArray())
    result.isReduction.push_back(type == utils::IteratorType::reduction);
  unsigned count = result.extents.size();
  for (auto [steps, map, operand] : llvm::zip_equal(
           result.steps, op.getIndexingMapsArray(), op->getOperands())) {
    auto strides = elementStrides(operand.getType());
    if (!strides || !llvm::all_of(map.getResults(), isLinear))
      return std::nullopt;
    steps.assign(count, 0);
    for (auto [expr, stride] : llvm::zip_equal(map.getResults(), *strides))
      for (auto [step, coefficient, extent] :
           llvm::zip_equal(steps, coefficientsOf(expr, count), result.extents))
        step += extent == 1 ? 0 : coefficient * stride;
  }
  std::optional<unsigned> lanes;
  for (unsigned dimension = 0; dimension != count; ++dimension)
    if (canBeLanes(result, dimension) &&
        (!lanes || result.extents[dimension] > result.extents[*lanes]))
      lanes = dimension;
  if (!lanes)
    return std::nullopt;
  result.lanes = *lanes;
  return result;
}
