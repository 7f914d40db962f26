//===- Passes.h - Passes of the code generator ------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Constructors and registration of the passes declared in Passes.td.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CODEGEN_PASSES_H
#define QUANTCC_CODEGEN_PASSES_H

#include "quantcc/Codegen/TargetInfo.h"

#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/IR/BuiltinOps.h>
#include <mlir/Pass/Pass.h>

namespace quantcc {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "quantcc/Codegen/Passes.h.inc"

} // namespace quantcc

#endif // QUANTCC_CODEGEN_PASSES_H
