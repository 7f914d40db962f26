//===- ColumnDepthwise.cpp - Depthwise convolutions down columns ----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Windows of 3x3 with AVX-512 VNNI. The loop goes down the image: an input row
// is read and arranged once, and its dot products go to the sums of all rows of
// results that it belongs to, three at most with stride 1. So the weights of
// the whole window and the sums of the rows in the making stay in registers,
// and memory, whose two loads a cycle are what tiles of pixels are bound by,
// gives little more than the input.
//
// A vector of inputs holds four neighbouring pixels of one row for each of 16
// channels. Where a pixel has at least 64 channels, four such vectors are
// interleaved from its bytes and those of the next two; where it has 32, with
// stride 1, from the bytes of two pixels. Where pixels have 8 or 16 channels, a
// load holds the bytes of several, and a permutation arranges them; with stride
// 1 the four pixels are those of two neighbouring windows: the weights of the
// first end in a zero, those of the second begin with one.
//
//===----------------------------------------------------------------------===//

#include "X86Kernel.h"

#include <cassert>

using namespace mlir;
using namespace quantcc;

/// Of AVX-512, and of the windows.
static constexpr int64_t kLanes = 16, kVectorBytes = 64, kTaps = 4, kWindow = 3;
/// Vectors of sums that become one vector of bytes.
static constexpr int64_t kSums = 4;

namespace {

class ColumnDepthwise : public X86Kernel {
public:
  ColumnDepthwise(FusedConv2DOp op, const KernelConstants &constants,
                  const X86Vectors &vectors);

  static bool fits(FusedConv2DOp op);

private:
  /// The vectors of inputs of one row for the results of one column.
  using Inputs = SmallVector<Value, kSums>;

  void emitGroup(const Emission &e) override;
  SmallVector<Value> loadWeights(const Emission &e, Value panel) const;
  void emitColumn(const Emission &e, Value panel, ArrayRef<Value> weights,
                  Value input, Value output);
  std::vector<int8_t> packWeights(const PanelGroup &group) const;

  /// Whether a load holds the windows of several pixels.
  bool isNarrow() const { return channels <= kLanes; }
  int64_t stride() const { return op.getStrides()[1]; }
  /// Neighbouring windows that share a vector of inputs.
  int64_t windows() const { return isNarrow() && stride() == 1 ? 2 : 1; }
  /// Pixels of the result in a column.
  int64_t columnPixels() const { return std::max(kVectorBytes / channels, 1L); }
  /// Vectors of a panel, which those of the column's pixels repeat.
  int64_t panelVectors() const {
    return isNarrow() ? llvm::divideCeil(channels, kLanes) : kSums;
  }
  /// Bytes of the weights of a panel.
  int64_t weightBytes() const {
    return kWindow * windows() * panelVectors() * kVectorBytes;
  }

  /// The first pixel of the column that element `element` of the vector of
  /// inputs `vector` is for, and its channel.
  std::pair<int64_t, int64_t> resultOf(int64_t vector, int64_t element) const;
  Inputs loadInputs(const Emission &e, Value position) const;
  Value arrange(const Emission &e, Value position, int64_t vector) const;
  void storeColumn(const Emission &e, Value panel, Value position,
                   ArrayRef<Value> sums) const;

  int64_t channels;
};

/// Sums of the rows of results that one row of the input adds to. Sum `i` of a
/// row is of the vector of inputs `i` / windows and its window `i` % windows.
class Sums {
public:
  Sums(const X86Builder &b, ArrayRef<Value> weights, int64_t windows)
      : b(b), weights(weights), windows(windows) {}

  /// `sums` with the products of `inputs` and the window's row `row`.
  SmallVector<Value> add(ArrayRef<Value> sums, ArrayRef<Value> inputs,
                         int64_t row) {
    int64_t rowWeights = weights.size() / kWindow;
    SmallVector<Value> results;
    for (auto [i, sum] : llvm::enumerate(sums))
      results.push_back(
          b.dot(sum, inputs[i / windows],
                weights[row * rowWeights + int64_t(i) % rowWeights]));
    return results;
  }

private:
  X86Builder b;
  ArrayRef<Value> weights;
  int64_t windows;
};

} // namespace

bool ColumnDepthwise::fits(FusedConv2DOp op) {
  auto isAll = [](ArrayRef<int64_t> values, int64_t value) {
    return llvm::all_equal(values) && values.front() == value;
  };
  ArrayRef<int64_t> shape = cast<MemRefType>(op.getInit().getType()).getShape();
  int64_t channels = shape[3];
  if (op.getKernelHeight() != kWindow || op.getKernelWidth() != kWindow ||
      !isAll(op.getDilations(), 1) ||
      !(isAll(op.getStrides(), 1) || isAll(op.getStrides(), 2)))
    return false;
  if (channels % kVectorBytes == 0) {
    // Tiles of rows arrange a row of the input for several at once as well, and
    // have no beginning. But they compute some rows twice, and with stride 1
    // columns of pixels, if they do not divide the image.
    if (shape[1] % 3 == 0)
      return false;
    if (op.getStrides()[0] == 1)
      return shape[1] % 2 != 0 || shape[2] % 2 != 0;
    // Where the input leaves the first cache, what columns read comes late; and
    // in a high image, a row or two that are computed again are few.
    constexpr int64_t kCacheBytes = 32 * 1024, kHighImage = 16;
    return shape[1] < kHighImage || stridesOf(op.getInput())[0] <= kCacheBytes;
  }
  bool areSeveral = channels == 8 || channels == 16 ||
                    (channels == 32 && op.getStrides()[1] == 1);
  return areSeveral && shape[2] >= kVectorBytes / channels &&
         stridesOf(op.getInput())[2] == channels &&
         stridesOf(op.getInit())[2] == channels;
}

