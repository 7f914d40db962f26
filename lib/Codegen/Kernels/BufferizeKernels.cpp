//===- BufferizeKernels.cpp - Fused layers on buffers ---------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How fused layers become ops on buffers.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/Kernels.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"

#include <mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h>
#include <mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h>

using namespace mlir;
using namespace mlir::bufferization;
using namespace quantcc;

/// Whether the elements of the last dimension of `buffer` follow each other, as
/// kernels read and write them.
static bool isContiguous(Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  return type.getRank() == 0 || type.getShape().back() == 1 ||
         type.getStridesAndOffset().first.back() == 1;
}

namespace {

/// The op on buffers is the op on tensors without its result. What is not
/// contiguous, as a slice of every other channel, is copied before, or after.
template <typename KernelOp>
struct KernelModel
    : DstBufferizableOpInterfaceExternalModel<KernelModel<KernelOp>, KernelOp> {
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand,
                              const AnalysisState &) const {
    return !cast<KernelOp>(op).isDpsInit(&operand);
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &state) const {
    SmallVector<Value> buffers;
    for (Value operand : op->getOperands()) {
      FailureOr<Value> buffer = getBuffer(rewriter, operand, options, state);
      if (failed(buffer))
        return failure();
      buffers.push_back(*buffer);
    }
    Location loc = op->getLoc();
    Value result = buffers.back();
    for (Value &buffer : buffers) {
      if (isContiguous(buffer))
        continue;
      auto type = cast<MemRefType>(buffer.getType());
      FailureOr<Value> copy = options.createAlloc(
          rewriter, loc,
          MemRefType::get(type.getShape(), type.getElementType()),
          /*dynShape=*/ValueRange());
      if (failed(copy) ||
          (buffer != result &&
           failed(options.createMemCpy(rewriter, loc, buffer, *copy))))
        return failure();
      buffer = *copy;
    }
    KernelOp::create(rewriter, loc, TypeRange(), buffers, op->getAttrs());
    if (buffers.back() != result &&
        failed(options.createMemCpy(rewriter, loc, buffers.back(), result)))
      return failure();
    replaceOpWithBufferizedValues(rewriter, op, result);
    return success();
  }
};

} // namespace

void quantcc::registerKernelModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, QuantCCDialect *) {
    FusedAddOp::attachInterface<KernelModel<FusedAddOp>>(*context);
    FusedConv2DOp::attachInterface<KernelModel<FusedConv2DOp>>(*context);
    FusedMatMulOp::attachInterface<KernelModel<FusedMatMulOp>>(*context);
  });
}
