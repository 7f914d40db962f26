//===- WideArithmetic.h - Arithmetic that a target lacks --------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Replaces integer arithmetic that a target could only do by calling a run-time
// library, which the product does without.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CODEGEN_WIDEARITHMETIC_H
#define QUANTCC_CODEGEN_WIDEARITHMETIC_H

#include "quantcc/Codegen/TargetInfo.h"

#include <llvm/IR/Module.h>

namespace quantcc {

/// Rewrites in `module`, for a 32-bit `target`: divisions and remainders of 64
/// bits (and of up to 32 bits if the target has no divide instruction) into
/// shifts and subtractions; if the target has no wide arithmetic, products of
/// 64 bits and shifts of 64 bits by variable amounts into functions that do
/// them in 32-bit steps. Runs after the optimizer, which might undo it. Does
/// nothing for 64-bit targets.
void expandWideArithmetic(llvm::Module &module, const TargetInfo &target);

} // namespace quantcc

#endif // QUANTCC_CODEGEN_WIDEARITHMETIC_H
