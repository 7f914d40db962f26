//===- OpGenerators.h - Random ops of each kind -----------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each function adds one op of the quantized stage with random attributes,
// shapes and types to a graph, taking its operands from the graph. The first
// operand has the combination's storage.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_UNITTESTS_DIFFERENTIAL_OPGENERATORS_H
#define QUANTCC_UNITTESTS_DIFFERENTIAL_OPGENERATORS_H

#include "Combinations.h"

namespace quantcc::differential {

using mlir::Value;

// ContractionGenerators.cpp
Value generateDenseConvolution(GraphBuilder &builder, const Combination &what);
Value generateDepthwise(GraphBuilder &builder, const Combination &what);
/// Depthwise with several output channels an input channel.
Value generateMultiplied(GraphBuilder &builder, const Combination &what);
Value generateGrouped(GraphBuilder &builder, const Combination &what);
/// Dense or depthwise, with weights of 4 bits.
Value generateInt4Convolution(GraphBuilder &builder, const Combination &what);
Value generateTransposed(GraphBuilder &builder, const Combination &what);
Value generateLinear(GraphBuilder &builder, const Combination &what);
Value generateInt4Linear(GraphBuilder &builder, const Combination &what);
Value generateMatMul(GraphBuilder &builder, const Combination &what);

// AccumulatorGenerators.cpp
/// A contraction to plain accumulators, and a requantize with multipliers.
Value generateAccumulators(GraphBuilder &builder, const Combination &what);

// RecurrentGenerators.cpp
Value generateLstm(GraphBuilder &builder, const Combination &what);
Value generateSvdf(GraphBuilder &builder, const Combination &what);
/// With states that are variables.
Value generateStatefulLstm(GraphBuilder &builder, const Combination &what);
Value generateStatefulSvdf(GraphBuilder &builder, const Combination &what);
/// A variable that is read, and assigned another value.
Value generateVariable(GraphBuilder &builder, const Combination &what);

// ElementwiseGenerators.cpp
Value generateAdd(GraphBuilder &builder, const Combination &what);
Value generateSub(GraphBuilder &builder, const Combination &what);
Value generateMul(GraphBuilder &builder, const Combination &what);
Value generateRescale(GraphBuilder &builder, const Combination &what);
/// A rescale to another storage.
Value generateConversion(GraphBuilder &builder, const Combination &what);
Value generateLeakyRelu(GraphBuilder &builder, const Combination &what);
Value generateGate(GraphBuilder &builder, const Combination &what);
Value generatePRelu(GraphBuilder &builder, const Combination &what);
Value generateLookup(GraphBuilder &builder, const Combination &what);
Value generateMaximum(GraphBuilder &builder, const Combination &what);
Value generateMinimum(GraphBuilder &builder, const Combination &what);

// PoolingGenerators.cpp
Value generateMean(GraphBuilder &builder, const Combination &what);
Value generateSoftmax(GraphBuilder &builder, const Combination &what);
Value generateAvgPool(GraphBuilder &builder, const Combination &what);
Value generateMaxPool(GraphBuilder &builder, const Combination &what);

// MovingGenerators.cpp
Value generateReshape(GraphBuilder &builder, const Combination &what);
Value generateTranspose(GraphBuilder &builder, const Combination &what);
Value generateSlice(GraphBuilder &builder, const Combination &what);
Value generateBroadcast(GraphBuilder &builder, const Combination &what);
Value generatePad(GraphBuilder &builder, const Combination &what);
Value generateConcat(GraphBuilder &builder, const Combination &what);
Value generateNearest(GraphBuilder &builder, const Combination &what);
Value generateBilinear(GraphBuilder &builder, const Combination &what);

/// Not one op but a graph of residual blocks.
void generateResidualBlocks(GraphBuilder &builder);

} // namespace quantcc::differential

#endif // QUANTCC_UNITTESTS_DIFFERENTIAL_OPGENERATORS_H
