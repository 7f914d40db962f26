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

class IntegerSoftmaxPattern : public OpRewritePattern<IntegerSoftmaxOp> {
public:
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
    Value largest = createLargest(op, rewriter);
    Value sums = createSums(op, largest, table, rewriter);
    rewriter.replaceOp(op, createResult(op, largest, sums, table, rewriter));
    return success();
  }

private:
  /// Reduces over the last dimension: the maps of the input, of `perRow`
  /// tensors read, and of the result.
  static SmallVector<AffineMap> rowMaps(IntegerSoftmaxOp op, unsigned perRow,
                                        OpBuilder &builder) {
    unsigned rank = shapeOf(op.getInput()).size();
    AffineMap all = builder.getMultiDimIdentityMap(rank);
    SmallVector<AffineMap> maps(perRow + 1, all.dropResult(rank - 1));
    maps.insert(maps.begin(), all);
    return maps;
  }

  static SmallVector<bool> rowLoops(IntegerSoftmaxOp op) {
    SmallVector<bool> loops(shapeOf(op.getInput()).size(), false);
    loops.back() = true;
    return loops;
  }

  Value createLargest(IntegerSoftmaxOp op, OpBuilder &builder) const {
    auto type = cast<RankedTensorType>(op.getInput().getType());
    bool isUnsigned = op.getUnsignedStorage();
    IntegerAttr lowest = builder.getIntegerAttr(
        type.getElementType(),
        isUnsigned ? APInt::getZero(8) : APInt::getSignedMinValue(8));
    Value init = createFilled(builder, op.getLoc(),
                              type.clone(type.getShape().drop_back()), lowest);
    return createReduction(
        builder, op.getLoc(), op.getInput(), init, rowMaps(op, 0, builder),
        rowLoops(op), [&](OpBuilder &nested, Location loc, ValueRange args) {
          return createSelectExtreme(nested, loc, args[0], args[1],
                                     /*takeSmaller=*/false, isUnsigned);
        });
  }

  /// exp(stored - largest) in Q0.31. The difference of two 8-bit values as an
  /// unsigned 8-bit value is right whatever their signedness.
  static Value createExponential(FixedPointBuilder &fixed, Value stored,
                                 Value largest, Value table) {
    Value index = arith::IndexCastUIOp::create(fixed.builder, fixed.loc,
                                               fixed.builder.getIndexType(),
                                               fixed.sub(largest, stored));
    return tensor::ExtractOp::create(fixed.builder, fixed.loc, table, index);
  }

  /// The rows' sums in Q12.19.
  Value createSums(IntegerSoftmaxOp op, Value largest, Value table,
                   OpBuilder &builder) const {
    Type i32 = builder.getI32Type();
    Value init = createFilled(
        builder, op.getLoc(),
        RankedTensorType::get(shapeOf(op.getInput()).drop_back(), i32),
        builder.getI32IntegerAttr(0));
    return createReduction(
        builder, op.getLoc(), {op.getInput(), largest}, init,
        rowMaps(op, 1, builder), rowLoops(op),
        [&](OpBuilder &nested, Location loc, ValueRange args) {
          FixedPointBuilder fixed(nested, loc);
          Value exponential = createExponential(fixed, args[0], args[1], table);
          // Half away from zero of a value that is not negative; no overflow
          // when shifted as unsigned.
          Value rounded = arith::ShRUIOp::create(
              nested, loc, fixed.add(exponential, 1 << 11),
              fixed.constant(i32, 12));
          return fixed.add(args[2], rounded);
        });
  }

  /// Per row, the reciprocal of the sum in Q0.31 and how far its products with
  /// exponentials are shifted, less 1, as two tensors.
  std::pair<Value, Value> createScales(IntegerSoftmaxOp op, Value sums,
                                       OpBuilder &builder) const {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(sums.getType());
    Type i32 = builder.getI32Type();
    Value headrooms = createElementwise(
        builder, loc, type, sums,
        [](OpBuilder &nested, Location bodyLoc, ValueRange args) -> Value {
          return math::CountLeadingZerosOp::create(nested, bodyLoc, args[0]);
        });
    Value reciprocals = createElementwise(
        builder, loc, type, {sums, headrooms},
        [&](OpBuilder &nested, Location bodyLoc, ValueRange args) {
          FixedPointBuilder fixed(nested, bodyLoc);
          // The leading one moves to the sign bit, and away.
          Value y = arith::AndIOp::create(nested, bodyLoc,
                                          fixed.shiftLeft(args[0], args[1]),
                                          fixed.constant(i32, INT32_MAX));
          return createReciprocal(fixed, y);
        });
    // 12 - headroom integer bits, and all but the result's of the fractional
    // ones too many. Products are below 2^31: any longer shift gives 0 as well.
    int64_t bits =
        getElementTypeOrSelf(op.getResult().getType()).getIntOrFloatBitWidth();
    Value shifts = createElementwise(
        builder, loc, type, headrooms,
        [&](OpBuilder &nested, Location bodyLoc, ValueRange args) -> Value {
          FixedPointBuilder fixed(nested, bodyLoc);
          Value shift =
              fixed.sub(fixed.constant(i32, 12 + 31 - bits - 1), args[0]);
          return arith::MinSIOp::create(nested, bodyLoc, shift,
                                        fixed.constant(i32, 31));
        });
    return {reciprocals, shifts};
  }

  Value createResult(IntegerSoftmaxOp op, Value largest, Value sums,
                     Value table, OpBuilder &builder) const {
    auto [reciprocals, shifts] = createScales(op, sums, builder);
    auto type = cast<RankedTensorType>(op.getResult().getType());
    unsigned rank = type.getRank();
    AffineMap all = builder.getMultiDimIdentityMap(rank);
    AffineMap row = all.dropResult(rank - 1);
    int64_t lowest = static_cast<int32_t>(op.getOutputZeroPoint());
    return createElementwise(
        builder, op.getLoc(), type,
        {op.getInput(), largest, reciprocals, shifts}, {all, row, row, row},
        [&](OpBuilder &nested, Location loc, ValueRange args) {
          FixedPointBuilder fixed(nested, loc);
          Value exponential = createExponential(fixed, args[0], args[1], table);
          Value quotient = fixed.multiplyHigh(args[2], exponential);
          // Ties away from zero of what is not negative.
          int64_t bits = type.getElementTypeBitWidth();
          Type i32 = nested.getI32Type();
          Value value = arith::ShRUIOp::create(nested, loc, quotient, args[3]);
          value = arith::ShRUIOp::create(nested, loc, fixed.add(value, 1),
                                         fixed.constant(i32, 1));
          value = fixed.clamp(fixed.add(value, lowest), lowest,
                              lowest + (int64_t(1) << bits) - 1);
          return fixed.resize(value, type.getElementType());
        });
  }
};

} // namespace

void quantcc::populateIntegerSoftmaxPatterns(RewritePatternSet &patterns) {
  patterns.add<IntegerSoftmaxPattern>(patterns.getContext());
}
