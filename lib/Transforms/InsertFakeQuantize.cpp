//===- InsertFakeQuantize.cpp - Choose parameters -------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Turns observed ranges and weight values into parameters, and simulates
// quantization with them.
//
//===----------------------------------------------------------------------===//

#include "ConstantQuantization.h"
#include "FloatLayers.h"

#include "quantcc/Analysis/FloatConstants.h"
#include "quantcc/Analysis/ScaleGroups.h"
#include "quantcc/Analysis/ValueNames.h"
#include "quantcc/Calibration/Recipe.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Transforms/Passes.h"

#include <llvm/Support/GlobPattern.h>
#include <mlir/Dialect/Quant/IR/Quant.h>

namespace quantcc {
#define GEN_PASS_DEF_INSERTFAKEQUANTIZE
#include "quantcc/Transforms/Passes.h.inc"
} // namespace quantcc

using namespace mlir;
using namespace quantcc;

namespace {
struct InsertFakeQuantize
    : public quantcc::impl::InsertFakeQuantizeBase<InsertFakeQuantize> {
  using InsertFakeQuantizeBase::InsertFakeQuantizeBase;

  LogicalResult initialize(MLIRContext *context) override;
  void runOnOperation() override;

private:
  std::optional<std::string> getExclusion(Operation *op) const;
  void warnOfUnmatchedPatterns(func::FuncOp function);
  void markExcluded(Operation *op);
  LogicalResult quantizeActivation(ObserveOp observe,
                                   std::optional<FloatRange> fixedRange);
  LogicalResult quantizeWeights(QuantizableOpInterface op);
  FailureOr<quant::QuantizedType>
  chooseActivationType(ObserveOp observe, std::optional<FloatRange> fixedRange);

  SmallVector<std::pair<std::string, llvm::GlobPattern>> patterns;
  Recipe rules;
};
} // namespace

LogicalResult InsertFakeQuantize::initialize(MLIRContext *context) {
  patterns.clear();
  for (const std::string &text : exclude) {
    llvm::Expected<llvm::GlobPattern> pattern = llvm::GlobPattern::create(text);
    if (!pattern)
      return emitError(UnknownLoc::get(context))
             << "expected a shell pattern to exclude, found '" << text
             << "': " << llvm::toString(pattern.takeError());
    patterns.emplace_back(text, std::move(*pattern));
  }
  if (recipe.empty())
    return success();
  llvm::Expected<Recipe> read = Recipe::read(recipe);
  if (!read)
    return emitError(UnknownLoc::get(context))
           << llvm::toString(read.takeError());
  rules = std::move(*read);
  return success();
}

/// The names `op` answers to: its own first, then those of the layers that were
/// folded into it.
static SmallVector<StringRef> getLayerNames(Operation *op) {
  SmallVector<StringRef> names = getLocationNames(op->getLoc());
  if (names.empty())
    names.push_back(getLayerName(op));
  return names;
}

/// Why `op` is to stay in float, if a pattern or the recipe says so.
std::optional<std::string>
InsertFakeQuantize::getExclusion(Operation *op) const {
  SmallVector<StringRef> names = getLayerNames(op);
  std::optional<bool> ruled =
      rules.lookup(names.front(), op->getName().getStringRef()).exclude;
  if (ruled)
    return *ruled ? std::optional<std::string>("excluded by the recipe")
                  : std::nullopt;
  for (const auto &[text, pattern] : patterns)
    for (StringRef name : names)
      if (pattern.match(name))
        return "excluded by pattern '" + text + "'";
  return std::nullopt;
}

void InsertFakeQuantize::markExcluded(Operation *op) {
  if (!isFloatLayer(op) || op->hasAttr(kKeepFloatAttrName))
    return;
  std::optional<std::string> reason = getExclusion(op);
  if (!reason)
    return;
  op->setAttr(kKeepFloatAttrName, StringAttr::get(&getContext(), *reason));
}

/// Whether `op` is a layer that stays in float.
static bool staysFloat(Operation *op) {
  return op && isFloatLayer(op) && getKeepFloatReason(op).has_value();
}

