//===- quant-opt.cpp - The pass driver ------------------------------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs quantcc's passes and pipelines, and the upstream ones that go with
// them, on IR.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Pipelines/Registration.h"

#include <mlir/Tools/mlir-opt/MlirOptMain.h>

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  quantcc::registerAllDialects(registry);
  quantcc::registerAllPasses();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "quantcc's pass driver\n", registry));
}
