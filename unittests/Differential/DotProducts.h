//===- DotProducts.h - Dot products that no emulator knows ------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Code for Zvqdotq, which emulators lack: its one instruction is replaced by
// what the specification says it computes, in other vector instructions. All
// else of the code stays as it is.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_UNITTESTS_DIFFERENTIAL_DOTPRODUCTS_H
#define QUANTCC_UNITTESTS_DIFFERENTIAL_DOTPRODUCTS_H

#include "quantcc/Codegen/TargetInfo.h"

#include <mlir/IR/BuiltinOps.h>

namespace quantcc::differential {

/// Whether code for `target` has instructions that emulators lack.
bool hasUnknownDotProducts(const TargetInfo &target);

/// Replaces each llvm.riscv.vqdot of `scheduled` by four products of the bytes
/// of each word, whose sum is added.
void replaceDotProducts(mlir::ModuleOp scheduled);

/// `target` for code without them.
TargetInfo withoutDotProducts(TargetInfo target);

} // namespace quantcc::differential

#endif // QUANTCC_UNITTESTS_DIFFERENTIAL_DOTPRODUCTS_H
