//===- QuantizationOps.cpp - Casts and simulated quantization -------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lowers fake_quantize, quant.qcast and quant.dcast: division, rounding to
// nearest with ties away from zero, and saturation, in f32 and without calls.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Conversion/FloatToLinalg/FloatToLinalg.h"
#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Support/QuantizationParameters.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Quant/IR/Quant.h>
#include <mlir/IR/Matchers.h>

using namespace mlir;
using namespace quantcc;

namespace {

/// The parameters of a quantized element type as operands of an elementwise op:
/// constants in its body, or vectors along the axis.
class ElementParameters {
public:
  ElementParameters(OpBuilder &builder, Location loc, quant::QuantizedType type,
                    unsigned rank, Value input);

  /// The operands of the body, behind the input.
  Value scale(OpBuilder &builder, Location loc, ValueRange args) const;
  Value zeroPoint(OpBuilder &builder, Location loc, ValueRange args) const;

  quant::QuantizedType type;
  SmallVector<float> scales;
  SmallVector<int64_t> zeroPoints;
  SmallVector<Value> inputs;
  SmallVector<AffineMap> maps;
};

} // namespace

ElementParameters::ElementParameters(OpBuilder &builder, Location loc,
                                     quant::QuantizedType type, unsigned rank,
                                     Value input)
    : type(type), inputs{input}, maps{builder.getMultiDimIdentityMap(rank)} {
  if (auto perTensor = dyn_cast<quant::UniformQuantizedType>(type)) {
    scales.push_back(static_cast<float>(perTensor.getScale()));
    zeroPoints.push_back(perTensor.getZeroPoint());
    return;
  }
  auto perAxis = cast<quant::UniformQuantizedPerAxisType>(type);
  for (double scale : perAxis.getScales())
    scales.push_back(static_cast<float>(scale));
  zeroPoints.assign(perAxis.getZeroPoints().begin(),
                    perAxis.getZeroPoints().end());
  auto vectorType =
      RankedTensorType::get({int64_t(scales.size())}, builder.getF32Type());
  inputs.push_back(arith::ConstantOp::create(
      builder, loc,
      DenseElementsAttr::get(vectorType, ArrayRef<float>(scales))));
  inputs.push_back(createIntegerConstant(builder, loc, zeroPoints,
                                         {int64_t(zeroPoints.size())}, 32));
  maps.append(
      2, axisMap(builder.getContext(), rank, perAxis.getQuantizedDimension()));
}

Value ElementParameters::scale(OpBuilder &builder, Location loc,
                               ValueRange args) const {
  if (inputs.size() > 1)
    return args[1];
  return arith::ConstantOp::create(builder, loc,
                                   builder.getF32FloatAttr(scales.front()));
}

Value ElementParameters::zeroPoint(OpBuilder &builder, Location loc,
                                   ValueRange args) const {
  if (inputs.size() > 1)
    return args[2];
  return arith::ConstantOp::create(
      builder, loc, builder.getI32IntegerAttr(zeroPoints.front()));
}

/// The largest storage whose bounds, and differences from the zero point, f32
/// holds exactly.
static LogicalResult checkStorage(Operation *op, quant::QuantizedType type) {
  if (type.getStorageTypeIntegralWidth() <= 16)
    return success();
  return op->emitOpError() << "expected storage of at most 16 bits, found "
                           << type;
}

