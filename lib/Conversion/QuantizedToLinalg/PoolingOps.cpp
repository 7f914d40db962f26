//===- PoolingOps.cpp - Pools, means and softmax to integers --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lowers quantized avg_pool2d, mean and softmax.
//
//===----------------------------------------------------------------------===//

#include "Requantization.h"
#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"
#include "quantcc/Conversion/LinalgBuilding/WindowCounts.h"
#include "quantcc/Conversion/QuantizedToLinalg/QuantizedToLinalg.h"
#include "quantcc/Support/RescaleRules.h"
#include "quantcc/Support/StoredRange.h"

#include <llvm/Support/MathExtras.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>

using namespace mlir;
using namespace quantcc;

namespace {

/// Divides sums of windows by their counts n, ties away from zero, without a
/// division: with a = |sum| + floor(n / 2), the product
/// a * (floor(2^p / n) + 1) >> p is floor(a / n), as the error of the
/// reciprocal, at most 1, times a stays below 2^p / n.
class WindowDivision {
public:
  /// Of the sums of at most `largestCount` values of magnitude `largestValue`.
  WindowDivision(int64_t largestCount, int64_t largestValue)
      : valueBits(llvm::Log2_64_Ceil(largestValue + 1)) {
    // More than that would not fit anyway.
    if (largestCount < 1 << 20)
      shift =
          llvm::Log2_64_Ceil((largestValue + 1) * largestCount * largestCount);
  }

  /// Whether products fit i64.
  bool fits() const { return shift <= 48; }
  int64_t reciprocal(int64_t count) const {
    return (int64_t(1) << shift) / count + 1;
  }
  /// 32 if products fit that, or else 64.
  unsigned width() const { return valueBits + shift < 32 ? 32 : 64; }

  /// `reciprocal` has width() bits.
  Value divide(OpBuilder &builder, Location loc, Value sum, Value half,
               Value reciprocal) const;

private:
  unsigned valueBits;
  unsigned shift = 64;
};

} // namespace

Value WindowDivision::divide(OpBuilder &builder, Location loc, Value sum,
                             Value half, Value reciprocal) const {
  Type i32 = builder.getI32Type(), wide = reciprocal.getType();
  Value zero = arith::ConstantOp::create(builder, loc, storedAttr(i32, 0));
  Value shiftValue =
      arith::ConstantOp::create(builder, loc, storedAttr(wide, shift));
  Value isNegative =
      arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::slt, sum, zero);
  Value negated = arith::SubIOp::create(builder, loc, zero, sum);
  Value magnitude =
      arith::SelectOp::create(builder, loc, isNegative, negated, sum);
  magnitude = arith::AddIOp::create(builder, loc, magnitude, half);
  magnitude = extendStored(builder, loc, magnitude, wide, /*isSigned=*/false);
  Value product = arith::MulIOp::create(builder, loc, magnitude, reciprocal);
  Value quotient = arith::ShRUIOp::create(builder, loc, product, shiftValue);
  if (wide != i32)
    quotient = arith::TruncIOp::create(builder, loc, i32, quotient);
  negated = arith::SubIOp::create(builder, loc, zero, quotient);
  return arith::SelectOp::create(builder, loc, isNegative, negated, quotient);
}

namespace {

class AvgPool2DPattern : public OpConversionPattern<AvgPool2DOp> {
public:
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(AvgPool2DOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    StoredTensor stored(op.getInput());
    WindowCounts counts(op);
    int64_t largestValue = std::max(stored.max, -stored.min);
    WindowDivision division(counts.largest(), largestValue);
    int64_t largestSum = counts.largest() * largestValue;
    if (!division.fits() || largestSum > INT32_MAX)
      return op.emitOpError() << "expected windows whose sums fit 32 bits, "
                              << "found " << counts.largest() << " positions";
    Value sums = createSums(op, adaptor.getInput(), stored, rewriter);
    rewriter.replaceOp(
        op, createQuotients(op, sums, stored, counts, division, rewriter));
    return success();
  }

private:
  Value createSums(AvgPool2DOp op, Value input, const StoredTensor &stored,
                   OpBuilder &builder) const {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(input.getType());
    Type i32 = builder.getI32Type();
    if (!stored.isSigned)
      // linalg's sum would extend the sign.
      input = createElementwise(
          builder, loc, type.clone(i32), input,
          [&](OpBuilder &nested, Location bodyLoc, ValueRange args) {
            return extendStored(nested, bodyLoc, args[0], i32,
                                /*isSigned=*/false);
          });
    Type element = cast<RankedTensorType>(input.getType()).getElementType();
    ArrayRef<int64_t> padding = op.getPadding();
    input =
        createPadded(builder, loc, input, {0, padding[0], padding[2], 0},
                     {0, padding[1], padding[3], 0}, storedAttr(element, 0));
    Value window =
        tensor::EmptyOp::create(builder, loc, op.getKernel(), element);
    Value init = createFilled(
        builder, loc, RankedTensorType::get(shapeOf(op.getResult()), i32),
        storedAttr(i32, 0));
    return linalg::PoolingNhwcSumOp::create(
               builder, loc, TypeRange{init.getType()},
               ValueRange{input, window}, ValueRange{init},
               builder.getI64TensorAttr(op.getStrides()),
               builder.getI64TensorAttr({1, 1}))
        .getResult(0);
  }

