//===- Softmax.cpp - Integer softmax --------------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rule N12 of docs/Numerics.md. Functions are named as there; all values are
// raw fixed-point numbers.
//
//===----------------------------------------------------------------------===//

#include "Kernel.h"
#include "Parameters.h"

#include <cmath>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::interpreter;

static constexpr int64_t kMaxI32 = (int64_t(1) << 31) - 1;
static constexpr int64_t kMinI32 = -(int64_t(1) << 31);

/// SRDHM: the product of two fixed-point numbers.
static int64_t multiply(int64_t a, int64_t b) {
  Wide product = divideByPowerOfTwo(Wide(a) * b, 31, Ties::Up);
  return static_cast<int64_t>(std::min<Wide>(product, kMaxI32));
}

static int64_t saturate(int64_t value) {
  return std::clamp(value, kMinI32, kMaxI32);
}

static int64_t shiftHalfAway(int64_t value, unsigned n) {
  return static_cast<int64_t>(divideByPowerOfTwo(value, n, Ties::Away));
}

/// exp of `a` in Q0.31, -1/4 <= a < 0.
static int64_t expQuarter(int64_t a) {
  constexpr int64_t third = 715827883, expOfMinusEighth = 1895147668;
  int64_t x = a + (1 << 28);
  int64_t x2 = multiply(x, x);
  int64_t x3 = multiply(x2, x);
  int64_t x4 = multiply(x2, x2);
  int64_t higher = multiply(shiftHalfAway(x4, 2) + x3, third);
  int64_t p = shiftHalfAway(higher + x2, 1);
  return expOfMinusEighth + multiply(expOfMinusEighth, x + p);
}

/// exp of `a` in Q5.26, a <= 0, as Q0.31.
static int64_t expNegative(int64_t a) {
  if (a == 0)
    return kMaxI32;
  constexpr int64_t quarter = 1 << 24;
  // exp(-2^i) for i = -2 ... 4.
  constexpr int64_t factors[] = {1672461947, 1302514674, 790015084, 290630308,
                                 39332535,   720401,     242};
  int64_t fraction = ((a % quarter) + quarter) % quarter;
  int64_t t = fraction - quarter;
  int64_t value = expQuarter(saturate(t * 32));
  int64_t quarters = (t - a) / quarter;
  for (int64_t factor : factors) {
    if (quarters % 2 != 0)
      value = multiply(value, factor);
    quarters /= 2;
  }
  return value;
}

/// 1 / (1 + y) for `y` in Q0.31, 0 <= y < 1.
static int64_t reciprocal(int64_t y) {
  int64_t d = divideHalfAway(y + kMaxI32, 2);
  int64_t x = 1515870810 + multiply(d, -1010580540);
  for (int step = 0; step < 3; ++step) {
    int64_t correction = multiply(x, (1 << 29) - multiply(d, x));
    x += saturate(correction * 4);
  }
  return saturate(x * 2);
}

namespace {

/// The constants of one softmax.
struct Scaling {
  int32_t m;
  int32_t leftShift;
  int64_t diffMin;
  int64_t lo, hi;
  /// The width of the result's storage.
  int64_t bits;
};

} // namespace

/// Softmax of the `count` stored values at `input`.
static void softmaxRow(const Scaling &scaling, const int64_t *input,
                       int64_t *out, int64_t count) {
  int64_t largest = *std::max_element(input, input + count);
  std::vector<int64_t> exps(count, -1);
  int64_t sum = 0;
  for (int64_t c = 0; c < count; ++c) {
    int64_t diff = input[c] - largest;
    if (diff < scaling.diffMin)
      continue;
    int64_t scaled = diff * (int64_t(1) << scaling.leftShift);
    exps[c] = expNegative(multiply(scaled, scaling.m));
    sum += shiftHalfAway(exps[c], 12);
  }
  int64_t headroom = 0;
  while (sum << headroom < int64_t(1) << 31)
    ++headroom;
  int64_t inverse = reciprocal((sum << headroom) - (int64_t(1) << 31));
  int64_t bitsOverUnit = 12 - headroom;
  for (int64_t c = 0; c < count; ++c) {
    int64_t share = 0;
    if (exps[c] >= 0)
      share = shiftHalfAway(
          multiply(inverse, exps[c]),
          static_cast<unsigned>(bitsOverUnit + 31 - scaling.bits));
    out[c] = std::clamp(share + scaling.lo, scaling.lo, scaling.hi);
  }
}

/// The kernel of a softmax over rows of `count` values. Storage without a sign
/// may come with its bits as those of a signed integer.
static Kernel softmaxKernel(const Scaling &scaling, int64_t count,
                            Storage storage, bool isUnsigned) {
  return [=](ArrayRef<const Tensor *> operands, Tensor &out) {
    std::vector<int64_t> input = operands[0]->stored;
    if (isUnsigned)
      for (int64_t &value : input)
        value &= 255;
    for (size_t row = 0; row < input.size(); row += count)
      softmaxRow(scaling, input.data() + row, out.stored.data() + row, count);
    for (int64_t &value : out.stored)
      value = storage.reinterpret(value);
  };
}

/// The integer stage's form, which states its scaling.
static Kernel prepareIntegerSoftmax(IntegerSoftmaxOp op) {
  Scaling scaling;
  scaling.m = static_cast<int32_t>(op.getMultiplier());
  scaling.leftShift = static_cast<int32_t>(op.getLeftShift());
  scaling.diffMin = static_cast<int32_t>(op.getDiffMin());
  scaling.lo = static_cast<int32_t>(op.getOutputZeroPoint());
  scaling.bits = storageOf(op.getResult().getType()).width;
  scaling.hi = scaling.lo + (int64_t(1) << scaling.bits) - 1;
  auto type = cast<RankedTensorType>(op.getInput().getType());
  return softmaxKernel(scaling, type.getShape().back(),
                       storageOf(op.getResult().getType()),
                       op.getUnsignedStorage());
}

FailureOr<Kernel> interpreter::prepareSoftmax(Operation *op) {
  if (auto integer = dyn_cast<IntegerSoftmaxOp>(op))
    return prepareIntegerSoftmax(integer);
  auto softmax = dyn_cast<SoftmaxOp>(op);
  if (!softmax)
    return Kernel();
  if (storageOf(softmax.getInput().getType()).width == 16)
    return prepareWideSoftmax(softmax);
  Parameters input = parametersOf(softmax.getInput());
  Parameters result = parametersOf(softmax.getResult());
  int64_t count =
      cast<RankedTensorType>(softmax.getInput().getType()).getShape().back();
  double beta = softmax.getBeta().convertToFloat();
  double real = std::min(beta * input.scale * 0x1p26, 0x1p31 - 1.0);
  if (!(real > 1.0))
    return op->emitOpError() << "has a scaling of " << real
                             << " units of 2^-26, expected more than 1 (N12)";
  // Multipliers below 2^29 only are normalized, so take 2^-8 of it first.
  Multiplier multiplier = *normalizeMultiplier(real * 0x1p-8);
  Scaling scaling;
  scaling.m = multiplier.m;
  scaling.leftShift = 31 - multiplier.s + 8;
  scaling.diffMin = -((int64_t(31) << 26) >> scaling.leftShift);
  scaling.lo = result.lo;
  scaling.hi = result.hi;
  scaling.bits = storageOf(softmax.getResult().getType()).width;
  return softmaxKernel(scaling, count, storageOf(softmax.getResult().getType()),
                       /*isUnsigned=*/false);
}
