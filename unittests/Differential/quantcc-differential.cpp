//===- quantcc-differential.cpp - Random graphs on every target -----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The tool: runs random graphs, prints what was covered and what differed, and
// replays single seeds.
//
//===----------------------------------------------------------------------===//

#include "DifferentialRun.h"
#include "MutantRun.h"
#include "Reduction.h"
#include "RunRecord.h"

#include <chrono>
#include <llvm/Support/CommandLine.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>
#include <thread>

using namespace quantcc;
using namespace quantcc::differential;

namespace cl = llvm::cl;

static cl::OptionCategory category("Options");
static cl::opt<uint64_t> firstSeed("seed", cl::cat(category),
                                   cl::desc("the first graph's seed"),
                                   cl::init(0));
static cl::opt<unsigned> count("graphs", cl::cat(category),
                               cl::desc("how many seeds in a row"),
                               cl::init(300));
static cl::list<std::string>
    targetNames("targets", cl::CommaSeparated, cl::cat(category),
                cl::desc("targets of quantcc, or 'all', the default: one of "
                         "each architecture"));
static cl::opt<unsigned> samples("samples", cl::cat(category),
                                 cl::desc("calls of each graph, by default 6"),
                                 cl::init(6));
static cl::opt<unsigned>
    required("require-cases", cl::cat(category),
             cl::desc("graphs that each combination of op, storage and "
                      "rounding needs"),
             cl::init(0));
static cl::opt<unsigned> jobs("jobs", cl::cat(category),
                              cl::desc("threads, by default one a core"),
                              cl::init(0));
static cl::opt<std::string>
    output("output", cl::cat(category),
           cl::desc("folder for the graphs that differ, and for what is built; "
                    "by default ./differential"),
           cl::init("differential"));
static cl::opt<unsigned> pieces(
    "pieces", cl::cat(category),
    cl::desc("cut every layer that can be cut into up to so many pieces, which "
             "the caller runs; by default none"),
    cl::init(0));
static cl::opt<bool> strips(
    "strips", cl::cat(category),
    cl::desc("compute in strips of rows all layers that can be, however small; "
             "by default those that save memory"));
static cl::opt<bool> largeContractions(
    "large-contractions",
    cl::desc("make graphs of one or two contractions with many channels and "
             "positions, which split into tiles"));
static cl::opt<std::string>
    recordPath("record",
               cl::desc("add each batch without differences to this file, and "
                        "pass over those that it has"));
static cl::opt<bool> reduce("reduce", cl::cat(category),
                            cl::desc("cut the graphs that differ down"));
static cl::opt<bool> residualBlocks("residual-blocks", cl::cat(category),
                                    cl::desc("make graphs of residual blocks"));
static cl::opt<std::string>
    mutantName("mutant", cl::cat(category),
               cl::desc("a mistake to plant in the lowering"));
static cl::opt<bool> everyMutant(
    "all-mutants",
    cl::desc("plant each mistake that there is for a target in turn, in the "
             "graphs until one differs; fail if one never does"));
static cl::opt<bool> printGraph(
    "print", cl::cat(category),
    cl::desc("only print the graphs, or with --coverage the table of "
             "combinations in them"));
static cl::opt<bool> printCoverage("coverage", cl::cat(category),
                                   cl::desc("print the table of combinations"));

/// One of each architecture.
static const char *const kAllTargets[] = {"x86-64-v2", "aarch64", "armv7-a",
                                          "rv64gc", "rv32imac"};

static const char *programName = "";

static int fail(const llvm::Twine &message) {
  llvm::errs() << "error: " << message << "\n";
  return 1;
}

static std::string pathIn(const llvm::Twine &name) {
  llvm::SmallString<128> path(output);
  llvm::sys::path::append(path, name);
  return path.str().str();
}

static GraphKind graphKind() {
  if (residualBlocks)
    return GraphKind::ResidualBlocks;
  return largeContractions ? GraphKind::LargeContractions : GraphKind::Mixed;
}

