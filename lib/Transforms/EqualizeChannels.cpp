//===- EqualizeChannels.cpp - One range for the channels of a value -------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Multiplies the channels between a convolution and the depthwise ones that
// read it by powers of two, so that they make equal use of the stored values.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Analysis/FloatConstants.h"
#include "quantcc/Analysis/ValueNames.h"
#include "quantcc/Calibration/Recipe.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Support/ChannelEqualization.h"
#include "quantcc/Support/QuantizationParameters.h"
#include "quantcc/Transforms/Passes.h"

#include <cmath>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Interfaces/SideEffectInterfaces.h>

namespace quantcc {
#define GEN_PASS_DEF_EQUALIZECHANNELS
#include "quantcc/Transforms/Passes.h.inc"
} // namespace quantcc

using namespace mlir;
using namespace quantcc;

namespace {

/// A constant operand of a layer, as it is and as it will be.
struct ScaledConstant {
  OpOperand *operand;
  std::vector<float> values;
};

/// A convolution, the observer of its result, and the depthwise convolutions
/// that alone read it.
struct Link {
  Conv2DOp producer;
  ObserveOp observe;
  SmallVector<Conv2DOp> consumers;
};

struct EqualizeChannels
    : public quantcc::impl::EqualizeChannelsBase<EqualizeChannels> {
  using EqualizeChannelsBase::EqualizeChannelsBase;

  LogicalResult initialize(MLIRContext *context) override;
  void runOnOperation() override;

private:
  bool hasChannelScales(Conv2DOp op) const;
  std::optional<Link> matchLink(ObserveOp observe) const;

  Recipe rules;
};

} // namespace

LogicalResult EqualizeChannels::initialize(MLIRContext *context) {
  if (recipe.empty())
    return success();
  llvm::Expected<Recipe> read = Recipe::read(recipe);
  if (!read)
    return emitError(UnknownLoc::get(context))
           << llvm::toString(read.takeError());
  rules = std::move(*read);
  return success();
}

/// Whether the weights of `op` are constants that get one scale a channel: it
/// takes up the channel's factor.
bool EqualizeChannels::hasChannelScales(Conv2DOp op) const {
  LayerSettings settings =
      rules.lookup(getLayerName(op), op->getName().getStringRef());
  bool perTensor =
      settings.granularity && *settings.granularity == Granularity::PerTensor;
  return !perTensor && isFloatConstant(op.getWeights()) &&
         (!op.getBias() || isFloatConstant(op.getBias()));
}

/// Whether the clamp of `op` is the same before and after multiplication by
/// any positive number: each end is 0 or no bound at all.
static bool clampCommutes(Conv2DOp op) {
  std::optional<ArrayRef<float>> clamp = op.getClamp();
  return !clamp || llvm::all_of(*clamp, [](float end) {
    return end == 0.0f || std::fabs(end) >= std::numeric_limits<float>::max();
  });
}

std::optional<Link> EqualizeChannels::matchLink(ObserveOp observe) const {
  Link link;
  link.observe = observe;
  link.producer = observe.getInput().getDefiningOp<Conv2DOp>();
  if (!link.producer || !observe.getInput().hasOneUse() ||
      !observe.getChannelMin() || !hasChannelScales(link.producer) ||
      !clampCommutes(link.producer))
    return std::nullopt;
  auto input = link.producer.getInput().getDefiningOp<ObserveOp>();
  if (!input || !input.getRange())
    return std::nullopt;
  for (OpOperand &use : observe->getUses()) {
    auto consumer = dyn_cast<Conv2DOp>(use.getOwner());
    if (!consumer || use.getOperandNumber() != 0 || !consumer.isDepthwise() ||
        !hasChannelScales(consumer))
      return std::nullopt;
    link.consumers.push_back(consumer);
  }
  if (link.consumers.empty())
    return std::nullopt;
  return link;
}

static float magnitudeOf(RangeAttr range) {
  return static_cast<float>(
      std::max(std::fabs(range.getMinValue()), std::fabs(range.getMaxValue())));
}

/// The largest magnitude of each of `channels` equal parts of `values`.
static std::vector<float> magnitudesOf(ArrayRef<float> values,
                                       size_t channels) {
  std::vector<float> magnitudes(channels, 0.0f);
  size_t stride = values.size() / channels;
  for (auto [position, value] : llvm::enumerate(values)) {
    float &magnitude = magnitudes[position / stride];
    magnitude = std::max(magnitude, std::fabs(value));
  }
  return magnitudes;
}

