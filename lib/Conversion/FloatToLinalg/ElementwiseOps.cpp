//===- ElementwiseOps.cpp - Float elementwise ops -------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lowers add, sub, mul, rescale, prelu and function on f32.
//
//===----------------------------------------------------------------------===//

#include "FloatBuilding.h"
#include "quantcc/Conversion/FloatToLinalg/FloatToLinalg.h"
#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Math/IR/Math.h>

using namespace mlir;
using namespace quantcc;

namespace {

template <typename OpTy, typename ArithOp>
struct BinaryPattern : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;

  LogicalResult
  matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getResult().getType());
    if (isQuantized(type))
      return rewriter.notifyMatchFailure(op, "quantized form");
    auto body = [&](OpBuilder &builder, Location loc, ValueRange args) {
      Value value = ArithOp::create(builder, loc, args[0], args[1]);
      return createRealClamp(builder, loc, value, op.getClamp());
    };
    rewriter.replaceOp(
        op, createElementwise(rewriter, op.getLoc(), type,
                              {adaptor.getLhs(), adaptor.getRhs()}, body));
    return success();
  }
};

struct RescalePattern : OpConversionPattern<RescaleOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(RescaleOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (isQuantized(op.getResult().getType()))
      return rewriter.notifyMatchFailure(op, "quantized form");
    rewriter.replaceOp(op,
                       createEpilogue(rewriter, op.getLoc(), adaptor.getInput(),
                                      Value(), op.getClamp()));
    return success();
  }
};

struct PReluPattern : OpConversionPattern<PReluOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(PReluOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getResult().getType());
    if (isQuantized(type))
      return rewriter.notifyMatchFailure(op, "quantized form");
    auto body = [](OpBuilder &builder, Location loc, ValueRange args) -> Value {
      Value zero = arith::ConstantOp::create(builder, loc,
                                             builder.getF32FloatAttr(0.0f));
      Value positive = arith::CmpFOp::create(
          builder, loc, arith::CmpFPredicate::OGE, args[0], zero);
      Value scaled = arith::MulFOp::create(builder, loc, args[0], args[1]);
      return arith::SelectOp::create(builder, loc, positive, args[0], scaled);
    };
    rewriter.replaceOp(
        op, createElementwise(rewriter, op.getLoc(), type,
                              {adaptor.getInput(), adaptor.getSlope()}, body));
    return success();
  }
};

/// Builds f32 scalars at one place.
struct RealBuilder {
  OpBuilder &builder;
  Location loc;

  Value constant(float value) {
    return arith::ConstantOp::create(builder, loc,
                                     builder.getF32FloatAttr(value));
  }
  Value add(Value a, Value b) {
    return arith::AddFOp::create(builder, loc, a, b);
  }
  Value mul(Value a, Value b) {
    return arith::MulFOp::create(builder, loc, a, b);
  }
  Value div(Value a, Value b) {
    return arith::DivFOp::create(builder, loc, a, b);
  }
  Value neg(Value a) { return arith::NegFOp::create(builder, loc, a); }
  Value exp(Value a) { return math::ExpOp::create(builder, loc, a); }
  /// x >= 0 ? yes : no
  Value whereNotNegative(Value x, Value yes, Value no) {
    Value condition = arith::CmpFOp::create(
        builder, loc, arith::CmpFPredicate::OGE, x, constant(0.0f));
    return arith::SelectOp::create(builder, loc, condition, yes, no);
  }
};

} // namespace

/// -1, 0 or 1.
static Value createSign(RealBuilder real, Value x) {
  auto compare = [&](arith::CmpFPredicate predicate) -> Value {
    return arith::CmpFOp::create(real.builder, real.loc, predicate, x,
                                 real.constant(0.0f));
  };
  Value atMostZero = arith::SelectOp::create(
      real.builder, real.loc, compare(arith::CmpFPredicate::OLT),
      real.constant(-1.0f), real.constant(0.0f));
  return arith::SelectOp::create(real.builder, real.loc,
                                 compare(arith::CmpFPredicate::OGT),
                                 real.constant(1.0f), atMostZero);
}

