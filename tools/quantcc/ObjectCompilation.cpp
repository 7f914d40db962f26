//===- ObjectCompilation.cpp - From a model to an object ------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Looks up the target, and takes a model through all stages to an object.
//
//===----------------------------------------------------------------------===//

#include "ObjectCompilation.h"

#include "DiagnosticCollector.h"
#include "quantcc/Target/HeaderWriter.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/Path.h>
#include <mlir/Pass/PassManager.h>

using namespace llvm;
using namespace mlir;
using namespace quantcc;

Expected<TargetInfo> quantcc::targetOf(const CommandLine &line) {
  const TargetChoice &choice = line.target;
  Expected<TargetInfo> target =
      choice.triple.empty() ? lookupTarget(choice.name)
                            : describeTarget(choice.triple, choice.cpu,
                                             choice.features, choice.abi);
  if (!target)
    return target.takeError();
  const PlacementChoice &placement = line.placement;
  if (llvm::Error error = checkRegions(placement.regions))
    return std::move(error);
  target->regions = placement.regions;
  target->codeSection = placement.codeSection;
  target->weightsSection = placement.weightsSection;
  target->hasMemoryFunctions = !line.freestanding;
  target->pieces = line.threads;
  if (line.integerOnly)
    *target = withoutFloat(*target);
  return target;
}

/// The symbol for a model that came from `path`.
static std::string symbolFromPath(StringRef path) {
  std::string symbol = sys::path::stem(path).str();
  for (char &character : symbol)
    if (!isAlnum(character))
      character = '_';
  if (llvm::Error error = checkSymbol(symbol)) {
    consumeError(std::move(error));
    return "model_" + symbol;
  }
  return symbol;
}

Expected<std::string> quantcc::symbolOf(const CommandLine &line) {
  std::string symbol =
      line.symbol.empty() ? symbolFromPath(line.model()) : line.symbol;
  if (llvm::Error error = checkSymbol(symbol))
    return std::move(error);
  return symbol;
}

CommandLine quantcc::adjustedTo(const TargetInfo &target,
                                const CommandLine &line) {
  // Without float instructions, a part that stays in float cannot run.
  CommandLine adjusted = line;
  adjusted.integerOnly |= !target.hasFPU;
  return adjusted;
}

Expected<ObjectCompilation>
quantcc::compileToObject(const Compilation &compilation,
                         const TargetInfo &target, StringRef symbol) {
  StringRef path = compilation.source().path;
  ObjectCompilation result;
  result.source.name = sys::path::filename(path).str();
  result.source.hash = compilation.source().hash;
  result.source.rangesHash = compilation.rangesHash();
  Stage first = std::max(Stage::Quantized, compilation.source().stage);
  Expected<OwningOpRef<ModuleOp>> module = compilation.moduleAt(first);
  if (!module)
    return module.takeError();
  if (first == Stage::Quantized) {
    if (llvm::Error error = foldEdgeCasts(**module, path))
      return std::move(error);
    result.source.layers = describeLayers(entryOf(**module));
    if (llvm::Error error =
            compilation.advance(**module, Stage::Quantized, Stage::Integer))
      return std::move(error);
  }
  entryOf(**module).setName(symbol);
  DiagnosticCollector diagnostics((*module)->getContext(), path);
  FailureOr<CompiledObject> object =
      compileIntegerStage(**module, target, compilation.phaseTimes());
  if (failed(object))
    return diagnostics.takeError("the model cannot be compiled");
  result.object = std::move(*object);
  return result;
}
