//===- NeonKernel.cpp - Kernels for AArch64 -------------------------------===//
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

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/SCF/IR/SCF.h>

using namespace mlir;
using namespace quantcc;

namespace {

class NeonKernels : public FloatKernelFamily {
public:
  explicit NeonKernels(KernelSet set) : set(set) {}

  bool usesBiasedBytes() const override { return false; }
  int64_t alignment() const override { return kNeonBytes; }
  bool usesRoundingMode() const override { return true; }
  std::unique_ptr<Kernel>
  create(FusedConv2DOp op, const KernelConstants &constants) const override {
    if (op.getDepthwise())
      return set == KernelSet::Neon ? createNeonWideningDepthwise(op, constants)
                                    : createNeonDotDepthwise(op, constants);
    if (set == KernelSet::Neon)
      return createNeonWideningConvolution(op, constants);
    // Products of matrices take eight bytes of two pixels at once.
    auto in = cast<ShapedType>(op.getInput().getType());
    auto out = cast<ShapedType>(op.getInit().getType());
    bool isOnePixel = out.getNumElements() == out.getShape().back();
    bool isNarrow = op.getKernelWidth() * in.getShape().back() < 8;
    if (set == KernelSet::NeonI8mm && !isOnePixel && !isNarrow)
      return createNeonMatrixConvolution(op, constants);
    return createNeonDotConvolution(op, constants);
  }

private:
  KernelSet set;
};

} // namespace

