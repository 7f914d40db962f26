//===- PoolingModels.cpp - Interfaces of tosa ops -------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Models of pools and of sums over a dimension.
//
//===----------------------------------------------------------------------===//

#include "TosaModels.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/IR/Builders.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::tosa_models;

using OperandRanges = ArrayRef<std::optional<FloatRange>>;

namespace {

template <typename TosaOp, typename NetworkOp>
struct PoolModel
    : QuantizableOpInterface::ExternalModel<PoolModel<TosaOp, NetworkOp>,
                                            TosaOp> {
  OperandRole getOperandRole(Operation *, unsigned index) const {
    return index == 0 ? OperandRole::Activation : OperandRole::Untouched;
  }
  ScaleConstraint getScaleConstraint(Operation *) const {
    return ScaleConstraint::sameAsOperands();
  }
  FailureOr<Operation *> rebuild(Operation *op, OpBuilder &builder,
                                 ValueRange operands, TypeRange types,
                                 Rounding rounding) const {
    auto pool = cast<TosaOp>(op);
    NamedAttrList attributes;
    attributes.set("kernel", builder.getDenseI64ArrayAttr(pool.getKernel()));
    attributes.set("strides", builder.getDenseI64ArrayAttr(pool.getStride()));
    attributes.set("padding", builder.getDenseI64ArrayAttr(pool.getPad()));
    return create<NetworkOp>(builder, op, operands.take_front(1), types,
                             attributes, rounding);
  }
};

template <typename TosaOp>
struct PoolRangeModel
    : FloatRangeOpInterface::ExternalModel<PoolRangeModel<TosaOp>, TosaOp> {
  std::optional<FloatRange> inferFloatRange(Operation *,
                                            OperandRanges operands) const {
    return operands[0];
  }
};

/// The mean times the number of summands. `quantcc-import-tosa` finds means
/// before it comes to this.
struct ReduceSumModel
    : QuantizableOpInterface::ExternalModel<ReduceSumModel, tosa::ReduceSumOp> {
  FailureOr<Operation *> rebuild(Operation *op, OpBuilder &builder,
                                 ValueRange operands, TypeRange types,
                                 Rounding rounding) const {
    if (isQuantized(types[0]))
      return op->emitOpError()
             << "has no quantized form of its own; quantcc-import-tosa gives "
             << "it one";
    int64_t axis = cast<tosa::ReduceSumOp>(op).getAxis();
    auto shape = cast<ShapedType>(operands[0].getType()).getShape();
    NamedAttrList attributes;
    attributes.set("axes", builder.getDenseI64ArrayAttr(axis));
    attributes.set("keep_dims", builder.getUnitAttr());
    FailureOr<Operation *> mean =
        create<MeanOp>(builder, op, operands, types, attributes, rounding);
    if (failed(mean))
      return failure();
    auto type = RankedTensorType::get(SmallVector<int64_t>(shape.size(), 1),
                                      builder.getF32Type());
    Value count = arith::ConstantOp::create(
        builder, op->getLoc(),
        DenseElementsAttr::get(type, static_cast<float>(shape[axis])));
    return create<quantcc::MulOp>(builder, op, {(*mean)->getResult(0), count},
                                  types, {}, rounding);
  }
};

struct ReduceSumRangeModel
    : FloatRangeOpInterface::ExternalModel<ReduceSumRangeModel,
                                           tosa::ReduceSumOp> {
  std::optional<FloatRange> inferFloatRange(Operation *op,
                                            OperandRanges operands) const {
    if (!operands[0])
      return std::nullopt;
    auto type = cast<ShapedType>(op->getOperand(0).getType());
    double count = type.getDimSize(cast<tosa::ReduceSumOp>(op).getAxis());
    return FloatRange{operands[0]->min * count, operands[0]->max * count};
  }
};

} // namespace

void tosa_models::attachPoolingModels(MLIRContext &context) {
  tosa::AvgPool2dOp::attachInterface<PoolModel<tosa::AvgPool2dOp, AvgPool2DOp>,
                                     PoolRangeModel<tosa::AvgPool2dOp>>(
      context);
  tosa::MaxPool2dOp::attachInterface<PoolModel<tosa::MaxPool2dOp, MaxPool2DOp>,
                                     PoolRangeModel<tosa::MaxPool2dOp>>(
      context);
  tosa::ReduceSumOp::attachInterface<ReduceSumModel, ReduceSumRangeModel>(
      context);
}
