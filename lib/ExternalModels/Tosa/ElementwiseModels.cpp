//===- ElementwiseModels.cpp - Interfaces of tosa ops ---------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Models of the ops on single elements.
//
//===----------------------------------------------------------------------===//

#include "TosaModels.h"

#include "quantcc/Dialect/QuantCC/IR/FloatFunctions.h"
#include "quantcc/Interfaces/FloatRangeArithmetic.h"

#include <cmath>
#include <limits>
#include <mlir/IR/Builders.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::tosa_models;

using OperandRanges = ArrayRef<std::optional<FloatRange>>;

namespace {

/// Two activations; a third operand, the shift of mul, has no use for f32.
template <typename TosaOp, typename NetworkOp, ScaleConstraint::Kind constraint>
struct BinaryModel : QuantizableOpInterface::ExternalModel<
                         BinaryModel<TosaOp, NetworkOp, constraint>, TosaOp> {
  OperandRole getOperandRole(Operation *, unsigned index) const {
    return index < 2 ? OperandRole::Activation : OperandRole::Untouched;
  }
  ScaleConstraint getScaleConstraint(Operation *) const { return {constraint}; }
  FailureOr<Operation *> rebuild(Operation *op, OpBuilder &builder,
                                 ValueRange operands, TypeRange types,
                                 Rounding rounding) const {
    return create<NetworkOp>(builder, op, operands.take_front(2), types, {},
                             rounding);
  }
};

template <typename TosaOp,
          FloatRange (*combine)(const FloatRange &, const FloatRange &)>
struct BinaryRangeModel
    : FloatRangeOpInterface::ExternalModel<BinaryRangeModel<TosaOp, combine>,
                                           TosaOp> {
  std::optional<FloatRange> inferFloatRange(Operation *,
                                            OperandRanges operands) const {
    if (!operands[0] || !operands[1])
      return std::nullopt;
    return combine(*operands[0], *operands[1]);
  }
};

/// The real bounds of a clamp; those of f32 itself are none.
SmallVector<float> getBounds(tosa::ClampOp op) {
  auto bound = [](Attribute attribute) {
    float value = cast<FloatAttr>(attribute).getValue().convertToFloat();
    if (std::abs(value) == std::numeric_limits<float>::max())
      value = std::copysign(std::numeric_limits<float>::infinity(), value);
    return value;
  };
  return {bound(op.getMinValAttr()), bound(op.getMaxValAttr())};
}

struct ClampModel
    : QuantizableOpInterface::ExternalModel<ClampModel, tosa::ClampOp> {
  FailureOr<Operation *> rebuild(Operation *op, OpBuilder &builder,
                                 ValueRange operands, TypeRange types,
                                 Rounding rounding) const {
    auto clamp = cast<tosa::ClampOp>(op);
    if (!isa<FloatAttr>(clamp.getMinValAttr()))
      return op->emitOpError() << "expected real bounds";
    NamedAttrList attributes;
    attributes.set("clamp", builder.getDenseF32ArrayAttr(getBounds(clamp)));
    return create<RescaleOp>(builder, op, operands, types, attributes,
                             rounding);
  }
};

struct ClampRangeModel
    : FloatRangeOpInterface::ExternalModel<ClampRangeModel, tosa::ClampOp> {
  std::optional<FloatRange> inferFloatRange(Operation *op,
                                            OperandRanges operands) const {
    auto clamp = cast<tosa::ClampOp>(op);
    if (!isa<FloatAttr>(clamp.getMinValAttr()))
      return std::nullopt;
    SmallVector<float> bounds = getBounds(clamp);
    if (operands[0])
      return operands[0]->clamp(bounds[0], bounds[1]);
    if (std::isfinite(bounds[0]) && std::isfinite(bounds[1]))
      return FloatRange{bounds[0], bounds[1]};
    return std::nullopt;
  }
};

/// The same real values.
struct IdentityModel
    : QuantizableOpInterface::ExternalModel<IdentityModel, tosa::IdentityOp> {
  FailureOr<Operation *> rebuild(Operation *op, OpBuilder &builder,
                                 ValueRange operands, TypeRange types,
                                 Rounding rounding) const {
    return create<RescaleOp>(builder, op, operands, types, {}, rounding);
  }
};

template <typename TosaOp, FloatFunction function>
struct FunctionModel
    : QuantizableOpInterface::ExternalModel<FunctionModel<TosaOp, function>,
                                            TosaOp> {
  OperandRole getOperandRole(Operation *, unsigned index) const {
    return index == 0 ? OperandRole::Activation : OperandRole::Untouched;
  }
  ScaleConstraint getScaleConstraint(Operation *) const {
    return getFunctionConstraint(function);
  }
  FailureOr<Operation *> rebuild(Operation *op, OpBuilder &builder,
                                 ValueRange operands, TypeRange types,
                                 Rounding) const {
    return createFunction(builder, op, function, /*alpha=*/{}, operands[0],
                          types[0]);
  }
};

template <typename TosaOp, FloatFunction function>
struct FunctionRangeModel
    : FloatRangeOpInterface::ExternalModel<FunctionRangeModel<TosaOp, function>,
                                           TosaOp> {
  std::optional<FloatRange> inferFloatRange(Operation *,
                                            OperandRanges operands) const {
    return inferFunctionRange(function, /*alpha=*/0.0, operands[0]);
  }
};

template <typename TosaOp, typename NetworkOp,
          FloatRange (*combine)(const FloatRange &, const FloatRange &),
          ScaleConstraint::Kind constraint = ScaleConstraint::Kind::Free>
void attachBinary(MLIRContext &context) {
  TosaOp::template attachInterface<BinaryModel<TosaOp, NetworkOp, constraint>,
                                   BinaryRangeModel<TosaOp, combine>>(context);
}

template <typename TosaOp, FloatFunction function>
void attachFunction(MLIRContext &context) {
  TosaOp::template attachInterface<FunctionModel<TosaOp, function>,
                                   FunctionRangeModel<TosaOp, function>>(
      context);
}

} // namespace

void tosa_models::attachElementwiseModels(MLIRContext &context) {
  constexpr auto same = ScaleConstraint::Kind::SameAsOperands;
  attachBinary<tosa::AddOp, quantcc::AddOp, sumRange>(context);
  attachBinary<tosa::SubOp, quantcc::SubOp, differenceRange>(context);
  attachBinary<tosa::MulOp, quantcc::MulOp, productRange>(context);
  attachBinary<tosa::MaximumOp, quantcc::MaximumOp, maximumRange, same>(
      context);
  attachBinary<tosa::MinimumOp, quantcc::MinimumOp, minimumRange, same>(
      context);
  tosa::ClampOp::attachInterface<ClampModel, ClampRangeModel>(context);
  tosa::IdentityOp::attachInterface<IdentityModel>(context);
  attachFunction<tosa::SigmoidOp, FloatFunction::Sigmoid>(context);
  attachFunction<tosa::TanhOp, FloatFunction::Tanh>(context);
  attachFunction<tosa::ExpOp, FloatFunction::Exp>(context);
  attachFunction<tosa::AbsOp, FloatFunction::Abs>(context);
  attachFunction<tosa::NegateOp, FloatFunction::Neg>(context);
  attachFunction<tosa::RsqrtOp, FloatFunction::Rsqrt>(context);
}
