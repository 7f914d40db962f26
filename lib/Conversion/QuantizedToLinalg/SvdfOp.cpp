//===- SvdfOp.cpp - SVDF to integers --------------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lowers quantized svdf: a product of the newest input, a state that moves on
// by one step, and a sum over it. (docs/Numerics.md, N34)
//
//===----------------------------------------------------------------------===//

#include "IntegerContraction.h"
#include "quantcc/Conversion/LinalgBuilding/FilterMemory.h"
#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"
#include "quantcc/Conversion/QuantizedToLinalg/QuantizedToLinalg.h"
#include "quantcc/Support/RescaleRules.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/IR/Matchers.h>

using namespace mlir;
using namespace quantcc;

namespace {

/// What the sum over the state needs at compile time.
struct TimeProduct {
  SmallVector<int64_t> weights;
  /// One a unit, zero point folded in.
  SmallVector<int64_t> bias;
  /// 32, or 64 where the sum may leave 32 bits, which then saturates.
  unsigned width;
  FixedPointMultiplier multiplier;
};

} // namespace

static FailureOr<SmallVector<int64_t>> readConstant(SvdfOp op, Value value,
                                                    StringRef what) {
  DenseIntElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements)))
    return op.emitOpError() << "expected constant " << what;
  SmallVector<int64_t> result;
  for (const APInt &element : elements.getValues<APInt>())
    result.push_back(element.getSExtValue());
  return result;
}

/// f32(f32(input * weights) / output), in fixed point.
static FailureOr<FixedPointMultiplier>
makeSvdfMultiplier(SvdfOp op, Value input, Value weights, Value output) {
  float real =
      onnxMultiplier(StoredTensor(input).scale, StoredTensor(weights).scale,
                     StoredTensor(output).scale);
  return makeMultiplier(op, real, real, *op.getRounding());
}

static FailureOr<TimeProduct> prepareTimeProduct(SvdfOp op, Value weights,
                                                 Value bias) {
  auto multiplier = makeSvdfMultiplier(op, op.getInitialState(),
                                       op.getTimeWeights(), op.getResult());
  auto values = readConstant(op, weights, "weights");
  if (failed(multiplier) || failed(values))
    return failure();
  TimeProduct product{std::move(*values), {}, 32, *multiplier};
  int64_t units = shapeOf(op.getResult())[1];
  product.bias.assign(units, 0);
  if (bias) {
    auto biases = readConstant(op, bias, "bias");
    if (failed(biases))
      return failure();
    product.bias = std::move(*biases);
  }
  StoredTensor state(op.getInitialState());
  size_t perUnit = product.weights.size() / units;
  double largest = 0.0;
  for (int64_t unit = 0; unit < units; ++unit) {
    int64_t sum = 0, magnitude = 0;
    for (int64_t weight :
         ArrayRef<int64_t>(product.weights).slice(unit * perUnit, perUnit)) {
      sum += weight;
      magnitude += std::abs(weight);
    }
    largest =
        std::max(largest, std::abs(static_cast<double>(product.bias[unit])) +
                              static_cast<double>(state.largestMagnitude()) *
                                  static_cast<double>(magnitude));
    product.bias[unit] -= state.zeroPoint * sum;
  }
  if (largest >= kNarrowAccumulatorBound)
    product.width = 64;
  if (failed(checkAccumulator(op, std::min(largest, 0x1p31 - 1), *multiplier,
                              *op.getRounding())))
    return failure();
  return product;
}

/// i64 sums limited to 32 bits.
static Value createSaturated(OpBuilder &builder, Location loc, Value sums) {
  auto type = cast<RankedTensorType>(sums.getType());
  if (type.getElementTypeBitWidth() == 32)
    return sums;
  return createElementwise(
      builder, loc, type.clone(builder.getI32Type()), sums,
      [](OpBuilder &nested, Location bodyLoc, ValueRange args) -> Value {
        Value limited = createClamp(nested, bodyLoc, args[0],
                                    nested.getI64IntegerAttr(INT32_MIN),
                                    nested.getI64IntegerAttr(INT32_MAX),
                                    /*isUnsigned=*/false);
        return arith::TruncIOp::create(nested, bodyLoc, nested.getI32Type(),
                                       limited);
      });
}