  Value createQuotients(AvgPool2DOp op, Value sums, const StoredTensor &stored,
                        const WindowCounts &counts,
                        const WindowDivision &division,
                        OpBuilder &builder) const {
    Location loc = op.getLoc();
    Type i32 = builder.getI32Type();
    Type wide = builder.getIntegerType(division.width());
    auto resultType = RankedTensorType::get(
        shapeOf(op.getResult()), builder.getIntegerType(stored.width));
    std::optional<ArrayRef<int32_t>> clamp = op.getStoredClamp();
    TypedAttr low = storedAttr(i32, clamp ? (*clamp)[0] : stored.min);
    TypedAttr high = storedAttr(i32, clamp ? (*clamp)[1] : stored.max);
    auto finish = [&](OpBuilder &nested, Location bodyLoc, Value sum,
                      Value half, Value reciprocal) -> Value {
      Value quotient = division.divide(nested, bodyLoc, sum, half, reciprocal);
      quotient = createClamp(nested, bodyLoc, quotient, low, high,
                             /*isUnsigned=*/false);
      return arith::TruncIOp::create(nested, bodyLoc,
                                     resultType.getElementType(), quotient);
    };
    if (counts.isUniform()) {
      int64_t count = counts.largest();
      return createElementwise(
          builder, loc, resultType, sums,
          [&](OpBuilder &nested, Location bodyLoc, ValueRange args) {
            Value half = arith::ConstantOp::create(nested, bodyLoc,
                                                   storedAttr(i32, count / 2));
            Value reciprocal = arith::ConstantOp::create(
                nested, bodyLoc, storedAttr(wide, division.reciprocal(count)));
            return finish(nested, bodyLoc, args[0], half, reciprocal);
          });
    }
    SmallVector<int64_t> halves, reciprocals;
    for (int64_t count : counts.values) {
      halves.push_back(count / 2);
      reciprocals.push_back(division.reciprocal(count));
    }
    ArrayRef<int64_t> windows = shapeOf(op.getResult()).slice(1, 2);
    Value halfTensor = createIntegerConstant(builder, loc, halves, windows, 32);
    Value reciprocalTensor = createIntegerConstant(builder, loc, reciprocals,
                                                   windows, division.width());
    AffineMap identity = builder.getMultiDimIdentityMap(4);
    AffineMap perWindow = identity.getSubMap({1, 2});
    return createElementwise(
        builder, loc, resultType, {sums, halfTensor, reciprocalTensor},
        {identity, perWindow, perWindow},
        [&](OpBuilder &nested, Location bodyLoc, ValueRange args) {
          return finish(nested, bodyLoc, args[0], args[1], args[2]);
        });
  }
};

/// TFLite's mean: the count is divided into the fixed-point multiplier.
/// (docs/Numerics.md, N11)
static FixedPointMultiplier divideMultiplier(FixedPointMultiplier multiplier,
                                             int64_t count) {
  int64_t shift = std::min<int64_t>(
      {llvm::Log2_64(count), 32, kMaxRequantizeShift - multiplier.shift});
  int64_t scaled = (static_cast<int64_t>(multiplier.multiplier) << shift);
  return {static_cast<int32_t>(scaled / count),
          static_cast<int32_t>(multiplier.shift + shift)};
}

struct MeanPattern : OpConversionPattern<MeanOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(MeanOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    StoredTensor input(op.getInput()), result(op.getResult());
    Rounding rounding = *op.getRounding();
    if (failed(refuseHalfEven(op, rounding)))
      return failure();
    int64_t count = 1;
    for (int64_t axis : op.getAxes())
      count *= shapeOf(op.getInput())[axis];
    auto multiplier = makeMultiplier(
        op, rescaleMultiplier(input.scale, result.scale), 0.0f, rounding);
    if (failed(multiplier))
      return failure();
    *multiplier = divideMultiplier(*multiplier, count);
    double bound = static_cast<double>(count) * input.largestMagnitude();
    if (failed(checkAccumulator(op, bound, *multiplier, rounding)))
      return failure();
    Value sums = createSums(op, adaptor.getInput(), input, count, rewriter);
    sums = createReshape(rewriter, op.getLoc(), sums, shapeOf(op.getResult()));
    rewriter.replaceOp(op, createRequantize(rewriter, op.getLoc(), sums,
                                            op.getResult().getType(),
                                            op.getStoredClamp(), *multiplier,
                                            std::nullopt, rounding));
    return success();
  }

private:
  /// Sums over the axes of (input - zero point), the axes left out.
  Value createSums(MeanOp op, Value input, const StoredTensor &stored,
                   int64_t count, OpBuilder &builder) const {
    ArrayRef<int64_t> shape = shapeOf(op.getInput());
    Type i32 = builder.getI32Type();
    SmallVector<bool> isReduction(shape.size(), false);
    for (int64_t axis : op.getAxes())
      isReduction[axis] = true;
    SmallVector<int64_t> kept;
    SmallVector<AffineExpr> keptExprs;
    for (auto [axis, size] : llvm::enumerate(shape))
      if (!isReduction[axis]) {
        kept.push_back(size);
        keptExprs.push_back(builder.getAffineDimExpr(axis));
      }
    Value init =
        createFilled(builder, op.getLoc(), RankedTensorType::get(kept, i32),
                     storedAttr(i32, -stored.zeroPoint * count));
    return createReduction(
        builder, op.getLoc(), input, init,
        {builder.getMultiDimIdentityMap(shape.size()),
         AffineMap::get(shape.size(), 0, keptExprs, builder.getContext())},
        isReduction,
        [&](OpBuilder &nested, Location loc, ValueRange args) -> Value {
          Value value =
              extendStored(nested, loc, args[0], i32, stored.isSigned);
          return arith::AddIOp::create(nested, loc, args[1], value);
        });
  }
};

