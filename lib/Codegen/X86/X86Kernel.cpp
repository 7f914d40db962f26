//===- X86Kernel.cpp - Kernels for x86 ------------------------------------===//
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

#include "X86Kernel.h"

#include "X86Products.h"

using namespace mlir;
using namespace quantcc;

X86Kernel::X86Kernel(FusedConv2DOp op, const KernelConstants &constants,
                     const X86Vectors &vectors)
    // Accumulators of 32 registers hold several rows of small images; with
    // fewer, tiles divide one long row better.
    : WindowKernel(op, constants, /*joinsRows=*/vectors.registers < 32),
      vectors(vectors) {}

static ArrayRef<FloatForm> floatForms(const X86Vectors &vectors) {
  static constexpr FloatForm withBits[] = {
      kBitsFloatForm, kMendedBitsFloatForm, kFloatForms[0], kSplitBitsFloatForm,
      kFloatForms[1], kFloatForms[2],       kFloatForms[3]};
  if (vectors.hasMasks)
    return withBits;
  if (vectors.hasMultiplyAdd)
    return kFloatForms;
  return kUnfusedFloatForms;
}

/// Those for sums with nibbles, which are not the sums that bits are proved
/// for.
static ArrayRef<FloatForm> nibbleForms(const X86Vectors &vectors) {
  return vectors.hasMultiplyAdd ? ArrayRef<FloatForm>(kFloatForms)
                                : kUnfusedFloatForms;
}

namespace {

class X86Kernels : public FloatKernelFamily {
public:
  explicit X86Kernels(X86Vectors vectors)
      : vectors(vectors), wide(vectors), bytes(vectors) {}

  bool usesBiasedBytes() const override { return vectors.hasDotProduct; }
  bool usesRoundingMode() const override { return !vectors.hasMasks; }
  int64_t alignment() const override { return vectors.bytes; }
  std::unique_ptr<Kernel>
  create(FusedConv2DOp op, const KernelConstants &constants) const override {
    if (op.getDepthwise()) {
      if (isAvx512Vnni() && constants.passes() == 1) {
        if (auto columns = createX86ColumnDepthwise(op, constants, vectors))
          return columns;
        if (auto pairs = createX86RowPairDepthwise(op, constants, vectors))
          return pairs;
      }
      return createX86Depthwise(op, constants, vectors);
    }
    if (isAvx512Vnni() && constants.passes() == 1 && !givesAccumulators(op))
      if (auto narrow = createX86NarrowConvolution(op, constants, vectors))
        return narrow;
    return createX86Convolution(op, constants, vectors);
  }
  std::string
  findNibbleObstacle(FusedConv2DOp op,
                     const KernelConstants &constants) const override {
    if (op.getDepthwise())
      return "depthwise layers have few";
    int64_t channels = constants.channels(), lanes = vectors.lanes();
    if (isAvx512Vnni() && channels <= lanes / 2 && lanes % channels == 0)
      return "layers of few channels have few";
    // Widened weights are what they are.
    if (!vectors.hasDotProduct)
      return "";
    if (givesAccumulators(op))
      return "accumulators are stored as they are";
    for (int64_t channel = 0; channel != channels; ++channel)
      if (!constants.haveRoomForNibbles(channel))
        return "16 times the sums leave 32 bits";
    if (!findFloatForm(op, constants, llvm::to_vector(llvm::seq(channels)),
                       nibbleForms(vectors)))
      return "no float form is proved for 16 times the sums";
    return "";
  }
  const WideVectors *wideVectors() const override { return &wide; }
  const WideVectors *productVectors() const override {
    return vectors.hasDotProduct ? &bytes : &wide;
  }
  std::unique_ptr<SumNarrowing>
  findNarrowing(const ChannelRequantization &sums) const override {
    // Bits would have to be part of a bias.
    ArrayRef<FloatForm> forms =
        vectors.hasMultiplyAdd ? ArrayRef(kFloatForms) : kUnfusedFloatForms;
    if (auto found = findFloatNarrowing(sums, vectors, forms))
      return found;
    return FloatKernelFamily::findNarrowing(sums);
  }
  std::string findAddObstacle(FusedAddOp op) const override {
    return findFloatAddition(op, vectors)
               ? ""
               : "no float form is proved equal to it";
  }
  std::unique_ptr<Kernel> createAdd(FusedAddOp op) const override {
    return createX86Add(op, vectors);
  }

protected:
  ArrayRef<FloatForm> forms() const override { return floatForms(vectors); }

private:
  bool isAvx512Vnni() const {
    return vectors.hasMasks && vectors.hasDotProduct;
  }

  X86Vectors vectors;
  X86WideVectors wide;
  X86ByteProducts bytes;
};

} // namespace

