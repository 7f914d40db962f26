//===- SingleLaneStores.h - Masked stores of one lane -----------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Keeps a fault of LLVM's code generator for AVX-512 from writing beyond a
// tensor.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CODEGEN_SINGLELANESTORES_H
#define QUANTCC_CODEGEN_SINGLELANESTORES_H

#include <llvm/IR/Module.h>

namespace quantcc {

/// Rewrites in `module` the masked stores whose mask is a constant with one
/// lane set into stores of that element. LLVM 22 does the same for x86, but
/// stores as many bytes as the element had before it was truncated (LLVM issue
/// 179489): the last of 9 i8 results would write over 3 bytes behind it. Runs
/// after the optimizer, whose vectorizer makes such masks.
void splitSingleLaneStores(llvm::Module &module);

} // namespace quantcc

#endif // QUANTCC_CODEGEN_SINGLELANESTORES_H
