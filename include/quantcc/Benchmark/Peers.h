//===- Peers.h - The same network in other libraries ------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs the equivalents of a network in ONNX Runtime on the same inputs.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_BENCHMARK_PEERS_H
#define QUANTCC_BENCHMARK_PEERS_H

#include "quantcc/Benchmark/LoadedModel.h"
#include "quantcc/Benchmark/OnnxExport.h"
#include "quantcc/Benchmark/OnnxRuntime.h"

namespace quantcc {

/// How far two results of one network are apart, in steps of our output's
/// scale, over all elements of all outputs.
struct Agreement {
  double largestSteps = 0;
  double meanSteps = 0;
  /// The share of elements that differ by no more than one step.
  double withinOneStep = 1;
};

/// A network in ONNX Runtime that has the inputs of a model of ours.
class Peer {
public:
  /// Makes the form `form` of `entry` (at the quantized stage) ready to run on
  /// the inputs of `model`, which is `entry` compiled.
  static llvm::Expected<Peer> create(const OnnxRuntime &runtime,
                                     mlir::func::FuncOp entry, OnnxForm form,
                                     const LoadedModel &model);

  /// "u8/s8 QDQ" or "float".
  llvm::StringRef name() const;

  llvm::Error run() { return session->run(); }

  /// Compares the outputs of the last run with those of the model's last run.
  Agreement compare(const LoadedModel &model) const;

private:
  OnnxForm form = OnnxForm::Float;
  std::unique_ptr<OnnxSession> session;
};

} // namespace quantcc

#endif // QUANTCC_BENCHMARK_PEERS_H
