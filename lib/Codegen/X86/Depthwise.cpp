//===- Depthwise.cpp - Depthwise convolutions with x86 --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A chunk is as many neighbouring bytes of a row of the result as four vectors
// of accumulators hold, or two without dot products of bytes: channels of a
// pixel, or, where pixels follow each other closely, all channels of several.
// The inputs that neighbouring columns of the window have for them are
// interleaved, so that one dot product takes several taps of each channel. An
// interleaved row of the input serves all rows of the result within a tile,
// and, with windows of three columns, two neighbouring pixels: the weights of
// the second begin with a zero, those of the first end in one.
//
//===----------------------------------------------------------------------===//

#include "X86Kernel.h"

#include <numeric>

using namespace mlir;
using namespace quantcc;

namespace {

class Depthwise : public X86Kernel {
public:
  Depthwise(FusedConv2DOp op, const KernelConstants &constants,
            const X86Vectors &vectors);

private:
  void emitGroup(const Emission &e) override;
  /// Where one chunk of results comes from and goes to.
  struct Place {
    Value input, output;
    /// Which chunk of constants belongs to it.
    Value phase;
    int64_t bytes;
  };

  /// Vectors of accumulators of one chunk, and its bytes.
  int64_t chunkVectors() const { return vectors.hasDotProduct ? 4 : 2; }
  int64_t chunkBytes() const { return chunkVectors() * vectors.lanes(); }
  /// Different chunks that a row of results has, by the channels they hold.
  int64_t phases() {
    if (isFlat)
      return std::lcm(channels, chunkBytes()) / chunkBytes();
    return llvm::divideCeil(channels, chunkBytes());
  }
  /// The channels of phase `phase`; some of its bytes may hold none.
  ColumnPanel panelOf(int64_t phase);
  int64_t tapGroups() {
    return llvm::divideCeil(op.getKernelWidth() + pixels() - 1, vectors.taps());
  }
  int64_t pixels() { return isPaired ? 2 : 1; }
  /// Bytes of the weights of one phase.
  int64_t weightBytes() {
    return windowRows() * tapGroups() * pixels() * chunkVectors() *
           vectors.bytes;
  }

  /// Whether registers hold all weights beside the accumulators of a tile of
  /// single pixels. With stride 2, where a row of the input is for one row of
  /// results or two, weights would else be most of what a tile loads. With
  /// stride 1 such tiles are for images that they divide.
  bool keepsWeights() {
    int64_t groups = llvm::divideCeil(op.getKernelWidth(), vectors.taps());
    return vectors.registers == 32 && vectors.hasDotProduct &&
           windowRows() * groups <= 3 &&
           (op.getStrides()[0] == 2 || (!isFlat && out[1] % 3 == 0));
  }

  std::vector<int8_t> packWeights(const PanelGroup &group);
  int64_t tileRows();
  void emitRow(const Emission &e, Value image, Value y, int64_t rows);
  void emitTile(const Emission &e, const Place &place, int64_t rows);
  SmallVector<Value> interleaveTaps(const Emission &e, const Place &place,
                                    int64_t row, int64_t tapGroup);
  Value loadTap(const Emission &e, const Place &place, int64_t row,
                int64_t column);
  Value loadEveryOther(const Emission &e, const Place &place, Value position,
                       int64_t first, int64_t last);

  int64_t channels;
  /// Whether vectors run through the pixels of a row.
  bool isFlat;
  /// Whether two neighbouring pixels share what is interleaved.
  bool isPaired;
};

} // namespace

