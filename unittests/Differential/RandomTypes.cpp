//===- RandomTypes.cpp - Types with random parameters ---------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Scales, zero points and storage ranges of a random graph. Only operations
// whose results IEEE 754 fixes are used, so that a seed gives the same types on
// every machine.
//
//===----------------------------------------------------------------------===//

#include "GraphBuilder.h"

#include <cfloat>
#include <cmath>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

StorageKind quantcc::differential::kindOf(ActivationType type) {
  if (type.getStorageTypeIntegralWidth() == 16)
    return StorageKind::I16;
  if (getStoredRange(type).min != getFullStoredRange(type).min ||
      getStoredRange(type).max != getFullStoredRange(type).max)
    return StorageKind::Narrow;
  return type.isSigned() ? StorageKind::I8 : StorageKind::U8;
}

double GraphBuilder::asScale(double scale) {
  return static_cast<float>(
      std::clamp(scale, static_cast<double>(FLT_MIN), 0x1p126));
}

double GraphBuilder::randomScale(int exponent) {
  exponent += random.between(-2, 2);
  double mantissa = 1.0;
  if (isDyadic)
    mantissa = 1.0;
  else if (random.percent(5))
    mantissa = 2.0 - 0x1p-23;
  else if (random.percent(70))
    mantissa += std::ldexp(static_cast<double>(random.below(1 << 23)), -23);
  return asScale(std::ldexp(mantissa, std::clamp(exponent, -126, 125)));
}

double quantcc::differential::typicalMagnitude(ActivationType type) {
  StoredRange range = getStoredRange(type);
  return std::max<double>(1.0, (range.max - range.min) * 0.29);
}

/// TFLite's 16-bit activations have zero point 0; others are allowed.
static int32_t makeWideZeroPoint(RandomSource &random) {
  if (random.percent(60))
    return 0;
  // At an end, centred values have all of 16 bits and a sign.
  if (random.percent(40))
    return random.pick({INT16_MIN, INT16_MAX});
  return random.percent(60) ? random.between(-9000, 9000)
                            : random.between(INT16_MIN, INT16_MAX);
}

ActivationType GraphBuilder::makeType(StorageKind kind, double scale) {
  if (kind == StorageKind::I16)
    return makePerTensorType(
        builder.getContext(),
        {static_cast<float>(scale), makeWideZeroPoint(random)},
        storageBounds(16, true), 16, true);
  bool isSigned = kind == StorageKind::Narrow ? random.percent(60)
                                              : kind != StorageKind::U8;
  StoredRange full = storageBounds(8, isSigned), range = full;
  if (kind == StorageKind::Narrow) {
    // TFLite's narrow range, the same at the other end, or any.
    switch (random.below(4)) {
    case 0:
    case 1:
      ++range.min;
      break;
    case 2:
      --range.max;
      break;
    default:
      range.min += random.between(1, 100);
      range.max -= random.between(0, 100);
    }
  }
  int64_t zeroPoint = random.between(range.min, range.max);
  switch (random.below(8)) {
  case 0:
    zeroPoint = range.min;
    break;
  case 1:
    zeroPoint = range.max;
    break;
  case 2:
  case 3:
    zeroPoint = std::clamp<int64_t>(0, range.min, range.max);
    break;
  default:
    break;
  }
  return makePerTensorType(
      builder.getContext(),
      {static_cast<float>(scale), static_cast<int32_t>(zeroPoint)}, range, 8,
      isSigned);
}

ActivationType GraphBuilder::extremeType(double scale) {
  int32_t zeroPoint = random.pick<int32_t>({INT16_MIN, INT16_MAX});
  return makePerTensorType(builder.getContext(),
                           {static_cast<float>(scale), zeroPoint},
                           storageBounds(16, true), 16, true);
}

ActivationType GraphBuilder::randomType(StorageKind kind) {
  return makeType(kind, randomScale(baseExponent));
}

ActivationType GraphBuilder::resultType(StorageKind kind, double unit,
                                        double typical) {
  // How many stored values a typical accumulator makes.
  int spread = random.between(3, kind == StorageKind::I16 ? 16 : 8);
  if (random.percent(8))
    spread = random.between(-30, 2);
  else if (random.percent(4))
    spread = random.between(9, 16);
  double scale = std::ldexp(unit * typical, -spread);
  // A power of two where the unit is one: ties are frequent then. All scales of
  // a dyadic graph are.
  int exponent;
  double mantissa = std::frexp(scale, &exponent);
  if (isDyadic || random.percent(20))
    scale = std::ldexp(0.5, exponent);
  else
    scale = std::ldexp(
        mantissa * (1.0 + std::ldexp(random.below(1 << 20), -20)), exponent);
  return makeType(kind, asScale(scale));
}

StorageKind GraphBuilder::resultKind(StorageKind kind) {
  if (random.percent(88))
    return kind;
  return random.pick({StorageKind::I8, StorageKind::U8, StorageKind::Narrow,
                      StorageKind::I16});
}
