//===- LayerAttribution.cpp - Why integers leave the prediction -----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compares each integer layer with what the fake-quantized stage predicts for
// the same inputs, and finds the reason of every difference.
//
//===----------------------------------------------------------------------===//

#include "LayerAttribution.h"

#include "DiagnosticCollector.h"
#include "ExactAccumulator.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <cmath>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/IR/Matchers.h>

using namespace llvm;
using namespace mlir;
using namespace quantcc;

LayerAttribution &LayerAttribution::operator+=(const LayerAttribution &other) {
  values += other.values;
  largestSteps = std::max(largestSteps, other.largestSteps);
  accumulation += other.accumulation;
  bias += other.bias;
  requantization += other.requantization;
  return *this;
}

json::Value quantcc::toJson(const LayerAttribution &attribution) {
  return json::Object{
      {"values", static_cast<int64_t>(attribution.values)},
      {"differences", static_cast<int64_t>(attribution.differences())},
      {"largest_steps", static_cast<int64_t>(attribution.largestSteps)},
      {"accumulation", static_cast<int64_t>(attribution.accumulation)},
      {"bias", static_cast<int64_t>(attribution.bias)},
      {"requantization", static_cast<int64_t>(attribution.requantization)}};
}

/// The name of the layer or model input whose value `value` is.
static std::string nameOfValue(Value value, func::FuncOp entry) {
  if (auto argument = dyn_cast<BlockArgument>(value))
    return inputSpecs(entry)[argument.getArgNumber()].name;
  return describeLocation(value.getLoc());
}

/// Cuts `entry` behind every fake quantization of an activation: what it gives
/// becomes a result, and what reads it reads a new argument instead. Records
/// the names of the new arguments and results.
static void cutLayers(func::FuncOp entry, std::vector<std::string> &inputs,
                      std::vector<std::string> &outputs) {
  for (const TensorSpec &spec : inputSpecs(entry))
    inputs.push_back(spec.name);
  Block &body = entry.getBody().front();
  Operation *terminator = body.getTerminator();
  SmallVector<Value> results(terminator->getOperands());
  unsigned originalArguments = body.getNumArguments();
  SmallVector<FakeQuantizeOp> cuts;
  for (auto op : body.getOps<FakeQuantizeOp>())
    if (!matchPattern(op.getInput(), m_Constant()))
      cuts.push_back(op);
  for (FakeQuantizeOp cut : cuts) {
    std::string name = nameOfValue(cut.getInput(), entry);
    BlockArgument argument =
        body.addArgument(cut.getResult().getType(), cut.getLoc());
    cut.getResult().replaceUsesWithIf(
        argument, [&](OpOperand &use) { return use.getOwner() != terminator; });
    inputs.push_back(name);
    auto input = dyn_cast<BlockArgument>(cut.getInput());
    bool isModelInput = input && input.getArgNumber() < originalArguments;
    if (isModelInput)
      continue;
    outputs.push_back(name);
    results.push_back(cut.getResult());
  }
  terminator->setOperands(results);
  entry.setType(FunctionType::get(entry.getContext(), body.getArgumentTypes(),
                                  terminator->getOperandTypes()));
  entry->removeAttr(entry.getArgAttrsAttrName());
  entry->removeAttr(entry.getResAttrsAttrName());
}

/// The scale of channel `channel` of the weights of `layer`, times its input's.
static double accumulatorScale(Operation *layer, int64_t channel) {
  auto input = cast<quant::UniformQuantizedType>(
      getQuantizedElementType(layer->getOperand(0).getType()));
  quant::QuantizedType weights =
      getQuantizedElementType(layer->getOperand(1).getType());
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(weights))
    return input.getScale() * perAxis.getScales()[channel];
  return input.getScale() *
         cast<quant::UniformQuantizedType>(weights).getScale();
}

/// Gives the biases of `entry`'s layers the values that the integer biases of
/// the quantized layers of the same names stand for.
static void roundBiases(func::FuncOp entry,
                        const StringMap<Operation *> &quantizedLayers) {
  for (Operation &op : entry.getBody().front()) {
    if (!isa<Conv2DOp, LinearOp>(op) || op.getNumOperands() < 3)
      continue;
    Operation *layer = quantizedLayers.lookup(describeLocation(op.getLoc()));
    DenseElementsAttr stored;
    if (!layer || layer->getNumOperands() < 3 ||
        !matchPattern(layer->getOperand(2), m_Constant(&stored)))
      continue;
    std::vector<float> values;
    for (auto [channel, value] : enumerate(stored.getValues<APInt>()))
      values.push_back(static_cast<float>(value.getSExtValue() *
                                          accumulatorScale(layer, channel)));
    OpBuilder builder(&op);
    auto type = cast<RankedTensorType>(op.getOperand(2).getType());
    op.setOperand(2, arith::ConstantOp::create(
                         builder, op.getLoc(),
                         DenseElementsAttr::get(type, ArrayRef(values))));
  }
}

