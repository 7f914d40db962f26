//===- DispatchVariants.cpp - One entry for several processors ------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Links the variants, and builds the question to the processor and the word
// that keeps its answer.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/DispatchVariants.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/Analysis/CGSCCPassManager.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InlineAsm.h>
#include <llvm/Linker/Linker.h>
#include <llvm/Transforms/IPO/ConstantMerge.h>

using namespace quantcc;
using llvm::IRBuilder;
using llvm::Value;

namespace {

/// The words that CPUID and XGETBV give; see the Intel 64 and IA-32
/// Architectures Software Developer's Manual, volume 2A, CPUID.
enum Word {
  Leaf1Ecx,
  Leaf7Ebx,
  Leaf7Ecx,
  /// Of the second part of leaf 7.
  Leaf7Part1Eax,
  ExtendedLeaf1Ecx,
  /// What the operating system saves of the registers.
  SavedState,
  NumWords
};

/// The bits that must be set for a variant.
struct Requirement {
  llvm::StringLiteral variant;
  uint32_t bits[NumWords];
};

} // namespace

static constexpr uint32_t bits(std::initializer_list<unsigned> positions) {
  uint32_t result = 0;
  for (unsigned position : positions)
    result |= uint32_t(1) << position;
  return result;
}

// x86-64 psABI, "Micro-architecture levels": v3 has FMA, MOVBE, OSXSAVE, AVX
// and F16C; BMI1, AVX2 and BMI2; LZCNT. v4 has AVX-512 F, DQ, CD, BW and VL.
// The system saves SSE and AVX registers, and those of AVX-512.
static constexpr uint32_t kLeaf1 = bits({12, 22, 27, 28, 29});
static constexpr uint32_t kLeaf7V3 = bits({3, 5, 8});
static constexpr uint32_t kLeaf7V4 = kLeaf7V3 | bits({16, 17, 28, 30, 31});
static constexpr uint32_t kExtended = bits({5});
static constexpr uint32_t kAvxState = bits({1, 2});
static constexpr uint32_t kAvx512State = kAvxState | bits({5, 6, 7});
static constexpr uint32_t kVnni = bits({11});
static constexpr uint32_t kAvxVnni = bits({4});

static constexpr Requirement kRequirements[] = {
    {"x86-64-v3", {kLeaf1, kLeaf7V3, 0, 0, kExtended, kAvxState}},
    {"x86-64-avxvnni", {kLeaf1, kLeaf7V3, 0, kAvxVnni, kExtended, kAvxState}},
    {"x86-64-v4", {kLeaf1, kLeaf7V4, 0, 0, kExtended, kAvx512State}},
    {"x86-64-vnni", {kLeaf1, kLeaf7V4, kVnni, 0, kExtended, kAvx512State}},
};

namespace {

/// Builds the function that asks.
class ProcessorQuestion {
public:
  explicit ProcessorQuestion(llvm::Module &module)
      : module(module), builder(module.getContext()),
        word(builder.getInt32Ty()) {}

  /// A function that returns the position, counted from 1, of the last of
  /// `requirements` that the processor fulfils; 0 if there is none. One need
  /// not imply those before it: there is AVX-512 VNNI without AVX-VNNI.
  llvm::Function *build(llvm::ArrayRef<const Requirement *> requirements);

private:
  /// EAX, EBX, ECX and EDX for a part of a leaf.
  Value *cpuidAll(uint32_t leaf, uint32_t part = 0) {
    auto *result = llvm::StructType::get(word, word, word, word);
    auto *code = llvm::InlineAsm::get(
        llvm::FunctionType::get(result, {word, word}, false), "cpuid",
        "={ax},={bx},={cx},={dx},{ax},{cx}", /*hasSideEffects=*/true);
    return builder.CreateCall(code,
                              {builder.getInt32(leaf), builder.getInt32(part)});
  }
  Value *cpuid(uint32_t leaf, unsigned index) {
    return builder.CreateExtractValue(cpuidAll(leaf), index);
  }
  Value *savedState() {
    auto *code = llvm::InlineAsm::get(
        llvm::FunctionType::get(llvm::StructType::get(word, word), {word},
                                false),
        "xgetbv", "={ax},={dx},{cx}", /*hasSideEffects=*/true);
    return builder.CreateExtractValue(
        builder.CreateCall(code, {builder.getInt32(0)}), 0);
  }
  /// Goes on if `condition` holds; else the function returns 0.
  void require(Value *condition);
  Value *hasAll(Value *value, uint32_t mask) {
    return builder.CreateICmpEQ(builder.CreateAnd(value, mask),
                                builder.getInt32(mask));
  }

