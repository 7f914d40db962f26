//===- SizeLimits.cpp - How much memory a model may take ------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sums, and the notes that explain them.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Target/SizeLimits.h"
#include "quantcc/Target/LayerShares.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/FormatVariadic.h>

using namespace quantcc;
using llvm::formatv;

char SizeLimitError::ID = 0;

/// What a note lists at most.
static constexpr size_t kListed = 10;

namespace {

/// A name and its bytes.
using Share = std::pair<std::string, int64_t>;

} // namespace

/// One note each for the largest of `shares`, and one for the rest.
static void listLargest(std::vector<Share> shares,
                        std::vector<std::string> &notes) {
  llvm::sort(shares, [](const Share &a, const Share &b) {
    return std::make_pair(-a.second, a.first) <
           std::make_pair(-b.second, b.first);
  });
  size_t listed = std::min(shares.size(), kListed);
  for (const auto &[name, bytes] : llvm::ArrayRef(shares).take_front(listed))
    notes.push_back(
        formatv("{0} bytes: {1}", bytes,
                name.empty() ? "a value without a name" : "'" + name + "'"));
  if (listed == shares.size())
    return;
  int64_t rest = 0;
  for (const Share &share : llvm::ArrayRef(shares).drop_front(listed))
    rest += share.second;
  notes.push_back(formatv("{0} bytes: {1} more", rest, shares.size() - listed));
}

static void explainArena(const ModelInterface &model,
                         std::vector<std::string> &notes) {
  std::optional<int64_t> fullest = findFullestMoment(model);
  if (!fullest)
    return;
  int64_t peak = *fullest;
  std::string layer;
  if (static_cast<size_t>(peak) < model.moments.size())
    layer = model.moments[peak];
  notes.push_back(formatv(
      "the arena is fullest at {0}, where {1} of its {2} bytes are alive:",
      layer.empty() ? "a layer without a name" : "layer '" + layer + "'",
      bytesAlive(model, peak), model.arenaBytes));
  std::vector<Share> shares;
  for (const PlannedBuffer &buffer : model.buffers)
    if (isAlive(buffer, peak))
      shares.push_back({buffer.name, buffer.bytes});
  listLargest(std::move(shares), notes);
}

static void explainConstants(const ModelInterface &model,
                             std::vector<std::string> &notes) {
  if (model.constants.empty())
    return;
  notes.push_back("the layers with the most constants:");
  std::vector<Share> shares;
  for (const LayerConstants &layer : model.constants)
    shares.push_back({layer.name, layer.bytes});
  listLargest(std::move(shares), notes);
}

llvm::Error quantcc::checkSizes(const ModelDescription &model,
                                const SizeLimits &limits) {
  const ModelInterface &interface = model.interface;
  std::string message;
  std::vector<std::string> notes;
  if (limits.ram && !interface.stackBytes)
    return llvm::createStringError("the RAM that '" + interface.symbol +
                                   "' takes has no bound: frames for target '" +
                                   model.target.name +
                                   "' grow with the machine's vectors");
  if (limits.ram) {
    int64_t need = interface.arenaBytes + interface.stateBytes +
                   *interface.stackBytes + model.facts.writableBytes;
    if (need > *limits.ram) {
      message = formatv("'{0}' takes {1} bytes of RAM, {2} more than the {3} "
                        "allowed (arena {4}, state {5}, stack {6})",
                        interface.symbol, need, need - *limits.ram, *limits.ram,
                        interface.arenaBytes, interface.stateBytes,
                        *interface.stackBytes);
      explainArena(interface, notes);
    }
  }
  if (limits.flash) {
    int64_t need = model.facts.codeBytes + model.facts.constantBytes;
    if (need > *limits.flash) {
      message += message.empty() ? "" : "; ";
      message +=
          formatv("'{0}' takes {1} bytes of flash, {2} more than the {3} "
                  "allowed (code {4}, constants {5})",
                  interface.symbol, need, need - *limits.flash, *limits.flash,
                  model.facts.codeBytes, model.facts.constantBytes);
      explainConstants(interface, notes);
    }
  }
  if (message.empty())
    return llvm::Error::success();
  return llvm::make_error<SizeLimitError>(std::move(message), std::move(notes));
}
