//===- CompareCommand.cpp - quantcc compare -------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shows layer by layer what quantization does to a model, and where the integer
// model leaves what the fake-quantized one predicts.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Compilation.h"
#include "LayerAttribution.h"
#include "Metrics.h"
#include "SampleLoop.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <cmath>
#include <llvm/ADT/StringMap.h>
#include <llvm/Support/Format.h>
#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>
#include <mutex>
#include <tuple>

using namespace llvm;
using namespace mlir;
using namespace quantcc;

namespace {

/// What was measured of one layer.
struct LayerComparison {
  std::string name;
  std::string kind;
  /// The layer's places among the outputs of the float and quantized runner.
  size_t floatOutput = 0;
  size_t quantizedOutput = 0;
  /// Of the quantized layer's values from the float layer's.
  Difference difference;
  /// The same of each sample, until all are there: summed in the order of the
  /// samples, they do not depend on which thread was first.
  std::vector<Difference> sampleDifferences;
  /// Float values that lie outside the layer's representable range.
  uint64_t clipped = 0;
  /// The noise that the layer adds to that of its noisiest input, relative to
  /// its signal's power.
  double blame = 0.0;
  /// The layers that this one reads.
  std::vector<size_t> producers;
  LayerAttribution attribution;
};

/// The two runners of a comparison and its rows.
struct Comparison {
  std::unique_ptr<StageRunner> floatRunner;
  std::unique_ptr<StageRunner> quantizedRunner;
  std::vector<LayerComparison> layers;
};

} // namespace

/// The layers among the quantized runner's outputs that the float runner has
/// too, matched by name.
static std::vector<LayerComparison> matchLayers(const StageRunner &floatRunner,
                                                const StageRunner &quantized,
                                                func::FuncOp entry) {
  StringMap<size_t> floatOutputs;
  for (size_t i = floatRunner.modelOutputs(); i < floatRunner.outputs().size();
       ++i)
    floatOutputs.try_emplace(floatRunner.outputs()[i].name, i);

  std::vector<LayerComparison> layers;
  llvm::DenseMap<Value, size_t> layerOf;
  size_t output = quantized.modelOutputs();
  for (Operation &op : entry.getBody().front()) {
    if (!isLayer(&op) && !isa<FloatIslandOp>(op))
      continue;
    size_t position = output;
    output += op.getNumResults();
    const TensorSpec &spec = quantized.outputs()[position];
    auto place = floatOutputs.find(spec.name);
    bool matches =
        place != floatOutputs.end() && spec.quantizedType() &&
        floatRunner.outputs()[place->second].elements() == spec.elements();
    if (!matches)
      continue;
    LayerComparison layer;
    layer.name = spec.name;
    layer.kind = op.getName().stripDialect().str();
    layer.floatOutput = place->second;
    layer.quantizedOutput = position;
    for (Value operand : op.getOperands())
      if (auto producer = layerOf.find(operand); producer != layerOf.end())
        layer.producers.push_back(producer->second);
    layerOf[op.getResult(0)] = layers.size();
    layers.push_back(std::move(layer));
  }
  return layers;
}

/// How many of `reals` the quantized tensor `spec` cannot represent.
static uint64_t countClipped(const TensorSpec &spec, ArrayRef<float> reals) {
  quant::UniformQuantizedType type = spec.quantizedType();
  // Half a step beyond the ends still rounds to them.
  double low =
      (type.getStorageTypeMin() - type.getZeroPoint() - 0.5) * type.getScale();
  double high =
      (type.getStorageTypeMax() - type.getZeroPoint() + 0.5) * type.getScale();
  return count_if(reals,
                  [&](float value) { return value < low || value > high; });
}

static double noiseOf(const LayerComparison &layer) {
  if (layer.difference.errorPower == 0.0)
    return 0.0;
  if (layer.difference.signalPower == 0.0)
    return std::numeric_limits<double>::infinity();
  return layer.difference.errorPower / layer.difference.signalPower;
}