Depthwise::Depthwise(FusedConv2DOp op, const KernelConstants &constants,
                     const X86Vectors &vectors)
    : X86Kernel(op, constants, vectors), channels(out[3]) {
  // Where channels fill vectors, a row is no better than its pixels. Of every
  // other pixel of the input, a vector of the result takes two vectors' bytes.
  int64_t stride = op.getStrides()[1];
  isFlat = inStrides[2] == channels && outStrides[2] == channels &&
           (stride == 1 ? channels % chunkBytes() != 0
                        : stride == 2 && channels < chunkBytes() &&
                              chunkBytes() % channels == 0);
  isPaired = !isFlat && stride == 1 && op.getDilations()[1] == 1 &&
             op.getKernelWidth() == 3 && out[2] > 1 && !keepsWeights();
  SmallVector<ColumnPanel> panels;
  for (int64_t phase = 0; phase != phases(); ++phase)
    panels.push_back(panelOf(phase));
  groupPanels(panels);
  for (PanelGroup &group : groups)
    group.weights = packWeights(group);
}

ColumnPanel Depthwise::panelOf(int64_t phase) {
  int64_t begin = phase * chunkBytes();
  return {begin,
          isFlat ? chunkBytes()
                 : std::min<int64_t>(chunkBytes(), channels - begin),
          chunkVectors(), vectors.lanes()};
}

std::vector<int8_t> Depthwise::packWeights(const PanelGroup &group) {
  std::vector<int8_t> packed;
  int64_t width = op.getKernelWidth();
  for (const ColumnPanel &panel : group.panels)
    for (int64_t row = 0; row != windowRows(); ++row)
      for (int64_t tapGroup = 0; tapGroup != tapGroups(); ++tapGroup)
        for (int64_t pixel = 0; pixel != pixels(); ++pixel)
          for (int64_t vector = 0; vector != panel.vectors; ++vector)
            for (int64_t element = 0; element != panel.lanes; ++element)
              for (int64_t tap = 0; tap != vectors.taps(); ++tap) {
                int64_t channel = panel.channelOf(vector, element);
                int64_t column = tapGroup * vectors.taps() + tap - pixel;
                bool isUsed = panel.isUsed(vector, element) && column >= 0 &&
                              column < width;
                int8_t weight = isUsed ? constants.weight(channel % channels,
                                                          row * width + column)
                                       : 0;
                packed.push_back(weight);
                if (vectors.tapBytes() == 2)
                  packed.push_back(weight < 0 ? -1 : 0);
              }
  return packed;
}

/// The pixels `first`, `first` + 2, … of the input's row from `position` on, as
/// many as `place` has pixels. `first` is 0 or 1; the vectors read end with the
/// last of the pixels `last`, `last` + 2, ….
Value Depthwise::loadEveryOther(const Emission &e, const Place &place,
                                Value position, int64_t first, int64_t last) {
  X86Builder &b = e.b;
  int64_t end = 2 * place.bytes - channels + last * channels;
  int64_t size = chunkBytes();
  Value low = b.loadBytes(e.input, position, std::min(end, size), size);
  Value high = b.zeroBytes(size);
  if (end > size)
    high = b.loadBytes(e.input, b.add(position, size), end - size, size);
  SmallVector<int64_t> order;
  for (int64_t byte = 0; byte != size; ++byte)
    order.push_back((byte / channels * 2 + first) * channels + byte % channels);
  return b.permute(low, high, order);
}

/// What the window's column `column` has in row `row` below the place's input.
Value Depthwise::loadTap(const Emission &e, const Place &place, int64_t row,
                         int64_t column) {
  X86Builder &b = e.b;
  int64_t pixel = column * op.getDilations()[1];
  Value begin = b.add(place.input, row * inStrides[1]);
  if (isFlat && op.getStrides()[1] == 2) {
    // Neighbouring columns of the window share what is read.
    int64_t even = pixel / 2 * 2;
    int64_t windowEnd = (op.getKernelWidth() - 1) * op.getDilations()[1];
    return loadEveryOther(e, place, b.add(begin, even * inStrides[2]),
                          pixel - even, std::min<int64_t>(windowEnd - even, 1));
  }
  return b.loadBytes(e.input, b.add(begin, pixel * inStrides[2]), place.bytes,
                     chunkBytes());
}

