//===- Pipelines.cpp - One pipeline a stage -------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The passes that bring a model from each stage to the next.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Pipelines/Pipelines.h"

#include "quantcc/Codegen/CodegenPipeline.h"
#include "quantcc/Conversion/Passes.h"
#include "quantcc/Transforms/Passes.h"
#include "quantcc/Verification/Passes.h"

#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Pass/PassOptions.h>
#include <mlir/Pass/PassRegistry.h>
#include <mlir/Transforms/Passes.h>

using namespace mlir;
using namespace quantcc;

/// Ends the pipeline to `stage` with the proof that its contract holds.
static void addVerification(OpPassManager &passes, Stage stage,
                            bool integerOnly = false) {
  VerifyStageOptions options;
  options.stage = stringifyStage(stage).str();
  options.integerOnly = integerOnly;
  passes.addPass(createVerifyStage(options));
}

void quantcc::buildImportedPipeline(OpPassManager &passes) {
  passes.addNestedPass<func::FuncOp>(createImportTosa());
  passes.addPass(createCanonicalizerPass());
}

void quantcc::buildObservedPipeline(OpPassManager &passes) {
  passes.addNestedPass<func::FuncOp>(createFoldBatchNorm());
  passes.addNestedPass<func::FuncOp>(createFuseClamps());
  passes.addPass(createCanonicalizerPass());
  passes.addNestedPass<func::FuncOp>(createPoolsToMeans());
  passes.addNestedPass<func::FuncOp>(createInsertObservers());
  addVerification(passes, Stage::Observed);
}

void quantcc::buildCalibratedPipeline(OpPassManager &passes,
                                      const QuantizationOptions &options) {
  ApplyCalibrationOptions calibration;
  calibration.file = options.calibrationFile;
  calibration.recipe = options.recipeFile;
  calibration.symmetricActivations = options.symmetricActivations;
  if (!options.estimator.empty())
    calibration.estimator = options.estimator;
  passes.addNestedPass<func::FuncOp>(
      options.calibration
          ? createApplyCalibration(options.calibration, calibration)
          : createApplyCalibration(calibration));
  passes.addNestedPass<func::FuncOp>(createPropagateRanges());
  passes.addNestedPass<func::FuncOp>(createUnifyScales());
  // One scale for all of a layer's weights could not take the factors up.
  if (options.equalizeChannels && !options.perTensorWeights) {
    EqualizeChannelsOptions equalize;
    equalize.recipe = options.recipeFile;
    passes.addNestedPass<func::FuncOp>(createEqualizeChannels(equalize));
  }
  addVerification(passes, Stage::Calibrated);
}

void quantcc::buildFakeQuantizedPipeline(OpPassManager &passes,
                                         const QuantizationOptions &options) {
  InsertFakeQuantizeOptions fakeQuantize;
  fakeQuantize.symmetricActivations = options.symmetricActivations;
  fakeQuantize.perTensorWeights = options.perTensorWeights;
  fakeQuantize.narrowRange = options.narrowRange;
  fakeQuantize.recipe = options.recipeFile;
  fakeQuantize.exclude.assign(options.exclude.begin(), options.exclude.end());
  passes.addNestedPass<func::FuncOp>(createInsertFakeQuantize(fakeQuantize));
  if (options.correctBias)
    passes.addNestedPass<func::FuncOp>(createCorrectBias());
  addVerification(passes, Stage::FakeQuantized);
}

void quantcc::buildQuantizedPipeline(OpPassManager &passes,
                                     const QuantizationOptions &options) {
  ConvertToQuantizedOptions convert;
  convert.rounding = options.rounding;
  convert.integerOnly = options.integerOnly;
  passes.addNestedPass<func::FuncOp>(createConvertToQuantized(convert));
  passes.addPass(createCanonicalizerPass());
  addVerification(passes, Stage::Quantized, options.integerOnly);
}

void quantcc::buildIntegerPipeline(OpPassManager &passes,
                                   const QuantizationOptions &options) {
  passes.addNestedPass<func::FuncOp>(createFoldEdgeCasts());
  passes.addPass(createConvertQuantizedToLinalg());
  passes.addPass(createCanonicalizerPass());
  addVerification(passes, Stage::Integer, options.integerOnly);
}

void quantcc::buildLoweringPipeline(OpPassManager &passes) {
  passes.addPass(createExpandIntegerOps());
  passes.addPass(createConvertFloatToLinalg());
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
}

void quantcc::buildLoweringPipeline(OpPassManager &passes,
                                    const TargetInfo &target) {
  buildLayoutPipeline(passes, target);
  buildLoweringPipeline(passes);
}

