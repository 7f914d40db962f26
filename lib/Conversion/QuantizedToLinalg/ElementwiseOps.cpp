//===- ElementwiseOps.cpp - Elementwise ops to integers -------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lowers quantized add, sub, mul, rescale, prelu and lookup.
//
//===----------------------------------------------------------------------===//

#include "Requantization.h"
#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"
#include "quantcc/Conversion/QuantizedToLinalg/QuantizedToLinalg.h"
#include "quantcc/Support/RescaleRules.h"

#include <cmath>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/IR/Matchers.h>

using namespace mlir;
using namespace quantcc;

/// The accumulators (input - zero point) of an i32 tensor.
static Value createDifferences(OpBuilder &builder, Location loc, Value input,
                               const StoredTensor &stored) {
  Type i32 = builder.getI32Type();
  return createElementwise(
      builder, loc, cast<RankedTensorType>(input.getType()).clone(i32), input,
      [&](OpBuilder &nested, Location bodyLoc, ValueRange args) {
        return createDifference(nested, bodyLoc, args[0], stored, i32);
      });
}

/// The largest magnitude of such a product.
static double productBound(const StoredTensor &lhs, const StoredTensor &rhs) {
  return static_cast<double>(lhs.largestMagnitude()) * rhs.largestMagnitude();
}

/// Refuses products that leave their accumulators. Of rounding double these
/// have 32 bits. (docs/Numerics.md, precondition of N4 to N6)
static LogicalResult checkProduct(Operation *op, const StoredTensor &lhs,
                                  const StoredTensor &rhs,
                                  FixedPointMultiplier multiplier,
                                  Rounding rounding) {
  return checkAccumulator(op, productBound(lhs, rhs), multiplier, rounding,
                          /*allowWide=*/rounding != Rounding::Double);
}

/// The products of two stored tensors less their zero points, broadcast to
/// `shape`, as i32, or as i64 where they may not fit that.
static Value createProducts(OpBuilder &builder, Location loc, Value lhs,
                            const StoredTensor &lhsStored, Value rhs,
                            const StoredTensor &rhsStored,
                            ArrayRef<int64_t> shape) {
  bool isWide = productBound(lhsStored, rhsStored) >= kNarrowAccumulatorBound;
  Type type = builder.getIntegerType(isWide ? 64 : 32);
  return createElementwise(
      builder, loc, RankedTensorType::get(shape, type), {lhs, rhs},
      [&](OpBuilder &nested, Location bodyLoc, ValueRange args) -> Value {
        Value a = createDifference(nested, bodyLoc, args[0], lhsStored, type);
        Value b = createDifference(nested, bodyLoc, args[1], rhsStored, type);
        return arith::MulIOp::create(nested, bodyLoc, a, b);
      });
}

/// `negative` where `differences`, an i32 tensor, is below zero, else
/// `positive`.
static Value createBySign(OpBuilder &builder, Location loc, Value differences,
                          Value positive, Value negative) {
  return createElementwise(
      builder, loc, cast<RankedTensorType>(positive.getType()),
      {differences, positive, negative},
      [](OpBuilder &nested, Location bodyLoc, ValueRange args) -> Value {
        Value zero = arith::ConstantOp::create(
            nested, bodyLoc, storedAttr(nested.getI32Type(), 0));
        Value isNegative = arith::CmpIOp::create(
            nested, bodyLoc, arith::CmpIPredicate::slt, args[0], zero);
        return arith::SelectOp::create(nested, bodyLoc, isNegative, args[2],
                                       args[1]);
      });
}

namespace {

template <typename OpTy> struct AddPattern : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;

