//===- EvaluateCommand.cpp - quantcc evaluate -----------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints how good the float, fake-quantized and integer model are.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Evaluation.h"

#include <llvm/Support/Format.h>
#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

using namespace llvm;
using namespace quantcc;

static void printTable(const Accuracy &accuracy) {
  outs() << accuracy.metric << " over " << accuracy.samples << " samples";
  if (accuracy.unlabelled != 0)
    outs() << ", of which " << accuracy.unlabelled
           << " have a label that is no class: they count for the agreement "
              "alone";
  outs() << "\n";
  outs() << left_justify("stage", 16) << right_justify("figure", 10);
  if (accuracy.stages.size() > 1)
    outs() << right_justify("agreement with " + accuracy.stages[0].stage, 24);
  outs() << "\n";
  for (auto [index, stage] : enumerate(accuracy.stages)) {
    outs() << left_justify(stage.stage, 16) << format("%10.4f", stage.figure);
    if (index != 0)
      outs() << format("%24.4f", stage.agreement);
    outs() << "\n";
  }
}

static void printJson(const Accuracy &accuracy) {
  json::Object stages, agreement, microseconds;
  for (auto [index, stage] : enumerate(accuracy.stages)) {
    stages[stage.stage] = stage.figure;
    microseconds[stage.stage] = stage.microseconds;
    if (index != 0)
      agreement[stage.stage] = stage.agreement;
  }
  outs() << formatv("{0:2}\n", json::Value(json::Object{
                                   {"metric", accuracy.metric},
                                   {"samples", accuracy.samples},
                                   {"unlabelled", accuracy.unlabelled},
                                   {"stages", std::move(stages)},
                                   {"agreement", std::move(agreement)},
                                   {"microseconds", std::move(microseconds)}}));
}

Error quantcc::runEvaluateCommand(const CommandLine &line,
                                  mlir::MLIRContext *context) {
  Expected<Compilation> compilation =
      Compilation::create(line, Stage::Object, context);
  if (!compilation)
    return compilation.takeError();
  Expected<Accuracy> accuracy = evaluateModel(line, *compilation);
  if (!accuracy)
    return accuracy.takeError();
  if (line.json)
    printJson(*accuracy);
  else
    printTable(*accuracy);
  return Error::success();
}
