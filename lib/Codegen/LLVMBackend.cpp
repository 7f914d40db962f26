//===- LLVMBackend.cpp - From the LLVM dialect to machine code ------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sets up LLVM for a target and runs its optimizer and code generator.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/LLVMBackend.h"
#include "StackBound.h"
#include "quantcc/Codegen/FloatFreeVectors.h"
#include "quantcc/Codegen/Kernels.h"
#include "quantcc/Codegen/MemoryFunctions.h"
#include "quantcc/Codegen/SingleLaneStores.h"
#include "quantcc/Codegen/WideArithmetic.h"

#include <llvm/IR/DiagnosticHandler.h>
#include <llvm/IR/DiagnosticInfo.h>
#include <llvm/IR/DiagnosticPrinter.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Verifier.h>
#include <llvm/MC/MCSubtargetInfo.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/CommandLine.h>
#include <llvm/Support/TargetSelect.h>
#include <mlir/Dialect/Arith/Transforms/BufferViewFlowOpInterfaceImpl.h>
#include <mlir/Dialect/Arith/Transforms/BufferizableOpInterfaceImpl.h>
#include <mlir/Dialect/Bufferization/Transforms/FuncBufferizableOpInterfaceImpl.h>
#include <mlir/Dialect/Linalg/Transforms/AllInterfaces.h>
#include <mlir/Dialect/MemRef/Transforms/AllocationOpInterfaceImpl.h>
#include <mlir/Dialect/MemRef/Transforms/BufferViewFlowOpInterfaceImpl.h>
#include <mlir/Dialect/SCF/Transforms/BufferizableOpInterfaceImpl.h>
#include <mlir/Dialect/Tensor/IR/TensorInferTypeOpInterfaceImpl.h>
#include <mlir/Dialect/Tensor/IR/TensorTilingInterfaceImpl.h>
#include <mlir/Dialect/Tensor/IR/ValueBoundsOpInterfaceImpl.h>
#include <mlir/Dialect/Tensor/Transforms/BufferizableOpInterfaceImpl.h>
#include <mlir/Dialect/Tensor/Transforms/SubsetInsertionOpInterfaceImpl.h>
#include <mlir/Dialect/Vector/Transforms/BufferizableOpInterfaceImpl.h>
#include <mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h>
#include <mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h>
#include <mlir/Target/LLVMIR/Export.h>

using namespace mlir;
using namespace quantcc;

static void setFlag(StringRef name, bool value) {
  if (llvm::cl::Option *option = llvm::cl::getRegisteredOptions().lookup(name))
    static_cast<llvm::cl::opt<bool> *>(option)->setValue(value);
}

static void avoidFaultsOfMve() {
  // LLVM 22 makes endless loops of some that gather: the pass that lowers
  // gathers loses what counts their turns. Without it there are none.
  setFlag("enable-arm-maskedgatscat", false);
  // It loses sums of vectors and scalars from loops whose last turn is cut
  // short by the loop's own count, where it takes them for what is counted.
  // Predicates that are computed do the same.
  setFlag("arm-loloops-disable-tailpred", true);
}

void quantcc::initializeCodeGenerators() {
  static const bool done = [] {
    llvm::InitializeAllTargetInfos();
    llvm::InitializeAllTargets();
    llvm::InitializeAllTargetMCs();
    llvm::InitializeAllAsmPrinters();
    llvm::InitializeAllAsmParsers();
    avoidFaultsOfMve();
    return true;
  }();
  (void)done;
}

void quantcc::registerCodegenModels(DialectRegistry &registry) {
  arith::registerBufferizableOpInterfaceExternalModels(registry);
  arith::registerBufferViewFlowOpInterfaceExternalModels(registry);
  bufferization::func_ext::registerBufferizableOpInterfaceExternalModels(
      registry);
  linalg::registerAllDialectInterfaceImplementations(registry);
  memref::registerAllocationOpInterfaceExternalModels(registry);
  memref::registerBufferViewFlowOpInterfaceExternalModels(registry);
  scf::registerBufferizableOpInterfaceExternalModels(registry);
  tensor::registerBufferizableOpInterfaceExternalModels(registry);
  tensor::registerInferTypeOpInterfaceExternalModels(registry);
  tensor::registerSubsetOpInterfaceExternalModels(registry);
  tensor::registerTilingInterfaceExternalModels(registry);
  tensor::registerValueBoundsOpInterfaceExternalModels(registry);
  vector::registerBufferizableOpInterfaceExternalModels(registry);
  registerKernelModels(registry);
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}

llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
quantcc::createTargetMachine(const TargetInfo &info) {
  initializeCodeGenerators();
  // Triples of three parts are ambiguous until normalized.
  llvm::Triple triple(llvm::Triple::normalize(info.triple));
  std::string reason;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, reason);
  if (!target)
    return llvm::createStringError("no code generator for target '" +
                                   info.triple + "'");
  // An unknown processor would only be warned of, on stderr.
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget(
      target->createMCSubtargetInfo(triple, "", ""));
  if (!info.cpu.empty() && subtarget && !subtarget->isCPUStringValid(info.cpu))
    return llvm::createStringError("target '" + info.triple +
                                   "' has no processor '" + info.cpu + "'");

  llvm::TargetOptions options;
  options.AllowFPOpFusion = llvm::FPOpFusion::Strict;
  options.FunctionSections = true;
  options.DataSections = true;
  options.MCOptions.ABIName = info.abi;
  // RISC-V's small code model reaches the lowest and highest 2 GiB only.
  std::optional<llvm::CodeModel::Model> codeModel;
  if (triple.isRISCV())
    codeModel = llvm::CodeModel::Medium;
  std::unique_ptr<llvm::TargetMachine> machine(target->createTargetMachine(
      triple, info.cpu, info.features, options,
      info.isHosted ? llvm::Reloc::PIC_ : llvm::Reloc::Static, codeModel,
      llvm::CodeGenOptLevel::Default));
  if (!machine)
    return llvm::createStringError("no code generator for target '" +
                                   info.triple + "'");
  return machine;
}

