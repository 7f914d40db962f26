//===- CodegenPipeline.cpp - From linalg to the LLVM dialect --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The order of the code generator's passes.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/CodegenPipeline.h"
#include "quantcc/Codegen/Passes.h"

#include <mlir/Conversion/Passes.h>
#include <mlir/Dialect/Bufferization/Transforms/Passes.h>
#include <mlir/Dialect/Linalg/Passes.h>
#include <mlir/Dialect/MemRef/Transforms/Passes.h>
#include <mlir/Pass/PassRegistry.h>
#include <mlir/Transforms/Passes.h>

using namespace mlir;

static void addCleanup(OpPassManager &passes) {
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
}

void quantcc::buildLayoutPipeline(OpPassManager &passes,
                                  const TargetInfo &target) {
  if (target.kernels == KernelSet::Portable)
    return;
  FuseKernelsOptions options;
  options.kernels = target.kernels;
  passes.addNestedPass<func::FuncOp>(createFuseKernels(options));
  passes.addPass(createConvertElementwiseToLinalgPass());
}

void quantcc::buildSchedulePipeline(OpPassManager &passes,
                                    const TargetInfo &target) {
  // State is a value from here on, as inputs and outputs are.
  passes.addPass(createVariablesToArguments());

  // Tensors. Fusing elementwise operations changes no value: each element is
  // computed by the same operations in the same order.
  addCleanup(passes);
  passes.addNestedPass<func::FuncOp>(createDecomposeTensorOps());
  passes.addPass(createLinalgElementwiseOpFusionPass());
  addCleanup(passes);

  // What has no kernel takes the portable way.
  FuseRequantizationOptions fusion;
  fusion.rowsOfFloats = target.floatLanes != 0;
  passes.addNestedPass<func::FuncOp>(createFuseRequantization(fusion));
  addCleanup(passes);

  // Buffers.
  passes.addNestedPass<func::FuncOp>(createAssignFrames());
  passes.addPass(bufferization::createEmptyTensorEliminationPass());
  passes.addNestedPass<func::FuncOp>(createFillHalos());
  passes.addPass(createBufferize());
  passes.addPass(createResultsToOutParams());
  addCleanup(passes);

  passes.addNestedPass<func::FuncOp>(createShareFrames());
  if (target.pieces) {
    ParallelizeOptions parallel;
    parallel.pieces = target.pieces;
    parallel.leastCycles = target.leastPieceCycles;
    parallel.rate = estimateProductsPerCycle(target.kernels);
    passes.addPass(createParallelize(parallel));
  } else {
    StripLayersOptions strips;
    strips.rate = estimateProductsPerCycle(target.kernels);
    strips.leastCycles = target.leastStripCycles;
    strips.everywhere = target.prefersStrips;
    passes.addNestedPass<func::FuncOp>(createStripLayers(strips));
  }

  // Loops, in the order of the operations' dimensions.
  passes.addNestedPass<func::FuncOp>(createLowerCopies());
  passes.addNestedPass<func::FuncOp>(
      createVectorizeReductions({target.accumulatorBits, target.kernels}));
  ExpandFloatContractionsOptions floats;
  floats.lanes = target.floatLanes;
  floats.registers = target.floatRegisters;
  passes.addPass(createExpandFloatContractions(floats));
  passes.addNestedPass<func::FuncOp>(createConvertLinalgToLoopsPass());
  passes.addPass(createExpandKernels({target.kernels}));
  passes.addNestedPass<func::FuncOp>(memref::createFoldMemRefAliasOpsPass());
  addCleanup(passes);
  passes.addNestedPass<func::FuncOp>(createLoopInvariantCodeMotionPass());
  passes.addNestedPass<func::FuncOp>(createPromoteAccumulators());

  if (target.pieces)
    passes.addNestedPass<func::FuncOp>(createPrivatizeBuffers());
  PlanArenaOptions arena;
  for (const MemoryRegion &region : target.regions)
    arena.regions.push_back(
        region.name +
        (region.limit ? "=" + std::to_string(*region.limit) : std::string()));
  passes.addPass(createPlanArena(arena));
  passes.addPass(createPackState());
  if (target.pieces)
    passes.addPass(createOutlinePieces());
  // The constants that kernels have packed anew.
  passes.addPass(createSymbolDCEPass());
}

void quantcc::buildLLVMPipeline(OpPassManager &passes,
                                const TargetInfo &target) {
  LowerToLLVMOptions options;
  options.indexBitwidth = target.indexBits;
  passes.addPass(createLowerToLLVM(options));
  addCleanup(passes);
  passes.addPass(createSymbolDCEPass());
}

namespace {

struct TargetOption : PassPipelineOptions<TargetOption> {
  Option<std::string> target{*this, "target",
                             llvm::cl::desc("Name of the target machine"),
                             llvm::cl::init("host")};
  Option<unsigned> threads{
      *this, "threads",
      llvm::cl::desc("The most pieces that a layer is cut into, to be run in "
                     "threads; 0 for a model of one thread"),
      llvm::cl::init(0)};
  Option<int64_t> leastCycles{
      *this, "least-cycles",
      llvm::cl::desc("Cycles that a piece must take, about, to be worth a "
                     "thread"),
      llvm::cl::init(quantcc::TargetInfo().leastPieceCycles)};
};

} // namespace

/// Registers `build` as the pipeline `name` with an option for the target.
static void registerPipeline(StringRef name, StringRef description,
                             void (*build)(OpPassManager &,
                                           const quantcc::TargetInfo &)) {
  registerPassPipeline(
      name, description,
      [build](OpPassManager &passes, StringRef text,
              function_ref<LogicalResult(const Twine &)> report) {
        TargetOption options;
        if (failed(options.parseFromString(text)))
          return failure();
        auto target = quantcc::lookupTarget(options.target);
        if (!target)
          return report(llvm::toString(target.takeError()));
        target->pieces = options.threads;
        target->leastPieceCycles = options.leastCycles;
        build(passes, *target);
        return success();
      },
      [](function_ref<void(const detail::PassOptions &)> visit) {
        visit(TargetOption());
      });
}

void quantcc::registerCodegenPipelines() {
  registerPipeline("quantcc-layout-pipeline",
                   "Make of the integer stage the layers that the target has "
                   "kernels for",
                   buildLayoutPipeline);
  registerPipeline("quantcc-schedule-pipeline",
                   "Lower linalg on tensors to loops on views of one arena",
                   buildSchedulePipeline);
  registerPipeline("quantcc-llvm-pipeline",
                   "Lower loops on views of one arena to the LLVM dialect",
                   buildLLVMPipeline);
}
