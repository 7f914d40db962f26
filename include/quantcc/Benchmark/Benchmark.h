//===- Benchmark.h - How fast a compiled network is -------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Times a network, its layers and its peers side by side, and keeps what a
// reader needs to judge the figures.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_BENCHMARK_BENCHMARK_H
#define QUANTCC_BENCHMARK_BENCHMARK_H

#include "quantcc/Benchmark/Peers.h"
#include "quantcc/Benchmark/Timing.h"
#include "quantcc/Target/ObjectInspection.h"
#include "quantcc/Verification/Stage.h"

#include <mlir/IR/BuiltinOps.h>
#include <optional>

namespace quantcc {

/// What is to be measured.
struct BenchmarkRequest {
  /// How the model is called in the results.
  std::string modelName;
  /// A network at `stage`, Quantized or Integer. Layers and peers need it at
  /// the quantized stage.
  mlir::ModuleOp module;
  Stage stage = Stage::Quantized;
  /// The same network in f32, at the observed stage, to be timed in the same
  /// rounds; or null.
  mlir::ModuleOp floatModule;
  TargetInfo target;
  TimingOptions timing;
  /// The stored values of each input, or none for random ones.
  std::vector<std::vector<char>> inputs;
  bool layers = false;
  /// Also time the network cut for so many threads, which run it; 0 for not.
  unsigned threads = 0;
  /// The library to compare with, or null.
  const OnnxRuntime *onnxRuntime = nullptr;
};

/// Where and when figures were measured.
struct BenchmarkSetting {
  std::string compiler;
  std::string processor;
  std::string system;
  /// UTC, as in 2024-02-29T12:00:00Z.
  std::string date;
  TargetInfo target;
};

/// A piece of code that was timed.
struct BenchmarkedCode {
  std::string name;
  Quartiles microseconds;
  int64_t macs = 0;
  /// Of the target's dot product instruction in the same rounds, 0 to 1.
  std::optional<double> shareOfPeak;

  /// Multiplications and additions, in 10^9 a second, at the median.
  double gops() const { return 2e-3 * macs / microseconds.median; }
};

/// Code that does the same as ours.
struct BenchmarkedRival {
  BenchmarkedCode code;
  /// How many times longer it takes than our code.
  Quartiles ratio;
};

struct BenchmarkedPeer : BenchmarkedRival {
  Agreement agreement;
};

/// Reading memory and nothing else.
struct BenchmarkedReading {
  Quartiles microseconds;
  int64_t bytes = 0;

  double gigabytesPerSecond() const {
    return 1e-3 * bytes / microseconds.median;
  }
};

struct BenchmarkedLayer {
  BenchmarkedCode code;
  /// As in LayerFunction.
  std::string kind;
  std::string shapes;
  int64_t codeBytes = 0;
  /// In the same rounds, of as many bytes as the layer's constants are, if it
  /// uses each of them once or less.
  std::optional<BenchmarkedReading> reading;
};

/// The network in several threads, and in one, both by the clock on the wall.
struct BenchmarkedThreads {
  unsigned threads = 0;
  Quartiles microseconds;
  Quartiles oneThread;
  /// How many times longer one thread takes, round by round.
  Quartiles ratio;
};

struct BenchmarkResult {
  std::string modelName;
  BenchmarkSetting setting;
  ObjectFacts object;
  int64_t arenaBytes = 0;
  int64_t weightBytes = 0;
  BenchmarkedCode network;
  /// Of a target that has one; its instruction is the name.
  std::optional<BenchmarkedCode> peak;
  /// Reading as many bytes as the network's constants are, where these are
  /// enough to tell.
  std::optional<BenchmarkedReading> reading;
  /// The float form of the network, by the same code generator.
  std::optional<BenchmarkedRival> floatNetwork;
  std::optional<BenchmarkedThreads> threads;
  /// Each timed alone, in rounds of their own with the peak kernel.
  std::vector<BenchmarkedLayer> layers;
  std::string peerVersion;
  std::vector<BenchmarkedPeer> peers;

  /// The peer with the smallest median, or null.
  const BenchmarkedPeer *betterPeer() const;
};

/// Measures what is asked for. Errors: the first diagnostic that compiling
/// reports goes to the context; the returned error names what failed.
llvm::Expected<BenchmarkResult> runBenchmark(const BenchmarkRequest &request);

} // namespace quantcc

#endif // QUANTCC_BENCHMARK_BENCHMARK_H
