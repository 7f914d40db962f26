//===- ShapeOps.cpp - Import of ops that move values ----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// RESHAPE, SQUEEZE, EXPAND_DIMS, TRANSPOSE, CONCATENATION, PAD, PADV2 and the
// resizes.
//
//===----------------------------------------------------------------------===//

#include "ConstantFolding.h"
#include "FusedActivation.h"
#include "OperatorTable.h"
#include "TensorTypes.h"

using namespace mlir;
using namespace quantcc;
using namespace quantcc::tflite;

/// Checks the shape operand of RESHAPE against the shape that the result
/// declares: -1 stands for the size that is left.
static LogicalResult verifyNewShape(GraphImporter &graph, const Node &node) {
  if (node.code != BuiltinOperator::RESHAPE ||
      !GraphImporter::hasInput(node, 1))
    return success();
  FailureOr<SmallVector<int64_t>> asked = graph.getIntegers(node, 1);
  if (failed(asked))
    return failure();
  SmallVector<int64_t> declared = graph.getFile().getShape(node.outputs[0]);
  bool agrees = asked->size() == declared.size();
  for (size_t i = 0; agrees && i < declared.size(); ++i)
    agrees = (*asked)[i] == declared[i] || (*asked)[i] == -1;
  if (!agrees)
    return graph.getFile().error(node, node.outputs[0])
           << "expected a result of the shape that the shape operand gives";
  return success();
}

LogicalResult quantcc::tflite::importReshape(GraphImporter &graph,
                                             const Node &node) {
  if (failed(verifyNewShape(graph, node)))
    return failure();
  SmallVector<int64_t> shape = graph.getFile().getShape(node.outputs[0]);
  if (graph.isConstant(node, 0)) {
    FailureOr<DenseElementsAttr> values = graph.getConstant(node, 0);
    if (failed(values))
      return failure();
    auto type = cast<RankedTensorType>(values->getType()).clone(shape);
    if (type.getNumElements() != values->getNumElements())
      return graph.error(node)
             << "expected " << values->getNumElements()
             << " elements in the result, found " << type.getNumElements();
    return graph.defineConstant(node, values->reshape(type));
  }
  FailureOr<Value> input = graph.getInput(node, 0);
  FailureOr<RankedTensorType> result = failure();
  if (failed(input) || failed(result = graph.getResultType(node)))
    return failure();
  if (input->getType() == *result)
    return graph.define(node, *input);
  return graph.define(node, graph.create<ReshapeOp>(node, *result, *input));
}

LogicalResult quantcc::tflite::importTranspose(GraphImporter &graph,
                                               const Node &node) {
  FailureOr<SmallVector<int64_t>> permutation = graph.getIntegers(node, 1);
  if (failed(permutation))
    return failure();
  int64_t rank = graph.getFile().getShape(node.inputs[0]).size();
  SmallVector<int64_t> sorted;
  for (int64_t &axis : *permutation) {
    if (axis < 0 && axis >= -rank)
      axis += rank;
    sorted.push_back(axis);
  }
  llvm::sort(sorted);
  if (sorted != llvm::to_vector(llvm::seq<int64_t>(0, rank)))
    return graph.error(node)
           << "expected a permutation of " << rank << " dimensions";
  if (graph.isConstant(node, 0)) {
    FailureOr<DenseElementsAttr> values = graph.getConstant(node, 0);
    if (failed(values))
      return failure();
    DenseElementsAttr moved = permute(*values, *permutation);
    if (moved.getType().getShape() !=
        ArrayRef<int64_t>(graph.getFile().getShape(node.outputs[0])))
      return graph.error(node)
             << "expected a result of type " << moved.getType();
    return graph.defineConstant(node, moved);
  }
  FailureOr<Value> input = graph.getInput(node, 0);
  FailureOr<RankedTensorType> result = failure();
  if (failed(input) || failed(result = graph.getResultType(node)))
    return failure();
  return graph.define(
      node, graph.create<TransposeOp>(
                node, *result, *input,
                graph.getBuilder().getDenseI64ArrayAttr(*permutation)));
}

LogicalResult quantcc::tflite::importConcatenation(GraphImporter &graph,
                                                   const Node &node) {
  const ConcatenationOptions *options =
      node.op->builtin_options_as_ConcatenationOptions();
  if (!options)
    return graph.error(node) << "expected options, found none";
  if (options->fused_activation_function() != ActivationFunctionType::NONE)
    return graph.error(node) << "fused activation functions are not supported "
                             << "on a concatenation";
  FailureOr<RankedTensorType> result = graph.getResultType(node);
  if (failed(result))
    return failure();
  SmallVector<Value> inputs;
  for (unsigned i = 0; i < node.inputs.size(); ++i) {
    FailureOr<Value> input = graph.getInput(node, i);
    if (failed(input))
      return failure();
    inputs.push_back(*input);
  }
  int64_t axis = options->axis();
  if (axis < 0)
    axis += result->getRank();
  return graph.define(
      node, graph.create<ConcatOp>(node, *result, inputs,
                                   graph.getBuilder().getI64IntegerAttr(axis)));
}

