//===- CompileCommand.cpp - quantcc compile -------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiles a model to an object file, a header and a report, or stops at an
// earlier stage and writes the IR.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "ObjectCompilation.h"
#include "RemarkPrinter.h"
#include "quantcc/Support/AtomicFile.h"
#include "quantcc/Target/ModelFiles.h"
#include "quantcc/Target/ModelReport.h"

#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Format.h>
#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/raw_ostream.h>
#include <mlir/IR/AsmState.h>

using namespace llvm;
using namespace mlir;
using namespace quantcc;

static void listTargets(bool asJson) {
  if (asJson) {
    json::Array rows;
    for (const TargetInfo &target : namedTargets())
      rows.push_back(json::Object{{"name", target.name},
                                  {"description", target.description},
                                  {"triple", target.triple},
                                  {"cpu", target.cpu},
                                  {"features", target.features},
                                  {"abi", target.abi}});
    outs() << formatv("{0:2}\n", json::Value(std::move(rows)));
    return;
  }
  size_t width = 0;
  for (const TargetInfo &target : namedTargets())
    width = std::max(width, target.name.size());
  for (const TargetInfo &target : namedTargets())
    outs() << left_justify(target.name, width) << "  " << target.description
           << " (" << target.cpu << (target.features.empty() ? "" : " ")
           << target.features << ")\n";
}

/// Writes `module` as NAME.mlir, with the layers' names as locations, and says
/// so.
static llvm::Error writeStage(const CommandLine &line, StringRef symbol,
                              ModuleOp module) {
  StringRef folder = line.output;
  bool existed = sys::fs::exists(folder);
  if (existed && !sys::fs::is_directory(folder))
    return createStringError(inconvertibleErrorCode(),
                             "'" + folder + "' is no folder");
  if (std::error_code code = sys::fs::create_directories(folder))
    return createStringError(code, folder + ": " + code.message());
  SmallString<128> path(folder);
  sys::path::append(path, symbol + ".mlir");
  llvm::Error error =
      writeFileAtomically(path, [&](raw_ostream &stream) -> llvm::Error {
        module.print(stream, OpPrintingFlags().enableDebugInfo());
        return llvm::Error::success();
      });
  if (error) {
    if (!existed)
      sys::fs::remove(folder);
    return error;
  }
  if (line.json)
    outs() << formatv("{0:2}\n", json::Value(json::Object{
                                     {"stage", stringifyStage(line.stage)},
                                     {"output", path.str()}}));
  else
    outs() << "wrote " << path << "\n";
  return llvm::Error::success();
}

/// `path` as a name in a Make rule.
static std::string escapeForMake(StringRef path) {
  std::string escaped;
  for (char character : path) {
    if (character == '$')
      escaped += '$';
    else if (character == ' ' || character == '#')
      escaped += '\\';
    escaped += character;
  }
  return escaped;
}

/// The rule that says which files `object` was made from.
static std::string spellDependencies(const CommandLine &line,
                                     StringRef object) {
  std::string rule = escapeForMake(object) + ":";
  const QuantizationChoice &choice = line.quantization;
  for (StringRef file : {StringRef(line.model()), StringRef(choice.samples),
                         StringRef(choice.ranges), StringRef(choice.recipe)})
    if (!file.empty())
      rule += " " + escapeForMake(file);
  return rule + "\n";
}

