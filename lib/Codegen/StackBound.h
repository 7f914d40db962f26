//===- StackBound.h - How deep the stack of compiled code gets --*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bounds the stack from the frames that LLVM's code generator reports.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_CODEGEN_STACKBOUND_H
#define QUANTCC_LIB_CODEGEN_STACKBOUND_H

#include <llvm/ADT/DenseMap.h>
#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>
#include <optional>

namespace quantcc {

/// Bytes of each function's frame, where it has one.
using FrameSizes = llvm::DenseMap<const llvm::Function *, uint64_t>;

/// Makes the code generator report a DiagnosticInfoStackSize for each function
/// of `module` that has a frame.
void requestFrameSizes(llvm::Module &module);

/// Bytes that a call of a public function of `module` takes of the stack at
/// most. What the functions declared only, memcpy and its like, take is
/// assumed to be kMemoryFunctionStackBytes. A function that is given to one
/// that the caller gave is counted as if it was called at once. Nothing if the
/// frames depend on the length of the machine's vectors, or a function calls
/// itself.
std::optional<int64_t> boundStack(const llvm::Module &module,
                                  const llvm::TargetMachine &machine,
                                  const FrameSizes &frames);

/// The same for a call of a function that is handed to the caller: a task. 0 if
/// there is none.
std::optional<int64_t> boundTaskStack(const llvm::Module &module,
                                      const llvm::TargetMachine &machine,
                                      const FrameSizes &frames);

} // namespace quantcc

#endif // QUANTCC_LIB_CODEGEN_STACKBOUND_H