static void assignBlame(std::vector<LayerComparison> &layers) {
  for (LayerComparison &layer : layers) {
    double inherited = 0.0;
    for (size_t producer : layer.producers)
      inherited = std::max(inherited, noiseOf(layers[producer]));
    layer.blame = std::max(0.0, noiseOf(layer) - inherited);
  }
  // Of layers with equal blame, the one that runs first comes first.
  llvm::sort(layers, [](const LayerComparison &a, const LayerComparison &b) {
    return std::make_tuple(-a.blame, a.quantizedOutput) <
           std::make_tuple(-b.blame, b.quantizedOutput);
  });
}

static Expected<Comparison> prepare(const Compilation &compilation) {
  Comparison comparison;
  // The float model whose channels are equalized as the quantized one's are: it
  // computes the same outputs as the imported one.
  Expected<std::unique_ptr<StageRunner>> floatRunner =
      compilation.runnerAt(Stage::Calibrated, /*exposeLayers=*/true);
  if (!floatRunner)
    return floatRunner.takeError();
  Expected<std::unique_ptr<StageRunner>> quantizedRunner =
      compilation.runnerAt(Stage::Quantized, /*exposeLayers=*/true);
  if (!quantizedRunner)
    return quantizedRunner.takeError();
  Expected<OwningOpRef<ModuleOp>> module =
      compilation.moduleAt(Stage::Quantized);
  if (!module)
    return module.takeError();
  comparison.floatRunner = std::move(*floatRunner);
  comparison.quantizedRunner = std::move(*quantizedRunner);
  comparison.layers = matchLayers(
      *comparison.floatRunner, *comparison.quantizedRunner, entryOf(**module));
  return comparison;
}

static void printTable(ArrayRef<LayerComparison> layers, size_t samples) {
  size_t width = 8;
  for (const LayerComparison &layer : layers)
    width = std::min<size_t>(std::max(width, layer.name.size()), 48);
  outs() << "quantized against float over " << samples
         << " samples, worst layer first\n"
         << left_justify("layer", width) << "  " << left_justify("op", 12)
         << " SQNR dB   cosine  max error  clipped   blame\n";
  for (const LayerComparison &layer : layers) {
    StringRef name = layer.name;
    std::string shown = name.size() > width
                            ? "..." + name.take_back(width - 3).str()
                            : name.str();
    outs() << left_justify(shown, width) << "  " << left_justify(layer.kind, 12)
           << format("%8.2f %8.5f %10.4g %7.3f%% %7.1e\n",
                     layer.difference.signalToNoise(),
                     layer.difference.cosine(), layer.difference.largestError,
                     100.0 * layer.clipped /
                         std::max<uint64_t>(layer.difference.count, 1),
                     layer.blame);
  }
}

/// Where the integer layers leave what the fake-quantized stage predicts for
/// the same inputs, in stored steps, and why.
static void printAttributions(ArrayRef<LayerComparison> layers) {
  LayerAttribution total;
  for (const LayerComparison &layer : layers)
    total += layer.attribution;
  outs() << "\ninteger against fake-quantized, layer by layer on equal inputs: "
         << total.differences() << " of " << total.values
         << " values differ, by at most " << total.largestSteps
         << " steps\n  accumulation " << total.accumulation << ", bias "
         << total.bias << ", requantization " << total.requantization << "\n";
  for (const LayerComparison &layer : layers)
    if (uint64_t differences = layer.attribution.differences())
      outs() << "  " << layer.name << ": " << differences << " of "
             << layer.attribution.values << " (accumulation "
             << layer.attribution.accumulation << ", bias "
             << layer.attribution.bias << ", requantization "
             << layer.attribution.requantization << ")\n";
}

/// JSON has no infinity; null stands for it.
static json::Value finiteOrNull(double value) {
  return std::isfinite(value) ? json::Value(value) : json::Value(nullptr);
}

