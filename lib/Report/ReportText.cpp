//===- ReportText.cpp - A compiled model, as text -------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sums, then one line a layer.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Report/CompileReport.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/Unicode.h>

using namespace quantcc;
using llvm::formatv;

static constexpr size_t kNameWidth = 30;

/// `text`, in a column of `width` and with a space behind it.
static std::string padded(llvm::StringRef text, int width) {
  int columns = std::max(0, llvm::sys::unicode::columnWidthUTF8(text));
  return text.str() + std::string(std::max(1, width - columns), ' ');
}

static void writeSums(const CompileReport &report, llvm::raw_ostream &stream) {
  const ModelInterface &interface = report.model.interface;
  auto line = [&](llvm::StringRef what, int64_t bytes, llvm::StringRef parts) {
    stream << formatv("  {0,-6}{1,12} bytes: {2}\n", what,
                      std::to_string(bytes), parts);
  };
  line("flash", report.flashBytes(),
       "code " + std::to_string(report.model.facts.codeBytes) + ", constants " +
           std::to_string(report.model.facts.constantBytes));
  std::string parts = "arena " + std::to_string(interface.arenaBytes) +
                      " (lower bound " +
                      std::to_string(interface.arenaLowerBound) + ")";
  if (interface.regions.size() > 1)
    for (const ArenaRegion &region : interface.regions)
      parts += ", " + std::to_string(region.bytes) + " in " + region.name;
  if (interface.isStateful())
    parts += ", state " + std::to_string(interface.stateBytes);
  parts += interface.stackBytes
               ? ", stack " + std::to_string(*interface.stackBytes)
               : ", and the stack, which has no bound";
  line("RAM", report.ramBytes(), parts);
  if (report.model.source.layers.empty()) {
    stream << "  The model came at the integer stage: its layers are not "
              "known.\n";
    return;
  }
  stream << formatv("  work  {0,12} multiply-accumulates in {1} layers, {2}\n",
                    std::to_string(report.macs()),
                    report.model.source.layers.size(),
                    report.floatLayers() == 0
                        ? "all integer"
                        : formatv("{0} in float", report.floatLayers()).str());
}

static void writeLayers(const CompileReport &report,
                        llvm::raw_ostream &stream) {
  if (report.model.source.layers.empty())
    return;
  // A kind or a shape longer than its column pushes the rest of its line.
  stream << formatv("\n{0,4}  {1,-31}{2,-18}{3,-26}{4,12}{5,11}{6,10}\n", "",
                    "layer", "kind", "shapes", "MACs", "constants", "arena");
  for (auto [index, layer] : llvm::enumerate(report.model.source.layers)) {
    const LayerShare &share = report.shares[index];
    stream << formatv(
        "{0,4}  {1}{2}{3}{4,12}{5,11}{6,10}\n", index + 1,
        padded(shortenName(layer.name, kNameWidth), 31), padded(layer.kind, 18),
        padded(layer.shapes, 26), std::to_string(layer.macs),
        std::to_string(share.constantBytes),
        share.arenaBytes ? std::to_string(*share.arenaBytes) : "-");
  }
  stream << formatv("{0,4}  {1,-75}{2,12}{3,11}\n", "",
                    "constants of no layer, and those the code brings", "",
                    std::to_string(report.otherConstantBytes()));
}

static void writeFullest(const CompileReport &report,
                         llvm::raw_ostream &stream) {
  const MemoryTimeline &timeline = report.timeline;
  if (timeline.steps.empty())
    return;
  const TimelineStep &step = timeline.steps[timeline.fullest];
  stream << "\nfullest arena: " << std::to_string(step.bytesAlive) << " bytes";
  if (step.layer)
    stream << formatv(" at layer {0}", *step.layer + 1);
  stream << "\n";
  for (auto [index, buffer] : llvm::enumerate(report.model.interface.buffers))
    if (timeline.isAliveAtFullest(index))
      stream << formatv("  {0,12} bytes at {1,-8} {2}\n",
                        std::to_string(buffer.bytes), buffer.offset,
                        shortenName(buffer.name, 60));
}

static std::string spellParameters(const StorageFacts &facts) {
  if (facts.parameters == 0)
    return facts.type;
  if (facts.parameters == 1)
    return formatv("{0} {1} : {2}", facts.type,
                   llvm::format("%.6g", facts.smallestScale),
                   facts.smallestZeroPoint);
  return formatv("{0} {1} to {2} ({3} channels)", facts.type,
                 llvm::format("%.4g", facts.smallestScale),
                 llvm::format("%.4g", facts.largestScale), facts.parameters);
}

static void writeQuantization(const CompileReport &report,
                              llvm::raw_ostream &stream) {
  stream << "\nquantization, as scale : zero point\n";
  auto tensors = [&](llvm::StringRef role,
                     llvm::ArrayRef<TensorInterface> values) {
    for (const TensorInterface &tensor : values)
      if (tensor.quantization)
        stream << formatv("  {0,-6} {1}{2} : {3}\n", role,
                          padded(shortenName(tensor.name, kNameWidth), 31),
                          llvm::format("%.6g", tensor.quantization->scale),
                          tensor.quantization->zeroPoint);
      else
        stream << formatv("  {0,-6} {1}not quantized\n", role,
                          padded(shortenName(tensor.name, kNameWidth), 31));
  };
  tensors("input", report.model.interface.inputs);
  for (auto [index, layer] : llvm::enumerate(report.model.source.layers)) {
    stream << formatv("  {0,-6} {1}{2}", index + 1,
                      padded(shortenName(layer.name, kNameWidth), 31),
                      spellParameters(layer.result));
    if (layer.weights)
      stream << "  weights " << spellParameters(*layer.weights);
    stream << "\n";
  }
  tensors("output", report.model.interface.outputs);
}

static void writeFloatLayers(const CompileReport &report,
                             llvm::raw_ostream &stream) {
  if (report.floatLayers() == 0)
    return;
  stream << "\nin float\n";
  for (auto [index, layer] : llvm::enumerate(report.model.source.layers))
    if (layer.isFloat())
      stream << formatv("{0,4}  {1}: {2}\n", index + 1,
                        shortenName(layer.name, 60), layer.floatReason);
}

static void writeAccuracy(const CompileReport &report,
                          llvm::raw_ostream &stream) {
  if (!report.accuracy)
    return;
  const Accuracy &accuracy = *report.accuracy;
  stream << formatv("\n{0} over {1} samples", accuracy.metric,
                    accuracy.samples);
  if (accuracy.unlabelled != 0)
    stream << formatv(", of which {0} have a label that is no class",
                      accuracy.unlabelled);
  stream << "\n";
  for (auto [index, stage] : llvm::enumerate(accuracy.stages)) {
    stream << formatv("  {0,-16}{1:F4}", stage.stage, stage.figure);
    if (index != 0)
      stream << formatv("  agreement with {0} {1:F4}",
                        accuracy.stages.front().stage, stage.agreement);
    stream << "\n";
  }
}

void quantcc::writeReportText(const CompileReport &report,
                              llvm::raw_ostream &stream) {
  stream << formatv("{0} for {1} ({2})\n", report.model.source.name,
                    report.model.target.name, compilerVersion());
  writeSums(report, stream);
  writeLayers(report, stream);
  writeFullest(report, stream);
  writeQuantization(report, stream);
  writeFloatLayers(report, stream);
  writeAccuracy(report, stream);
}
