//===- IntegerOps.cpp - Composite integer ops -----------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rule N36 of docs/Numerics.md, quantcc.requantize, and N7 as
// quantcc.integer_add: ops that state their multipliers.
//
//===----------------------------------------------------------------------===//

#include "IndexMap.h"
#include "Kernel.h"
#include "Parameters.h"
#include "ScalarProgram.h"

using namespace mlir;
using namespace quantcc;
using namespace quantcc::interpreter;

static Kernel prepareRequantize(RequantizeOp op) {
  ArrayRef<int64_t> shape =
      cast<RankedTensorType>(op.getInput().getType()).getShape();
  // Elements that share an index of the axis lie `inner` in a row.
  int64_t channels = 1, inner = 1;
  if (op.getMultipliers().size() > 1) {
    channels = shape[*op.getAxis()];
    for (int64_t size : shape.drop_front(*op.getAxis() + 1))
      inner *= size;
  }
  Storage storage = storageOf(op.getResult().getType());
  return [=, requantizer = Requantizer::create(op)](
             ArrayRef<const Tensor *> operands, Tensor &result) {
    for (size_t i = 0; i < result.stored.size(); ++i)
      result.stored[i] = storage.reinterpret(
          requantizer(operands[0]->stored[i], i / inner % channels));
  };
}

/// N7, with the multipliers that the op states.
static Kernel prepareIntegerAdd(IntegerAddOp op) {
  Multiplier lhs{static_cast<int32_t>(op.getLhsMultiplier()),
                 static_cast<int32_t>(op.getLhsShift())};
  Multiplier rhs{static_cast<int32_t>(op.getRhsMultiplier()),
                 static_cast<int32_t>(op.getRhsShift())};
  Multiplier output{static_cast<int32_t>(op.getOutputMultiplier()),
                    static_cast<int32_t>(op.getOutputShift())};
  int64_t lhsZeroPoint = static_cast<int32_t>(op.getLhsZeroPoint());
  int64_t rhsZeroPoint = static_cast<int32_t>(op.getRhsZeroPoint());
  int64_t zeroPoint = static_cast<int32_t>(op.getOutputZeroPoint());
  int64_t lo = static_cast<int32_t>(op.getClampMin());
  int64_t hi = static_cast<int32_t>(op.getClampMax());
  int64_t one = int64_t(1) << op.getLeftShift();
  Rounding rounding = op.getRounding();
  bool subtract = op.getSubtract(), isUnsigned = op.getUnsignedOperands();
  Storage storage = storageOf(op.getResult().getType());
  auto shape = [](Value value) {
    return cast<RankedTensorType>(value.getType()).getShape();
  };
  auto stored = [=](int64_t value, unsigned width) -> int64_t {
    return isUnsigned ? static_cast<int64_t>(zeroExtend(value, width)) : value;
  };
  return [=, lhsWidth = storageOf(op.getLhs().getType()).width,
          rhsWidth = storageOf(op.getRhs().getType()).width,
          lhsMap = broadcastMap(shape(op.getLhs()), shape(op.getResult())),
          rhsMap = broadcastMap(shape(op.getRhs()), shape(op.getResult()))](
             ArrayRef<const Tensor *> operands, Tensor &result) {
    for (size_t i = 0; i < result.stored.size(); ++i) {
      int64_t x = stored(operands[0]->stored[lhsMap[i]], lhsWidth);
      int64_t y = stored(operands[1]->stored[rhsMap[i]], rhsWidth);
      int64_t a = requantize((x - lhsZeroPoint) * one, lhs, rounding);
      int64_t b = requantize((y - rhsZeroPoint) * one, rhs, rounding);
      int64_t sum = requantize(subtract ? a - b : a + b, output, rounding);
      result.stored[i] =
          storage.reinterpret(std::clamp(sum + zeroPoint, lo, hi));
    }
  };
}

FailureOr<Kernel> interpreter::prepareIntegerOp(Operation *op) {
  if (auto requantize = dyn_cast<RequantizeOp>(op))
    return prepareRequantize(requantize);
  if (auto add = dyn_cast<IntegerAddOp>(op))
    return prepareIntegerAdd(add);
  return Kernel();
}
