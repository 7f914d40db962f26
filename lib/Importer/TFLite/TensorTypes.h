//===- TensorTypes.h - Types of .tflite tensors -----------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The MLIR types that tensors of a .tflite model become.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_IMPORTER_TFLITE_TENSORTYPES_H
#define QUANTCC_LIB_IMPORTER_TFLITE_TENSORTYPES_H

#include "ModelFile.h"

#include <mlir/Dialect/Quant/IR/QuantTypes.h>
#include <mlir/IR/BuiltinTypes.h>
#include <string>
#include <variant>

namespace quantcc::tflite {

/// A type, or why there is none: what is expected and what was found.
using TypeOrReason = std::variant<mlir::RankedTensorType, std::string>;

/// The type of an activation: f32, or i8 or u8 quantized per tensor, of a shape
/// without zeros.
TypeOrReason getActivationType(const ModelFile &file, int32_t tensor,
                               mlir::MLIRContext *context);

/// The quantized element type of an INT4, INT8 or UINT8 tensor, per tensor or,
/// with several scales, per axis along `axis` in place of the file's own number
/// (for weights whose dimensions are moved). Null if it has no scale.
mlir::quant::QuantizedType getQuantizedType(const ModelFile &file,
                                            int32_t tensor,
                                            std::optional<int32_t> axis,
                                            mlir::MLIRContext *context);

/// The type of a constant's stored values, null for types we do not read.
mlir::RankedTensorType getStoredType(const ModelFile &file, int32_t tensor,
                                     mlir::MLIRContext *context);

} // namespace quantcc::tflite

#endif // QUANTCC_LIB_IMPORTER_TFLITE_TENSORTYPES_H
