//===- RecurrentOps.cpp - Layers with a state -----------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers of LSTM and SVDF.
//
//===----------------------------------------------------------------------===//

#include "NetworkOpVerifier.h"

#include <cmath>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::detail;

bool quantcc::isRecurrentOp(Operation *op) { return isa<LstmOp, SvdfOp>(op); }

/// Whether `value` has signed storage of one of the `widths`.
static bool hasSignedStorage(Value value, ArrayRef<unsigned> widths) {
  quant::QuantizedType type = getQuantizedElementType(value.getType());
  return type.isSigned() &&
         llvm::is_contained(widths, type.getStorageTypeIntegralWidth());
}

static bool hasPerTensorParameters(Value value) {
  return isa<quant::UniformQuantizedType>(
      getQuantizedElementType(value.getType()));
}

//===----------------------------------------------------------------------===//
// LstmOp
//===----------------------------------------------------------------------===//

int64_t LstmOp::getBatch() { return shapeOf(getInitialHidden())[0]; }
int64_t LstmOp::getSteps() { return shapeOf(getInput())[getTimeAxis()]; }
int64_t LstmOp::getHiddenSize() { return shapeOf(getInitialHidden())[1]; }

static LogicalResult verifyCounts(LstmOp op) {
  size_t biases = op.getBias().size();
  if (op.getInputWeights().size() == LstmOp::kGates &&
      op.getRecurrentWeights().size() == LstmOp::kGates &&
      (biases == 0 || biases == LstmOp::kGates))
    return success();
  return op.emitOpError() << "expected four input weights, four recurrent "
                          << "weights and four biases or none, found "
                          << op.getInputWeights().size() << ", "
                          << op.getRecurrentWeights().size() << " and "
                          << biases << " (C55)";
}

static LogicalResult verifyMatrices(LstmOp op, ValueRange weights,
                                    ArrayRef<int64_t> shape) {
  for (Value matrix : weights)
    if (shapeOf(matrix) != shape)
      return op.emitOpError() << "expected weights of shape [" << shape
                              << "], found " << matrix.getType() << " (C55)";
  return success();
}

static LogicalResult verifyShapes(LstmOp op) {
  ArrayRef<int64_t> input = shapeOf(op.getInput()),
                    hidden = shapeOf(op.getInitialHidden());
  if (input.size() != 3 || hidden.size() != 2 ||
      input[1 - op.getTimeAxis()] != hidden[0])
    return op.emitOpError()
           << "expected an input "
           << (op.getTimeMajor() ? "[T,B,I]" : "[B,T,I]")
           << " and states [B,H], found " << op.getInput().getType() << " and "
           << op.getInitialHidden().getType() << " (C55)";
  for (Value state :
       {op.getInitialCell(), op.getFinalHidden(), op.getFinalCell()})
    if (shapeOf(state) != hidden)
      return op.emitOpError() << "expected states of one shape, found "
                              << op.getInitialHidden().getType() << " and "
                              << state.getType() << " (C55)";
  int64_t size = hidden[1];
  if (shapeOf(op.getResult()) != ArrayRef<int64_t>{input[0], input[1], size})
    return op.emitOpError() << "expected a result with the input's leading "
                            << "dimensions and " << size << " channels, found "
                            << op.getResult().getType() << " (C55)";
  if (failed(verifyMatrices(op, op.getInputWeights(), {size, input[2]})))
    return failure();
  return verifyMatrices(op, op.getRecurrentWeights(), {size, size});
}

/// C56, for values whose common constraints hold.
static LogicalResult verifyLstmTypes(LstmOp op) {
  for (Value value : {op.getInput(), op.getInitialHidden()})
    if (!hasSignedStorage(value, 8))
      return op.emitOpError()
             << "expected signed 8-bit input and hidden state, found "
             << value.getType() << " (C56)";
  for (ValueRange weights :
       {ValueRange(op.getInputWeights()), ValueRange(op.getRecurrentWeights())})
    for (Value matrix : weights)
      if (!hasPerTensorParameters(matrix) || !hasSignedStorage(matrix, 8))
        return op.emitOpError() << "expected signed 8-bit weights with "
                                << "per-tensor parameters, found "
                                << matrix.getType() << " (C56)";
  quant::QuantizedType hidden =
      getQuantizedElementType(op.getInitialHidden().getType());
  for (Value value : {op.getResult(), op.getFinalHidden()})
    if (getQuantizedElementType(value.getType()) != hidden)
      return op.emitOpError()
             << "expected the hidden state's parameters of the result, found "
             << op.getInitialHidden().getType() << " and " << value.getType()
             << " (C56)";
  auto cell = cast<quant::UniformQuantizedType>(
      getQuantizedElementType(op.getInitialCell().getType()));
  int exponent;
  bool isPower = std::frexp(cell.getScale(), &exponent) == 0.5;
  // 0.5 * 2^exponent is 2^-n.
  int n = 1 - exponent;
  if (!hasSignedStorage(op.getInitialCell(), 16) || cell.getZeroPoint() != 0 ||
      !isPower || n < 0 || n > 15)
    return op.emitOpError()
           << "expected a cell state of signed 16-bit storage, scale 2^-n with "
           << "n within [0, 15] and zero point 0, found " << cell << " (C56)";
  if (op.getFinalCell().getType() != op.getInitialCell().getType())
    return op.emitOpError() << "expected cell states of one type, found "
                            << op.getInitialCell().getType() << " and "
                            << op.getFinalCell().getType() << " (C56)";
  return success();
}

