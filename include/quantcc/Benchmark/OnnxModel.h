//===- OnnxModel.h - An ONNX model as bytes ---------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds an ONNX model in memory, in as much of the format as graphs of static
// shape need. The format is that of Protocol Buffers; field numbers are those
// of onnx.proto (IR version 8, operator set 17).
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_BENCHMARK_ONNXMODEL_H
#define QUANTCC_BENCHMARK_ONNXMODEL_H

#include <cstdint>
#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>
#include <string>
#include <vector>

namespace quantcc {

/// Element types, with ONNX's numbers.
enum class OnnxType { F32 = 1, U8 = 2, S8 = 3, S32 = 6, S64 = 7 };

/// Bytes of one element.
unsigned onnxElementSize(OnnxType type);

/// An input or output of a model.
struct OnnxTensor {
  std::string name;
  OnnxType type = OnnxType::F32;
  std::vector<int64_t> shape;

  int64_t elements() const;
};

/// A Protocol Buffers message under construction.
class ProtobufMessage {
public:
  void addInteger(unsigned field, int64_t value);
  void addFloat(unsigned field, float value);
  void addBytes(unsigned field, llvm::StringRef bytes);
  void addMessage(unsigned field, const ProtobufMessage &message) {
    addBytes(field, message.bytes);
  }

  llvm::StringRef data() const { return bytes; }

private:
  void addVarint(uint64_t value);

  std::string bytes;
};

/// The attributes of a node, in the order they are added.
class OnnxAttributes {
public:
  OnnxAttributes &add(llvm::StringRef name, int64_t value);
  OnnxAttributes &add(llvm::StringRef name, llvm::ArrayRef<int64_t> values);
  OnnxAttributes &add(llvm::StringRef name, const char *text);

private:
  friend class OnnxModel;
  std::vector<ProtobufMessage> attributes;
};

/// A model of one graph. Every name stands for one tensor.
class OnnxModel {
public:
  void addInput(const OnnxTensor &tensor);
  void addOutput(const OnnxTensor &tensor);

  /// Adds the constant `name`, whose elements are `bytes`, lowest byte first.
  void addConstant(const OnnxTensor &tensor, llvm::StringRef bytes);
  void addConstant(llvm::StringRef name, llvm::ArrayRef<int64_t> shape,
                   llvm::ArrayRef<float> values);

  /// Adds a node of ONNX's own domain with one output, `output`. An input that
  /// is left out has an empty name.
  void addNode(llvm::StringRef type, llvm::ArrayRef<std::string> inputs,
               llvm::StringRef output, const OnnxAttributes &attributes = {});

  const std::vector<OnnxTensor> &inputs() const { return inputTensors; }
  const std::vector<OnnxTensor> &outputs() const { return outputTensors; }

  /// The file's content.
  std::string serialize() const;

private:
  ProtobufMessage graph;
  std::vector<OnnxTensor> inputTensors;
  std::vector<OnnxTensor> outputTensors;
};

} // namespace quantcc

#endif // QUANTCC_BENCHMARK_ONNXMODEL_H
