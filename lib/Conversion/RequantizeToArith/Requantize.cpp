//===- Requantize.cpp - Expansion of requantize ---------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Expands quantcc.requantize to an elementwise op on its accumulators.
//
//===----------------------------------------------------------------------===//

#include "ElementRange.h"
#include "FixedPointArith.h"
#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"
#include "quantcc/Conversion/RequantizeToArith/IntegerOpPatterns.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Support/WordProductRequantization.h"

using namespace mlir;
using namespace quantcc;

/// `value` in 64 bits at least.
static Value widen(FixedPointBuilder &fixed, Value value) {
  if (value.getType().getIntOrFloatBitWidth() >= 64)
    return value;
  return fixed.resize(value, fixed.builder.getI64Type());
}

/// One product of 32 bits, where that is exact for all accumulators there are.
/// Several channels would each need an offset from memory.
static std::optional<WordProduct> findWordProduct(RequantizeOp op) {
  if (op.getMultipliers().size() != 1 ||
      !getElementTypeOrSelf(op.getResult().getType()).isInteger(8))
    return std::nullopt;
  std::optional<StoredRange> accumulators = findElementRange(op.getInput());
  if (!accumulators)
    return std::nullopt;
  return findWordProduct(ChannelRequantization{
      {op.getMultipliers().front(), op.getShifts().front()},
      op.getRounding(),
      static_cast<int32_t>(op.getOutputZeroPoint()),
      {static_cast<int32_t>(op.getClampMin()),
       static_cast<int32_t>(op.getClampMax())},
      *accumulators});
}

static Value createWordProduct(FixedPointBuilder &fixed, RequantizeOp op,
                               const WordProduct &product, Value accumulator) {
  Type i32 = fixed.builder.getI32Type();
  accumulator = fixed.resize(accumulator, i32);
  Value value = fixed.mul(accumulator, fixed.constant(i32, product.multiplier));
  value = fixed.add(value, product.offset);
  if (product.negativeOffset != 0)
    value = fixed.add(value,
                      fixed.select(fixed.isNegative(accumulator),
                                   fixed.constant(i32, product.negativeOffset),
                                   fixed.constant(i32, 0)));
  value = fixed.shiftRight(value, product.shift);
  value = fixed.clamp(value, static_cast<int32_t>(op.getClampMin()),
                      static_cast<int32_t>(op.getClampMax()));
  return fixed.resize(value, fixed.builder.getIntegerType(8));
}

namespace {

/// The inputs of the elementwise op besides the accumulators: constants that
/// differ along the axis are vectors, the others scalars within the body.
class AxisConstants {
public:
  AxisConstants(OpBuilder &builder, RequantizeOp op)
      : builder(builder), op(op) {
    rank = cast<RankedTensorType>(op.getResult().getType()).getRank();
    inputs.push_back(op.getInput());
    maps.push_back(builder.getMultiDimIdentityMap(rank));
  }

  /// Adds `values`, one or one an index of the axis; `get` finds it again.
  unsigned add(ArrayRef<int64_t> values) {
    Entry entry{values.front(), 0};
    if (!llvm::all_equal(values)) {
      entry.input = inputs.size();
      inputs.push_back(createIntegerConstant(builder, op.getLoc(), values,
                                             {int64_t(values.size())}, 32));
      maps.push_back(axisMap(builder.getContext(), rank, *op.getAxis()));
    }
    entries.push_back(entry);
    return entries.size() - 1;
  }

  Value get(FixedPointBuilder &fixed, unsigned index, ValueRange args) const {
    const Entry &entry = entries[index];
    return entry.input
               ? args[entry.input]
               : fixed.constant(fixed.builder.getI32Type(), entry.value);
  }

  SmallVector<Value> inputs;
  SmallVector<AffineMap> maps;

private:
  struct Entry {
    int64_t value;
    unsigned input;
  };

  OpBuilder &builder;
  RequantizeOp op;
  unsigned rank;
  SmallVector<Entry> entries;
};

struct RequantizePattern : OpRewritePattern<RequantizeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(RequantizeOp op,
                                PatternRewriter &rewriter) const override {
    if (std::optional<WordProduct> product = findWordProduct(op)) {
      auto body = [&](OpBuilder &builder, Location loc, ValueRange args) {
        FixedPointBuilder fixed(builder, loc);
        return createWordProduct(fixed, op, *product, args[0]);
      };
      rewriter.replaceOp(op, createElementwise(rewriter, op.getLoc(),
                                               cast<RankedTensorType>(
                                                   op.getResult().getType()),
                                               op.getInput(), body));
      return success();
    }
    Rounding rounding = op.getRounding();
    SmallVector<int64_t> multipliers(op.getMultipliers());
    SmallVector<int64_t> shifts, secondShifts;
    for (int64_t shift : op.getShifts()) {
      int64_t first =
          rounding == Rounding::Double ? std::min<int64_t>(shift, 31) : shift;
      shifts.push_back(first);
      secondShifts.push_back(shift - first);
    }
    AxisConstants constants(rewriter, op);
    unsigned multiplier = constants.add(multipliers);
    unsigned shift = constants.add(shifts);
    bool hasSecond = llvm::any_of(secondShifts, [](int64_t s) { return s; });
    unsigned second = hasSecond ? constants.add(secondShifts) : 0;

    auto inputType = cast<RankedTensorType>(op.getInput().getType());
    auto resultType = cast<RankedTensorType>(op.getResult().getType());
    // Then the product shifted by 31 or more fits 32 bits.
    bool narrow = inputType.getElementType().isInteger(32) &&
                  llvm::all_of(shifts, [](int64_t s) { return s >= 31; });
    // Accumulators of 47 bits go with multipliers of 15 into 64.
    bool fits64 =
        inputType.getElementType().isInteger(32) ||
        llvm::all_of(multipliers, [](int64_t m) { return m < 1 << 15; });
    int64_t zeroPoint = static_cast<int32_t>(op.getOutputZeroPoint());
    int64_t low = static_cast<int32_t>(op.getClampMin());
    int64_t high = static_cast<int32_t>(op.getClampMax());
    auto body = [&](OpBuilder &builder, Location loc, ValueRange args) {
      FixedPointBuilder fixed(builder, loc);
      RequantizeOperands operands{constants.get(fixed, multiplier, args),
                                  constants.get(fixed, shift, args),
                                  hasSecond ? constants.get(fixed, second, args)
                                            : Value()};
      Value value = createRounded(fixed, args[0], operands, rounding, narrow,
                                  fits64 ? 64 : 128);
      // Bounds of a 32-bit result less its zero point may need more.
      if (!llvm::isInt<32>(low - zeroPoint) ||
          !llvm::isInt<32>(high - zeroPoint))
        value = widen(fixed, value);
      // Clamped first, the sum with the zero point cannot overflow.
      value = fixed.clamp(value, low - zeroPoint, high - zeroPoint);
      value = fixed.add(value, zeroPoint);
      return fixed.resize(value, resultType.getElementType());
    };
    rewriter.replaceOp(op, createElementwise(rewriter, op.getLoc(), resultType,
                                             constants.inputs, constants.maps,
                                             body));
    return success();
  }
};

} // namespace

void quantcc::populateRequantizePatterns(RewritePatternSet &patterns) {
  patterns.add<RequantizePattern>(patterns.getContext());
}
