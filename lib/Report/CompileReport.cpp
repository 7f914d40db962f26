//===- CompileReport.cpp - What a compiled model takes --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Adds up.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Report/CompileReport.h"

#include <llvm/ADT/STLExtras.h>

using namespace quantcc;

CompileReport quantcc::makeReport(ModelDescription model,
                                  std::optional<Accuracy> accuracy) {
  CompileReport report;
  report.model = std::move(model);
  report.shares = shareOut(report.model);
  report.timeline = makeTimeline(report.model);
  report.accuracy = std::move(accuracy);
  return report;
}

int64_t CompileReport::macs() const {
  int64_t sum = 0;
  for (const NetworkLayer &layer : model.source.layers)
    sum += layer.macs;
  return sum;
}

int64_t CompileReport::flashBytes() const {
  return model.facts.codeBytes + model.facts.constantBytes;
}

int64_t CompileReport::ramBytes() const {
  return model.interface.arenaBytes + model.interface.stateBytes +
         model.interface.stackBytes.value_or(0);
}

int64_t CompileReport::otherConstantBytes() const {
  int64_t rest = model.facts.constantBytes;
  for (const LayerShare &share : shares)
    rest -= share.constantBytes;
  return rest;
}

int64_t CompileReport::floatLayers() const {
  return llvm::count_if(model.source.layers, [](const NetworkLayer &layer) {
    return layer.isFloat();
  });
}

std::string quantcc::shortenName(llvm::StringRef name, size_t limit) {
  llvm::StringRef first = name.split(';').first;
  if (first.size() <= limit)
    return first.str();
  llvm::StringRef end = first.take_back(limit - 1);
  // Not from the middle of a character that takes several bytes.
  end = end.drop_while([](char c) { return (c & 0xC0) == 0x80; });
  return ("…" + end).str();
}
