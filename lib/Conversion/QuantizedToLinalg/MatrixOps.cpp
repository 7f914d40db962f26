//===- MatrixOps.cpp - Matrix products to integers ------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lowers quantized linear to linalg.matmul and quantized matmul to a generic
// product.
//
//===----------------------------------------------------------------------===//

#include "IntegerContraction.h"
#include "quantcc/Analysis/AccumulatorBounds.h"
#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"
#include "quantcc/Conversion/QuantizedToLinalg/QuantizedToLinalg.h"
#include "quantcc/Support/RescaleRules.h"

#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>

using namespace mlir;
using namespace quantcc;

/// `input` less its zero point, as a tensor wide enough for the difference.
static Value createCentred(OpBuilder &builder, Location loc, Value input,
                           const StoredTensor &stored) {
  if (stored.isSigned && stored.zeroPoint == 0)
    return input;
  auto type = cast<RankedTensorType>(input.getType());
  Type wide = builder.getIntegerType(stored.width <= 8 ? 16 : 32);
  return createElementwise(
      builder, loc, type.clone(wide), input,
      [&](OpBuilder &nested, Location bodyLoc, ValueRange args) {
        return createDifference(nested, bodyLoc, args[0], stored, wide);
      });
}

/// `input` with its last two dimensions exchanged.
static Value createTurned(OpBuilder &builder, Location loc, Value input) {
  SmallVector<int64_t> shape(shapeOf(input));
  SmallVector<int64_t> permutation =
      llvm::to_vector(llvm::seq<int64_t>(0, shape.size()));
  std::swap(shape.end()[-1], shape.end()[-2]);
  std::swap(permutation.end()[-1], permutation.end()[-2]);
  Value empty = tensor::EmptyOp::create(builder, loc, shape,
                                        getElementTypeOrSelf(input.getType()));
  return linalg::TransposeOp::create(builder, loc, input, empty, permutation)
      ->getResult(0);
}

namespace {

struct LinearPattern : OpConversionPattern<LinearOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(LinearOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto constants =
        prepareContraction(op, adaptor.getWeights(), adaptor.getBias(),
                           op.getRounding(), MultiplierRule::Linear);
    if (failed(constants))
      return failure();
    Location loc = op.getLoc();
    ArrayRef<int64_t> weightShape = shapeOf(op.getWeights());
    ArrayRef<int64_t> resultShape = shapeOf(op.getResult());
    int64_t rows = ShapedType::getNumElements(resultShape.drop_back());
    Value input = createSignedActivation(rewriter, loc, adaptor.getInput(),
                                         op.getInput().getType());
    input = createReshape(rewriter, loc, input, {rows, weightShape[1]});
    Value weights = createIntegerConstant(rewriter, loc, constants->weights,
                                          weightShape, constants->weightWidth);
    unsigned width = constants->accumulatorWidth;
    Value bias = createIntegerConstant(rewriter, loc, constants->foldedBias,
                                       {weightShape[0]}, width);
    auto type = RankedTensorType::get({rows, weightShape[0]},
                                      rewriter.getIntegerType(width));
    Value init = createBroadcastOfLast(rewriter, loc, bias, type);
    Value accumulator = linalg::MatmulTransposeBOp::create(
                            rewriter, loc, TypeRange{type},
                            ValueRange{input, weights}, ValueRange{init})
                            .getResult(0);
    accumulator = createReshape(rewriter, loc, accumulator, resultShape);
    if (op.getRounding())
      accumulator =
          createRequantize(rewriter, loc, accumulator, op.getResult().getType(),
                           op.getStoredClamp(), constants->multipliers,
                           resultShape.size() - 1, *op.getRounding());
    rewriter.replaceOp(op, accumulator);
    return success();
  }
};

struct MatMulPattern : OpConversionPattern<MatMulOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(MatMulOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    StoredTensor lhs(op.getLhs()), rhs(op.getRhs());
    ArrayRef<int64_t> shape = shapeOf(op.getResult());
    double bound = computeAccumulatorBounds(op)->front().magnitude();
    FailureOr<FixedPointMultiplier> multiplier = failure();
    if (op.getRounding()) {
      StoredTensor result(op.getResult());
      // What is always 0 needs no multiplier (N37).
      multiplier = FixedPointMultiplier{0, 31};
      if (bound != 0)
        multiplier = makeMultiplier(
            op, linearMultiplier(lhs.scale, rhs.scale, result.scale),
            onnxMultiplier(lhs.scale, rhs.scale, result.scale),
            *op.getRounding());
      if (failed(multiplier) ||
          failed(checkAccumulator(op, bound, *multiplier, *op.getRounding(),
                                  /*allowWide=*/true)))
        return failure();
    } else if (failed(checkPlainAccumulator(op, bound))) {
      return failure();
    }
    Location loc = op.getLoc();
    Type sum =
        rewriter.getIntegerType(bound < kNarrowAccumulatorBound ? 32 : 64);
    if (!op.getRounding())
      sum = getElementTypeOrSelf(op.getResult().getType());
    Value init = createFilled(rewriter, loc, RankedTensorType::get(shape, sum),
                              rewriter.getIntegerAttr(sum, 0));
    // Results of a row follow each other, and so should what they are made of;
    // a copy is worth it if several rows read it.
    constexpr int64_t kFewestRows = 4;
    bool turns = op.getTransposeRhs() && shape.end()[-2] >= kFewestRows;
    Value rhsInput = adaptor.getRhs();
    if (turns)
      rhsInput = createTurned(rewriter, loc, rhsInput);
    MatMulLoops loops(rewriter.getContext(), shapeOf(op.getLhs()),
                      shapeOf(rhsInput), shape, op.getTransposeLhs(),
                      op.getTransposeRhs() && !turns);
    Value accumulator = createReduction(
        rewriter, loc,
        {createCentred(rewriter, loc, adaptor.getLhs(), lhs),
         createCentred(rewriter, loc, rhsInput, rhs)},
        init, loops.maps, loops.isReduction, createMultiplyAccumulate);
    if (op.getRounding())
      accumulator = createRequantize(
          rewriter, loc, accumulator, op.getResult().getType(),
          op.getStoredClamp(), *multiplier, std::nullopt, *op.getRounding());
    rewriter.replaceOp(op, accumulator);
    return success();
  }
};

} // namespace

void quantcc::populateMatrixPatterns(const TypeConverter &converter,
                                     RewritePatternSet &patterns) {
  patterns.add<LinearPattern, MatMulPattern>(converter, patterns.getContext());
}
