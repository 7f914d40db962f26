//===- Parameters.cpp - Quantization parameters of values -----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads parameters from types; N1, N2, N17 and the refusals of N3 to N6.
//
//===----------------------------------------------------------------------===//

#include "Parameters.h"

#include <cmath>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::interpreter;

Parameters interpreter::parametersOf(Value value) {
  auto type = cast<quant::UniformQuantizedType>(
      getQuantizedElementType(value.getType()));
  return {type.getScale(), type.getZeroPoint(), type.getStorageTypeMin(),
          type.getStorageTypeMax()};
}

/// N37, looking at `steps` ops at most.
static Interval
rangeWithin(Value value, unsigned steps,
            llvm::function_ref<const Tensor *(Value)> constants) {
  Parameters parameters = parametersOf(value);
  Interval storage{parameters.lo, parameters.hi};
  Operation *op = value.getDefiningOp();
  if (!op || steps == 0)
    return storage;
  if (const Tensor *constant = constants(value)) {
    auto [lo, hi] =
        std::minmax_element(constant->stored.begin(), constant->stored.end());
    return {*lo, *hi};
  }
  if (op->hasAttr("stored_clamp")) {
    auto [lo, hi] = clampBoundsOf(op);
    return {lo, hi};
  }
  if (!isa<ReshapeOp, TransposeOp, SliceOp, PadOp, ConcatOp, MaximumOp,
           MinimumOp, MaxPool2DOp, AvgPool2DOp>(op))
    return storage;
  Interval range{INT64_MAX, INT64_MIN};
  auto include = [&](Interval more) {
    range = {std::min(range.lo, more.lo), std::max(range.hi, more.hi)};
  };
  for (Value operand : op->getOperands())
    include(rangeWithin(operand, steps - 1, constants));
  if (auto pad = dyn_cast<PadOp>(op)) {
    int64_t border = parameters.zeroPoint;
    if (pad.getStoredValue())
      border = static_cast<int32_t>(*pad.getStoredValue());
    include({border, border});
  }
  return range;
}

Interval interpreter::storedRangeOf(
    Value value, llvm::function_ref<const Tensor *(Value)> constants) {
  return rangeWithin(value, 8, constants);
}

Storage interpreter::storageOf(Type tensorType) {
  if (quant::QuantizedType type = getQuantizedElementType(tensorType))
    return {type.getStorageTypeIntegralWidth(), type.isSigned()};
  auto type =
      cast<IntegerType>(cast<RankedTensorType>(tensorType).getElementType());
  return {type.getWidth(), !type.isUnsigned()};
}

int64_t Storage::reinterpret(int64_t bits) const {
  if (width >= 64)
    return bits;
  int64_t size = int64_t(1) << width;
  int64_t value = bits & (size - 1);
  if (isSigned && value >= size / 2)
    value -= size;
  return value;
}

int64_t interpreter::quantizeReal(float real, const Parameters &parameters) {
  float quotient = real / static_cast<float>(parameters.scale);
  if (std::isnan(quotient))
    return parameters.zeroPoint;
  // Beyond any storage range the exact quotient does not matter.
  double limited = std::clamp<double>(quotient, -0x1p40, 0x1p40);
  int64_t whole = static_cast<int64_t>(limited);
  double rest = limited - static_cast<double>(whole);
  if (rest >= 0.5)
    ++whole;
  else if (rest <= -0.5)
    --whole;
  return std::clamp(whole + parameters.zeroPoint, parameters.lo, parameters.hi);
}

float interpreter::dequantizeStored(int64_t stored,
                                    const Parameters &parameters) {
  return static_cast<float>(parameters.scale *
                            static_cast<double>(stored - parameters.zeroPoint));
}

std::pair<int64_t, int64_t> interpreter::clampBoundsOf(Operation *op) {
  if (auto clamp = op->getAttrOfType<DenseI32ArrayAttr>("stored_clamp"))
    return {clamp[0], clamp[1]};
  Parameters result = parametersOf(op->getResult(0));
  return {result.lo, result.hi};
}

Rounding interpreter::roundingOf(Operation *op) {
  return op->getAttrOfType<RoundingAttr>("rounding").getValue();
}

LogicalResult interpreter::refuseHalfEven(Operation *op) {
  if (roundingOf(op) == Rounding::HalfEven)
    return op->emitOpError() << "has rounding half_even, which is not defined "
                             << "for it (N3)";
  return success();
}

FailureOr<Multiplier> interpreter::normalizeFor(Operation *op, double real) {
  // A product of scales may overflow or vanish in f32.
  if (real > 0.0 && std::isfinite(real))
    if (std::optional<Multiplier> multiplier = normalizeMultiplier(real))
      return *multiplier;
  return op->emitOpError() << "has a multiplier of " << real
                           << ", which is not above 0 and below 2^29 (N3)";
}

FailureOr<Requantizer> Requantizer::create(Operation *op, ArrayRef<double> real,
                                           ArrayRef<int64_t> bounds,
                                           Rounding rounding, bool wide) {
  std::vector<Multiplier> multipliers;
  for (double value : real) {
    FailureOr<Multiplier> multiplier = normalizeFor(op, value);
    if (failed(multiplier))
      return failure();
    if (rounding == Rounding::Reduced) {
      std::optional<Multiplier> reduced = reduceMultiplier(*multiplier);
      if (!reduced)
        return op->emitOpError() << "has a multiplier of " << value
                                 << ", which is not below 2^13 (N22)";
      multiplier = *reduced;
    }
    multipliers.push_back(*multiplier);
  }
  return create(op, std::move(multipliers), bounds, rounding, wide);
}

FailureOr<Requantizer> Requantizer::create(Operation *op,
                                           std::vector<Multiplier> multipliers,
                                           ArrayRef<int64_t> bounds,
                                           Rounding rounding, bool wide) {
  for (size_t i = 0; i < bounds.size(); ++i) {
    Multiplier multiplier = multipliers[multipliers.size() == 1 ? 0 : i];
    if (!isRequantizable(bounds[i], multiplier, rounding, wide))
      return op->emitOpError()
             << "has accumulators of up to " << bounds[i]
             << ", too large for the multiplier " << multiplier.m << " * 2^-"
             << multiplier.s << " (N4)";
  }
  Requantizer result;
  result.multipliers = std::move(multipliers);
  result.rounding = rounding;
  result.zeroPoint = parametersOf(op->getResult(0)).zeroPoint;
  std::tie(result.lo, result.hi) = clampBoundsOf(op);
  return result;
}

Requantizer Requantizer::create(RequantizeOp op) {
  Requantizer result;
  for (auto [m, s] : llvm::zip_equal(op.getMultipliers(), op.getShifts()))
    result.multipliers.push_back({m, s});
  result.rounding = op.getRounding();
  result.zeroPoint = static_cast<int32_t>(op.getOutputZeroPoint());
  result.lo = static_cast<int32_t>(op.getClampMin());
  result.hi = static_cast<int32_t>(op.getClampMax());
  return result;
}
