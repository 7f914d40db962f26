//===- ModelVerifier.cpp - Checks of a .tflite file -----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Decides whether a file is a sound .tflite model before anything reads it.
//
//===----------------------------------------------------------------------===//

#include "ModelVerifier.h"

#include "OperatorTable.h"
#include "quantcc/Support/StoredRange.h"

#include <cmath>
#include <llvm/ADT/StringSet.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::tflite;

LogicalResult ModelVerifier::verifyLayout() {
  const auto *bytes =
      reinterpret_cast<const uint8_t *>(file.buffer.getBufferStart());
  size_t size = file.getSize();
  if (size < 8 || !ModelBufferHasIdentifier(bytes))
    return file.error() << "expected a .tflite model, which has 'TFL3' at "
                        << "bytes 4 to 7";
  // The verifier asserts what is checked here. Constants of a larger file lie
  // behind its FlatBuffers part.
  size_t verified = std::min<size_t>(size, FLATBUFFERS_MAX_BUFFER_SIZE - 1);
  flatbuffers::Verifier verifier(bytes, verified);
  if (!VerifyModelBuffer(verifier))
    return file.error() << "expected a .tflite model, found a damaged one: an "
                        << "offset or a size leaves the file";
  file.model = GetModel(bytes);
  if (file.model->version() != 3)
    return file.error() << "expected version 3 of the .tflite format, found "
                        << file.model->version();
  if (!file.model->subgraphs() || file.model->subgraphs()->size() == 0)
    return file.error() << "expected a subgraph, found none";
  if (!file.model->buffers() || !file.model->operator_codes() ||
      !file.getGraph().tensors() || !file.getGraph().operators())
    return file.error() << "expected tensors, buffers and operators, found a "
                        << "model without";
  return success();
}

void ModelVerifier::nameTensors() {
  llvm::StringSet<> used;
  for (unsigned i = 0; i < file.getNumTensors(); ++i) {
    const flatbuffers::String *given = file.getTensor(i).name();
    std::string name = given ? given->str() : "";
    if (name.empty() || !used.insert(name).second) {
      name += "#" + std::to_string(i);
      // A file can hold this very name too.
      while (!used.insert(name).second)
        name += "#";
    }
    file.names.push_back(name);
  }
}

LogicalResult ModelVerifier::verifyTensor(int32_t index) {
  const Tensor &tensor = file.getTensor(index);
  if (!*EnumNameTensorType(tensor.type()))
    return file.tensorError(index) << "expected a known element type, found "
                                   << static_cast<int>(tensor.type());
  int64_t elements = 1;
  for (int64_t size : file.getShape(index)) {
    if (size < 0)
      return file.tensorError(index)
             << "expected dimensions of 0 or more, found " << size;
    // Zero in one dimension must not hide an overflow in the others.
    elements = std::max<int64_t>(elements, 1) * size;
    if (elements > kMaxElements)
      return file.tensorError(index)
             << "expected at most " << kMaxElements << " elements";
  }
  if (llvm::is_contained(file.getShape(index), 0))
    elements = 0;
  if (file.getShape(index).size() > 8)
    return file.tensorError(index) << "expected at most 8 dimensions, found "
                                   << file.getShape(index).size();
  if (tensor.buffer() >= file.model->buffers()->size())
    return file.tensorError(index)
           << "expected one of " << file.model->buffers()->size()
           << " buffers, found buffer " << tensor.buffer();
  if (failed(verifyConstant(index, elements)))
    return failure();
  return verifyQuantization(index);
}

LogicalResult ModelVerifier::verifyConstant(int32_t index, int64_t elements) {
  const Tensor &tensor = file.getTensor(index);
  std::optional<ArrayRef<uint8_t>> data = file.getBuffer(tensor.buffer());
  if (!data)
    return file.tensorError(index) << "expected bytes within the file, found "
                                   << "a buffer that leaves it";
  std::optional<unsigned> bits = getBitWidth(tensor.type());
  if (data->empty() || !bits)
    return success();
  if (tensor.sparsity())
    return file.tensorError(index) << "sparse constants are not supported";
  uint64_t expected = (static_cast<uint64_t>(elements) * *bits + 7) / 8;
  if (data->size() != expected)
    return file.tensorError(index)
           << "expected " << expected << " bytes for its " << elements
           << " elements, found " << data->size();
  return success();
}

