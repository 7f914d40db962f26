//===- KernelConstants.cpp - The constants of a fused layer ---------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads constants of fused layers and proves their requantizations.
//
//===----------------------------------------------------------------------===//

#include "KernelConstants.h"
#include "ConstantGlobals.h"

#include <mlir/IR/Matchers.h>
#include <mlir/IR/TypeUtilities.h>

using namespace mlir;
using namespace quantcc;

bool quantcc::isWide(FusedConv2DOp op) {
  return getElementTypeOrSelf(op.getInput().getType()).isInteger(16);
}

bool quantcc::givesAccumulators(FusedConv2DOp op) {
  return getElementTypeOrSelf(op.getInit().getType()).isInteger(32);
}

bool quantcc::hasNibbles(FusedConv2DOp op) {
  return getElementTypeOrSelf(op.getWeights().getType()).isInteger(4);
}

std::vector<int8_t> quantcc::packNibbles(ArrayRef<int8_t> weights,
                                         int64_t distance) {
  assert(weights.size() % (2 * distance) == 0 && "nibbles go in pairs");
  std::vector<int8_t> packed;
  for (size_t first = 0; first != weights.size(); first += 2 * distance)
    for (int64_t i = 0; i != distance; ++i)
      packed.push_back(
          static_cast<int8_t>((weights[first + i] & 15) |
                              weights[first + distance + i] * kNibbleScale));
  return packed;
}

/// The elements of a constant, or of the constant global it has become.
static DenseIntElementsAttr readElements(Value value) {
  DenseIntElementsAttr elements;
  if (matchPattern(value, m_Constant(&elements)))
    return elements;
  return readConstantGlobal(value);
}

/// The bytes that each of `weights` is the sum of: as few as all can do with.
static int64_t findPasses(DenseIntElementsAttr weights) {
  int64_t passes = 1;
  for (const APInt &value : weights.getValues<APInt>()) {
    int64_t weight = value.getSExtValue();
    int64_t limit = weight < 0 ? INT8_MIN : INT8_MAX;
    passes = std::max<int64_t>(
        passes, (weight + limit - (weight < 0 ? -1 : 1)) / limit);
  }
  return passes;
}

std::optional<KernelConstants> KernelConstants::read(FusedConv2DOp op) {
  DenseIntElementsAttr weights = readElements(op.getWeights());
  DenseIntElementsAttr bias = readElements(op.getBias());
  if (!weights || !bias)
    return std::nullopt;
  KernelConstants result;
  llvm::append_range(result.bias, bias.getValues<int32_t>());
  int64_t passes = result.numPasses = findPasses(weights);
  result.weights.resize(passes * weights.getNumElements());
  // A depthwise op's channels are its weights' innermost dimension.
  int64_t count = result.channels(), taps = weights.getNumElements() / count;
  for (auto [index, value] : llvm::enumerate(weights.getValues<APInt>())) {
    int64_t channel = op.getDepthwise() ? index % count : index / taps;
    int64_t tap = op.getDepthwise() ? index / count : index % taps;
    // In equal parts, of one sign.
    int64_t weight = value.getSExtValue();
    for (int64_t pass = 0; pass != passes; ++pass) {
      int64_t part = weight / (passes - pass);
      result.weights[(channel * passes + pass) * taps + tap] =
          static_cast<int8_t>(part);
      weight -= part;
    }
  }
  return result;
}

int64_t KernelConstants::sumOfWeights(int64_t channel) const {
  int64_t sum = 0;
  for (int64_t tap = 0; tap != taps(); ++tap)
    sum += weight(channel, tap);
  return sum;
}

bool KernelConstants::fitNibbles() const {
  return llvm::all_of(weights,
                      [](int8_t value) { return llvm::isInt<4>(value); });
}

bool KernelConstants::haveRoomForNibbles(int64_t channel,
                                         int64_t offset) const {
  int64_t magnitude = std::abs(int64_t(biasOf(channel))) + std::abs(offset);
  for (int64_t tap = 0; tap != taps(); ++tap)
    magnitude += std::abs(int64_t(weight(channel, tap)) * INT8_MIN);
  return llvm::isInt<32>(kNibbleScale * magnitude);
}

ChannelRequantization KernelConstants::requantization(FusedConv2DOp op,
                                                      int64_t channel) const {
  ChannelRequantization result;
  size_t index = op.getMultipliers().size() == 1 ? 0 : channel;
  result.multiplier = {op.getMultipliers()[index], op.getShifts()[index]};
  result.rounding = op.getRounding();
  result.zeroPoint = op.getOutputZeroPoint();
  result.clamp = {static_cast<int32_t>(op.getClampMin()),
                  static_cast<int32_t>(op.getClampMax())};
  int64_t low = bias[channel], high = bias[channel];
  for (int64_t tap = 0; tap != taps(); ++tap) {
    int64_t value = weight(channel, tap);
    low += std::min(value * INT8_MIN, value * INT8_MAX);
    high += std::max(value * INT8_MIN, value * INT8_MAX);
  }
  result.accumulators = {low, high};
  return result;
}

const std::optional<FloatRequantization> &
KernelConstants::floatRequantization(FusedConv2DOp op, int64_t channel,
                                     FloatForm form) const {
  auto [place, isNew] = floatRequantizations.try_emplace(
      {channel, form.isSplit, form.isDouble, form.isFused, form.takesBits,
       form.hasExceptions});
  if (isNew)
    place->second = findFloatRequantization(requantization(op, channel), form);
  return place->second;
}

std::optional<ChannelScales>
quantcc::findFloatForm(FusedConv2DOp op, const KernelConstants &constants,
                       ArrayRef<int64_t> channels, ArrayRef<FloatForm> forms) {
  for (FloatForm form : forms) {
    ChannelScales result;
    result.form = form;
    for (int64_t channel : channels) {
      const std::optional<FloatRequantization> &found =
          constants.floatRequantization(op, channel, form);
      if (!found)
        break;
      result.scales.push_back(found->scale);
      result.offsets.push_back(found->offset);
      result.negativeOffsets.push_back(found->negativeOffset);
      result.sumOffsets.push_back(found->sumOffset);
      result.sumsOfZero.push_back(0x1p23 + found->sumOffset);
      result.negativeSumOffsets.push_back(double(found->negativeSumOffset) -
                                          found->sumOffset);
      // Sums are no less than 2^23.
      result.exceptions.push_back(
          found->exception ? 0x1p23 + found->sumOffset + *found->exception : 0);
    }
    if (result.scales.size() == channels.size())
      return result;
  }
  return std::nullopt;
}
