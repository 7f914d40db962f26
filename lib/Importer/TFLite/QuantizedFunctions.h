//===- QuantizedFunctions.h - Tables of quantized functions -----*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions of one value in models that were quantized for TFLite.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_IMPORTER_TFLITE_QUANTIZEDFUNCTIONS_H
#define QUANTCC_LIB_IMPORTER_TFLITE_QUANTIZEDFUNCTIONS_H

#include "GraphImporter.h"

namespace quantcc::tflite {

/// Imports a function of quantized `input` as a `quantcc.lookup` in the table
/// of what TFLite's reference kernel computes for each stored value. `alpha` is
/// the slope of LEAKY_RELU. Emits an error for functions without such a kernel.
mlir::LogicalResult
importQuantizedFunction(GraphImporter &graph, const Node &node,
                        FloatFunction function, mlir::Value input,
                        mlir::RankedTensorType result, float alpha);

} // namespace quantcc::tflite

#endif // QUANTCC_LIB_IMPORTER_TFLITE_QUANTIZEDFUNCTIONS_H
