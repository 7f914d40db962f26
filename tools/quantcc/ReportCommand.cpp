//===- ReportCommand.cpp - quantcc report ---------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tells what a compiled model takes: on the terminal, and as a page.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Evaluation.h"
#include "ObjectCompilation.h"
#include "quantcc/Report/CompileReport.h"
#include "quantcc/Support/AtomicFile.h"
#include "quantcc/Target/ModelFiles.h"

#include <llvm/Support/raw_ostream.h>

using namespace llvm;
using namespace quantcc;

Error quantcc::runReportCommand(const CommandLine &line,
                                mlir::MLIRContext *context) {
  Expected<TargetInfo> target = targetOf(line);
  if (!target)
    return target.takeError();
  Expected<std::string> symbol = symbolOf(line);
  if (!symbol)
    return symbol.takeError();
  Expected<Compilation> compilation =
      Compilation::create(adjustedTo(*target, line), Stage::Object, context);
  if (!compilation)
    return compilation.takeError();
  Expected<ObjectCompilation> compiled =
      compileToObject(*compilation, *target, *symbol);
  if (!compiled)
    return compiled.takeError();
  Expected<ModelDescription> description =
      describeModel(std::move(compiled->source), *target, compiled->object);
  if (!description)
    return description.takeError();
  std::optional<Accuracy> accuracy;
  if (!line.labels.empty()) {
    Expected<Accuracy> evaluated = evaluateModel(line, *compilation);
    if (!evaluated)
      return evaluated.takeError();
    accuracy = std::move(*evaluated);
  }
  CompileReport report =
      makeReport(std::move(*description), std::move(accuracy));
  if (!line.page.empty()) {
    Error error = writeFileAtomically(line.page, [&](raw_ostream &stream) {
      writeReportPage(report, stream);
      return Error::success();
    });
    if (error)
      return error;
  }
  writeReportText(report, outs());
  return Error::success();
}
