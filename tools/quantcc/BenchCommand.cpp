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
#include "SampleLoop.h"
#include "quantcc/Analysis/MultiplyCount.h"
#include "quantcc/Benchmark/BenchmarkReport.h"
#include "quantcc/Benchmark/HostSupport.h"
#include "quantcc/Benchmark/LayerFunctions.h"
#include "quantcc/Support/AtomicFile.h"

#include <llvm/Support/FileSystem.h>
#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/raw_ostream.h>

using namespace llvm;
using namespace mlir;
using namespace quantcc;

/// The first sample of the file `path`, as stored values of the model's inputs.
static Expected<std::vector<TensorBytes>>
readSample(StringRef path, ModuleOp module, bool isQuantizedAtSource) {
  Expected<std::unique_ptr<SampleSource>> source = SampleSource::open(
      path, inputSpecs(entryOf(module)),
      isQuantizedAtSource ? SampleKind::StoredWhereTyped : SampleKind::Real);
  if (!source)
    return source.takeError();
  if ((*source)->size() == 0)
    return createStringError(inconvertibleErrorCode(),
                             path + ": there is no sample");
  return (*source)->read();
}

/// Writes each layer of `module` to `folder` as NNN.mlir, and index.json with
/// what they are.
static llvm::Error writeLayers(StringRef folder, ModuleOp module) {
  if (std::error_code code = sys::fs::create_directories(folder))
    return createStringError(code, folder + ": " + code.message());
  std::vector<LayerFunction> layers = cutIntoLayers(entryOf(module));
  json::Array index;
  for (LayerFunction &layer : layers) {
    std::string file = formatv("{0,0+3}.mlir", index.size()).str();
    SmallString<128> path(folder);
    sys::path::append(path, file);
    llvm::Error error =
        writeFileAtomically(path, [&](raw_ostream &stream) -> llvm::Error {
          layer.module->print(stream, OpPrintingFlags().enableDebugInfo());
          return llvm::Error::success();
        });
    if (error)
      return error;
    index.push_back(json::Object{
        {"file", file},
        {"name",
         json::isUTF8(layer.name) ? layer.name : json::fixUTF8(layer.name)},
        {"kind", layer.kind},
        {"shapes", layer.shapes},
        {"macs", countMultiplies(layer.module->getOperation())}});
  }
  SmallString<128> path(folder);
  sys::path::append(path, "index.json");
  return writeFileAtomically(
      path, formatv("{0:2}\n", json::Value(std::move(index))).str());
}

/// Writes what `write` gives to the file `path`, if there is one.
static llvm::Error writeResult(StringRef path, const BenchmarkResult &result,
                               void (*write)(const BenchmarkResult &,
                                             raw_ostream &)) {
  if (path.empty())
    return llvm::Error::success();
  return writeFileAtomically(path, [&](raw_ostream &stream) {
    write(result, stream);
    return llvm::Error::success();
  });
}

llvm::Error quantcc::runBenchCommand(const CommandLine &line,
                                     MLIRContext *context) {
  Expected<TargetInfo> target = lookupTarget(line.target.name);
  if (!target)
    return target.takeError();
  if (line.bench.layersFolder.empty())
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
  bool needsLayers =
      line.bench.layers || onnxRuntime || !line.bench.layersFolder.empty();
  if (needsLayers && request.stage != Stage::Quantized)
    return createStringError(inconvertibleErrorCode(),
                             line.model() +
                                 ": layers and --vs need the model at stage "
                                 "'quantized' or before, it is at '" +
                                 stringifyStage(request.stage) + "'");
  Expected<OwningOpRef<ModuleOp>> module = compilation->moduleAt(request.stage);
  if (!module)
    return module.takeError();
  if (llvm::Error error = foldEdgeCasts(**module, line.model()))
    return error;

  if (!line.bench.layersFolder.empty())
    return writeLayers(line.bench.layersFolder, **module);
  if (!line.input.empty()) {
    auto inputs =
        readSample(line.input, **module, compilation->isQuantizedAtSource());
    if (!inputs)
      return inputs.takeError();
    request.inputs = std::move(*inputs);
  }
  OwningOpRef<ModuleOp> floatModule;
  if (line.bench.floatNetwork) {
    Expected<OwningOpRef<ModuleOp>> observed =
        compilation->moduleAt(Stage::Observed);
    if (!observed)
      return observed.takeError();
    floatModule = std::move(*observed);
    request.floatModule = *floatModule;
  }
  request.modelName = sys::path::filename(line.model()).str();
  request.module = **module;
  request.target = *target;
  request.timing.rounds = line.bench.rounds;
  request.layers = line.bench.layers;
  request.threads = line.threads;
  request.onnxRuntime = onnxRuntime.get();
  DiagnosticCollector diagnostics(context, line.model());
  Expected<BenchmarkResult> result = runBenchmark(request);
  if (!result)
    return diagnostics.takeError(toString(result.takeError()));
  if (llvm::Error error =
          writeResult(line.bench.jsonFile, *result, writeBenchmarkJson))
    return error;
  if (llvm::Error error =
          writeResult(line.bench.htmlFile, *result, writeBenchmarkPage))
    return error;
  writeBenchmarkText(*result, outs());
  return llvm::Error::success();
}
