//===- LinearSum.cpp - Additions of bytes in a few instructions -----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds and proves linear sums.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Support/LinearSum.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace quantcc;

int32_t quantcc::addByRule(const AdditionRule &rule, int32_t lhs, int32_t rhs) {
  auto rescale = [&](const AdditionRule::Operand &operand, int32_t stored) {
    return requantize((stored - operand.zeroPoint) * (1 << rule.leftShift),
                      operand.multiplier, rule.rounding);
  };
  int32_t left = rescale(rule.lhs, lhs), right = rescale(rule.rhs, rhs);
  int32_t sum = rule.isSubtraction ? left - right : left + right;
  int64_t value = int64_t(requantize(sum, rule.output, rule.rounding)) +
                  rule.outputZeroPoint;
  return static_cast<int32_t>(
      std::clamp(value, rule.clamp.min, rule.clamp.max));
}

static int64_t evaluateUnclamped(const LinearSum &sum, int64_t lhs,
                                 int64_t rhs) {
  return (lhs * sum.lhs + rhs * sum.rhs + sum.offset) >> sum.shift;
}

/// Whether no intermediate result leaves i32: each is greatest at an end.
static bool isWithinRange(const LinearSum &sum, const AdditionRule &rule) {
  for (int64_t lhs : {rule.operands.min, rule.operands.max})
    for (int64_t rhs : {rule.operands.min, rule.operands.max})
      for (int64_t value :
           {lhs * sum.lhs, rhs * sum.rhs, lhs * sum.lhs + rhs * sum.rhs,
            lhs * sum.lhs + sum.offset, rhs * sum.rhs + sum.offset,
            lhs * sum.lhs + rhs * sum.rhs + sum.offset})
        if (value != static_cast<int32_t>(value))
          return false;
  return sum.shift >= 0 && sum.shift < 32;
}

bool quantcc::isExact(const LinearSum &sum, const AdditionRule &rule) {
  if (!isWithinRange(sum, rule))
    return false;
  for (int64_t lhs = rule.operands.min; lhs <= rule.operands.max; ++lhs)
    for (int64_t rhs = rule.operands.min; rhs <= rule.operands.max; ++rhs)
      if (std::clamp(evaluateUnclamped(sum, lhs, rhs), rule.clamp.min,
                     rule.clamp.max) !=
          addByRule(rule, static_cast<int32_t>(lhs), static_cast<int32_t>(rhs)))
        return false;
  return true;
}

namespace {

/// The results of all operands, the right one fastest.
struct AdditionTable {
  const AdditionRule &rule;
  std::vector<int32_t> values;

  explicit AdditionTable(const AdditionRule &rule) : rule(rule) {
    for (int64_t lhs = rule.operands.min; lhs <= rule.operands.max; ++lhs)
      for (int64_t rhs = rule.operands.min; rhs <= rule.operands.max; ++rhs)
        values.push_back(addByRule(rule, static_cast<int32_t>(lhs),
                                   static_cast<int32_t>(rhs)));
  }

  /// The offset in the middle of those with which `sum` gives the values.
  std::optional<int64_t> findOffset(const LinearSum &sum) const {
    int64_t low = std::numeric_limits<int32_t>::min();
    int64_t high = std::numeric_limits<int32_t>::max();
    const int32_t *value = values.data();
    for (int64_t lhs = rule.operands.min; lhs <= rule.operands.max; ++lhs) {
      for (int64_t rhs = rule.operands.min; rhs <= rule.operands.max;
           ++rhs, ++value) {
        int64_t products = lhs * sum.lhs + rhs * sum.rhs;
        int64_t step = int64_t(1) << sum.shift;
        if (*value > rule.clamp.min)
          low = std::max(low, *value * step - products);
        if (*value < rule.clamp.max)
          high = std::min(high, (*value + 1) * step - 1 - products);
      }
      if (low > high)
        return std::nullopt;
    }
    return low + (high - low) / 2;
  }
};

} // namespace

std::optional<LinearSum> quantcc::findLinearSum(const AdditionRule &rule) {
  auto scaleOf = [&](const AdditionRule::Operand &operand) {
    return std::ldexp(
        double(operand.multiplier.multiplier) * rule.output.multiplier,
        rule.leftShift - operand.multiplier.shift - rule.output.shift);
  };
  double lhs = scaleOf(rule.lhs);
  double rhs = rule.isSubtraction ? -scaleOf(rule.rhs) : scaleOf(rule.rhs);
  // With the most bits that leave i32 room for all that the operands give.
  double offset = rule.outputZeroPoint - lhs * rule.lhs.zeroPoint -
                  rhs * rule.rhs.zeroPoint + 0.5;
  double reach = 1;
  for (int64_t x : {rule.operands.min, rule.operands.max})
    for (int64_t y : {rule.operands.min, rule.operands.max})
      for (double value : {x * lhs, y * rhs, x * lhs + offset, y * rhs + offset,
                           x * lhs + y * rhs, x * lhs + y * rhs + offset})
        reach = std::max(reach, std::abs(value));
  int32_t shift = 31 - static_cast<int32_t>(std::ceil(std::log2(reach + 1)));
  if (shift < 0)
    return std::nullopt;
  AdditionTable table(rule);
  constexpr int32_t kReach = 3;
  for (int32_t distance = 0; distance <= kReach; ++distance)
    for (int32_t i = -distance; i <= distance; ++i)
      for (int32_t j = -distance; j <= distance; ++j) {
        if (std::max(std::abs(i), std::abs(j)) != distance)
          continue;
        LinearSum sum{
            static_cast<int32_t>(std::lround(std::ldexp(lhs, shift))) + i,
            static_cast<int32_t>(std::lround(std::ldexp(rhs, shift))) + j, 0,
            shift};
        std::optional<int64_t> offset = table.findOffset(sum);
        if (!offset)
          continue;
        sum.offset = static_cast<int32_t>(*offset);
        if (isExact(sum, rule))
          return sum;
      }
  return std::nullopt;
}
