//===- CommandLine.cpp - The command line of quantcc ----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The options of each command, and the checks that need no file.
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"
#include "CompileOptions.h"

#include "quantcc/Target/ModelDescription.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/StringSwitch.h>
#include <llvm/Support/CommandLine.h>

using namespace llvm;
using namespace quantcc;

Error quantcc::usageError(const Twine &message) {
  return createStringError(inconvertibleErrorCode(),
                           message + " (see 'quantcc --help')");
}

namespace {

cl::SubCommand compileCommand(
    "compile", "Compile a model to an object file, a C header and a report");
cl::SubCommand calibrateCommand(
    "calibrate", "Measure the ranges of a float model over sample inputs, or "
                 "merge such measurements");
cl::SubCommand runCommand("run", "Run a model on inputs and write its outputs");
cl::SubCommand
    evaluateCommand("evaluate",
                    "Judge the float, fake-quantized and integer model on "
                    "labelled inputs");
cl::SubCommand
    compareCommand("compare",
                   "Show layer by layer what quantization does to a model");
cl::SubCommand benchCommand(
    "bench", "Time a compiled model on this machine, its layers, and the same "
             "network in ONNX Runtime");

cl::SubCommand reportCommand(
    "report", "Tell what a compiled model takes, and when: memory, flash and "
              "work by layer, and how it is quantized");

cl::OptionCategory category("Options");

cl::list<std::string> files(cl::Positional, cl::value_desc("MODEL"),
                            cl::desc("MODEL (.tflite, .mlir or .mlirbc)"),
                            cl::sub(compileCommand), cl::sub(calibrateCommand),
                            cl::sub(runCommand), cl::sub(evaluateCommand),
                            cl::sub(compareCommand), cl::sub(benchCommand),
                            cl::sub(reportCommand), cl::cat(category));

cl::opt<std::string>
    output("o", cl::value_desc("path"),
           cl::desc("Where to write: a folder (compile), a calibration file "
                    "(calibrate), an .npy file (run)"),
           cl::sub(compileCommand), cl::sub(calibrateCommand),
           cl::sub(runCommand), cl::cat(category));

cl::opt<std::string>
    target("target", cl::value_desc("name"), cl::init("host"),
           cl::desc("The target to compile for (default: host); with run "
                    "--interpret, the one whose layers are interpreted"),
           cl::sub(compileCommand), cl::sub(benchCommand),
           cl::sub(reportCommand), cl::sub(runCommand), cl::cat(category));

cl::opt<std::string> threads(
    "threads", cl::value_desc("N"),
    cl::desc(
        "Cut layers into up to N pieces, which a function that the model's "
        "caller gives runs in threads; run and bench give it N threads"),
    cl::sub(compileCommand), cl::sub(benchCommand), cl::sub(reportCommand),
    cl::sub(runCommand), cl::cat(category));

cl::opt<std::string>
    symbol("symbol", cl::value_desc("name"),
           cl::desc("The name of the entry function and of the files written "
                    "(default: from the model's file name)"),
           cl::sub(compileCommand), cl::sub(reportCommand), cl::cat(category));

cl::opt<std::string> dependencyFile(
    "depfile", cl::value_desc("file"),
    cl::desc("Also write a Make rule of the files the object was made from"),
    cl::sub(compileCommand), cl::cat(category));

cl::opt<bool> integerOnly(
    "integer-only",
    cl::desc("Refuse a model of which a part would stay in floating point"),
    cl::sub(compileCommand), cl::sub(reportCommand), cl::cat(category));

cl::opt<std::string> stopAfter(
    "stop-after", cl::value_desc("stage"),
    cl::desc("Write NAME.mlir as it is after this stage instead of an object: "
             "imported, observed, calibrated, fake-quantized, quantized, "
             "integer"),
    cl::sub(compileCommand), cl::cat(category));

cl::opt<bool> listTargets("list-targets",
                          cl::desc("List the names --target takes and exit"),
                          cl::sub(compileCommand), cl::cat(category));

cl::opt<std::string>
    samples("samples", cl::value_desc("file"),
            cl::desc("Sample inputs: an .npy of shape [N, ...] or an .npz with "
                     "one array per input name"),
            cl::sub(calibrateCommand), cl::cat(category));

cl::opt<bool> merge("merge",
                    cl::desc("Merge the calibration files that are given "
                             "instead of a model"),
                    cl::sub(calibrateCommand), cl::cat(category));

cl::opt<std::string>
    input("input", cl::value_desc("file"),
          cl::desc("Inputs: an .npy of shape [N, ...] or an .npz with one "
                   "array per input name"),
          cl::sub(runCommand), cl::sub(evaluateCommand),
          cl::sub(compareCommand), cl::sub(benchCommand),
          cl::sub(reportCommand), cl::cat(category));

cl::opt<std::string>
    stage("stage", cl::value_desc("stage"), cl::init("object"),
          cl::desc("What to run: float, fake-quantized, quantized (the "
                   "interpreter), integer or object (default)"),
          cl::sub(runCommand), cl::cat(category));

cl::opt<bool>
    interpret("interpret",
              cl::desc("Interpret the integer stage instead of compiling it "
                       "(--stage integer)"),
              cl::sub(runCommand), cl::cat(category));

cl::opt<bool>
    raw("raw",
        cl::desc("Write stored integers instead of real values, and take "
                 "integer arrays for quantized inputs as stored integers"),
        cl::sub(runCommand), cl::cat(category));

cl::opt<std::string> layers(
    "layers", cl::value_desc("folder"),
    cl::desc("Also write the result of every layer for the first sample, as "
             "NNN.npy in the order of execution"),
    cl::sub(runCommand), cl::cat(category));

cl::opt<std::string>
    labels("labels", cl::value_desc("file"),
           cl::desc("An .npy with one label (top1, auc) or one expected "
                    "output (mse) a sample or group"),
           cl::sub(evaluateCommand), cl::sub(reportCommand), cl::cat(category));

// Parsed here, because the library prints what is wrong with a value itself.
cl::opt<std::string> metric(
    "metric", cl::value_desc("name"), cl::init("top1"),
    cl::desc("How to judge: top1 (default), the share of samples whose largest "
             "output is the label; mse, the mean squared error between output "
             "and label; or auc, the area under the ROC curve of the error "
             "between output and input, averaged over --group consecutive "
             "samples"),
    cl::sub(evaluateCommand), cl::sub(reportCommand), cl::cat(category));

cl::opt<std::string> group("group", cl::value_desc("N"), cl::init("1"),
                           cl::desc("Consecutive samples that share one label "
                                    "(auc; default: 1)"),
                           cl::sub(evaluateCommand), cl::sub(reportCommand),
                           cl::cat(category));

cl::opt<bool> json("json", cl::desc("Print JSON"), cl::sub(compileCommand),
                   cl::sub(calibrateCommand), cl::sub(runCommand),
                   cl::sub(evaluateCommand), cl::sub(compareCommand),
                   cl::cat(category));

cl::opt<std::string>
    calibrate("calibrate", cl::value_desc("samples"),
              cl::desc("Calibrate a float model over these samples first"),
              cl::sub(compileCommand), cl::sub(runCommand),
              cl::sub(evaluateCommand), cl::sub(compareCommand),
              cl::sub(benchCommand), cl::sub(reportCommand), cl::cat(category));

cl::opt<std::string>
    ranges("ranges", cl::value_desc("file"),
           cl::desc("Take the ranges from this calibration file"),
           cl::sub(compileCommand), cl::sub(runCommand),
           cl::sub(evaluateCommand), cl::sub(compareCommand),
           cl::sub(benchCommand), cl::sub(reportCommand), cl::cat(category));

cl::opt<std::string>
    recipe("recipe", cl::value_desc("file"),
           cl::desc("Rules that say how parts of the model are quantized"),
           cl::sub(compileCommand), cl::sub(runCommand),
           cl::sub(evaluateCommand), cl::sub(compareCommand),
           cl::sub(benchCommand), cl::sub(reportCommand), cl::cat(category));

cl::list<std::string>
    exclude("exclude", cl::value_desc("pattern"),
            cl::desc("Leave layers whose name matches in floating point; may "
                     "be given several times"),
            cl::sub(compileCommand), cl::sub(runCommand),
            cl::sub(evaluateCommand), cl::sub(compareCommand),
            cl::sub(benchCommand), cl::sub(reportCommand), cl::cat(category));

cl::opt<std::string>
    estimator("estimator", cl::value_desc("name"),
              cl::desc("How a range is chosen from the statistics (see "
                       "docs/CalibrationFormat.md)"),
              cl::sub(compileCommand), cl::sub(runCommand),
              cl::sub(evaluateCommand), cl::sub(compareCommand),
              cl::sub(benchCommand), cl::sub(reportCommand), cl::cat(category));

cl::opt<bool> symmetricActivations("symmetric-activations",
                                   cl::desc("Activations with zero point 0"),
                                   cl::sub(compileCommand), cl::sub(runCommand),
                                   cl::sub(evaluateCommand),
                                   cl::sub(compareCommand),
                                   cl::sub(benchCommand),
                                   cl::sub(reportCommand), cl::cat(category));

cl::opt<bool> perTensorWeights("per-tensor-weights",
                               cl::desc("One scale for all of a layer's "
                                        "weights instead of one a channel"),
                               cl::sub(compileCommand), cl::sub(runCommand),
                               cl::sub(evaluateCommand),
                               cl::sub(compareCommand), cl::sub(benchCommand),
                               cl::sub(reportCommand), cl::cat(category));

cl::opt<bool> narrowRange(
    "narrow-range", cl::desc("Activations without the lowest stored value"),
    cl::sub(compileCommand), cl::sub(runCommand), cl::sub(evaluateCommand),
    cl::sub(compareCommand), cl::sub(benchCommand), cl::sub(reportCommand),
    cl::cat(category));

cl::opt<bool> noChannelEqualization(
    "no-channel-equalization",
    cl::desc("Leave channels before depthwise convolutions as unequal as they "
             "are"),
    cl::sub(compileCommand), cl::sub(runCommand), cl::sub(evaluateCommand),
    cl::sub(compareCommand), cl::sub(benchCommand), cl::sub(reportCommand),
    cl::cat(category));

cl::opt<bool> noBiasCorrection(
    "no-bias-correction",
    cl::desc("Leave the mean error of rounded weights in the results"),
    cl::sub(compileCommand), cl::sub(runCommand), cl::sub(evaluateCommand),
    cl::sub(compareCommand), cl::sub(benchCommand), cl::sub(reportCommand),
    cl::cat(category));

cl::opt<bool> timeLayers("layers",
                         cl::desc("Also time each layer, compiled alone"),
                         cl::sub(benchCommand), cl::cat(category));

cl::opt<bool> timeFloat("float",
                        cl::desc("Also time a float model's own form, in f32"),
                        cl::sub(benchCommand), cl::cat(category));

cl::opt<std::string> writeLayers(
    "write-layers", cl::value_desc("folder"),
    cl::desc("Write each layer as a model of its own, NNN.mlir, with an "
             "index.json, and time nothing"),
    cl::sub(benchCommand), cl::cat(category));

cl::opt<std::string>
    versus("vs", cl::value_desc("name"),
           cl::desc("Compare with the same network in this library: "
                    "onnxruntime"),
           cl::sub(benchCommand), cl::cat(category));

cl::opt<std::string>
    onnxRuntime("onnxruntime", cl::value_desc("file"),
                cl::desc("The shared library of ONNX Runtime (default: what "
                         "QUANTCC_ONNXRUNTIME names, or libonnxruntime.so.1)"),
                cl::sub(benchCommand), cl::cat(category));

cl::opt<std::string> jsonFile("json", cl::value_desc("file"),
                              cl::desc("Also write the results as JSON"),
                              cl::sub(benchCommand), cl::cat(category));

cl::opt<std::string> htmlFile("html", cl::value_desc("file"),
                              cl::desc("Also write a page of HTML"),
                              cl::sub(benchCommand), cl::sub(reportCommand),
                              cl::cat(category));

cl::opt<std::string> rounds(
    "rounds", cl::value_desc("N"), cl::init("101"),
    cl::desc("How many times each piece of code is timed (default: 101)"),
    cl::sub(benchCommand), cl::cat(category));

constexpr StringLiteral kOverview =
    "quantcc - a quantization compiler for edge CPUs\n\n"
    "  quantcc compile MODEL -o DIR [--calibrate SAMPLES | --ranges FILE] "
    "[--target NAME]\n"
    "  quantcc calibrate MODEL --samples SAMPLES -o FILE\n"
    "  quantcc calibrate --merge FILE... -o FILE\n"
    "  quantcc run MODEL --input X -o Y.npy [--stage STAGE] [--raw]\n"
    "  quantcc evaluate MODEL --input X --labels Y.npy [--metric "
    "top1|mse|auc]\n"
    "  quantcc compare MODEL --input X\n"
    "  quantcc report MODEL [--target NAME] [--html FILE]\n"
    "  quantcc bench MODEL [--layers] [--vs onnxruntime] [--json FILE]\n\n"
    "'quantcc COMMAND --help' tells a command's options. A float model needs "
    "--calibrate\nor --ranges wherever it is quantized.\n";

} // namespace

