//===- MultiplyCount.cpp - The work of a network --------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One formula a contraction.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Analysis/MultiplyCount.h"

#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <llvm/ADT/TypeSwitch.h>
#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>

using namespace mlir;
using namespace quantcc;

static RankedTensorType typeOf(Value value) {
  return cast<RankedTensorType>(value.getType());
}

/// Products a channel of weights `[O, ...]`.
static int64_t depthOf(Value weights) {
  return typeOf(weights).getNumElements() / typeOf(weights).getDimSize(0);
}

/// A recurrent layer multiplies its input and its last output, row by row, with
/// every matrix of weights it has.
static int64_t countRecurrent(Operation *op) {
  RankedTensorType input = typeOf(op->getOperand(0));
  int64_t rows = input.getNumElements() / input.getShape().back();
  int64_t weights = 0;
  for (Value operand : op->getOperands().drop_front())
    if (getQuantizedElementType(operand.getType()) &&
        typeOf(operand).getRank() == 2 && operand.getDefiningOp() &&
        operand.getDefiningOp()->getNumOperands() == 1)
      weights += typeOf(operand).getNumElements();
  return rows * weights;
}

/// A contraction of the integer stage multiplies once for each point of its
/// iteration space.
static int64_t countStructured(linalg::LinalgOp op) {
  if (op.getNumReductionLoops() == 0 ||
      op.getBlock()->getOps<arith::MulIOp>().empty())
    return 0;
  int64_t count = 1;
  for (int64_t range : op.getStaticLoopRanges())
    count *= range;
  return count;
}

static int64_t countOne(Operation *op) {
  return llvm::TypeSwitch<Operation *, int64_t>(op)
      .Case<Conv2DOp, LinearOp>([](auto contraction) {
        return typeOf(contraction.getResult()).getNumElements() *
               depthOf(contraction.getWeights());
      })
      .Case([](TransposeConv2DOp contraction) {
        RankedTensorType input = typeOf(contraction.getInput());
        return input.getNumElements() / input.getShape().back() *
               typeOf(contraction.getWeights()).getNumElements();
      })
      .Case([](MatMulOp product) {
        RankedTensorType lhs = typeOf(product.getLhs());
        unsigned inner = lhs.getRank() - (product.getTransposeLhs() ? 2 : 1);
        return typeOf(product.getResult()).getNumElements() *
               lhs.getDimSize(inner);
      })
      .Case([](linalg::LinalgOp structured) {
        return countStructured(structured);
      })
      .Default([](Operation *other) -> int64_t {
        return isRecurrentOp(other) ? countRecurrent(other) : 0;
      });
}

int64_t quantcc::countMultiplies(Operation *op) {
  int64_t count = 0;
  op->walk([&](Operation *inner) { count += countOne(inner); });
  return count;
}
