//===- QuantizedToLinalg.h - Quantized stage to integers ------ -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The type conversion and the patterns that take quantized network ops to
// integer arithmetic, by op family.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CONVERSION_QUANTIZEDTOLINALG_QUANTIZEDTOLINALG_H
#define QUANTCC_CONVERSION_QUANTIZEDTOLINALG_QUANTIZEDTOLINALG_H

#include <mlir/IR/PatternMatch.h>
#include <mlir/Transforms/DialectConversion.h>

namespace quantcc {

/// Turns tensors of quantized types into tensors of their storage type; where
/// an op that stays needs the quantized type, `quant.scast` stands between.
class StorageTypeConverter : public mlir::TypeConverter {
public:
  StorageTypeConverter();
};

/// conv2d; transpose_conv2d; linear and matmul. (docs/Numerics.md, N9)
void populateConvolutionPatterns(const mlir::TypeConverter &converter,
                                 mlir::RewritePatternSet &patterns);
void populateTransposeConvolutionPatterns(const mlir::TypeConverter &converter,
                                          mlir::RewritePatternSet &patterns);
void populateMatrixPatterns(const mlir::TypeConverter &converter,
                            mlir::RewritePatternSet &patterns);
/// add, sub, mul, rescale, prelu, leaky_relu and lookup. (N7, N8, N13, N16,
/// N23)
void populateElementwisePatterns(const mlir::TypeConverter &converter,
                                 mlir::RewritePatternSet &patterns);
/// avg_pool2d, mean and softmax. (N10 to N12)
void populatePoolingPatterns(const mlir::TypeConverter &converter,
                             mlir::RewritePatternSet &patterns);
/// softmax of 16-bit values. (N25)
void populateGatePatterns(const mlir::TypeConverter &converter,
                          mlir::RewritePatternSet &patterns);
void populateWideSoftmaxPatterns(const mlir::TypeConverter &converter,
                                 mlir::RewritePatternSet &patterns);
/// resize with mode bilinear. (N14)
void populateResizePatterns(const mlir::TypeConverter &converter,
                            mlir::RewritePatternSet &patterns);
/// lstm, and svdf. (N33, N34)
void populateLstmPatterns(const mlir::TypeConverter &converter,
                          mlir::RewritePatternSet &patterns);
void populateSvdfPatterns(const mlir::TypeConverter &converter,
                          mlir::RewritePatternSet &patterns);
/// Variables, reads and assignments. (N27)
void populateStatePatterns(const mlir::TypeConverter &converter,
                           mlir::RewritePatternSet &patterns);
/// quant.scast, float islands, and returns.
void populateCastPatterns(const mlir::TypeConverter &converter,
                          mlir::RewritePatternSet &patterns);

} // namespace quantcc

#endif // QUANTCC_CONVERSION_QUANTIZEDTOLINALG_QUANTIZEDTOLINALG_H
