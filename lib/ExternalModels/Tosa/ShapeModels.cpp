//===- ShapeModels.cpp - Interfaces of tosa ops ---------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Models of the ops that move values.
//
//===----------------------------------------------------------------------===//

#include "TosaModels.h"

#include <mlir/IR/Builders.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::tosa_models;

using OperandRanges = ArrayRef<std::optional<FloatRange>>;

namespace {

/// One activation, and operands that hold shapes. `Derived` tells the network
/// op and, in `getAttributes`, its attributes.
template <typename Derived, typename TosaOp, typename NetworkOp>
struct MovingModel : QuantizableOpInterface::ExternalModel<Derived, TosaOp> {
  OperandRole getOperandRole(Operation *, unsigned index) const {
    return index == 0 ? OperandRole::Activation : OperandRole::Untouched;
  }
  ScaleConstraint getScaleConstraint(Operation *) const {
    return ScaleConstraint::sameAsOperands();
  }
  FailureOr<Operation *> rebuild(Operation *op, OpBuilder &builder,
                                 ValueRange operands, TypeRange types,
                                 Rounding rounding) const {
    FailureOr<NamedAttrList> attributes =
        Derived::getAttributes(cast<TosaOp>(op), builder);
    if (failed(attributes))
      return failure();
    return create<NetworkOp>(builder, op, operands.take_front(1), types,
                             *attributes, rounding);
  }
};

struct ReshapeModel
    : MovingModel<ReshapeModel, tosa::ReshapeOp, quantcc::ReshapeOp> {
  static FailureOr<NamedAttrList> getAttributes(tosa::ReshapeOp, Builder &) {
    return NamedAttrList();
  }
};

struct TransposeModel
    : MovingModel<TransposeModel, tosa::TransposeOp, quantcc::TransposeOp> {
  static FailureOr<NamedAttrList> getAttributes(tosa::TransposeOp op,
                                                Builder &builder) {
    SmallVector<int64_t> permutation(op.getPerms());
    NamedAttrList attributes;
    attributes.set("permutation", builder.getDenseI64ArrayAttr(permutation));
    return attributes;
  }
};

struct SliceModel : MovingModel<SliceModel, tosa::SliceOp, quantcc::SliceOp> {
  static FailureOr<NamedAttrList> getAttributes(tosa::SliceOp op,
                                                Builder &builder) {
    std::optional<SmallVector<int64_t>> start = getConstantShape(op.getStart());
    if (!start)
      return op.emitOpError() << "expected a constant start";
    NamedAttrList attributes;
    attributes.set("offsets", builder.getDenseI64ArrayAttr(*start));
    attributes.set("strides", builder.getDenseI64ArrayAttr(
                                  SmallVector<int64_t>(start->size(), 1)));
    return attributes;
  }
};

struct PadModel : MovingModel<PadModel, tosa::PadOp, quantcc::PadOp> {
  static FailureOr<NamedAttrList> getAttributes(tosa::PadOp op,
                                                Builder &builder) {
    std::optional<SmallVector<int64_t>> padding =
        getConstantShape(op.getPadding());
    std::optional<float> value = getConstantScalar(op.getPadConst());
    if (!padding || !value)
      return op.emitOpError() << "expected constant padding and a constant f32 "
                              << "value";
    SmallVector<int64_t> low, high;
    for (size_t i = 0; i < padding->size(); i += 2) {
      low.push_back((*padding)[i]);
      high.push_back((*padding)[i + 1]);
    }
    NamedAttrList attributes;
    attributes.set("low", builder.getDenseI64ArrayAttr(low));
    attributes.set("high", builder.getDenseI64ArrayAttr(high));
    if (*value != 0.0f)
      attributes.set("value", builder.getF32FloatAttr(*value));
    return attributes;
  }
};

struct ConcatModel
    : QuantizableOpInterface::ExternalModel<ConcatModel, tosa::ConcatOp> {
  ScaleConstraint getScaleConstraint(Operation *) const {
    return ScaleConstraint::sameAsOperands();
  }
  FailureOr<Operation *> rebuild(Operation *op, OpBuilder &builder,
                                 ValueRange operands, TypeRange types,
                                 Rounding rounding) const {
    NamedAttrList attributes;
    attributes.set(
        "axis", builder.getI64IntegerAttr(cast<tosa::ConcatOp>(op).getAxis()));
    return create<quantcc::ConcatOp>(builder, op, operands, types, attributes,
                                     rounding);
  }
};

template <typename TosaOp>
struct SameRangeModel
    : FloatRangeOpInterface::ExternalModel<SameRangeModel<TosaOp>, TosaOp> {
  std::optional<FloatRange> inferFloatRange(Operation *,
                                            OperandRanges operands) const {
    return operands[0];
  }
};

struct PadRangeModel
    : FloatRangeOpInterface::ExternalModel<PadRangeModel, tosa::PadOp> {
  std::optional<FloatRange> inferFloatRange(Operation *op,
                                            OperandRanges operands) const {
    std::optional<float> value =
        getConstantScalar(cast<tosa::PadOp>(op).getPadConst());
    if (!operands[0] || !value)
      return std::nullopt;
    return operands[0]->join({*value, *value});
  }
};

struct ConcatRangeModel
    : FloatRangeOpInterface::ExternalModel<ConcatRangeModel, tosa::ConcatOp> {
  std::optional<FloatRange> inferFloatRange(Operation *,
                                            OperandRanges operands) const {
    std::optional<FloatRange> joined = operands[0];
    for (const std::optional<FloatRange> &range : operands) {
      if (!range)
        return std::nullopt;
      joined = joined->join(*range);
    }
    return joined;
  }
};

} // namespace

void tosa_models::attachShapeModels(MLIRContext &context) {
  tosa::ReshapeOp::attachInterface<ReshapeModel,
                                   SameRangeModel<tosa::ReshapeOp>>(context);
  tosa::TransposeOp::attachInterface<TransposeModel,
                                     SameRangeModel<tosa::TransposeOp>>(
      context);
  tosa::SliceOp::attachInterface<SliceModel, SameRangeModel<tosa::SliceOp>>(
      context);
  tosa::PadOp::attachInterface<PadModel, PadRangeModel>(context);
  tosa::ConcatOp::attachInterface<ConcatModel, ConcatRangeModel>(context);
}
