//===- Pipelines.h - One pipeline a stage -----------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The passes that bring a model from each stage to the next. The driver, the
// named pipelines of quant-opt and embedding compilers build from these.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_PIPELINES_PIPELINES_H
#define QUANTCC_PIPELINES_PIPELINES_H

#include "quantcc/Codegen/CompileObject.h"
#include "quantcc/Codegen/TargetInfo.h"
#include "quantcc/Support/Rounding.h"
#include "quantcc/Verification/Stage.h"

#include <memory>
#include <mlir/Pass/PassManager.h>
#include <string>
#include <vector>

namespace quantcc {

class CalibrationFile;

/// How a float model is quantized.
struct QuantizationOptions {
  /// The calibration file that the ranges come from, or else its content.
  std::string calibrationFile;
  std::shared_ptr<const CalibrationFile> calibration;
  /// How a range is chosen from statistics; empty for the default.
  std::string estimator;
  /// Rules for parts of the model; empty for none.
  std::string recipeFile;
  /// Shell patterns of names of layers that stay in floating point.
  std::vector<std::string> exclude;
  bool symmetricActivations = false;
  bool perTensorWeights = false;
  bool narrowRange = false;
  /// Whether channels before depthwise convolutions are brought to one range,
  /// and biases make up for the rounding of weights, where calibration told the
  /// channels apart.
  bool equalizeChannels = true;
  bool correctBias = true;
  /// Whether a part that stays in floating point is an error.
  bool integerOnly = false;
  Rounding rounding = Rounding::Single;
};

/// Any input form to imported: tosa becomes network ops.
void buildImportedPipeline(mlir::OpPassManager &passes);

/// imported to observed: multiply-adds folded into weights, clamps fused, pools
/// over whole images made means, and an observer on each quantizable value.
void buildObservedPipeline(mlir::OpPassManager &passes);

/// observed to calibrated: every observer gets a range.
void buildCalibratedPipeline(mlir::OpPassManager &passes,
                             const QuantizationOptions &options);

/// calibrated to fake-quantized.
void buildFakeQuantizedPipeline(mlir::OpPassManager &passes,
                                const QuantizationOptions &options);

/// fake-quantized to quantized.
void buildQuantizedPipeline(mlir::OpPassManager &passes,
                            const QuantizationOptions &options);

/// quantized to integer.
void buildIntegerPipeline(mlir::OpPassManager &passes,
                          const QuantizationOptions &options);

/// The float stages or the integer stage to linalg and arith alone, as code
/// generation takes it.
void buildLoweringPipeline(mlir::OpPassManager &passes);

/// The same for `target`: layers that it has kernels for become such.
void buildLoweringPipeline(mlir::OpPassManager &passes,
                           const TargetInfo &target);

/// Lowers `module`, which is at the integer stage and stays so, and compiles it
/// for `target`: once for each of its variants, if it has any. On failure, an
/// error has been emitted. What the phases take is added to `times`.
mlir::FailureOr<CompiledObject>
compileIntegerStage(mlir::ModuleOp module, const TargetInfo &target,
                    PhaseTimes *times = nullptr);

/// The passes from `from` to `to`, both at most Stage::Integer.
void buildPipeline(mlir::OpPassManager &passes, Stage from, Stage to,
                   const QuantizationOptions &options);

/// Registers quantcc-to-observed, quantcc-to-calibrated, ...: for each stage
/// the pipeline from the stage before it.
void registerPipelines();

} // namespace quantcc

#endif // QUANTCC_PIPELINES_PIPELINES_H
