//===- SumNarrowing.cpp - From sums to bytes ------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The bounds of sums, and the way that all instruction sets have.
//
//===----------------------------------------------------------------------===//

#include "SumNarrowing.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Vector/IR/VectorOps.h>

using namespace mlir;
using namespace quantcc;

SumNarrowing::~SumNarrowing() = default;

ChannelRequantization quantcc::requantizationOf(FusedMatMulOp op) {
  auto i32 = [](uint32_t value) { return static_cast<int32_t>(value); };
  ChannelRequantization result;
  result.multiplier = {i32(op.getMultiplier()), i32(op.getShift())};
  result.rounding = op.getRounding();
  result.zeroPoint = i32(op.getOutputZeroPoint());
  result.clamp = {i32(op.getClampMin()), i32(op.getClampMax())};
  int64_t low = 0, high = 0;
  for (int64_t lhs : {INT8_MIN, INT8_MAX})
    for (int64_t rhs : {INT8_MIN, INT8_MAX}) {
      int64_t product =
          (lhs - i32(op.getLhsZeroPoint())) * (rhs - i32(op.getRhsZeroPoint()));
      low = std::min(low, product);
      high = std::max(high, product);
    }
  result.accumulators = {low * op.getDepth(), high * op.getDepth()};
  return result;
}

namespace {

class WideNarrowing : public SumNarrowing {
public:
  explicit WideNarrowing(const ChannelRequantization &sums) : sums(sums) {}

  std::string describe() const override { return "integers of 64 bits"; }
  Value emit(KernelBuilder &b, Value values) const override;

private:
  ChannelRequantization sums;
};

} // namespace

/// Nothing leaves 64 bits: sums and multipliers are below 2^31, and what is
/// added is a half at most of what is then lost.
Value WideNarrowing::emit(KernelBuilder &b, Value values) const {
  /// Rounding double has a step of its own for the shift beyond these bits.
  constexpr int64_t kFirstShift = 31;
  auto shape = cast<VectorType>(values.getType()).getShape();
  auto type = VectorType::get(shape, b.builder.getI64Type());
  auto splat = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(
        b.builder, b.loc,
        DenseElementsAttr::get(type, b.builder.getI64IntegerAttr(value)));
  };
  auto add = [&](Value value, int64_t summand) -> Value {
    if (summand == 0)
      return value;
    return arith::AddIOp::create(b.builder, b.loc, value, splat(summand));
  };
  auto shift = [&](Value value, int64_t bits) -> Value {
    return arith::ShRSIOp::create(b.builder, b.loc, value, splat(bits));
  };
  Value value = arith::ExtSIOp::create(b.builder, b.loc, type, values);
  value = arith::MulIOp::create(b.builder, b.loc, value,
                                splat(sums.multiplier.multiplier));
  int64_t bits = sums.multiplier.shift;
  if (sums.rounding == Rounding::Double && bits > kFirstShift) {
    // Ties of the second rounding go away from zero.
    value = shift(add(value, int64_t(1) << (kFirstShift - 1)), kFirstShift);
    value = arith::AddIOp::create(b.builder, b.loc, value, shift(value, 63));
    bits -= kFirstShift;
  }
  if (bits > 0)
    value = shift(add(value, int64_t(1) << (bits - 1)), bits);
  value = add(value, sums.zeroPoint);
  value =
      arith::MaxSIOp::create(b.builder, b.loc, value, splat(sums.clamp.min));
  value =
      arith::MinSIOp::create(b.builder, b.loc, value, splat(sums.clamp.max));
  return arith::TruncIOp::create(
      b.builder, b.loc, VectorType::get(shape, b.builder.getI8Type()), value);
}

std::unique_ptr<SumNarrowing>
quantcc::findWideNarrowing(const ChannelRequantization &sums) {
  if (sums.rounding == Rounding::HalfEven || sums.multiplier.shift <= 0)
    return nullptr;
  return std::make_unique<WideNarrowing>(sums);
}
