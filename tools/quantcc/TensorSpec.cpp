//===- TensorSpec.cpp - What a model takes and gives ----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The inputs and outputs of an entry function, and the bytes of their values.
//
//===----------------------------------------------------------------------===//

#include "DiagnosticCollector.h"
#include "Model.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Support/QuantizationParameters.h"

#include <cstring>

using namespace llvm;
using namespace mlir;
using namespace quantcc;

int64_t TensorSpec::elements() const {
  int64_t count = 1;
  for (int64_t size : shape)
    count *= size;
  return count;
}

quant::UniformQuantizedType TensorSpec::quantizedType() const {
  return dyn_cast<quant::UniformQuantizedType>(elementType);
}

unsigned TensorSpec::storageWidth() const {
  if (quant::UniformQuantizedType type = quantizedType())
    return type.getStorageTypeIntegralWidth();
  return elementType.getIntOrFloatBitWidth();
}

bool TensorSpec::isSignedStorage() const {
  if (quant::UniformQuantizedType type = quantizedType())
    return type.isSigned();
  return !elementType.isUnsignedInteger();
}

template <typename T>
static std::vector<int64_t> decode(const TensorBytes &bytes) {
  std::vector<int64_t> values(bytes.size() / sizeof(T));
  for (size_t i = 0; i < values.size(); ++i) {
    T value;
    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
    values[i] = static_cast<int64_t>(value);
  }
  return values;
}

template <typename T> static TensorBytes encode(ArrayRef<int64_t> values) {
  TensorBytes bytes(values.size() * sizeof(T));
  for (size_t i = 0; i < values.size(); ++i) {
    T value = static_cast<T>(values[i]);
    std::memcpy(bytes.data() + i * sizeof(T), &value, sizeof(T));
  }
  return bytes;
}

std::vector<int64_t> quantcc::storedValues(const TensorSpec &spec,
                                           const TensorBytes &bytes) {
  assert(!spec.elementType.isF32() && "a float has no stored integer");
  switch (spec.storageWidth()) {
  case 8:
    return spec.isSignedStorage() ? decode<int8_t>(bytes)
                                  : decode<uint8_t>(bytes);
  case 16:
    return spec.isSignedStorage() ? decode<int16_t>(bytes)
                                  : decode<uint16_t>(bytes);
  case 32:
    return spec.isSignedStorage() ? decode<int32_t>(bytes)
                                  : decode<uint32_t>(bytes);
  default:
    return decode<int64_t>(bytes);
  }
}

TensorBytes quantcc::encodeStored(const TensorSpec &spec,
                                  ArrayRef<int64_t> stored) {
  assert(!spec.elementType.isF32() && "a float has no stored integer");
  switch (spec.storageWidth()) {
  case 8:
    return encode<int8_t>(stored);
  case 16:
    return encode<int16_t>(stored);
  case 32:
    return encode<int32_t>(stored);
  default:
    return encode<int64_t>(stored);
  }
}

static QuantizationParameters parametersOf(quant::UniformQuantizedType type) {
  return {static_cast<float>(type.getScale()),
          static_cast<int32_t>(type.getZeroPoint())};
}

std::vector<float> quantcc::realValues(const TensorSpec &spec,
                                       const TensorBytes &bytes) {
  if (spec.elementType.isF32()) {
    std::vector<float> values(bytes.size() / sizeof(float));
    std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  }
  std::vector<int64_t> stored = storedValues(spec, bytes);
  std::vector<float> values(stored.size());
  quant::UniformQuantizedType type = spec.quantizedType();
  for (size_t i = 0; i < stored.size(); ++i)
    values[i] = type ? dequantizeStored(static_cast<int32_t>(stored[i]),
                                        parametersOf(type))
                     : static_cast<float>(stored[i]);
  return values;
}

TensorBytes quantcc::encodeReals(const TensorSpec &spec,
                                 ArrayRef<float> reals) {
  if (spec.elementType.isF32()) {
    TensorBytes bytes(reals.size() * sizeof(float));
    std::memcpy(bytes.data(), reals.data(), bytes.size());
    return bytes;
  }
  quant::UniformQuantizedType type = spec.quantizedType();
  assert(type && "expected a float or quantized tensor");
  StoredRange bounds{type.getStorageTypeMin(), type.getStorageTypeMax()};
  std::vector<int64_t> stored(reals.size());
  for (size_t i = 0; i < stored.size(); ++i)
    stored[i] = quantizeReal(reals[i], parametersOf(type), bounds);
  return encodeStored(spec, stored);
}

std::vector<TensorBytes> quantcc::encodeInputs(ArrayRef<TensorSpec> from,
                                               ArrayRef<TensorBytes> values,
                                               ArrayRef<TensorSpec> to) {
  std::vector<TensorBytes> encoded;
  for (auto [source, value, target] : zip_equal(from, values, to))
    encoded.push_back(source.elementType == target.elementType
                          ? value
                          : encodeReals(target, realValues(source, value)));
  return encoded;
}

/// The spec of a value of tensor type `type`; `attributes` are those of the
/// argument or result, which keep the quantized type beyond the integer stage.
static TensorSpec makeSpec(Type type, DictionaryAttr attributes,
                           const Twine &fallbackName) {
  TensorSpec spec;
  auto tensor = cast<RankedTensorType>(type);
  spec.shape.assign(tensor.getShape().begin(), tensor.getShape().end());
  spec.elementType = tensor.getElementType();
  spec.name = fallbackName.str();
  if (!attributes)
    return spec;
  if (auto name = attributes.getAs<StringAttr>(kNameAttrName))
    spec.name = name.str();
  if (auto quantized = attributes.getAs<TypeAttr>("quantcc.type"))
    spec.elementType = quantized.getValue();
  return spec;
}

std::vector<TensorSpec> quantcc::inputSpecs(func::FuncOp entry) {
  std::vector<TensorSpec> specs;
  for (auto [index, type] : enumerate(entry.getArgumentTypes()))
    specs.push_back(
        makeSpec(type, entry.getArgAttrDict(index), "input" + Twine(index)));
  return specs;
}

std::vector<TensorSpec> quantcc::outputSpecs(func::FuncOp entry) {
  std::vector<TensorSpec> specs;
  for (auto [index, type] : enumerate(entry.getResultTypes()))
    specs.push_back(makeSpec(type, entry.getResultAttrDict(index),
                             "output" + Twine(index)));
  return specs;
}

bool quantcc::isLayer(Operation *op) {
  return isa<LookupOp, LeakyReluOp, GateOp>(op) ||
         (isa<QuantizableOpInterface>(op) && op->getNumResults() == 1);
}

TensorSpec quantcc::layerSpec(Operation *op) {
  TensorSpec spec = makeSpec(op->getResult(0).getType(), {}, "");
  spec.name = describeLocation(op->getLoc());
  return spec;
}
