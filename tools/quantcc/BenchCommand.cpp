//===- BenchCommand.cpp - quantcc bench -----------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Times a model on this machine.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Compilation.h"
#include "DiagnosticCollector.h"
#include "quantcc/Benchmark/BenchmarkReport.h"
#include "quantcc/Benchmark/HostSupport.h"
#include "quantcc/Support/AtomicFile.h"

#include <llvm/Support/Path.h>
#include <llvm/Support/raw_ostream.h>

using namespace llvm;
using namespace mlir;
using namespace quantcc;

/// Writes what `write` gives to the file `path`, if there is one.
static llvm::Error
writeResult(StringRef path, const BenchmarkResult &result,
            void (*write)(const BenchmarkResult &, raw_ostream &)) {
  if (path.empty())
    return llvm::Error::success();
  return writeFileAtomically(path, [&](raw_ostream &stream) {
    write(result, stream);
    return llvm::Error::success();
  });
}

llvm::Error quantcc::runBenchCommand(const CommandLine &line,
                                     MLIRContext *context) {
  Expected<TargetInfo> target = lookupTarget(line.target);
  if (!target)
    return target.takeError();
  if (llvm::Error error = checkRunsHere(*target))
    return error;
  BenchmarkRequest request;
  std::unique_ptr<OnnxRuntime> onnxRuntime;
  if (line.bench.compareWithOnnxRuntime) {
    auto loaded = OnnxRuntime::load(line.bench.onnxRuntime);
    if (!loaded)
      return loaded.takeError();
    onnxRuntime = std::move(*loaded);
  }
  Expected<Compilation> compilation =
      Compilation::create(line, Stage::Object, context);
  if (!compilation)
    return compilation.takeError();
  request.stage = std::max(Stage::Quantized, compilation->source().stage);
  bool needsLayers = line.bench.layers || onnxRuntime;
  if (needsLayers && request.stage != Stage::Quantized)
    return createStringError(
        inconvertibleErrorCode(),
        line.model() + ": --layers and --vs need the model at stage "
                       "'quantized' or before, it is at '" +
            stringifyStage(request.stage) + "'");
  Expected<OwningOpRef<ModuleOp>> module =
      compilation->moduleAt(request.stage);
  if (!module)
    return module.takeError();

  request.modelName = sys::path::filename(line.model()).str();
  request.module = **module;
  request.target = *target;
  request.timing.rounds = line.bench.rounds;
  request.layers = line.bench.layers;
  request.onnxRuntime = onnxRuntime.get();
  DiagnosticCollector diagnostics(context, line.model());
  Expected<BenchmarkResult> result = runBenchmark(request);
  if (!result)
    return diagnostics.takeError(line.model() + ": " +
                                 toString(result.takeError()));
  writeBenchmarkText(*result, outs());
  return writeResult(line.bench.jsonFile, *result, writeBenchmarkJson);
}