/// Sets what clang would set for code for `info`.
static void configureModule(llvm::Module &module, const TargetInfo &info,
                            llvm::TargetMachine &machine) {
  module.setTargetTriple(machine.getTargetTriple());
  module.setDataLayout(machine.createDataLayout());
  if (info.isHosted)
    module.setPICLevel(llvm::PICLevel::BigPIC);
  if (!info.abi.empty())
    module.addModuleFlag(llvm::Module::Error, "target-abi",
                         llvm::MDString::get(module.getContext(), info.abi));
  for (llvm::Function &function : module) {
    if (function.isDeclaration())
      continue;
    function.setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Local);
    if (info.prefersSmallCode)
      function.addFnAttr(llvm::Attribute::OptimizeForSize);
  }
  // Equal constants may share their bytes; nobody compares their addresses.
  for (llvm::GlobalVariable &global : module.globals())
    if (global.isConstant() && global.hasLocalLinkage())
      global.setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
}

/// Puts all functions and constants of `module` where `info` wants them.
static void placeInSections(llvm::Module &module, const TargetInfo &info) {
  if (!info.codeSection.empty())
    for (llvm::Function &function : module)
      if (!function.isDeclaration())
        function.setSection(info.codeSection);
  if (!info.weightsSection.empty())
    for (llvm::GlobalVariable &global : module.globals())
      if (global.isConstant())
        global.setSection(info.weightsSection);
}

static void optimize(llvm::Module &module, llvm::TargetMachine &machine) {
  llvm::LoopAnalysisManager loopAnalyses;
  llvm::FunctionAnalysisManager functionAnalyses;
  llvm::CGSCCAnalysisManager callGraphAnalyses;
  llvm::ModuleAnalysisManager moduleAnalyses;
  llvm::PipelineTuningOptions tuning;
  tuning.LoopVectorization = true;
  tuning.SLPVectorization = true;
  llvm::PassBuilder builder(&machine, tuning);
  builder.registerModuleAnalyses(moduleAnalyses);
  builder.registerCGSCCAnalyses(callGraphAnalyses);
  builder.registerFunctionAnalyses(functionAnalyses);
  builder.registerLoopAnalyses(loopAnalyses);
  builder.crossRegisterProxies(loopAnalyses, functionAnalyses,
                               callGraphAnalyses, moduleAnalyses);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2)
      .run(module, moduleAnalyses);
}

std::unique_ptr<llvm::Module>
quantcc::translateAndOptimize(ModuleOp moduleOp, const TargetInfo &info,
                              llvm::TargetMachine &machine,
                              llvm::LLVMContext &context) {
  std::unique_ptr<llvm::Module> module =
      translateModuleToLLVMIR(moduleOp, context, "quantcc");
  if (!module)
    return nullptr;
  configureModule(*module, info, machine);
  optimize(*module, machine);
  expandWideArithmetic(*module, info);
  rewriteFloatFree(*module, machine);
  splitSingleLaneStores(*module);
  // What small C libraries have for Cortex-M goes byte by byte, and would take
  // as long as a layer; those for RISC-V rarely know of vectors.
  bool hasScalableVectors = hasRiscvVectors(info.kernels);
  bool hasSlowMemoryFunctions = info.kernels == KernelSet::ArmDsp ||
                                info.kernels == KernelSet::ArmMve ||
                                hasScalableVectors;
  if (!info.hasMemoryFunctions || hasSlowMemoryFunctions)
    replaceMemoryFunctions(*module, machine, hasScalableVectors);
  placeInSections(*module, info);
  assert(!llvm::verifyModule(*module, &llvm::errs()) && "invalid LLVM IR");
  return module;
}

namespace {

/// Keeps the first error that a code generator reports, which goes on after
/// that, and the size of each function's frame.
struct BackendListener : llvm::DiagnosticHandler {
  BackendListener(std::string &message, FrameSizes &frames)
      : message(message), frames(frames) {}

  bool handleDiagnostics(const llvm::DiagnosticInfo &info) override {
    if (auto *size = llvm::dyn_cast<llvm::DiagnosticInfoStackSize>(&info)) {
      frames[&size->getFunction()] = size->getStackSize();
    } else if (info.getSeverity() == llvm::DS_Error && message.empty()) {
      llvm::raw_string_ostream stream(message);
      llvm::DiagnosticPrinterRawOStream printer(stream);
      info.print(printer);
    }
    return true;
  }

  std::string &message;
  FrameSizes &frames;
};

} // namespace

llvm::Expected<EmittedObject>
quantcc::emitObject(llvm::Module &module, llvm::TargetMachine &machine) {
  std::string message;
  FrameSizes frames;
  module.getContext().setDiagnosticHandler(
      std::make_unique<BackendListener>(message, frames));
  requestFrameSizes(module);

  EmittedObject object;
  llvm::raw_svector_ostream stream(object.bytes);
  llvm::legacy::PassManager passes;
  if (machine.addPassesToEmitFile(passes, stream, nullptr,
                                  llvm::CodeGenFileType::ObjectFile))
    return llvm::createStringError(
        "target '" + machine.getTargetTriple().str() + "' has no object files");
  passes.run(module);
  if (!message.empty())
    return llvm::createStringError(message);
  object.stackBytes = boundStack(module, machine, frames);
  object.taskStackBytes = boundTaskStack(module, machine, frames);
  return object;
}
