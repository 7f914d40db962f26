//===- CalibrateCommand.cpp - quantcc calibrate ---------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Measures the ranges of a float model over samples, and merges measurements.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Compilation.h"
#include "DiagnosticCollector.h"
#include "SampleLoop.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Transforms/Passes.h"

#include <llvm/ADT/StringSet.h>
#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Pass/PassManager.h>

using namespace llvm;
using namespace mlir;
using namespace quantcc;

namespace {

/// The float model with each observed value as a further output, and the
/// channels to tell apart of each of these: 0 for none.
struct ObservedModel {
  std::unique_ptr<StageRunner> runner;
  std::vector<size_t> channels;
};

} // namespace

/// Whether a layer with weights reads the value: there it matters how unequal
/// its channels are.
static bool isReadWithWeights(Value value) {
  return any_of(value.getUses(), [](OpOperand &use) {
    auto layer = dyn_cast<QuantizableOpInterface>(use.getOwner());
    auto hasRole = [&](OpOperand &operand, OperandRole role) {
      return layer.getOperandRole(operand.getOperandNumber()) == role;
    };
    return layer && hasRole(use, OperandRole::Activation) &&
           any_of(use.getOwner()->getOpOperands(), [&](OpOperand &operand) {
             return hasRole(operand, OperandRole::Weight);
           });
  });
}

static Expected<ObservedModel> makeObservedModel(const Model &model) {
  OwningOpRef<ModuleOp> module = model.get().clone();
  DiagnosticCollector diagnostics(module->getContext(), model.path);
  size_t ownOutputs = entryOf(*module).getNumResults();
  PassManager observing(module->getContext());
  buildObservedPipeline(observing);
  if (failed(observing.run(*module)))
    return diagnostics.takeError("the model cannot be observed");
  llvm::StringSet<> readWithWeights;
  module->walk([&](ObserveOp observe) {
    if (isReadWithWeights(observe.getResult()))
      readWithWeights.insert(observe.getName());
  });
  PassManager exposing(module->getContext());
  exposing.addNestedPass<func::FuncOp>(createExposeObserved());
  if (failed(exposing.run(*module)))
    return diagnostics.takeError("the model cannot be observed");
  ObservedModel observed;
  for (const TensorSpec &spec : outputSpecs(entryOf(*module)))
    observed.channels.push_back(
        readWithWeights.contains(spec.name) ? spec.shape.back() : 0);
  Expected<std::unique_ptr<StageRunner>> runner =
      makeCompiledRunner(std::move(module), model.path, ownOutputs);
  if (!runner)
    return runner.takeError();
  observed.runner = std::move(*runner);
  return observed;
}

Expected<CalibrationFile> quantcc::calibrateModel(const Model &model,
                                                  StringRef samples) {
  if (model.stage > Stage::Calibrated)
    return createStringError(inconvertibleErrorCode(),
                             model.path + ": the model is already quantized, "
                                          "so that there is nothing to "
                                          "calibrate");
  Expected<ObservedModel> observed = makeObservedModel(model);
  if (!observed)
    return observed.takeError();
  const StageRunner &runner = *observed->runner;
  Expected<std::unique_ptr<SampleSource>> source =
      SampleSource::open(samples, runner.inputs(), SampleKind::Real);
  if (!source)
    return source.takeError();

  // Each worker gathers its own statistics; merging them is exact, so that it
  // does not matter which worker saw which sample.
  std::vector<CalibrationFile> shards(workerCount());
  std::vector<bool> used(shards.size());
  size_t own = runner.modelOutputs();
  auto observe = [&](size_t, ArrayRef<TensorBytes> inputs,
                     size_t worker) -> llvm::Error {
    Expected<std::vector<TensorBytes>> outputs = runner.run(inputs);
    if (!outputs)
      return outputs.takeError();
    for (auto [spec, channels, bytes] : drop_begin(
             zip_equal(runner.outputs(), observed->channels, *outputs), own))
      if (llvm::Error error = shards[worker].addSample(
              spec.name,
              ArrayRef(reinterpret_cast<const float *>(bytes.data()),
                       spec.elements()),
              channels))
        return error;
    used[worker] = true;
    return llvm::Error::success();
  };
  if (llvm::Error error =
          forEachSample(**source, "calibrating", observe, runner.isStateful()))
    return createStringError(inconvertibleErrorCode(),
                             model.path + ": " + toString(std::move(error)));
  std::optional<CalibrationFile> result;
  for (auto [shard, isUsed] : zip_equal(shards, used)) {
    if (!isUsed)
      continue;
    if (!result)
      result = std::move(shard);
    else if (llvm::Error error = result->merge(shard))
      return std::move(error);
  }
  return std::move(*result);
}

/// Writes what was measured and, if asked, says so.
static llvm::Error writeCalibration(const CommandLine &line,
                                    const CalibrationFile &file) {
  if (llvm::Error error = file.write(line.output))
    return error;
  if (line.json)
    outs() << formatv(
        "{0:2}\n", json::Value(json::Object{
                       {"tensors", static_cast<int64_t>(file.tensors.size())},
                       {"output", line.output}}));
  return llvm::Error::success();
}

static llvm::Error mergeFiles(const CommandLine &line) {
  std::optional<CalibrationFile> merged;
  for (const std::string &path : line.files) {
    Expected<CalibrationFile> file = CalibrationFile::read(path);
    if (!file)
      return file.takeError();
    if (!merged)
      merged = std::move(*file);
    else if (llvm::Error error = merged->merge(*file))
      return createStringError(inconvertibleErrorCode(),
                               path + ": " + toString(std::move(error)));
  }
  return writeCalibration(line, *merged);
}

llvm::Error quantcc::runCalibrateCommand(const CommandLine &line,
                                         MLIRContext *context) {
  if (line.merge)
    return mergeFiles(line);
  Expected<Model> model = loadModel(line.model(), context);
  if (!model)
    return model.takeError();
  Expected<CalibrationFile> file = calibrateModel(*model, line.samples);
  if (!file)
    return file.takeError();
  return writeCalibration(line, *file);
}
