//===- quantcc.cpp - The quantization compiler ----------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The program: parses the command line and runs the command.
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"
#include "Commands.h"
#include "quantcc/Pipelines/Registration.h"
#include "quantcc/Target/SizeLimits.h"

#include <csignal>
#include <llvm/Support/InitLLVM.h>
#include <llvm/Support/raw_ostream.h>
#include <mlir/IR/DialectRegistry.h>
#include <mlir/IR/MLIRContext.h>

using namespace quantcc;

static llvm::Error runCommand(const CommandLine &line,
                              mlir::MLIRContext *context) {
  switch (line.command) {
  case Command::Compile:
    return runCompileCommand(line, context);
  case Command::Calibrate:
    return runCalibrateCommand(line, context);
  case Command::Run:
    return runRunCommand(line, context);
  case Command::Evaluate:
    return runEvaluateCommand(line, context);
  case Command::Compare:
    return runCompareCommand(line, context);
  case Command::Report:
    return runReportCommand(line, context);
  case Command::Bench:
    return runBenchCommand(line, context);
  }
  llvm_unreachable("every command is handled");
}

/// Prints `error` as the one line a user sees, and the notes it may have.
static int fail(llvm::Error error) {
  std::vector<std::string> notes;
  error = llvm::handleErrors(
      std::move(error),
      [&](std::unique_ptr<SizeLimitError> limit) -> llvm::Error {
        notes = limit->getNotes();
        return llvm::Error(std::move(limit));
      });
  std::string message = llvm::toString(std::move(error));
  std::replace(message.begin(), message.end(), '\n', ' ');
  llvm::errs() << "error: " << message << "\n";
  for (const std::string &note : notes)
    llvm::errs() << "note: " << note << "\n";
  return 1;
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
#ifdef SIGXFSZ
  // A file that may not grow is an error of the write, not a crash.
  std::signal(SIGXFSZ, SIG_IGN);
#endif
  llvm::Expected<CommandLine> line =
      parseCommandLine(argc, const_cast<const char **>(argv));
  if (!line)
    return fail(line.takeError());

  mlir::DialectRegistry registry;
  registerAllDialects(registry);
  mlir::MLIRContext context(registry);
  context.loadAllAvailableDialects();
  if (llvm::Error error = runCommand(*line, &context))
    return fail(std::move(error));
  llvm::outs().flush();
  if (llvm::outs().has_error()) {
    // A closed pipe is not an error worth a stack trace at exit.
    llvm::outs().clear_error();
    return 1;
  }
  return 0;
}
