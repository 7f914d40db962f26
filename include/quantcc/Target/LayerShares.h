//===- LayerShares.h - Who takes the memory ---------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What each moment of a run, and each layer, takes of a compiled model's
// memory.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_TARGET_LAYERSHARES_H
#define QUANTCC_TARGET_LAYERSHARES_H

#include "quantcc/Target/ModelDescription.h"

#include <llvm/ADT/StringMap.h>

namespace quantcc {

/// Whether the content of `buffer` matters at `moment`.
bool isAlive(const PlannedBuffer &buffer, int64_t moment);

/// Bytes of the buffers that are alive at `moment`, in all regions.
int64_t bytesAlive(const ModelInterface &model, int64_t moment);

/// The first moment at which the most bytes are alive; nothing without buffers.
std::optional<int64_t> findFullestMoment(const ModelInterface &model);

/// What one layer takes, in bytes.
struct LayerShare {
  /// Constants of its name: weights, biases, multipliers, tables.
  int64_t constantBytes = 0;
  /// The most that is alive at a moment at which the layer is computed; nothing
  /// for a layer that is computed as a part of others.
  std::optional<int64_t> arenaBytes;
};

/// The layers of `model` by their names and those of their members; of a name
/// that several have, the first.
llvm::StringMap<size_t> indexLayers(const ModelDescription &model);

/// The shares of `model.source.layers`, in their order. The rest of
/// `model.interface.constantBytes` belongs to no layer.
std::vector<LayerShare> shareOut(const ModelDescription &model);

} // namespace quantcc

#endif // QUANTCC_TARGET_LAYERSHARES_H
