//===- RoundingContract.cpp - What a requantization must give -------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// With D = 2^n and the error 2 * (x - q * D), q is x / D rounded if the error
// lies within [-D, D], and on the side that the rule chooses where it is an
// end.
//
//===----------------------------------------------------------------------===//

#include "RoundingContract.h"

using namespace mlir;
using namespace quantcc;

namespace {

enum class Ties { Up, Away, Even };

} // namespace

/// A symbol that is `numerator / 2^n` to the nearest integer. Its width is the
/// numerator's, of which half must be headroom; `magnitude` bits hold it.
static Value divide(BitVectorBuilder &terms, StringRef name, Value numerator,
                    unsigned n, unsigned magnitude, Ties ties) {
  unsigned width = BitVectorBuilder::width(numerator);
  Value quotient =
      terms.extend(terms.symbol(name, magnitude), width, /*isSigned=*/true);
  Value whole = terms.shiftLeft(quotient, n);
  Value error = terms.shiftLeft(terms.sub(numerator, whole), 1);
  Value most = terms.constant(APInt::getOneBitSet(width, n));
  Value least = terms.negate(most);
  terms.assume(terms.within(error, least, most));
  // The error is positive where the quotient lies below the exact one.
  Value zero = terms.constant(width, 0), one = terms.constant(width, 1);
  switch (ties) {
  case Ties::Up:
    terms.assume(terms.negation(terms.equal(error, most)));
    break;
  case Ties::Away: {
    Value isNegative = terms.compare(smt::BVCmpPredicate::slt, numerator, zero);
    terms.assume(terms.negation(
        terms.equal(error, terms.select(isNegative, least, most))));
    break;
  }
  case Ties::Even: {
    Value isTie =
        terms.either(terms.equal(error, most), terms.equal(error, least));
    Value lastBit =
        smt::BVAndOp::create(terms.builder, terms.loc, quotient, one);
    terms.assume(
        terms.either(terms.negation(isTie), terms.equal(lastBit, zero)));
    break;
  }
  }
  return quotient;
}

Value RoundingContract::apply(BitVectorBuilder &terms, Value product) const {
  // Any quotient fits the product's width and one bit; times 2^62, and twice
  // an error, all fit the width of the terms.
  unsigned magnitude = BitVectorBuilder::width(product) + 1;
  unsigned width = 2 * magnitude + 64;
  Value exact = terms.extend(product, width, /*isSigned=*/true);
  switch (rounding) {
  case Rounding::Double: {
    if (shift < 31)
      return divide(terms, "rounded", terms.shiftLeft(exact, 31 - shift), 31,
                    magnitude, Ties::Up);
    Value high = divide(terms, "high", exact, 31, magnitude, Ties::Up);
    return divide(terms, "rounded", high, shift - 31, magnitude, Ties::Away);
  }
  case Rounding::Single:
  case Rounding::Reduced:
    return divide(terms, "rounded", exact, shift, magnitude, Ties::Up);
  case Rounding::HalfEven:
    return divide(terms, "rounded", exact, shift, magnitude, Ties::Even);
  }
  llvm_unreachable("unknown rounding");
}
