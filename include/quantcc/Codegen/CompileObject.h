//===- CompileObject.h - From linalg to an object in memory -----*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs the whole code generator over a module: passes, LLVM, object.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CODEGEN_COMPILEOBJECT_H
#define QUANTCC_CODEGEN_COMPILEOBJECT_H

#include "quantcc/Codegen/ModelInterface.h"
#include "quantcc/Codegen/TargetInfo.h"
#include "quantcc/Support/PhaseTimes.h"

#include <llvm/ADT/SmallVector.h>
#include <mlir/IR/BuiltinOps.h>
#include <mlir/Support/LLVM.h>

namespace quantcc {

/// A relocatable object and how to call it.
struct CompiledObject {
  ModelInterface interface;
  llvm::SmallVector<char, 0> bytes;
  /// Whether the model computes in floating point: in a part that was left in
  /// it, or in kernels that requantize so.
  bool computesInFloat = false;
};

/// Compiles `module`, which has one public function on tensors of static shape
/// whose body is linalg, tensor, arith and scf, for `target`. The module itself
/// stays as it is. Its context must know the models that registerCodegenModels
/// adds. On failure, an error has been emitted. What the phases take is added
/// to `times`.
mlir::FailureOr<CompiledObject> compileObject(mlir::ModuleOp module,
                                              const TargetInfo &target,
                                              PhaseTimes *times = nullptr);

/// As above, of what buildSchedulePipeline has made of a module for `target`.
mlir::FailureOr<CompiledObject> compileScheduled(mlir::ModuleOp module,
                                                 const TargetInfo &target);

/// As compileObject, of `modules`, which are the same model lowered for each of
/// variantsOf(target) in turn. The object holds all of them, and calls the one
/// for the processor that it runs on.
mlir::FailureOr<CompiledObject>
compileVariants(llvm::ArrayRef<mlir::ModuleOp> modules,
                const TargetInfo &target, PhaseTimes *times = nullptr);

} // namespace quantcc

#endif // QUANTCC_CODEGEN_COMPILEOBJECT_H