/// `value` to the nearest integer, ties away from zero; |value| < 2^31.
static Value createRoundedAway(OpBuilder &builder, Location loc, Value value) {
  Type i32 = builder.getI32Type(), f32 = builder.getF32Type();
  auto constant = [&](float real) -> Value {
    return arith::ConstantOp::create(builder, loc,
                                     builder.getF32FloatAttr(real));
  };
  auto integer = [&](int32_t stored) -> Value {
    return arith::ConstantOp::create(builder, loc,
                                     builder.getI32IntegerAttr(stored));
  };
  // Truncated, then moved on by one where the rest, which is exact, is a half
  // or more.
  Value truncated = arith::FPToSIOp::create(builder, loc, i32, value);
  Value whole = arith::SIToFPOp::create(builder, loc, f32, truncated);
  Value rest = arith::SubFOp::create(builder, loc, value, whole);
  Value up = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGE,
                                   rest, constant(0.5f));
  Value down = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OLE,
                                     rest, constant(-0.5f));
  Value step =
      arith::SelectOp::create(builder, loc, down, integer(-1), integer(0));
  step = arith::SelectOp::create(builder, loc, up, integer(1), step);
  return arith::AddIOp::create(builder, loc, truncated, step);
}

/// stored - zero point, as i32, of the real `value` (docs/Numerics.md, N1).
static Value createCentred(OpBuilder &builder, Location loc, Value value,
                           Value scale, Value zeroPoint,
                           quant::QuantizedType type) {
  Type f32 = builder.getF32Type();
  Value quotient = arith::DivFOp::create(builder, loc, value, scale);
  // NaN has the stored value of real zero.
  Value ordered = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::ORD,
                                        quotient, quotient);
  Value zero =
      arith::ConstantOp::create(builder, loc, builder.getF32FloatAttr(0.0f));
  quotient = arith::SelectOp::create(builder, loc, ordered, quotient, zero);
  // The bounds are integers, so it is the same to saturate before rounding,
  // and the conversion to an integer stays defined.
  auto bound = [&](int64_t stored) -> Value {
    Value integer = arith::ConstantOp::create(
        builder, loc, builder.getI32IntegerAttr(stored));
    integer = arith::SubIOp::create(builder, loc, integer, zeroPoint);
    return arith::SIToFPOp::create(builder, loc, f32, integer);
  };
  quotient = createSelectExtreme(builder, loc, bound(type.getStorageTypeMin()),
                                 quotient, /*takeSmaller=*/false,
                                 /*isUnsigned=*/false);
  quotient = createSelectExtreme(builder, loc, bound(type.getStorageTypeMax()),
                                 quotient, /*takeSmaller=*/true,
                                 /*isUnsigned=*/false);
  return createRoundedAway(builder, loc, quotient);
}

/// The real value of `centred`, stored - zero point (N2).
static Value createReal(OpBuilder &builder, Location loc, Value centred,
                        Value scale) {
  Value real =
      arith::SIToFPOp::create(builder, loc, builder.getF32Type(), centred);
  return arith::MulFOp::create(builder, loc, real, scale);
}

