//===- CommandLine.h - The command line of quantcc --------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the user asked for, checked as far as the words alone allow.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_TOOLS_QUANTCC_COMMANDLINE_H
#define QUANTCC_TOOLS_QUANTCC_COMMANDLINE_H

#include "quantcc/Codegen/TargetInfo.h"
#include "quantcc/Verification/Stage.h"

#include <llvm/Support/Error.h>
#include <optional>
#include <string>
#include <vector>

namespace quantcc {

enum class Command {
  Compile,
  Calibrate,
  Run,
  Evaluate,
  Compare,
  Report,
  Bench
};

/// How a float model is to be quantized.
struct QuantizationChoice {
  /// Samples to calibrate with, or empty.
  std::string samples;
  /// A calibration file, or empty.
  std::string ranges;
  std::string recipe;
  std::string estimator;
  std::vector<std::string> exclude;
  bool symmetricActivations = false;
  bool perTensorWeights = false;
  bool narrowRange = false;
  bool equalizeChannels = true;
  bool correctBias = true;
};

/// The machine to compile for: by name, or by LLVM's terms if there is a
/// triple.
struct TargetChoice {
  std::string name = "host";
  std::string triple;
  std::string cpu;
  std::string features;
  std::string abi;
};

/// Where parts of the model lie; sections are empty for the usual ones.
struct PlacementChoice {
  std::vector<MemoryRegion> regions;
  std::string codeSection;
  std::string weightsSection;
};

/// What the object may take.
struct SizeChoice {
  std::optional<int64_t> maxRAM;
  std::optional<int64_t> maxFlash;
};

/// What `bench` measures beside the network as a whole, and how.
struct BenchChoice {
  bool layers = false;
  bool floatNetwork = false;
  /// A folder to write each layer to as a model of its own, instead of
  /// measuring anything; or empty.
  std::string layersFolder;
  bool compareWithOnnxRuntime = false;
  /// The library's file, or empty for where it is usually found.
  std::string onnxRuntime;
  /// Files to write the results to, or empty.
  std::string jsonFile;
  std::string htmlFile;
  unsigned rounds = 101;
};

enum class Metric { Top1, MeanSquaredError, AreaUnderCurve };

struct CommandLine {
  Command command = Command::Compile;
  /// The model; with `merge`, the calibration files.
  std::vector<std::string> files;
  std::string output;
  std::string samples;
  std::string input;
  std::string labels;
  /// The page that `report` writes beside its text, or empty.
  std::string page;
  TargetChoice target;
  PlacementChoice placement;
  SizeChoice sizes;
  std::string symbol;
  /// The most pieces that a layer is cut into, and the threads that run them; 0
  /// for code of one thread.
  unsigned threads = 0;
  /// Where to write what the object depends on, or empty.
  std::string dependencyFile;
  std::string layers;
  QuantizationChoice quantization;
  BenchChoice bench;
  Stage stage = Stage::Object;
  /// Whether the compilation ends with `stage`, before an object exists.
  bool stopsEarly = false;
  Metric metric = Metric::Top1;
  unsigned group = 1;
  bool integerOnly = false;
  bool freestanding = false;
  /// Whether to print what code generation decides for each layer.
  bool remarks = false;
  /// Whether to print what the phases took.
  bool timing = false;
  /// A file to write the same to, or empty.
  std::string timingFile;
  bool listTargets = false;
  bool merge = false;
  bool raw = false;
  bool json = false;
  /// Whether the interpreter executes the integer stage.
  bool interpret = false;
  /// Whether it executes the layers that the target has kernels for.
  bool interpretsLayout = false;

  const std::string &model() const { return files.front(); }
};

/// An error in the words of the command line, with a hint at --help.
llvm::Error usageError(const llvm::Twine &message);

/// Parses the program's arguments. `--help` and `--version` print and exit.
/// Errors: an unknown command, option or value, a missing or contradicting
/// argument.
llvm::Expected<CommandLine> parseCommandLine(int argc, const char **argv);

} // namespace quantcc

#endif // QUANTCC_TOOLS_QUANTCC_COMMANDLINE_H