/// Which command the words chose, or none.
static std::optional<Command> chosenCommand() {
  std::pair<cl::SubCommand *, Command> commands[] = {
      {&compileCommand, Command::Compile},
      {&calibrateCommand, Command::Calibrate},
      {&runCommand, Command::Run},
      {&evaluateCommand, Command::Evaluate},
      {&compareCommand, Command::Compare},
      {&reportCommand, Command::Report},
      {&benchCommand, Command::Bench}};
  for (auto &[subCommand, command] : commands)
    if (*subCommand)
      return command;
  return std::nullopt;
}

/// The stage that `--stage` names: `float` stands for the imported model.
static Expected<Stage> parseRunStage(StringRef name) {
  if (name == "float")
    return Stage::Imported;
  std::optional<Stage> parsed = symbolizeStage(name);
  if (!parsed || !is_contained({Stage::FakeQuantized, Stage::Quantized,
                                Stage::Integer, Stage::Object},
                               *parsed))
    return usageError("unknown stage '" + name +
                      "': expected float, fake-quantized, quantized, integer "
                      "or object");
  return *parsed;
}

static Expected<Stage> parseStopStage(StringRef name) {
  std::optional<Stage> parsed = symbolizeStage(name);
  if (!parsed || *parsed > Stage::Integer)
    return usageError("unknown stage '" + name +
                      "': expected imported, observed, calibrated, "
                      "fake-quantized, quantized or integer");
  return *parsed;
}