static void printJson(ArrayRef<LayerComparison> layers, size_t samples) {
  json::Array rows;
  for (const LayerComparison &layer : layers)
    rows.push_back(json::Object{
        {"layer", layer.name},
        {"op", layer.kind},
        {"sqnr_db", finiteOrNull(layer.difference.signalToNoise())},
        {"cosine", layer.difference.cosine()},
        {"max_error", layer.difference.largestError},
        {"clipped", static_cast<double>(layer.clipped) /
                        std::max<uint64_t>(layer.difference.count, 1)},
        {"blame", finiteOrNull(layer.blame)},
        {"fake_quantized", toJson(layer.attribution)}});
  outs() << formatv("{0:2}\n", json::Value(json::Object{
                                   {"samples", static_cast<int64_t>(samples)},
                                   {"layers", std::move(rows)}}));
}

Error quantcc::runCompareCommand(const CommandLine &line,
                                 MLIRContext *context) {
  Expected<Compilation> compilation =
      Compilation::create(line, Stage::Quantized, context);
  if (!compilation)
    return compilation.takeError();
  if (compilation->isQuantizedAtSource() ||
      compilation->source().isFakeQuantized())
    return createStringError(inconvertibleErrorCode(),
                             line.model() + ": compare needs a float model: "
                                            "this one has no float stage");
  Expected<Comparison> comparison = prepare(*compilation);
  if (!comparison)
    return comparison.takeError();
  Expected<std::unique_ptr<LayerPredictor>> predictor =
      LayerPredictor::create(*compilation);
  if (!predictor)
    return predictor.takeError();

  std::vector<TensorSpec> specs =
      inputSpecs(entryOf(compilation->source().get()));
  Expected<std::unique_ptr<SampleSource>> source =
      SampleSource::open(line.input, specs, SampleKind::Real);
  if (!source)
    return source.takeError();
  for (LayerComparison &layer : comparison->layers)
    layer.sampleDifferences.resize((*source)->size());
  std::mutex mutex;
  auto compareSample = [&](size_t index, ArrayRef<TensorBytes> inputs,
                           size_t) -> Error {
    const StageRunner &floatRunner = *comparison->floatRunner;
    const StageRunner &quantized = *comparison->quantizedRunner;
    std::vector<TensorBytes> encoded =
        encodeInputs(specs, inputs, quantized.inputs());
    Expected<std::vector<TensorBytes>> floats = floatRunner.run(inputs);
    if (!floats)
      return floats.takeError();
    Expected<std::vector<TensorBytes>> integers = quantized.run(encoded);
    if (!integers)
      return integers.takeError();
    Expected<StringMap<LayerAttribution>> attributions =
        (*predictor)->attribute(quantized, encoded, *integers);
    if (!attributions)
      return attributions.takeError();
    std::lock_guard<std::mutex> lock(mutex);
    for (LayerComparison &layer : comparison->layers) {
      const TensorSpec &spec = quantized.outputs()[layer.quantizedOutput];
      std::vector<float> reference =
          realValues(floatRunner.outputs()[layer.floatOutput],
                     (*floats)[layer.floatOutput]);
      layer.sampleDifferences[index].add(
          reference, realValues(spec, (*integers)[layer.quantizedOutput]));
      layer.clipped += countClipped(spec, reference);
      layer.attribution += attributions->lookup(layer.name);
    }
    return Error::success();
  };
  if (Error error = forEachSample(**source, "comparing", compareSample,
                                  comparison->floatRunner->isStateful()))
    return error;
  for (LayerComparison &layer : comparison->layers)
    for (const Difference &difference : layer.sampleDifferences)
      layer.difference += difference;
  assignBlame(comparison->layers);
  if (line.json) {
    printJson(comparison->layers, (*source)->size());
  } else {
    printTable(comparison->layers, (*source)->size());
    printAttributions(comparison->layers);
  }
  return Error::success();
}
