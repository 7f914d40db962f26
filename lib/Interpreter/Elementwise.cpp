//===- Elementwise.cpp - Ops on single elements ---------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rules N7, N8, N13, N15 (maximum, minimum), N16 and rescale of
// docs/Numerics.md.
//
//===----------------------------------------------------------------------===//

#include "GateFunctions.h"
#include "IndexMap.h"
#include "Interpolation.h"
#include "Kernel.h"
#include "Parameters.h"

using namespace mlir;
using namespace quantcc;
using namespace quantcc::interpreter;

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

/// Applies `function` to each pair of stored values of two broadcast operands.
template <typename Function>
static Kernel broadcastKernel(Operation *op, Function function) {
  ArrayRef<int64_t> shape = shapeOf(op->getResult(0));
  return [lhs = broadcastMap(shapeOf(op->getOperand(0)), shape),
          rhs = broadcastMap(shapeOf(op->getOperand(1)), shape),
          function](ArrayRef<const Tensor *> operands, Tensor &result) {
    for (size_t i = 0; i < result.stored.size(); ++i)
      result.stored[i] =
          function(operands[0]->stored[lhs[i]], operands[1]->stored[rhs[i]]);
  };
}

//===----------------------------------------------------------------------===//
// add, sub, mul
//===----------------------------------------------------------------------===//

static FailureOr<Kernel> prepareAdd(Operation *op, bool subtract) {
  if (failed(refuseHalfEven(op)))
    return failure();
  // Operands of more than 8 bits leave room for fewer fractional ones.
  bool isWide = false;
  for (Value value : op->getOperands())
    isWide |= storageOf(value.getType()).width > 8;
  const int64_t one = isWide ? 1 << 15 : 1 << 20;
  Parameters lhs = parametersOf(op->getOperand(0));
  Parameters rhs = parametersOf(op->getOperand(1));
  Rounding rounding = roundingOf(op);
  double twice = 2.0 * std::max(lhs.scale, rhs.scale);
  FailureOr<Multiplier> left = normalizeFor(op, lhs.scale / twice);
  FailureOr<Multiplier> right = normalizeFor(op, rhs.scale / twice);
  if (failed(left) || failed(right))
    return failure();
  int64_t bound = (isWide ? 65535 : 255) * one + 2;
  FailureOr<Requantizer> requantizer = Requantizer::create(
      op, twice / (double(one) * parametersOf(op->getResult(0)).scale), bound,
      rounding);
  if (failed(requantizer))
    return failure();
  return broadcastKernel(
      op, [=, left = *left, right = *right,
           requantizer = *requantizer](int64_t x, int64_t y) {
        int64_t a = requantize((x - lhs.zeroPoint) * one, left, rounding);
        int64_t b = requantize((y - rhs.zeroPoint) * one, right, rounding);
        return requantizer(subtract ? a - b : a + b);
      });
}

static FailureOr<Kernel> prepareMul(MulOp op) {
  Parameters lhs = parametersOf(op.getLhs()), rhs = parametersOf(op.getRhs());
  double outputScale = parametersOf(op.getResult()).scale;
  double real = lhs.scale * rhs.scale / outputScale;
  if (roundingOf(op) == Rounding::HalfEven) {
    float product =
        static_cast<float>(lhs.scale) * static_cast<float>(rhs.scale);
    real = product / static_cast<float>(outputScale);
  }
  FailureOr<Requantizer> requantizer =
      Requantizer::create(op, real, lhs.reach() * rhs.reach(), roundingOf(op));
  if (failed(requantizer))
    return failure();
  return broadcastKernel(
      op, [=, requantizer = *requantizer](int64_t x, int64_t y) {
        return requantizer((x - lhs.zeroPoint) * (y - rhs.zeroPoint));
      });
}

//===----------------------------------------------------------------------===//
// rescale, prelu
//===----------------------------------------------------------------------===//

static FailureOr<Kernel> prepareRescale(RescaleOp op) {
  Parameters input = parametersOf(op.getInput());
  double outputScale = parametersOf(op.getResult()).scale;
  double real = input.scale / outputScale;
  if (roundingOf(op) == Rounding::HalfEven)
    real = static_cast<float>(input.scale) / static_cast<float>(outputScale);
  FailureOr<Requantizer> requantizer =
      Requantizer::create(op, real, input.reach(), roundingOf(op));
  if (failed(requantizer))
    return failure();
  return Kernel([=, requantizer = *requantizer](
                    ArrayRef<const Tensor *> operands, Tensor &result) {
    for (size_t i = 0; i < result.stored.size(); ++i)
      result.stored[i] = requantizer(operands[0]->stored[i] - input.zeroPoint);
  });
}

static FailureOr<Kernel> preparePRelu(PReluOp op) {
  if (failed(refuseHalfEven(op)))
    return failure();
  Parameters input = parametersOf(op.getInput());
  Parameters slope = parametersOf(op.getSlope());
  double outputScale = parametersOf(op.getResult()).scale;
  FailureOr<Requantizer> positive = Requantizer::create(
      op, input.scale / outputScale, input.reach(), roundingOf(op));
  FailureOr<Requantizer> negative =
      Requantizer::create(op, input.scale * slope.scale / outputScale,
                          input.reach() * slope.reach(), roundingOf(op));
  if (failed(positive) || failed(negative))
    return failure();
  return broadcastKernel(op, [=, positive = *positive,
                              negative = *negative](int64_t x, int64_t y) {
    int64_t value = x - input.zeroPoint;
    return value >= 0 ? positive(value)
                      : negative(value * (y - slope.zeroPoint));
  });
}

