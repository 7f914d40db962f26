//===- Stage.h - The stages of a compilation --------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The named stages a model goes through, in order.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_VERIFICATION_STAGE_H
#define QUANTCC_VERIFICATION_STAGE_H

#include <llvm/ADT/StringRef.h>
#include <optional>

namespace quantcc {

/// What the IR is, from the imported model to the object file. docs/
/// Architecture.md gives each stage's contract.
enum class Stage {
  Imported,
  Observed,
  Calibrated,
  FakeQuantized,
  Quantized,
  Integer,
  LaidOut,
  Scheduled,
  Object,
};

/// The stage's name as pipelines and options spell it: `fake-quantized`.
llvm::StringRef stringifyStage(Stage stage);

/// The stage of that name, or none.
std::optional<Stage> symbolizeStage(llvm::StringRef name);

} // namespace quantcc

#endif // QUANTCC_VERIFICATION_STAGE_H
