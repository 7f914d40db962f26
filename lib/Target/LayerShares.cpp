//===- LayerShares.cpp - Who takes the memory -----------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Adds up buffers by moment, and constants by name.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Target/LayerShares.h"

#include <llvm/ADT/STLExtras.h>

using namespace quantcc;

bool quantcc::isAlive(const PlannedBuffer &buffer, int64_t moment) {
  return buffer.firstUse <= moment && moment <= buffer.lastUse;
}

int64_t quantcc::bytesAlive(const ModelInterface &model, int64_t moment) {
  int64_t bytes = 0;
  for (const PlannedBuffer &buffer : model.buffers)
    if (isAlive(buffer, moment))
      bytes += buffer.bytes;
  return bytes;
}

std::optional<int64_t> quantcc::findFullestMoment(const ModelInterface &model) {
  std::optional<int64_t> fullest;
  // The most is alive where some buffer begins to live.
  for (const PlannedBuffer &buffer : model.buffers) {
    int64_t moment = buffer.firstUse;
    int64_t gain =
        fullest ? bytesAlive(model, moment) - bytesAlive(model, *fullest) : 1;
    if (gain > 0 || (gain == 0 && moment < *fullest))
      fullest = moment;
  }
  return fullest;
}

llvm::StringMap<size_t> quantcc::indexLayers(const ModelDescription &model) {
  llvm::StringMap<size_t> indices;
  for (auto [index, layer] : llvm::enumerate(model.source.layers))
    indices.try_emplace(layer.name, index);
  // A layer's own name goes before what others call their members.
  for (auto [index, layer] : llvm::enumerate(model.source.layers))
    for (const std::string &member : layer.members)
      indices.try_emplace(member, index);
  return indices;
}

std::vector<LayerShare> quantcc::shareOut(const ModelDescription &model) {
  std::vector<LayerShare> shares(model.source.layers.size());
  llvm::StringMap<size_t> byName = indexLayers(model);
  for (const LayerConstants &constants : model.interface.constants)
    if (auto found = byName.find(constants.name); found != byName.end())
      shares[found->second].constantBytes += constants.bytes;
  for (auto [moment, name] : llvm::enumerate(model.interface.moments)) {
    auto found = byName.find(name);
    int64_t alive = bytesAlive(model.interface, moment);
    if (found == byName.end() || alive == 0)
      continue;
    std::optional<int64_t> &most = shares[found->second].arenaBytes;
    most = std::max(alive, most.value_or(0));
  }
  return shares;
}
