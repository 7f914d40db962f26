//===- CodegenPipeline.h - From linalg to the LLVM dialect ------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pipelines over the passes of lib/Codegen, in two parts: up to the scheduled
// stage (views of one arena), and from there to the LLVM dialect.
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_CODEGEN_CODEGENPIPELINE_H
#define QUANTCC_CODEGEN_CODEGENPIPELINE_H

#include "quantcc/Codegen/TargetInfo.h"

#include <mlir/Pass/PassManager.h>

namespace quantcc {

/// Appends the passes that make whole layers of the integer stage's ops, where
/// `target` has kernels for them. What they leave is lowered to linalg next.
void buildLayoutPipeline(mlir::OpPassManager &passes, const TargetInfo &target);

/// Appends the passes from linalg on tensors to loops on views of the arena.
/// `readModelInterface` reads the result's inputs, outputs and memory plan.
void buildSchedulePipeline(mlir::OpPassManager &passes,
                           const TargetInfo &target);

/// Appends the passes from there to the LLVM dialect.
void buildLLVMPipeline(mlir::OpPassManager &passes, const TargetInfo &target);

/// Registers them for quant-opt, as --quantcc-layout-pipeline,
/// --quantcc-schedule-pipeline and --quantcc-llvm-pipeline, for the target that
/// their option `target` names.
void registerCodegenPipelines();

} // namespace quantcc

#endif // QUANTCC_CODEGEN_CODEGENPIPELINE_H