const KernelFamily &quantcc::getX86Kernels(KernelSet set) {
  // Bytes, registers, dot products, masks, multiply-adds.
  static const X86Kernels sse41({16, 16, false, false, false});
  static const X86Kernels avx2({32, 16, false, false, true});
  static const X86Kernels avxVnni({32, 16, true, false, true});
  static const X86Kernels avx512({64, 32, false, true, true});
  static const X86Kernels avx512Vnni({64, 32, true, true, true});
  switch (set) {
  case KernelSet::Sse41:
    return sse41;
  case KernelSet::Avx2:
    return avx2;
  case KernelSet::AvxVnni:
    return avxVnni;
  case KernelSet::Avx512:
    return avx512;
  case KernelSet::Avx512Vnni:
    return avx512Vnni;
  default:
    llvm_unreachable("not of x86");
  }
}

/// Modulo 2^32, as sums are.
static int32_t wrappingAdd(int32_t lhs, int32_t rhs) {
  return static_cast<int32_t>(static_cast<uint32_t>(lhs) +
                              static_cast<uint32_t>(rhs));
}

/// bias - 128 * sum of weights: the dot products see every input byte 128 too
/// large. Modulo 2^32, as the sums are.
static int32_t biasForUnsigned(const KernelConstants &constants,
                               int64_t channel) {
  return static_cast<int32_t>(
      static_cast<uint32_t>(constants.biasOf(channel)) -
      static_cast<uint32_t>(128 * constants.sumOfWeights(channel)));
}

/// Bytes of the numbers of `form` for one vector of `lanes` accumulators.
static int64_t recordBytes(const FloatForm &form, int64_t lanes) {
  int64_t numbers = form.isSplit && form.takesBits       ? 5
                    : form.isSplit || form.hasExceptions ? 3
                                                         : 2;
  return 4 * lanes * (form.isDouble ? 2 : 1) * numbers;
}

