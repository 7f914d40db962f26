//===- MemoryTimeline.cpp - The arena over time ---------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Leaves out the moments between which nothing begins or ends.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Report/MemoryTimeline.h"

#include "quantcc/Target/LayerShares.h"

#include <map>
#include <set>

using namespace quantcc;

MemoryTimeline quantcc::makeTimeline(const ModelDescription &model) {
  const ModelInterface &interface = model.interface;
  std::set<int64_t> moments;
  for (const PlannedBuffer &buffer : interface.buffers)
    moments.insert({buffer.firstUse, buffer.lastUse});
  llvm::StringMap<size_t> layers = indexLayers(model);

  MemoryTimeline timeline;
  std::map<int64_t, size_t> stepOf;
  for (int64_t moment : moments) {
    TimelineStep step{moment, std::nullopt,
                      quantcc::bytesAlive(interface, moment)};
    if (static_cast<size_t>(moment) < interface.moments.size())
      if (auto found = layers.find(interface.moments[moment]);
          found != layers.end())
        step.layer = found->second;
    stepOf[moment] = timeline.steps.size();
    timeline.steps.push_back(step);
  }
  for (const PlannedBuffer &buffer : interface.buffers)
    timeline.buffers.push_back(
        {stepOf[buffer.firstUse], stepOf[buffer.lastUse]});
  if (std::optional<int64_t> fullest = findFullestMoment(interface))
    timeline.fullest = stepOf[*fullest];
  return timeline;
}
