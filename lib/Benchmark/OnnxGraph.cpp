//===- OnnxGraph.cpp - Values of a network in an ONNX graph ---------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Constants, quantization nodes, inputs and outputs.
//
//===----------------------------------------------------------------------===//

#include "OnnxGraph.h"

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Dialect/QuantCC/IR/QuantizedTypes.h"

#include <mlir/Dialect/Quant/IR/Quant.h>
#include <mlir/IR/Matchers.h>

using namespace mlir;
using namespace quantcc;

SmallVector<int64_t> quantcc::channelsFirst(size_t rank) {
  if (rank == 4)
    return {0, 3, 1, 2};
  return llvm::to_vector(llvm::seq<int64_t>(0, rank));
}

SmallVector<int64_t> quantcc::channelsLast(size_t rank) {
  if (rank == 4)
    return {0, 2, 3, 1};
  return llvm::to_vector(llvm::seq<int64_t>(0, rank));
}

std::vector<char> quantcc::permuteElements(ArrayRef<char> bytes,
                                           unsigned elementSize,
                                           ArrayRef<int64_t> shape,
                                           ArrayRef<int64_t> permutation) {
  size_t rank = shape.size();
  SmallVector<int64_t> strides(rank, elementSize);
  for (size_t i = rank; i > 1; --i)
    strides[i - 2] = strides[i - 1] * shape[i - 1];
  std::vector<char> result;
  result.reserve(bytes.size());
  SmallVector<int64_t> index(rank, 0);
  for (size_t element = 0; element != bytes.size() / elementSize; ++element) {
    int64_t offset = 0;
    for (size_t i = 0; i != rank; ++i)
      offset += index[i] * strides[permutation[i]];
    result.insert(result.end(), bytes.begin() + offset,
                  bytes.begin() + offset + elementSize);
    for (size_t i = rank; i-- > 0;) {
      if (++index[i] != shape[permutation[i]])
        break;
      index[i] = 0;
    }
  }
  return result;
}

static SmallVector<int64_t> permuteShape(ArrayRef<int64_t> shape,
                                         ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> result;
  for (int64_t source : permutation)
    result.push_back(shape[source]);
  return result;
}

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

std::vector<int64_t> quantcc::onnxShape(Value value) {
  ArrayRef<int64_t> shape = shapeOf(value);
  return ArrayRef(permuteShape(shape, channelsFirst(shape.size()))).vec();
}

OnnxName OnnxGraph::newName() { return "t" + std::to_string(nextName++); }

OnnxName OnnxGraph::addNode(StringRef type, ArrayRef<OnnxName> inputs,
                            const OnnxAttributes &attributes) {
  OnnxName name = newName();
  model.addNode(type, inputs, name, attributes);
  return name;
}

OnnxName OnnxGraph::addIntegers(ArrayRef<int64_t> values) {
  OnnxName name = newName();
  model.addConstant(
      {name, OnnxType::S64, {static_cast<int64_t>(values.size())}},
      StringRef(reinterpret_cast<const char *>(values.data()),
                values.size() * sizeof(int64_t)));
  return name;
}

OnnxName OnnxGraph::addScalar(float value) {
  OnnxName name = newName();
  model.addConstant(name, {}, value);
  return name;
}

llvm::Error OnnxGraph::checkType(Value value) const {
  Type type = cast<RankedTensorType>(value.getType()).getElementType();
  auto quantized = dyn_cast<quant::UniformQuantizedType>(type);
  if (type.isF32() ||
      (quantized && quantized.getStorageTypeIntegralWidth() == 8))
    return llvm::Error::success();
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return llvm::createStringError("values of type " + text +
                                 " have no equivalent");
}

/// What is to be added to stored values to make them u8.
static int64_t biasToUnsigned(quant::QuantizedType type) {
  return type.isSigned() ? 128 : 0;
}

std::pair<OnnxName, OnnxName>
OnnxGraph::addParameters(quant::UniformQuantizedType type) {
  OnnxName zeroPoint = newName();
  char value = static_cast<char>(type.getZeroPoint() + biasToUnsigned(type));
  OnnxName scale = addScalar(type.getScale());
  model.addConstant({zeroPoint, OnnxType::U8, {}}, StringRef(&value, 1));
  return {scale, zeroPoint};
}

