//===- ContractionParts.h - Random weights and biases -----------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What random contractions are made of besides their activations.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_UNITTESTS_DIFFERENTIAL_CONTRACTIONPARTS_H
#define QUANTCC_UNITTESTS_DIFFERENTIAL_CONTRACTIONPARTS_H

#include "GraphBuilder.h"

namespace quantcc::differential {

/// What a type of weights is made from.
struct WeightFormat {
  bool perAxis = false;
  /// Bits of storage.
  unsigned width = 8;
  /// Whether signed weights may have a zero point, as those of linear.
  bool mayShift = false;
};

/// A type of weights for `channels` along axis 0, whose scales lie around
/// 2^exponent.
mlir::quant::QuantizedType makeWeightType(GraphBuilder &b, WeightFormat format,
                                          int64_t channels, int exponent);

/// As above, around 2^-5.
mlir::quant::QuantizedType makeWeightType(GraphBuilder &b, WeightFormat format,
                                          int64_t channels);

/// Signed weights with the parameters `scale` and 0 and all of `width` bits.
ActivationType makeSymmetricType(GraphBuilder &b, double scale, unsigned width);

/// The typical magnitude of a random weight of `type` less its zero point.
double typicalWeight(mlir::quant::QuantizedType type);

/// The magnitude of a sum of `depth` products of a stored activation with
/// something of magnitude `factor`.
double typicalSum(int64_t depth, ActivationType activation, double factor);

/// A bias of one value a channel, or null. `typical` is the magnitude of the
/// sums that it is added to.
Value makeBias(GraphBuilder &b, int64_t channels, double typical,
               Rounding rounding);

/// As above, of 32 bits, and not beyond `typical` by much.
Value makeNarrowBias(GraphBuilder &b, int64_t channels, double typical);

/// The type of the result of a contraction with `weight`, whose sums are
/// `typical` in magnitude.
ActivationType contractionType(GraphBuilder &b, StorageKind kind,
                               ActivationType input,
                               mlir::quant::QuantizedType weight,
                               double typical);

} // namespace quantcc::differential

#endif // QUANTCC_UNITTESTS_DIFFERENTIAL_CONTRACTIONPARTS_H
