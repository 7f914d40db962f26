//===- ResizeBilinear.cpp - Bilinear resize to integers -------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lowers quantized resize with mode bilinear to sums with weights of 10
// fractional bits a direction. (docs/Numerics.md, N14)
//
//===----------------------------------------------------------------------===//

#include "Requantization.h"
#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"
#include "quantcc/Conversion/LinalgBuilding/ResizeIndices.h"
#include "quantcc/Conversion/QuantizedToLinalg/QuantizedToLinalg.h"

#include <mlir/Dialect/Arith/IR/Arith.h>

using namespace mlir;
using namespace quantcc;

namespace {

class ResizeBilinearPattern : public OpConversionPattern<ResizeOp> {
public:
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ResizeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (op.getMode() != ResizeMode::Bilinear)
      return rewriter.notifyMatchFailure(op, "not mode bilinear");
    StoredTensor stored(op.getInput());
    auto type = cast<RankedTensorType>(
        getTypeConverter()->convertType(op.getResult().getType()));
    MLIRContext *context = rewriter.getContext();
    SmallVector<Value> inputs;
    SmallVector<AffineMap> maps;
    for (unsigned axis : {1, 2}) {
      ResizeDirection direction{shapeOf(op.getInput())[axis],
                                type.getDimSize(axis), op.getAlignCorners(),
                                op.getHalfPixelCenters()};
      FixedInterpolation fixed(direction);
      for (ArrayRef<int64_t> values :
           {fixed.lower, fixed.upper, fixed.upperWeight})
        inputs.push_back(createIntegerConstant(rewriter, op.getLoc(), values,
                                               direction.out, 32));
      maps.append(3, axisMap(context, 4, axis));
    }
    auto body = [&](OpBuilder &builder, Location loc, ValueRange args) {
      // The weights are 2^20 together.
      Type wide = builder.getIntegerType(stored.width <= 8 ? 32 : 64);
      Value sum = createSum(builder, loc, adaptor.getInput(), stored.isSigned,
                            wide, args);
      Value rounded = createRounded(builder, loc, sum);
      return arith::TruncIOp::create(builder, loc, type.getElementType(),
                                     rounded)
          .getResult();
    };
    rewriter.replaceOp(
        op, createElementwise(rewriter, op.getLoc(), type, inputs, maps, body));
    return success();
  }

private:
  /// The weighted sum of the four neighbours, with 20 fractional bits. `args`
  /// are lower, upper and upper weight of y, then of x.
  static Value createSum(OpBuilder &builder, Location loc, Value input,
                         bool isSigned, Type wide, ValueRange args) {
    Type i32 = builder.getI32Type();
    Value one = arith::ConstantOp::create(builder, loc, storedAttr(i32, 1024));
    auto lowerWeight = [&](Value upper) -> Value {
      return arith::SubIOp::create(builder, loc, one, upper);
    };
    Value yWeights[] = {lowerWeight(args[2]), args[2]};
    Value xWeights[] = {lowerWeight(args[5]), args[5]};
    Value sum = arith::ConstantOp::create(builder, loc, storedAttr(wide, 0));
    for (unsigned x : {0, 1})
      for (unsigned y : {0, 1}) {
        Value pixel =
            createPixelRead(builder, loc, input, args[y], args[3 + x]);
        pixel = extendStored(builder, loc, pixel, wide, isSigned);
        Value weight =
            arith::MulIOp::create(builder, loc, yWeights[y], xWeights[x]);
        weight = extendStored(builder, loc, weight, wide, /*isSigned=*/true);
        Value term = arith::MulIOp::create(builder, loc, pixel, weight);
        sum = arith::AddIOp::create(builder, loc, sum, term);
      }
    return sum;
  }

  /// sum / 2^20, ties away from zero: half up, less one where it is negative.
  static Value createRounded(OpBuilder &builder, Location loc, Value sum) {
    Type type = sum.getType();
    auto constant = [&](int64_t value) -> Value {
      return arith::ConstantOp::create(builder, loc, storedAttr(type, value));
    };
    // The sign as 0 or -1.
    Value sign = arith::ShRSIOp::create(
        builder, loc, sum, constant(type.getIntOrFloatBitWidth() - 1));
    Value moved = arith::AddIOp::create(builder, loc, sum, constant(1 << 19));
    moved = arith::AddIOp::create(builder, loc, moved, sign);
    return arith::ShRSIOp::create(builder, loc, moved, constant(20));
  }
};

} // namespace

void quantcc::populateResizePatterns(const TypeConverter &converter,
                                     RewritePatternSet &patterns) {
  patterns.add<ResizeBilinearPattern>(converter, patterns.getContext());
}
