//===- VariableOps.cpp - Import of what lives from run to run -------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// VAR_HANDLE, READ_VARIABLE, ASSIGN_VARIABLE, and CALL_ONCE with a subgraph of
// initial values.
//
//===----------------------------------------------------------------------===//

#include "OperatorTable.h"

using namespace mlir;
using namespace quantcc;
using namespace quantcc::tflite;

/// The name of the variable that VAR_HANDLE `node` stands for.
static FailureOr<std::string> getVariableName(const ModelFile &file,
                                              const Node &node) {
  const VarHandleOptions *options =
      node.op->builtin_options_as_VarHandleOptions();
  if (!options)
    return file.error(node) << "expected options, found none";
  if (file.getTensor(node.outputs.front()).type() !=
      tflite::TensorType::RESOURCE)
    return file.error(node)
           << "expected a result of RESOURCE, found "
           << getTypeName(file.getTensor(node.outputs.front()).type());
  std::string name = "resource:";
  if (options->container() && options->container()->size() != 0)
    name += options->container()->str() + "::";
  if (options->shared_name())
    name += options->shared_name()->str();
  return name;
}

LogicalResult quantcc::tflite::importVarHandle(GraphImporter &graph,
                                               const Node &node) {
  FailureOr<std::string> name = getVariableName(graph.getFile(), node);
  if (failed(name))
    return failure();
  graph.defineHandle(node.outputs.front(), *name);
  return success();
}

/// The variable that input 0 is the handle of, a new one of `type` where it is
/// read or assigned for the first time.
static FailureOr<VariableOp> getVariable(GraphImporter &graph, const Node &node,
                                         RankedTensorType type) {
  std::optional<StringRef> name = graph.getHandle(node.inputs.front());
  if (!name)
    return graph.getFile().error(node, node.inputs.front())
           << "expected the result of VAR_HANDLE";
  FailureOr<VariableOp> variable = graph.getVariable(node, *name, type);
  if (succeeded(variable) && variable->getType() != type)
    return graph.error(node) << "expected the variable's type "
                             << variable->getType() << ", found " << type;
  return variable;
}

LogicalResult quantcc::tflite::importReadVariable(GraphImporter &graph,
                                                  const Node &node) {
  FailureOr<RankedTensorType> type = graph.getResultType(node);
  FailureOr<VariableOp> variable = failure();
  if (failed(type) || failed(variable = getVariable(graph, node, *type)))
    return failure();
  return graph.define(
      node, graph.create<ReadVariableOp>(node, *type, variable->getSymName()));
}

LogicalResult quantcc::tflite::importAssignVariable(GraphImporter &graph,
                                                    const Node &node) {
  FailureOr<Value> value = graph.getInput(node, 1);
  FailureOr<VariableOp> variable = failure();
  if (failed(value) ||
      failed(variable = getVariable(graph, node,
                                    cast<RankedTensorType>(value->getType()))))
    return failure();
  AssignVariableOp::create(graph.getBuilder(),
                           graph.getLocation(node.inputs[1]),
                           variable->getSymName(), *value);
  return success();
}

//===----------------------------------------------------------------------===//
// Initial values
//===----------------------------------------------------------------------===//

/// Gives `graph` a variable for each one that the operators of `initial`, which
/// compute nothing, assign a constant to.
static LogicalResult importInitialValues(GraphImporter &graph,
                                         GraphImporter &initial) {
  for (const Node &node : initial.getFile().getNodes()) {
    if (node.code == BuiltinOperator::VAR_HANDLE) {
      if (failed(importVarHandle(initial, node)))
        return failure();
      continue;
    }
    if (node.code != BuiltinOperator::ASSIGN_VARIABLE)
      return initial.error(node)
             << "expected VAR_HANDLE or ASSIGN_VARIABLE in the graph of "
             << "initial values";
    FailureOr<DenseElementsAttr> values = initial.getConstant(node, 1);
    FailureOr<RankedTensorType> type = failure();
    if (failed(values) || failed(type = initial.getInputType(node, 1)))
      return failure();
    std::optional<StringRef> name = initial.getHandle(node.inputs.front());
    if (!name)
      return initial.getFile().error(node, node.inputs.front())
             << "expected the result of VAR_HANDLE";
    if (failed(graph.createVariable(initial, node, *name, *type, *values)))
      return failure();
  }
  return success();
}

LogicalResult quantcc::tflite::importCallOnce(GraphImporter &graph,
                                              const Node &node) {
  // The model's verifier has seen that the options are there, and that the
  // index is that of another subgraph.
  unsigned index =
      node.op->builtin_options_as_CallOnceOptions()->init_subgraph_index();
  std::optional<ModelFile> file =
      graph.getFile().openSubgraph(index, graph.getContext());
  if (!file)
    return failure();
  GraphImporter initial(*file, graph.getBuilder());
  return importInitialValues(graph, initial);
}
