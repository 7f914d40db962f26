//===- FloatAddition.cpp - Quantized sums in float, proved exact ----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds and proves float forms of sums.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/FloatAddition.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallVector.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace quantcc;

int32_t quantcc::add(const QuantizedAddition &addition, int32_t lhs,
                     int32_t rhs) {
  auto rescale = [&](const QuantizedAddition::Operand &operand,
                     int32_t stored) {
    return requantize((stored - operand.zeroPoint) * (1 << addition.leftShift),
                      operand.multiplier, addition.rounding);
  };
  int32_t first = rescale(addition.lhs, lhs);
  int32_t second = rescale(addition.rhs, rhs);
  int32_t sum = addition.isDifference ? first - second : first + second;
  int64_t value = int64_t(requantize(sum, addition.output, addition.rounding)) +
                  addition.zeroPoint;
  return static_cast<int32_t>(
      std::clamp(value, addition.clamp.min, addition.clamp.max));
}

int32_t quantcc::evaluate(const FloatAddition &cheap, const StoredRange &clamp,
                          int32_t lhs, int32_t rhs) {
  auto multiplyAdd = [&](int32_t operand, float scale, float summand) {
    auto value = static_cast<float>(operand + cheap.operandBias);
    return cheap.isFused ? std::fma(value, scale, summand)
                         : value * scale + summand;
  };
  float inner = multiplyAdd(rhs, cheap.rhsScale, cheap.offset);
  float sum = multiplyAdd(lhs, cheap.lhsScale, inner);
  return static_cast<int32_t>(std::clamp(std::nearbyint(sum),
                                         static_cast<float>(clamp.min),
                                         static_cast<float>(clamp.max)));
}

namespace {

/// The sums of all pairs, the left operand slowest.
class Table {
public:
  explicit Table(const QuantizedAddition &addition) : clamp(addition.clamp) {
    values.reserve(1 << 16);
    for (int32_t lhs = INT8_MIN; lhs <= INT8_MAX; ++lhs)
      for (int32_t rhs = INT8_MIN; rhs <= INT8_MAX; ++rhs)
        values.push_back(
            static_cast<int16_t>(quantcc::add(addition, lhs, rhs)));
  }

  int32_t at(int32_t lhs, int32_t rhs) const {
    return values[(lhs - INT8_MIN) * 256 + rhs - INT8_MIN];
  }

  /// Whether `cheap` gives these.
  bool equals(const FloatAddition &cheap) const {
    // So far from the range of i32 no conversion overflows.
    constexpr float kLimit = 1e6f;
    if (!(std::abs(cheap.lhsScale) * 512 < kLimit) ||
        !(std::abs(cheap.rhsScale) * 512 < kLimit) ||
        !(std::abs(cheap.offset) < kLimit))
      return false;
    for (int32_t lhs = INT8_MIN; lhs <= INT8_MAX; ++lhs)
      for (int32_t rhs = INT8_MIN; rhs <= INT8_MAX; ++rhs)
        if (quantcc::evaluate(cheap, clamp, lhs, rhs) != at(lhs, rhs))
          return false;
    return true;
  }

  StoredRange clamp;

private:
  std::vector<int16_t> values;
};

/// Two scales, and the offsets with which they would do without rounding.
struct Candidate {
  float lhsScale, rhsScale;
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

} // namespace

bool quantcc::isExact(const FloatAddition &cheap,
                      const QuantizedAddition &addition) {
  return Table(addition).equals(cheap);
}

/// Narrows the offsets of `candidate` to those that give `table`.
static void findOffsets(Candidate &candidate, const Table &table,
                        int32_t operandBias) {
  for (int32_t lhs = INT8_MIN; lhs <= INT8_MAX; ++lhs)
    for (int32_t rhs = INT8_MIN; rhs <= INT8_MAX; ++rhs) {
      double sum = double(lhs + operandBias) * candidate.lhsScale +
                   double(rhs + operandBias) * candidate.rhsScale;
      int32_t value = table.at(lhs, rhs);
      if (value > table.clamp.min)
        candidate.low = std::max(candidate.low, value - 0.5 - sum);
      if (value < table.clamp.max)
        candidate.high = std::min(candidate.high, value + 0.5 - sum);
    }
}

/// `value` and its neighbours.
static llvm::SmallVector<float> scalesNear(double value) {
  constexpr int kReach = 4;
  llvm::SmallVector<float> scales;
  float scale = static_cast<float>(value);
  for (int i = 0; i != kReach; ++i)
    scale = std::nextafter(scale, -INFINITY);
  for (int i = 0; i <= 2 * kReach; ++i) {
    scales.push_back(scale);
    scale = std::nextafter(scale, INFINITY);
  }
  return scales;
}

/// Offsets from the middle of the candidate's to their ends.
static llvm::SmallVector<float> offsetsOf(const Candidate &candidate) {
  constexpr int kParts = 16;
  llvm::SmallVector<float> offsets;
  // One that saturates everywhere has open ends.
  double low = std::max(candidate.low, -1e5);
  double high = std::min(candidate.high, 1e5);
  double middle = low + (high - low) / 2;
  offsets.push_back(static_cast<float>(middle));
  for (int part = 1; part <= kParts; ++part)
    for (double sign : {-1.0, 1.0}) {
      double distance = sign * (high - low) / 2 * part / kParts;
      auto offset = static_cast<float>(middle + distance);
      if (!llvm::is_contained(offsets, offset))
        offsets.push_back(offset);
    }
  return offsets;
}

std::optional<FloatAddition>
quantcc::findFloatAddition(const QuantizedAddition &addition,
                           int32_t operandBias, bool isFused) {
  Table table(addition);
  auto toDouble = [](const FixedPointMultiplier &multiplier) {
    return std::ldexp(multiplier.multiplier, -multiplier.shift);
  };
  double common = std::ldexp(toDouble(addition.output), addition.leftShift);
  double lhsScale = toDouble(addition.lhs.multiplier) * common;
  double rhsScale = toDouble(addition.rhs.multiplier) * common *
                    (addition.isDifference ? -1 : 1);

  llvm::SmallVector<Candidate> candidates;
  for (float lhs : scalesNear(lhsScale))
    for (float rhs : scalesNear(rhsScale)) {
      Candidate candidate{lhs, rhs};
      findOffsets(candidate, table, operandBias);
      if (candidate.low <= candidate.high)
        candidates.push_back(candidate);
    }
  // The widest first, and of equals the first found.
  llvm::sort(candidates, [](const Candidate &a, const Candidate &b) {
    return std::tuple(b.high - b.low, a.lhsScale, a.rhsScale) <
           std::tuple(a.high - a.low, b.lhsScale, b.rhsScale);
  });
  for (const Candidate &candidate : candidates)
    for (float offset : offsetsOf(candidate)) {
      FloatAddition cheap{operandBias, candidate.lhsScale, candidate.rhsScale,
                          offset, isFused};
      if (table.equals(cheap))
        return cheap;
    }
  return std::nullopt;
}
