//===- IntegerOpPatterns.h - Expansion patterns --------------- -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The patterns that expand composite integer ops, by op.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CONVERSION_REQUANTIZETOARITH_INTEGEROPPATTERNS_H
#define QUANTCC_CONVERSION_REQUANTIZETOARITH_INTEGEROPPATTERNS_H

#include <mlir/IR/PatternMatch.h>

namespace quantcc {

void populateRequantizePatterns(mlir::RewritePatternSet &patterns);
void populateIntegerAddPatterns(mlir::RewritePatternSet &patterns);
void populateIntegerSoftmaxPatterns(mlir::RewritePatternSet &patterns);
void populateLookupPatterns(mlir::RewritePatternSet &patterns);

} // namespace quantcc

#endif // QUANTCC_CONVERSION_REQUANTIZETOARITH_INTEGEROPPATTERNS_H