/// N23.
static FailureOr<Kernel> prepareLeakyRelu(LeakyReluOp op) {
  Parameters input = parametersOf(op.getInput());
  auto inputScale = static_cast<float>(input.scale);
  auto outputScale = static_cast<float>(parametersOf(op.getResult()).scale);
  float scaledAlpha = inputScale * op.getAlpha().convertToFloat();
  float slope = scaledAlpha / outputScale;
  float one = inputScale / outputScale;
  FailureOr<Requantizer> positive = Requantizer::create(
      op, static_cast<double>(one), input.reach(), op.getRounding());
  FailureOr<Requantizer> negative =
      slope == 0.0f
          ? Requantizer::create(op, std::vector<Multiplier>{Multiplier()},
                                input.reach(), op.getRounding())
          : Requantizer::create(op, std::abs(static_cast<double>(slope)),
                                input.reach(), op.getRounding());
  if (failed(positive) || failed(negative))
    return failure();
  return Kernel([=, positive = *positive, negative = *negative](
                    ArrayRef<const Tensor *> operands, Tensor &result) {
    for (size_t i = 0; i < result.stored.size(); ++i) {
      int64_t x = operands[0]->stored[i] - input.zeroPoint;
      result.stored[i] = x >= 0 ? positive(x) : negative(slope < 0 ? -x : x);
    }
  });
}

//===----------------------------------------------------------------------===//
// gate
//===----------------------------------------------------------------------===//

/// N40.
static Kernel prepareGate(GateOp op) {
  bool isTanh = op.getFunction() == FloatFunction::Tanh;
  double multiplier = 12288 * parametersOf(op.getInput()).scale;
  // From 2^-12 or 2^-11 the logarithm is less than 1/1000 away.
  auto isAbout = [&](double steps) {
    return std::fabs(std::log2(multiplier / steps)) < 0.001;
  };
  int shift = 0;
  if (isAbout(3))
    multiplier = 3;
  else if (isTanh && isAbout(6))
    multiplier = 6;
  else
    for (; multiplier <= 16383.5 && shift < 31; ++shift)
      multiplier *= 2;
  auto m = static_cast<int64_t>(std::floor(multiplier));
  int64_t half = shift > 0 ? int64_t(1) << (shift - 1) : 0;
  auto type = cast<quant::UniformQuantizedType>(
      getQuantizedElementType(op.getResult().getType()));
  int64_t lo = type.getStorageTypeMin(), hi = type.getStorageTypeMax();
  return [=, gates = GateFunctions()](ArrayRef<const Tensor *> operands,
                                      Tensor &result) {
    for (size_t i = 0; i < result.stored.size(); ++i) {
      int64_t t = (operands[0]->stored[i] * m + half) >> shift;
      int64_t value = isTanh ? gates.tanh(t) : gates.sigmoid(t);
      result.stored[i] = std::clamp(value, lo, hi);
    }
  };
}

//===----------------------------------------------------------------------===//
// lookup
//===----------------------------------------------------------------------===//

/// N24: between the entries of a table of 513.
static Kernel prepareInterpolation() {
  return [](ArrayRef<const Tensor *> operands, Tensor &result) {
    const auto &table = operands[1]->stored;
    for (size_t i = 0; i < result.stored.size(); ++i)
      result.stored[i] =
          interpolate(operands[0]->stored[i], [&](int64_t index) {
            return static_cast<int64_t>(table[index]);
          });
  };
}

static Kernel prepareLookup(LookupOp op) {
  if (storageOf(op.getInput().getType()).width == 16)
    return prepareInterpolation();
  int64_t first = storageOf(op.getInput().getType()).min();
  Storage storage = storageOf(op.getResult().getType());
  return [=](ArrayRef<const Tensor *> operands, Tensor &result) {
    for (size_t i = 0; i < result.stored.size(); ++i) {
      int64_t entry = operands[0]->stored[i] - first;
      result.stored[i] = storage.reinterpret(operands[1]->stored[entry]);
    }
  };
}

FailureOr<Kernel> interpreter::prepareElementwise(Operation *op) {
  if (isa<AddOp, SubOp>(op))
    return prepareAdd(op, isa<SubOp>(op));
  if (auto mul = dyn_cast<MulOp>(op))
    return prepareMul(mul);
  if (auto rescale = dyn_cast<RescaleOp>(op))
    return prepareRescale(rescale);
  if (auto prelu = dyn_cast<PReluOp>(op))
    return preparePRelu(prelu);
  if (auto leaky = dyn_cast<LeakyReluOp>(op))
    return prepareLeakyRelu(leaky);
  if (auto gate = dyn_cast<GateOp>(op))
    return prepareGate(gate);
  if (auto lookup = dyn_cast<LookupOp>(op))
    return prepareLookup(lookup);
  if (isa<MaximumOp>(op))
    return broadcastKernel(op,
                           [](int64_t x, int64_t y) { return std::max(x, y); });
  if (isa<MinimumOp>(op))
    return broadcastKernel(op,
                           [](int64_t x, int64_t y) { return std::min(x, y); });
  return Kernel();
}