namespace {

struct SvdfPattern : OpConversionPattern<SvdfOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(SvdfOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (!isQuantized(op.getResult().getType()))
      return rewriter.notifyMatchFailure(op, "float form");
    if (failed(refuseHalfEven(op, *op.getRounding())))
      return failure();
    FailureOr<Value> newest = createNewest(op, adaptor, rewriter);
    auto product =
        prepareTimeProduct(op, adaptor.getTimeWeights(), adaptor.getBias());
    if (failed(newest) || failed(product))
      return failure();
    Location loc = op.getLoc();
    FilterMemory memory(shapeOf(op.getTimeWeights()), op.getRank(),
                        shapeOf(op.getInput())[0]);
    Value state =
        memory.advance(rewriter, loc, adaptor.getInitialState(), *newest);
    unsigned width = cast<RankedTensorType>(adaptor.getTimeWeights().getType())
                         .getElementTypeBitWidth();
    Value weights = createIntegerConstant(rewriter, loc, product->weights,
                                          shapeOf(op.getTimeWeights()), width);
    Value bias = createIntegerConstant(
        rewriter, loc, product->bias,
        {static_cast<int64_t>(product->bias.size())}, product->width);
    auto sumType = RankedTensorType::get(
        shapeOf(op.getResult()), rewriter.getIntegerType(product->width));
    Value sums =
        memory.createSum(rewriter, loc, state, weights,
                         createBroadcastOfLast(rewriter, loc, bias, sumType));
    Value result =
        createRequantize(rewriter, loc, createSaturated(rewriter, loc, sums),
                         op.getResult().getType(), op.getStoredClamp(),
                         product->multiplier, std::nullopt, *op.getRounding());
    rewriter.replaceOp(op, {result, state});
    return success();
  }

private:
  /// The newest value of each filter, [B,F], in the state's storage.
  static FailureOr<Value> createNewest(SvdfOp op, OpAdaptor adaptor,
                                       OpBuilder &builder) {
    StoredTensor state(op.getInitialState());
    ContractionParts parts{
        StoredTensor(op.getInput()),
        getQuantizedElementType(op.getFeatureWeights().getType()),
        adaptor.getFeatureWeights(),
        /*bias=*/Value(),
        state.scale,
        /*allowWide=*/false};
    auto constants = prepareContraction(op, parts, *op.getRounding(),
                                        MultiplierRule::Linear);
    auto multiplier = makeSvdfMultiplier(
        op, op.getInput(), op.getFeatureWeights(), op.getInitialState());
    if (failed(constants) || failed(multiplier))
      return failure();
    Location loc = op.getLoc();
    ArrayRef<int64_t> shape = shapeOf(op.getFeatureWeights());
    SmallVector<int64_t> newest{shapeOf(op.getInput())[0], shape[0]};
    auto type = RankedTensorType::get(newest, builder.getI32Type());
    Value bias = createIntegerConstant(builder, loc, constants->foldedBias,
                                       shape[0], /*width=*/32);
    Value weights = createIntegerConstant(builder, loc, constants->weights,
                                          shape, constants->weightWidth);
    Value accumulator =
        linalg::MatmulTransposeBOp::create(
            builder, loc, TypeRange{type},
            ValueRange{adaptor.getInput(), weights},
            ValueRange{createBroadcastOfLast(builder, loc, bias, type)})
            .getResult(0);
    Type target =
        cast<RankedTensorType>(op.getInitialState().getType()).clone(newest);
    return createRequantize(builder, loc, accumulator, target,
                            /*clamp=*/std::nullopt, *multiplier, std::nullopt,
                            *op.getRounding());
  }
};

} // namespace

void quantcc::populateSvdfPatterns(const TypeConverter &converter,
                                   RewritePatternSet &patterns) {
  patterns.add<SvdfPattern>(converter, patterns.getContext());
}