OnnxName OnnxGraph::addQuantization(OnnxName real, Value like) {
  auto type = dyn_cast_or_null<quant::UniformQuantizedType>(
      getQuantizedElementType(like.getType()));
  if (form == OnnxForm::Float || !type)
    return real;
  auto [scale, zeroPoint] = addParameters(type);
  OnnxName stored = addNode("QuantizeLinear", {real, scale, zeroPoint});
  storedValues[like] = stored;
  return addNode("DequantizeLinear", {stored, scale, zeroPoint});
}

void OnnxGraph::define(Value value, OnnxName real) {
  values[value] = addQuantization(std::move(real), value);
}

llvm::Error OnnxGraph::addInput(BlockArgument argument) {
  if (llvm::Error error = checkType(argument))
    return error;
  OnnxTensor tensor{"input" + std::to_string(argument.getArgNumber()),
                    OnnxType::F32, onnxShape(argument)};
  values[argument] = tensor.name;
  auto type = dyn_cast_or_null<quant::UniformQuantizedType>(
      getQuantizedElementType(argument.getType()));
  if (form == OnnxForm::QuantizeDequantize && type) {
    tensor.type = OnnxType::U8;
    auto [scale, zeroPoint] = addParameters(type);
    values[argument] =
        addNode("DequantizeLinear", {tensor.name, scale, zeroPoint});
    storedValues[argument] = tensor.name;
  }
  model.addInput(tensor);
  return llvm::Error::success();
}

llvm::Error OnnxGraph::addOutput(Value value) {
  auto found = values.find(value);
  if (found == values.end())
    return llvm::createStringError("an output that is a constant has no "
                                   "equivalent");
  bool isStored = storedValues.contains(value);
  OnnxName name = isStored ? storedValues.lookup(value) : found->second;
  // What is an input as well, or an output already, needs another name.
  if (isa<BlockArgument>(value) || !outputs.insert(value).second)
    name = addNode("Identity", name);
  model.addOutput(
      {name, isStored ? OnnxType::U8 : OnnxType::F32, onnxShape(value)});
  return llvm::Error::success();
}

namespace {

/// A constant of the network: its stored values, and what they mean.
struct StoredConstant {
  SmallVector<int64_t> values;
  SmallVector<float> scales;
  SmallVector<int64_t> zeroPoints;
  /// The dimension that scales go along, if there are several.
  int64_t axis = 0;
};

} // namespace

static llvm::Expected<StoredConstant> readConstant(Value value) {
  auto type = getQuantizedElementType(value.getType());
  auto stored = value.getDefiningOp<quant::StorageCastOp>();
  DenseElementsAttr elements;
  if (!type || !stored ||
      !matchPattern(stored.getInput(), m_Constant(&elements)))
    return llvm::createStringError(
        "weights that are no quantized constant have no equivalent");
  StoredConstant constant;
  int64_t bias = type.isSigned() ? 0 : 128;
  for (APInt element : elements.getValues<APInt>())
    constant.values.push_back(
        (type.isSigned() ? element.getSExtValue() : element.getZExtValue()) -
        bias);
  for (const QuantizationParameters &parameters : getAllParameters(type)) {
    constant.scales.push_back(parameters.scale);
    constant.zeroPoints.push_back(parameters.zeroPoint - bias);
  }
  if (constant.scales.empty() || type.getStorageTypeIntegralWidth() > 8)
    return llvm::createStringError("weights of this type have no equivalent");
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type))
    constant.axis = perAxis.getQuantizedDimension();
  return constant;
}

template <typename T>
static std::vector<char> encode(ArrayRef<int64_t> values) {
  std::vector<char> bytes(values.size() * sizeof(T));
  for (auto [index, value] : llvm::enumerate(values)) {
    T narrow = static_cast<T>(value);
    std::memcpy(bytes.data() + index * sizeof(T), &narrow, sizeof(T));
  }
  return bytes;
}

static StringRef asText(ArrayRef<char> bytes) {
  return {bytes.data(), bytes.size()};
}

OnnxName OnnxGraph::addDequantized(OnnxType type, ArrayRef<int64_t> shape,
                                   StringRef bytes, ArrayRef<float> scales,
                                   ArrayRef<int64_t> zeroPoints, int64_t axis) {
  OnnxName stored = newName(), scale = newName(), zeroPoint = newName();
  SmallVector<int64_t> vector;
  if (scales.size() != 1)
    vector.push_back(scales.size());
  model.addConstant({stored, type, shape.vec()}, bytes);
  model.addConstant(scale, vector, scales);
  std::vector<char> zeroBytes = type == OnnxType::S8
                                    ? encode<int8_t>(zeroPoints)
                                    : encode<int32_t>(zeroPoints);
  model.addConstant({zeroPoint, type, ArrayRef(vector).vec()},
                    asText(zeroBytes));
  OnnxAttributes attributes;
  if (scales.size() != 1)
    attributes.add("axis", axis);
  return addNode("DequantizeLinear", {stored, scale, zeroPoint}, attributes);
}

