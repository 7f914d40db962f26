//===- FoldBatchNorm.cpp - Multiply-adds into weights ---------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Folds what batch normalization leaves behind a convolution or a linear layer
// into its weights and bias.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Analysis/FloatConstants.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Transforms/Passes.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/IR/PatternMatch.h>
#include <mlir/Transforms/GreedyPatternRewriteDriver.h>

namespace quantcc {
#define GEN_PASS_DEF_FOLDBATCHNORM
#include "quantcc/Transforms/Passes.h.inc"
} // namespace quantcc

using namespace mlir;
using namespace quantcc;

namespace {

/// result * scale + offset, with one value of each an output channel.
struct ChannelAffine {
  std::vector<float> scale;
  std::vector<float> offset;
};

/// op(layer(x), constant) -> layer'(x), where op is mul, add or sub and layer
/// is conv2d or linear, all in the float form.
template <typename OpTy> struct FoldAffine : public OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op,
                                PatternRewriter &rewriter) const override;
};

struct FoldBatchNorm : public quantcc::impl::FoldBatchNormBase<FoldBatchNorm> {
  using FoldBatchNormBase::FoldBatchNormBase;

  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet set(context);
    set.add<FoldAffine<MulOp>, FoldAffine<AddOp>, FoldAffine<SubOp>>(context);
    patterns = std::move(set);
    return success();
  }
  void runOnOperation() override {
    if (failed(applyPatternsGreedily(getOperation(), patterns)))
      signalPassFailure();
  }

private:
  FrozenRewritePatternSet patterns;
};

} // namespace

/// The values of the constant `value`, one for each of `channels` along the
/// last dimension of tensors of rank `rank`, or none if it varies elsewhere.
static std::optional<std::vector<float>>
getPerChannel(Value value, int64_t channels, int64_t rank) {
  auto type = cast<RankedTensorType>(value.getType());
  int64_t count = type.getNumElements();
  bool perChannel = type.getRank() > 0 && type.getShape().back() == count &&
                    count == channels;
  if (type.getRank() > rank || (count != 1 && !perChannel))
    return std::nullopt;
  std::optional<std::vector<float>> values = getFloatConstant(value);
  if (values && count == 1)
    values->resize(channels, values->front());
  return values;
}

/// What the op makes of the layer's result, which is its left operand or else
/// its right one.
static ChannelAffine makeAffine(MulOp, std::vector<float> constant, bool) {
  std::vector<float> zeros(constant.size(), 0.0f);
  return {std::move(constant), std::move(zeros)};
}
static ChannelAffine makeAffine(AddOp, std::vector<float> constant, bool) {
  std::vector<float> ones(constant.size(), 1.0f);
  return {std::move(ones), std::move(constant)};
}
static ChannelAffine makeAffine(SubOp, std::vector<float> constant,
                                bool layerIsLeft) {
  std::vector<float> signs(constant.size(), layerIsLeft ? 1.0f : -1.0f);
  if (layerIsLeft)
    for (float &value : constant)
      value = -value;
  return {std::move(signs), std::move(constant)};
}

static Value createConstant(PatternRewriter &rewriter, Location location,
                            ArrayRef<int64_t> shape, ArrayRef<float> values) {
  auto type = RankedTensorType::get(shape, rewriter.getF32Type());
  return arith::ConstantOp::create(rewriter, location,
                                   DenseElementsAttr::get(type, values));
}

/// Whether `layer` is a conv2d or linear in the float form that an affine map
/// can be folded into; says why not.
static LogicalResult matchLayer(Operation *op, Operation *layer,
                                PatternRewriter &rewriter) {
  if (!isa_and_present<Conv2DOp, LinearOp>(layer))
    return rewriter.notifyMatchFailure(op, "no operand is a layer's result");
  if (layer->hasAttr("clamp"))
    return rewriter.notifyMatchFailure(op, "the layer clamps its result");
  if (!layer->hasOneUse())
    return rewriter.notifyMatchFailure(op, "the layer is used elsewhere too");
  if (!isFloatConstant(layer->getOperand(1)))
    return rewriter.notifyMatchFailure(op, "the weights are no constant");
  if (layer->getNumOperands() > 2 && !isFloatConstant(layer->getOperand(2)))
    return rewriter.notifyMatchFailure(op, "the bias is no constant");
  return success();
}

/// The operands of `layer` with `affine` folded into weights and bias.
static SmallVector<Value> foldConstants(Operation *layer,
                                        const ChannelAffine &affine,
                                        PatternRewriter &rewriter) {
  Value oldWeights = layer->getOperand(1);
  std::vector<float> weights = *getFloatConstant(oldWeights);
  size_t channels = affine.scale.size(), stride = weights.size() / channels;
  for (size_t i = 0; i < weights.size(); ++i)
    weights[i] *= affine.scale[i / stride];
  std::vector<float> bias = affine.offset;
  if (layer->getNumOperands() > 2) {
    std::vector<float> old = *getFloatConstant(layer->getOperand(2));
    for (size_t i = 0; i < channels; ++i)
      bias[i] = old[i] * affine.scale[i] + affine.offset[i];
  }
  auto shape = cast<RankedTensorType>(oldWeights.getType()).getShape();
  return {layer->getOperand(0),
          createConstant(rewriter, oldWeights.getLoc(), shape, weights),
          createConstant(rewriter, layer->getLoc(),
                         {static_cast<int64_t>(channels)}, bias)};
}

template <typename OpTy>
LogicalResult
FoldAffine<OpTy>::matchAndRewrite(OpTy op, PatternRewriter &rewriter) const {
  Operation *layer = op.getLhs().getDefiningOp();
  bool layerIsLeft = isa_and_present<Conv2DOp, LinearOp>(layer);
  if (!layerIsLeft)
    layer = op.getRhs().getDefiningOp();
  if (failed(matchLayer(op, layer, rewriter)))
    return failure();
  auto type = cast<RankedTensorType>(layer->getResult(0).getType());
  if (op.getType() != type)
    return rewriter.notifyMatchFailure(op, "it broadcasts the layer's result");
  std::optional<std::vector<float>> constant =
      getPerChannel(layerIsLeft ? op.getRhs() : op.getLhs(),
                    type.getShape().back(), type.getRank());
  if (!constant)
    return rewriter.notifyMatchFailure(
        op, "the other operand is no constant with one value a channel");
  ChannelAffine affine = makeAffine(op, std::move(*constant), layerIsLeft);
  rewriter.setInsertionPoint(layer);
  NamedAttrList attributes(layer->getAttrDictionary());
  if (DenseF32ArrayAttr clamp = op.getClampAttr())
    attributes.set("clamp", clamp);
  // The value is now the one behind the normalization: its name comes first.
  Location location = rewriter.getFusedLoc({op.getLoc(), layer->getLoc()});
  OperationState state(location, layer->getName(),
                       foldConstants(layer, affine, rewriter), type,
                       attributes);
  Operation *folded = rewriter.create(state);
  rewriter.replaceOp(op, folded);
  rewriter.eraseOp(layer);
  return success();
}
