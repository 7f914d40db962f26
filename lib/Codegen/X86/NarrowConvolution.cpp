//===- NarrowConvolution.cpp - Convolutions to few channels ---------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where a pixel of the result has few channels, a vector of accumulators holds
// several neighbouring pixels. Each row of their windows is read once, and a
// permutation brings the four taps of a step to each accumulator. Taps are
// taken in the order of the window; those of a step may lie in two of its rows,
// so that few are left empty.
//
//===----------------------------------------------------------------------===//

#include "X86Kernel.h"

using namespace mlir;
using namespace quantcc;

/// Of AVX-512.
static constexpr int64_t kLanes = 16, kVectorBytes = 64;

namespace {

/// Taps of one dot product.
constexpr size_t kTaps = 4;

/// One tap of the window: its row, and its byte in that row.
struct Tap {
  int64_t row, byte;
  /// Where its weights are.
  int64_t index;
};

/// Taps from one row of the window, or from two.
struct Step {
  SmallVector<Tap, kTaps> taps;

  int64_t firstRow() const { return taps.front().row; }
  int64_t lastRow() const { return taps.back().row; }
};

/// How a layer is cut up.
struct Layout {
  explicit Layout(FusedConv2DOp op);

  bool fits() const;

  /// Of a pixel of the result.
  int64_t channels;
  /// In one vector of accumulators.
  int64_t pixels;
  /// From the first byte of a row of these pixels' windows to the last.
  int64_t span;
  SmallVector<Step> steps;

private:
  int64_t width, pixelStride;
};

class NarrowConvolution : public X86Kernel {
public:
  NarrowConvolution(FusedConv2DOp op, const KernelConstants &constants,
                    const X86Vectors &vectors);

private:
  void emitGroup(const Emission &e) override;
  void emitTile(const Emission &e, Value input, Value output, int64_t vectors);
  SmallVector<Value> emitSums(const Emission &e, Value input, int64_t vectors);

  Layout layout;
};

} // namespace

Layout::Layout(FusedConv2DOp op)
    : channels(cast<MemRefType>(op.getInit().getType()).getDimSize(3)),
      pixels(std::max<int64_t>(kLanes / channels, 1)),
      width(cast<MemRefType>(op.getInit().getType()).getDimSize(2)),
      pixelStride(stridesOf(op.getInit())[2]) {
  int64_t inStride = stridesOf(op.getInput())[2];
  int64_t inChannels = cast<MemRefType>(op.getInput().getType()).getDimSize(3);
  int64_t index = 0;
  for (int64_t row = 0; row != op.getKernelHeight(); ++row)
    for (int64_t column = 0; column != op.getKernelWidth(); ++column)
      for (int64_t channel = 0; channel != inChannels; ++channel) {
        if (steps.empty() || steps.back().taps.size() == kTaps ||
            steps.back().firstRow() + 1 < row)
          steps.emplace_back();
        int64_t byte = column * op.getDilations()[1] * inStride + channel;
        steps.back().taps.push_back({row, byte, index++});
      }
  span = (pixels - 1) * op.getStrides()[1] * inStride +
         (op.getKernelWidth() - 1) * op.getDilations()[1] * inStride +
         inChannels;
}

/// Whether all that the layer needs lies in registers, and its results follow
/// each other.
bool Layout::fits() const {
  constexpr size_t kMaxSteps = 12;
  return channels <= kLanes / 2 && kLanes % channels == 0 &&
         pixelStride == channels && width >= 4 * pixels &&
         span <= kVectorBytes && steps.size() <= kMaxSteps;
}

NarrowConvolution::NarrowConvolution(FusedConv2DOp op,
                                     const KernelConstants &constants,
                                     const X86Vectors &vectors)
    : X86Kernel(op, constants, vectors), layout(op) {
  // The channels run on into the next pixels.
  groupPanels({{0, kLanes, 1, kLanes}});
  std::vector<int8_t> &weights = groups.front().weights;
  for (const Step &step : layout.steps)
    for (int64_t element = 0; element != kLanes; ++element)
      for (size_t tap = 0; tap != kTaps; ++tap)
        weights.push_back(tap < step.taps.size()
                              ? constants.weight(element % layout.channels,
                                                 step.taps[tap].index)
                              : 0);
}

