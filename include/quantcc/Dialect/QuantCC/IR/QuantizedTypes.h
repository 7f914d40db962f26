//===- QuantizedTypes.h - Parameters in types -------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Between the quantized element types of MLIR, which hold parameters in a
// model, and Support's quantization parameters, which are computed with.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_DIALECT_QUANTCC_IR_QUANTIZEDTYPES_H
#define QUANTCC_DIALECT_QUANTCC_IR_QUANTIZEDTYPES_H

#include "quantcc/Interfaces/FloatRangeOpInterface.h"
#include "quantcc/Support/QuantizationParameters.h"

#include <llvm/ADT/ArrayRef.h>
#include <mlir/Dialect/Quant/IR/QuantTypes.h>

namespace quantcc {

/// The stored values that `type` allows.
StoredRange getStoredRange(mlir::quant::QuantizedType type);

/// The stored values that the storage type of `type` holds: those it would
/// allow if it named no narrower range.
StoredRange getFullStoredRange(mlir::quant::QuantizedType type);

/// The parameters of a per-tensor type, whose scale is an f32 value.
QuantizationParameters getParameters(mlir::quant::UniformQuantizedType type);

/// The parameters of each channel of a per-tensor (one) or per-axis type; none
/// for other types.
llvm::SmallVector<QuantizationParameters>
getAllParameters(mlir::quant::QuantizedType type);

/// The closed interval of real values that a per-tensor or per-axis type
/// represents, over all channels; none for other types.
std::optional<FloatRange> getRealRange(mlir::quant::QuantizedType type);

/// The per-tensor type of expressed type f32 with `params`, whose storage has
/// `width` bits and the values `bounds`.
mlir::quant::UniformQuantizedType
makePerTensorType(mlir::MLIRContext *context,
                  const QuantizationParameters &params, StoredRange bounds,
                  unsigned width = 8, bool isSigned = true);

/// The per-axis type with one of `params` a channel along `axis`; otherwise as
/// above.
mlir::quant::UniformQuantizedPerAxisType
makePerAxisType(mlir::MLIRContext *context,
                llvm::ArrayRef<QuantizationParameters> params, unsigned axis,
                StoredRange bounds, unsigned width = 8, bool isSigned = true);

} // namespace quantcc

#endif // QUANTCC_DIALECT_QUANTCC_IR_QUANTIZEDTYPES_H
