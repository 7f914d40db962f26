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

namespace {

/// The op on buffers is the op on tensors without its result.
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
    KernelOp::create(rewriter, op->getLoc(), TypeRange(), buffers,
                     op->getAttrs());
    replaceOpWithBufferizedValues(rewriter, op, buffers.back());
    return success();
  }
};

} // namespace

void quantcc::registerKernelModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, QuantCCDialect *) {
    FusedAddOp::attachInterface<KernelModel<FusedAddOp>>(*context);
    FusedConv2DOp::attachInterface<KernelModel<FusedConv2DOp>>(*context);
  });
}
