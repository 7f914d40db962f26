//===- SampleReader.h - Samples from array files ----------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the samples of a model's inputs one at a time in fixed memory.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_ARRAYFILE_SAMPLEREADER_H
#define QUANTCC_ARRAYFILE_SAMPLEREADER_H

#include "quantcc/ArrayFile/ElementType.h"

#include <llvm/ADT/SmallVector.h>
#include <memory>
#include <string>
#include <vector>

namespace quantcc {

class ArrayStream;

/// The samples of an .npy file of shape [N, ...], for a model of one input, or
/// of an .npz file with one such array per input name. The memory held depends
/// on neither N nor the size of the file, and what the file promises is
/// verified when it is opened: sizes, and in an .npz every checksum.
class SampleReader {
public:
  /// Opens `path`; input i of the reader is `inputNames[i]`. Errors, naming the
  /// file: it cannot be read; its arrays are not exactly the inputs; an array
  /// has no first axis, no samples, or another number of samples.
  static llvm::Expected<SampleReader>
  open(llvm::StringRef path, llvm::ArrayRef<std::string> inputNames);

  SampleReader(SampleReader &&);
  SampleReader &operator=(SampleReader &&);
  ~SampleReader();

  /// N, at least 1.
  int64_t getNumSamples() const { return numSamples; }
  unsigned getNumInputs() const { return inputs.size(); }

  ElementType getElementType(unsigned input) const;
  /// The shape of one sample: the array's without N.
  llvm::ArrayRef<int64_t> getSampleShape(unsigned input) const;
  /// The number of elements of one sample.
  size_t getSampleElements(unsigned input) const;

  /// Errors unless one sample of `input` has the given shape, up to leading
  /// axes of size 1, such as a model's batch.
  llvm::Error requireSampleShape(unsigned input,
                                 llvm::ArrayRef<int64_t> shape) const;

  /// Reads the next sample of `input` as it is stored, in the host's byte
  /// order. Expects getSampleElements times the element size bytes, and a
  /// sample that is left to read.
  llvm::Error readRaw(unsigned input, llvm::MutableArrayRef<char> result);

  /// Reads the next sample of `input` converted to f32, as convertToFloat does.
  llvm::Error readFloat(unsigned input, llvm::MutableArrayRef<float> result);

  /// Makes `sample` the next sample of every input: at once for an .npy and
  /// stored members, by decompressing up to it for deflated ones.
  llvm::Error seek(int64_t sample);

private:
  struct Input {
    std::string name;
    std::unique_ptr<ArrayStream> stream;
    size_t sampleElements;
  };

  SampleReader() = default;
  llvm::Error addInput(llvm::StringRef name,
                       std::unique_ptr<ArrayStream> stream);
  llvm::Error fail(const Input &input, llvm::Error error) const;

  std::string path;
  std::vector<Input> inputs;
  int64_t numSamples = 0;
};

} // namespace quantcc

#endif // QUANTCC_ARRAYFILE_SAMPLEREADER_H