struct SoftmaxPattern : OpConversionPattern<SoftmaxOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(SoftmaxOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    StoredTensor input(op.getInput()), result(op.getResult());
    if (input.width != 8)
      return rewriter.notifyMatchFailure(op, "not on values of 8 bits");
    // Each summand is at most 2^19 (docs/Numerics.md, N12).
    constexpr int64_t longestRow = 4095;
    if (int64_t length = shapeOf(op.getInput()).back(); length > longestRow)
      return op.emitOpError() << "expected rows of at most " << longestRow
                              << " elements, found " << length;
    llvm::Expected<SoftmaxScaling> scaling =
        softmaxScaling(input.scale, op.getBeta().convertToFloat());
    if (!scaling)
      return op.emitOpError() << llvm::toString(scaling.takeError());
    Location loc = op.getLoc();
    Value stored = adaptor.getInput();
    // Only differences count, which a change of signedness leaves as they are.
    if (input.isSigned != result.isSigned)
      stored = createSignFlip(rewriter, loc, stored);
    StoredRange full = storageBounds(result.width, result.isSigned);
    Value probabilities = IntegerSoftmaxOp::create(
        rewriter, loc,
        getTypeConverter()->convertType(op.getResult().getType()), stored,
        scaling->multiplier, scaling->leftShift, scaling->minDifference,
        full.min,
        /*unsigned_storage=*/!result.isSigned);
    if (result.min != full.min || result.max != full.max)
      probabilities = createNarrowed(rewriter, loc, probabilities, result);
    rewriter.replaceOp(op, probabilities);
    return success();
  }

private:
  /// Probabilities from the lowest value of the storage on, moved to begin at
  /// the lowest that `result` allows. 1.0 is 255 here and not 256 (or 65535),
  /// but either is above what a narrower range holds.
  static Value createNarrowed(OpBuilder &builder, Location loc, Value input,
                              const StoredTensor &result) {
    Type i32 = builder.getI32Type();
    auto type = cast<RankedTensorType>(input.getType());
    return createElementwise(
        builder, loc, type, input,
        [&](OpBuilder &nested, Location bodyLoc, ValueRange args) -> Value {
          Value value =
              extendStored(nested, bodyLoc, args[0], i32, result.isSigned);
          Value offset = arith::ConstantOp::create(
              nested, bodyLoc,
              storedAttr(i32,
                         result.min -
                             storageBounds(result.width, result.isSigned).min));
          value = arith::AddIOp::create(nested, bodyLoc, value, offset);
          value =
              createClamp(nested, bodyLoc, value, storedAttr(i32, result.min),
                          storedAttr(i32, result.max),
                          /*isUnsigned=*/false);
          return arith::TruncIOp::create(nested, bodyLoc, type.getElementType(),
                                         value);
        });
  }
};

} // namespace

void quantcc::populatePoolingPatterns(const TypeConverter &converter,
                                      RewritePatternSet &patterns) {
  patterns.add<AvgPool2DPattern, MeanPattern, SoftmaxPattern>(
      converter, patterns.getContext());
}
