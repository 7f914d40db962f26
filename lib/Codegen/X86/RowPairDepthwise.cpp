//===- RowPairDepthwise.cpp - Depthwise convolutions of row pairs ---------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Windows of 3x3 with stride 2 over pixels of 32 channels, with AVX-512 VNNI.
// A vector has two neighbouring pixels of the input, and windows begin with
// every other pixel: their first two columns are one vector, which a
// permutation makes pairs of. The loop goes down the image by two rows a turn.
// Their pairs make squares of four taps, of which the lower half belongs to the
// next row of results as well; what the rows have in the window's third column
// is paired too, and makes four taps with the pair of the turn before:
//
//   turn before  . .    here  w10 w11    third column  .    w02
//                w00 w01      w20 w21                  w12  w22
//
// So 12 dot products take what 16 instructions arrange. To interleave the three
// columns of each row takes 22, six of them between the halves of vectors,
// which few units do.
//
//===----------------------------------------------------------------------===//

#include "X86Kernel.h"

using namespace mlir;
using namespace quantcc;

/// Of AVX-512, and of the layers.
static constexpr int64_t kLanes = 16, kVectorBytes = 64, kTaps = 4, kWindow = 3,
                         kStride = 2, kChannels = 32;
/// Pixels of the result in a column, and vectors of the sums of one of them.
static constexpr int64_t kPixels = 2, kPixelSums = kChannels / kLanes;

namespace {

/// Vectors by pixel of the column and its half of the channels.
using PixelVectors = SmallVector<Value, kPixels * kPixelSums>;

class RowPairDepthwise : public X86Kernel {
public:
  RowPairDepthwise(FusedConv2DOp op, const KernelConstants &constants,
                   const X86Vectors &vectors);

  static bool fits(FusedConv2DOp op);

private:
  /// What a vector of inputs has in its four taps.
  enum TapSet { kBefore, kHere, kThirdColumn, kNumTapSets };

  /// What is the same for all columns.
  struct Constants {
    /// By set of taps, then half of the channels.
    SmallVector<Value> weights;
    SmallVector<Value, kPixelSums> bias;
    SmallVector<VectorScales, kPixelSums> scales;
  };

  void emitGroup(const Emission &e) override;
  Constants loadConstants(const Emission &e) const;
  void emitColumn(const Emission &e, const Constants &constants, Value input,
                  Value output);
  PixelVectors addProducts(const Emission &e, const Constants &constants,
                           ArrayRef<Value> sums, ArrayRef<Value> inputs,
                           TapSet set) const;
  Value pairHalves(const Emission &e, Value bytes) const;
  PixelVectors joinPairs(const Emission &e, ArrayRef<Value> first,
                         ArrayRef<Value> second) const;
  SmallVector<Value, kPixels> loadPairs(const Emission &e, Value row) const;
  SmallVector<Value, kPixels> loadThirdColumn(const Emission &e, Value upper,
                                              Value lower) const;
  void store(const Emission &e, const Constants &constants, Value position,
             ArrayRef<Value> sums) const;
};

} // namespace

bool RowPairDepthwise::fits(FusedConv2DOp op) {
  ArrayRef<int64_t> shape = cast<MemRefType>(op.getInit().getType()).getShape();
  auto isAll = [](ArrayRef<int64_t> values, int64_t value) {
    return llvm::all_equal(values) && values.front() == value;
  };
  return op.getKernelHeight() == kWindow && op.getKernelWidth() == kWindow &&
         isAll(op.getDilations(), 1) && isAll(op.getStrides(), kStride) &&
         shape[3] == kChannels && shape[2] >= kPixels &&
         stridesOf(op.getInput())[2] == kChannels &&
         stridesOf(op.getInit())[2] == kChannels;
}

RowPairDepthwise::RowPairDepthwise(FusedConv2DOp op,
                                   const KernelConstants &constants,
                                   const X86Vectors &vectors)
    : X86Kernel(op, constants, vectors) {
  ColumnPanel panel{0, kChannels, kPixelSums, kLanes};
  groupPanels(panel);
  // The tap of the window, by row and column, of each tap of a set; none where
  // there is -1.
  constexpr int64_t none = -1;
  constexpr int64_t taps[kNumTapSets][kTaps] = {
      {none, none, 0, 1}, {3, 4, 6, 7}, {none, 2, 5, 8}};
  for (const auto &set : taps)
    for (int64_t vector = 0; vector != kPixelSums; ++vector)
      for (int64_t element = 0; element != kLanes; ++element)
        for (int64_t tap : set)
          groups.front().weights.push_back(
              tap == none
                  ? 0
                  : constants.weight(panel.channelOf(vector, element), tap));
}

RowPairDepthwise::Constants
RowPairDepthwise::loadConstants(const Emission &e) const {
  X86Builder &b = e.b;
  Constants constants;
  for (int64_t i = 0; i != kNumTapSets * kPixelSums; ++i)
    constants.weights.push_back(
        b.load(e.buffers.weights, b.index(i * kVectorBytes), kVectorBytes));
  for (int64_t half = 0; half != kPixelSums; ++half) {
    constants.bias.push_back(e.loadBias(b.index(0), half));
    constants.scales.push_back(e.loadScales(b.index(0), half));
  }
  return constants;
}

/// The bytes of the two halves of a vector in pairs, by an instruction of its
/// own: permutations of two vectors share the units of the dot products.
Value RowPairDepthwise::pairHalves(const Emission &e, Value bytes) const {
  SmallVector<int64_t> order;
  for (int64_t i = 0; i != kVectorBytes / 2; ++i)
    order.append({i, kVectorBytes / 2 + i});
  return e.b.keep(e.b.permute(bytes, bytes, order));
}

