//===- consumer.cpp - A program outside the tree --------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parses an op of the dialect, asks it through an interface how it is
// quantized, and prints it.
//
//===----------------------------------------------------------------------===//

#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Parser/Parser.h>
#include <quantcc/Dialect/QuantCC/IR/QuantCC.h>

int main() {
  mlir::MLIRContext context;
  context.loadDialect<mlir::func::FuncDialect, quantcc::QuantCCDialect>();
  mlir::OwningOpRef<mlir::ModuleOp> module =
      mlir::parseSourceString<mlir::ModuleOp>(
          "func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {\n"
          "  %y = quantcc.add %x, %x\n"
          "      : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>\n"
          "  return %y : tensor<4xf32>\n"
          "}\n",
          &context);
  if (!module)
    return 1;
  unsigned quantizable = 0;
  module->walk([&](quantcc::QuantizableOpInterface) { ++quantizable; });
  module->print(llvm::outs());
  llvm::outs() << "quantizable ops: " << quantizable << "\n";
  return 0;
}
