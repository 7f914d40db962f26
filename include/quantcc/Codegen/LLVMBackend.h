//===- LLVMBackend.h - From the LLVM dialect to machine code ----*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Translates a module in the LLVM dialect, optimizes it for one target and
// emits a relocatable object, all in memory.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CODEGEN_LLVMBACKEND_H
#define QUANTCC_CODEGEN_LLVMBACKEND_H

#include "quantcc/Codegen/TargetInfo.h"

#include <llvm/ADT/SmallVector.h>
#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>
#include <memory>
#include <mlir/IR/BuiltinOps.h>
#include <mlir/IR/DialectRegistry.h>
#include <optional>

namespace quantcc {

/// Makes all of LLVM's targets known, once a process.
void initializeCodeGenerators();

/// Registers what the code generator's pipelines need of the dialects they
/// work on: bufferization, tiling and translation models.
void registerCodegenModels(mlir::DialectRegistry &registry);

/// The code generator for `target`. No contraction of float operations; one
/// section a function and a constant. Errors: an unknown triple or processor.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createTargetMachine(const TargetInfo &target);

/// Translates `module`, optimizes it (-O2) for `machine`, and replaces the
/// arithmetic that `target` has no instructions for. Emits an error and returns
/// null if a construct has no translation.
std::unique_ptr<llvm::Module> translateAndOptimize(mlir::ModuleOp module,
                                                   const TargetInfo &target,
                                                   llvm::TargetMachine &machine,
                                                   llvm::LLVMContext &context);

/// What the code generator makes of a module.
struct EmittedObject {
  /// The relocatable object.
  llvm::SmallVector<char, 0> bytes;
  /// How deep the stack gets in a call of a public function, in bytes, with
  /// kMemoryFunctionStackBytes for memcpy and its like; nothing if that
  /// depends on the machine's vector length.
  std::optional<int64_t> stackBytes;
  std::optional<int64_t> taskStackBytes;
};

/// What memcpy, memmove and memset of a C library may take of the stack.
constexpr int64_t kMemoryFunctionStackBytes = 64;

/// Generates code for `module`. Errors: the target has no object files, or its
/// code generator refuses.
llvm::Expected<EmittedObject> emitObject(llvm::Module &module,
                                         llvm::TargetMachine &machine);

} // namespace quantcc

#endif // QUANTCC_CODEGEN_LLVMBACKEND_H
