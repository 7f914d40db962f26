//===- Lookup.cpp - Expansion of lookup -----------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Expands quantcc.lookup to reads of its table.
//
//===----------------------------------------------------------------------===//

#include "FixedPointArith.h"
#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"
#include "quantcc/Conversion/RequantizeToArith/IntegerOpPatterns.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/IR/Matchers.h>

using namespace mlir;
using namespace quantcc;

/// Entry 128 * i of a table of 513 entries, and a share of the way to the next
/// one (docs/Numerics.md, N24).
static Value createInterpolated(FixedPointBuilder &fixed, Value stored,
                                Value table) {
  OpBuilder &builder = fixed.builder;
  Location loc = fixed.loc;
  Type i32 = builder.getI32Type();
  Value position = fixed.add(fixed.resize(stored, i32), 1 << 15);
  Value segment = fixed.shiftRight(position, 7);
  Value rest = arith::AndIOp::create(builder, loc, position,
                                     fixed.constant(i32, (1 << 7) - 1));
  auto read = [&](Value index) {
    index = arith::IndexCastUIOp::create(builder, loc, builder.getIndexType(),
                                         index);
    return fixed.resize(tensor::ExtractOp::create(builder, loc, table, index),
                        i32);
  };
  Value base = read(segment);
  Value slope = fixed.sub(read(fixed.add(segment, 1)), base);
  Value delta = fixed.shiftRight(fixed.add(fixed.mul(slope, rest), 1 << 6), 7);
  return fixed.resize(fixed.add(base, delta), stored.getType());
}

/// The 256 entries of `table` in the order of their stored values as unsigned
/// bytes, 0 to 127 and then -128 to -1, so that these are indices as they are;
/// null if they are not known.
static Value createByteOrder(OpBuilder &builder, Location loc, Value table) {
  DenseIntElementsAttr entries;
  if (!matchPattern(table, m_Constant(&entries)))
    return {};
  auto values = llvm::to_vector(entries.getValues<APInt>());
  std::rotate(values.begin(), values.begin() + values.size() / 2, values.end());
  return arith::ConstantOp::create(
      builder, loc, DenseElementsAttr::get(entries.getType(), values));
}

namespace {

struct LookupPattern : OpRewritePattern<LookupOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(LookupOp op,
                                PatternRewriter &rewriter) const override {
    if (isQuantized(op.getInput().getType()))
      return rewriter.notifyMatchFailure(op, "not in the integer stage yet");
    auto type = cast<RankedTensorType>(op.getResult().getType());
    bool isByte = getElementTypeOrSelf(op.getInput().getType()).isInteger(8);
    Value byteOrder =
        isByte ? createByteOrder(rewriter, op.getLoc(), op.getTable())
               : Value();
    auto body = [&](OpBuilder &builder, Location loc,
                    ValueRange args) -> Value {
      FixedPointBuilder fixed(builder, loc);
      if (!isByte)
        return createInterpolated(fixed, args[0], op.getTable());
      Value offset = args[0];
      // Flipping the sign bit maps -128..127 to 0..255 in order.
      if (!byteOrder)
        offset = arith::XOrIOp::create(builder, loc, offset,
                                       fixed.constant(offset.getType(), -128));
      Value index = arith::IndexCastUIOp::create(
          builder, loc, builder.getIndexType(), offset);
      return tensor::ExtractOp::create(
          builder, loc, byteOrder ? byteOrder : op.getTable(), index);
    };
    rewriter.replaceOp(op, createElementwise(rewriter, op.getLoc(), type,
                                             op.getInput(), body));
    return success();
  }
};

} // namespace

void quantcc::populateLookupPatterns(RewritePatternSet &patterns) {
  patterns.add<LookupPattern>(patterns.getContext());
}
