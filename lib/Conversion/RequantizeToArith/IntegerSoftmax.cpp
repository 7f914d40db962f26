//===- IntegerSoftmax.cpp - Expansion of integer_softmax ------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Expands quantcc.integer_softmax to a maximum, a sum of exponentials, a
// reciprocal a row, and a product an element. (docs/Numerics.md, N12)
//
//===----------------------------------------------------------------------===//

#include "FixedPointArith.h"
#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"
#include "quantcc/Conversion/RequantizeToArith/IntegerOpPatterns.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
#include "quantcc/Support/SoftmaxTable.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Math/IR/Math.h>
#include <mlir/Dialect/SCF/IR/SCF.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>

using namespace mlir;
using namespace quantcc;

/// 1 / (1 + y) in Q0.31 for y in Q0.31, by three steps of Newton and Raphson
/// for the reciprocal of d = (1 + y) / 2, from 48/17 - 32/17 * d in Q2.29.
static Value createReciprocal(FixedPointBuilder &fixed, Value y) {
  Type i32 = fixed.builder.getI32Type(), i64 = fixed.builder.getI64Type();
  // y is not negative, so half away from zero is half up.
  Value sum = fixed.add(fixed.resize(y, i64), int64_t(1) << 31);
  Value d = fixed.resize(fixed.shiftRight(sum, 1), i32);
  Value x = fixed.add(fixed.multiplyHigh(d, fixed.constant(i32, -1010580540)),
                      1515870810);
  auto saturated = [&](Value value, int64_t factor) {
    Value scaled =
        fixed.mul(fixed.resize(value, i64), fixed.constant(i64, factor));
    return fixed.resize(fixed.clamp(scaled, INT32_MIN, INT32_MAX), i32);
  };
  for (int step = 0; step < 3; ++step) {
    Value rest =
        fixed.sub(fixed.constant(i32, 1 << 29), fixed.multiplyHigh(d, x));
    x = fixed.add(x, saturated(fixed.multiplyHigh(x, rest), 4));
  }
  return saturated(x, 2);
}

namespace {

/// Builds one row: tensors of one dimension, and scalars for what the whole row
/// has in common.
class RowBuilder {
public:
  RowBuilder(OpBuilder &builder, Location loc, IntegerSoftmaxOp op, Value table)
      : builder(builder), loc(loc), op(op), table(table) {}

  Value build(Value row);

private:
  Value createLargest(Value row);
  Value createExponentials(Value row, Value largest);
  Value createSum(Value exponentials);
  std::pair<Value, Value> createScales(Value sum);

  /// Of `row` from `init` on, by `body`.
  Value reduce(Value row, IntegerAttr init, ReductionBody body) {
    Value start = createFilled(builder, loc,
                               RankedTensorType::get({}, init.getType()), init);
    SmallVector<AffineMap> maps{builder.getMultiDimIdentityMap(1),
                                AffineMap::get(1, 0, builder.getContext())};
    Value result =
        createReduction(builder, loc, row, start, maps, {true}, body);
    return tensor::ExtractOp::create(builder, loc, result, ValueRange());
  }

  OpBuilder &builder;
  Location loc;
  IntegerSoftmaxOp op;
  Value table;
};

} // namespace

Value RowBuilder::createLargest(Value row) {
  Type element = getElementTypeOrSelf(row.getType());
  bool isUnsigned = op.getUnsignedStorage();
  IntegerAttr lowest = builder.getIntegerAttr(
      element, isUnsigned ? APInt::getZero(8) : APInt::getSignedMinValue(8));
  return reduce(row, lowest,
                [&](OpBuilder &nested, Location bodyLoc, ValueRange args) {
                  return createSelectExtreme(nested, bodyLoc, args[0], args[1],
                                             /*takeSmaller=*/false, isUnsigned);
                });
}

/// exp(stored - largest) in Q0.31. The difference of two 8-bit values as an
/// unsigned 8-bit value is right whatever their signedness.
Value RowBuilder::createExponentials(Value row, Value largest) {
  auto type = cast<RankedTensorType>(row.getType()).clone(builder.getI32Type());
  return createElementwise(
      builder, loc, type, row,
      [&](OpBuilder &nested, Location bodyLoc, ValueRange args) -> Value {
        FixedPointBuilder fixed(nested, bodyLoc);
        Value index =
            arith::IndexCastUIOp::create(nested, bodyLoc, nested.getIndexType(),
                                         fixed.sub(largest, args[0]));
        return tensor::ExtractOp::create(nested, bodyLoc, table, index);
      });
}

/// In Q12.19.
Value RowBuilder::createSum(Value exponentials) {
  Type i32 = builder.getI32Type();
  return reduce(exponentials, builder.getI32IntegerAttr(0),
                [&](OpBuilder &nested, Location bodyLoc, ValueRange args) {
                  FixedPointBuilder fixed(nested, bodyLoc);
                  // Half away from zero of a value that is not negative; no
                  // overflow when shifted as unsigned.
                  Value rounded = arith::ShRUIOp::create(
                      nested, bodyLoc, fixed.add(args[0], 1 << 11),
                      fixed.constant(i32, 12));
                  return fixed.add(args[1], rounded);
                });
}

