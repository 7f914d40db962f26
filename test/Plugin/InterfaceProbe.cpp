//===- InterfaceProbe.cpp - A stranger who knows the interface ------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A pass plugin that was linked apart from the dialect, with its own copy of
// the interfaces: it reports the ops that it takes to be quantizable.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Interfaces/QuantizableOpInterface.h"

#include <mlir/Pass/Pass.h>
#include <mlir/Tools/Plugins/PassPlugin.h>

namespace {
struct ProbePass : public mlir::PassWrapper<ProbePass, mlir::OperationPass<>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ProbePass)

  llvm::StringRef getArgument() const final { return "probe-interface"; }
  llvm::StringRef getDescription() const final {
    return "Report the ops that implement QuantizableOpInterface";
  }
  void runOnOperation() final {
    getOperation()->walk([](quantcc::QuantizableOpInterface op) {
      op.emitRemark("quantizable, ")
          << op->getNumOperands() << " operands, the first "
          << (op.getOperandRole(0) == quantcc::OperandRole::Activation
                  ? "an activation"
                  : "none");
    });
  }
};
} // namespace

extern "C" LLVM_ATTRIBUTE_WEAK mlir::PassPluginLibraryInfo
mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "InterfaceProbe", "1",
          [] { mlir::PassRegistration<ProbePass>(); }};
}
