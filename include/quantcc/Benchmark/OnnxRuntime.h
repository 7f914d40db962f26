//===- OnnxRuntime.h - ONNX Runtime, if it is installed ---------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs an ONNX model in this process through the C interface of ONNX Runtime,
// whose shared library is loaded when it is asked for.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_BENCHMARK_ONNXRUNTIME_H
#define QUANTCC_BENCHMARK_ONNXRUNTIME_H

#include "quantcc/Benchmark/OnnxModel.h"

#include <llvm/Support/Error.h>
#include <memory>

namespace quantcc {

struct OnnxRuntimeApi;

/// The loaded library.
class OnnxRuntime {
public:
  /// Loads the library `path`, or, where that is empty, the file that the
  /// environment variable QUANTCC_ONNXRUNTIME names, or libonnxruntime.so.1
  /// where the system looks for libraries. Errors: it is not there, or is no
  /// ONNX Runtime.
  static llvm::Expected<std::unique_ptr<OnnxRuntime>>
  load(llvm::StringRef path);
  ~OnnxRuntime();

  llvm::StringRef version() const { return versionText; }

private:
  friend class OnnxSession;
  OnnxRuntime() = default;

  const OnnxRuntimeApi *api = nullptr;
  std::string versionText;
  void *environment = nullptr;
  void *memoryInfo = nullptr;
};

/// A model made ready to run on one thread, with all of the library's graph
/// optimizations, and with memory for its inputs and outputs.
class OnnxSession {
public:
  /// Errors: what the library reports, such as an operator it lacks.
  static llvm::Expected<std::unique_ptr<OnnxSession>>
  create(const OnnxRuntime &runtime, const OnnxModel &model);
  ~OnnxSession();

  /// The memory of an input or output, elements in row-major order.
  llvm::MutableArrayRef<char> input(size_t index) { return inputs[index]; }
  llvm::ArrayRef<char> output(size_t index) const { return outputs[index]; }

  /// Runs the model once, from the inputs' memory to the outputs'.
  llvm::Error run();

private:
  OnnxSession(const OnnxRuntime &runtime) : runtime(runtime) {}
  llvm::Error bind(const OnnxModel &model);

  const OnnxRuntime &runtime;
  void *session = nullptr;
  std::vector<std::vector<char>> inputs, outputs;
  std::vector<OnnxTensor> inputTensors, outputTensors;
  std::vector<const char *> inputNames, outputNames;
  std::vector<void *> inputValues, outputValues;
};

} // namespace quantcc

#endif // QUANTCC_BENCHMARK_ONNXRUNTIME_H
