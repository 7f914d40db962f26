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
    if (op.getDepthwise())
      return createAvx512Depthwise(op, constants);
    if (auto narrow = createAvx512NarrowConvolution(op, constants))
      return narrow;
    return createAvx512Convolution(op, constants);
  }
  std::string findAddObstacle(FusedAddOp op) const override {
    return findFloatAddition(op) ? "" : "no float form is proved equal to it";
  }
  std::unique_ptr<Kernel> createAdd(FusedAddOp op) const override {
    return createAvx512Add(op);
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

/// Bytes of the numbers of `form` for one vector.
static int64_t recordBytes(const FloatForm &form) {
  return kVectorBytes * (form.isDouble ? 2 : 1) * (form.isSplit ? 3 : 2);
}

/// Appends the numbers of one vector of `panel`, unused ones being 0.
/// `numbers` holds one a used accumulator, from `*next` on.
static void appendRecord(std::vector<int8_t> &bytes, const ColumnPanel &panel,
                         int64_t vector, const ChannelScales &numbers,
                         size_t next) {
  auto append = [&](ArrayRef<double> values) {
    size_t index = next;
    for (int64_t element = 0; element != kLanes; ++element) {
      double value = panel.isUsed(vector, element) ? values[index++] : 0;
      float narrow = static_cast<float>(value);
      const char *data = numbers.form.isDouble
                             ? reinterpret_cast<const char *>(&value)
                             : reinterpret_cast<const char *>(&narrow);
      bytes.insert(
          bytes.end(), data,
          data + (numbers.form.isDouble ? sizeof(double) : sizeof(float)));
    }
  };
  append(numbers.scales);
  append(numbers.offsets);
  if (numbers.form.isSplit)
    append(numbers.negativeOffsets);
}

/// The cheapest form for each vector, in all panels: where some channels need
/// f64, those beside them in the same vector alone have it too.
void Avx512Kernel::findForms(PanelGroup &group) {
  std::vector<ChannelScales> numbers;
  for (int64_t vector = 0; vector != group.panels.front().vectors; ++vector) {
    SmallVector<int64_t> channels;
    for (const ColumnPanel &panel : group.panels)
      for (int64_t element = 0; element != kLanes; ++element)
        if (panel.isUsed(vector, element))
          channels.push_back(panel.channelOf(vector, element) %
                             constants.channels());
    auto found = findFloatForm(op, constants, channels);
    assert(found && "a form that is exact for all channels is a precondition");
    group.forms.push_back(found->form);
    numbers.push_back(*found);
  }
  SmallVector<size_t> next(numbers.size());
  for (const ColumnPanel &panel : group.panels)
    for (int64_t vector = 0; vector != panel.vectors; ++vector) {
      appendRecord(group.scales, panel, vector, numbers[vector], next[vector]);
      for (int64_t element = 0; element != kLanes; ++element)
        next[vector] += panel.isUsed(vector, element);
    }
}

void Avx512Kernel::groupPanels(ArrayRef<ColumnPanel> panels) {
  for (const ColumnPanel &panel : panels) {
    bool fits = !groups.empty() &&
                groups.back().panels.back().vectors == panel.vectors &&
                groups.back().panels.back().isFull() && panel.isFull();
    if (!fits)
      groups.emplace_back();
    PanelGroup &group = groups.back();
    group.panels.push_back(panel);
    for (int64_t vector = 0; vector != panel.vectors; ++vector)
      for (int64_t element = 0; element != kLanes; ++element)
        group.bias.push_back(
            panel.isUsed(vector, element)
                ? biasForUnsigned(constants, panel.channelOf(vector, element) %
                                                 constants.channels())
                : 0);
  }
  for (PanelGroup &group : groups)
    findForms(group);
}

int64_t PanelGroup::scaleBytes(int64_t vectors) const {
  int64_t bytes = 0;
  for (const FloatForm &form : ArrayRef(forms).take_front(vectors))
    bytes += recordBytes(form);
  return bytes;
}

Value Avx512Kernel::Emission::loadBias(Value panel, int64_t vector) const {
  return b.load(buffers.bias,
                b.add(b.multiply(panel, vectors() * kLanes), vector * kLanes),
                kLanes);
}

VectorScales Avx512Kernel::Emission::loadScales(Value panel,
                                                int64_t vector) const {
  Value position = b.multiply(panel, group.scaleBytes(vectors()));
  return b.loadScales(group.forms[vector], buffers.scales,
                      b.add(position, group.scaleBytes(vector)));
}

void Avx512Kernel::describe(llvm::raw_ostream &stream) const {
  for (const PanelGroup &group : groups) {
    stream << " group";
    for (const FloatForm &form : group.forms)
      stream << ' ' << form.isSplit << form.isDouble;
    stream << ':';
    for (const ColumnPanel &panel : group.panels)
      stream << ' ' << panel.begin << '+' << panel.channels << '/'
             << panel.vectors;
  }
}

SmallVector<Value> Avx512Kernel::createConstants(KernelBuilder &builder) const {
  SmallVector<Value> buffers;
  for (const PanelGroup &group : groups) {
    buffers.push_back(builder.constant<int32_t>("bias", group.bias));
    buffers.push_back(builder.constant<int8_t>("scales", group.scales));
    buffers.push_back(builder.constant<int8_t>("weights", group.weights));
  }
  return buffers;
}

void Avx512Kernel::emit(const KernelBuilder &kernelBuilder, ValueRange inputs,
                        Value output, ValueRange constants) {
  Avx512Builder builder(kernelBuilder);
  Value inputBytes = builder.flatten(inputs.front());
  Value outputBytes = builder.flatten(output);
  for (const PanelGroup &group : groups) {
    GroupBuffers buffers{constants[0], constants[1], constants[2]};
    constants = constants.drop_front(3);
    emitGroup({builder, group, buffers, inputBytes, outputBytes});
  }
}
