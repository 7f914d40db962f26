//===- ModelFile.cpp - A verified .tflite file ----------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Accessors of ModelFile and the wording of its errors.
//
//===----------------------------------------------------------------------===//

#include "ModelFile.h"

#include "ModelVerifier.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/raw_ostream.h>
#include <mlir/IR/Location.h>
#include <mlir/IR/MLIRContext.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::tflite;

std::string quantcc::tflite::getOperatorName(BuiltinOperator code) {
  const char *name = EnumNameBuiltinOperator(code);
  if (*name)
    return name;
  return "operator " + std::to_string(static_cast<int32_t>(code));
}

std::string quantcc::tflite::getTypeName(tflite::TensorType type) {
  const char *name = EnumNameTensorType(type);
  if (*name)
    return name;
  return "type " + std::to_string(static_cast<int>(type));
}

std::optional<unsigned> quantcc::tflite::getBitWidth(tflite::TensorType type) {
  switch (type) {
  case tflite::TensorType::INT4:
    return 4;
  case tflite::TensorType::INT8:
  case tflite::TensorType::UINT8:
  case tflite::TensorType::BOOL:
    return 8;
  case tflite::TensorType::INT16:
  case tflite::TensorType::UINT16:
  case tflite::TensorType::FLOAT16:
  case tflite::TensorType::BFLOAT16:
    return 16;
  case tflite::TensorType::FLOAT32:
  case tflite::TensorType::INT32:
  case tflite::TensorType::UINT32:
    return 32;
  case tflite::TensorType::FLOAT64:
  case tflite::TensorType::INT64:
  case tflite::TensorType::UINT64:
  case tflite::TensorType::COMPLEX64:
    return 64;
  case tflite::TensorType::COMPLEX128:
    return 128;
  default:
    return std::nullopt;
  }
}

/// A name from the file, safe to print on one line of sensible length.
static std::string printable(StringRef name) {
  constexpr size_t kLongest = 120;
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::printEscapedString(name.take_front(kLongest), stream);
  return name.size() > kLongest ? text + "..." : text;
}

SmallVector<int64_t> ModelFile::getShape(int32_t index) const {
  const flatbuffers::Vector<int32_t> *shape = getTensor(index).shape();
  return shape ? SmallVector<int64_t>(shape->begin(), shape->end())
               : SmallVector<int64_t>();
}

std::optional<ArrayRef<uint8_t>> ModelFile::getBuffer(uint32_t index) const {
  const Buffer *data = model->buffers()->Get(index);
  if (data->offset() > 1) {
    if (data->offset() > getSize() || data->size() > getSize() - data->offset())
      return std::nullopt;
    return ArrayRef<uint8_t>(
        reinterpret_cast<const uint8_t *>(buffer.getBufferStart()) +
            data->offset(),
        data->size());
  }
  if (!data->data())
    return ArrayRef<uint8_t>();
  return ArrayRef<uint8_t>(data->data()->data(), data->data()->size());
}

ArrayRef<uint8_t> ModelFile::getData(int32_t index) const {
  return *getBuffer(getTensor(index).buffer());
}

bool ModelFile::isConstant(int32_t index) const {
  const Tensor &tensor = getTensor(index);
  if (tensor.is_variable())
    return false;
  // An empty list of dimensions or axes has no bytes.
  bool emptyList = tensor.type() == tflite::TensorType::INT32 &&
                   llvm::is_contained(getShape(index), 0);
  return emptyList || !getData(index).empty();
}

InFlightDiagnostic ModelFile::error() const {
  return emitError(
      FileLineColLoc::get(context, buffer.getBufferIdentifier(), 0, 0));
}

InFlightDiagnostic ModelFile::error(const Node &node) const {
  InFlightDiagnostic diagnostic = error();
  std::string name = node.outputs.empty()
                         ? getOperatorName(node.code)
                         : printable(getName(node.outputs.front()));
  diagnostic << "op '" << name << "' (" << getOperatorName(node.code);
  const OperatorCode *code =
      model->operator_codes()->Get(node.op->opcode_index());
  if (node.code == BuiltinOperator::CUSTOM && code->custom_code())
    diagnostic << " '"
               << printable(StringRef(code->custom_code()->c_str(),
                                      code->custom_code()->size()))
               << "'";
  diagnostic << " #" << node.index << "): ";
  return diagnostic;
}

std::string ModelFile::describeTensor(int32_t tensor) const {
  return "tensor '" + printable(getName(tensor)) + "': ";
}

InFlightDiagnostic ModelFile::error(const Node &node, int32_t tensor) const {
  InFlightDiagnostic diagnostic = error(node);
  diagnostic << describeTensor(tensor);
  return diagnostic;
}

InFlightDiagnostic ModelFile::tensorError(int32_t tensor) const {
  InFlightDiagnostic diagnostic = error();
  diagnostic << describeTensor(tensor);
  return diagnostic;
}

InFlightDiagnostic ModelFile::tensorRemark(int32_t tensor) const {
  InFlightDiagnostic diagnostic = emitRemark(
      FileLineColLoc::get(context, buffer.getBufferIdentifier(), 0, 0));
  diagnostic << describeTensor(tensor);
  return diagnostic;
}

std::optional<ModelFile> ModelFile::open(llvm::MemoryBufferRef buffer,
                                         MLIRContext *context) {
  ModelFile file(buffer, /*subgraph=*/0, context);
  if (failed(ModelVerifier(file).verify()))
    return std::nullopt;
  return file;
}

std::optional<ModelFile> ModelFile::openSubgraph(unsigned index,
                                                 MLIRContext *context) const {
  ModelFile file(buffer, index, context);
  if (failed(ModelVerifier(file).verify()))
    return std::nullopt;
  return file;
}
