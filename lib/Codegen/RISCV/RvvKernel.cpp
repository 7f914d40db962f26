//===- RvvKernel.cpp - Kernels for RISC-V's vectors -----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Strips of channels, their constants, and their requantization.
//
//===----------------------------------------------------------------------===//

#include "RvvKernel.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/SCF/IR/SCF.h>

#include <vector>

using namespace mlir;
using namespace quantcc;

namespace {

class RvvKernels : public KernelFamily {
public:
  explicit RvvKernels(bool hasDot) : hasDot(hasDot) {}

  bool usesBiasedBytes() const override { return false; }
  int64_t alignment() const override { return 16; }
  std::string findObstacle(FusedConv2DOp op,
                           const KernelConstants &constants) const override {
    if (RvvRequantization::find(op, constants))
      return "";
    return "its channels are rounded once and twice: rounding single rounds "
           "all "
           "once";
  }
  std::string
  findNibbleObstacle(FusedConv2DOp op,
                     const KernelConstants &constants) const override {
    if (op.getDepthwise())
      return "depthwise layers have few";
    if (!hasDot)
      return "";
    std::optional<RvvRequantization> found;
    if (!givesAccumulators(op))
      found = RvvRequantization::find(op, constants);
    for (int64_t i = 0; i != constants.channels(); ++i)
      if (!constants.haveRoomForNibbles(i, found ? found->biasOffset(i) : 0))
        return "16 times the sums leave 32 bits";
    return "";
  }
  std::string
  describeRequantization(FusedConv2DOp op,
                         const KernelConstants &constants) const override {
    return RvvRequantization::find(op, constants)->describe();
  }
  std::unique_ptr<Kernel>
  create(FusedConv2DOp op, const KernelConstants &constants) const override {
    return hasDot && !op.getDepthwise() ? createRvvDotConvolution(op, constants)
                                        : createWide(op, constants);
  }
  std::string
  findWideObstacle(FusedConv2DOp op,
                   const KernelConstants &constants) const override {
    return findObstacle(op, constants);
  }
  std::unique_ptr<Kernel>
  createWide(FusedConv2DOp op,
             const KernelConstants &constants) const override {
    return op.getDepthwise() ? createRvvDepthwise(op, constants)
                             : createRvvConvolution(op, constants);
  }

private:
  bool hasDot;
};

} // namespace

const KernelFamily &quantcc::getRvvKernels(KernelSet set) {
  static const RvvKernels plain(/*hasDot=*/false), dot(/*hasDot=*/true);
  return set == KernelSet::RiscvVectorDot ? dot : plain;
}

RvvKernel::RvvKernel(FusedConv2DOp op, const KernelConstants &constants,
                     bool scalesNibbles)
    : WindowKernel(op, constants), hasNibbles(quantcc::hasNibbles(op)),
      hasScaledSums(hasNibbles && scalesNibbles) {
  if (givesAccumulators(op))
    return;
  requantization = RvvRequantization::find(op, constants);
  assert(requantization && "a way for all channels is a precondition");
}

void RvvKernel::describe(raw_ostream &stream) const {
  if (requantization)
    requantization->print(stream);
}

std::vector<int8_t> RvvKernel::packWeights() const {
  std::vector<int8_t> weights;
  for (int64_t tap = 0; tap != constants.taps(); ++tap)
    for (int64_t channel = 0; channel != channels(); ++channel)
      weights.push_back(constants.weight(channel, tap));
  return weights;
}

SmallVector<Value> RvvKernel::createConstants(KernelBuilder &builder) const {
  std::vector<int32_t> bias;
  for (int64_t channel = 0; channel != channels(); ++channel)
    bias.push_back(
        (constants.biasOf(channel) +
         (requantization ? requantization->biasOffset(channel) : 0)) *
        static_cast<int32_t>(hasScaledSums ? kNibbleScale : 1));
  SmallVector<Value> results{builder.constant<int8_t>("weights", packWeights()),
                             builder.constant<int32_t>("bias", bias)};
  if (requantization)
    llvm::append_range(results, requantization->createConstants(builder));
  return results;
}

void RvvKernel::emit(const KernelBuilder &kernelBuilder, ValueRange inputs,
                     Value output, ValueRange buffers) {
  RvvBuilder b(kernelBuilder);
  Value inputBytes = b.flatten(inputs.front()), outputBytes = b.flatten(output);
  forEachStrip(b, [&](Value channel) {
    emitStrip({b, inputBytes, outputBytes, buffers[0], buffers[1],
               buffers.drop_front(2), channel});
  });
}

void RvvKernel::emitStrip(const Emission &) {
  llvm_unreachable("neither strips nor the whole are implemented");
}

void RvvKernel::forEachStrip(RvvBuilder &b,
                             function_ref<void(Value)> body) const {
  Value lanes = b.lanes(), end = b.index(channels());
  auto strips = scf::ForOp::create(b.builder, b.loc, b.index(0), end, lanes);
  OpBuilder::InsertionGuard guard(b.builder);
  b.builder.setInsertionPointToStart(strips.getBody());
  Value channel = strips.getInductionVar();
  Value left = arith::SubIOp::create(b.builder, b.loc, end, channel);
  b.setLength(arith::MinUIOp::create(b.builder, b.loc, left, lanes));
  body(channel);
}

SmallVector<Value> RvvKernel::loadBias(const Emission &e, TileShape tile) {
  // Numbers of one strip would be kept in registers, that is, on the stack,
  // while all its pixels are computed.
  Value bias = e.b.load(e.bias, e.b.opaque(e.channel));
  return SmallVector<Value>(tile.pixels(), bias);
}

void RvvKernel::storeSums(const Emission &e, TileShape tile, Value output,
                          ArrayRef<Value> sums) {
  RvvBuilder &b = e.b;
  Value channel = b.opaque(e.channel);
  SmallVector<Value> numbers;
  for (Value row : e.numbers)
    numbers.push_back(b.load(row, channel));
  for (auto [pixel, scaled] : llvm::enumerate(sums)) {
    Value sum = scaled;
    if (hasScaledSums)
      sum = b.compute("llvm.riscv.vsra", 32,
                      {sum, b.scalar(64, llvm::Log2_64(kNibbleScale))});
    Value values = requantization ? requantization->emit(b, sum, numbers) : sum;
    Value place = b.add(output, e.channel);
    b.store(e.output, b.add(place, outputOffset(tile, pixel)), values);
  }
}
