//===- GraphImporter.cpp - From a .tflite graph to network ops ------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Walks the operators in order, and keeps the values that tensors have become.
//
//===----------------------------------------------------------------------===//

#include "GraphImporter.h"

#include "OperatorTable.h"
#include "TensorTypes.h"

#include <llvm/ADT/STLExtras.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Quant/IR/Quant.h>
#include <mlir/IR/Verifier.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::tflite;

// The file is little endian, and its constants are taken as they are.
static_assert(llvm::endianness::native == llvm::endianness::little,
              "constants of a .tflite file would need their bytes swapped");

GraphImporter::GraphImporter(const ModelFile &file, func::FuncOp function)
    : file(file), function(function),
      builder(OpBuilder::atBlockEnd(&function.getBody().front())),
      values(file.getNumTensors()), constants(file.getNumTensors()) {
  for (auto [tensor, argument] :
       llvm::zip_equal(file.getInputs(), function.getArguments()))
    values[tensor] = argument;
}

GraphImporter::GraphImporter(const ModelFile &file, OpBuilder builder)
    : file(file), builder(builder), values(file.getNumTensors()),
      constants(file.getNumTensors()) {}

Location GraphImporter::getLocation(int32_t tensor) const {
  return NameLoc::get(
      StringAttr::get(builder.getContext(), file.getName(tensor)));
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

bool GraphImporter::isConstant(const Node &node, unsigned index) const {
  int32_t tensor = node.inputs[index];
  return constants[tensor] || file.isConstant(tensor);
}

LogicalResult GraphImporter::spend(const Node *node, int32_t tensor,
                                   DenseElementsAttr values) {
  // Every tensor that shares a buffer has its own copy, so that the sum is not
  // bounded by the file's size. Ordinary models need less than 6 times it.
  uint64_t limit = (uint64_t(64) << 20) + 8 * file.getSize();
  constantBytes += values.getRawData().size();
  if (constantBytes > limit)
    return error(node, tensor) << "expected constants of at most " << limit
                               << " bytes in all, found " << constantBytes;
  return success();
}

/// The elements of an INT4 constant, one a byte; the file has two in a byte,
/// the first in the low half.
static std::vector<uint8_t> unpackInt4(ArrayRef<uint8_t> packed, size_t count) {
  std::vector<uint8_t> elements(count);
  for (size_t i = 0; i < count; ++i)
    elements[i] = (i % 2 == 0 ? packed[i / 2] : packed[i / 2] >> 4) & 15;
  return elements;
}

LogicalResult GraphImporter::loadConstant(const Node *node, int32_t tensor) {
  if (constants[tensor])
    return success();
  RankedTensorType type = getStoredType(file, tensor, getContext());
  if (!type)
    return error(node, tensor)
           << "expected a constant of FLOAT32, FLOAT16, INT4, INT8, UINT8, "
           << "INT16, INT32 or INT64, found "
           << getTypeName(file.getTensor(tensor).type());
  ArrayRef<uint8_t> data = file.getData(tensor);
  std::vector<uint8_t> unpacked;
  if (type.getElementType().isInteger(4)) {
    unpacked = unpackInt4(data, type.getNumElements());
    data = unpacked;
  }
  auto attr = DenseElementsAttr::getFromRawBuffer(
      type,
      ArrayRef<char>(reinterpret_cast<const char *>(data.data()), data.size()));
  if (isa<FloatType>(type.getElementType()))
    for (const APFloat &value : attr.getValues<APFloat>())
      if (value.isNaN())
        return error(node, tensor) << "expected numbers, found NaN";
  if (failed(spend(node, tensor, attr)))
    return failure();
  constants[tensor] = attr;
  return success();
}

FailureOr<DenseElementsAttr> GraphImporter::getConstant(const Node &node,
                                                        unsigned index) {
  int32_t tensor = node.inputs[index];
  if (!isConstant(node, index))
    return file.error(node, tensor)
           << "expected a constant, found a computed value";
  if (failed(loadConstant(&node, tensor)))
    return failure();
  return constants[tensor];
}

FailureOr<SmallVector<int64_t>> GraphImporter::getIntegers(const Node &node,
                                                           unsigned index) {
  FailureOr<DenseElementsAttr> attr = getConstant(node, index);
  if (failed(attr))
    return failure();
  auto element = dyn_cast<IntegerType>(attr->getElementType());
  if (!element || element.getWidth() < 32 || attr->getType().getRank() > 1)
    return file.error(node, node.inputs[index])
           << "expected a list of INT32 or INT64";
  SmallVector<int64_t> integers;
  for (const APInt &value : attr->getValues<APInt>())
    integers.push_back(value.getSExtValue());
  return integers;
}

FailureOr<Value> GraphImporter::buildConstant(const Node *node, int32_t tensor,
                                              DenseElementsAttr values,
                                              RankedTensorType type) {
  if (failed(spend(node, tensor, values)))
    return failure();
  Location location = getLocation(tensor);
  Value constant = arith::ConstantOp::create(builder, location, values);
  if (isQuantized(type))
    constant = quant::StorageCastOp::create(builder, location, type, constant);
  if (quant::UniformQuantizedType params = simulated.lookup(tensor))
    constant = FakeQuantizeOp::create(builder, location, type, constant,
                                      TypeAttr::get(params));
  return constant;
}

FailureOr<Value> GraphImporter::createConstant(const Node &node, int32_t tensor,
                                               DenseElementsAttr values,
                                               RankedTensorType type) {
  return buildConstant(&node, tensor, values, type);
}

LogicalResult GraphImporter::defineConstant(const Node &node,
                                            DenseElementsAttr values) {
  constants[node.outputs.front()] = values;
  return spend(&node, node.outputs.front(), values);
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

FailureOr<Value> GraphImporter::getValue(const Node *node, int32_t tensor) {
  if (values[tensor])
    return values[tensor];
  if (file.getTensor(tensor).is_variable()) {
    if (node)
      return readVariableTensor(*node, tensor);
    return error(node, tensor)
           << "expected an output of the model that is no variable tensor";
  }
  TypeOrReason type = getActivationType(file, tensor, getContext());
  if (auto *reason = std::get_if<std::string>(&type))
    return error(node, tensor) << *reason;
  if (failed(loadConstant(node, tensor)))
    return failure();
  FailureOr<Value> constant = buildConstant(node, tensor, constants[tensor],
                                            std::get<RankedTensorType>(type));
  if (succeeded(constant))
    values[tensor] = *constant;
  return constant;
}

FailureOr<Value> GraphImporter::getInput(const Node &node, unsigned index) {
  return getValue(&node, node.inputs[index]);
}

FailureOr<RankedTensorType> GraphImporter::getInputType(const Node &node,
                                                        unsigned index) {
  TypeOrReason type = getActivationType(file, node.inputs[index], getContext());
  if (auto *reason = std::get_if<std::string>(&type))
    return file.error(node, node.inputs[index]) << *reason;
  return std::get<RankedTensorType>(type);
}

FailureOr<RankedTensorType> GraphImporter::getResultType(const Node &node,
                                                         unsigned index) {
  TypeOrReason type =
      getActivationType(file, node.outputs[index], getContext());
  if (auto *reason = std::get_if<std::string>(&type))
    return file.error(node, node.outputs[index]) << *reason;
  return std::get<RankedTensorType>(type);
}

LogicalResult GraphImporter::verify(const Node &node, Operation *op) {
  std::string message;
  {
    ScopedDiagnosticHandler capture(getContext(), [&](Diagnostic &diagnostic) {
      if (message.empty())
        message = diagnostic.str();
      return success();
    });
    if (succeeded(mlir::verify(op)))
      return success();
  }
  StringRef text = message;
  // The operator is named by the file's word for it, not by ours.
  text.consume_front("'" + op->getName().getStringRef().str() + "' op ");
  return error(node) << text;
}

FailureOr<Value> GraphImporter::reshape(const Node &node, Value input,
                                        ArrayRef<int64_t> shape) {
  auto type = cast<RankedTensorType>(input.getType());
  if (type.getShape() == shape)
    return input;
  return create<ReshapeOp>(node, type.clone(shape), input);
}

LogicalResult GraphImporter::define(const Node &node, FailureOr<Value> value,
                                    unsigned index) {
  if (failed(value))
    return failure();
  FailureOr<RankedTensorType> type = getResultType(node, index);
  if (failed(type))
    return failure();
  if (value->getType() != *type)
    return file.error(node, node.outputs[index])
           << "expected " << value->getType() << ", found " << *type;
  values[node.outputs[index]] = *value;
  return success();
}

//===----------------------------------------------------------------------===//
// Variables
//===----------------------------------------------------------------------===//

std::optional<StringRef> GraphImporter::getHandle(int32_t tensor) const {
  auto found = handles.find(tensor);
  if (found == handles.end())
    return std::nullopt;
  return StringRef(found->second);
}

FailureOr<VariableOp> GraphImporter::createVariable(GraphImporter &source,
                                                    const Node &node,
                                                    StringRef name,
                                                    RankedTensorType type,
                                                    DenseElementsAttr initial) {
  if (variables.contains(name))
    return source.error(node) << "expected a variable without a value, found '"
                              << name << "' used or initialized already";
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(builder.getInsertionBlock()->getParentOp());
  auto variable = VariableOp::create(
      builder, NameLoc::get(builder.getStringAttr(name)), name, type, initial);
  variables[name] = variable;
  if (failed(source.verify(node, variable)))
    return failure();
  return variable;
}

FailureOr<VariableOp> GraphImporter::getVariable(const Node &node,
                                                 StringRef name,
                                                 RankedTensorType type) {
  if (auto found = variables.find(name); found != variables.end())
    return found->second;
  Attribute zero;
  Type element = type.getElementType();
  if (auto quantized = dyn_cast<quant::UniformQuantizedType>(element)) {
    element = quantized.getStorageType();
    zero = builder.getIntegerAttr(element, quantized.getZeroPoint());
  } else {
    zero = builder.getZeroAttr(element);
  }
  return createVariable(*this, node, name, type,
                        DenseElementsAttr::get(type.clone(element), zero));
}

/// A tensor that the file marks as variable is one of its own name, apart from
/// those of handles, and, for its colon, from any function's.
static std::string nameOfVariableTensor(const ModelFile &file, int32_t tensor) {
  return ("tensor:" + file.getName(tensor)).str();
}

FailureOr<Value> GraphImporter::readVariableTensor(const Node &node,
                                                   int32_t tensor) {
  TypeOrReason type = getActivationType(file, tensor, getContext());
  if (auto *reason = std::get_if<std::string>(&type))
    return file.error(node, tensor) << *reason;
  auto tensorType = std::get<RankedTensorType>(type);
  FailureOr<VariableOp> variable =
      getVariable(node, nameOfVariableTensor(file, tensor), tensorType);
  if (failed(variable))
    return failure();
  return Value(ReadVariableOp::create(builder, getLocation(tensor), tensorType,
                                      variable->getSymName()));
}

LogicalResult GraphImporter::assignInput(const Node &node, unsigned index,
                                         Value value) {
  int32_t tensor = node.inputs[index];
  if (!file.getTensor(tensor).is_variable())
    return file.error(node, tensor) << "expected a variable tensor";
  FailureOr<VariableOp> variable =
      getVariable(node, nameOfVariableTensor(file, tensor),
                  cast<RankedTensorType>(value.getType()));
  if (failed(variable))
    return failure();
  if (variable->getType() != value.getType())
    return file.error(node, tensor) << "expected " << value.getType()
                                    << ", found " << variable->getType();
  AssignVariableOp::create(builder, getLocation(tensor), variable->getSymName(),
                           value);
  return success();
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

LogicalResult GraphImporter::importNode(const Node &node) {
  const OperatorEntry *entry = lookupOperator(node.code);
  size_t inputs = node.inputs.size();
  if (inputs < entry->minInputs || inputs > entry->maxInputs) {
    InFlightDiagnostic diagnostic = error(node)
                                    << "expected " << entry->minInputs;
    if (entry->variadic && inputs < entry->minInputs)
      diagnostic << " inputs or more";
    else if (entry->minInputs == entry->maxInputs)
      diagnostic << " inputs";
    else
      diagnostic << " to " << entry->maxInputs << " inputs";
    return diagnostic << ", found " << inputs;
  }
  for (size_t i = 0; i < inputs; ++i)
    if (node.inputs[i] == kAbsent && (i < entry->minInputs || entry->variadic))
      return error(node) << "expected input " << i << ", found none";
  if (!entry->variadic && node.outputs.size() != entry->outputs)
    return error(node) << "expected " << entry->outputs
                       << (entry->outputs == 1 ? " output" : " outputs")
                       << ", found " << node.outputs.size();
  return entry->import(*this, node);
}

LogicalResult GraphImporter::importGraph() {
  for (const Node &node : file.getNodes())
    if (failed(importNode(node)))
      return failure();
  SmallVector<Value> results;
  for (int32_t tensor : file.getOutputs()) {
    FailureOr<Value> value = getValue(nullptr, tensor);
    if (failed(value))
      return failure();
    results.push_back(*value);
  }
  func::ReturnOp::create(builder, function.getLoc(), results);
  return success();
}
