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
findForm(ArrayRef<ChannelRequantization> channels, HighProductKind kind,
         std::optional<int32_t> preShift, std::optional<int32_t> shift) {
  HighProductForm form{kind, preShift, shift, {}};
  for (const ChannelRequantization &channel : channels) {
    int32_t up = preShift ? *preShift : naturalPreShift(channel, kind);
    int32_t down = shift ? *shift : naturalShift(channel, kind, up).value_or(1);
    std::optional<HighProduct> found = findHighProduct(channel, kind, down, up);
    if (!found)
      return std::nullopt;
    form.channels.push_back(*found);
  }
  return form;
}

/// The cheapest form of `kind` with `preShift`.
static std::optional<HighProductForm>
findForm(ArrayRef<ChannelRequantization> channels, HighProductKind kind,
         int32_t preShift) {
  std::optional<int32_t> least;
  for (const ChannelRequantization &channel : channels)
    if (std::optional<int32_t> shift = naturalShift(channel, kind, preShift))
      least = std::min(*shift, least.value_or(*shift));
  if (auto form = findForm(channels, kind, preShift, least.value_or(1)))
    return form;
  return findForm(channels, kind, preShift, std::nullopt);
}

/// The cheapest form with ties to even.
static std::optional<HighProductForm>
findEvenForm(ArrayRef<ChannelRequantization> channels) {
  constexpr HighProductKind kind = HighProductKind::Even;
  std::optional<int32_t> room;
  for (const ChannelRequantization &channel : channels)
    if (naturalShift(channel, kind))
      room = std::min(naturalPreShift(channel, kind), room.value_or(INT32_MAX));
  if (auto form = findForm(channels, kind, room.value_or(0)))
    return form;
  return findForm(channels, kind, std::nullopt, std::nullopt);
}

std::optional<HighProductForm>
quantcc::findHighProductForm(FusedConv2DOp op,
                             const KernelConstants &constants) {
  SmallVector<ChannelRequantization> channels;
  for (int64_t i = 0; i != constants.channels(); ++i)
    channels.push_back(constants.requantization(op, i));
  return findHighProductForm(channels);
}

std::optional<HighProductForm>
quantcc::findHighProductForm(ArrayRef<ChannelRequantization> channels) {
  constexpr HighProductKind kinds[] = {HighProductKind::Line,
                                       HighProductKind::Split};
  // Two instructions a result, three, four and five.
  for (HighProductKind kind : kinds)
    if (auto form = findForm(channels, kind, /*preShift=*/0))
      return form;
  // Or one more, for what the largest multiplier needs; in the end with numbers
  // of its own.
  int32_t needed = 1;
  for (const ChannelRequantization &channel : channels)
    if (auto shift = naturalShift(channel, HighProductKind::Line))
      needed = std::max(needed, -*shift);
  for (HighProductKind kind : kinds)
    if (auto form = findForm(channels, kind, needed))
      return form;
  for (HighProductKind kind : kinds)
    if (auto form = findForm(channels, kind, std::nullopt, std::nullopt))
      return form;
  if (channels.front().rounding == Rounding::HalfEven)
    return findEvenForm(channels);
  return std::nullopt;
}

static std::string nameOf(const HighProductForm &form) {
  switch (form.kind) {
  case HighProductKind::Split:
    return "split high products";
  case HighProductKind::Even:
    return "high products, ties to even,";
  case HighProductKind::Line:
    return "high products";
  }
  llvm_unreachable("a form without a name");
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
  std::optional<HighProductForm> form;
  if (!givesAccumulators(op))
    form = findHighProductForm(op, constants);
  for (int64_t i = 0; i != constants.channels(); ++i)
    if (!constants.haveRoomForNibbles(i,
                                      form ? form->channels[i].biasOffset : 0))
      return "16 times the sums leave 32 bits";
  return "";
}

std::string HighProductFamily::describeRequantization(
    FusedConv2DOp op, const KernelConstants &constants) const {
  auto form = findHighProductForm(op, constants);
  return nameOf(*form) +
         (form->shift ? " with one shift" : " with shifts of their own") +
         describePreShift(*form).str();
}

std::string HighProductNarrowing::describe() const {
  return nameOf(form) + describePreShift(form).str();
}
