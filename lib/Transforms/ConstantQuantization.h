//===- ConstantQuantization.h - Weights and biases --------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Chooses the parameters of constant weights, and turns weights, biases and
// other constants into stored values. The arithmetic is Support's.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_TRANSFORMS_CONSTANTQUANTIZATION_H
#define QUANTCC_LIB_TRANSFORMS_CONSTANTQUANTIZATION_H

#include "quantcc/Dialect/QuantCC/IR/QuantizedTypes.h"

#include <llvm/Support/Error.h>
#include <mlir/IR/Builders.h>
#include <mlir/IR/BuiltinTypes.h>
#include <vector>

namespace quantcc {

/// Symmetric parameters for the weight `values` of `shape`: one scale a channel
/// along `axis` if it is given, else one for all. A channel of zeros takes the
/// largest scale of the others, so that its bias is stored as finely as
/// theirs. Errors: NaN or an infinity among the values.
llvm::Expected<mlir::quant::QuantizedType>
chooseWeightType(mlir::MLIRContext *context, llvm::ArrayRef<float> values,
                 llvm::ArrayRef<int64_t> shape, std::optional<unsigned> axis,
                 StoredRange bounds);

/// The real values that stored `values` of `shape` stand for under `type`,
/// whose parameters are per tensor or per axis: what fake quantization makes of
/// them.
std::vector<float> roundToGrid(llvm::ArrayRef<float> values,
                               llvm::ArrayRef<int64_t> shape,
                               mlir::quant::QuantizedType type);

/// `weights` with scales raised where `bias`, one value a channel or none,
/// would leave 30 bits at the scale `inputScale` times that of the weights.
/// Expects finite values.
mlir::quant::QuantizedType fitScalesToBias(mlir::quant::QuantizedType weights,
                                           float inputScale,
                                           llvm::ArrayRef<float> bias);

/// The constant of shape `shape` that stores `values` under `type`: an
/// `arith.constant` of the storage type and a `quant.scast`.
mlir::Value createQuantizedConstant(mlir::OpBuilder &builder,
                                    mlir::Location location,
                                    llvm::ArrayRef<float> values,
                                    llvm::ArrayRef<int64_t> shape,
                                    mlir::quant::QuantizedType type);

/// The i32 constant round(bias / (inputScale * weight scale)), in f64, ties
/// away from zero. Expects values that fit, as after fitScalesToBias.
mlir::Value createQuantizedBias(mlir::OpBuilder &builder,
                                mlir::Location location,
                                llvm::ArrayRef<float> bias, float inputScale,
                                mlir::quant::QuantizedType weights);

} // namespace quantcc

#endif // QUANTCC_LIB_TRANSFORMS_CONSTANTQUANTIZATION_H
