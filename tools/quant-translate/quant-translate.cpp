//===- quant-translate.cpp - Translation from other formats ---------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads models of other formats and prints them as IR.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Importer/TFLite/ImportTFLite.h"

#include <llvm/Support/CommandLine.h>
#include <llvm/Support/InitLLVM.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/ToolOutputFile.h>
#include <llvm/Support/WithColor.h>
#include <mlir/IR/AsmState.h>
#include <mlir/IR/MLIRContext.h>
#include <mlir/Support/FileUtilities.h>

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

/// Prints each error on a line of its own, as `error: FILE: message`.
static void printDiagnostic(Diagnostic &diagnostic) {
  raw_ostream &stream = llvm::WithColor::error(llvm::errs());
  if (auto file = dyn_cast<FileLineColLoc>(diagnostic.getLocation()))
    stream << file.getFilename().getValue() << ": ";
  stream << diagnostic << '\n';
}

int main(int argc, char **argv) {
  llvm::InitLLVM initialized(argc, argv);
  registerAsmPrinterCLOptions();
  registerMLIRContextCLOptions();
  llvm::cl::HideUnrelatedOptions(category);
  llvm::cl::ParseCommandLineOptions(argc, argv,
                                    "quantcc's translation of models to IR\n");
  if (!importTFLite) {
    llvm::WithColor::error(llvm::errs())
        << "expected the format of the model: --import-tflite\n";
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
      quantcc::importTFLite(buffer->getMemBufferRef(), &context);
  if (!module)
    return 1;
  std::unique_ptr<llvm::ToolOutputFile> file = openOutputFile(output, &message);
  if (!file) {
    llvm::WithColor::error(llvm::errs()) << message << '\n';
    return 1;
  }
  module->print(file->os());
  file->keep();
  return 0;
}
