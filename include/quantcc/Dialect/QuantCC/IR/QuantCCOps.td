//===- QuantCCOps.td - All ops of the dialect --------------*- tablegen -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one file that op definitions are generated from.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_DIALECT_QUANTCC_IR_QUANTCCOPS_TD
#define QUANTCC_DIALECT_QUANTCC_IR_QUANTCCOPS_TD

include "quantcc/Dialect/QuantCC/IR/ContractionOps.td"
include "quantcc/Dialect/QuantCC/IR/ElementwiseOps.td"
include "quantcc/Dialect/QuantCC/IR/IntegerOps.td"
include "quantcc/Dialect/QuantCC/IR/KernelOps.td"
include "quantcc/Dialect/QuantCC/IR/ObservationOps.td"
include "quantcc/Dialect/QuantCC/IR/PoolingOps.td"
include "quantcc/Dialect/QuantCC/IR/RecurrentOps.td"
include "quantcc/Dialect/QuantCC/IR/ShapeOps.td"
include "quantcc/Dialect/QuantCC/IR/StateOps.td"

#endif // QUANTCC_DIALECT_QUANTCC_IR_QUANTCCOPS_TD
