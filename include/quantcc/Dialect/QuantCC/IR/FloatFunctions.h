//===- FloatFunctions.h - Functions of one real value -----------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What quantcc.function knows of its functions, for other dialects' ops that
// compute the same.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_DIALECT_QUANTCC_IR_FLOATFUNCTIONS_H
#define QUANTCC_DIALECT_QUANTCC_IR_FLOATFUNCTIONS_H

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

namespace quantcc {

/// The value of `function` at `x`, in f64; `alpha` is leaky_relu's slope.
double evaluateFunction(FloatFunction function, double alpha, double x);

/// Makes `function` of `input` in place of `source`, whose location it takes: a
/// `function` on f32, a `lookup` in a table on quantized types. `alpha` is that
/// of the `function` op, or null. Fails with a diagnostic on `source`.
mlir::FailureOr<mlir::Operation *>
createFunction(mlir::OpBuilder &builder, mlir::Operation *source,
               FloatFunction function, mlir::FloatAttr alpha, mlir::Value input,
               mlir::Type resultType);

/// How the parameters of the function's result are decided.
ScaleConstraint getFunctionConstraint(FloatFunction function);

/// The image of `range` under `function`, or none if nothing follows. `alpha`
/// is read for leaky_relu only.
std::optional<FloatRange> inferFunctionRange(FloatFunction function,
                                             double alpha,
                                             std::optional<FloatRange> range);

} // namespace quantcc

#endif // QUANTCC_DIALECT_QUANTCC_IR_FLOATFUNCTIONS_H
