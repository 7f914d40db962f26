//===- FloatRangeOpInterface.h - Interval transfer --------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Closed intervals of real values and the interface through which the range
// analysis carries them over an op.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_INTERFACES_FLOATRANGEOPINTERFACE_H
#define QUANTCC_INTERFACES_FLOATRANGEOPINTERFACE_H

#include <algorithm>
#include <llvm/ADT/ArrayRef.h>
#include <mlir/IR/OpDefinition.h>
#include <optional>

namespace quantcc {

/// The closed interval [min, max] of real values; both finite, min <= max.
struct FloatRange {
  double min = 0.0;
  double max = 0.0;

  bool operator==(const FloatRange &other) const {
    return min == other.min && max == other.max;
  }
  bool operator!=(const FloatRange &other) const { return !(*this == other); }

  /// The smallest interval that contains both.
  FloatRange join(const FloatRange &other) const {
    return {std::min(min, other.min), std::max(max, other.max)};
  }
  /// The interval of max(low, min(x, high)) for x in this one.
  FloatRange clamp(double low, double high) const {
    return {std::clamp(min, low, high), std::clamp(max, low, high)};
  }
};

} // namespace quantcc

#include "quantcc/Interfaces/FloatRangeOpInterface.h.inc"

#endif // QUANTCC_INTERFACES_FLOATRANGEOPINTERFACE_H