/// Vectors of four taps from two pairs for each pixel.
PixelVectors RowPairDepthwise::joinPairs(const Emission &e,
                                         ArrayRef<Value> first,
                                         ArrayRef<Value> second) const {
  PixelVectors joined;
  for (auto [upper, lower] : llvm::zip_equal(first, second))
    for (bool isUpperHalf : {false, true})
      joined.push_back(
          e.b.interleave(upper, lower, e.b.builder.getI16Type(), isUpperHalf));
  return joined;
}

/// The window's first two columns in the row that begins at `row`, for each
/// pixel.
SmallVector<Value, kPixels> RowPairDepthwise::loadPairs(const Emission &e,
                                                        Value row) const {
  SmallVector<Value, kPixels> pairs;
  for (int64_t pixel = 0; pixel != kPixels; ++pixel)
    pairs.push_back(
        pairHalves(e, e.b.load(e.input, e.b.add(row, pixel * kVectorBytes),
                               kVectorBytes)));
  return pairs;
}

/// The window's third column in two rows, for each pixel.
SmallVector<Value, kPixels>
RowPairDepthwise::loadThirdColumn(const Emission &e, Value upper,
                                  Value lower) const {
  X86Builder &b = e.b;
  SmallVector<Value, kPixels> pairs;
  for (int64_t pixel = 0; pixel != kPixels; ++pixel) {
    SmallVector<Value, 2> halves;
    for (Value row : {upper, lower})
      halves.push_back(
          b.load(e.input, b.add(row, (pixel + 1) * kVectorBytes), kChannels));
    Value both = b.permute(halves[0], halves[1],
                           llvm::to_vector(llvm::seq<int64_t>(kVectorBytes)));
    pairs.push_back(pairHalves(e, b.keep(both)));
  }
  return pairs;
}

PixelVectors RowPairDepthwise::addProducts(const Emission &e,
                                           const Constants &constants,
                                           ArrayRef<Value> sums,
                                           ArrayRef<Value> inputs,
                                           TapSet set) const {
  PixelVectors results;
  for (auto [i, sum] : llvm::enumerate(sums))
    results.push_back(e.b.dot(
        sum, inputs[i], constants.weights[set * kPixelSums + i % kPixelSums]));
  return results;
}

/// Requantizes the sums of two pixels and stores them.
void RowPairDepthwise::store(const Emission &e, const Constants &constants,
                             Value position, ArrayRef<Value> sums) const {
  X86Builder &b = e.b;
  SmallVector<VectorScales> scales;
  for (size_t i = 0; i != sums.size(); ++i)
    scales.push_back(constants.scales[i % kPixelSums]);
  Value bytes = b.requantize(op, sums, scales);
  // Word 4 l + i has four channels of sum i: those from 8 l on of its half.
  SmallVector<int64_t> order;
  for (int64_t pixel = 0; pixel != kPixels; ++pixel)
    for (int64_t l = 0; l != kLanes / 4; ++l)
      for (int64_t half = 0; half != kPixelSums; ++half)
        order.push_back(4 * l + pixel * kPixelSums + half);
  b.storeBytes(e.output, position, b.permuteWords(bytes, bytes, order),
               kVectorBytes);
}

/// All rows of the pixels whose windows begin at `input`.
void RowPairDepthwise::emitColumn(const Emission &e, const Constants &constants,
                                  Value input, Value output) {
  X86Builder &b = e.b;
  PixelVectors bias;
  for (int64_t i = 0; i != kPixels * kPixelSums; ++i)
    bias.push_back(constants.bias[i % kPixelSums]);

  // Above the first row is nothing: the weights for what is there are 0.
  SmallVector<Value, kPixels> first = loadPairs(e, input);
  SmallVector<Value> carried =
      addProducts(e, constants, bias, joinPairs(e, first, first), kBefore);
  llvm::append_range(carried, loadThirdColumn(e, input, input));
  b.loop(out[1], 1, carried, [&](Value y, ValueRange before) {
    Value upper = b.add(
        input, b.add(b.multiply(y, kStride * inStrides[1]), inStrides[1]));
    Value lower = b.add(upper, inStrides[1]);
    SmallVector<Value> sums(before.take_front(bias.size()));
    SmallVector<Value> thirdBefore(before.drop_front(bias.size()));
    PixelVectors square =
        joinPairs(e, loadPairs(e, upper), loadPairs(e, lower));
    SmallVector<Value, kPixels> third = loadThirdColumn(e, upper, lower);
    PixelVectors done = addProducts(e, constants, sums, square, kHere);
    done = addProducts(e, constants, done, joinPairs(e, thirdBefore, third),
                       kThirdColumn);
    store(e, constants, b.add(output, b.multiply(y, outStrides[1])), done);
    SmallVector<Value> next = addProducts(e, constants, bias, square, kBefore);
    llvm::append_range(next, third);
    return next;
  });
}

void RowPairDepthwise::emitGroup(const Emission &e) {
  X86Builder &b = e.b;
  Constants constants = loadConstants(e);
  b.remarkTile(out[1], kPixels);
  b.forEach(out[0], 1, [&](Value image) {
    b.forEachTile(out[2], kPixels, [&](Value x) {
      emitColumn(e, constants,
                 b.add(b.multiply(image, inStrides[0]),
                       b.multiply(x, kStride * inStrides[2])),
                 b.add(b.multiply(image, outStrides[0]),
                       b.multiply(x, outStrides[2])));
    });
  });
}

std::unique_ptr<Kernel>
quantcc::createX86RowPairDepthwise(FusedConv2DOp op,
                                   const KernelConstants &constants,
                                   const X86Vectors &vectors) {
  if (!RowPairDepthwise::fits(op))
    return nullptr;
  return std::make_unique<RowPairDepthwise>(op, constants, vectors);
}