ColumnDepthwise::ColumnDepthwise(FusedConv2DOp op,
                                 const KernelConstants &constants,
                                 const X86Vectors &vectors)
    : X86Kernel(op, constants, vectors), channels(out[3]) {
  SmallVector<ColumnPanel> panels;
  int64_t width = panelVectors() * kLanes;
  // Fewer channels than a vector has begin again with the next pixel.
  for (int64_t begin = 0; begin < channels; begin += width)
    panels.push_back({begin, width, panelVectors(), kLanes});
  groupPanels(panels);
  for (PanelGroup &group : groups)
    group.weights = packWeights(group);
}

std::vector<int8_t>
ColumnDepthwise::packWeights(const PanelGroup &group) const {
  std::vector<int8_t> packed;
  for (const ColumnPanel &panel : group.panels)
    for (int64_t row = 0; row != kWindow; ++row)
      for (int64_t vector = 0; vector != panel.vectors; ++vector)
        for (int64_t window = 0; window != windows(); ++window)
          for (int64_t element = 0; element != kLanes; ++element)
            for (int64_t tap = 0; tap != kTaps; ++tap) {
              int64_t channel = panel.channelOf(vector, element) % channels;
              int64_t column = tap - window;
              bool isUsed = column >= 0 && column < kWindow;
              packed.push_back(
                  isUsed ? constants.weight(channel, row * kWindow + column)
                         : 0);
            }
  return packed;
}

std::pair<int64_t, int64_t> ColumnDepthwise::resultOf(int64_t vector,
                                                      int64_t element) const {
  const ColumnPanel &panel = groups.front().panels.front();
  int64_t channel = panel.channelOf(vector % panel.vectors, element) % channels;
  int64_t pixel = vector / panel.vectors * std::max(kLanes / channels, 1L) +
                  element / std::min(channels, kLanes);
  return {pixel * windows(), channel};
}

/// The vector of inputs `vector` of a column of narrow pixels whose row begins
/// at `position`.
Value ColumnDepthwise::arrange(const Emission &e, Value position,
                               int64_t vector) const {
  X86Builder &b = e.b;
  // Groups of four channels of one pixel, one group a tap for each 128 bits.
  // There are no taps beyond the window's; their weights are 0.
  SmallVector<int64_t> words;
  int64_t taps = kWindow + windows() - 1;
  for (int64_t element = 0; element != kLanes; element += 4)
    for (int64_t tap = 0; tap != kTaps; ++tap) {
      auto [pixel, channel] = resultOf(vector, element);
      int64_t column = pixel * stride() + std::min(tap, taps - 1);
      words.push_back((column * channels + channel) / 4);
    }
  int64_t rowBytes = ((columnPixels() - 1) * stride() + kWindow) * channels;
  // All of them lie in one load, which is within the row.
  int64_t begin =
      std::min(*llvm::min_element(words) * 4, rowBytes - kVectorBytes);
  assert(*llvm::max_element(words) * 4 < begin + kVectorBytes);
  for (int64_t &word : words)
    word -= begin / 4;
  Value bytes = b.load(e.input, b.add(position, begin), kVectorBytes);
  Value groups = b.permuteWords(bytes, bytes, words);
  // Within each 128 bits: the taps of each channel, one after the other.
  SmallVector<int64_t> order;
  for (int64_t byte = 0; byte != kVectorBytes; ++byte)
    order.push_back(byte / 16 * 16 + byte % 4 * 4 + byte % 16 / 4);
  return b.permute(groups, groups, order);
}

ColumnDepthwise::Inputs ColumnDepthwise::loadInputs(const Emission &e,
                                                    Value position) const {
  X86Builder &b = e.b;
  Inputs inputs;
  if (isNarrow()) {
    for (int64_t vector = 0; vector != kSums / windows(); ++vector)
      inputs.push_back(arrange(e, position, vector));
    return inputs;
  }
  SmallVector<Value, kWindow> columns;
  for (int64_t column = 0; column != kWindow; ++column)
    columns.push_back(
        b.load(e.input, b.add(position, column * inStrides[2]), kVectorBytes));
  Type i8 = b.builder.getI8Type(), i16 = b.builder.getI16Type();
  for (bool upper : {false, true}) {
    Value first = b.interleave(columns[0], columns[1], i8, upper);
    // The weight of the last is 0.
    Value second = b.interleave(columns[2], columns[2], i8, upper);
    inputs.push_back(b.interleave(first, second, i16, /*upper=*/false));
    inputs.push_back(b.interleave(first, second, i16, /*upper=*/true));
  }
  return inputs;
}

