//===- TensorTypes.cpp - Types of .tflite tensors -------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The MLIR types that tensors of a .tflite model become.
//
//===----------------------------------------------------------------------===//

#include "TensorTypes.h"

#include "quantcc/Support/StoredRange.h"

#include <llvm/ADT/STLExtras.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::tflite;

/// The width in bits of the stored values of a quantized tensor of `type`.
static unsigned getStorageWidth(tflite::TensorType type) {
  switch (type) {
  case tflite::TensorType::INT32:
    return 32;
  case tflite::TensorType::INT16:
    return 16;
  case tflite::TensorType::INT4:
    return 4;
  default:
    return 8;
  }
}

quant::QuantizedType
quantcc::tflite::getQuantizedType(const ModelFile &file, int32_t tensor,
                                  std::optional<int32_t> axis,
                                  MLIRContext *context) {
  const Tensor &source = file.getTensor(tensor);
  const QuantizationParameters *params = source.quantization();
  if (!params || !params->scale() || params->scale()->size() == 0)
    return {};
  bool isSigned = source.type() != tflite::TensorType::UINT8;
  unsigned width = getStorageWidth(source.type());
  StoredRange storage = storageBounds(width, isSigned);
  unsigned flags = isSigned ? quant::QuantizationFlags::Signed : 0;
  Type stored = IntegerType::get(context, width);
  Type expressed = Float32Type::get(context);
  // The model verifier has checked every value and count that is used here.
  SmallVector<double> scales(params->scale()->begin(), params->scale()->end());
  // A scale of 0, of a channel of zeros, becomes the least one: the multiplier
  // is 0 all the same. (docs/Numerics.md, N37)
  for (double &scale : scales)
    scale = std::max<double>(scale, std::numeric_limits<float>::min());
  SmallVector<int64_t> zeroPoints(scales.size(), 0);
  if (params->zero_point() && params->zero_point()->size() == scales.size())
    llvm::copy(*params->zero_point(), zeroPoints.begin());
  if (scales.size() == 1)
    return quant::UniformQuantizedType::get(flags, stored, expressed, scales[0],
                                            zeroPoints[0], storage.min,
                                            storage.max);
  return quant::UniformQuantizedPerAxisType::get(
      flags, stored, expressed, scales, zeroPoints,
      axis.value_or(params->quantized_dimension()), storage.min, storage.max);
}

RankedTensorType quantcc::tflite::getStoredType(const ModelFile &file,
                                                int32_t tensor,
                                                MLIRContext *context) {
  Type element;
  switch (file.getTensor(tensor).type()) {
  case tflite::TensorType::FLOAT32:
    element = Float32Type::get(context);
    break;
  case tflite::TensorType::FLOAT16:
    element = Float16Type::get(context);
    break;
  case tflite::TensorType::INT4:
    element = IntegerType::get(context, 4);
    break;
  case tflite::TensorType::INT8:
  case tflite::TensorType::UINT8:
    element = IntegerType::get(context, 8);
    break;
  case tflite::TensorType::INT16:
    element = IntegerType::get(context, 16);
    break;
  case tflite::TensorType::INT32:
    element = IntegerType::get(context, 32);
    break;
  case tflite::TensorType::INT64:
    element = IntegerType::get(context, 64);
    break;
  default:
    return {};
  }
  return RankedTensorType::get(file.getShape(tensor), element);
}

TypeOrReason quantcc::tflite::getActivationType(const ModelFile &file,
                                                int32_t tensor,
                                                MLIRContext *context) {
  tflite::TensorType type = file.getTensor(tensor).type();
  SmallVector<int64_t> shape = file.getShape(tensor);
  if (llvm::is_contained(shape, 0))
    return "expected dimensions of 1 or more, found 0";
  if (type == tflite::TensorType::FLOAT32)
    return RankedTensorType::get(shape, Float32Type::get(context));
  if (type != tflite::TensorType::INT8 && type != tflite::TensorType::UINT8 &&
      type != tflite::TensorType::INT16 && type != tflite::TensorType::INT32)
    return "expected values of FLOAT32, INT8, UINT8, INT16 or INT32, found " +
           getTypeName(type);
  quant::QuantizedType element =
      getQuantizedType(file, tensor, std::nullopt, context);
  // Plain numbers, such as a shape that the model is given.
  if (!element && type == tflite::TensorType::INT32)
    return RankedTensorType::get(shape, IntegerType::get(context, 32));
  if (!element)
    return "expected quantization parameters of " + getTypeName(type) +
           " values, found none";
  if (!isa<quant::UniformQuantizedType>(element))
    return std::string("expected one scale for all values, found one for each "
                       "index of a dimension");
  return RankedTensorType::get(shape, element);
}