/// The reciprocal of the sum in Q0.31 and how far its products with
/// exponentials are shifted, less 1.
std::pair<Value, Value> RowBuilder::createScales(Value sum) {
  FixedPointBuilder fixed(builder, loc);
  Type i32 = builder.getI32Type();
  Value headroom = math::CountLeadingZerosOp::create(builder, loc, sum);
  // The leading one moves to the sign bit, and away.
  Value y = arith::AndIOp::create(builder, loc, fixed.shiftLeft(sum, headroom),
                                  fixed.constant(i32, INT32_MAX));
  // 12 - headroom integer bits, and all but the result's of the fractional
  // ones too many. Products are below 2^31: any longer shift gives 0 as well.
  int64_t bits =
      getElementTypeOrSelf(op.getResult().getType()).getIntOrFloatBitWidth();
  Value shift = fixed.sub(fixed.constant(i32, 12 + 31 - bits - 1), headroom);
  shift = arith::MinSIOp::create(builder, loc, shift, fixed.constant(i32, 31));
  return {createReciprocal(fixed, y), shift};
}

Value RowBuilder::build(Value row) {
  Value largest = createLargest(row);
  // Looked up once, and apart from what is computed with them, which so has a
  // form in vectors on all targets that have any.
  Value exponentials = createExponentials(row, largest);
  Value reciprocal, shift;
  std::tie(reciprocal, shift) = createScales(createSum(exponentials));
  Type element = getElementTypeOrSelf(op.getResult().getType());
  int64_t lowest = static_cast<int32_t>(op.getOutputZeroPoint());
  return createElementwise(
      builder, loc, cast<RankedTensorType>(row.getType()).clone(element),
      exponentials, [&](OpBuilder &nested, Location bodyLoc, ValueRange args) {
        FixedPointBuilder fixed(nested, bodyLoc);
        // multiplyHigh of factors that are not negative: as unsigned ones they
        // have no signs to multiply where registers hold 32 bits.
        Type i64 = nested.getI64Type();
        auto widen = [&](Value value) -> Value {
          return arith::ExtUIOp::create(nested, bodyLoc, i64, value);
        };
        Value product = fixed.mul(widen(reciprocal), widen(args[0]));
        Value quotient = arith::TruncIOp::create(
            nested, bodyLoc, nested.getI32Type(),
            fixed.shiftRight(fixed.add(product, int64_t(1) << 30), 31));
        // Ties away from zero of what is not negative.
        int64_t bits = element.getIntOrFloatBitWidth();
        Type i32 = nested.getI32Type();
        Value value = arith::ShRUIOp::create(nested, bodyLoc, quotient, shift);
        value = arith::ShRUIOp::create(nested, bodyLoc, fixed.add(value, 1),
                                       fixed.constant(i32, 1));
        value = fixed.clamp(fixed.add(value, lowest), lowest,
                            lowest + (int64_t(1) << bits) - 1);
        return fixed.resize(value, element);
      });
}

namespace {

struct IntegerSoftmaxPattern : OpRewritePattern<IntegerSoftmaxOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(IntegerSoftmaxOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    SoftmaxScaling scaling{static_cast<int32_t>(op.getMultiplier()),
                           static_cast<int32_t>(op.getLeftShift()),
                           static_cast<int32_t>(op.getDiffMin())};
    std::array<int32_t, 256> entries = softmaxExponentials(scaling);
    SmallVector<int64_t> values(entries.begin(), entries.end());
    Value table = createIntegerConstant(rewriter, loc, values, {256}, 32);
    auto type = cast<RankedTensorType>(op.getResult().getType());
    ArrayRef<int64_t> shape = type.getShape();
    int64_t rows = ShapedType::getNumElements(shape.drop_back());
    Value result = createRows(
        rewriter, loc,
        createReshape(rewriter, loc, op.getInput(), {rows, shape.back()}),
        type.getElementType(), [&](OpBuilder &builder, Value row) {
          return RowBuilder(builder, loc, op, table).build(row);
        });
    rewriter.replaceOp(op, createReshape(rewriter, loc, result, shape));
    return success();
  }

private:
  /// What `body` makes of each row of `input`, of the element type `element`.
  static Value createRows(OpBuilder &builder, Location loc, Value input,
                          Type element,
                          function_ref<Value(OpBuilder &, Value)> body) {
    auto type = cast<RankedTensorType>(input.getType());
    auto index = [&](int64_t value) -> Value {
      return arith::ConstantIndexOp::create(builder, loc, value);
    };
    Value empty =
        tensor::EmptyOp::create(builder, loc, type.getShape(), element);
    OpFoldResult one = builder.getIndexAttr(1);
    SmallVector<OpFoldResult> sizes{one,
                                    builder.getIndexAttr(type.getDimSize(1))};
    auto loop = scf::ForOp::create(
        builder, loc, index(0), index(type.getDimSize(0)), index(1), empty,
        [&](OpBuilder &nested, Location, Value row, ValueRange results) {
          SmallVector<OpFoldResult> offsets{row, nested.getIndexAttr(0)};
          Value slice = tensor::ExtractSliceOp::create(
              nested, loc,
              RankedTensorType::get(type.getDimSize(1), type.getElementType()),
              input, offsets, sizes, ArrayRef<OpFoldResult>{one, one});
          Value next = tensor::InsertSliceOp::create(
              nested, loc, body(nested, slice), results.front(), offsets, sizes,
              ArrayRef<OpFoldResult>{one, one});
          scf::YieldOp::create(nested, loc, next);
        });
    return loop.getResult(0);
  }
};

} // namespace

void quantcc::populateIntegerSoftmaxPatterns(RewritePatternSet &patterns) {
  patterns.add<IntegerSoftmaxPattern>(patterns.getContext());
}
