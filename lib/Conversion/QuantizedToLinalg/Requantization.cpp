//===- Requantization.cpp - Building requantizations ----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Multipliers, their limits, and the requantize op that ends most lowerings.
//
//===----------------------------------------------------------------------===//

#include "Requantization.h"
#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"

#include <cmath>
#include <llvm/Support/FormatVariadic.h>
#include <mlir/Dialect/Arith/IR/Arith.h>

using namespace mlir;
using namespace quantcc;

StoredTensor::StoredTensor(Type type) {
  auto element =
      cast<quant::UniformQuantizedType>(getQuantizedElementType(type));
  scale = static_cast<float>(element.getScale());
  zeroPoint = element.getZeroPoint();
  min = element.getStorageTypeMin();
  max = element.getStorageTypeMax();
  isSigned = element.isSigned();
  width = element.getStorageTypeIntegralWidth();
}

FailureOr<FixedPointMultiplier> quantcc::makeMultiplier(Operation *op,
                                                        double real,
                                                        float inFloat,
                                                        Rounding rounding) {
  llvm::Expected<FixedPointMultiplier> multiplier =
      rounding == Rounding::HalfEven ? halfEvenMultiplier(inFloat)
                                     : quantizeMultiplier(real);
  if (multiplier && rounding == Rounding::Reduced)
    multiplier = reduceMultiplier(*multiplier);
  if (!multiplier)
    return op->emitOpError() << "cannot be requantized: "
                             << llvm::toString(multiplier.takeError());
  return *multiplier;
}

LogicalResult quantcc::checkAccumulator(Operation *op, double bound,
                                        FixedPointMultiplier multiplier,
                                        Rounding rounding, bool allowWide) {
  double limit = allowWide ? kWideAccumulatorBound : kNarrowAccumulatorBound;
  if (bound >= limit)
    return op->emitOpError() << "expected accumulators of magnitude below 2^"
                             << (allowWide ? 47 : 31) << ", found a bound of "
                             << llvm::formatv("{0:F0}", bound).str();
  // 47 bits by 15 fit 64, and what leaves 32 saturates.
  if (rounding == Rounding::Reduced)
    return success();
  if (std::ldexp(bound, 31 - multiplier.shift) >= 0x1p31 &&
      multiplier.shift < 31)
    return op->emitOpError()
           << "expected accumulators that a left shift of "
           << 31 - multiplier.shift << " keeps below 2^31, found a bound of "
           << llvm::formatv("{0:F0}", bound).str();
  return success();
}

LogicalResult quantcc::checkPlainAccumulator(Operation *op, double bound) {
  unsigned width = cast<RankedTensorType>(op->getResult(0).getType())
                       .getElementTypeBitWidth();
  if (bound >= (width > 32 ? kWideAccumulatorBound : kNarrowAccumulatorBound))
    return op->emitOpError()
           << "expected accumulators of magnitude below 2^"
           << (width > 32 ? 47 : 31) << " as i" << width
           << ", found a bound of " << llvm::formatv("{0:F0}", bound).str();
  return success();
}

LogicalResult quantcc::refuseHalfEven(Operation *op, Rounding rounding) {
  if (rounding == Rounding::HalfEven)
    return op->emitOpError()
           << "expected rounding double or single, found half_even";
  return success();
}

Value quantcc::createRequantize(OpBuilder &builder, Location loc,
                                Value accumulator, Type target,
                                std::optional<ArrayRef<int32_t>> clamp,
                                ArrayRef<FixedPointMultiplier> multipliers,
                                std::optional<int64_t> axis,
                                Rounding rounding) {
  StoredTensor stored(target);
  auto resultType = cast<RankedTensorType>(accumulator.getType())
                        .clone(builder.getIntegerType(stored.width));
  if (llvm::all_equal(multipliers))
    multipliers = multipliers.take_front(1);
  SmallVector<int32_t> factors, shifts;
  for (FixedPointMultiplier multiplier : multipliers) {
    factors.push_back(multiplier.multiplier);
    shifts.push_back(multiplier.shift);
  }
  IntegerAttr axisAttr = multipliers.size() > 1
                             ? builder.getI64IntegerAttr(axis.value())
                             : IntegerAttr();
  int32_t low = clamp ? (*clamp)[0] : static_cast<int32_t>(stored.min);
  int32_t high = clamp ? (*clamp)[1] : static_cast<int32_t>(stored.max);
  return RequantizeOp::create(
      builder, loc, resultType, accumulator,
      builder.getDenseI32ArrayAttr(factors),
      builder.getDenseI32ArrayAttr(shifts), axisAttr,
      builder.getI32IntegerAttr(stored.zeroPoint),
      builder.getI32IntegerAttr(low), builder.getI32IntegerAttr(high),
      RoundingAttr::get(builder.getContext(), rounding == Rounding::Reduced
                                                  ? Rounding::Single
                                                  : rounding),
      stored.isSigned ? UnitAttr() : builder.getUnitAttr());
}

Value quantcc::extendStored(OpBuilder &builder, Location loc, Value scalar,
                            Type wide, bool isSigned) {
  if (scalar.getType() == wide)
    return scalar;
  if (isSigned)
    return arith::ExtSIOp::create(builder, loc, wide, scalar);
  return arith::ExtUIOp::create(builder, loc, wide, scalar);
}

Value quantcc::createDifference(OpBuilder &builder, Location loc, Value scalar,
                                const StoredTensor &tensor, Type wide) {
  Value value = extendStored(builder, loc, scalar, wide, tensor.isSigned);
  if (tensor.zeroPoint == 0)
    return value;
  Value zeroPoint = arith::ConstantOp::create(
      builder, loc, storedAttr(wide, tensor.zeroPoint));
  return arith::SubIOp::create(builder, loc, value, zeroPoint);
}

Value quantcc::createSignFlip(OpBuilder &builder, Location loc, Value input) {
  auto type = cast<RankedTensorType>(input.getType());
  int64_t signBit = int64_t(1) << (type.getElementTypeBitWidth() - 1);
  return createElementwise(
      builder, loc, type, input,
      [&](OpBuilder &nested, Location bodyLoc, ValueRange args) -> Value {
        Value mask = arith::ConstantOp::create(
            nested, bodyLoc, storedAttr(type.getElementType(), signBit));
        return arith::XOrIOp::create(nested, bodyLoc, args[0], mask);
      });
}

IntegerAttr quantcc::storedAttr(Type type, int64_t value) {
  return IntegerAttr::get(type,
                          APInt(type.getIntOrFloatBitWidth(), value,
                                /*isSigned=*/true, /*implicitTrunc=*/true));
}