/// Requantizes the sums of one row of a column and stores them.
void ColumnDepthwise::storeColumn(const Emission &e, Value panel,
                                  Value position, ArrayRef<Value> sums) const {
  X86Builder &b = e.b;
  SmallVector<VectorScales> scales;
  panel = b.opaque(panel);
  for (int64_t vector = 0; vector != panelVectors(); ++vector)
    scales.push_back(e.loadScales(panel, vector));
  SmallVector<VectorScales> all;
  for (int64_t i = 0; i != kSums; ++i)
    all.push_back(scales[i / windows() % panelVectors()]);
  Value bytes = b.requantize(op, sums, all);
  if (isNarrow()) {
    // Word 4 l + i has elements 4 l to 4 l + 3 of sum i.
    SmallVector<int64_t> order(kLanes);
    for (int64_t i = 0; i != kSums; ++i)
      for (int64_t l = 0; l != kLanes / 4; ++l) {
        auto [pixel, channel] = resultOf(i / windows(), 4 * l);
        order[((pixel + i % windows()) * channels + channel) / 4] = 4 * l + i;
      }
    bytes = b.permuteWords(bytes, bytes, order);
  }
  b.storeBytes(e.output, position, bytes, kVectorBytes);
}

SmallVector<Value> ColumnDepthwise::loadWeights(const Emission &e,
                                                Value panel) const {
  X86Builder &b = e.b;
  SmallVector<Value> weights;
  Value begin = b.multiply(panel, weightBytes());
  for (int64_t at = 0; at != weightBytes(); at += kVectorBytes)
    weights.push_back(
        b.load(e.buffers.weights, b.add(begin, at), kVectorBytes));
  return weights;
}

/// All rows of the pixels whose windows begin at `input`.
void ColumnDepthwise::emitColumn(const Emission &e, Value panel,
                                 ArrayRef<Value> weights, Value input,
                                 Value output) {
  X86Builder &b = e.b;
  Sums sums(b, weights, windows());
  auto inputsOf = [&](Value row, int64_t below) {
    return loadInputs(
        e, b.add(input, b.add(b.multiply(row, stride() * inStrides[1]),
                              below * inStrides[1])));
  };
  auto beginRow = [&](ArrayRef<Value> inputs) {
    Value place = b.opaque(panel);
    SmallVector<Value> bias;
    for (int64_t i = 0; i != kSums; ++i)
      bias.push_back(e.loadBias(place, i / windows() % panelVectors()));
    return sums.add(bias, inputs, 0);
  };
  auto store = [&](Value row, ArrayRef<Value> results) {
    storeColumn(e, panel, b.add(output, b.multiply(row, outStrides[1])),
                results);
  };

  // What the first row of results has before its last row of the input, and
  // with stride 1 also what the second one has.
  Inputs inputs = inputsOf(b.index(0), 0);
  SmallVector<Value> carried = beginRow(inputs);
  if (stride() == 1) {
    inputs = inputsOf(b.index(0), 1);
    carried = sums.add(carried, inputs, 1);
    carried.append(beginRow(inputs));
  }
  b.loop(out[1], 1, carried, [&](Value y, ValueRange before) {
    SmallVector<Value> first(before.take_front(kSums));
    if (stride() == 2)
      first = sums.add(first, inputsOf(y, 1), 1);
    Inputs inputs = inputsOf(y, 2);
    store(y, sums.add(first, inputs, 2));
    if (stride() == 2)
      return beginRow(inputs);
    SmallVector<Value> second(before.drop_front(kSums));
    SmallVector<Value> next = sums.add(second, inputs, 1);
    next.append(beginRow(inputs));
    return next;
  });
}

void ColumnDepthwise::emitGroup(const Emission &e) {
  X86Builder &b = e.b;
  const ColumnPanel &first = e.group.panels.front();
  b.forEach(out[0], 1, [&](Value image) {
    b.forEach(e.group.panels.size(), 1, [&](Value panel) {
      Value channel = b.add(b.multiply(panel, first.width()), first.begin);
      SmallVector<Value> weights = loadWeights(e, panel);
      b.forEachTile(out[2], columnPixels(), [&](Value x) {
        Value input = b.add(b.multiply(image, inStrides[0]),
                            b.multiply(x, stride() * inStrides[2]));
        Value output = b.add(b.multiply(image, outStrides[0]),
                             b.multiply(x, outStrides[2]));
        emitColumn(e, panel, weights, b.add(input, channel),
                   b.add(output, channel));
      });
    });
  });
}

std::unique_ptr<Kernel>
quantcc::createX86ColumnDepthwise(FusedConv2DOp op,
                                  const KernelConstants &constants,
                                  const X86Vectors &vectors) {
  if (!ColumnDepthwise::fits(op))
    return nullptr;
  return std::make_unique<ColumnDepthwise>(op, constants, vectors);
}