static llvm::Expected<std::vector<TargetProgram>> createPrograms() {
  std::vector<std::string> names(targetNames);
  if (names.empty() || names == std::vector<std::string>{"all"})
    names.assign(std::begin(kAllTargets), std::end(kAllTargets));
  std::vector<TargetProgram> programs;
  for (const std::string &name : names) {
    auto target = lookupExecutionTarget(name);
    if (!target)
      return target.takeError();
    target->info.pieces = pieces;
    target->info.prefersStrips = strips;
    if (strips)
      target->info.leastStripCycles = 1;
    target->info.leastPieceCycles = 1;
    auto program = TargetProgram::create(*target, output);
    if (!program)
      return program.takeError();
    programs.push_back(std::move(*program));
  }
  return std::move(programs);
}

/// Writes the graph of a difference, cut down where that is wanted.
static llvm::Error keep(const Difference &difference,
                        llvm::ArrayRef<TargetProgram> programs,
                        const Mutant *mutant) {
  auto context = createContext();
  Graph graph = generateGraph(context.get(), difference.seed, graphKind());
  std::optional<Reproducer> reduced;
  for (const TargetProgram &program : programs) {
    if (!reduce || program.target().info.name != difference.target)
      continue;
    Interpretation reference =
        interpret(*graph.module, difference.seed, samples);
    std::vector<std::vector<Bytes>> inputs;
    for (const Sample &sample : reference.samples)
      inputs.push_back(sample.inputs);
    auto result =
        reduceGraph(program, *graph.module, std::move(inputs), mutant);
    if (!result)
      return result.takeError();
    reduced = std::move(*result);
  }
  std::string path = pathIn(graph.symbol() + ".mlir");
  std::error_code code;
  llvm::raw_fd_ostream stream(path, code);
  if (code)
    return llvm::createStringError(code, "cannot write " + path);
  stream << "// seed " << difference.seed << ", " << difference.target << ": "
         << (reduced ? reduced->text : difference.text) << "\n";
  if (reduced)
    stream << "// first wrong after "
           << findStage(*reduced->module, reduced->inputs) << "\n";
  if (reduced)
    for (auto [index, bytes] : llvm::enumerate(reduced->inputs.front())) {
      stream << "// input " << index << ":";
      for (char byte : bytes)
        stream << " " << int(static_cast<unsigned char>(byte));
      stream << "\n";
    }
  (reduced ? *reduced->module : *graph.module).print(stream);
  llvm::outs() << "  graph in " << path << "\n";
  return llvm::Error::success();
}

static void summarize(const RunReport &report) {
  if (printCoverage)
    report.coverage.print(llvm::outs());
  for (const std::string &refused : report.refused)
    llvm::outs() << "refused by both sides: " << refused << "\n";
  llvm::outs() << report.graphs << " graphs, seeds " << firstSeed << " to "
               << firstSeed + count - 1 << ", " << report.ops << " ops, "
               << report.largeGraphs << " graphs of five ops or more, "
               << report.refused.size() << " refused by both sides\n";
}

/// Tells what runs: the program, and what it is asked for.
static std::string recordKey(llvm::ArrayRef<TargetProgram> programs) {
  std::string key = "quantcc-differential";
  for (const TargetProgram &program : programs)
    key += " " + program.target().info.name;
  key += ", " + std::to_string(samples) + " samples" +
         (pieces ? ", " + std::to_string(pieces) + " pieces" : "") +
         (strips ? ", strips" : "") +
         (largeContractions ? ", large contractions" : "") +
         (residualBlocks ? ", residual blocks" : "") + ", program ";
  std::string self = llvm::sys::fs::getMainExecutable(
      programName, reinterpret_cast<void *>(&recordKey));
  llvm::sys::fs::file_status status;
  if (!llvm::sys::fs::status(self, status))
    key += std::to_string(
        status.getLastModificationTime().time_since_epoch().count());
  return key;
}

/// Prints now and then how far a long run is.
class Progress {
public:
  void operator()(const RunReport &batch, const RunReport &all) {
    for (const Difference &difference : batch.differences)
      llvm::errs() << "difference: seed " << difference.seed << ", "
                   << difference.target << "\n";
    auto now = std::chrono::steady_clock::now();
    if (now - last < std::chrono::seconds(30))
      return;
    last = now;
    auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(now - start).count();
    llvm::errs() << all.graphs << " of " << count << " graphs, "
                 << all.differences.size() << " differences, " << seconds
                 << " s\n";
  }

private:
  std::chrono::steady_clock::time_point start =
      std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point last = start;
};

