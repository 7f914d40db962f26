//===- WideKernel.cpp - Kernels for values of 16 bits ---------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Constants, and requantization in 64 bits.
//
//===----------------------------------------------------------------------===//

#include "WideKernel.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>

using namespace mlir;
using namespace quantcc;

/// Rounding double has a step of its own for the shift beyond these bits.
static constexpr int64_t kFirstShift = 31;

WideKernel::Steps WideKernel::steps() const {
  if (op.getRounding() == Rounding::HalfEven)
    return Steps::Even;
  auto hasSecond = [](int32_t shift) { return shift > kFirstShift; };
  if (op.getRounding() != Rounding::Double ||
      llvm::none_of(op.getShifts(), hasSecond))
    return Steps::Up;
  return llvm::all_of(op.getShifts(), hasSecond) ? Steps::Twice : Steps::Mixed;
}

std::unique_ptr<Kernel>
quantcc::createWideKernel(FusedConv2DOp op, const KernelConstants &constants,
                          const WideVectors &vectors) {
  return op.getDepthwise() ? createWideDepthwise(op, constants, vectors)
                           : createWideConvolution(op, constants, vectors);
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

void WideKernel::describe(raw_ostream &stream) const {
  stream << " wide, steps " << static_cast<int>(steps());
}

SmallVector<Value> WideKernel::createConstants(KernelBuilder &builder) const {
  std::vector<int8_t> weights;
  std::vector<int32_t> bias, multipliers, shifts;
  for (const WidePanel &panel : panels) {
    llvm::append_range(weights, packWeights(panel));
    for (int64_t i = 0; i != panel.width(); ++i) {
      // What has no channel is computed like the last one, and not stored.
      int64_t channel = panel.begin + std::min(i, panel.channels - 1);
      size_t index = op.getMultipliers().size() == 1 ? 0 : channel;
      bias.push_back(constants.biasOf(channel));
      multipliers.push_back(op.getMultipliers()[index]);
      bool isTwice = steps() == Steps::Twice || steps() == Steps::Mixed;
      shifts.push_back(op.getShifts()[index] - (isTwice ? kFirstShift : 0));
    }
  }
  return {builder.constant<int8_t>("weights", weights),
          builder.constant<int32_t>("bias", bias),
          builder.constant<int32_t>("multipliers", multipliers),
          builder.constant<int32_t>("shifts", shifts)};
}

//===----------------------------------------------------------------------===//
// Code
//===----------------------------------------------------------------------===//

static Value load(KernelBuilder &b, Value buffer, Value position,
                  int64_t count) {
  Type element = cast<MemRefType>(buffer.getType()).getElementType();
  return vector::LoadOp::create(
      b.builder, b.loc, VectorType::get(count, element), buffer, position);
}

void WideKernel::emit(const KernelBuilder &kernelBuilder, ValueRange inputs,
                      Value output, ValueRange buffers) {
  KernelBuilder b = kernelBuilder;
  Emission e{b,
             b.flatten(inputs.front()),
             b.flatten(output),
             buffers[0],
             buffers[1],
             buffers[2],
             buffers[3]};
  int64_t element = 0, weights = 0;
  for (size_t first = 0, end; first != panels.size(); first = end) {
    const WidePanel &panel = panels[first];
    for (end = first + 1; end != panels.size(); ++end)
      if (panels[end].vectors != panel.vectors ||
          panels[end].channels != panel.channels ||
          panels[end].begin != panels[end - 1].begin + panel.channels)
        break;
    int64_t count = end - first, panelWeights = packWeights(panel).size();
    b.forEach(count, 1, [&](Value index) {
      Place place{panel, b.add(b.multiply(index, panel.width()), element),
                  b.add(b.multiply(index, panelWeights), weights),
                  b.add(b.multiply(index, panel.channels), panel.begin)};
      emitPanel(e, place);
    });
    element += count * panel.width();
    weights += count * panelWeights;
  }
}

SmallVector<Value> WideKernel::loadBias(const Emission &e,
                                        const Place &place) const {
  // Else it would be kept in registers while all pixels are computed.
  Value first = e.b.opaque(place.element);
  SmallVector<Value> result;
  for (int64_t v = 0; v != place.panel.vectors; ++v)
    result.push_back(load(e.b, e.bias, e.b.add(first, v * place.panel.lanes),
                          place.panel.lanes));
  return result;
}

WideKernel::Scales WideKernel::loadScales(const Emission &e, Value element,
                                          int64_t lanes) const {
  KernelBuilder &b = e.b;
  auto type = VectorType::get(lanes, b.builder.getI64Type());
  auto splat = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(
        b.builder, b.loc,
        DenseElementsAttr::get(type, b.builder.getI64IntegerAttr(value)));
  };
  // That multipliers come from 32 bits makes products of 32 by 32 bits.
  auto loadWide = [&](Value buffer) -> Value {
    return arith::ExtSIOp::create(b.builder, b.loc, type,
                                  load(b, buffer, element, lanes));
  };
  auto halfOf = [&](Value shifts) -> Value {
    return arith::ShLIOp::create(
        b.builder, b.loc, splat(1),
        arith::SubIOp::create(b.builder, b.loc, shifts, splat(1)));
  };
  Scales scales;
  scales.shifts = loadWide(e.shifts);
  if (steps() == Steps::Mixed) {
    // What is stored is the shift beyond the first, or what that lacks.
    Value zero = splat(0), bits = scales.shifts;
    Value hasSecond = arith::CmpIOp::create(
        b.builder, b.loc, arith::CmpIPredicate::sgt, bits, zero);
    scales.ones = arith::ExtSIOp::create(b.builder, b.loc, type, hasSecond);
    scales.firstShifts = arith::AddIOp::create(
        b.builder, b.loc, splat(kFirstShift),
        arith::MinSIOp::create(b.builder, b.loc, bits, zero));
    scales.firstHalves = halfOf(scales.firstShifts);
    scales.shifts = arith::MaxSIOp::create(b.builder, b.loc, bits, zero);
    // None of a shift by 0.
    Value unit =
        arith::ShLIOp::create(b.builder, b.loc, splat(1), scales.shifts);
    scales.halves = arith::ShRUIOp::create(b.builder, b.loc, unit, splat(1));
  } else {
    scales.halves = halfOf(scales.shifts);
    scales.firstShifts = splat(kFirstShift);
    scales.firstHalves = splat(int64_t(1) << (kFirstShift - 1));
  }
  scales.multipliers = loadWide(e.multipliers);
  return scales;
}

