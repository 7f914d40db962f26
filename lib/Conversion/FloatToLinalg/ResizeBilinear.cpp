//===- ResizeBilinear.cpp - Bilinear resize of floats ---------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lowers resize with mode bilinear on f32.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Conversion/FloatToLinalg/FloatToLinalg.h"
#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"
#include "quantcc/Conversion/LinalgBuilding/ResizeIndices.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

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
    auto type = cast<RankedTensorType>(op.getResult().getType());
    if (op.getMode() != ResizeMode::Bilinear || isQuantized(type))
      return rewriter.notifyMatchFailure(op, "not mode bilinear on f32");
    Location loc = op.getLoc();
    SmallVector<Value> inputs;
    SmallVector<AffineMap> maps;
    for (unsigned axis : {1, 2}) {
      ResizeDirection direction{shapeOf(op.getInput())[axis],
                                type.getDimSize(axis), op.getAlignCorners(),
                                op.getHalfPixelCenters()};
      RealInterpolation real(direction);
      for (ArrayRef<int64_t> values : {real.lower, real.upper})
        inputs.push_back(
            createIntegerConstant(rewriter, loc, values, direction.out, 32));
      auto weightType =
          RankedTensorType::get({direction.out}, rewriter.getF32Type());
      inputs.push_back(arith::ConstantOp::create(
          rewriter, loc,
          DenseElementsAttr::get(weightType,
                                 ArrayRef<float>(real.upperWeight))));
      maps.append(3, axisMap(rewriter.getContext(), 4, axis));
    }
    auto body = [&](OpBuilder &builder, Location bodyLoc, ValueRange args) {
      return createSum(builder, bodyLoc, adaptor.getInput(), args);
    };
    rewriter.replaceOp(
        op, createElementwise(rewriter, loc, type, inputs, maps, body));
    return success();
  }

private:
  /// x00 * (1-dy) * (1-dx) + x10 * dy * (1-dx) + x01 * (1-dy) * dx
  /// + x11 * dy * dx, in this order. `args` are lower, upper and upper weight
  /// of y, then of x.
  static Value createSum(OpBuilder &builder, Location loc, Value input,
                         ValueRange args) {
    Value one =
        arith::ConstantOp::create(builder, loc, builder.getF32FloatAttr(1.0f));
    auto lowerWeight = [&](Value upper) -> Value {
      return arith::SubFOp::create(builder, loc, one, upper);
    };
    Value yWeights[] = {lowerWeight(args[2]), args[2]};
    Value xWeights[] = {lowerWeight(args[5]), args[5]};
    Value sum;
    for (unsigned x : {0, 1})
      for (unsigned y : {0, 1}) {
        Value pixel =
            createPixelRead(builder, loc, input, args[y], args[3 + x]);
        Value term = arith::MulFOp::create(builder, loc, pixel, yWeights[y]);
        term = arith::MulFOp::create(builder, loc, term, xWeights[x]);
        sum = sum ? arith::AddFOp::create(builder, loc, sum, term).getResult()
                  : term;
      }
    return sum;
  }
};

} // namespace

void quantcc::populateFloatResizePatterns(const TypeConverter &converter,
                                          RewritePatternSet &patterns) {
  patterns.add<ResizeBilinearPattern>(converter, patterns.getContext());
}
