//===- FusedActivation.cpp - Activation functions in options --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The activation functions that operators carry in their options, and the
// padding rule that windows do.
//
//===----------------------------------------------------------------------===//

#include "FusedActivation.h"

#include "quantcc/Support/QuantizationParameters.h"

#include <limits>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::tflite;

FusedActivation quantcc::tflite::getClamp(RankedTensorType result, float min,
                                          float max) {
  MLIRContext *context = result.getContext();
  FusedActivation fused;
  bool clamps = !std::isinf(min) || !std::isinf(max);
  auto type = dyn_cast<quant::UniformQuantizedType>(result.getElementType());
  if (!type) {
    if (clamps)
      fused.clamp = DenseF32ArrayAttr::get(context, {min, max});
    return fused;
  }
  fused.rounding = RoundingAttr::get(context, Rounding::Double);
  StoredRange storage{type.getStorageTypeMin(), type.getStorageTypeMax()};
  quantcc::QuantizationParameters params{
      static_cast<float>(type.getScale()),
      static_cast<int32_t>(type.getZeroPoint())};
  StoredRange stored = storedClamp(min, max, params, storage);
  if (stored != storage)
    fused.storedClamp =
        DenseI32ArrayAttr::get(context, {static_cast<int32_t>(stored.min),
                                         static_cast<int32_t>(stored.max)});
  return fused;
}

FailureOr<FusedActivation>
quantcc::tflite::getFusedActivation(GraphImporter &graph, const Node &node,
                                    ActivationFunctionType function,
                                    RankedTensorType result) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  switch (function) {
  case ActivationFunctionType::NONE:
    return getClamp(result, -kInfinity, kInfinity);
  case ActivationFunctionType::RELU:
    return getClamp(result, 0.0f, kInfinity);
  case ActivationFunctionType::RELU_N1_TO_1:
    return getClamp(result, -1.0f, 1.0f);
  case ActivationFunctionType::RELU6:
    return getClamp(result, 0.0f, 6.0f);
  case ActivationFunctionType::TANH:
    if (!isQuantized(result))
      return getClamp(result, -kInfinity, kInfinity);
    break;
  default:
    break;
  }
  const char *name = EnumNameActivationFunctionType(function);
  return graph.error(node) << "fused activation function "
                           << (*name ? name : "of an unknown number")
                           << " is not supported on these values";
}

LogicalResult
quantcc::tflite::defineActivated(GraphImporter &graph, const Node &node,
                                 FailureOr<Value> value,
                                 ActivationFunctionType function) {
  if (succeeded(value) && function == ActivationFunctionType::TANH)
    value = graph.create<FunctionOp>(
        node, value->getType(),
        FloatFunctionAttr::get(graph.getContext(), FloatFunction::Tanh), *value,
        FloatAttr());
  return graph.define(node, value);
}

FailureOr<Window> quantcc::tflite::getWindow(GraphImporter &graph,
                                             const Node &node, Value input,
                                             Padding padding,
                                             ArrayRef<int64_t> kernel,
                                             ArrayRef<int64_t> strides,
                                             ArrayRef<int64_t> dilations) {
  ArrayRef<int64_t> shape = cast<RankedTensorType>(input.getType()).getShape();
  if (shape.size() != 4)
    return graph.error(node) << "expected an input [N,H,W,C], found one of "
                             << "rank " << shape.size();
  if (padding != Padding::SAME && padding != Padding::VALID)
    return graph.error(node) << "expected padding SAME or VALID, found "
                             << static_cast<int>(padding);
  SmallVector<int64_t> sides;
  for (unsigned i : {0u, 1u}) {
    if (kernel[i] < 1 || strides[i] < 1 || dilations[i] < 1)
      return graph.error(node)
             << "expected sizes, strides and dilations of 1 or more, found "
             << kernel[i] << ", " << strides[i] << " and " << dilations[i];
    int64_t total = 0;
    if (padding == Padding::SAME) {
      int64_t positions = (shape[i + 1] + strides[i] - 1) / strides[i];
      int64_t reach = dilations[i] * (kernel[i] - 1) + 1;
      total = std::max<int64_t>(0, (positions - 1) * strides[i] + reach -
                                       shape[i + 1]);
    }
    sides.push_back(total / 2);
    sides.push_back(total - total / 2);
  }
  MLIRContext *context = graph.getContext();
  return Window{DenseI64ArrayAttr::get(context, strides),
                DenseI64ArrayAttr::get(context, dilations),
                DenseI64ArrayAttr::get(context, sides)};
}