/// The values that may be stored, for types that hold quantized values.
static std::optional<StoredRange> getStorage(tflite::TensorType type) {
  switch (type) {
  case tflite::TensorType::INT4:
    return storageBounds(4, /*isSigned=*/true);
  case tflite::TensorType::INT8:
    return storageBounds(8, /*isSigned=*/true);
  case tflite::TensorType::UINT8:
    return storageBounds(8, /*isSigned=*/false);
  case tflite::TensorType::INT16:
    return storageBounds(16, /*isSigned=*/true);
  case tflite::TensorType::INT32:
    return storageBounds(32, /*isSigned=*/true);
  default:
    return std::nullopt;
  }
}

bool ModelVerifier::isZeroChannel(int32_t index, int64_t channel) const {
  const Tensor &tensor = file.getTensor(index);
  SmallVector<int64_t> shape = file.getShape(index);
  int32_t axis = tensor.quantization()->quantized_dimension();
  bool isInt4 = tensor.type() == tflite::TensorType::INT4;
  if (!file.isConstant(index) || axis < 0 ||
      axis >= static_cast<int64_t>(shape.size()) ||
      (!isInt4 && tensor.type() != tflite::TensorType::INT8))
    return false;
  ArrayRef<uint8_t> data = file.getData(index);
  int64_t count = 1, inner = 1;
  for (int64_t size : shape)
    count *= size;
  for (int64_t size : ArrayRef<int64_t>(shape).drop_front(axis + 1))
    inner *= size;
  for (int64_t i = 0; i < count; ++i) {
    if (i / inner % shape[axis] != channel)
      continue;
    uint8_t element = isInt4 ? data[i / 2] >> (i % 2 * 4) & 15 : data[i];
    if (element != 0)
      return false;
  }
  return true;
}

LogicalResult ModelVerifier::verifyQuantization(int32_t index) {
  const Tensor &tensor = file.getTensor(index);
  const QuantizationParameters *params = tensor.quantization();
  std::optional<StoredRange> storage = getStorage(tensor.type());
  if (!params || !params->scale() || params->scale()->size() == 0 || !storage)
    return success();
  size_t count = params->scale()->size(), degenerate = 0;
  for (size_t i = 0; i < count; ++i) {
    float scale = params->scale()->Get(i);
    if (scale == 0.0f && count > 1 && isZeroChannel(index, i)) {
      ++degenerate;
      continue;
    }
    if (!(scale > 0.0f) || !std::isnormal(scale))
      return file.tensorError(index)
             << "expected positive, finite and normal scales, found " << scale;
  }
  // The bias of per-axis weights may carry the axis of the weights.
  if (count > 1 && tensor.type() != tflite::TensorType::INT32) {
    SmallVector<int64_t> shape = file.getShape(index);
    int32_t axis = params->quantized_dimension();
    if (axis < 0 || axis >= static_cast<int64_t>(shape.size()) ||
        shape[axis] != static_cast<int64_t>(count))
      return file.tensorError(index)
             << "expected " << count << " scales to go with dimension " << axis
             << " of its shape";
  }
  if (degenerate)
    file.tensorRemark(index)
        << degenerate << " of " << count
        << " channels have scale 0, and only zeros for weights: their scale "
        << "becomes the least one";
  if (!params->zero_point() || params->zero_point()->size() == 0)
    return success();
  if (params->zero_point()->size() != count)
    return file.tensorError(index)
           << "expected as many zero points as scales, found "
           << params->zero_point()->size() << " and " << count;
  for (int64_t zeroPoint : *params->zero_point())
    if (!storage->contains(zeroPoint))
      return file.tensorError(index)
             << "expected a zero point within [" << storage->min << ", "
             << storage->max << "], found " << zeroPoint;
  return success();
}

LogicalResult ModelVerifier::readNode(unsigned index, const Operator *op) {
  const auto *codes = file.model->operator_codes();
  if (op->opcode_index() >= codes->size())
    return file.error() << "operator #" << index << ": expected one of "
                        << codes->size() << " operator codes, found "
                        << op->opcode_index();
  const OperatorCode *code = codes->Get(op->opcode_index());
  Node node{
      op,
      index,
      std::max(code->builtin_code(),
               static_cast<BuiltinOperator>(code->deprecated_builtin_code())),
      {},
      {}};
  if (op->outputs())
    for (int32_t tensor : *op->outputs()) {
      if (!isTensor(tensor))
        return file.error(node) << "expected outputs among "
                                << file.getNumTensors() << " tensors, found "
                                << "tensor " << tensor;
      node.outputs.push_back(tensor);
    }
  if (op->inputs())
    for (int32_t tensor : *op->inputs()) {
      if (!isTensor(tensor) && tensor != kAbsent)
        return file.error(node) << "expected inputs among "
                                << file.getNumTensors() << " tensors, found "
                                << "tensor " << tensor;
      node.inputs.push_back(tensor);
    }
  file.nodes.push_back(std::move(node));
  return success();
}

