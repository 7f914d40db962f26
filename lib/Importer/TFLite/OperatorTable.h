//===- OperatorTable.h - The operators we import ----------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which operators of the format are imported, by what, and with how many
// operands.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_IMPORTER_TFLITE_OPERATORTABLE_H
#define QUANTCC_LIB_IMPORTER_TFLITE_OPERATORTABLE_H

#include "GraphImporter.h"

namespace quantcc::tflite {

struct OperatorEntry {
  mlir::LogicalResult (*import)(GraphImporter &, const Node &);
  /// Inputs from `minInputs` on are optional.
  unsigned minInputs;
  unsigned maxInputs;
  /// Any number of outputs; inputs have no optional ones.
  bool variadic = false;
  /// How many outputs there are, unless any number is allowed.
  unsigned outputs = 1;
};

/// The entry of `code`, or null if it is not supported.
const OperatorEntry *lookupOperator(BuiltinOperator code);

// The importers, each in the file of its family. They find as many operands as
// their entry says, build ops and define the node's outputs, or emit one error.

// ContractionOps.cpp
mlir::LogicalResult importConv2D(GraphImporter &graph, const Node &node);
mlir::LogicalResult importDepthwiseConv2D(GraphImporter &graph,
                                          const Node &node);
mlir::LogicalResult importTransposeConv(GraphImporter &graph, const Node &node);
mlir::LogicalResult importFullyConnected(GraphImporter &graph,
                                         const Node &node);
mlir::LogicalResult importBatchMatMul(GraphImporter &graph, const Node &node);

// ElementwiseOps.cpp
mlir::LogicalResult importAdd(GraphImporter &graph, const Node &node);
mlir::LogicalResult importSub(GraphImporter &graph, const Node &node);
mlir::LogicalResult importMul(GraphImporter &graph, const Node &node);
mlir::LogicalResult importMaximum(GraphImporter &graph, const Node &node);
mlir::LogicalResult importMinimum(GraphImporter &graph, const Node &node);
mlir::LogicalResult importRelu(GraphImporter &graph, const Node &node);
mlir::LogicalResult importPRelu(GraphImporter &graph, const Node &node);
mlir::LogicalResult importFunction(GraphImporter &graph, const Node &node);
mlir::LogicalResult importLeakyRelu(GraphImporter &graph, const Node &node);

// PoolingOps.cpp
mlir::LogicalResult importAveragePool2D(GraphImporter &graph, const Node &node);
mlir::LogicalResult importMaxPool2D(GraphImporter &graph, const Node &node);
mlir::LogicalResult importMean(GraphImporter &graph, const Node &node);
mlir::LogicalResult importSoftmax(GraphImporter &graph, const Node &node);

// RecurrentOps.cpp
mlir::LogicalResult importUnidirectionalSequenceLstm(GraphImporter &graph,
                                                     const Node &node);
mlir::LogicalResult importSvdf(GraphImporter &graph, const Node &node);

// QuantizationOps.cpp
mlir::LogicalResult importQuantize(GraphImporter &graph, const Node &node);
mlir::LogicalResult importDequantize(GraphImporter &graph, const Node &node);
mlir::LogicalResult importFakeQuant(GraphImporter &graph, const Node &node);

// RearrangeOps.cpp
mlir::LogicalResult importSpaceToDepth(GraphImporter &graph, const Node &node);
mlir::LogicalResult importDepthToSpace(GraphImporter &graph, const Node &node);
mlir::LogicalResult importTile(GraphImporter &graph, const Node &node);
mlir::LogicalResult importBroadcastTo(GraphImporter &graph, const Node &node);
mlir::LogicalResult importReverse(GraphImporter &graph, const Node &node);
mlir::LogicalResult importMirrorPad(GraphImporter &graph, const Node &node);
mlir::LogicalResult importPack(GraphImporter &graph, const Node &node);
mlir::LogicalResult importUnpack(GraphImporter &graph, const Node &node);
mlir::LogicalResult importGather(GraphImporter &graph, const Node &node);

// ShapeOps.cpp
mlir::LogicalResult importReshape(GraphImporter &graph, const Node &node);
mlir::LogicalResult importTranspose(GraphImporter &graph, const Node &node);
mlir::LogicalResult importConcatenation(GraphImporter &graph, const Node &node);
mlir::LogicalResult importPad(GraphImporter &graph, const Node &node);
mlir::LogicalResult importResize(GraphImporter &graph, const Node &node);

// SliceOps.cpp
mlir::LogicalResult importSlice(GraphImporter &graph, const Node &node);
mlir::LogicalResult importStridedSlice(GraphImporter &graph, const Node &node);
mlir::LogicalResult importSplit(GraphImporter &graph, const Node &node);
mlir::LogicalResult importSplitV(GraphImporter &graph, const Node &node);

// VariableOps.cpp
mlir::LogicalResult importVarHandle(GraphImporter &graph, const Node &node);
mlir::LogicalResult importReadVariable(GraphImporter &graph, const Node &node);
mlir::LogicalResult importAssignVariable(GraphImporter &graph,
                                         const Node &node);
mlir::LogicalResult importCallOnce(GraphImporter &graph, const Node &node);

} // namespace quantcc::tflite

#endif // QUANTCC_LIB_IMPORTER_TFLITE_OPERATORTABLE_H
