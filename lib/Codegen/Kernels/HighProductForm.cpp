//===- HighProductForm.cpp - Integer forms of a layer ---------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Proves the high products of a layer's channels.
//
//===----------------------------------------------------------------------===//

#include "HighProductForm.h"

using namespace mlir;
using namespace quantcc;

/// The high products of all channels, with `preShift` and `shift` or each with
/// its own.
static std::optional<HighProductForm>
findForm(ArrayRef<ChannelRequantization> channels, bool isSplit,
         std::optional<int32_t> preShift, std::optional<int32_t> shift) {
  HighProductForm form{isSplit, preShift, shift, {}};
  for (const ChannelRequantization &channel : channels) {
    int32_t up = preShift ? *preShift : naturalPreShift(channel, isSplit);
    int32_t down =
        shift ? *shift : naturalShift(channel, isSplit, up).value_or(1);
    std::optional<HighProduct> found =
        findHighProduct(channel, isSplit, down, up);
    if (!found)
      return std::nullopt;
    form.channels.push_back(*found);
  }
  return form;
}

/// The cheapest form with `preShift`.
static std::optional<HighProductForm>
findForm(ArrayRef<ChannelRequantization> channels, int32_t preShift) {
  for (bool isSplit : {false, true}) {
    std::optional<int32_t> least;
    for (const ChannelRequantization &channel : channels)
      if (std::optional<int32_t> shift =
              naturalShift(channel, isSplit, preShift))
        least = std::min(*shift, least.value_or(*shift));
    if (auto form = findForm(channels, isSplit, preShift, least.value_or(1)))
      return form;
    if (auto form = findForm(channels, isSplit, preShift, std::nullopt))
      return form;
  }
  return std::nullopt;
}

std::optional<HighProductForm>
quantcc::findHighProductForm(FusedConv2DOp op,
                             const KernelConstants &constants) {
  SmallVector<ChannelRequantization> channels;
  for (int64_t i = 0; i != constants.channels(); ++i)
    channels.push_back(constants.requantization(op, i));
  // Two instructions a result, three, four and five.
  if (auto form = findForm(channels, /*preShift=*/0))
    return form;
  // Or one more, for what the largest multiplier needs; in the end with numbers
  // of its own.
  int32_t needed = 1;
  for (const ChannelRequantization &channel : channels)
    if (auto shift = naturalShift(channel, /*isSplit=*/false))
      needed = std::max(needed, -*shift);
  if (auto form = findForm(channels, needed))
    return form;
  for (bool isSplit : {false, true})
    if (auto form = findForm(channels, isSplit, std::nullopt, std::nullopt))
      return form;
  return std::nullopt;
}

StringRef quantcc::describePreShift(const HighProductForm &form) {
  if (form.preShift == 0)
    return "";
  return form.preShift ? ", shifted up before"
                       : ", each shifted up before as it needs";
}

std::string
HighProductFamily::findObstacle(FusedConv2DOp op,
                                const KernelConstants &constants) const {
  if (findHighProductForm(op, constants))
    return "";
  return "no high product is proved equal to its requantization";
}

std::string
HighProductFamily::findNibbleObstacle(FusedConv2DOp op,
                                      const KernelConstants &constants) const {
  if (op.getDepthwise())
    return "depthwise layers have few";
  auto form = findHighProductForm(op, constants);
  for (auto [channel, numbers] : llvm::enumerate(form->channels))
    if (!constants.haveRoomForNibbles(channel, numbers.biasOffset))
      return "16 times the sums leave 32 bits";
  return "";
}

std::string HighProductFamily::describeRequantization(
    FusedConv2DOp op, const KernelConstants &constants) const {
  auto form = findHighProductForm(op, constants);
  return std::string(form->isSplit ? "split high products" : "high products") +
         (form->shift ? " with one shift" : " with shifts of their own") +
         describePreShift(*form).str();
}
