//===- OnnxModel.cpp - An ONNX model as bytes -----------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes the messages ModelProto, GraphProto, NodeProto, AttributeProto,
// TensorProto and ValueInfoProto.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Benchmark/OnnxModel.h"

#include <cstring>
#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/Support/ErrorHandling.h>

using namespace quantcc;
using llvm::ArrayRef;
using llvm::StringRef;

unsigned quantcc::onnxElementSize(OnnxType type) {
  switch (type) {
  case OnnxType::U8:
  case OnnxType::S8:
    return 1;
  case OnnxType::F32:
  case OnnxType::S32:
    return 4;
  case OnnxType::S64:
    return 8;
  }
  llvm_unreachable("every type is handled");
}

int64_t OnnxTensor::elements() const {
  int64_t count = 1;
  for (int64_t size : shape)
    count *= size;
  return count;
}

void ProtobufMessage::addVarint(uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    bytes += static_cast<char>(value | 0x80);
  bytes += static_cast<char>(value);
}

void ProtobufMessage::addInteger(unsigned field, int64_t value) {
  addVarint(field << 3 | 0);
  addVarint(static_cast<uint64_t>(value));
}

void ProtobufMessage::addFloat(unsigned field, float value) {
  addVarint(field << 3 | 5);
  char encoded[sizeof(value)];
  std::memcpy(encoded, &value, sizeof(value));
  bytes.append(encoded, sizeof(value));
}

void ProtobufMessage::addBytes(unsigned field, StringRef content) {
  addVarint(field << 3 | 2);
  addVarint(content.size());
  bytes += content;
}

/// An AttributeProto of ONNX's type `type`, whose value `addValue` adds.
static ProtobufMessage
makeAttribute(StringRef name, int64_t type,
              llvm::function_ref<void(ProtobufMessage &)> addValue) {
  ProtobufMessage attribute;
  attribute.addBytes(1, name);
  addValue(attribute);
  attribute.addInteger(20, type);
  return attribute;
}

OnnxAttributes &OnnxAttributes::add(StringRef name, int64_t value) {
  constexpr int64_t kInt = 2;
  attributes.push_back(makeAttribute(
      name, kInt, [&](auto &attribute) { attribute.addInteger(3, value); }));
  return *this;
}

OnnxAttributes &OnnxAttributes::add(StringRef name, ArrayRef<int64_t> values) {
  constexpr int64_t kInts = 7;
  attributes.push_back(makeAttribute(name, kInts, [&](auto &attribute) {
    for (int64_t value : values)
      attribute.addInteger(8, value);
  }));
  return *this;
}

OnnxAttributes &OnnxAttributes::add(StringRef name, const char *text) {
  constexpr int64_t kString = 3;
  attributes.push_back(makeAttribute(
      name, kString, [&](auto &attribute) { attribute.addBytes(4, text); }));
  return *this;
}

/// A ValueInfoProto: a name with a type.
static ProtobufMessage describeTensor(const OnnxTensor &tensor) {
  ProtobufMessage shape;
  for (int64_t size : tensor.shape) {
    ProtobufMessage dimension;
    dimension.addInteger(1, size);
    shape.addMessage(1, dimension);
  }
  ProtobufMessage tensorType;
  tensorType.addInteger(1, static_cast<int64_t>(tensor.type));
  tensorType.addMessage(2, shape);
  ProtobufMessage type;
  type.addMessage(1, tensorType);
  ProtobufMessage info;
  info.addBytes(1, tensor.name);
  info.addMessage(2, type);
  return info;
}

void OnnxModel::addInput(const OnnxTensor &tensor) {
  graph.addMessage(11, describeTensor(tensor));
  inputTensors.push_back(tensor);
}

void OnnxModel::addOutput(const OnnxTensor &tensor) {
  graph.addMessage(12, describeTensor(tensor));
  outputTensors.push_back(tensor);
}

void OnnxModel::addConstant(const OnnxTensor &tensor, StringRef bytes) {
  assert(static_cast<int64_t>(bytes.size()) ==
             tensor.elements() * onnxElementSize(tensor.type) &&
         "as many bytes as the tensor has");
  ProtobufMessage constant;
  for (int64_t size : tensor.shape)
    constant.addInteger(1, size);
  constant.addInteger(2, static_cast<int64_t>(tensor.type));
  constant.addBytes(8, tensor.name);
  constant.addBytes(9, bytes);
  graph.addMessage(5, constant);
}

void OnnxModel::addConstant(StringRef name, ArrayRef<int64_t> shape,
                            ArrayRef<float> values) {
  addConstant({name.str(), OnnxType::F32, shape.vec()},
              StringRef(reinterpret_cast<const char *>(values.data()),
                        values.size() * sizeof(float)));
}

void OnnxModel::addNode(StringRef type, ArrayRef<std::string> inputs,
                        StringRef output, const OnnxAttributes &attributes) {
  ProtobufMessage node;
  for (const std::string &input : inputs)
    node.addBytes(1, input);
  node.addBytes(2, output);
  node.addBytes(3, output);
  node.addBytes(4, type);
  for (const ProtobufMessage &attribute : attributes.attributes)
    node.addMessage(5, attribute);
  graph.addMessage(1, node);
}

std::string OnnxModel::serialize() const {
  constexpr int64_t kIrVersion = 8, kOperatorSet = 17;
  ProtobufMessage operators;
  operators.addBytes(1, "");
  operators.addInteger(2, kOperatorSet);
  ProtobufMessage named = graph;
  named.addBytes(2, "model");
  ProtobufMessage model;
  model.addInteger(1, kIrVersion);
  model.addBytes(2, "quantcc");
  model.addMessage(7, named);
  model.addMessage(8, operators);
  return model.data().str();
}
