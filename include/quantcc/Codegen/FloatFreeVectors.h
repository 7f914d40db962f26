//===- FloatFreeVectors.h - Integer vectors without floats ------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Keeps LLVM's code generators from computing vectors of integers by way of
// floats.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CODEGEN_FLOATFREEVECTORS_H
#define QUANTCC_CODEGEN_FLOATFREEVECTORS_H

#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

namespace quantcc {

/// Rewrites the operations of `module` that LLVM 22 would do in float on
/// `machine` into others of the same value. Runs after the optimizer, whose
/// vectorizer makes them.
///
/// - On x86 without AVX2, left shifts of vectors of 16- and 32-bit integers by
///   amounts that differ from lane to lane: LLVM makes a float of each amount
///   (2^n, by its exponent) and converts it to an integer to multiply by.
/// - On RISC-V with vectors, but without Zvbb, counts of leading and trailing
///   zeros: LLVM converts to float and takes the exponent.
void rewriteFloatFree(llvm::Module &module, const llvm::TargetMachine &machine);

} // namespace quantcc

#endif // QUANTCC_CODEGEN_FLOATFREEVECTORS_H
