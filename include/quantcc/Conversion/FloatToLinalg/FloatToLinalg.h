//===- FloatToLinalg.h - Float form to linalg ----------------- -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The patterns that take network ops on f32, and casts to and from f32, to
// linalg. Every sum has one order, whatever runs it. (docs/Numerics.md, N18 and
// N19)
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CONVERSION_FLOATTOLINALG_FLOATTOLINALG_H
#define QUANTCC_CONVERSION_FLOATTOLINALG_FLOATTOLINALG_H

#include <mlir/IR/PatternMatch.h>
#include <mlir/Transforms/DialectConversion.h>

namespace quantcc {

/// conv2d, linear and matmul.
void populateFloatContractionPatterns(const mlir::TypeConverter &converter,
                                      mlir::RewritePatternSet &patterns);
/// add, sub, mul, rescale, prelu and function.
void populateFloatElementwisePatterns(const mlir::TypeConverter &converter,
                                      mlir::RewritePatternSet &patterns);
/// avg_pool2d, mean and softmax.
void populateFloatPoolingPatterns(const mlir::TypeConverter &converter,
                                  mlir::RewritePatternSet &patterns);
/// resize with mode bilinear.
void populateFloatResizePatterns(const mlir::TypeConverter &converter,
                                 mlir::RewritePatternSet &patterns);
/// lstm and svdf.
void populateFloatRecurrentPatterns(const mlir::TypeConverter &converter,
                                    mlir::RewritePatternSet &patterns);
/// fake_quantize, quant.qcast, quant.dcast and quant.scast.
void populateQuantizationPatterns(const mlir::TypeConverter &converter,
                                  mlir::RewritePatternSet &patterns);

} // namespace quantcc

#endif // QUANTCC_CONVERSION_FLOATTOLINALG_FLOATTOLINALG_H
