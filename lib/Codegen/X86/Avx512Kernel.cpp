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

namespace {

class Avx512Kernels : public FloatKernelFamily {
public:
  bool usesBiasedBytes() const override { return true; }
  int64_t alignment() const override { return kVectorBytes; }
  std::unique_ptr<Kernel>
  create(FusedConv2DOp op, const KernelConstants &constants) const override {
    return op.getDepthwise() ? createAvx512Depthwise(op, constants)
                             : createAvx512Convolution(op, constants);
  }
};

} // namespace

const KernelFamily &quantcc::getAvx512Kernels() {
  static const Avx512Kernels kernels;
  return kernels;
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
  auto find = [&](int64_t begin, int64_t count) {
    auto found = findFloatForm(op, constants, begin, count);
    assert(found && "a form that is exact for all channels is a precondition");
    return *found;
  };
  int64_t channels = constants.channels();
  ChannelScales common;
  if (oneForm)
    common = find(0, channels);

  for (const ColumnPanel &panel : panels) {
    ChannelScales numbers =
        oneForm ? common : find(panel.begin, panel.channels);
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

void Avx512Kernel::describe(llvm::raw_ostream &stream) const {
  for (const PanelGroup &group : groups) {
    stream << " group " << group.form.isSplit << group.form.isDouble;
    for (const ColumnPanel &panel : group.panels)
      stream << ' ' << panel.begin << '+' << panel.channels << '/'
             << panel.vectors;
  }
}

SmallVector<Value> Avx512Kernel::createConstants(KernelBuilder &builder) const {
  SmallVector<Value> buffers;
  for (const PanelGroup &group : groups) {
    buffers.push_back(builder.constant<int32_t>("bias", group.bias));
    auto create = [&](StringRef name, ArrayRef<double> values) {
      SmallVector<float> narrow(values.begin(), values.end());
      buffers.push_back(group.form.isDouble
                            ? builder.constant<double>(name, values)
                            : builder.constant<float>(name, narrow));
    };
    create("scales", group.scales);
    create("offsets", group.offsets);
    if (group.form.isSplit)
      create("offsets", group.negativeOffsets);
    buffers.push_back(builder.constant<int8_t>("weights", group.weights));
  }
  return buffers;
}

void Avx512Kernel::emit(const KernelBuilder &kernelBuilder, Value input,
                        Value output, ValueRange constants) {
  Avx512Builder builder(kernelBuilder);
  Value inputBytes = builder.flatten(input);
  Value outputBytes = builder.flatten(output);
  auto take = [&] {
    Value value = constants.front();
    constants = constants.drop_front();
    return value;
  };
  for (const PanelGroup &group : groups) {
    GroupBuffers buffers;
    buffers.bias = take();
    buffers.scales.scales = take();
    buffers.scales.offsets = take();
    if (group.form.isSplit)
      buffers.scales.negativeOffsets = take();
    buffers.weights = take();
    emitGroup({builder, group, buffers, inputBytes, outputBytes});
  }
}
