//===- KernelOps.cpp - Ops of the laid-out stage --------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifier and effects of the ops that become kernels.
//
//===----------------------------------------------------------------------===//

#include "NetworkOpVerifier.h"

#include <mlir/IR/TypeUtilities.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::detail;

static ArrayRef<int64_t> extentsOf(Value value) {
  return cast<ShapedType>(value.getType()).getShape();
}

int64_t FusedConv2DOp::getKernelHeight() {
  return extentsOf(getWeights())[getDepthwise() ? 0 : 1];
}

int64_t FusedConv2DOp::getKernelWidth() {
  return extentsOf(getWeights())[getDepthwise() ? 1 : 2];
}

int64_t FusedMatMulOp::getNumBatches() { return extentsOf(getInit())[0]; }

int64_t FusedMatMulOp::getNumRows() { return extentsOf(getInit())[1]; }

int64_t FusedMatMulOp::getNumColumns() { return extentsOf(getInit())[2]; }

int64_t FusedMatMulOp::getDepth() { return extentsOf(getLhs())[2]; }

/// Buffers are read, but for the result's.
static void
addEffects(DestinationStyleOpInterface op,
           SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
               &effects) {
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<MemRefType>(operand.get().getType()))
      continue;
    if (op.isDpsInit(&operand))
      effects.emplace_back(MemoryEffects::Write::get(), &operand);
    else
      effects.emplace_back(MemoryEffects::Read::get(), &operand);
  }
}

void FusedConv2DOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  addEffects(*this, effects);
}

void FusedMatMulOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  addEffects(*this, effects);
}

void FusedAddOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  addEffects(*this, effects);
}

/// That `op` is on tensors or on buffers, of static shape, as `rule` says.
static LogicalResult verifyOperands(DestinationStyleOpInterface op,
                                    StringRef rule) {
  Type outs = op.getDpsInitOperand(0)->get().getType();
  bool isTensor = isa<TensorType>(outs);
  if (op->getNumResults() != (isTensor ? 1 : 0) ||
      (isTensor && op->getResult(0).getType() != outs))
    return op->emitOpError() << "expected a result like outs on tensors, and "
                             << "none on buffers (" << rule << ")";
  for (Value operand : op->getOperands())
    if (isa<TensorType>(operand.getType()) != isTensor ||
        !cast<ShapedType>(operand.getType()).hasStaticShape())
      return op->emitOpError() << "expected all operands of static shape, "
                               << "tensors or buffers (" << rule << ")";
  return success();
}

/// That clamp and zero point of `op` lie within the type of its outs, as `rule`
/// says.
template <typename Op>
static LogicalResult verifyStoredValues(Op op, StringRef rule) {
  int32_t low = op.getClampMin(), high = op.getClampMax(),
          zero = op.getOutputZeroPoint();
  unsigned width =
      cast<ShapedType>(op.getInit().getType()).getElementTypeBitWidth();
  int64_t least = llvm::minIntN(width), most = llvm::maxIntN(width);
  if (low > high || low < least || high > most || zero < least || zero > most)
    return op.emitOpError()
           << "expected clamp bounds in order and a zero point, all within ["
           << least << ", " << most << "], found [" << low << ", " << high
           << "] and " << zero << " (" << rule << ")";
  return success();
}

/// That the zero points of both operands of `op` are of i8, as `rule` says.
template <typename Op>
static LogicalResult verifyZeroPoints(Op op, StringRef rule) {
  for (int32_t zero : {static_cast<int32_t>(op.getLhsZeroPoint()),
                       static_cast<int32_t>(op.getRhsZeroPoint())})
    if (zero < -128 || zero > 127)
      return op.emitOpError()
             << "expected zero points within [-128, 127], found " << zero
             << " (" << rule << ")";
  return success();
}

/// C101, of an op whose outs is of i32.
static LogicalResult verifyAccumulators(FusedConv2DOp op) {
  Type input = getElementTypeOrSelf(op.getInput().getType());
  if (input.isInteger(8) && !op.getBiasedResult() &&
      op.getMultipliers().empty() && op.getShifts().empty() &&
      op.getOutputZeroPoint() == 0 &&
      static_cast<int32_t>(op.getClampMin()) == INT32_MIN &&
      static_cast<int32_t>(op.getClampMax()) == INT32_MAX)
    return success();
  return op.emitOpError()
         << "expected an input of i8, no multipliers, zero point 0, the bounds "
         << "of i32 and no biased result for outs of i32 (C101)";
}

/// C100.
static LogicalResult verifyElements(FusedConv2DOp op) {
  Type input = getElementTypeOrSelf(op.getInput().getType());
  Type outs = getElementTypeOrSelf(op.getInit().getType());
  if (outs.isInteger(32))
    return verifyAccumulators(op);
  if (input != outs)
    return op.emitOpError()
           << "expected input and outs of one element type, "
           << "found " << input << " and " << outs << " (C100)";
  if (outs.isInteger(16) &&
      (!getElementTypeOrSelf(op.getWeights().getType()).isInteger(8) ||
       op.getBiasedInput() || op.getBiasedResult()))
    return op.emitOpError() << "expected values of i16 that are not biased, "
                            << "and weights of i8 for them (C100)";
  return success();
}

