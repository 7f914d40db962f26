//===- Commands.h - The commands of quantcc ---------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One function a command. Each prints its result to the standard output and
// returns the error that ended it otherwise.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_TOOLS_QUANTCC_COMMANDS_H
#define QUANTCC_TOOLS_QUANTCC_COMMANDS_H

#include "CommandLine.h"

#include <llvm/Support/Error.h>
#include <mlir/IR/MLIRContext.h>

namespace quantcc {

llvm::Error runCompileCommand(const CommandLine &line,
                              mlir::MLIRContext *context);
llvm::Error runCalibrateCommand(const CommandLine &line,
                                mlir::MLIRContext *context);
llvm::Error runRunCommand(const CommandLine &line, mlir::MLIRContext *context);
llvm::Error runEvaluateCommand(const CommandLine &line,
                               mlir::MLIRContext *context);
llvm::Error runCompareCommand(const CommandLine &line,
                              mlir::MLIRContext *context);
llvm::Error runReportCommand(const CommandLine &line,
                             mlir::MLIRContext *context);
llvm::Error runBenchCommand(const CommandLine &line,
                            mlir::MLIRContext *context);

} // namespace quantcc

#endif // QUANTCC_TOOLS_QUANTCC_COMMANDS_H