  LogicalResult
  matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    StoredTensor lhs(op.getLhs()), rhs(op.getRhs()), result(op.getResult());
    if (failed(refuseHalfEven(op, *op.getRounding())))
      return failure();
    unsigned width = std::max(lhs.width, rhs.width);
    llvm::Expected<AddMultipliers> multipliers =
        addMultipliers(lhs.scale, rhs.scale, result.scale, width);
    if (!multipliers)
      return op.emitOpError() << "cannot be requantized: "
                              << llvm::toString(multipliers.takeError());
    // Both rescaled operands are at most half of the widest, give or take 1.
    double bound = width > 8 ? 65535.0 * 0x1p15 + 2 : 255.0 * 0x1p20 + 2;
    if (failed(checkAccumulator(op, bound, multipliers->output,
                                *op.getRounding())))
      return failure();
    Location loc = op.getLoc();
    Value lhsInput = adaptor.getLhs(), rhsInput = adaptor.getRhs();
    bool isMixed =
        lhs.isSigned != rhs.isSigned || lhs.isSigned != result.isSigned;
    // Of mixed signedness, all becomes signed: u8 = s8 + 128.
    int64_t lhsOffset = isMixed ? toSigned(rewriter, loc, lhsInput, lhs) : 0;
    int64_t rhsOffset = isMixed ? toSigned(rewriter, loc, rhsInput, rhs) : 0;
    int64_t offset = isMixed && !result.isSigned ? signBitOf(result) : 0;
    auto type = cast<RankedTensorType>(
        this->getTypeConverter()->convertType(op.getResult().getType()));
    std::optional<ArrayRef<int32_t>> clamp = op.getStoredClamp();
    Value sum = IntegerAddOp::create(
        rewriter, loc, type, lhsInput, rhsInput, lhs.zeroPoint - lhsOffset,
        multipliers->lhs.multiplier, multipliers->lhs.shift,
        rhs.zeroPoint - rhsOffset, multipliers->rhs.multiplier,
        multipliers->rhs.shift, multipliers->leftShift,
        multipliers->output.multiplier, multipliers->output.shift,
        result.zeroPoint - offset, (clamp ? (*clamp)[0] : result.min) - offset,
        (clamp ? (*clamp)[1] : result.max) - offset, *op.getRounding(),
        /*subtract=*/std::is_same_v<OpTy, SubOp>,
        /*unsigned_operands=*/!isMixed && !result.isSigned);
    rewriter.replaceOp(op, offset ? createSignFlip(rewriter, loc, sum) : sum);
    return success();
  }

private:
  /// Makes `input` signed and returns what its stored values lost by that.
  static int64_t toSigned(OpBuilder &builder, Location loc, Value &input,
                          const StoredTensor &stored) {
    if (stored.isSigned)
      return 0;
    input = createSignFlip(builder, loc, input);
    return signBitOf(stored);
  }

  static int64_t signBitOf(const StoredTensor &stored) {
    return int64_t(1) << (stored.width - 1);
  }
};

struct MulPattern : OpConversionPattern<MulOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(MulOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    StoredTensor lhs(op.getLhs()), rhs(op.getRhs()), result(op.getResult());
    // The product of the scales is exact in f64, as for convolutions.
    auto multiplier = makeMultiplier(
        op, convolutionMultiplier(lhs.scale, rhs.scale, result.scale),
        onnxMultiplier(lhs.scale, rhs.scale, result.scale), *op.getRounding());
    if (failed(multiplier) ||
        failed(checkProduct(op, lhs, rhs, *multiplier, *op.getRounding())))
      return failure();
    Value products =
        createProducts(rewriter, op.getLoc(), adaptor.getLhs(), lhs,
                       adaptor.getRhs(), rhs, shapeOf(op.getResult()));
    rewriter.replaceOp(op, createRequantize(rewriter, op.getLoc(), products,
                                            op.getResult().getType(),
                                            op.getStoredClamp(), *multiplier,
                                            std::nullopt, *op.getRounding()));
    return success();
  }
};

struct RescalePattern : OpConversionPattern<RescaleOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(RescaleOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    StoredTensor input(op.getInput()), result(op.getResult());
    auto multiplier =
        makeMultiplier(op, rescaleMultiplier(input.scale, result.scale),
                       input.scale / result.scale, *op.getRounding());
    if (failed(multiplier) ||
        failed(checkAccumulator(op, input.largestMagnitude(), *multiplier,
                                *op.getRounding())))
      return failure();
    Value differences =
        createDifferences(rewriter, op.getLoc(), adaptor.getInput(), input);
    rewriter.replaceOp(op, createRequantize(rewriter, op.getLoc(), differences,
                                            op.getResult().getType(),
                                            op.getStoredClamp(), *multiplier,
                                            std::nullopt, *op.getRounding()));
    return success();
  }
};