FailureOr<quant::QuantizedType>
InsertFakeQuantize::chooseActivationType(ObserveOp observe,
                                         std::optional<FloatRange> fixedRange) {
  bool narrow = narrowRange && !fixedRange;
  StoredRange bounds = storageBounds(8, /*isSigned=*/true, narrow);
  if (!fixedRange && !observe.getRange())
    return observe.emitOpError()
           << "expected a range of value '" << observe.getName()
           << "'; calibration or range propagation gives one";
  FloatRange range = fixedRange ? *fixedRange
                                : FloatRange{observe.getRange()->getMinValue(),
                                             observe.getRange()->getMaxValue()};
  Operation *producer = observe.getInput().getDefiningOp();
  LayerSettings settings = rules.lookup(
      observe.getName(), producer ? producer->getName().getStringRef() : "");
  auto choose = settings.symmetric.value_or(symmetricActivations) && !fixedRange
                    ? chooseSymmetricParameters
                    : chooseAsymmetricParameters;
  llvm::Expected<QuantizationParameters> params = choose(
      static_cast<float>(range.min), static_cast<float>(range.max), bounds);
  if (!params)
    return observe.emitOpError()
           << "has no parameters for value '" << observe.getName()
           << "': " << llvm::toString(params.takeError());
  return quant::QuantizedType(
      makePerTensorType(&getContext(), *params, bounds));
}

LogicalResult
InsertFakeQuantize::quantizeActivation(ObserveOp observe,
                                       std::optional<FloatRange> fixedRange) {
  Value input = observe.getInput();
  // What layers in float pass to each other is not quantized.
  if (staysFloat(input.getDefiningOp()))
    observe.getResult().replaceUsesWithIf(
        input, [](OpOperand &use) { return staysFloat(use.getOwner()); });
  if (!observe->use_empty()) {
    FailureOr<quant::QuantizedType> type =
        chooseActivationType(observe, fixedRange);
    if (failed(type))
      return failure();
    OpBuilder builder(observe);
    auto fake = FakeQuantizeOp::create(builder, observe.getLoc(), input, *type);
    fake.setChannelMeanAttr(observe.getChannelMeanAttr());
    observe.getResult().replaceAllUsesWith(fake.getResult());
  }
  observe.erase();
  return success();
}

LogicalResult InsertFakeQuantize::quantizeWeights(QuantizableOpInterface op) {
  LayerSettings settings =
      rules.lookup(getLayerName(op), op->getName().getStringRef());
  bool perTensor = settings.granularity
                       ? *settings.granularity == Granularity::PerTensor
                       : perTensorWeights;
  for (OpOperand &operand : op->getOpOperands()) {
    unsigned index = operand.getOperandNumber();
    if (op.getOperandRole(index) != OperandRole::Weight)
      continue;
    // No constant, or fake quantized already.
    std::optional<std::vector<float>> values = getFloatConstant(operand.get());
    if (!values || values->empty())
      continue;
    auto type = cast<RankedTensorType>(operand.get().getType());
    llvm::Expected<quant::QuantizedType> params =
        chooseWeightType(&getContext(), *values, type.getShape(),
                         perTensor ? std::nullopt : op.getChannelAxis(index),
                         storageBounds(8, /*isSigned=*/true, /*narrow=*/true));
    if (!params)
      return op->emitOpError()
             << "cannot quantize the weights of layer '" << getLayerName(op)
             << "': " << llvm::toString(params.takeError());
    OpBuilder builder(op);
    auto fake = FakeQuantizeOp::create(builder, operand.get().getLoc(),
                                       operand.get(), *params);
    operand.set(fake.getResult());
  }
  return success();
}

/// Tells of patterns that say nothing about this model: a misspelt name would
/// otherwise quantize what was to stay in float.
void InsertFakeQuantize::warnOfUnmatchedPatterns(func::FuncOp function) {
  for (const auto &[text, glob] : patterns) {
    // C++17 captures no structured binding.
    const auto &pattern = glob;
    auto matches = [&](Operation &op) {
      return isFloatLayer(&op) &&
             llvm::any_of(getLayerNames(&op),
                          [&](StringRef name) { return pattern.match(name); });
    };
    if (llvm::none_of(function.getOps(), matches))
      function.emitWarning()
          << "no layer matches the pattern to exclude '" << text << "'";
  }
}

void InsertFakeQuantize::runOnOperation() {
  func::FuncOp function = getOperation();
  warnOfUnmatchedPatterns(function);
  for (Operation &op : function.getOps())
    markExcluded(&op);
  // All answers of the analysis come before the first change.
  SmallVector<std::pair<ObserveOp, std::optional<FloatRange>>> observers;
  ScaleGroups groups(function);
  for (auto observe : function.getOps<ObserveOp>()) {
    const ScaleGroup *group = groups.lookup(observe.getResult());
    observers.emplace_back(observe, group ? group->fixedRange : std::nullopt);
  }
  for (auto [observe, fixedRange] : observers)
    if (failed(quantizeActivation(observe, fixedRange)))
      return signalPassFailure();
  for (auto op : function.getOps<QuantizableOpInterface>())
    if (!staysFloat(op) && failed(quantizeWeights(op)))
      return signalPassFailure();
}
