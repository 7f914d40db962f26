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

using namespace mlir;
using namespace quantcc;
using namespace quantcc::detail;

LogicalResult ObserveOp::verify() {
  if (getName().empty())
    return emitOpError() << "expected a name (C27)";
  return success();
}

LogicalResult FakeQuantizeOp::verify() {
  auto type = dyn_cast<quant::QuantizedType>(getParams());
  if (!type || !type.getExpressedType().isF32())
    return emitOpError() << "expected a quantized type of expressed type f32, "
                         << "found " << getParams() << " (C28)";
  if (failed(verifyParameters(*this, type)))
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
