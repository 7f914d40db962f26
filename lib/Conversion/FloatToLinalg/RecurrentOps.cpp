//===- RecurrentOps.cpp - Layers with a state on f32 ----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lowers lstm and svdf in their float form. (docs/Numerics.md, N19)
//
//===----------------------------------------------------------------------===//

#include "FloatBuilding.h"
#include "quantcc/Conversion/FloatToLinalg/FloatToLinalg.h"
#include "quantcc/Conversion/LinalgBuilding/FilterMemory.h"
#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"
#include "quantcc/Conversion/LinalgBuilding/SequenceLoop.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Math/IR/Math.h>

using namespace mlir;
using namespace quantcc;

/// input [B,K] times the transpose of the weights, given as [K,N].
static Value createProduct(OpBuilder &builder, Location loc, Value input,
                           Value weights) {
  Value init =
      createZeros(builder, loc, {shapeOf(input)[0], shapeOf(weights)[1]});
  MatMulLoops loops(builder.getContext(), shapeOf(input), shapeOf(weights),
                    shapeOf(init), /*transposeLhs=*/false,
                    /*transposeRhs=*/false);
  return createReduction(builder, loc, {input, weights}, init, loops.maps,
                         loops.isReduction, createMultiplyAccumulate);
}

static Value createTransposed(OpBuilder &builder, Location loc, Value weights) {
  SmallVector<int64_t> shape(shapeOf(weights));
  return createPermutedWeights(builder, loc, weights, shape, {1, 0});
}

//===----------------------------------------------------------------------===//
// LSTM
//===----------------------------------------------------------------------===//

namespace {

/// What one step takes from outside the loop, by gate; a bias may be null.
struct FloatGates {
  Value inputWeights[LstmOp::kGates], recurrentWeights[LstmOp::kGates],
      bias[LstmOp::kGates];
};

} // namespace

static Value createSigmoid(OpBuilder &builder, Location loc, Value x) {
  Value one =
      arith::ConstantOp::create(builder, loc, builder.getF32FloatAttr(1.0f));
  Value exp =
      math::ExpOp::create(builder, loc, arith::NegFOp::create(builder, loc, x));
  return arith::DivFOp::create(builder, loc, one,
                               arith::AddFOp::create(builder, loc, one, exp));
}

static Value createGate(OpBuilder &builder, Location loc,
                        const FloatGates &gates, unsigned gate, Value input,
                        Value hidden) {
  Value fromInput = createEpilogue(
      builder, loc,
      createProduct(builder, loc, input, gates.inputWeights[gate]),
      gates.bias[gate], /*clamp=*/std::nullopt);
  Value fromHidden =
      createProduct(builder, loc, hidden, gates.recurrentWeights[gate]);
  return createElementwise(
      builder, loc, cast<RankedTensorType>(fromInput.getType()),
      {fromInput, fromHidden},
      [&](OpBuilder &nested, Location bodyLoc, ValueRange args) -> Value {
        Value sum = arith::AddFOp::create(nested, bodyLoc, args[0], args[1]);
        if (gate == LstmOp::CellGate)
          return math::TanhOp::create(nested, bodyLoc, sum);
        return createSigmoid(nested, bodyLoc, sum);
      });
}

static SequenceStep createStep(OpBuilder &builder, Location loc, LstmOp op,
                               const FloatGates &gates, Value input,
                               Value hidden, Value cell) {
  auto gate = [&](unsigned index) {
    return createGate(builder, loc, gates, index, input, hidden);
  };
  SmallVector<Value> operands{gate(LstmOp::ForgetGate), cell,
                              gate(LstmOp::InputGate), gate(LstmOp::CellGate)};
  auto type = cast<RankedTensorType>(cell.getType());
  Value newCell = createElementwise(
      builder, loc, type, operands,
      [&](OpBuilder &nested, Location bodyLoc, ValueRange args) -> Value {
        Value sum = arith::AddFOp::create(
            nested, bodyLoc,
            arith::MulFOp::create(nested, bodyLoc, args[0], args[1]),
            arith::MulFOp::create(nested, bodyLoc, args[2], args[3]));
        if (!op.getCellClip())
          return sum;
        float clip = op.getCellClip()->convertToFloat();
        return createRealClamp(nested, bodyLoc, sum,
                               ArrayRef<float>{-clip, clip});
      });
  Value newHidden = createElementwise(
      builder, loc, type, {gate(LstmOp::OutputGate), newCell},
      [&](OpBuilder &nested, Location bodyLoc, ValueRange args) -> Value {
        return arith::MulFOp::create(
            nested, bodyLoc, args[0],
            math::TanhOp::create(nested, bodyLoc, args[1]));
      });
  return {newHidden, {newHidden, newCell}};
}

namespace {

struct LstmPattern : OpConversionPattern<LstmOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(LstmOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (isQuantized(op.getResult().getType()))
      return rewriter.notifyMatchFailure(op, "quantized form");
    Location loc = op.getLoc();
    FloatGates gates;
    for (unsigned gate = 0; gate < LstmOp::kGates; ++gate) {
      gates.inputWeights[gate] =
          createTransposed(rewriter, loc, adaptor.getInputWeights()[gate]);
      gates.recurrentWeights[gate] =
          createTransposed(rewriter, loc, adaptor.getRecurrentWeights()[gate]);
      gates.bias[gate] =
          adaptor.getBias().empty() ? Value() : adaptor.getBias()[gate];
    }
    rewriter.replaceOp(
        op, createSequenceLoop(
                rewriter, loc, adaptor.getInput(), op.getTimeAxis(),
                cast<RankedTensorType>(op.getResult().getType()),
                {adaptor.getInitialHidden(), adaptor.getInitialCell()},
                [&](OpBuilder &builder, Location bodyLoc, Value input,
                    ValueRange states) {
                  return createStep(builder, bodyLoc, op, gates, input,
                                    states[0], states[1]);
                }));
    return success();
  }
};

//===----------------------------------------------------------------------===//
// SVDF
//===----------------------------------------------------------------------===//

struct SvdfPattern : OpConversionPattern<SvdfOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(SvdfOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (isQuantized(op.getResult().getType()))
      return rewriter.notifyMatchFailure(op, "quantized form");
    Location loc = op.getLoc();
    FilterMemory memory(shapeOf(op.getTimeWeights()), op.getRank(),
                        shapeOf(op.getInput())[0]);
    Value newest = createProduct(
        rewriter, loc, adaptor.getInput(),
        createTransposed(rewriter, loc, adaptor.getFeatureWeights()));
    Value state =
        memory.advance(rewriter, loc, adaptor.getInitialState(), newest);
    Value sums =
        memory.createSum(rewriter, loc, state, adaptor.getTimeWeights(),
                         createZeros(rewriter, loc, shapeOf(op.getResult())));
    Value result =
        createEpilogue(rewriter, loc, sums, adaptor.getBias(), op.getClamp());
    rewriter.replaceOp(op, {result, state});
    return success();
  }
};

} // namespace

void quantcc::populateFloatRecurrentPatterns(const TypeConverter &converter,
                                             RewritePatternSet &patterns) {
  patterns.add<LstmPattern, SvdfPattern>(converter, patterns.getContext());
}
