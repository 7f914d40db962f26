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

#include "quantcc/Analysis/NetworkLayers.h"
#include "quantcc/Benchmark/LayerFunctions.h"
#include "quantcc/Codegen/CodegenPipeline.h"
#include "quantcc/Dialect/QuantCC/IR/QuantCC.h"
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

/// Whether all of the work of the only op of `layer`, at the quantized stage,
/// is its kernel's, if it has one.
static bool isAllKernel(ModuleOp layer) {
  bool hasOther = false;
  layer.walk([&](Operation *op) {
    hasOther |= takesTime(op) && !isa<Conv2DOp, LinearOp, AddOp>(op) &&
                isa<func::FuncOp>(op->getParentOp());
  });
  return !hasOther;
}

FailureOr<CompiledObject> quantcc::compileLayer(ModuleOp layer,
                                                const TargetInfo &target) {
  if (!target.variants.empty() || !isAllKernel(layer))
    return compileNetwork(layer, Stage::Quantized, target);
  OwningOpRef<ModuleOp> lowered = layer.clone();
  PassManager layout(layer.getContext());
  buildPipeline(layout, Stage::Quantized, Stage::Integer, {});
  buildLayoutPipeline(layout, target);
  if (failed(layout.run(*lowered)))
    return failure();
  if (OwningOpRef<ModuleOp> kernel = cutOutKernel(*lowered))
    lowered = std::move(kernel);
  PassManager lowering(layer.getContext());
  buildLoweringPipeline(lowering);
  if (failed(lowering.run(*lowered)))
    return failure();
  return compileObject(*lowered, target);
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
