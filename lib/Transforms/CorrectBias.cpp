//===- CorrectBias.cpp - Make up for the weights' rounding ----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Takes from each bias what the rounded weights add on average.
//
//===----------------------------------------------------------------------===//

#include "ConstantQuantization.h"

#include "quantcc/Analysis/FloatConstants.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Transforms/Passes.h"

#include <cmath>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Interfaces/SideEffectInterfaces.h>

namespace quantcc {
#define GEN_PASS_DEF_CORRECTBIAS
#include "quantcc/Transforms/Passes.h.inc"
} // namespace quantcc

using namespace mlir;
using namespace quantcc;

namespace {
struct CorrectBias : public quantcc::impl::CorrectBiasBase<CorrectBias> {
  using CorrectBiasBase::CorrectBiasBase;
  void runOnOperation() override;
};

/// What the average error of a layer follows from.
struct RoundedLayer {
  /// The mean of each channel of the input.
  ArrayRef<float> means;
  /// What rounding adds to each weight.
  std::vector<double> errors;
  /// Empty if the layer has none.
  std::vector<float> bias;
};
} // namespace

/// The rounded layer that `op` is: its input and constant weights are fake
/// quantized, the means of the input are known, the bias is constant.
static std::optional<RoundedLayer> matchLayer(Operation *op) {
  auto input = op->getOperand(0).getDefiningOp<FakeQuantizeOp>();
  auto weights = op->getOperand(1).getDefiningOp<FakeQuantizeOp>();
  if (!input || !input.getChannelMean() || !weights)
    return std::nullopt;
  std::optional<std::vector<float>> values =
      getFloatConstant(weights.getInput());
  if (!values)
    return std::nullopt;
  RoundedLayer layer;
  if (op->getNumOperands() > 2) {
    std::optional<std::vector<float>> bias =
        getFloatConstant(op->getOperand(2));
    if (!bias)
      return std::nullopt;
    layer.bias = std::move(*bias);
  }
  layer.means = *input.getChannelMean();
  std::vector<float> rounded =
      roundToGrid(*values, cast<RankedTensorType>(weights.getType()).getShape(),
                  cast<quant::QuantizedType>(weights.getParams()));
  for (auto [value, onGrid] : llvm::zip_equal(*values, rounded))
    layer.errors.push_back(static_cast<double>(onGrid) - value);
  return layer;
}

/// The share of `outputs` window positions of which the tap at `offset` lies in
/// the input, and not in its padding.
static double shareInside(int64_t outputs, int64_t stride, int64_t offset,
                          int64_t inputs) {
  int64_t inside = 0;
  for (int64_t i = 0; i < outputs; ++i) {
    int64_t position = i * stride + offset;
    inside += position >= 0 && position < inputs;
  }
  return static_cast<double>(inside) / static_cast<double>(outputs);
}

/// What rounding adds to each channel of the accumulator on average.
static std::vector<double> averageError(Conv2DOp op,
                                        const RoundedLayer &layer) {
  auto shapeOf = [](Value value) {
    return cast<RankedTensorType>(value.getType()).getShape();
  };
  ArrayRef<int64_t> input = shapeOf(op.getInput());
  ArrayRef<int64_t> result = shapeOf(op.getResult());
  ArrayRef<int64_t> weights = shapeOf(op.getWeights());
  auto shares = [&](unsigned direction) {
    SmallVector<double> taps;
    for (int64_t tap = 0; tap < weights[1 + direction]; ++tap)
      taps.push_back(shareInside(
          result[1 + direction], op.getStrides()[direction],
          tap * op.getDilations()[direction] - op.getPadding()[2 * direction],
          input[1 + direction]));
    return taps;
  };
  SmallVector<double> rows = shares(0), columns = shares(1);
  std::vector<double> errors(weights[0], 0.0);
  int64_t outputsPerGroup = weights[0] / static_cast<int64_t>(op.getGroups());
  size_t position = 0;
  for (int64_t o = 0; o < weights[0]; ++o)
    for (double row : rows)
      for (double column : columns)
        for (int64_t c = 0; c < weights[3]; ++c)
          errors[o] += layer.errors[position++] * row * column *
                       layer.means[o / outputsPerGroup * weights[3] + c];
  return errors;
}

static std::vector<double> averageError(LinearOp, const RoundedLayer &layer) {
  size_t inputs = layer.means.size();
  std::vector<double> errors(layer.errors.size() / inputs, 0.0);
  for (auto [position, error] : llvm::enumerate(layer.errors))
    errors[position / inputs] += error * layer.means[position % inputs];
  return errors;
}

template <typename OpTy> static void correct(OpTy op) {
  std::optional<RoundedLayer> layer = matchLayer(op);
  if (!layer)
    return;
  std::vector<double> errors = averageError(op, *layer);
  layer->bias.resize(errors.size(), 0.0f);
  for (auto [bias, error] : llvm::zip_equal(layer->bias, errors))
    bias = static_cast<float>(bias - error);
  // Means of magnitudes near the largest f32 may overflow: no bias is better.
  if (!llvm::all_of(layer->bias,
                    [](float bias) { return std::isfinite(bias); }))
    return;
  OpBuilder builder(op);
  auto type = RankedTensorType::get({static_cast<int64_t>(errors.size())},
                                    builder.getF32Type());
  Value old = op.getBias();
  op.getBiasMutable().assign(arith::ConstantOp::create(
      builder, old ? old.getLoc() : op.getLoc(),
      DenseElementsAttr::get(type, ArrayRef(layer->bias))));
  if (old && isOpTriviallyDead(old.getDefiningOp()))
    old.getDefiningOp()->erase();
}

void CorrectBias::runOnOperation() {
  func::FuncOp function = getOperation();
  for (Operation &op : llvm::make_early_inc_range(function.getOps())) {
    if (auto conv = dyn_cast<Conv2DOp>(op))
      correct(conv);
    else if (auto linear = dyn_cast<LinearOp>(op))
      correct(linear);
  }
  // The means have served their purpose: another run would correct twice.
  for (auto fake : function.getOps<FakeQuantizeOp>())
    fake.removeChannelMeanAttr();
}
