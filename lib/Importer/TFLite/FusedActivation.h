//===- FusedActivation.h - Activation functions in options ------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The activation functions that operators carry in their options, and the
// padding rule that windows do.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_IMPORTER_TFLITE_FUSEDACTIVATION_H
#define QUANTCC_LIB_IMPORTER_TFLITE_FUSEDACTIVATION_H

#include "GraphImporter.h"

namespace quantcc::tflite {

/// What a fused activation function asks of an op, and how the op rounds. The
/// members are null where the op's form has no such attribute.
struct FusedActivation {
  mlir::DenseF32ArrayAttr clamp;
  mlir::DenseI32ArrayAttr storedClamp;
  RoundingAttr rounding;
};

/// The attributes for an op with a result of type `result`. A quantized result
/// gets the clamp of TFLite's CalculateActivationRangeQuantized, none if that
/// is the whole storage range. Emits an error for SIGN_BIT and for TANH on
/// quantized values.
mlir::FailureOr<FusedActivation>
getFusedActivation(GraphImporter &graph, const Node &node,
                   ActivationFunctionType function,
                   mlir::RankedTensorType result);

/// The same for a clamp to the real values [min, max].
FusedActivation getClamp(mlir::RankedTensorType result, float min, float max);

/// Defines output 0 as `value`, behind the function where that is no clamp.
mlir::LogicalResult defineActivated(GraphImporter &graph, const Node &node,
                                    mlir::FailureOr<mlir::Value> value,
                                    ActivationFunctionType function);

/// Strides, dilations and padding of a window over height and width.
struct Window {
  mlir::DenseI64ArrayAttr strides, dilations;
  /// [top, bottom, left, right]
  mlir::DenseI64ArrayAttr padding;
};

/// The window of an operator on `input` [N,H,W,C]. SAME pads so that the result
/// has ceil(size / stride) positions, the odd element behind. Emits an error
/// for another rank, and for sizes, strides or dilations below 1.
mlir::FailureOr<Window> getWindow(GraphImporter &graph, const Node &node,
                                  mlir::Value input, Padding padding,
                                  llvm::ArrayRef<int64_t> kernel,
                                  llvm::ArrayRef<int64_t> strides,
                                  llvm::ArrayRef<int64_t> dilations = {1, 1});

} // namespace quantcc::tflite

#endif // QUANTCC_LIB_IMPORTER_TFLITE_FUSEDACTIVATION_H
