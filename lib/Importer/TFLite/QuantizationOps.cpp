//===- QuantizationOps.cpp - Import of QUANTIZE and DEQUANTIZE ------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// QUANTIZE, DEQUANTIZE and FAKE_QUANT. Constants are dequantized here, so that
// weights that were stored in fewer bits reach the ops as f32 constants.
//
//===----------------------------------------------------------------------===//

#include "FusedActivation.h"
#include "OperatorTable.h"
#include "TensorTypes.h"

#include <cmath>
#include <mlir/Dialect/Quant/IR/Quant.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::tflite;

LogicalResult quantcc::tflite::importQuantize(GraphImporter &graph,
                                              const Node &node) {
  FailureOr<Value> input = graph.getInput(node, 0);
  FailureOr<RankedTensorType> result = failure();
  if (failed(input) || failed(result = graph.getResultType(node)))
    return failure();
  if (!isQuantized(*result))
    return graph.error(node)
           << "expected a quantized result, found " << *result;
  if (!isQuantized(input->getType()))
    return graph.define(
        node, graph.create<quant::QuantizeCastOp>(node, *result, *input));
  FailureOr<FusedActivation> fused =
      getFusedActivation(graph, node, ActivationFunctionType::NONE, *result);
  if (failed(fused))
    return failure();
  return graph.define(
      node, graph.create<RescaleOp>(node, *result, *input, fused->clamp,
                                    fused->storedClamp, fused->rounding));
}

/// The f32 values of the quantized constant `values`, whose type is `type`:
/// scale * (stored - zero point), rounded once.
static DenseElementsAttr dequantize(DenseElementsAttr values,
                                    quant::QuantizedType type) {
  SmallVector<double> scales;
  SmallVector<int64_t> zeroPoints;
  int64_t inner = 1;
  ArrayRef<int64_t> shape = values.getType().getShape();
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type)) {
    llvm::append_range(scales, perAxis.getScales());
    llvm::append_range(zeroPoints, perAxis.getZeroPoints());
    for (int64_t size : shape.drop_front(perAxis.getQuantizedDimension() + 1))
      inner *= size;
  } else {
    auto perTensor = cast<quant::UniformQuantizedType>(type);
    scales.push_back(perTensor.getScale());
    zeroPoints.push_back(perTensor.getZeroPoint());
  }
  SmallVector<float> reals;
  reals.reserve(values.getNumElements());
  for (const APInt &value : values.getValues<APInt>()) {
    size_t channel = (reals.size() / inner) % scales.size();
    int64_t stored =
        type.isSigned() ? value.getSExtValue() : value.getZExtValue();
    // The product of an f32 and 17 bits is exact in f64.
    reals.push_back(static_cast<float>(
        scales[channel] * static_cast<double>(stored - zeroPoints[channel])));
  }
  return DenseElementsAttr::get(
      RankedTensorType::get(shape, Float32Type::get(values.getContext())),
      ArrayRef<float>(reals));
}

static LogicalResult foldDequantize(GraphImporter &graph, const Node &node) {
  FailureOr<DenseElementsAttr> values = graph.getConstant(node, 0);
  if (failed(values))
    return failure();
  const ModelFile &file = graph.getFile();
  if (file.getShape(node.outputs[0]) != file.getShape(node.inputs[0]))
    return graph.error(node) << "expected operand and result of one shape";
  if (values->getElementType().isF16()) {
    auto type = RankedTensorType::get(values->getType().getShape(),
                                      Float32Type::get(graph.getContext()));
    SmallVector<float> reals;
    for (APFloat value : values->getValues<APFloat>()) {
      bool losesInfo;
      value.convert(APFloat::IEEEsingle(), APFloat::rmNearestTiesToEven,
                    &losesInfo);
      reals.push_back(value.convertToFloat());
    }
    return graph.defineConstant(
        node, DenseElementsAttr::get(type, ArrayRef<float>(reals)));
  }
  quant::QuantizedType type;
  if (values->getElementType().getIntOrFloatBitWidth() <= 16)
    type = getQuantizedType(file, node.inputs[0], std::nullopt,
                            graph.getContext());
  if (!type)
    return file.error(node, node.inputs[0])
           << "expected a constant of FLOAT16 or of quantized INT8, UINT8 "
           << "or INT16";
  return graph.defineConstant(node, dequantize(*values, type));
}

