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
#include "quantcc/Codegen/DispatchVariants.h"
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

namespace {

/// A model as LLVM is to generate code for it.
struct OptimizedModel {
  ModelInterface interface;
  std::unique_ptr<llvm::Module> module;
  bool computesInFloat = false;
};

} // namespace

/// Goes on from the scheduled form of a model, which it changes.
static FailureOr<OptimizedModel> optimizeScheduled(ModuleOp module,
                                                   const TargetInfo &target,
                                                   llvm::TargetMachine &machine,
                                                   llvm::LLVMContext &context,
                                                   PhaseTimes *times) {
  std::optional<ModelInterface> interface = readModelInterface(module);
  if (!interface)
    return failure();
  bool usesFloat = computesInFloat(module);

  std::optional<PhaseScope> phase(std::in_place, times, "LLVM dialect");
  PassManager lower(module->getContext());
  buildLLVMPipeline(lower, target);
  if (failed(lower.run(module)))
    return failure();
  phase.emplace(times, "LLVM optimization");
  std::unique_ptr<llvm::Module> optimized =
      translateAndOptimize(module, target, machine, context);
  if (!optimized)
    return failure();
  return OptimizedModel{std::move(*interface), std::move(optimized), usesFloat};
}

static FailureOr<OptimizedModel> optimizeFor(ModuleOp source,
                                             const TargetInfo &target,
                                             llvm::TargetMachine &machine,
                                             llvm::LLVMContext &context,
                                             PhaseTimes *times) {
  OwningOpRef<ModuleOp> module = source.clone();
  {
    PhaseScope phase(times, "schedule");
    PassManager schedule(module->getContext());
    buildSchedulePipeline(schedule, target);
    if (failed(schedule.run(*module)))
      return failure();
  }
  return optimizeScheduled(*module, target, machine, context, times);
}

/// Generates code for `model`; `source` is where errors are reported.
static FailureOr<CompiledObject> generateCode(ModuleOp source,
                                              OptimizedModel model,
                                              llvm::TargetMachine &machine,
                                              PhaseTimes *times) {
  PhaseScope phase(times, "LLVM code");
  auto object = emitObject(*model.module, machine);
  if (!object) {
    source.emitError(llvm::toString(object.takeError()));
    return failure();
  }
  model.interface.stackBytes = object->stackBytes;
  if (model.interface.isThreaded())
    model.interface.taskStackBytes = object->taskStackBytes;
  return CompiledObject{std::move(model.interface), std::move(object->bytes),
                        model.computesInFloat};
}

static std::unique_ptr<llvm::TargetMachine>
createMachine(ModuleOp source, const TargetInfo &target) {
  auto machine = createTargetMachine(target);
  if (machine)
    return std::move(*machine);
  source.emitError(llvm::toString(machine.takeError()));
  return nullptr;
}

FailureOr<CompiledObject> quantcc::compileObject(ModuleOp source,
                                                 const TargetInfo &target,
                                                 PhaseTimes *times) {
  if (!target.variants.empty()) {
    source.emitError("target '")
        << target.name << "' expected a module for each of its variants";
    return failure();
  }
  std::unique_ptr<llvm::TargetMachine> machine = createMachine(source, target);
  if (!machine)
    return failure();
  llvm::LLVMContext context;
  FailureOr<OptimizedModel> model =
      optimizeFor(source, target, *machine, context, times);
  if (failed(model))
    return failure();
  return generateCode(source, std::move(*model), *machine, times);
}

FailureOr<CompiledObject> quantcc::compileScheduled(ModuleOp source,
                                                    const TargetInfo &target) {
  assert(target.variants.empty() && "one target, for which it was scheduled");
  std::unique_ptr<llvm::TargetMachine> machine = createMachine(source, target);
  if (!machine)
    return failure();
  llvm::LLVMContext context;
  OwningOpRef<ModuleOp> module = source.clone();
  FailureOr<OptimizedModel> model =
      optimizeScheduled(*module, target, *machine, context, nullptr);
  if (failed(model))
    return failure();
  return generateCode(source, std::move(*model), *machine, nullptr);
}

/// What a caller must know who does not know which variant will run: the
/// memory of the one that takes the most, and that plan.
static void mergeInterface(ModelInterface &all, ModelInterface other) {
  SmallVector<int64_t> bytes;
  for (auto [mine, theirs] : llvm::zip_equal(all.regions, other.regions))
    bytes.push_back(std::max(mine.bytes, theirs.bytes));
  int64_t constantBytes = std::max(all.constantBytes, other.constantBytes);
  int64_t cutLayers = std::max(all.cutLayers, other.cutLayers);
  if (other.arenaBytes > all.arenaBytes)
    all = std::move(other);
  all.constantBytes = constantBytes;
  all.cutLayers = cutLayers;
  all.arenaBytes = 0;
  for (auto [region, size] : llvm::zip_equal(all.regions, bytes)) {
    region.bytes = size;
    all.arenaBytes += size;
  }
}

FailureOr<CompiledObject> quantcc::compileVariants(ArrayRef<ModuleOp> sources,
                                                   const TargetInfo &target,
                                                   PhaseTimes *times) {
  assert(sources.size() == target.variants.size() && "a module a variant");
  llvm::LLVMContext context;
  OptimizedModel merged;
  SmallVector<std::unique_ptr<llvm::Module>> modules;
  std::vector<TargetInfo> variants = variantsOf(target);
  for (auto [source, variant] : llvm::zip_equal(sources, variants)) {
    std::unique_ptr<llvm::TargetMachine> machine =
        createMachine(source, variant);
    if (!machine)
      return failure();
    FailureOr<OptimizedModel> model =
        optimizeFor(source, variant, *machine, context, times);
    if (failed(model))
      return failure();
    if (modules.empty())
      merged.interface = std::move(model->interface);
    else
      mergeInterface(merged.interface, std::move(model->interface));
    merged.computesInFloat |= model->computesInFloat;
    modules.push_back(std::move(model->module));
  }
  std::unique_ptr<llvm::TargetMachine> machine =
      createMachine(sources.front(), target);
  if (!machine)
    return failure();
  auto module =
      dispatchVariants(std::move(modules), variants, merged.interface.symbol);
  if (!module) {
    ModuleOp(sources.front()).emitError(llvm::toString(module.takeError()));
    return failure();
  }
  merged.module = std::move(*module);
  return generateCode(sources.front(), std::move(merged), *machine, times);
}