FailureOr<CompiledObject> quantcc::compileIntegerStage(ModuleOp module,
                                                       const TargetInfo &target,
                                                       PhaseTimes *times) {
  std::vector<TargetInfo> variants = variantsOf(target);
  if (variants.empty())
    variants.push_back(target);
  SmallVector<OwningOpRef<ModuleOp>> lowered;
  SmallVector<ModuleOp> modules;
  for (const TargetInfo &variant : variants) {
    lowered.push_back(module.clone());
    modules.push_back(*lowered.back());
    PassManager layout(module.getContext());
    buildLayoutPipeline(layout, variant);
    PassManager lowering(module.getContext());
    buildLoweringPipeline(lowering);
    auto run = [&](PassManager &passes, StringRef phase) {
      PhaseScope scope(times, phase);
      return passes.run(modules.back());
    };
    if (failed(run(layout, "kernels")) || failed(run(lowering, "lowering")))
      return failure();
  }
  return target.variants.empty() ? compileObject(modules.front(), target, times)
                                 : compileVariants(modules, target, times);
}

void quantcc::buildPipeline(OpPassManager &passes, Stage from, Stage to,
                            const QuantizationOptions &options) {
  assert(to <= Stage::Integer && "code generation has its own pipelines");
  auto isDue = [&](Stage stage) { return from < stage && stage <= to; };
  if (isDue(Stage::Observed))
    buildObservedPipeline(passes);
  if (isDue(Stage::Calibrated))
    buildCalibratedPipeline(passes, options);
  if (isDue(Stage::FakeQuantized))
    buildFakeQuantizedPipeline(passes, options);
  if (isDue(Stage::Quantized))
    buildQuantizedPipeline(passes, options);
  if (isDue(Stage::Integer))
    buildIntegerPipeline(passes, options);
}

namespace {

/// QuantizationOptions as a named pipeline's options.
struct StageOptions : PassPipelineOptions<StageOptions> {
  Option<std::string> ranges{
      *this, "ranges",
      llvm::cl::desc("calibration file that the ranges come from")};
  Option<std::string> estimator{
      *this, "estimator",
      llvm::cl::desc("how a range is chosen from statistics")};
  Option<std::string> recipe{*this, "recipe",
                             llvm::cl::desc("rules for parts of the model")};
  ListOption<std::string> exclude{
      *this, "exclude",
      llvm::cl::desc("shell patterns of layers that stay in float")};
  Option<bool> symmetricActivations{
      *this, "symmetric-activations",
      llvm::cl::desc("activations with zero point 0"), llvm::cl::init(false)};
  Option<bool> perTensorWeights{*this, "per-tensor-weights",
                                llvm::cl::desc("one scale a weight tensor"),
                                llvm::cl::init(false)};
  Option<bool> narrowRange{
      *this, "narrow-range",
      llvm::cl::desc("activations without the lowest stored value"),
      llvm::cl::init(false)};
  Option<bool> equalizeChannels{
      *this, "equalize-channels",
      llvm::cl::desc("bring channels before depthwise convolutions to one "
                     "range"),
      llvm::cl::init(true)};
  Option<bool> correctBias{
      *this, "correct-bias",
      llvm::cl::desc("make up for the mean error of rounded weights"),
      llvm::cl::init(true)};
  Option<bool> integerOnly{*this, "integer-only",
                           llvm::cl::desc("refuse parts that stay in float"),
                           llvm::cl::init(false)};

  QuantizationOptions toOptions() const {
    QuantizationOptions options;
    options.calibrationFile = ranges;
    options.estimator = estimator;
    options.recipeFile = recipe;
    options.exclude.assign(exclude.begin(), exclude.end());
    options.symmetricActivations = symmetricActivations;
    options.perTensorWeights = perTensorWeights;
    options.narrowRange = narrowRange;
    options.equalizeChannels = equalizeChannels;
    options.correctBias = correctBias;
    options.integerOnly = integerOnly;
    return options;
  }
};

} // namespace

void quantcc::registerPipelines() {
  // Pipelines live as long as the program, so their registrations may.
  static PassPipelineRegistration<> imported(
      "quantcc-to-imported", "Turn any input form into network ops",
      buildImportedPipeline);
  static PassPipelineRegistration<> observed(
      "quantcc-to-observed", "From the imported to the observed stage",
      buildObservedPipeline);
  static PassPipelineRegistration<StageOptions> calibrated(
      "quantcc-to-calibrated", "From the observed to the calibrated stage",
      [](OpPassManager &passes, const StageOptions &options) {
        buildCalibratedPipeline(passes, options.toOptions());
      });
  static PassPipelineRegistration<StageOptions> fakeQuantized(
      "quantcc-to-fake-quantized",
      "From the calibrated to the fake-quantized stage",
      [](OpPassManager &passes, const StageOptions &options) {
        buildFakeQuantizedPipeline(passes, options.toOptions());
      });
  static PassPipelineRegistration<StageOptions> quantized(
      "quantcc-to-quantized", "From the fake-quantized to the quantized stage",
      [](OpPassManager &passes, const StageOptions &options) {
        buildQuantizedPipeline(passes, options.toOptions());
      });
  static PassPipelineRegistration<StageOptions> integer(
      "quantcc-to-integer", "From the quantized to the integer stage",
      [](OpPassManager &passes, const StageOptions &options) {
        buildIntegerPipeline(passes, options.toOptions());
      });
  static PassPipelineRegistration<> lowered(
      "quantcc-to-linalg",
      "From a float stage or the integer stage to linalg and arith",
      [](OpPassManager &passes) { buildLoweringPipeline(passes); });
}
