//===- ContractionModels.cpp - Interfaces of tosa ops ---------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Models of convolutions and matrix products.
//
//===----------------------------------------------------------------------===//

#include "TosaModels.h"

#include <mlir/IR/Builders.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::tosa_models;

namespace {

/// Operands input, weights, bias, and two zero points that f32 has no use for.
OperandRole getConvolutionRole(unsigned index) {
  switch (index) {
  case 0:
    return OperandRole::Activation;
  case 1:
    return OperandRole::Weight;
  case 2:
    return OperandRole::Bias;
  default:
    return OperandRole::Untouched;
  }
}

template <typename OpTy> NamedAttrList getWindow(OpTy op, int64_t groups) {
  Builder builder(op.getContext());
  NamedAttrList attributes;
  attributes.set("strides", builder.getDenseI64ArrayAttr(op.getStride()));
  attributes.set("padding", builder.getDenseI64ArrayAttr(op.getPad()));
  attributes.set("dilations", builder.getDenseI64ArrayAttr(op.getDilation()));
  attributes.set("groups", builder.getI64IntegerAttr(groups));
  return attributes;
}

struct Conv2DModel
    : QuantizableOpInterface::ExternalModel<Conv2DModel, tosa::Conv2DOp> {
  OperandRole getOperandRole(Operation *, unsigned index) const {
    return getConvolutionRole(index);
  }
  std::optional<unsigned> getChannelAxis(Operation *, unsigned index) const {
    return index == 1 ? std::optional<unsigned>(0) : std::nullopt;
  }
  FailureOr<Operation *> rebuild(Operation *op, OpBuilder &builder,
                                 ValueRange operands, TypeRange types,
                                 Rounding rounding) const {
    auto shape = cast<ShapedType>(operands[1].getType()).getShape();
    Value bias = expandBias(builder, operands[2], shape[0]);
    if (!bias)
      return op->emitOpError()
             << "expected a constant bias or one value a channel";
    return create<quantcc::Conv2DOp>(
        builder, op, {operands[0], operands[1], bias}, types,
        getWindow(cast<tosa::Conv2DOp>(op), 1), rounding);
  }
};

/// Padding of the result, which TOSA adds and quantcc.transpose_conv2d cuts
/// off.
struct TransposeConv2DModel
    : QuantizableOpInterface::ExternalModel<TransposeConv2DModel,
                                            tosa::TransposeConv2DOp> {
  OperandRole getOperandRole(Operation *, unsigned index) const {
    return getConvolutionRole(index);
  }
  std::optional<unsigned> getChannelAxis(Operation *, unsigned index) const {
    return index == 1 ? std::optional<unsigned>(0) : std::nullopt;
  }
  FailureOr<Operation *> rebuild(Operation *op, OpBuilder &builder,
                                 ValueRange operands, TypeRange types,
                                 Rounding rounding) const {
    auto source = cast<tosa::TransposeConv2DOp>(op);
    auto shape = cast<ShapedType>(operands[1].getType()).getShape();
    Value bias = expandBias(builder, operands[2], shape[0]);
    if (!bias)
      return op->emitOpError()
             << "expected a constant bias or one value a channel";
    SmallVector<int64_t> padding;
    for (int64_t added : source.getOutPad())
      padding.push_back(-added);
    if (padding[0] < 0 || padding[2] < 0)
      return op->emitOpError()
             << "expected out_pad not above zero at the top and left";
    NamedAttrList attributes;
    attributes.set("strides", builder.getDenseI64ArrayAttr(source.getStride()));
    attributes.set("padding", builder.getDenseI64ArrayAttr(padding));
    return create<quantcc::TransposeConv2DOp>(builder, op,
                                              {operands[0], operands[1], bias},
                                              types, attributes, rounding);
  }
};

/// Weights [KH,KW,C,M] become [C*M,KH,KW,1], in one group a channel of C.
struct DepthwiseConv2DModel
    : QuantizableOpInterface::ExternalModel<DepthwiseConv2DModel,
                                            tosa::DepthwiseConv2DOp> {
  OperandRole getOperandRole(Operation *, unsigned index) const {
    return getConvolutionRole(index);
  }
  std::optional<unsigned> getChannelAxis(Operation *op, unsigned index) const {
    // With more than one filter a channel, two dimensions count channels.
    auto shape = cast<ShapedType>(op->getOperand(1).getType()).getShape();
    return index == 1 && shape[3] == 1 ? std::optional<unsigned>(2)
                                       : std::nullopt;
  }
  FailureOr<Operation *> rebuild(Operation *op, OpBuilder &builder,
                                 ValueRange operands, TypeRange types,
                                 Rounding rounding) const {
    auto shape = cast<ShapedType>(operands[1].getType()).getShape();
    int64_t channels = shape[2] * shape[3];
    Value weights = permuteWeights(builder, operands[1], {2, 3, 0, 1},
                                   {channels, shape[0], shape[1], 1});
    Value bias = expandBias(builder, operands[2], channels);
    if (!weights || !bias)
      return op->emitOpError() << "expected constant weights and bias";
    return create<quantcc::Conv2DOp>(
        builder, op, {operands[0], weights, bias}, types,
        getWindow(cast<tosa::DepthwiseConv2DOp>(op), shape[2]), rounding);
  }
};

/// With a constant right side [1,K,N], a linear layer of weights [N,K].
struct MatMulModel
    : QuantizableOpInterface::ExternalModel<MatMulModel, tosa::MatMulOp> {
  static bool isLinear(Operation *op) {
    auto type = cast<ShapedType>(op->getOperand(1).getType());
    return type.getShape()[0] == 1 && isConstant(op->getOperand(1));
  }
  OperandRole getOperandRole(Operation *op, unsigned index) const {
    if (index > 1)
      return OperandRole::Untouched;
    return index == 1 && isLinear(op) ? OperandRole::Weight
                                      : OperandRole::Activation;
  }
  std::optional<unsigned> getChannelAxis(Operation *op, unsigned index) const {
    return index == 1 && isLinear(op) ? std::optional<unsigned>(2)
                                      : std::nullopt;
  }
  FailureOr<Operation *> rebuild(Operation *op, OpBuilder &builder,
                                 ValueRange operands, TypeRange types,
                                 Rounding rounding) const {
    if (!isLinear(op))
      return create<quantcc::MatMulOp>(builder, op, operands.take_front(2),
                                       types, {}, rounding);
    auto shape = cast<ShapedType>(operands[1].getType()).getShape();
    Value weights =
        permuteWeights(builder, operands[1], {0, 2, 1}, {shape[2], shape[1]});
    if (!weights)
      return op->emitOpError() << "expected constant weights";
    return create<quantcc::LinearOp>(builder, op, {operands[0], weights}, types,
                                     {}, rounding);
  }
};

} // namespace

void tosa_models::attachContractionModels(MLIRContext &context) {
  tosa::Conv2DOp::attachInterface<Conv2DModel>(context);
  tosa::DepthwiseConv2DOp::attachInterface<DepthwiseConv2DModel>(context);
  tosa::TransposeConv2DOp::attachInterface<TransposeConv2DModel>(context);
  tosa::MatMulOp::attachInterface<MatMulModel>(context);
}
