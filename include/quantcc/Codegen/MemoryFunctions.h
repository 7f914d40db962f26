//===- MemoryFunctions.h - Code without memcpy and memset -------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Gives a module copies and fills of its own, where no library has them.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CODEGEN_MEMORYFUNCTIONS_H
#define QUANTCC_CODEGEN_MEMORYFUNCTIONS_H

#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

namespace quantcc {

/// Replaces the copies, moves and fills of `module`, which the code generator
/// would turn into calls of memcpy, memmove and memset: short ones of known
/// length by instructions, others by calls of internal functions of loops.
/// Those go by words where both sides are aligned to words, or `machine` reads
/// words anywhere; by eight registers at once with `hasScalableVectors`, those
/// of RISC-V. Runs after the optimizer, which makes copies and fills of loops.
void replaceMemoryFunctions(llvm::Module &module, llvm::TargetMachine &machine,
                            bool hasScalableVectors);

} // namespace quantcc

#endif // QUANTCC_CODEGEN_MEMORYFUNCTIONS_H
