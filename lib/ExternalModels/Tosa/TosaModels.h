//===- TosaModels.h - Interfaces of tosa ops --------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The families of external models, and what they share: reading tosa's constant
// operands.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_EXTERNALMODELS_TOSA_TOSAMODELS_H
#define QUANTCC_LIB_EXTERNALMODELS_TOSA_TOSAMODELS_H

#include "quantcc/Dialect/QuantCC/IR/CreateNetworkOp.h"

#include <mlir/Dialect/Tosa/IR/TosaOps.h>

namespace quantcc::tosa_models {

void attachContractionModels(mlir::MLIRContext &context);
void attachElementwiseModels(mlir::MLIRContext &context);
void attachPoolingModels(mlir::MLIRContext &context);
void attachShapeModels(mlir::MLIRContext &context);

/// createNetworkOp for an op known by its class.
template <typename OpTy>
mlir::FailureOr<mlir::Operation *>
create(mlir::OpBuilder &builder, mlir::Operation *source,
       mlir::ValueRange operands, mlir::TypeRange resultTypes,
       mlir::NamedAttrList attributes, Rounding rounding) {
  return createNetworkOp(
      builder, source,
      mlir::OperationName(OpTy::getOperationName(), builder.getContext()),
      operands, resultTypes, std::move(attributes), rounding);
}

/// The elements of the constant tosa shape `value`, or none.
std::optional<llvm::SmallVector<int64_t>> getConstantShape(mlir::Value value);

/// The only element of the f32 constant `value`, or none.
std::optional<float> getConstantScalar(mlir::Value value);

/// Whether `value` is a constant, fake quantized or not.
bool isConstant(mlir::Value value);

/// The constant weights `value`, f32 or quantized, with dimension i taken from
/// `permutation[i]` and then of shape `shape`; where they are quantized per
/// axis, dimension 0 becomes the axis. Null if `value` is no such constant.
mlir::Value permuteWeights(mlir::OpBuilder &builder, mlir::Value value,
                           llvm::ArrayRef<int64_t> permutation,
                           llvm::ArrayRef<int64_t> shape);

/// The bias `value` with one value for each of `channels`, where tosa also has
/// one for all. Null if that one is no constant.
mlir::Value expandBias(mlir::OpBuilder &builder, mlir::Value value,
                       int64_t channels);

} // namespace quantcc::tosa_models

#endif // QUANTCC_LIB_EXTERNALMODELS_TOSA_TOSAMODELS_H
