//===- Bufferize.cpp - Turn tensors into buffers --------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One-shot bufferization with the settings that the entry function's contract
// needs: inputs are read-only, layouts at the boundary are plain.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/MemoryPlanner.h"
#include "quantcc/Codegen/Passes.h"

#include <mlir/Dialect/Bufferization/IR/Bufferization.h>
#include <mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h>
#include <mlir/Dialect/Bufferization/Transforms/OneShotModuleBufferize.h>
#include <mlir/Dialect/MemRef/IR/MemRef.h>

using namespace mlir;
using bufferization::BufferizationDialect;

namespace quantcc {

#define GEN_PASS_DEF_BUFFERIZE
#include "quantcc/Codegen/Passes.h.inc"

namespace {

struct Bufferize : impl::BufferizeBase<Bufferize> {
  void runOnOperation() override {
    markInputsReadOnly();

    bufferization::OneShotBufferizationOptions options;
    options.bufferizeFunctionBoundaries = true;
    options.setFunctionBoundaryTypeConversion(
        bufferization::LayoutMapOption::IdentityLayoutMap);
    options.bufferAlignment = kArenaAlignment;
    bufferization::BufferizationState state;
    if (failed(bufferization::runOneShotModuleBufferize(getOperation(), options,
                                                        state)))
      return signalPassFailure();

    removeMarks();
  }

  void markInputsReadOnly() {
    Builder builder(&getContext());
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (!function.isPublic())
        continue;
      for (BlockArgument argument : function.getArguments())
        if (isa<TensorType>(argument.getType()))
          function.setArgAttr(argument.getArgNumber(),
                              BufferizationDialect::kWritableAttrName,
                              builder.getBoolAttr(false));
    }
  }

  void removeMarks() {
    for (auto function : getOperation().getOps<func::FuncOp>())
      for (unsigned i = 0, e = function.getNumArguments(); i != e; ++i)
        function.removeArgAttr(i, BufferizationDialect::kWritableAttrName);
  }
};

} // namespace
} // namespace quantcc
