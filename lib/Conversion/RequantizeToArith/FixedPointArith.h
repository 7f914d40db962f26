//===- FixedPointArith.h - Fixed-point arithmetic in arith ---- -*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds scalar fixed-point arithmetic: requantization under each rounding.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CONVERSION_REQUANTIZETOARITH_FIXEDPOINTARITH_H
#define QUANTCC_CONVERSION_REQUANTIZETOARITH_FIXEDPOINTARITH_H

#include "quantcc/Support/Rounding.h"

#include <mlir/IR/Builders.h>

namespace quantcc {

/// A builder of integer scalars at one place. Constants take the type of the
/// value they meet.
class FixedPointBuilder {
public:
  FixedPointBuilder(mlir::OpBuilder &builder, mlir::Location loc)
      : builder(builder), loc(loc) {}

  mlir::Value constant(mlir::Type type, int64_t value);
  mlir::Value add(mlir::Value lhs, mlir::Value rhs);
  mlir::Value sub(mlir::Value lhs, mlir::Value rhs);
  mlir::Value mul(mlir::Value lhs, mlir::Value rhs);
  mlir::Value add(mlir::Value lhs, int64_t rhs);
  mlir::Value sub(mlir::Value lhs, int64_t rhs);
  mlir::Value shiftLeft(mlir::Value value, mlir::Value shift);
  /// Arithmetic: floor(value / 2^shift).
  mlir::Value shiftRight(mlir::Value value, mlir::Value shift);
  mlir::Value shiftRight(mlir::Value value, int64_t shift);
  mlir::Value isNegative(mlir::Value value);
  mlir::Value select(mlir::Value condition, mlir::Value yes, mlir::Value no);
  mlir::Value clamp(mlir::Value value, int64_t low, int64_t high);
  /// To another width, with the sign.
  mlir::Value resize(mlir::Value value, mlir::Type type);
  /// An unsigned value to a larger width.
  mlir::Value extendUnsigned(mlir::Value value, mlir::Type type);

  /// floor(lhs * rhs / 2^31 + 1/2) of two i32 in range: the rounding doubling
  /// high multiply, without its one saturating case.
  mlir::Value multiplyHigh(mlir::Value lhs, mlir::Value rhs);
  /// value / 2^shift, ties away from zero; shift within [0, width).
  mlir::Value roundingShift(mlir::Value value, mlir::Value shift);
  mlir::Value roundingShift(mlir::Value value, int64_t shift);

  mlir::OpBuilder &builder;
  mlir::Location loc;
};

/// The scalar operands of a requantization, of any integer types.
struct RequantizeOperands {
  mlir::Value multiplier;
  /// The right shift; for rounding double at most 31, the rest of the shift
  /// being `secondShift`.
  mlir::Value shift;
  /// Null where it is 0.
  mlir::Value secondShift;
};

/// accumulator * multiplier * 2^-shift, rounded (docs/Numerics.md, N4 to N6).
/// The product has `productWidth` bits, which the caller knows to suffice. The
/// result is an i32 if `narrow`, which all shifts of 31 or more and an i32
/// accumulator allow, and as wide as the product otherwise.
mlir::Value createRounded(FixedPointBuilder &fixed, mlir::Value accumulator,
                          RequantizeOperands operands, Rounding rounding,
                          bool narrow, unsigned productWidth = 64);

} // namespace quantcc

#endif // QUANTCC_CONVERSION_REQUANTIZETOARITH_FIXEDPOINTARITH_H