const KernelFamily &quantcc::getNeonKernels(KernelSet set) {
  static const NeonKernels plain(KernelSet::Neon), dot(KernelSet::NeonDotprod),
      matrix(KernelSet::NeonI8mm);
  return set == KernelSet::Neon          ? plain
         : set == KernelSet::NeonDotprod ? dot
                                         : matrix;
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

bool quantcc::hasLowestWeight(const KernelConstants &constants) {
  for (int64_t channel = 0; channel != constants.channels(); ++channel)
    for (int64_t tap = 0; tap != constants.taps(); ++tap)
      if (constants.weight(channel, tap) == INT8_MIN)
        return true;
  return false;
}

/// The numbers of the panel's channels in the cheapest form that is exact for
/// all of them.
ChannelScales NeonKernel::findScales(const NeonPanel &panel) const {
  SmallVector<int64_t> channels;
  for (int64_t i = 0; i != panel.channels; ++i)
    channels.push_back((panel.begin + i) % constants.channels());
  auto found = findFloatForm(op, constants, channels);
  assert(found && "a form that is exact for all channels is a precondition");
  return *found;
}

void NeonKernel::setPanels(std::vector<NeonPanel> list) {
  panels = std::move(list);
  std::vector<ChannelScales> numbers;
  for (const NeonPanel &panel : panels)
    numbers.push_back(findScales(panel));
  for (const FloatForm &form : kFloatForms)
    if (llvm::any_of(numbers, [&](const auto &n) { return n.form == form; }))
      forms.push_back(form);
  for (auto [panel, values] : llvm::zip_equal(panels, numbers)) {
    formOfPanel.push_back(llvm::find(forms, values.form) - forms.begin());
    for (int64_t i = 0; i != panel.width(); ++i) {
      bool isUsed = i < panel.channels;
      int64_t channel = (panel.begin + i) % constants.channels();
      bias.push_back(isUsed ? constants.biasOf(channel) : 0);
      scales.push_back(isUsed ? values.scales[i] : 0);
      offsets.push_back(isUsed ? values.offsets[i] : 0);
      negativeOffsets.push_back(isUsed ? values.negativeOffsets[i] : 0);
    }
  }
}

void NeonKernel::describe(raw_ostream &stream) const {
  for (const FloatForm &form : forms)
    stream << " form " << form.isSplit << form.isDouble;
  for (const NeonPanel &panel : panels)
    stream << ' ' << panel.begin << '+' << panel.channels << '/'
           << panel.vectors;
}

static bool anyOf(ArrayRef<FloatForm> forms, bool isDouble, bool isSplit) {
  return llvm::any_of(forms, [&](const FloatForm &form) {
    return form.isDouble == isDouble && (!isSplit || form.isSplit);
  });
}

SmallVector<Value> NeonKernel::createConstants(KernelBuilder &builder) const {
  std::vector<int8_t> weights;
  for (const NeonPanel &panel : panels)
    llvm::append_range(weights, packWeights(panel));
  SmallVector<Value> buffers{builder.constant<int8_t>("weights", weights),
                             builder.constant<int32_t>("bias", bias)};
  if (forms.size() > 1)
    buffers.push_back(builder.constant<int8_t>("forms", formOfPanel));
  for (bool isDouble : {false, true}) {
    auto create = [&](StringRef name, ArrayRef<double> values, bool isSplit) {
      if (!anyOf(forms, isDouble, isSplit))
        return;
      SmallVector<float> narrow(values.begin(), values.end());
      buffers.push_back(isDouble ? builder.constant<double>(name, values)
                                 : builder.constant<float>(name, narrow));
    };
    create("scales", scales, /*isSplit=*/false);
    create("offsets", offsets, /*isSplit=*/false);
    create("offsets", negativeOffsets, /*isSplit=*/true);
  }
  return buffers;
}

//===----------------------------------------------------------------------===//
// Code
//===----------------------------------------------------------------------===//

void NeonKernel::emit(const KernelBuilder &kernelBuilder, ValueRange inputs,
                      Value output, ValueRange buffers) {
  NeonBuilder b(kernelBuilder);
  auto take = [&](bool isThere) {
    Value value = isThere ? buffers.front() : Value();
    buffers = buffers.drop_front(isThere);
    return value;
  };
  Emission e{b, b.flatten(inputs.front()), b.flatten(output), {}, {}, {}, {}};
  e.weights = take(true);
  e.bias = take(true);
  e.forms = take(forms.size() > 1);
  e.scales.scales = take(anyOf(forms, false, false));
  e.scales.offsets = take(anyOf(forms, false, false));
  e.scales.negativeOffsets = take(anyOf(forms, false, true));
  e.scales.wideScales = take(anyOf(forms, true, false));
  e.scales.wideOffsets = take(anyOf(forms, true, false));
  e.scales.wideNegativeOffsets = take(anyOf(forms, true, true));

  int64_t element = 0, weights = 0;
  for (size_t first = 0, end; first != panels.size(); first = end) {
    const NeonPanel &shape = panels[first];
    end = first + 1;
    while (end != panels.size() && panels[end].vectors == shape.vectors &&
           panels[end].channels == shape.channels &&
           panels[end].begin == panels[end - 1].begin + shape.channels)
      ++end;
    int64_t count = end - first, weightBytes = packWeights(shape).size();
    emitGroup(e, {shape, static_cast<int64_t>(first), count, element, weights,
                  weightBytes});
    element += count * shape.width();
    weights += count * weightBytes;
  }
}

NeonKernel::PanelPlace
NeonKernel::placeOf(const Emission &e, const PanelGroup &group, Value index) {
  NeonBuilder &b = e.b;
  PanelPlace place;
  place.index = b.add(index, group.first);
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

/// The vectors of `sums` as i16, in the form of the panel.
SmallVector<Value> NeonKernel::roundSums(const Emission &e,
                                         const PanelPlace &panel,
                                         ArrayRef<Value> sums) {
  NeonBuilder &b = e.b;
  Value element = b.opaque(panel.element);
  // Vector by vector: the numbers of all of them need too many registers.
  auto roundIn = [&](const FloatForm &form) {
    SmallVector<Value> results(sums.size());
    for (int64_t v = 0; v != panel.vectors; ++v) {
      NeonScales numbers =
          b.loadScales(form, e.scales, b.add(element, v * kNeonLanes));
      for (size_t i = v; i < sums.size(); i += panel.vectors)
        results[i] = b.round(form, sums[i], numbers);
    }
    return results;
  };
  if (forms.size() == 1)
    return roundIn(forms.front());

  Value chosen = memref::LoadOp::create(b.builder, b.loc, e.forms, panel.index);
  SmallVector<Type> types(sums.size(),
                          VectorType::get(kNeonLanes, b.builder.getI16Type()));
  std::function<SmallVector<Value>(size_t)> choose = [&](size_t form) {
    if (form + 1 == forms.size())
      return roundIn(forms[form]);
    Value number = arith::ConstantIntOp::create(b.builder, b.loc,
                                                b.builder.getI8Type(), form);
    Value isChosen = arith::CmpIOp::create(
        b.builder, b.loc, arith::CmpIPredicate::eq, chosen, number);
    auto branch = scf::IfOp::create(b.builder, b.loc, types, isChosen,
                                    /*addThenBlock=*/true,
                                    /*addElseBlock=*/true);
    OpBuilder::InsertionGuard guard(b.builder);
    b.builder.setInsertionPointToEnd(branch.thenBlock());
    scf::YieldOp::create(b.builder, b.loc, roundIn(forms[form]));
    b.builder.setInsertionPointToEnd(branch.elseBlock());
    scf::YieldOp::create(b.builder, b.loc, choose(form + 1));
    return SmallVector<Value>(branch.getResults());
  };
  return choose(0);
}

void NeonKernel::storeSums(const Emission &e, const PanelPlace &panel,
                           ArrayRef<Value> sums, ArrayRef<Value> outputs) {
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
