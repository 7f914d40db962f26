//===- CompileNetwork.h - From the quantized stage to an object -*- C++ -*-===//
//-*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiles a network, or one layer of it, as `quantcc compile` does.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_BENCHMARK_COMPILENETWORK_H
#define QUANTCC_BENCHMARK_COMPILENETWORK_H

#include "quantcc/Codegen/CompileObject.h"
#include "quantcc/Verification/Stage.h"

#include <mlir/IR/BuiltinOps.h>

namespace quantcc {

/// The object of `module`, which is at `stage`, Quantized or Integer, and stays
/// as it is. On failure, an error has been emitted.
mlir::FailureOr<CompiledObject>
compileNetwork(mlir::ModuleOp module, Stage stage, const TargetInfo &target);

/// The object of `layer`, a LayerFunction's module, which stays as it is: of
/// its kernel alone, as the network calls it, or, if it has none, of all of it.
/// On failure, an error has been emitted.
mlir::FailureOr<CompiledObject> compileLayer(mlir::ModuleOp layer,
                                             const TargetInfo &target);

/// The object of `module`, a float network at the observed stage, which stays
/// as it is. On failure, an error has been emitted.
mlir::FailureOr<CompiledObject> compileFloatNetwork(mlir::ModuleOp module,
                                                    const TargetInfo &target);

} // namespace quantcc

#endif // QUANTCC_BENCHMARK_COMPILENETWORK_H
