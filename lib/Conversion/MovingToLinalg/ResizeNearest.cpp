//===- ResizeNearest.cpp - Resize to the nearest --------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lowers resize with mode nearest to reads at positions known at compile time.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"
#include "quantcc/Conversion/LinalgBuilding/ResizeIndices.h"
#include "quantcc/Conversion/MovingToLinalg/MovingToLinalg.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

using namespace mlir;
using namespace quantcc;

namespace {

struct ResizeNearestPattern : OpConversionPattern<ResizeOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ResizeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (op.getMode() != ResizeMode::Nearest)
      return rewriter.notifyMatchFailure(op, "not mode nearest");
    auto type = cast<RankedTensorType>(
        getTypeConverter()->convertType(op.getResult().getType()));
    MLIRContext *context = rewriter.getContext();
    SmallVector<Value> positions;
    for (unsigned axis : {1, 2}) {
      ResizeDirection direction{shapeOf(op.getInput())[axis],
                                type.getDimSize(axis), op.getAlignCorners(),
                                op.getHalfPixelCenters()};
      positions.push_back(createIntegerConstant(
          rewriter, op.getLoc(), nearestIndices(direction), direction.out, 32));
    }
    rewriter.replaceOp(
        op, createElementwise(
                rewriter, op.getLoc(), type, positions,
                {axisMap(context, 4, 1), axisMap(context, 4, 2)},
                [&](OpBuilder &builder, Location loc, ValueRange args) {
                  return createPixelRead(builder, loc, adaptor.getInput(),
                                         args[0], args[1]);
                }));
    return success();
  }
};

} // namespace

void quantcc::detail::populateResizeNearestPatterns(
    const TypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ResizeNearestPattern>(converter, patterns.getContext());
}
