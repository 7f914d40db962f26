//===- StageContract.h - What holds after a stage ------------- -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The stages that have a contract, and its verification.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_VERIFICATION_STAGECONTRACT_H
#define QUANTCC_VERIFICATION_STAGECONTRACT_H

#include "quantcc/Verification/Stage.h"

#include <mlir/IR/BuiltinOps.h>

namespace quantcc {

/// Verifies the contract that VerifyStage's page states, of a stage up to
/// Integer: later ones consist of upstream ops alone. Emits one error, on
/// the first op in the module's order that breaks it. With `integerOnly`, a
/// float island in the integer stage is such an op.
mlir::LogicalResult verifyStage(mlir::ModuleOp module, Stage stage,
                                bool integerOnly = false);

} // namespace quantcc

#endif // QUANTCC_VERIFICATION_STAGECONTRACT_H