//===----------------------------------------------------------------------===//
// Borders and sizes
//===----------------------------------------------------------------------===//

/// Reads the border operand [rank, 2] into the sizes before and behind.
static LogicalResult getBorders(GraphImporter &graph, const Node &node,
                                int64_t rank, SmallVectorImpl<int64_t> &low,
                                SmallVectorImpl<int64_t> &high) {
  FailureOr<DenseElementsAttr> borders = graph.getConstant(node, 1);
  if (failed(borders))
    return failure();
  auto element = dyn_cast<IntegerType>(borders->getElementType());
  if (!element || element.getWidth() < 32 ||
      borders->getType().getShape() != ArrayRef<int64_t>{rank, 2})
    return graph.getFile().error(node, node.inputs[1])
           << "expected borders of INT32 or INT64, [" << rank << ",2]";
  for (auto [i, value] : llvm::enumerate(borders->getValues<APInt>())) {
    int64_t size = value.getSExtValue();
    if (size < 0 || size > kMaxElements)
      return graph.getFile().error(node, node.inputs[1])
             << "expected borders within [0, " << kMaxElements << "], found "
             << size;
    (i % 2 ? high : low).push_back(size);
  }
  return success();
}

/// Sets what the border of PADV2 holds: the one constant of input 2.
static LogicalResult getBorderValue(GraphImporter &graph, const Node &node,
                                    RankedTensorType result, FloatAttr &value,
                                    IntegerAttr &stored) {
  FailureOr<DenseElementsAttr> constant = graph.getConstant(node, 2);
  if (failed(constant))
    return failure();
  // The value is stored with its own parameters, which must be the result's.
  TypeOrReason type =
      getActivationType(graph.getFile(), node.inputs[2], graph.getContext());
  auto *tensor = std::get_if<RankedTensorType>(&type);
  if (!tensor || tensor->getNumElements() != 1 ||
      tensor->getElementType() != result.getElementType())
    return graph.getFile().error(node, node.inputs[2])
           << "expected one value of type " << result.getElementType();
  auto quantized =
      dyn_cast<quant::UniformQuantizedType>(result.getElementType());
  if (!quantized) {
    value = graph.getBuilder().getF32FloatAttr(
        (*constant->value_begin<APFloat>()).convertToFloat());
    return success();
  }
  APInt bits = *constant->value_begin<APInt>();
  stored = graph.getBuilder().getI32IntegerAttr(
      quantized.isSigned() ? bits.getSExtValue() : bits.getZExtValue());
  return success();
}

LogicalResult quantcc::tflite::importPad(GraphImporter &graph,
                                         const Node &node) {
  FailureOr<Value> input = graph.getInput(node, 0);
  FailureOr<RankedTensorType> result = failure();
  if (failed(input) || failed(result = graph.getResultType(node)))
    return failure();
  SmallVector<int64_t> low, high;
  if (failed(getBorders(graph, node,
                        cast<RankedTensorType>(input->getType()).getRank(), low,
                        high)))
    return failure();
  FloatAttr value;
  IntegerAttr stored;
  if (node.code == BuiltinOperator::PADV2 &&
      failed(getBorderValue(graph, node, *result, value, stored)))
    return failure();
  Builder &builder = graph.getBuilder();
  return graph.define(
      node, graph.create<PadOp>(
                node, *result, *input, builder.getDenseI64ArrayAttr(low),
                builder.getDenseI64ArrayAttr(high), value, stored));
}

LogicalResult quantcc::tflite::importResize(GraphImporter &graph,
                                            const Node &node) {
  FailureOr<Value> input = graph.getInput(node, 0);
  FailureOr<SmallVector<int64_t>> size = failure();
  FailureOr<RankedTensorType> result = failure();
  if (failed(input) || failed(size = graph.getIntegers(node, 1)) ||
      failed(result = graph.getResultType(node)))
    return failure();
  if (size->size() != 2 || result->getRank() != 4 ||
      result->getShape().slice(1, 2) != ArrayRef<int64_t>(*size))
    return graph.error(node)
           << "expected a result of the height and width "
           << "that the size operand gives, found " << *result;
  bool alignCorners = false, halfPixelCenters = false;
  bool nearest = node.code == BuiltinOperator::RESIZE_NEAREST_NEIGHBOR;
  auto read = [&](const auto *options) {
    if (!options)
      return;
    alignCorners = options->align_corners();
    halfPixelCenters = options->half_pixel_centers();
  };
  if (nearest)
    read(node.op->builtin_options_as_ResizeNearestNeighborOptions());
  else
    read(node.op->builtin_options_as_ResizeBilinearOptions());
  UnitAttr yes = graph.getBuilder().getUnitAttr();
  return graph.define(node,
                      graph.create<ResizeOp>(
                          node, *result, *input,
                          ResizeModeAttr::get(graph.getContext(),
                                              nearest ? ResizeMode::Nearest
                                                      : ResizeMode::Bilinear),
                          alignCorners ? yes : UnitAttr(),
                          halfPixelCenters ? yes : UnitAttr()));
}