  llvm::Module &module;
  IRBuilder<> builder;
  llvm::Type *word;
  llvm::Function *function = nullptr;
};

} // namespace

void ProcessorQuestion::require(Value *condition) {
  auto makeBlock = [&] {
    return llvm::BasicBlock::Create(module.getContext(), "", function);
  };
  llvm::BasicBlock *fulfilled = makeBlock(), *failed = makeBlock();
  builder.CreateCondBr(condition, fulfilled, failed);
  builder.SetInsertPoint(failed);
  builder.CreateRet(builder.getInt32(0));
  builder.SetInsertPoint(fulfilled);
}

llvm::Function *
ProcessorQuestion::build(llvm::ArrayRef<const Requirement *> requirements) {
  function = llvm::Function::Create(llvm::FunctionType::get(word, false),
                                    llvm::GlobalValue::InternalLinkage,
                                    "quantcc_ask_processor", module);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  function->addFnAttr(llvm::Attribute::NoInline);
  builder.SetInsertPoint(
      llvm::BasicBlock::Create(module.getContext(), "", function));
  // A leaf beyond the last one would give that of the last one. XGETBV is there
  // if OSXSAVE is.
  require(builder.CreateICmpUGE(cpuid(0, 0), builder.getInt32(7)));
  Value *words[NumWords];
  words[Leaf1Ecx] = cpuid(1, 2);
  require(hasAll(words[Leaf1Ecx], bits({27})));
  Value *leaf7 = cpuidAll(7);
  words[Leaf7Ebx] = builder.CreateExtractValue(leaf7, 1);
  words[Leaf7Ecx] = builder.CreateExtractValue(leaf7, 2);
  // A part that the processor does not have gives zeros.
  words[Leaf7Part1Eax] = builder.CreateExtractValue(cpuidAll(7, /*part=*/1), 0);
  words[ExtendedLeaf1Ecx] = cpuid(0x80000001, 2);
  words[SavedState] = savedState();
  Value *answer = builder.getInt32(0);
  for (auto [index, requirement] : llvm::enumerate(requirements)) {
    Value *isFulfilled = builder.getTrue();
    for (unsigned i = 0; i != NumWords; ++i)
      if (requirement->bits[i])
        isFulfilled = builder.CreateAnd(isFulfilled,
                                        hasAll(words[i], requirement->bits[i]));
    answer =
        builder.CreateSelect(isFulfilled, builder.getInt32(index + 1), answer);
  }
  builder.CreateRet(answer);
  return function;
}

/// A function that asks `question` once and keeps the answer. Threads that come
/// at the same time ask each, and write the same.
static llvm::Function *buildMemory(llvm::Module &module,
                                   llvm::Function *question) {
  llvm::LLVMContext &context = module.getContext();
  IRBuilder<> builder(context);
  llvm::Type *word = builder.getInt32Ty();
  // The answer plus 1, or 0.
  auto *kept = new llvm::GlobalVariable(module, word, /*isConstant=*/false,
                                        llvm::GlobalValue::InternalLinkage,
                                        builder.getInt32(0), "quantcc_variant");
  llvm::Function *function = llvm::Function::Create(
      llvm::FunctionType::get(word, false), llvm::GlobalValue::InternalLinkage,
      "quantcc_find_variant", module);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  auto makeBlock = [&] {
    return llvm::BasicBlock::Create(context, "", function);
  };
  llvm::BasicBlock *entry = makeBlock(), *known = makeBlock(),
                   *unknown = makeBlock();
  builder.SetInsertPoint(entry);
  llvm::LoadInst *load = builder.CreateAlignedLoad(word, kept, llvm::Align(4));
  load->setAtomic(llvm::AtomicOrdering::Monotonic);
  builder.CreateCondBr(builder.CreateIsNotNull(load), known, unknown);
  builder.SetInsertPoint(known);
  builder.CreateRet(builder.CreateSub(load, builder.getInt32(1)));
  builder.SetInsertPoint(unknown);
  Value *answer = builder.CreateCall(question);
  llvm::StoreInst *store = builder.CreateAlignedStore(
      builder.CreateAdd(answer, builder.getInt32(1)), kept, llvm::Align(4));
  store->setAtomic(llvm::AtomicOrdering::Monotonic);
  builder.CreateRet(answer);
  return function;
}

