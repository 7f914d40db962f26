//===- VectorShifts.h - Left shifts of vectors by vectors -------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Keeps LLVM's code generator for x86 from shifting integers by way of floats.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CODEGEN_VECTORSHIFTS_H
#define QUANTCC_CODEGEN_VECTORSHIFTS_H

#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

namespace quantcc {

/// Rewrites in `module` the left shifts of vectors of 16- and 32-bit integers
/// by amounts that differ from lane to lane into shifts by constants and
/// selections between them, if `machine` is an x86 without AVX2. LLVM would
/// make a float of each amount (2^n, by its exponent) and convert it to an
/// integer to multiply by. Runs after the optimizer, whose vectorizer makes
/// such shifts.
void expandVectorShifts(llvm::Module &module,
                        const llvm::TargetMachine &machine);

} // namespace quantcc

#endif // QUANTCC_CODEGEN_VECTORSHIFTS_H
