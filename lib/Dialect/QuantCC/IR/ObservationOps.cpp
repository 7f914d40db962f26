//===- ObservationOps.cpp - Observation and simulation --------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers of the observing and simulating ops and of the float island.
//
//===----------------------------------------------------------------------===//

#include "NetworkOpVerifier.h"

#include <cmath>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::detail;

/// C35 and C36: `values`, if there are any, are one finite value a channel.
static LogicalResult verifyChannels(Operation *op, StringRef name,
                                    std::optional<ArrayRef<float>> values,
                                    StringRef constraint) {
  if (!values)
    return success();
  ArrayRef<int64_t> shape = shapeOf(op->getOperand(0));
  if (shape.empty() || shape.back() != static_cast<int64_t>(values->size()))
    return op->emitOpError()
           << "expected one value of " << name << " a channel of "
           << op->getOperand(0).getType() << ", found " << values->size()
           << " (" << constraint << ")";
  if (!llvm::all_of(*values, [](float value) { return std::isfinite(value); }))
    return op->emitOpError()
           << "expected finite values of " << name << " (" << constraint << ")";
  return success();
}

LogicalResult ObserveOp::verify() {
  if (getName().empty())
    return emitOpError() << "expected a name (C27)";
  if (failed(verifyChannels(*this, "channel_min", getChannelMin(), "C35")) ||
      failed(verifyChannels(*this, "channel_max", getChannelMax(), "C35")) ||
      failed(verifyChannels(*this, "channel_mean", getChannelMean(), "C35")))
    return failure();
  if (getChannelMin().has_value() != getChannelMax().has_value())
    return emitOpError()
           << "expected channel_min and channel_max, or none of them (C35)";
  if (!getChannelMin())
    return success();
  if (!getRange())
    return emitOpError() << "expected a range with channel_min (C35)";
  for (auto [low, high] : llvm::zip_equal(*getChannelMin(), *getChannelMax()))
    if (low > high || low < getRange()->getMinValue() ||
        high > getRange()->getMaxValue())
      return emitOpError() << "expected ranges of channels within "
                           << *getRange() << ", found " << low << " to " << high
                           << " (C35)";
  return success();
}

LogicalResult FakeQuantizeOp::verify() {
  auto type = dyn_cast<quant::QuantizedType>(getParams());
  if (!type || !type.getExpressedType().isF32())
    return emitOpError() << "expected a quantized type of expressed type f32, "
                         << "found " << getParams() << " (C28)";
  if (failed(verifyParameters(*this, type)) ||
      failed(verifyChannels(*this, "channel_mean", getChannelMean(), "C36")))
    return failure();
  auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type);
  if (!perAxis)
    return success();
  ArrayRef<int64_t> shape = shapeOf(getInput());
  int64_t axis = perAxis.getQuantizedDimension();
  if (axis >= static_cast<int64_t>(shape.size()) ||
      shape[axis] != static_cast<int64_t>(perAxis.getScales().size()))
    return emitOpError() << "expected a dimension " << axis << " of "
                         << perAxis.getScales().size() << " values, found "
                         << getInput().getType() << " (C28)";
  return success();
}

LogicalResult FloatIslandOp::verify() {
  Block &block = getBody().front();
  // The block itself is verified only after this.
  if (block.empty() || !isa<YieldOp>(block.back()))
    return emitOpError() << "expected a block that ends in quantcc.yield (C29)";
  if (block.getArgumentTypes() != getInputs().getTypes())
    return emitOpError() << "expected block arguments of the types of the "
                         << "inputs (C29)";
  if (block.getTerminator()->getOperandTypes() != getOutputs().getTypes())
    return emitOpError() << "expected to yield values of the types of the "
                         << "results (C29)";
  if (getReason().empty())
    return emitOpError() << "expected a reason (C29)";
  return success();
}
