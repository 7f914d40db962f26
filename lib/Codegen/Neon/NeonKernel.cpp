//===- NeonKernel.cpp - Kernels for NEON ----------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Panels, their constants, and their requantization.
//
//===----------------------------------------------------------------------===//

#include "NeonKernel.h"
#include "NeonProducts.h"

using namespace mlir;
using namespace quantcc;

namespace {

class ArmNeonKernels : public HighProductFamily {
public:
  int64_t alignment() const override { return kNeonBytes; }
  std::unique_ptr<Kernel>
  create(FusedConv2DOp op, const KernelConstants &constants) const override {
    return createNeonKernel(op, constants, NeonVersion::Armv7);
  }
  const WideVectors *wideVectors() const override {
    return &getNeonWideVectors(NeonVersion::Armv7);
  }
  std::unique_ptr<SumNarrowing>
  findNarrowing(const ChannelRequantization &sums) const override {
    if (auto found = findNeonNarrowing(sums, NeonVersion::Armv7))
      return found;
    return HighProductFamily::findNarrowing(sums);
  }
};

} // namespace

const KernelFamily &quantcc::getArmNeonKernels() {
  static const ArmNeonKernels kernels;
  return kernels;
}

std::unique_ptr<Kernel>
quantcc::createNeonKernel(FusedConv2DOp op, const KernelConstants &constants,
                          NeonVersion version) {
  return op.getDepthwise()
             ? createNeonWideningDepthwise(op, constants, version)
             : createNeonWideningConvolution(op, constants, version);
}

