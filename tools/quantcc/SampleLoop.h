//===- SampleLoop.h - Running over samples ----------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads samples one at a time and hands them to all processors.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_TOOLS_QUANTCC_SAMPLELOOP_H
#define QUANTCC_TOOLS_QUANTCC_SAMPLELOOP_H

#include "Model.h"
#include "quantcc/ArrayFile/SampleReader.h"

#include <functional>
#include <memory>

namespace quantcc {

/// How a sample's numbers are to be understood.
enum class SampleKind {
  /// Real values: quantized for a quantized input, whatever their type.
  Real,
  /// Integers of the storage type of a quantized input are stored values; all
  /// else is real.
  StoredWhereTyped,
};

/// The samples of a file, converted to a model's inputs.
class SampleSource {
public:
  /// Opens an .npy of shape [N, ...], for a model of one input, or an .npz with
  /// one array per input name. A sample has the input's shape, or that shape
  /// without its leading dimension of 1. Errors name the file and the input.
  static llvm::Expected<std::unique_ptr<SampleSource>>
  open(llvm::StringRef path, llvm::ArrayRef<TensorSpec> inputs,
       SampleKind kind);

  /// The number of samples, N.
  size_t size() const { return reader.getNumSamples(); }

  /// The inputs of the next sample. Expects that there is one.
  llvm::Expected<std::vector<TensorBytes>> read();

private:
  SampleSource(SampleReader reader) : reader(std::move(reader)) {}

  std::string path;
  SampleReader reader;
  std::vector<TensorSpec> inputs;
  /// For each input, whether its integers are stored values.
  std::vector<bool> stored;
  size_t next = 0;
};

/// Calls `work(index, inputs, worker)` for every sample, on all processors;
/// worker is below workerCount() and owned by one thread at a time. Stops at
/// the first error. On a terminal, `title` and the count so far are shown. With
/// `inOrder`, as a stateful model needs it, samples are worked on by worker 0
/// alone, one after another.
llvm::Error forEachSample(
    SampleSource &source, llvm::StringRef title,
    llvm::function_ref<llvm::Error(size_t, llvm::ArrayRef<TensorBytes>, size_t)>
        work,
    bool inOrder = false);

/// The number of threads that forEachSample uses.
size_t workerCount();

} // namespace quantcc

#endif // QUANTCC_TOOLS_QUANTCC_SAMPLELOOP_H