LogicalResult quantcc::tflite::importDequantize(GraphImporter &graph,
                                                const Node &node) {
  FailureOr<RankedTensorType> result = graph.getResultType(node);
  if (failed(result))
    return failure();
  if (isQuantized(*result))
    return graph.error(node) << "expected an f32 result, found " << *result;
  if (graph.isConstant(node, 0))
    return foldDequantize(graph, node);
  FailureOr<Value> input = graph.getInput(node, 0);
  if (failed(input))
    return failure();
  if (!isQuantized(input->getType()))
    return graph.error(node)
           << "expected a quantized operand, found " << input->getType();
  // A value that is quantized and dequantized at once simulates quantization.
  if (auto cast = input->getDefiningOp<quant::QuantizeCastOp>())
    return graph.define(
        node, graph.create<FakeQuantizeOp>(
                  node, *result, cast.getInput(),
                  TypeAttr::get(getQuantizedElementType(input->getType()))));
  return graph.define(
      node, graph.create<quant::DequantizeCastOp>(node, *result, *input));
}

/// The type whose grid covers [min, max] in `bits` bits and has zero on it, as
/// training with simulated quantization nudges it. All arithmetic is f32.
static quant::UniformQuantizedType
getNudgedType(MLIRContext *context, float min, float max, unsigned bits,
              bool narrowRange, bool isSigned) {
  int32_t low = narrowRange ? 1 : 0, high = (1 << bits) - 1;
  float lowest = static_cast<float>(low), highest = static_cast<float>(high);
  float scale = (max - min) / (highest - lowest);
  float exact = lowest - min / scale;
  int32_t zeroPoint =
      static_cast<int32_t>(std::round(std::clamp(exact, lowest, highest)));
  int32_t bias = isSigned ? 1 << (bits - 1) : 0;
  return quant::UniformQuantizedType::get(
      isSigned ? quant::QuantizationFlags::Signed : 0,
      IntegerType::get(context, 8), Float32Type::get(context), scale,
      zeroPoint - bias, low - bias, high - bias);
}

LogicalResult quantcc::tflite::importFakeQuant(GraphImporter &graph,
                                               const Node &node) {
  const FakeQuantOptions *options =
      node.op->builtin_options_as_FakeQuantOptions();
  FailureOr<RankedTensorType> input = graph.getInputType(node, 0);
  FailureOr<RankedTensorType> result = failure();
  if (failed(input) || failed(result = graph.getResultType(node)))
    return failure();
  if (!options || isQuantized(*input) || *input != *result)
    return graph.error(node) << "expected options, and operand and result of "
                             << "FLOAT32";
  if (options->num_bits() < 2 || options->num_bits() > 8)
    return graph.error(node)
           << "expected 2 to 8 bits, found " << options->num_bits();
  float min = options->min(), max = options->max();
  if (!(min <= 0.0f && max >= 0.0f && min < max) ||
      !std::isnormal((max - min) / 255.0f))
    return graph.error(node) << "expected a range around zero, found [" << min
                             << ", " << max << "]";
  // Signed weights have zero point 0: those of an uneven range are unsigned.
  bool isConstant = graph.isConstant(node, 0);
  quant::UniformQuantizedType type =
      getNudgedType(graph.getContext(), min, max, options->num_bits(),
                    options->narrow_range(), /*isSigned=*/!isConstant);
  if (isConstant) {
    FailureOr<DenseElementsAttr> values = graph.getConstant(node, 0);
    if (failed(values))
      return failure();
    graph.simulateQuantization(node, type);
    return graph.defineConstant(node, *values);
  }
  FailureOr<Value> value = graph.getInput(node, 0);
  if (failed(value))
    return failure();
  return graph.define(node, graph.create<FakeQuantizeOp>(node, *result, *value,
                                                         TypeAttr::get(type)));
}
