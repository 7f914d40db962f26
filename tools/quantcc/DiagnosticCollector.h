//===- DiagnosticCollector.h - Diagnostics as one error ---------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Turns what MLIR reports into one error for the user.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_TOOLS_QUANTCC_DIAGNOSTICCOLLECTOR_H
#define QUANTCC_TOOLS_QUANTCC_DIAGNOSTICCOLLECTOR_H

#include <llvm/Support/Error.h>
#include <mlir/IR/Diagnostics.h>
#include <optional>
#include <string>

namespace quantcc {

/// While it lives, keeps the first error that the context reports, and prints
/// remarks and warnings to the standard error stream, each of them once.
class DiagnosticCollector {
public:
  /// `file` is what the errors are about: it starts the message.
  DiagnosticCollector(mlir::MLIRContext *context, llvm::StringRef file);

  /// The first error that was reported, or `fallback` if there was none.
  llvm::Error takeError(const llvm::Twine &fallback);

private:
  mlir::LogicalResult handle(mlir::Diagnostic &diagnostic);

  std::string file;
  std::optional<std::string> firstError;
  mlir::ScopedDiagnosticHandler handler;
};

/// Prints `line` to the standard error stream, unless it has been printed: a
/// command may bring its model to a stage more than once, for the target and to
/// be judged here.
void printOnce(const std::string &line);

/// Where `location` is, as a user knows it: the name of a layer, or a line of a
/// source file. Empty where nothing is known.
std::string describeLocation(mlir::Location location);

} // namespace quantcc

#endif // QUANTCC_TOOLS_QUANTCC_DIAGNOSTICCOLLECTOR_H
