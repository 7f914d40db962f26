//===- CompileNetwork.cpp - From the quantized stage to an object --------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Strings the pipelines after the quantized stage together.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Benchmark/CompileNetwork.h"

#include "quantcc/Pipelines/Pipelines.h"
#include "quantcc/Transforms/Passes.h"

using namespace mlir;
using namespace quantcc;

FailureOr<CompiledObject> quantcc::compileNetwork(ModuleOp module, Stage stage,
                                                  const TargetInfo &target) {
  OwningOpRef<ModuleOp> lowered = module.clone();
  PassManager passes(module.getContext());
  buildPipeline(passes, stage, Stage::Integer, {});
  if (failed(passes.run(*lowered)))
    return failure();
  return compileIntegerStage(*lowered, target);
}

FailureOr<CompiledObject>
quantcc::compileFloatNetwork(ModuleOp module, const TargetInfo &target) {
  OwningOpRef<ModuleOp> lowered = module.clone();
  PassManager passes(module.getContext());
  passes.addNestedPass<func::FuncOp>(createStripObservers());
  buildLoweringPipeline(passes);
  if (failed(passes.run(*lowered)))
    return failure();
  return compileObject(*lowered, target);
}
