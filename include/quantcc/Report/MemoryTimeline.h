//===- MemoryTimeline.h - The arena over time -------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The moments of a run at which the use of the arena changes.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_REPORT_MEMORYTIMELINE_H
#define QUANTCC_REPORT_MEMORYTIMELINE_H

#include "quantcc/Target/ModelDescription.h"

#include <optional>
#include <vector>

namespace quantcc {

/// A moment at which some buffer is used for the first or the last time.
struct TimelineStep {
  int64_t moment = 0;
  /// Index of the layer that is computed then, if it is known.
  std::optional<size_t> layer;
  /// Bytes of all buffers that are alive.
  int64_t bytesAlive = 0;
};

/// The steps during which a buffer is alive, both included.
struct StepRange {
  size_t first = 0;
  size_t last = 0;
};

struct MemoryTimeline {
  /// In the order of execution.
  std::vector<TimelineStep> steps;
  /// Of each buffer of the plan, in its order.
  std::vector<StepRange> buffers;
  /// The first step at which the most bytes are alive; 0 without steps.
  size_t fullest = 0;

  /// Whether buffer `index` is alive at the fullest step.
  bool isAliveAtFullest(size_t index) const {
    return buffers[index].first <= fullest && fullest <= buffers[index].last;
  }
};

MemoryTimeline makeTimeline(const ModelDescription &model);

} // namespace quantcc

#endif // QUANTCC_REPORT_MEMORYTIMELINE_H