/// The nearest integer, ties to even: what adding 2^23 leaves of a magnitude
/// below it. From there on every f32 is an integer.
static Value createRound(RealBuilder real, Value x) {
  Value limit = real.constant(0x1p23f);
  Value magnitude = math::AbsFOp::create(real.builder, real.loc, x);
  Value whole = arith::SubFOp::create(real.builder, real.loc,
                                      real.add(magnitude, limit), limit);
  Value isSmall = arith::CmpFOp::create(
      real.builder, real.loc, arith::CmpFPredicate::OLT, magnitude, limit);
  return arith::SelectOp::create(
      real.builder, real.loc, isSmall,
      real.whereNotNegative(x, whole, real.neg(whole)), x);
}

/// The value of `op`'s function at `x`, as the op's page defines it.
static Value createFunction(FunctionOp op, RealBuilder real, Value x) {
  OpBuilder &builder = real.builder;
  Location loc = real.loc;
  switch (op.getFunction()) {
  case FloatFunction::Sigmoid:
    return real.div(real.constant(1.0f),
                    real.add(real.constant(1.0f), real.exp(real.neg(x))));
  case FloatFunction::Tanh:
    return math::TanhOp::create(builder, loc, x);
  case FloatFunction::HardSwish: {
    Value gate = createClamp(builder, loc, real.add(x, real.constant(3.0f)),
                             builder.getF32FloatAttr(0.0f),
                             builder.getF32FloatAttr(6.0f),
                             /*isUnsigned=*/false);
    return real.div(real.mul(x, gate), real.constant(6.0f));
  }
  case FloatFunction::LeakyRelu:
    return real.whereNotNegative(
        x, x, real.mul(real.constant(op.getAlpha()->convertToFloat()), x));
  case FloatFunction::Gelu: {
    Value scaled = real.mul(x, real.constant(0.70710678118654752f));
    Value erf = math::ErfOp::create(builder, loc, scaled);
    return real.mul(real.mul(x, real.add(real.constant(1.0f), erf)),
                    real.constant(0.5f));
  }
  case FloatFunction::Elu:
    return real.whereNotNegative(x, x,
                                 real.add(real.exp(x), real.constant(-1.0f)));
  case FloatFunction::Exp:
    return real.exp(x);
  case FloatFunction::Abs:
    return math::AbsFOp::create(builder, loc, x);
  case FloatFunction::Neg:
    return real.neg(x);
  case FloatFunction::Square:
    return real.mul(x, x);
  case FloatFunction::Rsqrt:
    return real.div(real.constant(1.0f), math::SqrtOp::create(builder, loc, x));
  case FloatFunction::Sqrt:
    return math::SqrtOp::create(builder, loc, x);
  case FloatFunction::Sign:
    return createSign(real, x);
  case FloatFunction::Round:
    return createRound(real, x);
  }
  llvm_unreachable("unknown function");
}

namespace {

struct FunctionPattern : OpConversionPattern<FunctionOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(FunctionOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto body = [&](OpBuilder &builder, Location loc, ValueRange args) {
      return createFunction(op, RealBuilder{builder, loc}, args[0]);
    };
    rewriter.replaceOp(
        op, createElementwise(rewriter, op.getLoc(),
                              cast<RankedTensorType>(op.getResult().getType()),
                              adaptor.getInput(), body));
    return success();
  }
};

} // namespace

void quantcc::populateFloatElementwisePatterns(const TypeConverter &converter,
                                               RewritePatternSet &patterns) {
  patterns.add<BinaryPattern<AddOp, arith::AddFOp>,
               BinaryPattern<SubOp, arith::SubFOp>,
               BinaryPattern<MulOp, arith::MulFOp>, RescalePattern,
               PReluPattern, FunctionPattern>(converter, patterns.getContext());
}
