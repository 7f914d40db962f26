//===- RvvRequantization.cpp - Stored values of accumulators --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RvvRequantization.h"

#include <vector>

using namespace mlir;
using namespace quantcc;

/// What the upper half of a product, doubled, leaves out.
static constexpr int32_t kFirstShift = 31;

/// Whether a second shift is left of `shift` after the upper half of a product
/// is taken. Without one there is no second rounding, and what the first would
/// shift to the left cancels.
static bool hasSecondShift(int32_t shift) { return shift > kFirstShift; }

RvvRequantization::RvvRequantization(FusedConv2DOp op,
                                     const KernelConstants &constants, Way way)
    : op(op), channels(constants.channels()), way(way) {}

std::optional<RvvRequantization>
RvvRequantization::find(FusedConv2DOp op, const KernelConstants &constants) {
  bool isWide = quantcc::isWide(op);
  auto form = isWide ? std::nullopt : findHighProductForm(op, constants);
  // Instructions that round to even need no form for it.
  if (form && form->kind != HighProductKind::Even) {
    bool isSplit = form->kind == HighProductKind::Split;
    RvvRequantization found(op, constants, isSplit ? Way::Split : Way::Line);
    found.form = std::move(*form);
    return found;
  }
  if (op.getRounding() == Rounding::HalfEven)
    return RvvRequantization(op, constants, Way::OnceEven);
  if (op.getRounding() == Rounding::Single ||
      llvm::none_of(op.getShifts(), hasSecondShift))
    return RvvRequantization(op, constants, Way::Once);
  if (isWide && llvm::all_of(op.getShifts(), hasSecondShift))
    return RvvRequantization(op, constants, Way::Twice);
  return std::nullopt;
}

std::string RvvRequantization::describe() const {
  StringRef text;
  switch (way) {
  case Way::Line:
    text = "upper halves of products";
    break;
  case Way::Split:
    text = "upper halves of products, split by sign";
    break;
  case Way::Once:
  case Way::OnceEven:
    text = "i64, rounded once";
    break;
  case Way::Twice:
    text = "i64, rounded twice";
    break;
  }
  return (text + describePreShift(form) + " (" + Twine(channels) + ")").str();
}

void RvvRequantization::print(raw_ostream &stream) const {
  stream << " requantization " << static_cast<int>(way) << ' '
         << form.preShift.value_or(-1);
}

int32_t RvvRequantization::biasOffset(int64_t channel) const {
  return form.channels.empty() ? 0 : form.channels[channel].biasOffset;
}

SmallVector<Value>
RvvRequantization::createConstants(KernelBuilder &builder) const {
  std::vector<int32_t> multipliers, offsets, preShifts;
  if (form.channels.empty()) {
    std::vector<int32_t> shifts;
    bool isPerChannel = op.getMultipliers().size() > 1;
    for (int64_t channel = 0; channel != channels; ++channel) {
      multipliers.push_back(op.getMultipliers()[isPerChannel ? channel : 0]);
      shifts.push_back(op.getShifts()[isPerChannel ? channel : 0] -
                       (way == Way::Twice ? kFirstShift : 0));
    }
    return {builder.constant<int32_t>("multipliers", multipliers),
            builder.constant<int32_t>("shifts", shifts)};
  }
  // As wide as the halves that they shift to. They are loaded even if all are
  // equal, so that layers share code.
  std::vector<int16_t> shifts;
  for (const HighProduct &channel : form.channels) {
    multipliers.push_back(channel.multiplier);
    offsets.push_back(channel.offset);
    shifts.push_back(channel.shift);
    preShifts.push_back(channel.preShift);
  }
  SmallVector<Value> numbers{
      builder.constant<int32_t>("multipliers", multipliers),
      builder.constant<int32_t>("offsets", offsets),
      builder.constant<int16_t>("shifts", shifts)};
  if (!form.preShift)
    numbers.push_back(builder.constant<int32_t>("pre_shifts", preShifts));
  return numbers;
}

Value RvvRequantization::emitHighProduct(RvvBuilder &b, Value accumulators,
                                         ArrayRef<Value> numbers) const {
  Value value;
  if (form.preShift != 0)
    accumulators =
        b.compute("llvm.riscv.vsll", 32,
                  {accumulators, form.preShift ? b.scalar(64, *form.preShift)
                                               : numbers.back()});
  if (way == Way::Line) {
    value = b.compute("llvm.riscv.vmulh", 32, {accumulators, numbers[0]});
    value = b.compute("llvm.riscv.vadd", 32, {value, numbers[1]});
  } else {
    value = b.computeRounded("llvm.riscv.vsmul", 32, accumulators, numbers[0],
                             RvvBuilder::kNearestUp);
    value = b.compute("llvm.riscv.vadd", 32, {value, numbers[1]});
    Value sign =
        b.compute("llvm.riscv.vsra", 32, {accumulators, b.scalar(64, 31)});
    value = b.compute("llvm.riscv.vadd", 32, {value, sign});
  }
  return b.computeRounded("llvm.riscv.vnclip", 16, value, numbers[2],
                          RvvBuilder::kDown);
}

Value RvvRequantization::emitWideProduct(RvvBuilder &b, Value accumulators,
                                         ArrayRef<Value> numbers) const {
  Value value = b.compute("llvm.riscv.vwmul", 64, {accumulators, numbers[0]});
  if (way != Way::Twice)
    return b.computeRounded("llvm.riscv.vnclip", 32, value, numbers[1],
                            way == Way::OnceEven ? RvvBuilder::kNearestEven
                                                 : RvvBuilder::kNearestUp);
  value = b.computeRounded("llvm.riscv.vnclip", 32, value,
                           b.scalar(64, kFirstShift), RvvBuilder::kNearestUp);
  // Ties of the second go away from zero.
  Value sign = b.compute("llvm.riscv.vsra", 32, {value, b.scalar(64, 31)});
  value = b.compute("llvm.riscv.vadd", 32, {value, sign});
  return b.computeRounded("llvm.riscv.vssra", 32, value, numbers[1],
                          RvvBuilder::kNearestUp);
}

Value RvvRequantization::emit(RvvBuilder &b, Value accumulators,
                              ArrayRef<Value> numbers) const {
  unsigned bits = quantcc::isWide(op) ? 16 : 8;
  auto narrow = [&](Value value, unsigned bits) {
    return b.computeRounded("llvm.riscv.vnclip", bits, value, b.scalar(64, 0),
                            RvvBuilder::kDown);
  };
  Value value;
  if (isWide()) {
    value = emitWideProduct(b, accumulators, numbers);
    // A sum with a zero point of 16 bits may leave them and come back.
    unsigned sumBits = 2 * bits;
    if (bits == 8)
      value = narrow(value, sumBits);
    if (int32_t zeroPoint = op.getOutputZeroPoint())
      value = b.compute("llvm.riscv.vsadd", sumBits,
                        {value, b.scalar(sumBits, zeroPoint)});
  } else {
    value = emitHighProduct(b, accumulators, numbers);
  }
  value = narrow(value, bits);
  int32_t low = op.getClampMin(), high = op.getClampMax();
  if (low > llvm::minIntN(bits))
    value = b.compute("llvm.riscv.vmax", bits, {value, b.scalar(bits, low)});
  if (high < llvm::maxIntN(bits))
    value = b.compute("llvm.riscv.vmin", bits, {value, b.scalar(bits, high)});
  return value;
}