struct PReluPattern : OpConversionPattern<PReluOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(PReluOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    StoredTensor input(op.getInput()), slope(op.getSlope()),
        result(op.getResult());
    Rounding rounding = *op.getRounding();
    if (failed(refuseHalfEven(op, rounding)))
      return failure();
    auto positive = makeMultiplier(
        op, rescaleMultiplier(input.scale, result.scale), 0.0f, rounding);
    if (failed(positive))
      return failure();
    auto negative = makeMultiplier(
        op, convolutionMultiplier(input.scale, slope.scale, result.scale), 0.0f,
        rounding);
    double bound = input.largestMagnitude();
    if (failed(negative) ||
        failed(checkAccumulator(op, bound, *positive, rounding)) ||
        failed(checkProduct(op, input, slope, *negative, rounding)))
      return failure();

    Location loc = op.getLoc();
    Type type = op.getResult().getType();
    Value differences =
        createDifferences(rewriter, loc, adaptor.getInput(), input);
    Value products =
        createProducts(rewriter, loc, adaptor.getInput(), input,
                       adaptor.getSlope(), slope, shapeOf(op.getResult()));
    Value identity =
        createRequantize(rewriter, loc, differences, type, std::nullopt,
                         *positive, std::nullopt, rounding);
    Value scaled = createRequantize(rewriter, loc, products, type, std::nullopt,
                                    *negative, std::nullopt, rounding);
    rewriter.replaceOp(
        op, createBySign(rewriter, loc, differences, identity, scaled));
    return success();
  }
};

class LeakyReluPattern : public OpConversionPattern<LeakyReluOp> {
public:
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(LeakyReluOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    StoredTensor input(op.getInput()), result(op.getResult());
    double alpha = leakyReluMultiplier(
        input.scale, op.getAlpha().convertToFloat(), result.scale);
    auto positive =
        prepare(op, input, reluIdentityMultiplier(input.scale, result.scale));
    // A slope of zero has no fixed-point form, and needs none.
    auto negative =
        alpha == 0.0 ? FailureOr<FixedPointMultiplier>(FixedPointMultiplier())
                     : prepare(op, input, std::fabs(alpha));
    if (failed(positive) || failed(negative))
      return failure();
    Location loc = op.getLoc();
    Type type = op.getResult().getType();
    Value differences =
        createDifferences(rewriter, loc, adaptor.getInput(), input);
    Value identity =
        createRequantize(rewriter, loc, differences, type, std::nullopt,
                         *positive, std::nullopt, op.getRounding());
    Value turned =
        alpha < 0.0 ? createNegated(rewriter, loc, differences) : differences;
    Value scaled = createRequantize(rewriter, loc, turned, type, std::nullopt,
                                    *negative, std::nullopt, op.getRounding());
    rewriter.replaceOp(
        op, createBySign(rewriter, loc, differences, identity, scaled));
    return success();
  }

private:
  static FailureOr<FixedPointMultiplier>
  prepare(LeakyReluOp op, const StoredTensor &input, double real) {
    auto multiplier = makeMultiplier(op, real, 0.0f, op.getRounding());
    if (failed(multiplier) ||
        failed(checkAccumulator(op, input.largestMagnitude(), *multiplier,
                                op.getRounding())))
      return failure();
    return multiplier;
  }

  static Value createNegated(OpBuilder &builder, Location loc, Value input) {
    return createElementwise(
        builder, loc, cast<RankedTensorType>(input.getType()), input,
        [](OpBuilder &nested, Location bodyLoc, ValueRange args) -> Value {
          Value zero = arith::ConstantOp::create(
              nested, bodyLoc, storedAttr(args[0].getType(), 0));
          return arith::SubIOp::create(nested, bodyLoc, zero, args[0]);
        });
  }
};

/// An unsigned input selects entry 0 by 0, but the integer form counts entries
/// from the signed minimum: the halves of the table change places.
struct LookupPattern : OpConversionPattern<LookupOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(LookupOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Value table = adaptor.getTable();
    quant::QuantizedType type =
        getQuantizedElementType(op.getInput().getType());
    if (type && !type.isSigned()) {
      DenseIntElementsAttr entries;
      if (!matchPattern(table, m_Constant(&entries)))
        return op.emitOpError() << "expected a constant table";
      auto values = llvm::to_vector(entries.getValues<APInt>());
      std::rotate(values.begin(), values.begin() + 128, values.end());
      table = arith::ConstantOp::create(
          rewriter, op.getLoc(),
          DenseElementsAttr::get(entries.getType(), values));
    }
    Type resultType = getTypeConverter()->convertType(op.getResult().getType());
    rewriter.replaceOpWithNewOp<LookupOp>(op, resultType, adaptor.getInput(),
                                          table);
    return success();
  }
};

} // namespace

void quantcc::populateElementwisePatterns(const TypeConverter &converter,
                                          RewritePatternSet &patterns) {
  patterns.add<AddPattern<AddOp>, AddPattern<SubOp>, MulPattern, RescalePattern,
               PReluPattern, LeakyReluPattern, LookupPattern>(
      converter, patterns.getContext());
}
