//===- GateOp.cpp - Sigmoid and tanh of 16-bit values ---------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lowers gate to one loop that looks up and interpolates. (docs/Numerics.md,
// N40)
//
//===----------------------------------------------------------------------===//

#include "GateFunctions.h"
#include "Requantization.h"
#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"
#include "quantcc/Conversion/QuantizedToLinalg/QuantizedToLinalg.h"
#include "quantcc/Support/GateTable.h"

#include <mlir/Dialect/Arith/IR/Arith.h>

using namespace mlir;
using namespace quantcc;

static Value createI32(OpBuilder &builder, Location loc, int32_t value) {
  return arith::ConstantOp::create(builder, loc,
                                   builder.getI32IntegerAttr(value));
}

/// The i32 `value` at its place on the table's axis. With a multiplier of 15
/// bits and a shift of at most 31 nothing leaves 32 bits.
static Value createPosition(OpBuilder &builder, Location loc, Value value,
                            GatePosition position) {
  Value product = arith::MulIOp::create(
      builder, loc, value, createI32(builder, loc, position.multiplier));
  if (position.shift == 0)
    return product;
  Value half = createI32(builder, loc, 1 << (position.shift - 1));
  return arith::ShRSIOp::create(
      builder, loc, arith::AddIOp::create(builder, loc, product, half),
      createI32(builder, loc, position.shift));
}

namespace {

struct GatePattern : OpConversionPattern<GateOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(GateOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    bool isTanh = op.getFunction() == FloatFunction::Tanh;
    GatePosition place =
        gatePosition(StoredTensor(op.getInput()).scale,
                     isTanh ? NearbyScales::Tanh : NearbyScales::Sigmoid);
    auto stored = cast<quant::UniformQuantizedType>(
        getQuantizedElementType(op.getResult().getType()));
    auto type = cast<RankedTensorType>(
        getTypeConverter()->convertType(op.getResult().getType()));
    Value table = createSigmoidTable(rewriter, op.getLoc());
    rewriter.replaceOp(
        op, createElementwise(
                rewriter, op.getLoc(), type, adaptor.getInput(),
                [&](OpBuilder &nested, Location loc, ValueRange args) {
                  return createBody(nested, loc, args[0], table, place, isTanh,
                                    stored);
                }));
    return success();
  }

private:
  static Value createBody(OpBuilder &builder, Location loc, Value input,
                          Value table, GatePosition place, bool isTanh,
                          quant::UniformQuantizedType stored) {
    Value wide =
        arith::ExtSIOp::create(builder, loc, builder.getI32Type(), input);
    Value position = createPosition(builder, loc, wide, place);
    Value value = isTanh ? createGateTanh(builder, loc, position, table)
                         : createGateSigmoid(builder, loc, position, table);
    // All results lie within the 16 bits, but a type may allow fewer values.
    auto limit = [&](int64_t bound) {
      return createI32(builder, loc, static_cast<int32_t>(bound));
    };
    if (stored.getStorageTypeMin() > -INT16_MAX)
      value = arith::MaxSIOp::create(builder, loc, value,
                                     limit(stored.getStorageTypeMin()));
    if (stored.getStorageTypeMax() < INT16_MAX)
      value = arith::MinSIOp::create(builder, loc, value,
                                     limit(stored.getStorageTypeMax()));
    return arith::TruncIOp::create(builder, loc, builder.getI16Type(), value);
  }
};

} // namespace

void quantcc::populateGatePatterns(const TypeConverter &converter,
                                   RewritePatternSet &patterns) {
  patterns.add<GatePattern>(converter, patterns.getContext());
}