/// C80 but for the windows.
static LogicalResult verifyShapes(FusedConv2DOp op) {
  ArrayRef<int64_t> in = extentsOf(op.getInput()),
                    out = extentsOf(op.getInit());
  ArrayRef<int64_t> weights = extentsOf(op.getWeights());
  if (in.size() != 4 || out.size() != 4 || in[0] != out[0])
    return op.emitOpError() << "expected images of rank 4 and of one number, "
                            << "found " << op.getInput().getType() << " and "
                            << op.getInit().getType() << " (C80)";
  bool matches =
      op.getDepthwise()
          ? weights.size() == 3 && weights[2] == in[3] && weights[2] == out[3]
          : weights.size() == 4 && weights[3] == in[3] && weights[0] == out[3];
  if (!matches)
    return op.emitOpError()
           << "expected weights for " << in[3] << " channels and " << out[3]
           << " results, found " << op.getWeights().getType() << " (C80)";
  ArrayRef<int64_t> bias = extentsOf(op.getBias());
  if (bias.size() != 1 || bias[0] != out[3])
    return op.emitOpError()
           << "expected a bias of " << out[3] << " values, found "
           << op.getBias().getType() << " (C80)";
  return success();
}

LogicalResult FusedConv2DOp::verify() {
  if (failed(verifyOperands(*this, "C80")))
    return failure();
  if (failed(verifyElements(*this)) || failed(verifyShapes(*this)))
    return failure();
  if (getStrides().size() != 2 || getDilations().size() != 2 ||
      llvm::any_of(getStrides(), [](int64_t s) { return s < 1; }) ||
      llvm::any_of(getDilations(), [](int64_t d) { return d < 1; }))
    return emitOpError() << "expected two positive strides and dilations (C80)";
  int64_t kernel[] = {getKernelHeight(), getKernelWidth()};
  for (int dim : {0, 1}) {
    int64_t last = (extentsOf(getInit())[dim + 1] - 1) * getStrides()[dim] +
                   (kernel[dim] - 1) * getDilations()[dim];
    if (last >= extentsOf(getInput())[dim + 1])
      return emitOpError() << "expected windows within the input, found one "
                           << "that ends at " << last << " of "
                           << extentsOf(getInput())[dim + 1] << " (C80)";
  }

  if (getElementTypeOrSelf(getInit().getType()).isInteger(32))
    return success();
  size_t count = getMultipliers().size();
  int64_t channels = extentsOf(getInit())[3];
  if (getShifts().size() != count ||
      (count != 1 && static_cast<int64_t>(count) != channels))
    return emitOpError() << "expected 1 or " << channels
                         << " multipliers and as many shifts, found " << count
                         << " and " << getShifts().size() << " (C81)";
  for (auto [multiplier, shift] :
       llvm::zip_equal(getMultipliers(), getShifts()))
    if (failed(verifyMultiplier(*this, multiplier, shift, "C81")))
      return failure();
  if (getRounding() == Rounding::Reduced)
    return emitOpError() << "expected rounding double, single or half_even, "
                         << "found reduced (C81)";
  return verifyStoredValues(*this, "C81");
}

LogicalResult FusedAddOp::verify() {
  if (failed(verifyOperands(*this, "C88")))
    return failure();
  ArrayRef<int64_t> shape = extentsOf(getInit());
  if (extentsOf(getLhs()) != shape || extentsOf(getRhs()) != shape)
    return emitOpError() << "expected operands of the shape of outs, found "
                         << getLhs().getType() << " and " << getRhs().getType()
                         << " for " << getInit().getType() << " (C88)";
  std::pair<int32_t, int32_t> multipliers[] = {
      {getLhsMultiplier(), getLhsShift()},
      {getRhsMultiplier(), getRhsShift()},
      {getOutputMultiplier(), getOutputShift()}};
  for (auto [multiplier, shift] : multipliers)
    if (failed(verifyMultiplier(*this, multiplier, shift, "C88")))
      return failure();
  int32_t leftShift = getLeftShift();
  if (leftShift < 0 || leftShift > 22)
    return emitOpError() << "expected a left shift within [0, 22], found "
                         << leftShift << " (C88)";
  if (failed(verifyZeroPoints(*this, "C88")))
    return failure();
  if (getRounding() == Rounding::Reduced)
    return emitOpError() << "expected rounding double, single or half_even, "
                         << "found reduced (C88)";
  return verifyStoredValues(*this, "C88");
}

LogicalResult FusedMatMulOp::verify() {
  if (failed(verifyOperands(*this, "C108")))
    return failure();
  ArrayRef<int64_t> lhs = extentsOf(getLhs()), rhs = extentsOf(getRhs()),
                    out = extentsOf(getInit());
  if (lhs.size() != 3 || rhs.size() != 3 || out.size() != 3)
    return emitOpError() << "expected matrices of rank 3, found "
                         << getLhs().getType() << ", " << getRhs().getType()
                         << " and " << getInit().getType() << " (C108)";
  SmallVector<int64_t> expected = {out[0], lhs[2], out[2]};
  if (getTransposeRhs())
    std::swap(expected[1], expected[2]);
  if (lhs[0] != out[0] || lhs[1] != out[1] || rhs != ArrayRef(expected))
    return emitOpError() << "expected operands whose product is of the shape "
                         << "of outs, found " << getLhs().getType() << " and "
                         << getRhs().getType() << " for " << getInit().getType()
                         << " (C108)";
  if (failed(verifyMultiplier(*this, getMultiplier(), getShift(), "C109")) ||
      failed(verifyZeroPoints(*this, "C109")))
    return failure();
  int64_t lhsMost = 128 + std::abs(int64_t(int32_t(getLhsZeroPoint())));
  int64_t rhsMost = 128 + std::abs(int64_t(int32_t(getRhsZeroPoint())));
  if (lhs[2] > INT32_MAX / (lhsMost * rhsMost))
    return emitOpError() << "expected sums within i32, found " << lhs[2]
                         << " products (C109)";
  if (getRounding() == Rounding::Reduced)
    return emitOpError() << "expected rounding double, single or half_even, "
                         << "found reduced (C109)";
  return verifyStoredValues(*this, "C109");
}
