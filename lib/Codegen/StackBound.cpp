//===- StackBound.cpp - How deep the stack of compiled code gets ----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StackBound.h"
#include "quantcc/Codegen/LLVMBackend.h"

#include <llvm/ADT/SmallPtrSet.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/MC/MCSubtargetInfo.h>

using namespace quantcc;

void quantcc::requestFrameSizes(llvm::Module &module) {
  for (llvm::Function &function : module)
    if (!function.isDeclaration())
      function.addFnAttr("warn-stack-size", "0");
}

/// Whether `call` is of an intrinsic that becomes instructions, not a call.
static bool isInstructions(const llvm::CallBase &call) {
  if (auto *memory = llvm::dyn_cast<llvm::MemIntrinsic>(&call))
    return memory->isForceInlined();
  return llvm::isa<llvm::IntrinsicInst>(call);
}

/// What `call` calls; of a function that the caller gave, the task that it is
/// to run. Null for neither, as inline assembly.
static const llvm::Function *findCallee(const llvm::CallBase &call) {
  if (!call.isIndirectCall())
    return call.getCalledFunction();
  for (const llvm::Use &argument : call.args())
    if (auto *task = llvm::dyn_cast<llvm::Function>(argument))
      return task;
  return nullptr;
}

namespace {

/// Walks the calls from a function, deepest path first.
class StackWalk {
public:
  StackWalk(const llvm::TargetMachine &machine, const FrameSizes &frames)
      : frames(frames) {
    // What a call costs beyond the frames: the return address that x86 pushes,
    // and the red zone that its leaf functions use without a frame.
    if (machine.getTargetTriple().isX86()) {
      perCall = 8;
      perLeaf = 128;
    }
  }

  /// Bytes below the caller's frame; nothing for a function that calls itself.
  std::optional<int64_t> measure(const llvm::Function &function) {
    if (!active.insert(&function).second)
      return std::nullopt;
    int64_t below = perLeaf;
    for (const llvm::Instruction &instruction : llvm::instructions(function)) {
      auto *call = llvm::dyn_cast<llvm::CallBase>(&instruction);
      const llvm::Function *callee = call ? findCallee(*call) : nullptr;
      if (!callee)
        continue;
      std::optional<int64_t> depth;
      if (!callee->isDeclaration())
        depth = measure(*callee);
      else if (isInstructions(*call))
        depth = 0;
      else
        depth = kMemoryFunctionStackBytes;
      if (!depth)
        return std::nullopt;
      below = std::max(below, *depth);
    }
    active.erase(&function);
    return perCall + static_cast<int64_t>(frames.lookup(&function)) + below;
  }

private:
  const FrameSizes &frames;
  int64_t perCall = 0;
  int64_t perLeaf = 0;
  llvm::SmallPtrSet<const llvm::Function *, 8> active;
};

} // namespace

/// The deepest of the functions of `module` that `isRoot` holds for.
static std::optional<int64_t>
boundCalls(const llvm::Module &module, const llvm::TargetMachine &machine,
           const FrameSizes &frames,
           llvm::function_ref<bool(const llvm::Function &)> isRoot) {
  // A spilled vector of RISC-V, or of AArch64's SVE, takes as much as a
  // register of the machine.
  llvm::Triple triple = machine.getTargetTriple();
  const llvm::MCSubtargetInfo &subtarget = *machine.getMCSubtargetInfo();
  if ((triple.isRISCV() && subtarget.checkFeatures("+v")) ||
      (triple.isAArch64() && subtarget.checkFeatures("+sve")))
    return std::nullopt;
  int64_t bytes = 0;
  for (const llvm::Function &function : module) {
    if (function.isDeclaration() || !isRoot(function))
      continue;
    std::optional<int64_t> depth = StackWalk(machine, frames).measure(function);
    if (!depth)
      return std::nullopt;
    bytes = std::max(bytes, *depth);
  }
  return bytes;
}

std::optional<int64_t> quantcc::boundStack(const llvm::Module &module,
                                           const llvm::TargetMachine &machine,
                                           const FrameSizes &frames) {
  return boundCalls(module, machine, frames,
                    [](const llvm::Function &function) {
                      return !function.hasLocalLinkage();
                    });
}

std::optional<int64_t>
quantcc::boundTaskStack(const llvm::Module &module,
                        const llvm::TargetMachine &machine,
                        const FrameSizes &frames) {
  return boundCalls(
      module, machine, frames, [](const llvm::Function &function) {
        return function.hasLocalLinkage() && function.hasAddressTaken();
      });
}