/// Makes the functions of `module` code for `variant` beside that of others.
static void markVariant(llvm::Module &module, const TargetInfo &variant) {
  for (llvm::Function &function : module) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr("target-cpu", variant.cpu);
    if (!variant.features.empty())
      function.addFnAttr("target-features", variant.features);
  }
}

/// The function `entry`, which calls the one of `callees` that `memory` says.
static void buildEntry(llvm::Module &module, llvm::StringRef entry,
                       llvm::ArrayRef<llvm::Function *> callees,
                       llvm::Function *memory) {
  auto *function =
      llvm::Function::Create(callees.front()->getFunctionType(),
                             llvm::GlobalValue::ExternalLinkage, entry, module);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  function->setSection(callees.front()->getSection());
  llvm::LLVMContext &context = module.getContext();
  IRBuilder<> builder(llvm::BasicBlock::Create(context, "", function));
  llvm::SmallVector<Value *> arguments;
  for (llvm::Argument &argument : function->args())
    arguments.push_back(&argument);
  Value *answer = builder.CreateCall(memory);
  llvm::SmallVector<llvm::BasicBlock *> blocks;
  for (llvm::Function *callee : callees) {
    blocks.push_back(llvm::BasicBlock::Create(context, "", function));
    IRBuilder<> inside(blocks.back());
    inside.CreateCall(callee, arguments);
    inside.CreateRetVoid();
  }
  llvm::SwitchInst *choice =
      builder.CreateSwitch(answer, blocks.front(), blocks.size() - 1);
  for (unsigned i = 1; i < blocks.size(); ++i)
    choice->addCase(builder.getInt32(i), blocks[i]);
}

llvm::Expected<std::unique_ptr<llvm::Module>> quantcc::dispatchVariants(
    llvm::SmallVector<std::unique_ptr<llvm::Module>> modules,
    llvm::ArrayRef<TargetInfo> variants, llvm::StringRef entry) {
  llvm::SmallVector<const Requirement *> requirements;
  for (const TargetInfo &variant : variants.drop_front()) {
    auto found = llvm::find_if(kRequirements, [&](const Requirement &each) {
      return each.variant == variant.name;
    });
    if (found == std::end(kRequirements))
      return llvm::createStringError("no processor can be asked for '" +
                                     variant.name + "'");
    requirements.push_back(found);
  }

  llvm::SmallVector<std::string> names;
  for (auto [index, module, variant] : llvm::enumerate(modules, variants)) {
    markVariant(*module, variant);
    for (llvm::Function &function : llvm::make_early_inc_range(*module)) {
      if (function.isDeclaration() || function.hasLocalLinkage())
        continue;
      if (function.getName() == entry) {
        names.push_back((entry + "_variant" + llvm::Twine(index)).str());
        function.setName(names.back());
      } else if (index != 0) {
        function.eraseFromParent();
      }
    }
  }
  std::unique_ptr<llvm::Module> merged = std::move(modules.front());
  for (std::unique_ptr<llvm::Module> &module :
       llvm::MutableArrayRef(modules).drop_front())
    if (llvm::Linker::linkModules(*merged, std::move(module)))
      return llvm::createStringError("the variants cannot be linked");
  llvm::SmallVector<llvm::Function *> callees;
  for (const std::string &name : names) {
    callees.push_back(merged->getFunction(name));
    callees.back()->setLinkage(llvm::GlobalValue::InternalLinkage);
  }
  llvm::Function *question = ProcessorQuestion(*merged).build(requirements);
  llvm::Function *memory = buildMemory(*merged, question);
  for (llvm::Function *each : {question, memory})
    each->setSection(callees.front()->getSection());
  buildEntry(*merged, entry, callees, memory);
  llvm::ModuleAnalysisManager analyses;
  llvm::ConstantMergePass().run(*merged, analyses);
  return std::move(merged);
}