static Expected<Metric> parseMetric(StringRef name) {
  auto parsed = StringSwitch<std::optional<Metric>>(name)
                    .Case("top1", Metric::Top1)
                    .Case("mse", Metric::MeanSquaredError)
                    .Case("auc", Metric::AreaUnderCurve)
                    .Default(std::nullopt);
  if (!parsed)
    return usageError("unknown metric '" + name +
                      "': expected top1, mse or auc");
  return *parsed;
}

/// Beyond this, pieces are too small to be worth it.
static constexpr unsigned kMostThreads = 64;

static Error parseThreads(unsigned &count) {
  if (threads.getNumOccurrences() == 0)
    return Error::success();
  if (!to_integer(threads, count, 10) || count < 2 || count > kMostThreads)
    return usageError("--threads expected a whole number from 2 to " +
                      Twine(kMostThreads) + ", found '" + threads + "'");
  return Error::success();
}

static Error parseBenchChoice(BenchChoice &choice) {
  if (!to_integer(rounds, choice.rounds, 10) || choice.rounds == 0)
    return usageError(
        "--rounds expected a whole number of at least 1, found '" + rounds +
        "'");
  if (!versus.empty() && versus != "onnxruntime")
    return usageError("unknown library '" + versus + "': expected onnxruntime");
  choice.compareWithOnnxRuntime = !versus.empty();
  choice.layers = timeLayers;
  choice.floatNetwork = timeFloat;
  choice.layersFolder = writeLayers;
  choice.onnxRuntime = onnxRuntime;
  choice.jsonFile = jsonFile;
  choice.htmlFile = htmlFile;
  return Error::success();
}

