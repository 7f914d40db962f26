//===- Compilation.cpp - From a model to any stage ------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Brings a loaded model to the stage a command asks for.
//
//===----------------------------------------------------------------------===//

#include "Compilation.h"

#include "DiagnosticCollector.h"
#include "quantcc/Codegen/CodegenPipeline.h"
#include "quantcc/Target/ModelDescription.h"
#include "quantcc/Transforms/Passes.h"

#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Pass/PassManager.h>

using namespace llvm;
using namespace mlir;
using namespace quantcc;

static QuantizationOptions optionsOf(const CommandLine &line) {
  QuantizationOptions options;
  const QuantizationChoice &choice = line.quantization;
  options.calibrationFile = choice.ranges;
  options.estimator = choice.estimator;
  options.recipeFile = choice.recipe;
  options.exclude = choice.exclude;
  options.symmetricActivations = choice.symmetricActivations;
  options.perTensorWeights = choice.perTensorWeights;
  options.narrowRange = choice.narrowRange;
  options.equalizeChannels = choice.equalizeChannels;
  options.correctBias = choice.correctBias;
  options.integerOnly = line.integerOnly;
  return options;
}

/// Refuses options of quantization where nothing is left to quantize.
static llvm::Error checkApplicable(const CommandLine &line,
                                   const Model &model) {
  const QuantizationChoice &choice = line.quantization;
  bool choosesRanges = !choice.samples.empty() || !choice.ranges.empty() ||
                       !choice.estimator.empty();
  bool choosesForm = !choice.recipe.empty() || !choice.exclude.empty() ||
                     choice.symmetricActivations || choice.perTensorWeights ||
                     choice.narrowRange || !choice.equalizeChannels ||
                     !choice.correctBias;
  if (choosesRanges && model.stage == Stage::Calibrated)
    return createStringError(inconvertibleErrorCode(),
                             line.model() +
                                 ": the model already has its ranges, so that "
                                 "calibration options do not apply");
  if ((choosesRanges || choosesForm) && model.stage >= Stage::FakeQuantized)
    return createStringError(inconvertibleErrorCode(),
                             line.model() +
                                 ": the model is already quantized, "
                                 "so that calibration and "
                                 "quantization options do not apply");
  return llvm::Error::success();
}

Expected<Compilation> Compilation::create(const CommandLine &line, Stage last,
                                          MLIRContext *context,
                                          PhaseTimes *times) {
  std::optional<PhaseScope> phase(std::in_place, times, "import");
  Expected<Model> model = loadModel(line.model(), context);
  phase.reset();
  if (!model)
    return model.takeError();
  if (llvm::Error error = checkApplicable(line, *model))
    return std::move(error);
  Compilation compilation;
  compilation.model = std::move(*model);
  compilation.options = optionsOf(line);
  compilation.threads = line.threads;
  compilation.times = times;
  bool needsRanges =
      compilation.model.stage == Stage::Imported && last >= Stage::Calibrated;
  if (!needsRanges)
    return compilation;
  const QuantizationChoice &choice = line.quantization;
  if (choice.samples.empty() && choice.ranges.empty())
    return createStringError(inconvertibleErrorCode(),
                             line.model() +
                                 ": a float model needs ranges to be "
                                 "quantized: give --calibrate or --ranges");
  if (choice.samples.empty()) {
    // If it cannot be read, the pass that reads it says so.
    if (auto buffer = MemoryBuffer::getFile(choice.ranges))
      compilation.hashOfRanges = hashContent((*buffer)->getBuffer());
    return compilation;
  }
  phase.emplace(times, "calibration");
  Expected<CalibrationFile> file =
      calibrateModel(compilation.model, choice.samples);
  if (!file)
    return file.takeError();
  std::string text;
  raw_string_ostream stream(text);
  file->print(stream);
  compilation.hashOfRanges = hashContent(text);
  compilation.options.calibration =
      std::make_shared<const CalibrationFile>(std::move(*file));
  return compilation;
}

