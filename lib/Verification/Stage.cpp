//===- Stage.cpp - The stages of a compilation ----------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The names of the stages.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Verification/Stage.h"

#include <llvm/ADT/StringSwitch.h>
#include <llvm/Support/ErrorHandling.h>

using namespace quantcc;

llvm::StringRef quantcc::stringifyStage(Stage stage) {
  switch (stage) {
  case Stage::Imported:
    return "imported";
  case Stage::Observed:
    return "observed";
  case Stage::Calibrated:
    return "calibrated";
  case Stage::FakeQuantized:
    return "fake-quantized";
  case Stage::Quantized:
    return "quantized";
  case Stage::Integer:
    return "integer";
  case Stage::LaidOut:
    return "laid-out";
  case Stage::Scheduled:
    return "scheduled";
  case Stage::Object:
    return "object";
  }
  llvm_unreachable("every stage has a name");
}

std::optional<Stage> quantcc::symbolizeStage(llvm::StringRef name) {
  return llvm::StringSwitch<std::optional<Stage>>(name)
      .Case("imported", Stage::Imported)
      .Case("observed", Stage::Observed)
      .Case("calibrated", Stage::Calibrated)
      .Case("fake-quantized", Stage::FakeQuantized)
      .Case("quantized", Stage::Quantized)
      .Case("integer", Stage::Integer)
      .Case("laid-out", Stage::LaidOut)
      .Case("scheduled", Stage::Scheduled)
      .Case("object", Stage::Object)
      .Default(std::nullopt);
}
