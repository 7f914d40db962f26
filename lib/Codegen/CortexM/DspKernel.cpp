//===- DspKernel.cpp - Kernels for the Arm DSP extension ------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Packs constants, and emits the loops over channels, pixels and the window.
//
//===----------------------------------------------------------------------===//

#include "DspKernel.h"

#include <mlir/Dialect/Arith/IR/Arith.h>

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

//===----------------------------------------------------------------------===//
// The family
//===----------------------------------------------------------------------===//

namespace {

class DspKernels : public KernelFamily {
public:
  bool usesBiasedBytes() const override { return false; }
  // That of a pair of words.
  int64_t alignment() const override { return 8; }

  std::string findObstacle(FusedConv2DOp op,
                           const KernelConstants &constants) const override {
    if (findHighProductForm(op, constants))
      return "";
    return "no high product is proved equal to its requantization";
  }

  std::string
  describeRequantization(FusedConv2DOp op,
                         const KernelConstants &constants) const override {
    auto form = findHighProductForm(op, constants);
    return std::string(form->isSplit ? "split high products"
                                     : "high products") +
           (form->shift ? " with one shift" : " with shifts of their own");
  }

  std::unique_ptr<Kernel>
  create(FusedConv2DOp op, const KernelConstants &constants) const override {
    return op.getDepthwise() ? createDspDepthwise(op, constants)
                             : createDspConvolution(op, constants);
  }
};

} // namespace

const KernelFamily &quantcc::getDspKernels() {
  static const DspKernels kernels;
  return kernels;
}

//===----------------------------------------------------------------------===//
// The plan
//===----------------------------------------------------------------------===//

/// The dimensions of the result's pixels, those merged that one loop can run
/// through.
static SmallVector<PixelDimension> mergePixels(FusedConv2DOp op,
                                               ArrayRef<int64_t> out,
                                               ArrayRef<int64_t> inStrides,
                                               ArrayRef<int64_t> outStrides) {
  SmallVector<PixelDimension> result;
  int64_t strides[] = {1, op.getStrides()[0], op.getStrides()[1]};
  for (int64_t i = 0; i != 3; ++i) {
    if (out[i] == 1)
      continue;
    PixelDimension next{out[i], inStrides[i] * strides[i], outStrides[i]};
    if (!result.empty() && result.back().inStep == next.extent * next.inStep &&
        result.back().outStep == next.extent * next.outStep) {
      next.extent *= result.back().extent;
      result.pop_back();
    }
    result.push_back(next);
  }
  return result;
}

DspKernel::DspKernel(FusedConv2DOp op, const KernelConstants &constants)
    : op(op), constants(constants), in(typeOf(op.getInput()).getShape()),
      out(typeOf(op.getInit()).getShape()), inStrides(stridesOf(op.getInput())),
      outStrides(stridesOf(op.getInit())),
      pixels(mergePixels(op, out, inStrides, outStrides)) {
  auto found = findHighProductForm(op, constants);
  assert(found && "a form for all channels is a precondition");
  form = *found;
}

