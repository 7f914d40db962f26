//===- WideSoftmax.cpp - Softmax of 16-bit values -------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lowers quantized softmax on values of 16 bits to requantizations, lookups in
// interpolated tables and sums. (docs/Numerics.md, N25)
//
//===----------------------------------------------------------------------===//

#include "Requantization.h"
#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"
#include "quantcc/Conversion/QuantizedToLinalg/QuantizedToLinalg.h"
#include "quantcc/Support/InterpolatedTable.h"
#include "quantcc/Support/RescaleRules.h"

#include <cmath>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Math/IR/Math.h>

using namespace mlir;
using namespace quantcc;

/// A constant of the scalar's own type.
static Value constantLike(OpBuilder &builder, Location loc, Value scalar,
                          int64_t value) {
  return arith::ConstantOp::create(builder, loc,
                                   storedAttr(scalar.getType(), value));
}

static Value createTable(OpBuilder &builder, Location loc,
                         ArrayRef<int16_t> entries) {
  SmallVector<int64_t> values(entries.begin(), entries.end());
  return createIntegerConstant(builder, loc, values, {int64_t(values.size())},
                               16);
}

/// The values of `table` at the stored values of the i16 tensor `index`.
static Value createLookup(OpBuilder &builder, Location loc, Value index,
                          Value table) {
  return LookupOp::create(builder, loc, index.getType(), index, table);
}

namespace {

class WideSoftmaxPattern : public OpConversionPattern<SoftmaxOp> {
public:
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(SoftmaxOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    StoredTensor input(op.getInput());
    if (input.width != 16)
      return rewriter.notifyMatchFailure(op, "not on values of 16 bits");
    auto multiplier = makeMultiplier(
        op, wideSoftmaxMultiplier(input.scale, op.getBeta().convertToFloat()),
        0.0f, Rounding::Double);
    if (failed(multiplier) ||
        failed(checkAccumulator(op, input.max - input.min, *multiplier,
                                Rounding::Double)))
      return failure();
    Location loc = op.getLoc();
    Value exponentials =
        createExponentials(adaptor.getInput(), *multiplier, loc, rewriter);
    Value sums = reduceRows(
        exponentials, rewriter.getI32Type(), 0, loc, rewriter,
        [](OpBuilder &nested, Location bodyLoc, ValueRange args) {
          Value term = arith::ExtSIOp::create(nested, bodyLoc,
                                              args[1].getType(), args[0]);
          return arith::AddIOp::create(nested, bodyLoc, args[1], term)
              .getResult();
        });
    Value reciprocals = createReciprocals(sums, loc, rewriter);
    rewriter.replaceOp(
        op, createShares(exponentials, sums, reciprocals, loc, rewriter));
    return success();
  }

private:
  /// Reduces the rows of `input` from `initial`.
  static Value reduceRows(Value input, Type element, int64_t initial,
                          Location loc, OpBuilder &builder,
                          ReductionBody body) {
    ArrayRef<int64_t> shape = shapeOf(input);
    unsigned rank = shape.size();
    AffineMap all = builder.getMultiDimIdentityMap(rank);
    SmallVector<bool> isReduction(rank, false);
    isReduction.back() = true;
    Value init = createFilled(builder, loc,
                              RankedTensorType::get(shape.drop_back(), element),
                              storedAttr(element, initial));
    return createReduction(builder, loc, input, init,
                           {all, all.dropResult(rank - 1)}, isReduction, body);
  }

  /// exp(x - largest of the row) in Q0.15, as i16.
  static Value createExponentials(Value input, FixedPointMultiplier multiplier,
                                  Location loc, OpBuilder &builder) {
    auto type = cast<RankedTensorType>(input.getType());
    Type i32 = builder.getI32Type();
    Value largest = reduceRows(
        input, type.getElementType(), INT16_MIN, loc, builder,
        [](OpBuilder &nested, Location bodyLoc, ValueRange args) {
          return createSelectExtreme(nested, bodyLoc, args[0], args[1],
                                     /*takeSmaller=*/false,
                                     /*isUnsigned=*/false);
        });
    AffineMap all = builder.getMultiDimIdentityMap(type.getRank());
    Value differences = createElementwise(
        builder, loc, type.clone(i32), {input, largest},
        {all, all.dropResult(type.getRank() - 1)},
        [&](OpBuilder &nested, Location bodyLoc, ValueRange args) -> Value {
          Value x = extendStored(nested, bodyLoc, args[0], i32, true);
          Value top = extendStored(nested, bodyLoc, args[1], i32, true);
          return arith::SubIOp::create(nested, bodyLoc, x, top);
        });
    Value index = RequantizeOp::create(
        builder, loc, type, differences,
        builder.getDenseI32ArrayAttr(multiplier.multiplier),
        builder.getDenseI32ArrayAttr(multiplier.shift), IntegerAttr(),
        builder.getI32IntegerAttr(INT16_MAX),
        builder.getI32IntegerAttr(INT16_MIN),
        builder.getI32IntegerAttr(INT16_MAX),
        RoundingAttr::get(builder.getContext(), Rounding::Double), UnitAttr());
    auto exponential = [](float x) {
      return static_cast<float>(std::exp(static_cast<double>(x)));
    };
    return createLookup(
        builder, loc, index,
        createTable(builder, loc,
                    buildInterpolatedTable(exponential, {-10.0f, 0.0f},
                                           {-1.0f, 1.0f})));
  }

