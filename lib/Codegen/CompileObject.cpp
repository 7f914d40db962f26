//===- CompileObject.cpp - From linalg to an object in memory -------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Strings the code generator's pipelines and LLVM together.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/CompileObject.h"
#include "quantcc/Codegen/CodegenPipeline.h"
#include "quantcc/Codegen/LLVMBackend.h"

#include <llvm/IR/LLVMContext.h>

using namespace mlir;
using namespace quantcc;

/// Whether some operation of `module` takes or gives a float.
static bool computesInFloat(ModuleOp module) {
  auto isFloat = [](Type type) {
    return isa<FloatType>(getElementTypeOrSelf(type));
  };
  return module
      .walk([&](Operation *op) {
        return llvm::any_of(op->getOperandTypes(), isFloat) ||
                       llvm::any_of(op->getResultTypes(), isFloat)
                   ? WalkResult::interrupt()
                   : WalkResult::advance();
      })
      .wasInterrupted();
}

FailureOr<CompiledObject> quantcc::compileObject(ModuleOp source,
                                                 const TargetInfo &target) {
  auto machine = createTargetMachine(target);
  if (!machine) {
    source.emitError(llvm::toString(machine.takeError()));
    return failure();
  }
  OwningOpRef<ModuleOp> module = source.clone();

  PassManager schedule(module->getContext());
  buildSchedulePipeline(schedule, target);
  if (failed(schedule.run(*module)))
    return failure();
  std::optional<ModelInterface> interface = readModelInterface(*module);
  if (!interface)
    return failure();
  bool usesFloat = computesInFloat(*module);

  PassManager lower(module->getContext());
  buildLLVMPipeline(lower, target);
  if (failed(lower.run(*module)))
    return failure();
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> llvmModule =
      translateAndOptimize(*module, target, **machine, context);
  if (!llvmModule)
    return failure();
  module = {}; // the constants need not be in memory twice

  auto object = emitObject(*llvmModule, **machine);
  if (!object) {
    source.emitError(llvm::toString(object.takeError()));
    return failure();
  }
  interface->stackBytes = object->stackBytes;
  return CompiledObject{std::move(*interface), std::move(object->bytes),
                        usesFloat};
}
