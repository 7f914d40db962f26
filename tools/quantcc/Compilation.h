//===- Compilation.h - From a model to any stage ----------------*- C++ -*-===//
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

#ifndef QUANTCC_TOOLS_QUANTCC_COMPILATION_H
#define QUANTCC_TOOLS_QUANTCC_COMPILATION_H

#include "CommandLine.h"
#include "Model.h"
#include "StageRunner.h"
#include "quantcc/Calibration/CalibrationFile.h"
#include "quantcc/Pipelines/Pipelines.h"

#include <memory>

namespace quantcc {

/// Runs the observed form of the float model over all samples of a file and
/// gathers the statistics of every observed value. Memory does not grow with
/// the number of samples, and the result does not depend on their order.
llvm::Expected<CalibrationFile> calibrateModel(const Model &model,
                                               llvm::StringRef samples);

/// A model, and how it is to be quantized.
class Compilation {
public:
  /// Loads the model and, where quantizing it needs ranges and samples are
  /// given, calibrates it. Errors: also where ranges are needed for `last`, the
  /// furthest stage that will be asked for, and none are given.
  /// What the phases take is added to `times`, then and later.
  static llvm::Expected<Compilation> create(const CommandLine &line, Stage last,
                                            mlir::MLIRContext *context,
                                            PhaseTimes *times = nullptr);

  const Model &source() const { return model; }
  /// Null if nobody asked for them.
  PhaseTimes *phaseTimes() const { return times; }
  /// SHA-256 of the calibration file that the ranges are from, or would be if
  /// it had been written; empty where the model has its own.
  const std::string &rangesHash() const { return hashOfRanges; }
  /// Whether the model came with quantized ops: then there are no float stages.
  bool isQuantizedAtSource() const { return model.isQuantized(); }

  /// A copy of the model at `stage`, at most Stage::Integer.
  llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>> moduleAt(Stage stage) const;

  /// A runner at `stage`; Stage::Imported runs the float model. Stage::Object
  /// runs with as many threads as the command line says. With `exposeLayers`
  /// every layer's result is an output too.
  llvm::Expected<std::unique_ptr<StageRunner>>
  runnerAt(Stage stage, bool exposeLayers = false) const;

  /// A runner that interprets `stage`, Quantized or Integer; with `target`, the
  /// integer stage laid out for it.
  llvm::Expected<std::unique_ptr<StageRunner>>
  interpreterOf(Stage stage, const TargetInfo *target = nullptr) const;

  /// Takes `module`, which moduleAt made, from stage `from` to `to`.
  llvm::Error advance(mlir::ModuleOp module, Stage from, Stage to) const;

private:
  Model model;
  std::string hashOfRanges;
  QuantizationOptions options;
  unsigned threads = 0;
  PhaseTimes *times = nullptr;
};

/// Makes the entry of `module`, read from `path` and at the quantized stage,
/// one of stored values, as the compiled model's is.
llvm::Error foldEdgeCasts(mlir::ModuleOp module, llvm::StringRef path);

} // namespace quantcc

#endif // QUANTCC_TOOLS_QUANTCC_COMPILATION_H
