//===- ExactSum.cpp - A sum without rounding ------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sums f32 values in a fixed-point number wide enough for all of them.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Calibration/ExactSum.h"

#include <cassert>
#include <cmath>
#include <llvm/ADT/SmallString.h>
#include <llvm/ADT/bit.h>

using namespace quantcc;
using llvm::APInt;
using llvm::StringRef;

void ExactSum::add(float value) {
  assert(std::isfinite(value) && "expected a finite value");
  uint32_t bits = llvm::bit_cast<uint32_t>(value);
  uint32_t exponent = (bits >> 23) & 255;
  uint32_t mantissa = bits & 0x7fffff;
  unsigned shift = 0;
  if (exponent != 0) {
    mantissa |= 0x800000;
    shift = exponent - 1;
  }
  APInt term = APInt(kBits, mantissa).shl(shift);
  if (bits >> 31)
    units -= term;
  else
    units += term;
}

/// A non-negative integer rounded to the nearest f64. (APInt's own conversion
/// of more than 64 bits is wrong in LLVM 22.)
static double roundToDouble(const APInt &magnitude) {
  unsigned numBits = magnitude.getActiveBits();
  if (numBits <= 64)
    return static_cast<double>(magnitude.getZExtValue());
  unsigned dropped = numBits - 64;
  uint64_t top = magnitude.extractBitsAsZExtValue(64, dropped);
  // The lowest of 64 bits only decides ties: it stands for all that is dropped.
  top |= magnitude.countr_zero() < dropped;
  return std::ldexp(static_cast<double>(top), dropped);
}

double ExactSum::divideBy(uint64_t count) const {
  assert(count != 0 && "division by zero");
  double sum = std::ldexp(roundToDouble(units.abs()), kLowestExponent);
  return (units.isNegative() ? -sum : sum) / static_cast<double>(count);
}

std::string ExactSum::print() const {
  if (units.isZero())
    return "0x0p+0";
  APInt magnitude = units.abs();
  int exponent = magnitude.countr_zero();
  magnitude.lshrInPlace(exponent);
  exponent += kLowestExponent;
  llvm::SmallString<96> text(units.isNegative() ? "-0x" : "0x");
  magnitude.toString(text, 16, /*Signed=*/false, /*formatAsCLiteral=*/false,
                     /*UpperCase=*/false);
  text += exponent < 0 ? "p-" : "p+";
  text += std::to_string(std::abs(exponent));
  return std::string(text);
}

std::optional<ExactSum> ExactSum::parse(StringRef text) {
  StringRef rest = text;
  bool negative = rest.consume_front("-");
  if (!rest.consume_front("0x"))
    return std::nullopt;
  auto [digits, power] = rest.split('p');
  power.consume_front("+");
  int exponent;
  ExactSum sum;
  APInt magnitude;
  if (power.getAsInteger(10, exponent) || digits.getAsInteger(16, magnitude))
    return std::nullopt;
  int shift = exponent - kLowestExponent;
  bool fits = exponent >= kLowestExponent && exponent < int(kBits) &&
              magnitude.getActiveBits() + shift < kBits;
  if (!magnitude.isZero() && !fits)
    return std::nullopt;
  if (!magnitude.isZero())
    sum.units = magnitude.zextOrTrunc(kBits).shl(shift);
  if (negative)
    sum.units.negate();
  // One spelling for each sum: equal files are equal bytes.
  if (sum.print() != text)
    return std::nullopt;
  return sum;
}