/// Only CALL_ONCE of the model itself runs another subgraph.
LogicalResult ModelVerifier::verifySubgraphs() {
  int32_t count = file.model->subgraphs()->size();
  llvm::BitVector called(count);
  called.set(0);
  for (const Node &node : file.nodes) {
    if (node.code != BuiltinOperator::CALL_ONCE)
      continue;
    if (file.subgraph != 0)
      return file.error(node)
             << "expected no call in a graph of initial values";
    const CallOnceOptions *options =
        node.op->builtin_options_as_CallOnceOptions();
    int32_t index = options ? options->init_subgraph_index() : 0;
    if (index < 1 || index >= count || called[index])
      return file.error(node)
             << "expected one of the " << count - 1
             << " other subgraphs, called once, found subgraph " << index;
    called.set(index);
  }
  if (file.subgraph == 0 && !called.all())
    return file.error() << "expected one subgraph, found " << count;
  return success();
}

LogicalResult ModelVerifier::verifyNode(const Node &node) {
  if (node.outputs.empty() && lookupOperator(node.code)->outputs != 0)
    return file.error(node) << "expected an output, found none";
  for (int32_t tensor : node.inputs)
    if (tensor != kAbsent && !defined[tensor])
      return file.error(node, tensor)
             << "expected a value computed before its use, found none";
  for (int32_t tensor : node.outputs) {
    if (defined[tensor])
      return file.error(node, tensor)
             << "expected a tensor without a value, found an input, a constant "
             << "or another operator's output";
    defined.set(tensor);
  }
  return success();
}

LogicalResult ModelVerifier::verifyEnds() {
  const SubGraph *graph = &file.getGraph();
  if (graph->inputs())
    for (int32_t tensor : *graph->inputs()) {
      if (!isTensor(tensor))
        return file.error()
               << "expected inputs of the model among " << file.getNumTensors()
               << " tensors, found tensor " << tensor;
      if (defined[tensor])
        return file.tensorError(tensor)
               << "expected an input of the model that is no constant and "
               << "occurs once";
      defined.set(tensor);
      file.inputs.push_back(tensor);
    }
  if (graph->outputs())
    for (int32_t tensor : *graph->outputs()) {
      if (!isTensor(tensor))
        return file.error()
               << "expected outputs of the model among " << file.getNumTensors()
               << " tensors, found tensor " << tensor;
      file.outputs.push_back(tensor);
    }
  if (file.outputs.empty() && file.subgraph == 0)
    return file.error() << "expected an output of the model, found none";
  return success();
}

LogicalResult ModelVerifier::verify() {
  if (failed(verifyLayout()))
    return failure();
  const SubGraph *graph = &file.getGraph();
  file.tensors = graph->tensors();
  nameTensors();
  int32_t count = file.getNumTensors();
  for (int32_t i = 0; i < count; ++i)
    if (failed(verifyTensor(i)))
      return failure();
  for (unsigned i = 0; i < graph->operators()->size(); ++i)
    if (failed(readNode(i, graph->operators()->Get(i))))
      return failure();
  // What we do not know explains more than what follows from it.
  for (const Node &node : file.nodes)
    if (!lookupOperator(node.code))
      return file.error(node) << "this operator is not supported";
  if (failed(verifySubgraphs()))
    return failure();
  defined.resize(count);
  for (int32_t i = 0; i < count; ++i)
    if (file.isConstant(i) || file.getTensor(i).is_variable())
      defined.set(i);
  if (failed(verifyEnds()))
    return failure();
  for (const Node &node : file.nodes)
    if (failed(verifyNode(node)))
      return failure();
  for (int32_t tensor : file.outputs)
    if (!defined[tensor])
      return file.tensorError(tensor)
             << "expected an output of the model to have a value, found none";
  return success();
}
