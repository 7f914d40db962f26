//===- LoopFunction.h - A loop to be timed ----------------------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function with one loop, as LLVM IR that is compiled without the optimizer,
// which might see through it, and loaded as a model is.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_LIB_BENCHMARK_LOOPFUNCTION_H
#define QUANTCC_LIB_BENCHMARK_LOOPFUNCTION_H

#include "quantcc/Codegen/CompileObject.h"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>

#include <optional>

namespace quantcc {

/// `void symbol(ptr in, ptr out, ptr arena)`: a block before the loop, the
/// loop, and a block after it. All are empty, and the caller fills them.
struct LoopFunction {
  LoopFunction(llvm::Module &module, llvm::StringRef symbol);

  llvm::Value *input() const { return function->getArg(0); }
  llvm::Value *output() const { return function->getArg(1); }

  llvm::Function *function;
  llvm::BasicBlock *before, *loop, *after;
};

/// The object of `symbol` for `target`, which reads `inputBytes` and writes
/// `outputBytes`; `fill` adds it to an empty module. Nothing if LLVM has no
/// code for the target.
std::optional<CompiledObject>
compileLoop(const TargetInfo &target, llvm::StringRef symbol,
            int64_t inputBytes, int64_t outputBytes,
            llvm::function_ref<void(llvm::Module &)> fill);

} // namespace quantcc

#endif // QUANTCC_LIB_BENCHMARK_LOOPFUNCTION_H