/// Sets what only some commands have, from text.
static Error parseValues(CommandLine &line) {
  Expected<Metric> parsedMetric = parseMetric(metric);
  if (!parsedMetric)
    return parsedMetric.takeError();
  line.metric = *parsedMetric;
  if (!to_integer(group, line.group, 10) || line.group == 0)
    return usageError("--group expected a whole number of at least 1, found '" +
                      group + "'");
  if (line.group != 1 && line.metric != Metric::AreaUnderCurve)
    return usageError("--group is for --metric auc");
  if (symbol.getNumOccurrences() != 0 && symbol.empty())
    return usageError("--symbol expected a name");

  if (Error error = parseBenchChoice(line.bench))
    return error;
  if (Error error = parseThreads(line.threads))
    return error;
  if (line.command == Command::Run) {
    Expected<Stage> parsed = parseRunStage(stage);
    if (!parsed)
      return parsed.takeError();
    line.stage = *parsed;
    if (line.interpret && line.stage != Stage::Integer)
      return usageError("--interpret is for stage integer");
    if (line.threads && line.stage != Stage::Object)
      return usageError("--threads is for stage object");
    line.interpretsLayout = target.getNumOccurrences() != 0;
    if (line.interpretsLayout && !line.interpret)
      return usageError("--target goes with --interpret: compiled code runs on "
                        "this machine");
  } else if (stopAfter.getNumOccurrences() != 0) {
    Expected<Stage> parsed = parseStopStage(stopAfter);
    if (!parsed)
      return parsed.takeError();
    line.stage = *parsed;
    line.stopsEarly = true;
    if (!line.dependencyFile.empty())
      return usageError("--depfile is for objects: it takes no --stop-after");
  }
  return Error::success();
}