/// What the columns of `tapGroup` have in row `row` below the place's input, as
/// the inputs of a chunk's dot products. They are the columns of the windows of
/// one pixel or of a pair, and beyond what the weights multiply with 0.
SmallVector<Value> Depthwise::interleaveTaps(const Emission &e,
                                             const Place &place, int64_t row,
                                             int64_t tapGroup) {
  X86Builder &b = e.b;
  int64_t columns = op.getKernelWidth() + pixels() - 1;
  Value zero = b.zeroBytes(chunkBytes());
  SmallVector<Value> taps;
  for (int64_t tap = 0; tap != vectors.taps(); ++tap) {
    int64_t column = tapGroup * vectors.taps() + tap;
    if (column >= columns) {
      taps.push_back(zero);
      continue;
    }
    taps.push_back(loadTap(e, place, row, column));
  }
  Type i8 = b.builder.getI8Type(), i16 = b.builder.getI16Type();
  SmallVector<Value> result;
  if (!vectors.hasDotProduct) {
    for (bool upper : {false, true})
      result.push_back(
          b.interleave(b.widen(taps[0]), b.widen(taps[1]), i16, upper));
    return result;
  }
  for (bool upper : {false, true}) {
    Value first = b.interleave(taps[0], taps[1], i8, upper);
    Value second = b.interleave(taps[2], taps[3], i8, upper);
    result.push_back(b.interleave(first, second, i16, /*upper=*/false));
    result.push_back(b.interleave(first, second, i16, /*upper=*/true));
  }
  return result;
}

/// `rows` rows of one chunk or, if paired, of two.
void Depthwise::emitTile(const Emission &e, const Place &place, int64_t rows) {
  int64_t columns = pixels();
  X86Builder &b = e.b;
  int64_t stride = op.getStrides()[0];
  Value phase = b.opaque(place.phase);
  SmallVector<Value> bias;
  for (int64_t v = 0; v != chunkVectors(); ++v)
    bias.push_back(e.loadBias(phase, v));
  SmallVector<Value> sums;
  for (int64_t i = 0; i != rows * columns; ++i)
    sums.append(bias);

  Value weights;
  int64_t lastRow = (rows - 1) * stride + inputRowOf(op.getKernelHeight() - 1);
  for (int64_t inputRow = 0; inputRow <= lastRow; ++inputRow) {
    // The rows of the window that lie here, by the row of results they are for.
    SmallVector<std::pair<int64_t, int64_t>> uses;
    for (int64_t row = 0; row != rows; ++row)
      for (int64_t windowRow = 0; windowRow != windowRows(); ++windowRow)
        if (row * stride + inputRowOf(windowRow) == inputRow)
          uses.push_back({row, windowRow});
    if (uses.empty())
      continue;
    if (!weights || !keepsWeights())
      weights = b.multiply(b.opaque(place.phase), weightBytes());
    for (int64_t tapGroup = 0; tapGroup != tapGroups(); ++tapGroup) {
      SmallVector<Value> taps = interleaveTaps(e, place, inputRow, tapGroup);
      for (auto [row, windowRow] : uses)
        for (int64_t column = 0; column != columns; ++column)
          for (int64_t v = 0; v != chunkVectors(); ++v) {
            int64_t index =
                ((windowRow * tapGroups() + tapGroup) * pixels() + column) *
                    chunkVectors() +
                v;
            Value vector =
                b.load(e.buffers.weights, b.add(weights, index * vectors.bytes),
                       vectors.bytes);
            Value &sum = sums[(row * columns + column) * chunkVectors() + v];
            sum = b.dot(sum, taps[v], vector);
          }
    }
  }

  phase = b.opaque(place.phase);
  SmallVector<VectorScales> scales;
  for (int64_t v = 0; v != chunkVectors(); ++v)
    scales.push_back(e.loadScales(phase, v));
  SmallVector<Run> runs;
  for (int64_t row = 0; row != rows; ++row)
    for (int64_t column = 0; column != columns; ++column)
      runs.push_back(
          {row * outStrides[1] + column * outStrides[2], place.bytes});
  storeRuns(e, place.output, runs, chunkVectors(), sums, scales);
}

