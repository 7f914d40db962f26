//===- quant-translate.cpp - Translation from other formats ---------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads models of other formats and prints them as IR; prints proof obligations
// as a solver reads them.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Importer/TFLite/ImportTFLite.h"

#include <llvm/Support/CommandLine.h>
#include <llvm/Support/InitLLVM.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/SourceMgr.h>
#include <llvm/Support/ToolOutputFile.h>
#include <llvm/Support/WithColor.h>
#include <mlir/Dialect/SMT/IR/SMTDialect.h>
#include <mlir/IR/AsmState.h>
#include <mlir/IR/MLIRContext.h>
#include <mlir/Parser/Parser.h>
#include <mlir/Support/FileUtilities.h>
#include <mlir/Target/SMTLIB/ExportSMTLIB.h>

using namespace mlir;

static llvm::cl::OptionCategory category("quant-translate options");

static llvm::cl::opt<std::string> input(llvm::cl::Positional,
                                        llvm::cl::desc("<model>"),
                                        llvm::cl::init("-"),
                                        llvm::cl::cat(category));

static llvm::cl::opt<std::string>
    output("o", llvm::cl::desc("Write the module to this file"),
           llvm::cl::value_desc("file"), llvm::cl::init("-"),
           llvm::cl::cat(category));

static llvm::cl::opt<bool>
    importTFLite("import-tflite",
                 llvm::cl::desc("Read a .tflite model: a float model, or one "
                                "that was quantized to 8 bits"),
                 llvm::cl::cat(category));

static llvm::cl::opt<bool>
    exportSMTLIB("export-smtlib",
                 llvm::cl::desc("Print the smt.solver ops of a module as a "
                                "script in SMT-LIB"),
                 llvm::cl::cat(category));

/// Prints each diagnostic on a line of its own, as `error: FILE: message`.
static void printDiagnostic(Diagnostic &diagnostic) {
  raw_ostream &stream = diagnostic.getSeverity() == DiagnosticSeverity::Error
                            ? llvm::WithColor::error(llvm::errs())
                            : llvm::WithColor::remark(llvm::errs());
  if (auto file = dyn_cast<FileLineColLoc>(diagnostic.getLocation()))
    stream << file.getFilename().getValue() << ": ";
  stream << diagnostic << '\n';
}

static OwningOpRef<ModuleOp>
parseSMT(std::unique_ptr<llvm::MemoryBuffer> buffer, MLIRContext &context) {
  context.loadDialect<smt::SMTDialect>();
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  return parseSourceFile<ModuleOp>(sources, ParserConfig(&context));
}

int main(int argc, char **argv) {
  llvm::InitLLVM initialized(argc, argv);
  registerAsmPrinterCLOptions();
  registerMLIRContextCLOptions();
  llvm::cl::HideUnrelatedOptions(category);
  llvm::cl::ParseCommandLineOptions(argc, argv,
                                    "quantcc's translation of models to IR\n");
  if (importTFLite == exportSMTLIB) {
    llvm::WithColor::error(llvm::errs())
        << "expected the format of the model: --import-tflite, or "
           "--export-smtlib\n";
    return 1;
  }
  std::string message;
  std::unique_ptr<llvm::MemoryBuffer> buffer = openInputFile(input, &message);
  if (!buffer) {
    llvm::WithColor::error(llvm::errs()) << message << '\n';
    return 1;
  }
  MLIRContext context;
  context.getDiagEngine().registerHandler(printDiagnostic);
  OwningOpRef<ModuleOp> module =
      importTFLite ? quantcc::importTFLite(buffer->getMemBufferRef(), &context)
                   : parseSMT(std::move(buffer), context);
  if (!module)
    return 1;
  std::unique_ptr<llvm::ToolOutputFile> file = openOutputFile(output, &message);
  if (!file) {
    llvm::WithColor::error(llvm::errs()) << message << '\n';
    return 1;
  }
  if (exportSMTLIB) {
    if (failed(smt::exportSMTLIB(*module, file->os())))
      return 1;
  } else {
    module->print(file->os());
  }
  file->keep();
  return 0;
}