/// The sums of `vectors` vectors of pixels, whose windows begin at `input`.
SmallVector<Value> NarrowConvolution::emitSums(const Emission &e, Value input,
                                               int64_t vectors) {
  X86Builder &b = e.b;
  int64_t pixelBytes = op.getStrides()[1] * inStrides[2];
  // By vector, then row of the window.
  SmallVector<SmallVector<Value>> rows(vectors);
  for (int64_t vector = 0; vector != vectors; ++vector)
    for (int64_t row = 0; row != op.getKernelHeight(); ++row)
      rows[vector].push_back(
          b.loadBytes(e.input,
                      b.add(input, row * op.getDilations()[0] * inStrides[1] +
                                       vector * layout.pixels * pixelBytes),
                      layout.span, kVectorBytes));
  SmallVector<Value> sums(vectors, e.loadBias(b.index(0), 0));
  for (auto [index, step] : llvm::enumerate(layout.steps)) {
    SmallVector<int64_t> order;
    for (int64_t element = 0; element != kLanes; ++element)
      for (size_t i = 0; i != kTaps; ++i) {
        // Where there is no tap, the weights are 0.
        const Tap &tap = step.taps[std::min(i, step.taps.size() - 1)];
        bool isSecond = tap.row != step.firstRow();
        order.push_back(element / layout.channels * pixelBytes + tap.byte +
                        (isSecond ? kVectorBytes : 0));
      }
    Value weights =
        b.load(e.buffers.weights, b.index(index * kVectorBytes), kVectorBytes);
    for (int64_t vector = 0; vector != vectors; ++vector) {
      Value bytes = b.permute(rows[vector][step.firstRow()],
                              rows[vector][step.lastRow()], order);
      sums[vector] = b.dot(sums[vector], bytes, weights);
    }
  }
  return sums;
}

/// `vectors` vectors of pixels, a multiple of four.
void NarrowConvolution::emitTile(const Emission &e, Value input, Value output,
                                 int64_t vectors) {
  X86Builder &b = e.b;
  SmallVector<Value> sums = emitSums(e, input, vectors);
  SmallVector<VectorScales> four(4, e.loadScales(b.index(0), 0));
  for (int64_t first = 0; first != vectors; first += 4) {
    Value bytes = b.requantize(op, ArrayRef(sums).slice(first, 4), four);
    b.storeBytes(e.output, b.add(output, first * kLanes),
                 b.separateRuns(bytes, 1), kVectorBytes);
  }
}

void NarrowConvolution::emitGroup(const Emission &e) {
  X86Builder &b = e.b;
  ArrayRef<int64_t> strides = op.getStrides();
  // Eight sums that wait for each other keep the multipliers busy.
  int64_t vectors = out[2] >= 8 * layout.pixels ? 8 : 4;
  b.remarkTile(1, vectors * layout.pixels);
  b.forEach(out[0], 1, [&](Value image) {
    b.forEach(out[1], 1, [&](Value y) {
      Value from = b.add(b.multiply(image, inStrides[0]),
                         b.multiply(y, strides[0] * inStrides[1]));
      Value to =
          b.add(b.multiply(image, outStrides[0]), b.multiply(y, outStrides[1]));
      b.forEachTile(out[2], vectors * layout.pixels, [&](Value x) {
        emitTile(e, b.add(from, b.multiply(x, strides[1] * inStrides[2])),
                 b.add(to, b.multiply(x, outStrides[2])), vectors);
      });
    });
  });
}

std::unique_ptr<Kernel>
quantcc::createX86NarrowConvolution(FusedConv2DOp op,
                                    const KernelConstants &constants,
                                    const X86Vectors &vectors) {
  if (!Layout(op).fits())
    return nullptr;
  return std::make_unique<NarrowConvolution>(op, constants, vectors);
}