Expected<std::unique_ptr<LayerPredictor>>
LayerPredictor::create(const Compilation &compilation) {
  std::unique_ptr<LayerPredictor> predictor(new LayerPredictor());
  Expected<OwningOpRef<ModuleOp>> quantized =
      compilation.moduleAt(Stage::Quantized);
  if (!quantized)
    return quantized.takeError();
  predictor->quantizedModule = std::move(*quantized);
  for (Operation &op : entryOf(*predictor->quantizedModule).getBody().front())
    if (isLayer(&op))
      predictor->quantizedLayers.try_emplace(describeLocation(op.getLoc()),
                                             &op);
  Expected<OwningOpRef<ModuleOp>> cut =
      compilation.moduleAt(Stage::FakeQuantized);
  if (!cut)
    return cut.takeError();
  size_t ownOutputs = entryOf(**cut).getNumResults();
  cutLayers(entryOf(**cut), predictor->inputLayers, predictor->outputLayers);
  OwningOpRef<ModuleOp> rounded = (*cut)->clone();
  roundBiases(entryOf(*rounded), predictor->quantizedLayers);

  const std::string &path = compilation.source().path;
  for (auto [module, runner] :
       {std::make_pair(&*cut, &predictor->withBias),
        std::make_pair(&rounded, &predictor->withRoundedBias)}) {
    Expected<std::unique_ptr<StageRunner>> made =
        makeCompiledRunner(std::move(*module), path, ownOutputs);
    if (!made)
      return made.takeError();
    *runner = std::move(*made);
  }
  return predictor;
}

/// Attributes the differences of one layer. `predicted` and `rounded` are the
/// predictions with the model's and with the rounded bias.
static LayerAttribution attributeLayer(Operation *layer,
                                       ArrayRef<int64_t> actual,
                                       ArrayRef<int64_t> predicted,
                                       ArrayRef<int64_t> rounded,
                                       ArrayRef<int64_t> input) {
  LayerAttribution result;
  result.values = actual.size();
  for (size_t i = 0; i < actual.size(); ++i) {
    if (actual[i] == predicted[i])
      continue;
    uint64_t steps = std::abs(actual[i] - predicted[i]);
    result.largestSteps = std::max(result.largestSteps, steps);
    if (actual[i] == rounded[i]) {
      ++result.bias;
      continue;
    }
    std::optional<int64_t> ideal =
        input.empty() ? std::nullopt : idealStoredValue(layer, i, input);
    if (ideal && *ideal == actual[i])
      ++result.accumulation;
    else
      ++result.requantization;
  }
  return result;
}

Expected<StringMap<LayerAttribution>>
LayerPredictor::attribute(const StageRunner &quantized,
                          ArrayRef<TensorBytes> inputs,
                          ArrayRef<TensorBytes> values) const {
  // Every value of the quantized model, by the name of its layer.
  StringMap<std::pair<const TensorSpec *, const TensorBytes *>> known;
  for (auto [spec, bytes] : zip_equal(quantized.inputs(), inputs))
    known[spec.name] = {&spec, &bytes};
  for (size_t i = quantized.modelOutputs(); i < values.size(); ++i)
    known.try_emplace(quantized.outputs()[i].name,
                      std::make_pair(&quantized.outputs()[i], &values[i]));
  std::vector<TensorBytes> cutInputs;
  for (auto [name, spec] : zip_equal(inputLayers, withBias->inputs())) {
    auto place = known.find(name);
    cutInputs.push_back(
        place == known.end()
            ? TensorBytes(spec.bytes())
            : encodeReals(spec, realValues(*place->second.first,
                                           *place->second.second)));
  }
  Expected<std::vector<TensorBytes>> predicted = withBias->run(cutInputs);
  if (!predicted)
    return predicted.takeError();
  Expected<std::vector<TensorBytes>> rounded = withRoundedBias->run(cutInputs);
  if (!rounded)
    return rounded.takeError();

  StringMap<LayerAttribution> result;
  for (auto [index, name] : enumerate(outputLayers)) {
    auto place = known.find(name);
    Operation *layer = quantizedLayers.lookup(name);
    if (place == known.end() || !layer || !place->second.first->quantizedType())
      continue;
    const TensorSpec &spec = *place->second.first;
    size_t output = withBias->modelOutputs() + index;
    const TensorSpec &real = withBias->outputs()[output];
    auto stored = [&](const TensorBytes &bytes) {
      return storedValues(spec, encodeReals(spec, realValues(real, bytes)));
    };
    std::vector<int64_t> input;
    std::string inputName = nameOfValue(
        layer->getOperand(0),
        entryOf(*const_cast<LayerPredictor *>(this)->quantizedModule));
    if (auto source = known.find(inputName);
        source != known.end() && source->second.first->quantizedType())
      input = storedValues(*source->second.first, *source->second.second);
    result[name] = attributeLayer(
        layer, storedValues(spec, *place->second.second),
        stored((*predicted)[output]), stored((*rounded)[output]), input);
  }
  return result;
}
