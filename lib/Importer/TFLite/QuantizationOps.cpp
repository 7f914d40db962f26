//===- QuantizationOps.cpp - Import of QUANTIZE and DEQUANTIZE ------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// QUANTIZE and DEQUANTIZE. Constants are dequantized here, so that weights that
// were stored in fewer bits reach the ops as f32 constants.
//
//===----------------------------------------------------------------------===//

#include "FusedActivation.h"
#include "OperatorTable.h"
#include "TensorTypes.h"

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
  return graph.define(
      node, graph.create<quant::DequantizeCastOp>(node, *result, *input));
}