/// How far each channel may be raised: until a step of the result is one of the
/// producer's accumulator, as there is nothing finer to store; and until a
/// consumer's weight scale is the smallest.
static std::vector<int> findLimits(const Link &link,
                                   ArrayRef<float> magnitudes) {
  size_t channels = magnitudes.size();
  Conv2DOp producer = link.producer;
  auto input = producer.getInput().getDefiningOp<ObserveOp>();
  double inputStep = magnitudeOf(*input.getRange()) / 127.0;
  double resultStep = *llvm::max_element(magnitudes) / 255.0;
  std::vector<float> weights =
      magnitudesOf(*getFloatConstant(producer.getWeights()), channels);
  // A channel of zeros takes the largest scale.
  float largest = *llvm::max_element(weights);
  std::vector<int> limits(channels, kLargestRaise);
  for (auto [limit, weight] : llvm::zip_equal(limits, weights)) {
    double step = inputStep * (weight > 0.0f ? weight : largest) / 127.0;
    limit = step > 0.0 ? largestRaise(step, resultStep) : 0;
  }
  for (Conv2DOp consumer : link.consumers) {
    std::vector<float> values = *getFloatConstant(consumer.getWeights());
    for (auto [limit, weight] :
         llvm::zip_equal(limits, magnitudesOf(values, channels)))
      if (weight > 0.0f)
        limit = std::min(limit, largestRaise(kSmallestScale, weight / 127.0));
  }
  return limits;
}

/// `operand` with each of as many equal parts of its values as there are
/// `exponents` multiplied by 2^(sign * exponent); none if a value is not exact.
static std::optional<ScaledConstant>
scaleParts(OpOperand &operand, ArrayRef<int> exponents, int sign) {
  std::vector<float> values = *getFloatConstant(operand.get());
  size_t stride = values.size() / exponents.size();
  for (auto [position, value] : llvm::enumerate(values)) {
    int exponent = sign * exponents[position / stride];
    float scaled = std::ldexp(value, exponent);
    if (!std::isfinite(scaled) || std::ldexp(scaled, -exponent) != value)
      return std::nullopt;
    value = scaled;
  }
  return ScaledConstant{&operand, std::move(values)};
}

static void replaceConstant(const ScaledConstant &constant) {
  Value old = constant.operand->get();
  OpBuilder builder(constant.operand->getOwner());
  auto type = cast<RankedTensorType>(old.getType());
  constant.operand->set(arith::ConstantOp::create(
      builder, old.getLoc(),
      DenseElementsAttr::get(type, ArrayRef(constant.values))));
  if (isOpTriviallyDead(old.getDefiningOp()))
    old.getDefiningOp()->erase();
}

/// `values`, one a channel, each times 2^exponent.
static DenseF32ArrayAttr raise(DenseF32ArrayAttr values,
                               ArrayRef<int> exponents) {
  SmallVector<float> raised;
  for (auto [value, exponent] : llvm::zip_equal(values.asArrayRef(), exponents))
    raised.push_back(std::ldexp(value, exponent));
  return DenseF32ArrayAttr::get(values.getContext(), raised);
}

/// Multiplies what the observer knows of the channels, and gives it the range
/// that they have together then.
static void raiseObserver(ObserveOp observe, ArrayRef<int> exponents) {
  DenseF32ArrayAttr low = raise(observe.getChannelMinAttr(), exponents);
  DenseF32ArrayAttr high = raise(observe.getChannelMaxAttr(), exponents);
  observe.setRangeAttr(RangeAttr::get(observe.getContext(),
                                      *llvm::min_element(low.asArrayRef()),
                                      *llvm::max_element(high.asArrayRef())));
  observe.setChannelMinAttr(low);
  observe.setChannelMaxAttr(high);
  if (DenseF32ArrayAttr mean = observe.getChannelMeanAttr())
    observe.setChannelMeanAttr(raise(mean, exponents));
}

static void equalize(const Link &link) {
  SmallVector<float> magnitudes;
  ObserveOp observe = link.observe;
  for (auto [low, high] :
       llvm::zip_equal(*observe.getChannelMin(), *observe.getChannelMax()))
    magnitudes.push_back(std::max(std::fabs(low), std::fabs(high)));
  if (*llvm::max_element(magnitudes) == 0.0f)
    return;
  std::vector<int> exponents =
      chooseEqualizingExponents(magnitudes, findLimits(link, magnitudes));
  if (llvm::all_of(exponents, [](int exponent) { return exponent == 0; }))
    return;
  // All or nothing: the float model keeps its values to the last bit.
  SmallVector<ScaledConstant> constants;
  auto scale = [&](OpOperand &operand, int sign) {
    std::optional<ScaledConstant> scaled = scaleParts(operand, exponents, sign);
    if (scaled)
      constants.push_back(std::move(*scaled));
    return scaled.has_value();
  };
  for (OpOperand &operand :
       MutableArrayRef(link.producer->getOpOperands()).drop_front())
    if (!scale(operand, 1))
      return;
  for (Conv2DOp consumer : link.consumers)
    if (!scale(consumer.getWeightsMutable(), -1))
      return;
  for (const ScaledConstant &constant : constants)
    replaceConstant(constant);
  raiseObserver(observe, exponents);
}

void EqualizeChannels::runOnOperation() {
  for (auto observe : getOperation().getOps<ObserveOp>())
    if (std::optional<Link> link = matchLink(observe))
      equalize(*link);
}
