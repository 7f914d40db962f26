//===- GateFunctions.cpp - 16-bit sigmoid and tanh ------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds the 16-bit sigmoid and tanh.
//
//===----------------------------------------------------------------------===//

#include "GateFunctions.h"

#include "quantcc/Conversion/LinalgBuilding/LinalgBuilding.h"
#include "quantcc/Support/GateTable.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>

using namespace mlir;
using namespace quantcc;

namespace {

/// Builds i32 scalars at one place.
struct I32Builder {
  OpBuilder &builder;
  Location loc;

  Value constant(int32_t value) {
    return arith::ConstantOp::create(builder, loc,
                                     builder.getI32IntegerAttr(value));
  }
  Value add(Value a, Value b) {
    return arith::AddIOp::create(builder, loc, a, b);
  }
  Value sub(Value a, Value b) {
    return arith::SubIOp::create(builder, loc, a, b);
  }
  Value mul(Value a, Value b) {
    return arith::MulIOp::create(builder, loc, a, b);
  }
  /// value >> bits, towards minus infinity.
  Value shiftRight(Value value, int bits) {
    return arith::ShRSIOp::create(builder, loc, value, constant(bits));
  }
  Value select(arith::CmpIPredicate predicate, Value a, Value b, Value yes,
               Value no) {
    Value condition = arith::CmpIOp::create(builder, loc, predicate, a, b);
    return arith::SelectOp::create(builder, loc, condition, yes, no);
  }
  Value entry(Value table, Value index) {
    Value position = arith::IndexCastUIOp::create(
        builder, loc, builder.getIndexType(), index);
    Value stored = tensor::ExtractOp::create(builder, loc, table, position);
    return arith::ExtUIOp::create(builder, loc, builder.getI32Type(), stored);
  }
};

} // namespace

Value quantcc::createSigmoidTable(OpBuilder &builder, Location loc) {
  std::array<uint16_t, 256> table = sigmoidTable();
  return createIntegerConstant(
      builder, loc, SmallVector<int64_t>(table.begin(), table.end()), {256},
      /*width=*/16);
}

Value quantcc::createGatePosition(OpBuilder &builder, Location loc, Value value,
                                  int fractionBits) {
  assert(fractionBits >= 0 && fractionBits <= 15 && "out of the rule's range");
  I32Builder i32{builder, loc};
  if (fractionBits <= 12)
    return i32.mul(value, i32.constant(3 << (12 - fractionBits)));
  int dropped = fractionBits - 12;
  Value tripled = i32.mul(value, i32.constant(3));
  return i32.shiftRight(i32.add(tripled, i32.constant(1 << (dropped - 1))),
                        dropped);
}

/// The table's function at |position|, of which the low `bits` lie between two
/// entries, with as many more fractional bits as the table; `beyond` from the
/// last entry on.
static Value createInterpolation(I32Builder &i32, Value position, Value table,
                                 int bits, int32_t beyond) {
  Value zero = i32.constant(0);
  Value magnitude = i32.select(arith::CmpIPredicate::sge, position, zero,
                               position, i32.sub(zero, position));
  Value index = i32.shiftRight(magnitude, bits);
  Value rest = arith::AndIOp::create(i32.builder, i32.loc, magnitude,
                                     i32.constant((1 << bits) - 1));
  Value last = i32.constant(255);
  Value inside =
      arith::MinSIOp::create(i32.builder, i32.loc, index, i32.constant(254));
  Value low = i32.entry(table, inside);
  Value high = i32.entry(table, i32.add(inside, i32.constant(1)));
  Value chord = i32.add(i32.mul(low, i32.constant(1 << bits)),
                        i32.mul(rest, i32.sub(high, low)));
  return i32.select(arith::CmpIPredicate::sge, index, last,
                    i32.constant(beyond), chord);
}

Value quantcc::createGateSigmoid(OpBuilder &builder, Location loc,
                                 Value position, Value table) {
  I32Builder i32{builder, loc};
  Value value =
      createInterpolation(i32, position, table, /*bits=*/9, 0x7fff << 10);
  Value positive = i32.add(value, i32.constant(512));
  Value negative = i32.sub(i32.constant((1 << 25) + 511), value);
  return i32.shiftRight(i32.select(arith::CmpIPredicate::sge, position,
                                   i32.constant(0), positive, negative),
                        10);
}

Value quantcc::createGateTanh(OpBuilder &builder, Location loc, Value position,
                              Value table) {
  I32Builder i32{builder, loc};
  Value value =
      createInterpolation(i32, position, table, /*bits=*/8, 0xffff << 8);
  Value positive = i32.sub(value, i32.constant((1 << 23) - 128));
  Value negative = i32.sub(i32.constant((1 << 23) + 127), value);
  return i32.shiftRight(i32.select(arith::CmpIPredicate::sge, position,
                                   i32.constant(0), positive, negative),
                        8);
}