NeonKernel::NeonKernel(FusedConv2DOp op, const KernelConstants &constants,
                       NeonVersion version)
    : WindowKernel(op, constants), version(version),
      hasNibbles(quantcc::hasNibbles(op)) {
  if (givesAccumulators(op))
    return;
  auto found = findHighProductForm(op, constants);
  assert(found && "a form for all channels is a precondition");
  form = encodeForNeon(*found);
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

std::vector<NeonPanel> NeonKernel::splitChannels(int64_t widest) const {
  std::vector<NeonPanel> list;
  for (int64_t begin = 0; begin != out[3];) {
    int64_t vectors = widest, left = out[3] - begin;
    while (vectors > 1 && (vectors / 2) * kNeonLanes >= left)
      vectors /= 2;
    // What is left of a wide panel takes its half and a narrower one.
    if (vectors > 1 && vectors * kNeonLanes - left >= kNeonLanes)
      vectors /= 2;
    list.push_back({begin, std::min(left, vectors * kNeonLanes), vectors});
    begin += list.back().channels;
  }
  return list;
}

bool quantcc::hasLowestWeight(FusedConv2DOp op,
                              const KernelConstants &constants) {
  int8_t lowest = hasNibbles(op) ? INT8_MIN / kNibbleScale : INT8_MIN;
  for (int64_t channel = 0; channel != constants.channels(); ++channel)
    for (int64_t tap = 0; tap != constants.taps(); ++tap)
      if (constants.weight(channel, tap) == lowest)
        return true;
  return false;
}

void NeonKernel::setPanels(std::vector<NeonPanel> list) {
  panels = std::move(list);
  for (const NeonPanel &panel : panels)
    for (int64_t i = 0; i != panel.width(); ++i) {
      bool isUsed = i < panel.channels;
      int64_t channel = (panel.begin + i) % constants.channels();
      HighProduct own;
      if (isUsed && !givesAccumulators(op))
        own = form.channels[channel];
      int32_t sum = isUsed ? constants.biasOf(channel) + own.biasOffset : 0;
      bias.push_back(
          static_cast<int32_t>(hasNibbles ? kNibbleScale * sum : sum));
      multipliers.push_back(own.multiplier);
      offsets.push_back(own.offset);
      shifts.push_back(-own.shift);
      preShifts.push_back(own.preShift);
    }
}

void NeonKernel::describe(raw_ostream &stream) const {
  stream << " high product " << static_cast<int>(form.kind) << ' '
         << form.preShift.value_or(-1) << ' ' << form.shift.value_or(-1);
  for (const NeonPanel &panel : panels)
    stream << ' ' << panel.begin << '+' << panel.channels << '/'
           << panel.vectors;
}

SmallVector<Value> NeonKernel::createConstants(KernelBuilder &builder) const {
  std::vector<int8_t> weights;
  for (const NeonPanel &panel : panels)
    llvm::append_range(weights, packWeights(panel));
  SmallVector<Value> buffers{builder.constant<int8_t>("weights", weights),
                             builder.constant<int32_t>("bias", bias)};
  if (givesAccumulators(op))
    return buffers;
  buffers.push_back(builder.constant<int32_t>("multipliers", multipliers));
  buffers.push_back(builder.constant<int32_t>("offsets", offsets));
  if (!form.shift)
    buffers.push_back(builder.constant<int32_t>("shifts", shifts));
  if (!form.preShift)
    buffers.push_back(builder.constant<int32_t>("pre_shifts", preShifts));
  return buffers;
}

//===----------------------------------------------------------------------===//
// Code
//===----------------------------------------------------------------------===//

void NeonKernel::emit(const KernelBuilder &kernelBuilder, ValueRange inputs,
                      Value output, ValueRange buffers) {
  NeonBuilder b(kernelBuilder, version);
  Emission e{
      b, b.flatten(inputs.front()), b.flatten(output), buffers[0], buffers[1],
      {}};
  if (!givesAccumulators(op)) {
    e.numbers = {buffers[2], buffers[3], {}, {}};
    if (!form.shift)
      e.numbers.shifts = buffers[4];
    if (!form.preShift)
      e.numbers.preShifts = buffers.back();
  }

  int64_t element = 0, weights = 0;
  for (size_t first = 0, end; first != panels.size(); first = end) {
    const NeonPanel &shape = panels[first];
    end = first + 1;
    while (end != panels.size() && panels[end].vectors == shape.vectors &&
           panels[end].channels == shape.channels &&
           panels[end].begin == panels[end - 1].begin + shape.channels)
      ++end;
    int64_t count = end - first, weightBytes = packWeights(shape).size();
    emitGroup(e, {shape, count, element, weights, weightBytes});
    element += count * shape.width();
    weights += count * weightBytes;
  }
}

NeonKernel::PanelPlace
NeonKernel::placeOf(const Emission &e, const PanelGroup &group, Value index) {
  NeonBuilder &b = e.b;
  PanelPlace place;
  place.element = b.add(b.multiply(index, group.shape.width()), group.element);
  place.weights = b.add(b.multiply(index, group.weightBytes), group.weights);
  place.channel =
      b.add(b.multiply(index, group.shape.channels), group.shape.begin);
  place.channels = group.shape.channels;
  place.vectors = group.shape.vectors;
  return place;
}

void NeonKernel::emitGroup(const Emission &e, const PanelGroup &group) {
  e.b.forEach(group.count, 1,
              [&](Value index) { emitPanel(e, placeOf(e, group, index)); });
}

void NeonKernel::emitPanel(const Emission &, const PanelPlace &) {
  llvm_unreachable("neither panels nor groups of them are implemented");
}

Value NeonKernel::loadWeights(const Emission &e, Value weights, int64_t index,
                              int64_t size) const {
  NeonBuilder &b = e.b;
  if (!hasNibbles)
    return b.loadBytes(e.weights, b.add(weights, index * size), size);
  Value nibbles =
      b.loadBytes(e.weights, b.add(weights, index / 2 * size), size);
  return b.spreadNibbles(nibbles, /*upper=*/index % 2 != 0);
}

SmallVector<Value> NeonKernel::loadBias(const Emission &e,
                                        const PanelPlace &panel) {
  // Biases of one panel would be kept in registers, that is, on the stack,
  // while all its pixels are computed.
  Value first = e.b.opaque(panel.element);
  SmallVector<Value> result;
  for (int64_t v = 0; v != panel.vectors; ++v)
    result.push_back(
        e.b.load(e.bias, e.b.add(first, v * kNeonLanes), kNeonLanes));
  return result;
}

/// The vectors of `sums` as i16.
SmallVector<Value> NeonKernel::roundSums(const Emission &e,
                                         const PanelPlace &panel,
                                         ArrayRef<Value> sums) {
  NeonBuilder &b = e.b;
  Value element = b.opaque(panel.element);
  // Vector by vector: the numbers of all of them need too many registers.
  SmallVector<Value> results(sums.size());
  for (int64_t v = 0; v != panel.vectors; ++v) {
    NeonHighProducts numbers =
        b.loadHighProducts(e.numbers, b.add(element, v * kNeonLanes));
    for (size_t i = v; i < sums.size(); i += panel.vectors)
      results[i] = b.round(form, sums[i], numbers);
  }
  return results;
}

void NeonKernel::storeSums(const Emission &e, const PanelPlace &panel,
                           ArrayRef<Value> sums, ArrayRef<Value> outputs) {
  SmallVector<Value> shifted;
  if (hasNibbles) {
    for (Value sum : sums)
      shifted.push_back(e.b.shiftDown(sum, llvm::Log2_64(kNibbleScale)));
    sums = shifted;
  }
  if (givesAccumulators(op)) {
    for (auto [index, sum] : llvm::enumerate(sums)) {
      int64_t first = index % panel.vectors * kNeonLanes;
      if (first < panel.channels)
        e.b.storeElements(e.output,
                          e.b.add(outputs[index / panel.vectors], first), sum,
                          std::min(panel.channels - first, kNeonLanes));
    }
    return;
  }
  SmallVector<Value> rounded = roundSums(e, panel, sums);
  for (auto [pixel, place] : llvm::enumerate(outputs)) {
    ArrayRef<Value> own =
        ArrayRef(rounded).slice(pixel * panel.vectors, panel.vectors);
    // Runs of 16 bytes.
    for (int64_t first = 0; first < panel.channels; first += kNeonBytes) {
      int64_t vectors =
          std::min<int64_t>(panel.vectors - first / kNeonLanes, kNeonLanes);
      Value bytes = e.b.narrow(op, own.slice(first / kNeonLanes, vectors));
      e.b.storeBytes(e.output, e.b.add(place, first), bytes,
                     std::min(panel.channels - first, kNeonBytes));
    }
  }
}
