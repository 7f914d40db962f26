//===- ElementwiseOps.cpp - Import of ops on single elements --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ADD, SUB, MUL, MAXIMUM, MINIMUM, the rectifiers, and functions of one value.
//
//===----------------------------------------------------------------------===//

#include "FusedActivation.h"
#include "OperatorTable.h"
#include "QuantizedFunctions.h"

#include <limits>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::tflite;

static constexpr float kInfinity = std::numeric_limits<float>::infinity();

namespace {
/// The operands and the result type of an operator with two inputs.
struct Binary {
  Value lhs, rhs;
  RankedTensorType result;
};
} // namespace

static FailureOr<Binary> getBinary(GraphImporter &graph, const Node &node) {
  FailureOr<Value> lhs = graph.getInput(node, 0), rhs = failure();
  FailureOr<RankedTensorType> result = failure();
  if (failed(lhs) || failed(rhs = graph.getInput(node, 1)) ||
      failed(result = graph.getResultType(node)))
    return failure();
  return Binary{*lhs, *rhs, *result};
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

template <typename OpTy, typename OptionsTy>
static LogicalResult importArithmetic(GraphImporter &graph, const Node &node,
                                      const OptionsTy *options) {
  ActivationFunctionType function = options
                                        ? options->fused_activation_function()
                                        : ActivationFunctionType::NONE;
  FailureOr<Binary> binary = getBinary(graph, node);
  FailureOr<FusedActivation> fused = failure();
  if (failed(binary) ||
      failed(fused = getFusedActivation(graph, node, function, binary->result)))
    return failure();
  FailureOr<Value> value =
      graph.create<OpTy>(node, binary->result, binary->lhs, binary->rhs,
                         fused->clamp, fused->storedClamp, fused->rounding);
  return defineActivated(graph, node, value, function);
}

LogicalResult quantcc::tflite::importAdd(GraphImporter &graph,
                                         const Node &node) {
  return importArithmetic<AddOp>(graph, node,
                                 node.op->builtin_options_as_AddOptions());
}

LogicalResult quantcc::tflite::importSub(GraphImporter &graph,
                                         const Node &node) {
  return importArithmetic<SubOp>(graph, node,
                                 node.op->builtin_options_as_SubOptions());
}

LogicalResult quantcc::tflite::importMul(GraphImporter &graph,
                                         const Node &node) {
  return importArithmetic<MulOp>(graph, node,
                                 node.op->builtin_options_as_MulOptions());
}

template <typename OpTy>
static LogicalResult importSelecting(GraphImporter &graph, const Node &node) {
  FailureOr<Binary> binary = getBinary(graph, node);
  if (failed(binary))
    return failure();
  return graph.define(
      node, graph.create<OpTy>(node, binary->result, binary->lhs, binary->rhs));
}

LogicalResult quantcc::tflite::importMaximum(GraphImporter &graph,
                                             const Node &node) {
  return importSelecting<MaximumOp>(graph, node);
}

LogicalResult quantcc::tflite::importMinimum(GraphImporter &graph,
                                             const Node &node) {
  return importSelecting<MinimumOp>(graph, node);
}

//===----------------------------------------------------------------------===//
// Rectifiers
//===----------------------------------------------------------------------===//

LogicalResult quantcc::tflite::importRelu(GraphImporter &graph,
                                          const Node &node) {
  FailureOr<Value> input = graph.getInput(node, 0);
  FailureOr<RankedTensorType> result = failure();
  if (failed(input) || failed(result = graph.getResultType(node)))
    return failure();
  float min = node.code == BuiltinOperator::RELU_N1_TO_1 ? -1.0f : 0.0f;
  float max = node.code == BuiltinOperator::RELU    ? kInfinity
              : node.code == BuiltinOperator::RELU6 ? 6.0f
                                                    : 1.0f;
  FusedActivation clamp = getClamp(*result, min, max);
  return graph.define(
      node, graph.create<RescaleOp>(node, *result, *input, clamp.clamp,
                                    clamp.storedClamp, clamp.rounding));
}

LogicalResult quantcc::tflite::importPRelu(GraphImporter &graph,
                                           const Node &node) {
  FailureOr<Binary> binary = getBinary(graph, node);
  if (failed(binary))
    return failure();
  RoundingAttr rounding =
      getClamp(binary->result, -kInfinity, kInfinity).rounding;
  return graph.define(node,
                      graph.create<PReluOp>(node, binary->result, binary->lhs,
                                            binary->rhs, rounding));
}

//===----------------------------------------------------------------------===//
// Functions of one value
//===----------------------------------------------------------------------===//

static std::optional<FloatFunction> getFloatFunction(BuiltinOperator code) {
  switch (code) {
  case BuiltinOperator::LOGISTIC:
    return FloatFunction::Sigmoid;
  case BuiltinOperator::TANH:
    return FloatFunction::Tanh;
  case BuiltinOperator::HARD_SWISH:
    return FloatFunction::HardSwish;
  case BuiltinOperator::GELU:
    return FloatFunction::Gelu;
  case BuiltinOperator::ELU:
    return FloatFunction::Elu;
  case BuiltinOperator::EXP:
    return FloatFunction::Exp;
  case BuiltinOperator::ABS:
    return FloatFunction::Abs;
  case BuiltinOperator::NEG:
    return FloatFunction::Neg;
  case BuiltinOperator::SQUARE:
    return FloatFunction::Square;
  case BuiltinOperator::RSQRT:
    return FloatFunction::Rsqrt;
  case BuiltinOperator::SQRT:
    return FloatFunction::Sqrt;
  case BuiltinOperator::SIGN:
    return FloatFunction::Sign;
  case BuiltinOperator::ROUND:
    return FloatFunction::Round;
  case BuiltinOperator::LEAKY_RELU:
    return FloatFunction::LeakyRelu;
  default:
    return std::nullopt;
  }
}

static LogicalResult importFunctionOf(GraphImporter &graph, const Node &node,
                                      FloatAttr alpha) {
  FailureOr<Value> input = graph.getInput(node, 0);
  FailureOr<RankedTensorType> result = failure();
  if (failed(input) || failed(result = graph.getResultType(node)))
    return failure();
  if (isQuantized(input->getType()) && isQuantized(*result))
    return importQuantizedFunction(
        graph, node, *getFloatFunction(node.code), *input, *result,
        alpha ? static_cast<float>(alpha.getValueAsDouble()) : 0.0f);
  auto function =
      FloatFunctionAttr::get(graph.getContext(), *getFloatFunction(node.code));
  return graph.define(
      node, graph.create<FunctionOp>(node, *result, function, *input, alpha));
}

LogicalResult quantcc::tflite::importFunction(GraphImporter &graph,
                                              const Node &node) {
  const GeluOptions *gelu = node.op->builtin_options_as_GeluOptions();
  if (gelu && gelu->approximate())
    return graph.error(node) << "the approximate form is not supported";
  return importFunctionOf(graph, node, FloatAttr());
}

LogicalResult quantcc::tflite::importLeakyRelu(GraphImporter &graph,
                                               const Node &node) {
  const LeakyReluOptions *options =
      node.op->builtin_options_as_LeakyReluOptions();
  if (!options)
    return graph.error(node) << "expected options, found none";
  if (!std::isfinite(options->alpha()))
    return graph.error(node)
           << "expected a finite alpha, found " << options->alpha();
  return importFunctionOf(graph, node,
                          graph.getBuilder().getF32FloatAttr(options->alpha()));
}
