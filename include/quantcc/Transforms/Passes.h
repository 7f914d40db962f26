//===- Passes.h - Quantizing transformations --------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The passes that take a float model to the quantized stage. Passes.td
// documents them, in the order in which they run.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_TRANSFORMS_PASSES_H
#define QUANTCC_TRANSFORMS_PASSES_H

#include "quantcc/Support/Rounding.h"

#include <memory>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Pass/Pass.h>
#include <string>

namespace quantcc {

class CalibrationFile;

#define GEN_PASS_DECL
#include "quantcc/Transforms/Passes.h.inc"

/// The pass with a calibration that is in memory, in place of the option
/// `file`.
std::unique_ptr<mlir::Pass>
createApplyCalibration(std::shared_ptr<const CalibrationFile> calibration,
                       ApplyCalibrationOptions options);

#define GEN_PASS_REGISTRATION
#include "quantcc/Transforms/Passes.h.inc"

} // namespace quantcc

#endif // QUANTCC_TRANSFORMS_PASSES_H