LogicalResult LstmOp::verify() {
  SmallVector<Value> activations{getInput(),       getInitialHidden(),
                                 getInitialCell(), getResult(),
                                 getFinalHidden(), getFinalCell()};
  if (failed(verifyForm(*this, activations)) ||
      failed(verifyRounding(*this, getRounding().has_value())) ||
      failed(verifyCounts(*this)) || failed(verifyShapes(*this)))
    return failure();
  bool quantized = isQuantized(getResult().getType());
  for (ValueRange weights :
       {ValueRange(getInputWeights()), ValueRange(getRecurrentWeights())})
    for (Value matrix : weights)
      if (failed(verifyWeights(*this, matrix, 0, quantized)))
        return failure();
  for (Value bias : getBias())
    if (failed(verifyBias(*this, bias, getHiddenSize(), quantized)))
      return failure();
  if (std::optional<APFloat> clip = getCellClip())
    if (!clip->isFinite() || clip->isNegative() || clip->isZero())
      return emitOpError() << "expected a positive finite cell_clip, found "
                           << clip->convertToFloat() << " (C55)";
  return quantized ? verifyLstmTypes(*this) : success();
}

//===----------------------------------------------------------------------===//
// SvdfOp
//===----------------------------------------------------------------------===//

static LogicalResult verifyShapes(SvdfOp op) {
  ArrayRef<int64_t> input = shapeOf(op.getInput()),
                    state = shapeOf(op.getInitialState()),
                    feature = shapeOf(op.getFeatureWeights()),
                    time = shapeOf(op.getTimeWeights());
  if (input.size() != 2 || feature.size() != 2 || time.size() != 2 ||
      feature[1] != input[1] || time[0] != feature[0])
    return op.emitOpError()
           << "expected an input [B,I], feature weights [F,I] and time weights "
           << "[F,M], found " << op.getInput().getType() << ", "
           << op.getFeatureWeights().getType() << " and "
           << op.getTimeWeights().getType() << " (C57)";
  if (state != ArrayRef<int64_t>{input[0], time[0] * time[1]} ||
      shapeOf(op.getFinalState()) != state)
    return op.emitOpError()
           << "expected states of shape [" << input[0] << ", "
           << time[0] * time[1] << "], found " << op.getInitialState().getType()
           << " and " << op.getFinalState().getType() << " (C57)";
  int64_t rank = op.getRank();
  if (rank < 1 || feature[0] % rank != 0)
    return op.emitOpError()
           << "expected a positive rank that divides " << feature[0]
           << " filters, found " << rank << " (C57)";
  if (shapeOf(op.getResult()) != ArrayRef<int64_t>{input[0], feature[0] / rank})
    return op.emitOpError() << "expected a result of shape [" << input[0]
                            << ", " << feature[0] / rank << "], found "
                            << op.getResult().getType() << " (C57)";
  return success();
}

/// C58, for values whose common constraints hold.
static LogicalResult verifySvdfTypes(SvdfOp op) {
  for (Value value : {op.getInput(), op.getFeatureWeights(), op.getResult()})
    if (!hasPerTensorParameters(value) || !hasSignedStorage(value, 8))
      return op.emitOpError()
             << "expected input, feature weights and result of signed 8-bit "
             << "storage with per-tensor parameters, found " << value.getType()
             << " (C58)";
  for (Value value : {op.getInitialState(), op.getTimeWeights()})
    if (!hasPerTensorParameters(value) || !hasSignedStorage(value, {8, 16}))
      return op.emitOpError()
             << "expected state and time weights of signed 8-bit or 16-bit "
             << "storage with per-tensor parameters, found " << value.getType()
             << " (C58)";
  if (op.getFinalState().getType() != op.getInitialState().getType())
    return op.emitOpError() << "expected states of one type, found "
                            << op.getInitialState().getType() << " and "
                            << op.getFinalState().getType() << " (C58)";
  return success();
}

LogicalResult SvdfOp::verify() {
  bool quantized = isQuantized(getResult().getType());
  if (failed(verifyForm(*this, {getInput(), getInitialState(), getResult(),
                                getFinalState()})) ||
      failed(verifyRounding(*this, getRounding().has_value())) ||
      failed(verifyClamp(*this, getClamp(), getStoredClamp())) ||
      failed(verifyWeights(*this, getFeatureWeights(), 0, quantized)) ||
      failed(verifyWeights(*this, getTimeWeights(), 0, quantized)) ||
      failed(verifyShapes(*this)) ||
      failed(verifyBias(*this, getBias(), shapeOf(getResult())[1], quantized)))
    return failure();
  return quantized ? verifySvdfTypes(*this) : success();
}