/// Appends the numbers of one vector of `panel`, unused ones being 0.
/// `numbers` holds one a used accumulator, from `*next` on.
static void appendRecord(std::vector<int8_t> &bytes, const ColumnPanel &panel,
                         int64_t vector, const ChannelScales &numbers,
                         size_t next) {
  auto append = [&](ArrayRef<double> values) {
    size_t index = next;
    for (int64_t element = 0; element != panel.lanes; ++element) {
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
  if (numbers.form.isSplit && numbers.form.takesBits) {
    append(numbers.sumsOfZero);
    append(numbers.negativeSumOffsets);
  }
  if (numbers.form.hasExceptions)
    append(numbers.exceptions);
}

/// The cheapest form for each vector, in all panels: where some channels need
/// f64, those beside them in the same vector alone have it too.
void X86Kernel::findForms(PanelGroup &group) {
  if (givesAccumulators(op))
    return;
  std::vector<ChannelScales> numbers;
  for (int64_t vector = 0; vector != group.panels.front().vectors; ++vector) {
    SmallVector<int64_t> channels;
    for (const ColumnPanel &panel : group.panels)
      for (int64_t element = 0; element != panel.lanes; ++element)
        if (panel.isUsed(vector, element))
          channels.push_back(panel.channelOf(vector, element) %
                             constants.channels());
    auto found = findFloatForm(op, constants, channels,
                               hasScaledNibbles() ? nibbleForms(vectors)
                                                  : floatForms(vectors));
    assert(found && "a form that is exact for all channels is a precondition");
    if (hasScaledNibbles())
      for (double &scale : found->scales)
        scale /= kNibbleScale;
    if (found->form.takesBits && op.getBiasedResult())
      for (auto *offsets : {&found->offsets, &found->negativeOffsets})
        for (double &offset : *offsets)
          offset += kByteBias;
    group.forms.push_back(found->form);
    numbers.push_back(*found);
  }
  SmallVector<size_t> next(numbers.size());
  int32_t *bias = group.bias.data();
  for (const ColumnPanel &panel : group.panels)
    for (int64_t vector = 0; vector != panel.vectors; ++vector) {
      const ChannelScales &scales = numbers[vector];
      appendRecord(group.scales, panel, vector, scales, next[vector]);
      for (int64_t element = 0; element != panel.lanes; ++element, ++bias) {
        if (!panel.isUsed(vector, element))
          continue;
        int32_t offset = scales.sumOffsets[next[vector]++];
        if (scales.form.takesBits)
          *bias = wrappingAdd(*bias, wrappingAdd(offset, kBitsOfSum));
      }
    }
}

int32_t X86Kernel::findBias(int64_t channel) const {
  int32_t bias = vectors.hasDotProduct ? biasForUnsigned(constants, channel)
                                       : constants.biasOf(channel);
  return static_cast<int32_t>(hasScaledNibbles() ? kNibbleScale * bias : bias);
}

void X86Kernel::groupPanels(ArrayRef<ColumnPanel> panels) {
  for (const ColumnPanel &panel : panels) {
    bool fits = !groups.empty() &&
                groups.back().panels.back().vectors == panel.vectors &&
                groups.back().panels.back().isFull() && panel.isFull() &&
                groups.back().panels.back().end() == panel.begin;
    if (!fits)
      groups.emplace_back();
    PanelGroup &group = groups.back();
    group.panels.push_back(panel);
    for (int64_t vector = 0; vector != panel.vectors; ++vector)
      for (int64_t element = 0; element != panel.lanes; ++element)
        group.bias.push_back(panel.isUsed(vector, element)
                                 ? findBias(panel.channelOf(vector, element) %
                                            constants.channels())
                                 : 0);
  }
  for (PanelGroup &group : groups)
    findForms(group);
}

int64_t PanelGroup::scaleBytes(int64_t vectors) const {
  int64_t bytes = 0;
  for (const FloatForm &form : ArrayRef(forms).take_front(vectors))
    bytes += recordBytes(form, panels.front().lanes);
  return bytes;
}

Value X86Kernel::Emission::loadBias(Value panel, int64_t vector) const {
  return b.load(buffers.bias,
                b.add(b.multiply(panel, vectors() * lanes()), vector * lanes()),
                lanes());
}

VectorScales X86Kernel::Emission::loadScales(Value panel,
                                             int64_t vector) const {
  Value position = b.multiply(panel, group.scaleBytes(vectors()));
  return b.loadScales(group.forms[vector], buffers.scales,
                      b.add(position, group.scaleBytes(vector)));
}

void X86Kernel::describe(llvm::raw_ostream &stream) const {
  for (const PanelGroup &group : groups) {
    stream << " group";
    for (const FloatForm &form : group.forms)
      stream << ' ' << form.isSplit << form.isDouble << form.takesBits
             << form.hasExceptions;
    stream << ':';
    for (const ColumnPanel &panel : group.panels)
      stream << ' ' << panel.begin << '+' << panel.channels << '/'
             << panel.vectors;
  }
}

SmallVector<Value> X86Kernel::createConstants(KernelBuilder &builder) const {
  SmallVector<Value> buffers;
  for (const PanelGroup &group : groups) {
    buffers.push_back(builder.constant<int32_t>("bias", group.bias));
    if (!givesAccumulators(op))
      buffers.push_back(builder.constant<int8_t>("scales", group.scales));
    buffers.push_back(builder.constant<int8_t>("weights", group.weights));
  }
  return buffers;
}

void X86Kernel::emit(const KernelBuilder &kernelBuilder, ValueRange inputs,
                     Value output, ValueRange constants) {
  X86Builder builder(kernelBuilder, vectors);
  Value inputBytes = builder.flatten(inputs.front());
  Value outputBytes = builder.flatten(output);
  for (const PanelGroup &group : groups) {
    auto next = [&] {
      Value buffer = constants.front();
      constants = constants.drop_front();
      return buffer;
    };
    GroupBuffers buffers;
    buffers.bias = next();
    if (!givesAccumulators(op))
      buffers.scales = next();
    buffers.weights = next();
    emitGroup({builder, group, buffers, inputBytes, outputBytes,
               kernelBuilder.scratch});
  }
}

void X86Kernel::storeAccumulators(const Emission &e, Value position,
                                  ArrayRef<Run> runs, int64_t vectorsPerRun,
                                  ArrayRef<Value> accumulators) const {
  for (auto [index, sums] : llvm::enumerate(accumulators)) {
    Run run = runs[index / vectorsPerRun];
    int64_t first = index % vectorsPerRun * vectors.lanes();
    if (first < run.length)
      e.b.storeElements(e.output, e.b.add(e.b.add(position, run.offset), first),
                        sums, std::min(run.length - first, vectors.lanes()));
  }
}

void X86Kernel::storeRuns(const Emission &e, Value position, ArrayRef<Run> runs,
                          int64_t vectorsPerRun, ArrayRef<Value> accumulators,
                          ArrayRef<VectorScales> scales) const {
  if (givesAccumulators(op))
    return storeAccumulators(e, position, runs, vectorsPerRun, accumulators);
  X86Builder &b = e.b;
  int64_t size = vectorsPerRun * vectors.lanes();
  size_t together = 4 / vectorsPerRun;
  for (size_t first = 0; first < runs.size(); first += together) {
    // Where runs are missing, the last is computed again.
    SmallVector<Value> four;
    SmallVector<VectorScales> fourScales;
    for (size_t i = 0; i != together; ++i)
      for (int64_t v = 0; v != vectorsPerRun; ++v) {
        size_t index = std::min(first + i, runs.size() - 1) * vectorsPerRun + v;
        four.push_back(accumulators[index]);
        fourScales.push_back(scales[index % scales.size()]);
      }
    Value bytes =
        b.separateRuns(b.requantize(op, four, fourScales), vectorsPerRun);
    size_t end = std::min(together, runs.size() - first);
    for (size_t i = 0, count; i != end; i += count) {
      Run run = runs[first + i];
      // Full runs may follow each other.
      count = 1;
      while (run.length == int64_t(count) * size && i + count != end &&
             runs[first + i + count].offset == run.offset + run.length) {
        run.length += runs[first + i + count].length;
        ++count;
      }
      Value part = i == 0 ? bytes : b.slice(bytes, i * size, count * size);
      b.storeBytes(e.output, b.add(position, run.offset), part, run.length);
    }
  }
}