void DspKernel::finishPlan() {
  int64_t tiles = 1;
  for (const PixelDimension &dimension : pixels)
    tiles *= llvm::divideCeil(dimension.extent, dimension.tile);
  // A frame of 1 KiB is what a model may take; widening pays from the third
  // use on.
  constexpr int64_t kMaxWords = 256, kMinTiles = 3;
  isWidened = tiles >= kMinTiles && 2 * weightWords() <= kMaxWords;
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

void DspKernel::describe(llvm::raw_ostream &stream) const {
  stream << " high product " << form.isSplit << ' ' << form.shift.value_or(-1);
}

SmallVector<Value> DspKernel::createConstants(KernelBuilder &builder) const {
  std::vector<int32_t> words;
  auto append = [&](int64_t group, auto number) {
    for (int64_t i = 0; i != groupChannels; ++i)
      words.push_back(number(channelOf(group) + i));
  };
  for (int64_t group = 0; group != groups(); ++group) {
    append(group, [&](int64_t channel) {
      return constants.biasOf(channel) + form.channels[channel].biasOffset;
    });
    append(group, [&](int64_t c) { return form.channels[c].multiplier; });
    append(group, [&](int64_t c) { return form.channels[c].offset; });
    if (!form.shift)
      append(group, [&](int64_t c) { return form.channels[c].shift; });
    for (int64_t step = 0; step != walk.steps(); ++step)
      for (int64_t word = 0; word != wordsOfStep; ++word) {
        uint32_t packed = 0;
        for (int64_t byte = 0; byte != 4; ++byte)
          packed |= uint32_t(static_cast<uint8_t>(
                        packWeight(channelOf(group), step, word, byte)))
                    << (8 * byte);
        words.push_back(static_cast<int32_t>(packed));
      }
  }
  return {builder.constant<int32_t>("constants", words)};
}

HalfPairs DspKernel::loadWeights(DspBuilder &b, const Step &step,
                                 int64_t word) const {
  if (isWidened)
    return b.loadPair(step.weights, step.weightOffset + 8 * word);
  return b.widen(b.loadConstant(step.weights, step.weightOffset + 4 * word));
}

void DspKernel::widenWeights(DspBuilder &b, Value from, Value to) {
  int64_t count = weightWords();
  int64_t unrolled = count % 2 == 0 ? 2 : 1;
  b.loop(count / unrolled, 1, {from, to}, [&](Value, ValueRange carried) {
    Value source = b.opaque(carried[0]), target = b.opaque(carried[1]);
    for (int64_t i = 0; i != unrolled; ++i)
      b.storePair(b.advance(target, 8 * i),
                  b.widen(b.loadConstant(source, 4 * i)));
    return SmallVector<Value>{b.advance(source, 4 * unrolled),
                              b.advance(target, 8 * unrolled)};
  });
}

//===----------------------------------------------------------------------===//
// The window
//===----------------------------------------------------------------------===//

/// Where a tile is on its way through the window.
struct DspKernel::Walker {
  DspKernel &kernel;
  DspBuilder &b;
  Value input, weights;
  /// What the pointers have moved since the run, or the window, began.
  int64_t inputAt = 0, weightsAt = 0;
  SmallVector<Value> sums;

  int64_t weightBytes() const {
    return kernel.wordsOfStep * (kernel.isWidened ? 8 : 4);
  }

  void emitStep(int64_t inputOffset, int64_t step, int64_t width) {
    kernel.emitStep(b,
                    {input, weights, inputOffset - inputAt,
                     step * weightBytes() - weightsAt, width},
                    sums);
  }

  /// Runs `body` `count` times, with pointers that the loop carries; each time
  /// it moves them by what it leaves in inputAt and weightsAt.
  void loop(int64_t count, function_ref<void()> body) {
    SmallVector<Value> carried{input, weights};
    llvm::append_range(carried, sums);
    SmallVector<Value> results =
        b.loop(count, 1, carried, [&](Value, ValueRange values) {
          input = b.opaque(values[0]);
          weights = b.opaque(values[1]);
          sums.assign(values.begin() + 2, values.end());
          body();
          SmallVector<Value> next{b.advance(input, inputAt),
                                  b.advance(weights, weightsAt)};
          llvm::append_range(next, sums);
          return next;
        });
    input = results[0];
    weights = results[1];
    sums.assign(results.begin() + 2, results.end());
  }

  /// One run, `inputOffset` and `step` after the place that inputAt and
  /// weightsAt are measured from.
  void emitRun(int64_t inputOffset, int64_t step) {
    const WindowWalk &walk = kernel.walk;
    // As much code as pays for the loop's own instructions.
    constexpr int64_t kMaxUnrolled = 8, kUnrolled = 4;
    int64_t done = 0;
    if (walk.fullSteps > kMaxUnrolled) {
      int64_t turns = walk.fullSteps / kUnrolled;
      assert(inputOffset == inputAt && step * weightBytes() == weightsAt);
      int64_t inputBefore = inputAt, weightsBefore = weightsAt;
      loop(turns, [&] {
        inputAt = weightsAt = 0;
        for (int64_t i = 0; i != kUnrolled; ++i)
          emitStep(i * walk.stepBytes, i, walk.width);
        inputAt = kUnrolled * walk.stepBytes;
        weightsAt = kUnrolled * weightBytes();
      });
      done = turns * kUnrolled;
      inputAt = inputBefore + done * walk.stepBytes;
      weightsAt = weightsBefore + done * weightBytes();
    }
    for (; done != walk.fullSteps; ++done)
      emitStep(inputOffset + done * walk.stepBytes, step + done, walk.width);
    if (walk.lastWidth)
      emitStep(inputOffset + walk.lastOffset, step + walk.fullSteps,
               walk.lastWidth);
  }

  /// The loops of the walk from `level` on, unrolled.
  void emitUnrolled(size_t level, int64_t inputOffset, int64_t &step) {
    const WindowWalk &walk = kernel.walk;
    if (level == walk.loops.size()) {
      emitRun(inputOffset, step);
      step += walk.stepsOfRun();
      return;
    }
    for (int64_t i = 0; i != walk.loops[level].count; ++i)
      emitUnrolled(level + 1, inputOffset + i * walk.loops[level].stride, step);
  }

  /// Afterwards the pointers have moved by inputAt and weightsAt.
  void emitLoops(size_t level) {
    const WindowWalk &walk = kernel.walk;
    if (level == walk.loops.size()) {
      inputAt = weightsAt = 0;
      emitRun(0, 0);
      return;
    }
    int64_t weightsOfTurn = weightBytes() * walk.stepsOfRun();
    for (const WindowWalk::Loop &inner :
         ArrayRef(walk.loops).drop_front(level + 1))
      weightsOfTurn *= inner.count;
    const WindowWalk::Loop &outer = walk.loops[level];
    loop(outer.count, [&] {
      emitLoops(level + 1);
      // From where the inner loops have left the pointers.
      inputAt = outer.stride - inputAt;
      weightsAt = weightsOfTurn - weightsAt;
    });
    inputAt = outer.count * outer.stride;
    weightsAt = outer.count * weightsOfTurn;
  }

  void emitWindow() {
    constexpr int64_t kMaxSteps = 12;
    int64_t step = 0;
    if (kernel.walk.steps() <= kMaxSteps)
      emitUnrolled(0, 0, step);
    else
      emitLoops(0);
  }
};

//===----------------------------------------------------------------------===//
// Channels and pixels
//===----------------------------------------------------------------------===//

void DspKernel::emitTile(DspBuilder &b, Value input, Value output, Value header,
                         Value weights) {
  auto load = [&](int64_t kind, int64_t channel) {
    return b.loadConstant(header, 4 * (kind * groupChannels + channel));
  };
  Walker walker{*this, b, input, weights, 0, 0, {}};
  SmallVector<Value> bias;
  for (int64_t i = 0; i != groupChannels; ++i)
    bias.push_back(load(0, i));
  for (int64_t i = 0; i != tilePixels; ++i)
    walker.sums.append(bias);
  walker.emitWindow();

  SmallVector<Value> results(walker.sums.size());
  for (int64_t i = 0; i != groupChannels; ++i) {
    HighProductValues values{load(1, i), load(2, i),
                             form.shift ? Value() : load(3, i)};
    for (int64_t pixel = 0; pixel != tilePixels; ++pixel) {
      int64_t index = pixel * groupChannels + i;
      results[index] =
          b.requantize(walker.sums[index], values, form.isSplit, form.shift,
                       op.getClampMin(), op.getClampMax());
    }
  }
  for (auto [index, result] : llvm::enumerate(results))
    b.storeByte(output,
                index / groupChannels * tileOutStep + index % groupChannels,
                result);
}

void DspKernel::emitPixels(DspBuilder &b, Value input, Value output,
                           Value header, Value weights, size_t dimension) {
  if (dimension == pixels.size())
    return emitTile(b, input, output, header, weights);
  const PixelDimension &along = pixels[dimension];
  b.forEachTile(along.extent, along.tile, [&](Value position) {
    emitPixels(b, b.advance(input, b.multiply(position, along.inStep)),
               b.advance(output, b.multiply(position, along.outStep)), header,
               weights, dimension + 1);
  });
}

void DspKernel::emit(const KernelBuilder &kernelBuilder, ValueRange inputs,
                     Value output, ValueRange buffers) {
  DspBuilder b(kernelBuilder);
  Value from = b.pointerTo(inputs.front()), to = b.pointerTo(output);
  Value stream = b.pointerTo(buffers.front());
  Value frame = isWidened ? b.allocate(2 * weightWords()) : Value();
  int64_t channels = constants.channels();
  b.loop(groups(), 1, {stream}, [&](Value group, ValueRange carried) {
    Value header = carried.front();
    Value weights = b.advance(header, 4 * headerWords());
    if (isWidened)
      widenWeights(b, weights, frame);
    Value channel = b.multiply(group, groupChannels);
    if (channels % groupChannels != 0)
      channel = arith::MinUIOp::create(b.builder, b.loc, channel,
                                       b.index(channels - groupChannels));
    Value source = op.getDepthwise() ? b.advance(from, channel) : from;
    emitPixels(b, source, b.advance(to, channel), header,
               isWidened ? frame : weights, 0);
    return SmallVector<Value>{b.advance(header, 4 * groupWords())};
  });
}