  /// 1 / (1 + y) in Q0.15 for the sums (1 + y) * 2^k, as i16.
  static Value createReciprocals(Value sums, Location loc, OpBuilder &builder) {
    Type i16 = builder.getI16Type();
    auto type = cast<RankedTensorType>(sums.getType()).clone(i16);
    Value index = createElementwise(
        builder, loc, type, sums,
        [&](OpBuilder &nested, Location bodyLoc, ValueRange args) -> Value {
          // A sum is below 2^31: its leading one moves to bit 30, and the
          // upper 17 bits stay.
          auto constant = [&](int64_t value) {
            return constantLike(nested, bodyLoc, args[0], value);
          };
          Value zeros =
              math::CountLeadingZerosOp::create(nested, bodyLoc, args[0]);
          Value shift =
              arith::SubIOp::create(nested, bodyLoc, zeros, constant(1));
          Value moved = arith::ShLIOp::create(nested, bodyLoc, args[0], shift);
          // Below 2^31 + 2^13: right as an unsigned number.
          moved =
              arith::AddIOp::create(nested, bodyLoc, moved, constant(1 << 13));
          moved = arith::ShRUIOp::create(nested, bodyLoc, moved, constant(14));
          moved = arith::SubIOp::create(nested, bodyLoc, moved,
                                        constant((1 << 16) + (1 << 15)));
          moved = arith::MinSIOp::create(nested, bodyLoc, moved,
                                         constant(INT16_MAX));
          return arith::TruncIOp::create(nested, bodyLoc, i16, moved);
        });
    auto reciprocal = [](float x) { return 1.0f / (1.0f + x); };
    return createLookup(
        builder, loc, index,
        createTable(
            builder, loc,
            buildInterpolatedTable(reciprocal, {0.0f, 1.0f}, {-1.0f, 1.0f})));
  }

  /// The exponentials' shares of their sums in Q0.15, as i16.
  static Value createShares(Value exponentials, Value sums, Value reciprocals,
                            Location loc, OpBuilder &builder) {
    auto type = cast<RankedTensorType>(exponentials.getType());
    AffineMap all = builder.getMultiDimIdentityMap(type.getRank());
    AffineMap row = all.dropResult(type.getRank() - 1);
    return createElementwise(
        builder, loc, type, {exponentials, sums, reciprocals}, {all, row, row},
        [&](OpBuilder &nested, Location bodyLoc, ValueRange args) -> Value {
          Type i64 = nested.getI64Type();
          Value one =
              arith::ConstantOp::create(nested, bodyLoc, storedAttr(i64, 1));
          Value zeros =
              math::CountLeadingZerosOp::create(nested, bodyLoc, args[1]);
          Value shift = arith::SubIOp::create(
              nested, bodyLoc, constantLike(nested, bodyLoc, zeros, 31), zeros);
          shift = arith::ExtUIOp::create(nested, bodyLoc, i64, shift);
          Value product = arith::MulIOp::create(
              nested, bodyLoc,
              arith::ExtSIOp::create(nested, bodyLoc, i64, args[0]),
              arith::ExtSIOp::create(nested, bodyLoc, i64, args[2]));
          Value half = arith::ShLIOp::create(
              nested, bodyLoc, one,
              arith::SubIOp::create(nested, bodyLoc, shift, one));
          product = arith::AddIOp::create(nested, bodyLoc, product, half);
          product = arith::ShRSIOp::create(nested, bodyLoc, product, shift);
          product = createClamp(nested, bodyLoc, product, storedAttr(i64, 0),
                                storedAttr(i64, INT16_MAX),
                                /*isUnsigned=*/false);
          return arith::TruncIOp::create(nested, bodyLoc, type.getElementType(),
                                         product);
        });
  }
};

} // namespace

void quantcc::populateWideSoftmaxPatterns(const TypeConverter &converter,
                                          RewritePatternSet &patterns) {
  patterns.add<WideSoftmaxPattern>(converter, patterns.getContext());
}