/// Checks that what the command needs is there.
static Error checkArguments(const CommandLine &line) {
  if (line.listTargets)
    return Error::success();
  if (line.merge) {
    if (line.files.empty())
      return usageError("--merge needs calibration files");
    if (!line.samples.empty())
      return usageError("--merge takes no --samples");
  } else if (line.files.size() != 1) {
    return usageError(line.files.empty()
                          ? Twine("no model given")
                          : "expected one model, found '" + line.files[0] +
                                "' and '" + line.files[1] + "'");
  } else if (line.command == Command::Calibrate && line.samples.empty()) {
    return usageError("calibrate needs --samples");
  }
  bool writes = line.command == Command::Compile ||
                line.command == Command::Calibrate ||
                line.command == Command::Run;
  if (writes && line.output.empty())
    return usageError("no output given: -o is missing");
  bool reads = line.command == Command::Run ||
               line.command == Command::Evaluate ||
               line.command == Command::Compare;
  if (reads && line.input.empty())
    return usageError("no inputs given: --input is missing");
  if (line.command == Command::Evaluate && line.labels.empty())
    return usageError("no labels given: --labels is missing");
  if (line.command == Command::Report &&
      line.input.empty() != line.labels.empty())
    return usageError("--input and --labels go together");
  if (!line.quantization.samples.empty() && !line.quantization.ranges.empty())
    return usageError("--calibrate and --ranges exclude each other");
  return Error::success();
}

Expected<CommandLine> quantcc::parseCommandLine(int argc, const char **argv) {
  cl::SetVersionPrinter(
      [](raw_ostream &stream) { stream << compilerVersion() << "\n"; });
  cl::HideUnrelatedOptions(category);
  for (cl::SubCommand *subCommand :
       {&compileCommand, &calibrateCommand, &runCommand, &evaluateCommand,
        &compareCommand, &reportCommand, &benchCommand})
    cl::HideUnrelatedOptions(category, *subCommand);
  static CompileOptions compileOptions(compileCommand, reportCommand, category);
  std::string messages;
  raw_string_ostream stream(messages);
  if (!cl::ParseCommandLineOptions(argc, argv, kOverview, &stream)) {
    // The library repeats the program's name and may give several lines.
    StringRef first = StringRef(messages).ltrim().split('\n').first;
    first.consume_front(StringRef(argv[0]));
    first.consume_front("quantcc");
    first.consume_front(": ");
    first = first.split("  Try: ").first;
    std::string message = first.rtrim(" .").str();
    if (!message.empty())
      message.front() = toLower(message.front());
    return usageError(message);
  }

  std::optional<Command> command = chosenCommand();
  if (!command)
    return usageError("no command given: expected compile, calibrate, run, "
                      "evaluate, compare, report or bench");
  CommandLine line;
  line.command = *command;
  line.target.name = target;
  line.files.assign(files.begin(), files.end());
  line.output = output;
  line.samples = samples;
  line.input = input;
  line.labels = labels;
  line.page = htmlFile;
  line.symbol = symbol;
  line.dependencyFile = dependencyFile;
  line.layers = layers;
  line.integerOnly = integerOnly;
  line.listTargets = listTargets;
  line.merge = merge;
  line.raw = raw;
  line.json = json;
  line.interpret = interpret;
  line.quantization.samples = calibrate;
  line.quantization.ranges = ranges;
  line.quantization.recipe = recipe;
  line.quantization.estimator = estimator;
  line.quantization.exclude.assign(exclude.begin(), exclude.end());
  line.quantization.symmetricActivations = symmetricActivations;
  line.quantization.perTensorWeights = perTensorWeights;
  line.quantization.narrowRange = narrowRange;
  line.quantization.equalizeChannels = !noChannelEqualization;
  line.quantization.correctBias = !noBiasCorrection;

  if (Error error = compileOptions.read(line, target.getNumOccurrences() != 0))
    return std::move(error);
  if (Error error = parseValues(line))
    return std::move(error);
  if (Error error = checkArguments(line))
    return std::move(error);
  return line;
}
