//===- ContractionOps.cpp - Convolution and products ----------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers and interface methods of the contracting ops.
//
//===----------------------------------------------------------------------===//

#include "NetworkOpVerifier.h"

using namespace mlir;
using namespace quantcc;
using namespace quantcc::detail;

/// Operand roles of an op with operands input, weights and bias.
static OperandRole weightedOperandRole(unsigned index) {
  switch (index) {
  case 0:
    return OperandRole::Activation;
  case 1:
    return OperandRole::Weight;
  default:
    return OperandRole::Bias;
  }
}

/// C1 to C3, or C61 where the result is plain accumulators.
template <typename OpTy>
static LogicalResult verifyContraction(OpTy op, ValueRange operands) {
  if (!getElementTypeOrSelf(op.getResult().getType()).isInteger()) {
    SmallVector<Value> values(operands);
    values.push_back(op.getResult());
    if (failed(verifyForm(op, values)) || failed(verifyStorage(op, values)) ||
        failed(verifyRounding(op, op.getRounding().has_value())))
      return failure();
    return verifyClamp(op, op.getClamp(), op.getStoredClamp());
  }
  if (failed(verifyForm(op, operands)) || failed(verifyStorage(op, operands)) ||
      failed(verifyShape(op, op.getResult())))
    return failure();
  if (!isQuantized(operands.front().getType()))
    return op.emitOpError()
           << "expected quantized operands of accumulators, "
           << "found " << operands.front().getType() << " (C61)";
  if (op.getRounding() || op.getClamp() || op.getStoredClamp())
    return op.emitOpError() << "expected neither rounding nor clamp in the "
                            << "accumulator form (C61)";
  return success();
}

//===----------------------------------------------------------------------===//
// Conv2DOp
//===----------------------------------------------------------------------===//

OperandRole Conv2DOp::getOperandRole(unsigned index) {
  return weightedOperandRole(index);
}

std::optional<unsigned> Conv2DOp::getChannelAxis(unsigned index) {
  return index == 1 ? std::optional<unsigned>(0) : std::nullopt;
}

bool Conv2DOp::isDepthwise() {
  return shapeOf(getWeights())[3] == 1 &&
         static_cast<int64_t>(getGroups()) == shapeOf(getInput())[3];
}

LogicalResult Conv2DOp::verify() {
  if (failed(verifyContraction(*this, getInput())))
    return failure();
  bool quantized = isQuantized(getInput().getType());
  ArrayRef<int64_t> input = shapeOf(getInput()),
                    weights = shapeOf(getWeights()),
                    result = shapeOf(getResult());
  if (input.size() != 4 || weights.size() != 4 || result.size() != 4)
    return emitOpError() << "expected input, weights and result of rank 4 "
                         << "(C10)";
  int64_t groups = getGroups();
  if (groups < 1 || input[3] % groups != 0 || weights[0] % groups != 0)
    return emitOpError() << "expected groups to divide " << input[3]
                         << " input and " << weights[0]
                         << " output channels, found " << groups << " (C10)";
  if (weights[3] != input[3] / groups)
    return emitOpError() << "expected weights over " << input[3] / groups
                         << " input channels, found " << weights[3] << " (C10)";
  if (result[0] != input[0] || result[3] != weights[0])
    return emitOpError() << "expected a result of " << input[0]
                         << " images with " << weights[0] << " channels, found "
                         << getResult().getType() << " (C10)";
  if (failed(verifyWindow(*this, input, result, weights.slice(1, 2),
                          getStrides(), getPadding(), getDilations(), "C11")) ||
      failed(verifyWeights(*this, getWeights(), 0, quantized)))
    return failure();
  return verifyBias(*this, getBias(), weights[0], quantized);
}

//===----------------------------------------------------------------------===//
// TransposeConv2DOp
//===----------------------------------------------------------------------===//

OperandRole TransposeConv2DOp::getOperandRole(unsigned index) {
  return weightedOperandRole(index);
}

std::optional<unsigned> TransposeConv2DOp::getChannelAxis(unsigned index) {
  return index == 1 ? std::optional<unsigned>(0) : std::nullopt;
}

/// C41.
static LogicalResult verifyTransposedWindow(TransposeConv2DOp op) {
  constexpr int64_t kLargest = int64_t(1) << 31;
  ArrayRef<int64_t> strides = op.getStrides(), padding = op.getPadding();
  ArrayRef<int64_t> kernel = shapeOf(op.getWeights()).slice(1, 2);
  auto isPositive = [](int64_t v) { return v >= 1 && v < kLargest; };
  if (strides.size() != 2 || padding.size() != 4 ||
      !llvm::all_of(strides, isPositive) ||
      !llvm::all_of(padding, [](int64_t v) { return v > -kLargest; }))
    return op.emitOpError() << "expected 2 positive strides and 4 paddings "
                            << "(C41)";
  for (unsigned direction : {0u, 1u}) {
    int64_t before = padding[2 * direction], after = padding[2 * direction + 1];
    if (before < 0 || before >= kernel[direction] || after >= kernel[direction])
      return op.emitOpError()
             << "expected paddings smaller than the kernel, the first not "
             << "below zero, found " << before << " and " << after << " (C41)";
    int64_t expected =
        (shapeOf(op.getInput())[1 + direction] - 1) * strides[direction] +
        kernel[direction] - before - after;
    int64_t found = shapeOf(op.getResult())[1 + direction];
    if (found != expected)
      return op.emitOpError()
             << "expected a result " << (direction ? "width" : "height")
             << " of " << expected << ", found " << found << " (C41)";
  }
  return success();
}

