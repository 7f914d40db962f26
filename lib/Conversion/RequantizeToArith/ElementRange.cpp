//===- ElementRange.cpp - What values a tensor may hold -------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Interval arithmetic over the bodies of linalg operations.
//
//===----------------------------------------------------------------------===//

#include "ElementRange.h"

#include <mlir/Dialect/Arith/IR/Arith.h>
#include <mlir/Dialect/Linalg/IR/Linalg.h>
#include <mlir/Dialect/Tensor/IR/Tensor.h>
#include <mlir/IR/Matchers.h>
#include <mlir/Interfaces/InferIntRangeInterface.h>

using namespace mlir;
using namespace quantcc;

/// What an element of `tensor` may be; of integers.
static ConstantIntRanges findRange(Value tensor);

/// Fills `ranges` with what the values of `body` may be, from those of its
/// arguments. Fails at an operation that has no interval arithmetic.
static LogicalResult interpret(Block &body,
                               DenseMap<Value, ConstantIntRanges> &ranges) {
  for (Operation &op : body.without_terminator()) {
    auto inferring = dyn_cast<InferIntRangeInterface>(op);
    if (!inferring)
      return failure();
    SmallVector<ConstantIntRanges> operands;
    for (Value operand : op.getOperands()) {
      auto known = ranges.find(operand);
      // From outside of the body.
      APInt constant;
      if (known != ranges.end())
        operands.push_back(known->second);
      else if (matchPattern(operand, m_ConstantInt(&constant)))
        operands.push_back(ConstantIntRanges::constant(constant));
      else
        return failure();
    }
    inferring.inferResultRanges(
        operands, [&](Value result, const ConstantIntRanges &range) {
          ranges.insert_or_assign(result, range);
        });
    if (llvm::any_of(op.getResults(),
                     [&](Value result) { return !ranges.contains(result); }))
      return failure();
  }
  return success();
}

/// `count` times any of `term`, and `init`, in the width of the terms;
/// everything if that overflows.
static ConstantIntRanges sum(const ConstantIntRanges &init,
                             const ConstantIntRanges &term, int64_t count) {
  unsigned width = term.smin().getBitWidth();
  auto total = [&](const APInt &first, const APInt &each, bool &overflows) {
    APInt product =
        each.sext(128) * APInt(128, count, /*isSigned=*/true) + first.sext(128);
    overflows |= !product.isSignedIntN(width);
    return product.trunc(width);
  };
  bool overflows = false;
  APInt low = total(init.smin(), term.smin(), overflows);
  APInt high = total(init.smax(), term.smax(), overflows);
  return overflows ? ConstantIntRanges::maxRange(width)
                   : ConstantIntRanges::fromSigned(low, high);
}

/// The result of `op`, which has one.
static std::optional<ConstantIntRanges> findResult(linalg::LinalgOp op) {
  Block &body = *op.getBlock();
  DenseMap<Value, ConstantIntRanges> ranges;
  for (OpOperand &operand : op->getOpOperands()) {
    Value argument = op.getMatchingBlockArgument(&operand);
    if (!argument.getType().isInteger())
      return std::nullopt;
    // Of the output, what it holds at first; only a sum reads it.
    ranges.insert_or_assign(argument, findRange(operand.get()));
  }
  Value carried = op.getMatchingBlockArgument(op.getDpsInitOperand(0));
  Value yielded = body.getTerminator()->getOperand(0);
  if (carried.use_empty() || op.getNumReductionLoops() == 0) {
    if (failed(interpret(body, ranges)))
      return std::nullopt;
    auto known = ranges.find(yielded);
    return known == ranges.end() ? std::nullopt : std::optional(known->second);
  }
  auto add = yielded.getDefiningOp<arith::AddIOp>();
  if (!add || !carried.hasOneUse() || *carried.user_begin() != add)
    return std::nullopt;
  Value term = add.getLhs() == carried ? add.getRhs() : add.getLhs();
  if (failed(interpret(body, ranges)) || !ranges.contains(term))
    return std::nullopt;
  int64_t count = 1;
  for (auto [extent, kind] :
       llvm::zip_equal(op.getStaticLoopRanges(), op.getIteratorTypesArray()))
    if (kind == utils::IteratorType::reduction)
      count *= extent;
  return sum(ranges.find(carried)->second, ranges.find(term)->second, count);
}

static ConstantIntRanges findRange(Value tensor) {
  auto element = getElementTypeOrSelf(tensor.getType());
  ConstantIntRanges everything =
      ConstantIntRanges::maxRange(element.getIntOrFloatBitWidth());
  DenseIntElementsAttr elements;
  if (matchPattern(tensor, m_Constant(&elements)) && !elements.empty()) {
    auto values = elements.getValues<APInt>();
    APInt low = *values.begin(), high = low;
    for (const APInt &value : values) {
      low = llvm::APIntOps::smin(low, value);
      high = llvm::APIntOps::smax(high, value);
    }
    return ConstantIntRanges::fromSigned(low, high);
  }
  APInt scalar;
  if (matchPattern(tensor, m_ConstantInt(&scalar)))
    return ConstantIntRanges::constant(scalar);
  Operation *producer = tensor.getDefiningOp();
  if (!producer)
    return everything;
  if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp,
          tensor::ExtractSliceOp>(producer))
    return findRange(producer->getOperand(0));
  auto op = dyn_cast<linalg::LinalgOp>(producer);
  if (!op || op->getNumResults() != 1)
    return everything;
  return findResult(op).value_or(everything);
}

std::optional<StoredRange> quantcc::findElementRange(Value tensor) {
  if (!getElementTypeOrSelf(tensor.getType()).isInteger())
    return std::nullopt;
  ConstantIntRanges range = findRange(tensor);
  if (!range.smin().isSignedIntN(32) || !range.smax().isSignedIntN(32))
    return std::nullopt;
  StoredRange result{range.smin().getSExtValue(), range.smax().getSExtValue()};
  // The lowest value alone has no magnitude.
  if (result.min <= INT32_MIN)
    return std::nullopt;
  return result;
}