Expected<OwningOpRef<ModuleOp>> Compilation::moduleAt(Stage stage) const {
  Stage from = model.stage;
  if (stage < from)
    return createStringError(inconvertibleErrorCode(),
                             model.path + ": the model is imported at stage '" +
                                 stringifyStage(from) + "', beyond '" +
                                 stringifyStage(stage) + "'");
  OwningOpRef<ModuleOp> module = model.get().clone();
  if (llvm::Error error = advance(*module, from, stage))
    return std::move(error);
  return module;
}

llvm::Error Compilation::advance(ModuleOp module, Stage from, Stage to) const {
  DiagnosticCollector diagnostics(module.getContext(), model.path);
  PhaseScope phase(times,
                   from < Stage::Quantized ? "quantization" : "integer stage");
  PassManager passes(module.getContext());
  buildPipeline(passes, from, to, options);
  if (failed(passes.run(module)))
    return diagnostics.takeError("the model cannot be brought to stage '" +
                                 stringifyStage(to) + "'");
  return llvm::Error::success();
}

llvm::Error quantcc::foldEdgeCasts(ModuleOp module, StringRef path) {
  DiagnosticCollector diagnostics(module.getContext(), path);
  PassManager passes(module.getContext());
  passes.addNestedPass<func::FuncOp>(createFoldEdgeCasts());
  if (failed(passes.run(module)))
    return diagnostics.takeError("the model's casts cannot be folded");
  return llvm::Error::success();
}

/// Makes every layer's result a result of the entry function.
static llvm::Error exposeLayers(ModuleOp module, StringRef path) {
  DiagnosticCollector diagnostics(module.getContext(), path);
  PassManager passes(module.getContext());
  passes.addNestedPass<func::FuncOp>(createStripObservers());
  passes.addNestedPass<func::FuncOp>(createExposeValues());
  if (failed(passes.run(module)))
    return diagnostics.takeError("the layers' values cannot be exposed");
  return llvm::Error::success();
}

Expected<std::unique_ptr<StageRunner>>
Compilation::runnerAt(Stage stage, bool shouldExposeLayers) const {
  Stage moduleStage = std::min(stage, Stage::Integer);
  // Exposed layers are those of the prepared float model: fused like the
  // quantized one. The integer stage has no layers; they are exposed before it.
  if (stage == Stage::Imported && shouldExposeLayers)
    moduleStage = Stage::Observed;
  else if (moduleStage == Stage::Integer && shouldExposeLayers)
    moduleStage = Stage::Quantized;
  Expected<OwningOpRef<ModuleOp>> module = moduleAt(moduleStage);
  if (!module)
    return module.takeError();
  if (stage == Stage::Quantized &&
      (!shouldExposeLayers || !findFloatIsland(**module)))
    return makeInterpretingRunner(std::move(*module), model.path,
                                  shouldExposeLayers);
  size_t ownOutputs = entryOf(**module).getNumResults();
  if (shouldExposeLayers) {
    if (llvm::Error error = exposeLayers(**module, model.path))
      return std::move(error);
    // The interpreter computes no floats: layers beside an island come out of
    // the integer stage.
    if (moduleStage == Stage::Quantized) {
      DiagnosticCollector diagnostics((*module)->getContext(), model.path);
      PassManager passes((*module)->getContext());
      buildPipeline(passes, Stage::Quantized, Stage::Integer, options);
      if (failed(passes.run(**module)))
        return diagnostics.takeError("the model cannot be lowered");
    }
  }
  if (stage == Stage::Object)
    return makeObjectRunner(std::move(*module), model.path, ownOutputs,
                            threads);
  return makeCompiledRunner(std::move(*module), model.path, ownOutputs);
}

Expected<std::unique_ptr<StageRunner>>
Compilation::interpreterOf(Stage stage, const TargetInfo *target) const {
  Expected<OwningOpRef<ModuleOp>> module = moduleAt(stage);
  if (!module)
    return module.takeError();
  if (target) {
    DiagnosticCollector diagnostics((*module)->getContext(), model.path);
    PassManager passes((*module)->getContext());
    buildLayoutPipeline(passes, *target);
    if (failed(passes.run(**module)))
      return diagnostics.takeError("the model cannot be laid out");
  }
  return makeInterpretingRunner(std::move(*module), model.path);
}