/// One line a fact, for a person.
static void printSummary(StringRef folder, const ModelDescription &model) {
  const ModelInterface &interface = model.interface;
  SmallString<128> stem(folder);
  sys::path::append(stem, interface.symbol);
  outs() << "wrote " << stem << ".o, .h and .json for " << model.target.name
         << "\n"
         << "  code      " << format("%10lld", (long long)model.facts.codeBytes)
         << " bytes\n"
         << "  constants "
         << format("%10lld", (long long)model.facts.constantBytes) << " bytes\n"
         << "  arena     " << format("%10lld", (long long)interface.arenaBytes)
         << " bytes (lower bound " << interface.arenaLowerBound << ")\n";
  if (interface.regions.size() > 1)
    for (const ArenaRegion &region : interface.regions)
      outs() << "    " << left_justify(region.name, 8)
             << format("%10lld", (long long)region.bytes) << " bytes\n";
  if (interface.stackBytes)
    outs() << "  stack     "
           << format("%10lld", (long long)*interface.stackBytes)
           << " bytes at most\n";
  else
    outs() << "  stack      without a bound: frames grow with the machine's "
              "vectors\n";
  if (interface.isThreaded() && interface.cutLayers == 0)
    outs()
        << "  threads   of no use: no layer is worth cutting (--remarks says "
           "why)\n";
  else if (interface.isThreaded())
    outs() << "  threads   " << format("%10lld", (long long)interface.cutLayers)
           << (interface.cutLayers == 1 ? " layer" : " layers")
           << " or steps of one cut into " << interface.pieces
           << " tasks at most\n";
  if (interface.cutLayers != 0 && interface.taskStackBytes)
    outs() << "  task      "
           << format("%10lld", (long long)*interface.taskStackBytes)
           << " bytes of stack at most\n";
  if (interface.isStateful())
    outs() << "  state     "
           << format("%10lld", (long long)interface.stateBytes) << " bytes\n";
}

static llvm::Error compileModel(const CommandLine &line,
                                const TargetInfo &target, StringRef symbol,
                                const Compilation &compilation) {
  Expected<ObjectCompilation> compiled =
      compileToObject(compilation, target, symbol);
  if (!compiled)
    return compiled.takeError();
  PhaseScope phase(compilation.phaseTimes(), "object and files");
  std::vector<CompanionFile> companions;
  if (!line.dependencyFile.empty()) {
    SmallString<128> path(line.output);
    sys::path::append(path, symbol + ".o");
    companions.push_back({line.dependencyFile, spellDependencies(line, path)});
  }
  Expected<ModelDescription> description =
      writeModel(line.output, std::move(compiled->source), target,
                 std::move(compiled->object),
                 {line.sizes.maxRAM, line.sizes.maxFlash}, companions);
  if (!description)
    return description.takeError();
  if (line.json)
    writeReport(*description, outs());
  else
    printSummary(line.output, *description);
  return llvm::Error::success();
}

/// Writes the object, or the stage that was asked for.
static llvm::Error compile(const CommandLine &line, MLIRContext *context,
                           PhaseTimes &times) {
  Expected<TargetInfo> target = targetOf(line);
  if (!target)
    return target.takeError();
  Expected<std::string> symbol = symbolOf(line);
  if (!symbol)
    return symbol.takeError();
  if (line.remarks)
    printRemarks(context, line.model());
  Expected<Compilation> compilation = Compilation::create(
      adjustedTo(*target, line), line.stage, context, &times);
  if (!compilation)
    return compilation.takeError();
  if (!line.stopsEarly)
    return compileModel(line, *target, *symbol, *compilation);
  Expected<OwningOpRef<ModuleOp>> module = compilation->moduleAt(line.stage);
  if (!module)
    return module.takeError();
  entryOf(**module).setName(*symbol);
  return writeStage(line, *symbol, **module);
}

/// The same, and tells what the phases took, as far as that was asked for.
static llvm::Error compileAndTime(const CommandLine &line, MLIRContext *context,
                                  PhaseTimes &times) {
  if (llvm::Error error = compile(line, context, times))
    return error;
  if (line.timing)
    times.print(errs());
  return llvm::Error::success();
}

llvm::Error quantcc::runCompileCommand(const CommandLine &line,
                                       MLIRContext *context) {
  if (line.listTargets) {
    listTargets(line.json);
    return llvm::Error::success();
  }
  PhaseTimes times;
  if (line.timingFile.empty())
    return compileAndTime(line, context, times);
  // Where it cannot be written, nothing else is.
  auto write = [&](raw_ostream &stream) -> llvm::Error {
    if (llvm::Error error = compileAndTime(line, context, times))
      return error;
    times.printJson(stream);
    return llvm::Error::success();
  };
  return writeFileAtomically(line.timingFile, write);
}