/// `rows` rows of results from row `y` on.
void Depthwise::emitRow(const Emission &e, Value image, Value y, int64_t rows) {
  X86Builder &b = e.b;
  Value from = b.add(b.multiply(image, inStrides[0]),
                     b.multiply(y, op.getStrides()[0] * inStrides[1]));
  Value to =
      b.add(b.multiply(image, outStrides[0]), b.multiply(y, outStrides[1]));
  if (isFlat) {
    int64_t bytes = out[2] * channels, whole = bytes / chunkBytes();
    auto emit = [&](Value chunk, int64_t count) {
      Value position = b.multiply(chunk, chunkBytes());
      emitTile(e,
               {b.add(from, b.multiply(position, op.getStrides()[1])),
                b.add(to, position), b.remainder(chunk, phases()), count},
               rows);
    };
    b.forEach(whole, 1, [&](Value chunk) { emit(chunk, chunkBytes()); });
    if (bytes % chunkBytes())
      emit(b.index(whole), bytes % chunkBytes());
    return;
  }

  const ColumnPanel &first = e.group.panels.front();
  b.forEach(e.group.panels.size(), 1, [&](Value phase) {
    Value channel = b.add(b.multiply(phase, chunkBytes()), first.begin);
    b.forEachTile(out[2], pixels(), [&](Value x) {
      Place place;
      place.input = b.add(b.add(from, channel),
                          b.multiply(x, op.getStrides()[1] * inStrides[2]));
      place.output = b.add(b.add(to, channel), b.multiply(x, outStrides[2]));
      place.phase = phase;
      place.bytes = first.channels;
      emitTile(e, place, rows);
    });
  });
}

/// The rows of a tile with which the image costs least.
int64_t Depthwise::tileRows() {
  // Accumulators of five eighths of the registers leave room for what is
  // interleaved, those of three quarters where that is less, and those of three
  // eighths beside weights. More rows take more code and no less time.
  int64_t registers = !vectors.hasDotProduct ? 3 * vectors.registers / 4
                      : keepsWeights()       ? 3 * vectors.registers / 8
                                             : 5 * vectors.registers / 8;
  int64_t most = std::clamp<int64_t>(
      registers / (chunkVectors() * pixels()), 1,
      std::min<int64_t>(out[1], vectors.hasDotProduct ? 5 : 4));
  // A last tile that overlaps the one before computes rows again, and what
  // windows have in common is arranged once a tile. In loads, shuffles, and
  // products, per vector: a tap group is arranged with 3, its weights are
  // multiplied with 1, and a result is requantized with 8.
  auto costOf = [&](int64_t rows) {
    int64_t inputRows = (rows - 1) * op.getStrides()[0] + windowRows();
    return llvm::divideCeil(out[1], rows) *
           (3 * inputRows * tapGroups() +
            rows * pixels() * (windowRows() * tapGroups() + 8));
  };
  int64_t best = most;
  for (int64_t rows = most; rows != 0; --rows)
    if (costOf(rows) < costOf(best))
      best = rows;
  return best;
}

void Depthwise::emitGroup(const Emission &e) {
  int64_t rows = tileRows();
  e.b.remarkTile(rows, pixels());
  e.b.forEach(out[0], 1, [&](Value image) {
    e.b.forEachTile(out[1], rows, [&](Value y) { emitRow(e, image, y, rows); });
  });
}

std::unique_ptr<Kernel>
quantcc::createX86Depthwise(FusedConv2DOp op, const KernelConstants &constants,
                            const X86Vectors &vectors) {
  return std::make_unique<Depthwise>(op, constants, vectors);
}