llvm::Expected<OnnxName> OnnxGraph::addWeights(Value weights,
                                               ArrayRef<int64_t> permutation) {
  llvm::Expected<StoredConstant> constant = readConstant(weights);
  if (!constant)
    return constant.takeError();
  ArrayRef<int64_t> shape = shapeOf(weights);
  SmallVector<int64_t> permuted = permuteShape(shape, permutation);
  if (form == OnnxForm::QuantizeDequantize) {
    int64_t axis =
        llvm::find(permutation, constant->axis) - permutation.begin();
    std::vector<char> bytes = permuteElements(encode<int8_t>(constant->values),
                                              1, shape, permutation);
    return addDequantized(OnnxType::S8, permuted, asText(bytes),
                          constant->scales, constant->zeroPoints, axis);
  }
  // Each channel's elements are `inner` behind one another.
  int64_t inner = 1;
  for (int64_t size : shape.drop_front(constant->axis + 1))
    inner *= size;
  std::vector<float> reals;
  for (auto [index, stored] : llvm::enumerate(constant->values)) {
    size_t channel = index / inner % constant->scales.size();
    reals.push_back((stored - constant->zeroPoints[channel]) *
                    constant->scales[channel]);
  }
  std::vector<char> bytes = permuteElements(
      ArrayRef<char>(reinterpret_cast<const char *>(reals.data()),
                     reals.size() * sizeof(float)),
      sizeof(float), shape, permutation);
  OnnxName name = newName();
  model.addConstant({name, OnnxType::F32, ArrayRef(permuted).vec()},
                    asText(bytes));
  return name;
}

llvm::Expected<OnnxName> OnnxGraph::addBias(Value bias, Value input,
                                            Value weights) {
  auto inputType = dyn_cast_or_null<quant::UniformQuantizedType>(
      getQuantizedElementType(input.getType()));
  DenseElementsAttr elements;
  auto weightsType = getQuantizedElementType(weights.getType());
  if (!inputType || !weightsType ||
      !matchPattern(bias, m_Constant(&elements)) ||
      !elements.getElementType().isInteger(32))
    return llvm::createStringError(
        "a bias that is no constant of 32 bits has no equivalent");
  SmallVector<int64_t> stored;
  for (APInt element : elements.getValues<APInt>())
    stored.push_back(element.getSExtValue());
  SmallVector<float> scales;
  for (const QuantizationParameters &parameters : getAllParameters(weightsType))
    scales.push_back(parameters.scale *
                     static_cast<float>(inputType.getScale()));
  if (form == OnnxForm::QuantizeDequantize)
    return addDequantized(OnnxType::S32, shapeOf(bias),
                          asText(encode<int32_t>(stored)), scales,
                          SmallVector<int64_t>(scales.size(), 0), 0);
  std::vector<float> reals;
  for (auto [index, value] : llvm::enumerate(stored))
    reals.push_back(value * scales[index % scales.size()]);
  OnnxName name = newName();
  model.addConstant(name, shapeOf(bias), reals);
  return name;
}

llvm::Expected<OnnxName> OnnxGraph::lookup(Value value, size_t rank) {
  auto found = values.find(value);
  ArrayRef<int64_t> shape = shapeOf(value);
  if (found != values.end()) {
    if (shape.size() != rank)
      return llvm::createStringError(
          "operands of different ranks have no equivalent");
    return found->second;
  }
  llvm::Expected<OnnxName> constant =
      addWeights(value, llvm::to_vector(llvm::seq<int64_t>(0, shape.size())));
  if (!constant || rank != 4)
    return constant;
  SmallVector<int64_t> extended(4 - shape.size(), 1);
  llvm::append_range(extended, shape);
  OnnxName reshaped = addNode(
      "Reshape",
      {*constant, addIntegers(permuteShape(extended, channelsFirst(4)))});
  if (extended[1] == 1 && extended[2] == 1)
    return reshaped;
  reshaped = addNode("Reshape", {*constant, addIntegers(extended)});
  return addNode("Transpose", {reshaped},
                 OnnxAttributes().add("perm", channelsFirst(4)));
}
