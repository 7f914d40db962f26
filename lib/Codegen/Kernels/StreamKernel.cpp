//===- StreamKernel.cpp - Kernels that read one stream --------------------===//
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

#include "StreamKernel.h"

#include <mlir/Dialect/Arith/IR/Arith.h>

using namespace mlir;
using namespace quantcc;

static int64_t elementBytes(Value buffer) {
  return cast<MemRefType>(buffer.getType()).getElementTypeBitWidth() / 8;
}

/// Strides in bytes.
static SmallVector<int64_t> byteStridesOf(Value buffer) {
  SmallVector<int64_t> strides = stridesOf(buffer);
  for (int64_t &stride : strides)
    stride *= elementBytes(buffer);
  return strides;
}

static MemRefType typeOf(Value buffer) {
  return cast<MemRefType>(buffer.getType());
}

//===----------------------------------------------------------------------===//
// The family
//===----------------------------------------------------------------------===//

std::string
StreamFamily::findNibbleObstacle(FusedConv2DOp op,
                                 const KernelConstants &constants) const {
  if (constants.channels() == 1)
    return "words are those of two channels";
  return HighProductFamily::findNibbleObstacle(op, constants);
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

StreamKernel::StreamKernel(FusedConv2DOp op, const KernelConstants &constants)
    : op(op), constants(constants), in(typeOf(op.getInput()).getShape()),
      out(typeOf(op.getInit()).getShape()),
      inStrides(byteStridesOf(op.getInput())),
      outStrides(byteStridesOf(op.getInit())),
      pixels(mergePixels(op, out, inStrides, outStrides)),
      hasNibbles(quantcc::hasNibbles(op)) {
  if (givesAccumulators(op))
    return;
  auto found = findHighProductForm(op, constants);
  assert(found && "a form for all channels is a precondition");
  form = *found;
}

void StreamKernel::setTile(PixelDimension &dimension, int64_t count) {
  tilePixels = dimension.tile = count;
  tileInStep = dimension.inStep;
  tileOutStep = dimension.outStep;
}

int64_t StreamKernel::tiles() const {
  int64_t count = 1;
  for (const PixelDimension &dimension : pixels)
    count *= llvm::divideCeil(dimension.extent, dimension.tile);
  return count;
}

PixelDimension *StreamKernel::leastWasting(int64_t count) {
  PixelDimension *along = nullptr;
  auto waste = [&](const PixelDimension &dimension) {
    return double(llvm::alignTo(dimension.extent, count)) / dimension.extent;
  };
  for (PixelDimension &dimension : llvm::reverse(pixels))
    if (!along || waste(dimension) < waste(*along))
      along = &dimension;
  return along;
}

void StreamKernel::takePasses() {
  if (constants.passes() != 1)
    walk.loops.insert(walk.loops.begin(), {constants.passes(), /*stride=*/0});
}

void StreamKernel::takeTaps() {
  if (op.getKernelHeight() != 1)
    walk.loops.push_back(
        {op.getKernelHeight(), op.getDilations()[0] * inStrides[1]});
  walk.fullSteps = op.getKernelWidth();
  walk.stepBytes = op.getDilations()[1] * inStrides[2];
  walk.width = groupChannels;
  takePasses();
}

int64_t StreamKernel::mergeWindow() {
  int64_t bytes = in[3];
  for (int64_t i : {1, 0}) {
    int64_t count = i == 0 ? op.getKernelHeight() : op.getKernelWidth();
    int64_t stride = op.getDilations()[i] * inStrides[1 + i];
    if (count == 1)
      continue;
    if (walk.loops.empty() && stride == bytes)
      bytes *= count;
    else
      walk.loops.insert(walk.loops.begin(), {count, stride});
  }
  takePasses();
  return bytes;
}

void StreamKernel::takeRuns(int64_t bytes, int64_t width) {
  walk.runBytes = bytes;
  walk.fullSteps = bytes / width;
  walk.stepBytes = walk.width = width;
  if (bytes % width != 0) {
    walk.lastWidth = std::min(bytes, width);
    walk.lastOffset = bytes - walk.lastWidth;
  }
}

int64_t StreamKernel::tapOf(int64_t step, int64_t byte) const {
  int64_t run = step / walk.stepsOfRun(), place = step % walk.stepsOfRun();
  int64_t position = place * walk.width + byte;
  if (place == walk.fullSteps) {
    position = walk.lastOffset + byte;
    if (position < walk.fullSteps * walk.width || position >= walk.runBytes)
      return -1;
  }
  return run * walk.runBytes + position;
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

void StreamKernel::describe(llvm::raw_ostream &stream) const {
  stream << " high product " << static_cast<int>(form.kind) << ' '
         << form.preShift.value_or(-1) << ' ' << form.shift.value_or(-1);
}

uint32_t StreamKernel::packWord(int64_t channel, int64_t step,
                                int64_t word) const {
  auto pack = [&](int64_t word) {
    uint32_t packed = 0;
    for (int64_t byte = 0; byte != 4; ++byte)
      packed |=
          uint32_t(static_cast<uint8_t>(packWeight(channel, step, word, byte)))
          << (8 * byte);
    return packed;
  };
  if (!hasNibbles)
    return pack(word);
  int64_t lower =
      word / nibbleDistance * 2 * nibbleDistance + word % nibbleDistance;
  return (pack(lower) & 0x0f0f0f0f) |
         (pack(lower + nibbleDistance) & 0x0f0f0f0f) << 4;
}

SmallVector<Value> StreamKernel::createConstants(KernelBuilder &builder) const {
  std::vector<int32_t> words;
  auto append = [&](int64_t group, auto number) {
    for (int64_t i = 0; i != groupChannels; ++i)
      words.push_back(number(channelOf(group) + i));
  };
  for (int64_t group = 0; group != groups(); ++group) {
    append(group, [&](int64_t channel) {
      int32_t bias = constants.biasOf(channel);
      if (!givesAccumulators(op))
        bias += form.channels[channel].biasOffset;
      return hasNibbles ? static_cast<int32_t>(kNibbleScale * bias) : bias;
    });
    bool isRequantized = !givesAccumulators(op);
    if (isRequantized) {
      append(group, [&](int64_t c) { return form.channels[c].multiplier; });
      append(group, [&](int64_t c) { return form.channels[c].offset; });
    }
    if (isRequantized && !form.shift)
      append(group, [&](int64_t c) { return form.channels[c].shift; });
    if (isRequantized && !form.preShift)
      append(group, [&](int64_t c) { return form.channels[c].preShift; });
    for (int64_t step = 0; step != walk.steps(); ++step)
      for (int64_t word = 0; word != streamWordsOfStep(); ++word)
        words.push_back(
            static_cast<int32_t>(packWord(channelOf(group), step, word)));
  }
  return {builder.constant<int32_t>("constants", words)};
}

Value StreamKernel::prepareWeights(PointerBuilder &, Value weights, Value) {
  return weights;
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

SmallVector<Value> StreamKernel::startSums(PointerBuilder &b, Value header) {
  SmallVector<Value> bias, sums;
  for (int64_t i = 0; i != groupChannels; ++i)
    bias.push_back(b.loadConstant(header, 4 * i));
  for (int64_t i = 0; i != tilePixels; ++i)
    sums.append(bias);
  return sums;
}

void StreamKernel::storeSums(PointerBuilder &b, Value output, Value header,
                             ValueRange sums) {
  if (givesAccumulators(op)) {
    for (auto [index, sum] : llvm::enumerate(sums)) {
      Value word = sum;
      if (hasNibbles)
        word = b.shiftDown(word, llvm::Log2_64(kNibbleScale));
      b.storeWord(output,
                  index / groupChannels * tileOutStep +
                      index % groupChannels * elementBytes(op.getInit()),
                  word);
    }
    return;
  }
  auto load = [&](int64_t kind, int64_t channel) {
    return b.loadConstant(header, 4 * (kind * groupChannels + channel));
  };
  SmallVector<Value> results(sums.size());
  for (int64_t i = 0; i != groupChannels; ++i) {
    HighProductValues values{load(1, i), load(2, i),
                             form.shift ? Value() : load(3, i)};
    Value up;
    if (form.preShift != 0)
      up = form.preShift ? b.word(*form.preShift) : load(preShiftKind(), i);
    for (int64_t pixel = 0; pixel != tilePixels; ++pixel) {
      int64_t index = pixel * groupChannels + i;
      Value sum = sums[index];
      if (hasNibbles)
        sum = b.shiftDown(sum, llvm::Log2_64(kNibbleScale));
      if (up)
        sum = b.shiftUp(sum, up);
      results[index] = b.requantize(sum, values, form.kind, form.shift,
                                    op.getClampMin(), op.getClampMax());
    }
  }
  for (auto [index, result] : llvm::enumerate(results))
    b.storeByte(output,
                index / groupChannels * tileOutStep + index % groupChannels,
                result);
}

//===----------------------------------------------------------------------===//
// The window
//===----------------------------------------------------------------------===//

/// Where a tile is on its way through the window.
struct StreamKernel::Walker {
  StreamKernel &kernel;
  PointerBuilder &b;
  Value input, weights;
  /// What the pointers have moved since the run, or the window, began.
  int64_t inputAt = 0, weightsAt = 0;
  SmallVector<Value> sums;

  int64_t weightBytes() const { return kernel.stepBytes(); }

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
    const int64_t unrolled = kernel.stepsOfTurn;
    int64_t done = 0;
    if (walk.fullSteps > kernel.maxUnrolledRun) {
      int64_t turns = walk.fullSteps / unrolled;
      assert(inputOffset == inputAt && step * weightBytes() == weightsAt);
      int64_t inputBefore = inputAt, weightsBefore = weightsAt;
      loop(turns, [&] {
        inputAt = weightsAt = 0;
        for (int64_t i = 0; i != unrolled; ++i)
          emitStep(i * walk.stepBytes, i, walk.width);
        inputAt = unrolled * walk.stepBytes;
        weightsAt = unrolled * weightBytes();
      });
      done = turns * unrolled;
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
    int64_t step = 0;
    if (kernel.walk.steps() <= kernel.maxUnrolledSteps)
      emitUnrolled(0, 0, step);
    else
      emitLoops(0);
  }
};

//===----------------------------------------------------------------------===//
// Channels and pixels
//===----------------------------------------------------------------------===//

void StreamKernel::emitTile(PointerBuilder &b, Value input, Value output,
                            Value header, Value weights) {
  // Weights are to be read where they are needed: LLVM would read them before
  // the loops, and keep them in the frame.
  Walker walker{*this, b, input, b.opaque(weights), 0, 0, startSums(b, header)};
  walker.emitWindow();
  storeSums(b, output, header, walker.sums);
}

void StreamKernel::emitPixels(PointerBuilder &b, Value input, Value output,
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

void StreamKernel::emit(const KernelBuilder &kernelBuilder, ValueRange inputs,
                        Value output, ValueRange buffers) {
  PointerBuilder b(kernelBuilder);
  Value from = b.pointerTo(inputs.front()), to = b.pointerTo(output);
  Value stream = b.pointerTo(buffers.front());
  Value frame = frameWords() ? b.allocate(frameWords()) : Value();
  int64_t channels = constants.channels();
  b.remarkTile(tilePixels);
  b.loop(groups(), 1, {stream}, [&](Value group, ValueRange carried) {
    Value header = carried.front();
    Value weights =
        prepareWeights(b, b.advance(header, 4 * headerWords()), frame);
    Value channel = b.multiply(group, groupChannels);
    if (channels % groupChannels != 0)
      channel = arith::MinUIOp::create(b.builder, b.loc, channel,
                                       b.index(channels - groupChannels));
    Value source = op.getDepthwise() ? b.advance(from, channel) : from;
    Value target =
        b.advance(to, b.multiply(channel, elementBytes(op.getInit())));
    emitPixels(b, source, target, header, weights, 0);
    return SmallVector<Value>{b.advance(header, 4 * groupWords())};
  });
}