namespace {

class FakeQuantizePattern : public OpConversionPattern<FakeQuantizeOp> {
public:
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(FakeQuantizeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto params = cast<quant::QuantizedType>(op.getParams());
    if (failed(checkStorage(op, params)))
      return failure();
    auto type = cast<RankedTensorType>(op.getResult().getType());
    ElementParameters parameters(rewriter, op.getLoc(), params, type.getRank(),
                                 adaptor.getInput());
    DenseFPElementsAttr constant;
    if (matchPattern(adaptor.getInput(), m_Constant(&constant))) {
      rewriter.replaceOpWithNewOp<arith::ConstantOp>(
          op, fold(constant, parameters));
      return success();
    }
    auto body = [&](OpBuilder &builder, Location loc, ValueRange args) {
      Value scale = parameters.scale(builder, loc, args);
      Value centred =
          createCentred(builder, loc, args[0], scale,
                        parameters.zeroPoint(builder, loc, args), params);
      return createReal(builder, loc, centred, scale);
    };
    rewriter.replaceOp(op, createElementwise(rewriter, op.getLoc(), type,
                                             parameters.inputs, parameters.maps,
                                             body));
    return success();
  }

private:
  /// Weights are constants, and stay constants that lowerings can reorder.
  static DenseElementsAttr fold(DenseFPElementsAttr constant,
                                const ElementParameters &parameters) {
    auto type = cast<RankedTensorType>(constant.getType());
    StoredRange bounds{parameters.type.getStorageTypeMin(),
                       parameters.type.getStorageTypeMax()};
    int64_t inner = type.getNumElements(), count = parameters.scales.size();
    if (auto perAxis =
            dyn_cast<quant::UniformQuantizedPerAxisType>(parameters.type))
      inner = ShapedType::getNumElements(
          type.getShape().drop_front(perAxis.getQuantizedDimension() + 1));
    SmallVector<float> values;
    values.reserve(type.getNumElements());
    for (auto [index, value] : llvm::enumerate(constant.getValues<float>())) {
      int64_t channel = (static_cast<int64_t>(index) / inner) % count;
      QuantizationParameters element{
          parameters.scales[channel],
          static_cast<int32_t>(parameters.zeroPoints[channel])};
      values.push_back(
          dequantizeStored(quantizeReal(value, element, bounds), element));
    }
    return DenseElementsAttr::get(type, ArrayRef<float>(values));
  }
};

struct QuantizeCastPattern : OpConversionPattern<quant::QuantizeCastOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(quant::QuantizeCastOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    quant::QuantizedType element = getQuantizedElementType(op.getType());
    auto type = dyn_cast_or_null<RankedTensorType>(
        getTypeConverter()->convertType(op.getType()));
    if (!element || !type)
      return rewriter.notifyMatchFailure(op, "not a ranked tensor");
    if (failed(checkStorage(op, element)))
      return failure();
    ElementParameters parameters(rewriter, op.getLoc(), element, type.getRank(),
                                 adaptor.getInput());
    auto body = [&](OpBuilder &builder, Location loc,
                    ValueRange args) -> Value {
      Value zeroPoint = parameters.zeroPoint(builder, loc, args);
      Value stored = createCentred(builder, loc, args[0],
                                   parameters.scale(builder, loc, args),
                                   zeroPoint, element);
      stored = arith::AddIOp::create(builder, loc, stored, zeroPoint);
      return arith::TruncIOp::create(builder, loc, type.getElementType(),
                                     stored);
    };
    rewriter.replaceOp(op, createElementwise(rewriter, op.getLoc(), type,
                                             parameters.inputs, parameters.maps,
                                             body));
    return success();
  }
};

struct DequantizeCastPattern : OpConversionPattern<quant::DequantizeCastOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(quant::DequantizeCastOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    quant::QuantizedType element =
        getQuantizedElementType(op.getInput().getType());
    auto type = dyn_cast<RankedTensorType>(op.getType());
    if (!element || !type)
      return rewriter.notifyMatchFailure(op, "not a ranked tensor");
    if (failed(checkStorage(op, element)))
      return failure();
    ElementParameters parameters(rewriter, op.getLoc(), element, type.getRank(),
                                 adaptor.getInput());
    auto body = [&](OpBuilder &builder, Location loc, ValueRange args) {
      Type i32 = builder.getI32Type();
      Value stored =
          element.isSigned()
              ? arith::ExtSIOp::create(builder, loc, i32, args[0]).getResult()
              : arith::ExtUIOp::create(builder, loc, i32, args[0]).getResult();
      Value centred = arith::SubIOp::create(
          builder, loc, stored, parameters.zeroPoint(builder, loc, args));
      return createReal(builder, loc, centred,
                        parameters.scale(builder, loc, args));
    };
    rewriter.replaceOp(op, createElementwise(rewriter, op.getLoc(), type,
                                             parameters.inputs, parameters.maps,
                                             body));
    return success();
  }
};

struct StorageCastPattern : OpConversionPattern<quant::StorageCastOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(quant::StorageCastOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, adaptor.getInput());
    return success();
  }
};

} // namespace

void quantcc::populateQuantizationPatterns(const TypeConverter &converter,
                                           RewritePatternSet &patterns) {
  patterns.add<FakeQuantizePattern, QuantizeCastPattern, DequantizeCastPattern,
               StorageCastPattern>(converter, patterns.getContext());
}
