//===- ChannelEqualization.cpp - Bring channels to one range --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The search for the powers of two that equalize channels best.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/ChannelEqualization.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <llvm/ADT/STLExtras.h>

using namespace quantcc;
using llvm::ArrayRef;

/// floor(log2(limit / value)), without rounding.
static int floorOfLogRatio(double limit, double value) {
  int limitExponent, valueExponent;
  double limitFraction = std::frexp(limit, &limitExponent);
  double valueFraction = std::frexp(value, &valueExponent);
  return limitExponent - valueExponent - (limitFraction < valueFraction);
}

int quantcc::largestRaise(double value, double limit) {
  assert(value > 0.0 && limit > 0.0 && "expected positive numbers");
  return std::clamp(floorOfLogRatio(limit, value), 0, kLargestRaise);
}

namespace {
struct Raise {
  std::vector<int> exponents;
  /// The largest magnitude there is then.
  double largest = 0.0;
  /// The sum of the squares of the relative steps.
  double cost = 0.0;
};
} // namespace

/// Raises each channel as far as it goes without exceeding `bound`.
static Raise raiseTo(double bound, ArrayRef<float> magnitudes,
                     ArrayRef<int> limits) {
  Raise raise;
  for (auto [magnitude, limit] : llvm::zip_equal(magnitudes, limits)) {
    int exponent = 0;
    if (magnitude > 0.0f)
      exponent = std::min(limit, largestRaise(magnitude, bound));
    raise.exponents.push_back(exponent);
    raise.largest =
        std::max<double>(raise.largest, std::ldexp(magnitude, exponent));
  }
  for (auto [magnitude, exponent] :
       llvm::zip_equal(magnitudes, raise.exponents)) {
    if (magnitude == 0.0f)
      continue;
    double step = raise.largest / std::ldexp(magnitude, exponent);
    raise.cost += step * step;
  }
  return raise;
}

std::vector<int> quantcc::chooseEqualizingExponents(ArrayRef<float> magnitudes,
                                                    ArrayRef<int> limits) {
  assert(magnitudes.size() == limits.size() && "expected one limit a channel");
  double largest = 0.0;
  for (float magnitude : magnitudes)
    largest = std::max<double>(largest, magnitude);
  std::vector<double> bounds;
  for (float magnitude : magnitudes)
    if (magnitude > 0.0f) {
      int exponent = floorOfLogRatio(largest, magnitude);
      double bound = std::ldexp(static_cast<double>(magnitude), exponent);
      bounds.push_back(bound < largest ? 2.0 * bound : bound);
    }
  llvm::sort(bounds);
  bounds.erase(llvm::unique(bounds), bounds.end());

  Raise best;
  best.exponents.assign(magnitudes.size(), 0);
  bool isFirst = true;
  for (double bound : bounds) {
    Raise raise = raiseTo(bound, magnitudes, limits);
    if (!isFirst && raise.cost >= best.cost)
      continue;
    best = std::move(raise);
    isFirst = false;
  }
  return best.exponents;
}
