//===- OperatorTable.cpp - The operators we import ------------------------===//
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

#include "OperatorTable.h"

#include <limits>

using namespace quantcc;
using namespace quantcc::tflite;

static constexpr unsigned kAny = std::numeric_limits<unsigned>::max();

/// The entry of an operator with exactly `inputs` inputs.
static constexpr OperatorEntry
exactly(unsigned inputs,
        mlir::LogicalResult (*import)(GraphImporter &, const Node &)) {
  return {import, inputs, inputs, false};
}

static constexpr std::pair<BuiltinOperator, OperatorEntry> kOperators[] = {
    {BuiltinOperator::CONV_2D, {importConv2D, 2, 3}},
    {BuiltinOperator::DEPTHWISE_CONV_2D, {importDepthwiseConv2D, 2, 3}},
    {BuiltinOperator::TRANSPOSE_CONV, {importTransposeConv, 3, 4}},
    {BuiltinOperator::FULLY_CONNECTED, {importFullyConnected, 2, 3}},
    {BuiltinOperator::BATCH_MATMUL, exactly(2, importBatchMatMul)},

    {BuiltinOperator::ADD, exactly(2, importAdd)},
    {BuiltinOperator::SUB, exactly(2, importSub)},
    {BuiltinOperator::MUL, exactly(2, importMul)},
    {BuiltinOperator::MAXIMUM, exactly(2, importMaximum)},
    {BuiltinOperator::MINIMUM, exactly(2, importMinimum)},
    {BuiltinOperator::RELU, exactly(1, importRelu)},
    {BuiltinOperator::RELU6, exactly(1, importRelu)},
    {BuiltinOperator::RELU_N1_TO_1, exactly(1, importRelu)},
    {BuiltinOperator::RELU_0_TO_1, exactly(1, importRelu)},
    {BuiltinOperator::PRELU, exactly(2, importPRelu)},
    {BuiltinOperator::LEAKY_RELU, exactly(1, importLeakyRelu)},
    {BuiltinOperator::LOGISTIC, exactly(1, importFunction)},
    {BuiltinOperator::TANH, exactly(1, importFunction)},
    {BuiltinOperator::HARD_SWISH, exactly(1, importFunction)},
    {BuiltinOperator::GELU, exactly(1, importFunction)},
    {BuiltinOperator::ELU, exactly(1, importFunction)},
    {BuiltinOperator::EXP, exactly(1, importFunction)},
    {BuiltinOperator::ABS, exactly(1, importFunction)},
    {BuiltinOperator::NEG, exactly(1, importFunction)},
    {BuiltinOperator::SQUARE, exactly(1, importFunction)},
    {BuiltinOperator::RSQRT, exactly(1, importFunction)},
    {BuiltinOperator::SQRT, exactly(1, importFunction)},
    {BuiltinOperator::SIGN, exactly(1, importFunction)},
    {BuiltinOperator::ROUND, exactly(1, importFunction)},

    {BuiltinOperator::AVERAGE_POOL_2D, exactly(1, importAveragePool2D)},
    {BuiltinOperator::MAX_POOL_2D, exactly(1, importMaxPool2D)},
    {BuiltinOperator::MEAN, exactly(2, importMean)},
    {BuiltinOperator::SOFTMAX, exactly(1, importSoftmax)},

    {BuiltinOperator::UNIDIRECTIONAL_SEQUENCE_LSTM,
     {importUnidirectionalSequenceLstm, 1, 24}},
    {BuiltinOperator::SVDF, {importSvdf, 3, 5}},

    {BuiltinOperator::QUANTIZE, exactly(1, importQuantize)},
    {BuiltinOperator::DEQUANTIZE, exactly(1, importDequantize)},
    {BuiltinOperator::FAKE_QUANT, exactly(1, importFakeQuant)},

    {BuiltinOperator::RESHAPE, {importReshape, 1, 2}},
    {BuiltinOperator::SQUEEZE, exactly(1, importReshape)},
    {BuiltinOperator::EXPAND_DIMS, exactly(2, importReshape)},
    {BuiltinOperator::TRANSPOSE, exactly(2, importTranspose)},
    {BuiltinOperator::CONCATENATION, {importConcatenation, 1, kAny, true}},
    {BuiltinOperator::PAD, exactly(2, importPad)},
    {BuiltinOperator::PADV2, exactly(3, importPad)},
    {BuiltinOperator::RESIZE_BILINEAR, exactly(2, importResize)},
    {BuiltinOperator::RESIZE_NEAREST_NEIGHBOR, exactly(2, importResize)},

    {BuiltinOperator::SPACE_TO_DEPTH, exactly(1, importSpaceToDepth)},
    {BuiltinOperator::DEPTH_TO_SPACE, exactly(1, importDepthToSpace)},
    {BuiltinOperator::TILE, exactly(2, importTile)},
    {BuiltinOperator::BROADCAST_TO, exactly(2, importBroadcastTo)},
    {BuiltinOperator::REVERSE_V2, exactly(2, importReverse)},
    {BuiltinOperator::MIRROR_PAD, exactly(2, importMirrorPad)},
    {BuiltinOperator::PACK, {importPack, 1, kAny, true}},
    {BuiltinOperator::UNPACK, {importUnpack, 1, 1, true}},
    {BuiltinOperator::GATHER, exactly(2, importGather)},

    {BuiltinOperator::SLICE, exactly(3, importSlice)},
    {BuiltinOperator::STRIDED_SLICE, exactly(4, importStridedSlice)},
    {BuiltinOperator::SPLIT, {importSplit, 2, 2, true}},
    {BuiltinOperator::SPLIT_V, {importSplitV, 3, 3, true}},

    {BuiltinOperator::VAR_HANDLE, exactly(0, importVarHandle)},
    {BuiltinOperator::READ_VARIABLE, exactly(1, importReadVariable)},
    {BuiltinOperator::ASSIGN_VARIABLE, {importAssignVariable, 2, 2, false, 0}},
    {BuiltinOperator::CALL_ONCE, {importCallOnce, 0, 0, false, 0}},
};

const OperatorEntry *quantcc::tflite::lookupOperator(BuiltinOperator code) {
  for (const auto &[operatorCode, entry] : kOperators)
    if (operatorCode == code)
      return &entry;
  return nullptr;
}
