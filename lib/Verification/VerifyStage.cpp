//===- VerifyStage.cpp - The stage verifier -------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The pass that verifies a stage's contract.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Verification/Passes.h"
#include "quantcc/Verification/StageContract.h"

namespace quantcc {
#define GEN_PASS_DEF_VERIFYSTAGE
#include "quantcc/Verification/Passes.h.inc"
} // namespace quantcc

using namespace mlir;
using namespace quantcc;

namespace {

struct VerifyStagePass
    : public quantcc::impl::VerifyStageBase<VerifyStagePass> {
  using VerifyStageBase::VerifyStageBase;

  /// A stage's bare name stands for the option that holds it.
  LogicalResult initializeOptions(
      StringRef options,
      llvm::function_ref<LogicalResult(const Twine &)> onError) override {
    bool isBare = symbolizeStage(options.split(' ').first).has_value();
    std::string full = (Twine(isBare ? "stage=" : "") + options).str();
    return VerifyStageBase::initializeOptions(full, onError);
  }

  void runOnOperation() override {
    std::optional<Stage> contract = symbolizeStage(stage);
    if (!contract || *contract > Stage::Integer) {
      getOperation().emitError()
          << "expected the name of a stage, found '" << stage << "'";
      return signalPassFailure();
    }
    if (failed(verifyStage(getOperation(), *contract, integerOnly)))
      return signalPassFailure();
    markAllAnalysesPreserved();
  }
};

} // namespace