/// Plants every mutant on each target.
static int runEveryMutant() {
  if (std::error_code code = llvm::sys::fs::create_directories(output))
    return fail("cannot make " + output + ": " + code.message());
  auto programs = createPrograms();
  if (!programs)
    return fail(llvm::toString(programs.takeError()));
  unsigned threads =
      jobs ? jobs : std::max(1u, std::thread::hardware_concurrency());
  unsigned survivors = 0;
  for (const TargetProgram &program : *programs) {
    unsigned mutants = 0;
    runMutants(
        program, firstSeed, count, samples, threads, [&](const Fate &fate) {
          ++mutants;
          if (fate.killer)
            return;
          ++survivors;
          llvm::outs() << "'" << fate.mutant << "' survived in " << fate.changed
                       << " graphs on " << program.target().info.name << "\n";
        });
    llvm::outs() << mutants << " mutants on " << program.target().info.name
                 << "\n";
  }
  llvm::outs() << survivors << " survivors\n";
  return survivors ? 1 : 0;
}

static int runAll() {
  // Those for the kernels of one target do nothing on another.
  std::vector<Mutant> mutants = allMutants(KernelSet::Avx512Vnni);
  llvm::append_range(mutants, pieceMutants());
  llvm::append_range(mutants, stripMutants());
  auto mutant = llvm::find_if(
      mutants, [](const Mutant &each) { return each.name == mutantName; });
  if (!mutantName.empty() && mutant == mutants.end())
    return fail("no mutant is called '" + mutantName + "'");
  if (std::error_code code = llvm::sys::fs::create_directories(output))
    return fail("cannot make " + output + ": " + code.message());
  auto programs = createPrograms();
  if (!programs)
    return fail(llvm::toString(programs.takeError()));
  RunOptions options;
  options.samples = samples;
  options.kind = graphKind();
  options.mutant = mutantName.empty() ? nullptr : &*mutant;
  options.jobs =
      jobs ? jobs : std::max(1u, std::thread::hardware_concurrency());
  options.onBatch = Progress();
  std::optional<RunRecord> record;
  if (!recordPath.empty()) {
    if (options.mutant)
      return fail("--record keeps no runs with a mutant");
    auto opened = RunRecord::open(recordPath, recordKey(*programs));
    if (!opened)
      return fail(llvm::toString(opened.takeError()));
    record = std::move(*opened);
    options.record = &*record;
  }
  auto report = runGraphs(firstSeed, count, *programs, options);
  if (!report)
    return fail(llvm::toString(report.takeError()));
  summarize(*report);
  uint64_t kept = 0;
  for (const Difference &difference : report->differences) {
    llvm::outs() << "seed " << difference.seed << ", " << difference.target
                 << ": " << difference.text << "\n";
    // The first ten graphs are enough to start with.
    if (kept++ < 10)
      if (llvm::Error error = keep(difference, *programs, options.mutant))
        return fail(llvm::toString(std::move(error)));
  }
  unsigned least =
      std::max<unsigned>(required, graphKind() == GraphKind::Mixed &&
                                           count >= seedsForAllCombinations()
                                       ? 1
                                       : 0);
  std::vector<std::string> missing = report->coverage.missing(least);
  for (const std::string &combination : missing)
    llvm::outs() << "too few graphs, at least " << least
                 << " wanted: " << combination << "\n";
  llvm::outs() << report->differences.size() << " differences on "
               << programs->size() << " targets\n";
  return report->differences.empty() && missing.empty() ? 0 : 1;
}

/// Prints the graphs, or what is in them.
static int printAll() {
  Coverage coverage;
  for (unsigned i = 0; i < count; ++i) {
    // What a context has seen it keeps: a new one for each graph.
    auto context = createContext();
    Graph graph = generateGraph(context.get(), firstSeed + i, graphKind());
    if (printCoverage)
      coverage.add(graph.combinations);
    else
      graph.module->print(llvm::outs());
  }
  if (!printCoverage)
    return 0;
  coverage.print(llvm::outs());
  for (const std::string &combination : coverage.missing(required))
    llvm::outs() << "too few graphs, at least " << required
                 << " wanted: " << combination << "\n";
  return 0;
}

int main(int argc, char **argv) {
  programName = argv[0];
  // Else --help lists the options of LLVM's code generators too.
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(
      argc, argv, "Compares compiled random graphs with the interpreter\n");
  if (printGraph)
    return printAll();
  return everyMutant ? runEveryMutant() : runAll();
}