LogicalResult TransposeConv2DOp::verify() {
  bool quantized = isQuantized(getResult().getType());
  if (failed(verifyForm(*this, {getInput(), getResult()})) ||
      failed(verifyStorage(*this, {getInput(), getResult()})) ||
      failed(verifyRounding(*this, getRounding().has_value())) ||
      failed(verifyClamp(*this, getClamp(), getStoredClamp())))
    return failure();
  ArrayRef<int64_t> input = shapeOf(getInput()),
                    weights = shapeOf(getWeights()),
                    result = shapeOf(getResult());
  if (input.size() != 4 || weights.size() != 4 || result.size() != 4)
    return emitOpError() << "expected input, weights and result of rank 4 "
                         << "(C40)";
  if (weights[3] != input[3] || result[0] != input[0] ||
      result[3] != weights[0])
    return emitOpError() << "expected weights over " << input[3]
                         << " input channels and a result of " << input[0]
                         << " images with " << weights[0] << " channels, found "
                         << getWeights().getType() << " and "
                         << getResult().getType() << " (C40)";
  if (failed(verifyWeights(*this, getWeights(), 0, quantized)) ||
      failed(verifyTransposedWindow(*this)))
    return failure();
  return verifyBias(*this, getBias(), weights[0], quantized);
}

//===----------------------------------------------------------------------===//
// LinearOp
//===----------------------------------------------------------------------===//

OperandRole LinearOp::getOperandRole(unsigned index) {
  return weightedOperandRole(index);
}

std::optional<unsigned> LinearOp::getChannelAxis(unsigned index) {
  return index == 1 ? std::optional<unsigned>(0) : std::nullopt;
}

LogicalResult LinearOp::verify() {
  if (failed(verifyContraction(*this, getInput())))
    return failure();
  bool quantized = isQuantized(getInput().getType());
  ArrayRef<int64_t> input = shapeOf(getInput()),
                    weights = shapeOf(getWeights()),
                    result = shapeOf(getResult());
  if (input.size() < 2 || weights.size() != 2 || input.back() != weights[1])
    return emitOpError() << "expected an input [..., K] and weights [N,K], "
                         << "found " << getInput().getType() << " and "
                         << getWeights().getType() << " (C12)";
  if (result.size() != input.size() || result.back() != weights[0] ||
      result.drop_back() != input.drop_back())
    return emitOpError() << "expected a result with the input's leading "
                         << "dimensions and " << weights[0]
                         << " channels, found " << getResult().getType()
                         << " (C12)";
  if (failed(verifyWeights(*this, getWeights(), 0, quantized)))
    return failure();
  return verifyBias(*this, getBias(), weights[0], quantized);
}

//===----------------------------------------------------------------------===//
// MatMulOp
//===----------------------------------------------------------------------===//

LogicalResult MatMulOp::verify() {
  if (failed(verifyContraction(*this, {getLhs(), getRhs()})))
    return failure();
  ArrayRef<int64_t> lhs = shapeOf(getLhs()), rhs = shapeOf(getRhs()),
                    result = shapeOf(getResult());
  size_t rank = result.size();
  if (rank < 2 || lhs.size() != rank || rhs.size() != rank)
    return emitOpError() << "expected operands and result of one rank, 2 or "
                         << "more (C13)";
  for (size_t i = 0; i + 2 < rank; ++i)
    if ((lhs[i] != result[i] && lhs[i] != 1) ||
        (rhs[i] != result[i] && rhs[i] != 1) ||
        (lhs[i] != result[i] && rhs[i] != result[i]))
      return emitOpError() << "expected leading dimensions equal to the "
                           << "result's or 1, found " << lhs[i] << ", "
                           << rhs[i] << " and " << result[i] << " (C13)";
  size_t row = rank - 2, column = rank - 1;
  int64_t lhsRows = lhs[getTransposeLhs() ? column : row];
  int64_t lhsInner = lhs[getTransposeLhs() ? row : column];
  int64_t rhsInner = rhs[getTransposeRhs() ? column : row];
  int64_t rhsColumns = rhs[getTransposeRhs() ? row : column];
  if (lhsInner != rhsInner || result[row] != lhsRows ||
      result[column] != rhsColumns)
    return emitOpError() << "expected a product of [" << lhsRows << ","
                         << lhsInner << "] and [" << rhsInner << ","
                         << rhsColumns << "], found " << getResult().getType()
                         << " (C13)";
  return success();
}
