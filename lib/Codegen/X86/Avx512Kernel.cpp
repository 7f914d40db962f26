//===- Avx512Kernel.cpp - Kernels for AVX-512 VNNI ------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What kernels share: the constants that come after the dot products.
//
//===----------------------------------------------------------------------===//

#include "Avx512Kernel.h"

using namespace mlir;
using namespace quantcc;

static MemRefType typeOf(Value buffer) {
  return cast<MemRefType>(buffer.getType());
}

static SmallVector<int64_t> stridesOf(Value buffer) {
  SmallVector<int64_t> strides;
  int64_t offset;
  if (failed(typeOf(buffer).getStridesAndOffset(strides, offset)))
    llvm_unreachable("buffers of the laid-out stage are strided");
  return strides;
}

Avx512Kernel::Avx512Kernel(FusedConv2DOp op, const KernelConstants &constants)
    : op(op), constants(constants), in(typeOf(op.getInput()).getShape()),
      out(typeOf(op.getInit()).getShape()), inStrides(stridesOf(op.getInput())),
      outStrides(stridesOf(op.getInit())) {}

Avx512Kernel::~Avx512Kernel() = default;

std::unique_ptr<Avx512Kernel>
Avx512Kernel::create(FusedConv2DOp op, const KernelConstants &constants) {
  return op.getDepthwise() ? createAvx512Depthwise(op, constants)
                           : createAvx512Convolution(op, constants);
}

/// bias - 128 * sum of weights: the dot products see every input byte 128 too
/// large. Modulo 2^32, as the sums are.
static int32_t biasForUnsigned(const KernelConstants &constants,
                               int64_t channel) {
  return static_cast<int32_t>(
      static_cast<uint32_t>(constants.biasOf(channel)) -
      static_cast<uint32_t>(128 * constants.sumOfWeights(channel)));
}

void Avx512Kernel::groupPanels(ArrayRef<ColumnPanel> panels, bool oneForm) {
  auto find = [&](const ColumnPanel &panel) {
    auto found = findPanelRequantization(op, constants, panel);
    assert(found && "a form that is exact for all channels is a precondition");
    return *found;
  };
  int64_t channels = constants.channels();
  PanelRequantization common;
  if (oneForm)
    common = find({0, channels, channels});

  for (const ColumnPanel &panel : panels) {
    PanelRequantization numbers = oneForm ? common : find(panel);
    int64_t first = oneForm ? 0 : panel.begin;
    bool fits = !groups.empty() && groups.back().form == numbers.form &&
                groups.back().panels.back().vectors == panel.vectors &&
                groups.back().panels.back().isFull() && panel.isFull();
    if (!fits)
      groups.push_back({numbers.form, {}, {}, {}, {}, {}, {}});
    PanelGroup &group = groups.back();
    group.panels.push_back(panel);
    for (int64_t vector = 0; vector != panel.vectors; ++vector) {
      for (int64_t element = 0; element != kLanes; ++element) {
        int64_t place = panel.channelOf(vector, element);
        bool isUsed = place < panel.begin + panel.channels;
        int64_t channel = place % channels, index = channel - first;
        group.bias.push_back(isUsed ? biasForUnsigned(constants, channel) : 0);
        group.scales.push_back(isUsed ? numbers.scales[index] : 0);
        group.offsets.push_back(isUsed ? numbers.offsets[index] : 0);
        group.negativeOffsets.push_back(isUsed ? numbers.negativeOffsets[index]
                                               : 0);
      }
    }
  }
}

GroupBuffers Avx512Kernel::createBuffers(KernelBuilder &builder,
                                         const PanelGroup &group) {
  GroupBuffers buffers;
  buffers.bias = builder.constant<int32_t>("bias", group.bias);
  auto create = [&](StringRef name, ArrayRef<double> values) {
    if (group.form.isDouble)
      return builder.constant<double>(name, values);
    SmallVector<float> narrow(values.begin(), values.end());
    return builder.constant<float>(name, narrow);
  };
  buffers.scales.scales = create("scales", group.scales);
  buffers.scales.offsets = create("offsets", group.offsets);
  if (group.form.isSplit)
    buffers.scales.negativeOffsets = create("offsets", group.negativeOffsets);
  buffers.weights = builder.constant<int8_t>("weights", group.weights);
  return buffers;
}

void Avx512Kernel::emit(Avx512Builder &builder, Value input, Value output,
                        ArrayRef<GroupBuffers> buffers) {
  Value inputBytes = builder.flatten(input);
  Value outputBytes = builder.flatten(output);
  for (auto [group, groupBuffers] : llvm::zip_equal(groups, buffers))
    emitGroup({builder, group, groupBuffers, inputBytes, outputBytes});
}

SmallVector<Value> GroupBuffers::getValues() const {
  SmallVector<Value> values{bias, weights, scales.scales, scales.offsets};
  if (scales.negativeOffsets)
    values.push_back(scales.negativeOffsets);
  return values;
}

GroupBuffers GroupBuffers::withValues(ValueRange values) const {
  GroupBuffers result{values[0], values[1], {values[2], values[3], Value()}};
  if (scales.negativeOffsets)
    result.scales.negativeOffsets = values[4];
  return result;
}
