//===- PoolingOps.cpp - Import of pools and reductions --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// AVERAGE_POOL_2D, MAX_POOL_2D, MEAN and SOFTMAX.
//
//===----------------------------------------------------------------------===//

#include "FusedActivation.h"
#include "OperatorTable.h"

using namespace mlir;
using namespace quantcc;
using namespace quantcc::tflite;

template <typename OpTy>
static LogicalResult importPool(GraphImporter &graph, const Node &node) {
  const Pool2DOptions *options = node.op->builtin_options_as_Pool2DOptions();
  if (!options)
    return graph.error(node) << "expected options, found none";
  FailureOr<Value> input = graph.getInput(node, 0);
  FailureOr<RankedTensorType> result = failure();
  if (failed(input) || failed(result = graph.getResultType(node)))
    return failure();
  SmallVector<int64_t> kernel{options->filter_height(),
                              options->filter_width()};
  FailureOr<Window> window =
      getWindow(graph, node, *input, options->padding(), kernel,
                {options->stride_h(), options->stride_w()});
  if (failed(window))
    return failure();
  FailureOr<FusedActivation> fused = getFusedActivation(
      graph, node, options->fused_activation_function(), *result);
  if (failed(fused))
    return failure();
  FailureOr<Value> value = graph.create<OpTy>(
      node, *result, *input, graph.getBuilder().getDenseI64ArrayAttr(kernel),
      window->strides, window->padding, fused->clamp, fused->storedClamp);
  return defineActivated(graph, node, value,
                         options->fused_activation_function());
}

LogicalResult quantcc::tflite::importAveragePool2D(GraphImporter &graph,
                                                   const Node &node) {
  return importPool<AvgPool2DOp>(graph, node);
}

LogicalResult quantcc::tflite::importMaxPool2D(GraphImporter &graph,
                                               const Node &node) {
  return importPool<MaxPool2DOp>(graph, node);
}

LogicalResult quantcc::tflite::importMean(GraphImporter &graph,
                                          const Node &node) {
  const ReducerOptions *options = node.op->builtin_options_as_ReducerOptions();
  FailureOr<Value> input = graph.getInput(node, 0);
  FailureOr<SmallVector<int64_t>> axes = failure();
  FailureOr<RankedTensorType> result = failure();
  if (failed(input) || failed(axes = graph.getIntegers(node, 1)) ||
      failed(result = graph.getResultType(node)))
    return failure();
  int64_t rank = cast<RankedTensorType>(input->getType()).getRank();
  for (int64_t &axis : *axes) {
    if (axis < -rank || axis >= rank)
      return graph.error(node)
             << "expected axes within rank " << rank << ", found " << axis;
    if (axis < 0)
      axis += rank;
  }
  llvm::sort(*axes);
  axes->erase(llvm::unique(*axes), axes->end());
  FailureOr<FusedActivation> fused =
      getFusedActivation(graph, node, ActivationFunctionType::NONE, *result);
  if (failed(fused))
    return failure();
  Builder &builder = graph.getBuilder();
  return graph.define(
      node,
      graph.create<MeanOp>(
          node, *result, *input, builder.getDenseI64ArrayAttr(*axes),
          options && options->keep_dims() ? builder.getUnitAttr() : UnitAttr(),
          fused->clamp, fused->storedClamp, fused->rounding));
}

LogicalResult quantcc::tflite::importSoftmax(GraphImporter &graph,
                                             const Node &node) {
  const SoftmaxOptions *options = node.op->builtin_options_as_SoftmaxOptions();
  if (!options)
    return graph.error(node) << "expected options, found none";
  FailureOr<Value> input = graph.getInput(node, 0);
  FailureOr<RankedTensorType> result = failure();
  if (failed(input) || failed(result = graph.getResultType(node)))
    return failure();
  return graph.define(node,
                      graph.create<SoftmaxOp>(
                          node, *result, *input,
                          graph.getBuilder().getF32FloatAttr(options->beta())));
}
