//===- WideSoftmax.cpp - Softmax of 16-bit values -------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rule N25 of docs/Numerics.md. Names are those of the rule.
//
//===----------------------------------------------------------------------===//

#include "Interpolation.h"
#include "Kernel.h"
#include "Parameters.h"

#include <array>
#include <cmath>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::interpreter;

namespace {
using Table = std::array<int64_t, 513>;
} // namespace

/// The table of g from `lo` to `hi`; every operation is one of f32.
template <typename Function>
static Table tabulate(Function g, float lo, float hi) {
  float step = (hi - lo) / 512.0f;
  float half = step / 2.0f;
  // In units of 2^-15.
  auto sample = [&](float x) -> float { return g(x) * 32768.0f; };
  Table table;
  for (int i = 0; i < 512; ++i) {
    float x = lo + static_cast<float>(i) * step;
    float here = std::round(sample(x));
    float there = sample(lo + static_cast<float>(i + 1) * step);
    float chord = std::round((there + here) / 2.0f);
    float middle = std::round(sample(x + half));
    float entry = here - std::round((chord - middle) / 2.0f);
    table[i] = static_cast<int64_t>(std::clamp(entry, -32768.0f, 32767.0f));
  }
  table[512] = static_cast<int64_t>(
      std::clamp(std::round(sample(hi)), -32768.0f, 32767.0f));
  return table;
}

static int64_t read(const Table &table, int64_t x) {
  return interpolate(x, [&](int64_t i) { return table[i]; });
}

FailureOr<Kernel> interpreter::prepareWideSoftmax(SoftmaxOp op) {
  double scale = parametersOf(op.getInput()).scale;
  double beta = op.getBeta().convertToFloat();
  Parameters input = parametersOf(op.getInput());
  FailureOr<Multiplier> multiplier =
      normalizeFor(op, scale * beta / (10.0 / 65535.0));
  if (failed(multiplier))
    return failure();
  if (!isRequantizable(input.hi - input.lo, *multiplier, Rounding::Double))
    return op->emitOpError()
           << "has differences of up to " << input.hi - input.lo
           << ", too large for the multiplier " << multiplier->m << " * 2^-"
           << multiplier->s << " (N25)";
  Table exps = tabulate(
      [](float x) {
        return static_cast<float>(std::exp(static_cast<double>(x)));
      },
      -10.0f, 0.0f);
  Table reciprocals =
      tabulate([](float x) { return 1.0f / (1.0f + x); }, 0.0f, 1.0f);
  int64_t count =
      cast<RankedTensorType>(op.getInput().getType()).getShape().back();
  return Kernel([=, multiplier = *multiplier](ArrayRef<const Tensor *> operands,
                                              Tensor &result) {
    std::vector<int64_t> e(count);
    for (size_t row = 0; row < result.stored.size(); row += count) {
      auto begin = operands[0]->stored.begin() + row;
      int64_t top = *std::max_element(begin, begin + count);
      int64_t sum = 0;
      for (int64_t c = 0; c < count; ++c) {
        int64_t d = requantize(begin[c] - top, multiplier, Rounding::Double);
        e[c] = read(exps, std::clamp<int64_t>(d + 32767, -32768, 32767));
        sum += e[c];
      }
      // sum * 2^k lies in [2^30, 2^31).
      unsigned k = 0;
      while (sum << (k + 1) < int64_t(1) << 31)
        ++k;
      auto u = static_cast<int64_t>(
          divideByPowerOfTwo(Wide(sum) << k, 14, Ties::Up));
      int64_t r = read(reciprocals, std::min<int64_t>(u - 98304, 32767));
      for (int64_t c = 0; c < count; ++c) {
        auto share = static_cast<int64_t>(
            divideByPowerOfTwo(Wide(e[c]) * r, 30 - k, Ties::Up));
        result.stored[row + c] = std::clamp<int64_t>(share, 0, 32767);
      }
    }
  });
}