/// The i16 of the i32 `sums`. Nothing leaves 64 bits: sums and multipliers are
/// below 2^31, and what is added is a half at most of what is then lost.
Value WideKernel::requantize(KernelBuilder &b, Value sums,
                             const Scales &scales) const {
  auto type = cast<VectorType>(scales.multipliers.getType());
  auto splat = [&](VectorType type, int64_t value) -> Value {
    return arith::ConstantOp::create(
        b.builder, b.loc,
        DenseElementsAttr::get(
            type, b.builder.getIntegerAttr(type.getElementType(), value)));
  };
  auto add = [&](Value lhs, Value rhs) -> Value {
    return arith::AddIOp::create(b.builder, b.loc, lhs, rhs);
  };
  auto shift = [&](Value value, Value bits) -> Value {
    return arith::ShRSIOp::create(b.builder, b.loc, value, bits);
  };
  auto clamp = [&](Value value, int64_t low, int64_t high) -> Value {
    auto type = cast<VectorType>(value.getType());
    value = arith::MaxSIOp::create(b.builder, b.loc, value, splat(type, low));
    return arith::MinSIOp::create(b.builder, b.loc, value, splat(type, high));
  };
  auto narrow = [&](Value value, Type element) -> Value {
    return arith::TruncIOp::create(
        b.builder, b.loc, VectorType::get(type.getShape(), element), value);
  };
  Value wide = arith::ExtSIOp::create(b.builder, b.loc, type, sums);
  Value value =
      arith::MulIOp::create(b.builder, b.loc, wide, scales.multipliers);
  switch (steps()) {
  case Steps::Up:
    break;
  case Steps::Even: {
    // One less than a half, but for odd quotients.
    Value odd = arith::AndIOp::create(
        b.builder, b.loc, shift(value, scales.shifts), splat(type, 1));
    value = add(value, add(odd, splat(type, -1)));
    break;
  }
  case Steps::Twice:
  case Steps::Mixed: {
    // Ties of the second rounding go away from zero.
    value = shift(add(value, scales.firstHalves), scales.firstShifts);
    Value ones = shift(value, splat(type, 63));
    if (scales.ones)
      ones = arith::AndIOp::create(b.builder, b.loc, ones, scales.ones);
    value = add(value, ones);
    break;
  }
  }
  value = shift(add(value, scales.halves), scales.shifts);
  auto zeroPoint = static_cast<int32_t>(op.getOutputZeroPoint());
  if (zeroPoint != 0)
    value = add(value, splat(type, zeroPoint));
  value = narrow(clamp(value, INT32_MIN, INT32_MAX), b.builder.getI32Type());
  value = clamp(value, static_cast<int32_t>(op.getClampMin()),
                static_cast<int32_t>(op.getClampMax()));
  return narrow(value, b.builder.getI16Type());
}

void WideKernel::storeSums(const Emission &e, const Place &place,
                           ArrayRef<Value> sums,
                           ArrayRef<Value> outputs) const {
  KernelBuilder &b = e.b;
  const WidePanel &panel = place.panel;
  Value element = b.opaque(place.element);
  for (int64_t v = 0; v != panel.vectors; ++v) {
    int64_t begin = v * panel.lanes;
    Scales scales = loadScales(e, b.add(element, begin), panel.lanes);
    for (auto [pixel, output] : llvm::enumerate(outputs)) {
      Value values = requantize(b, sums[pixel * panel.vectors + v], scales);
      vectors.store(b, e.output, b.add(output, begin), values,
                    std::min(panel.lanes, panel.channels - begin));
    }
  }
}
