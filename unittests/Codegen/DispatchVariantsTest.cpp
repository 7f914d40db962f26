//===- DispatchVariantsTest.cpp - Tests of one entry for several ----------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Asks this processor, and compares its answer with what LLVM knows of it.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/DispatchVariants.h"
#include "quantcc/Codegen/LLVMBackend.h"

#include <gtest/gtest.h>
#include <llvm/AsmParser/Parser.h>
#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/SourceMgr.h>
#include <llvm/TargetParser/Host.h>

using namespace quantcc;

namespace {

/// A module whose function `f` writes `number` to its argument, from a constant
/// that all modules have under the same name.
std::unique_ptr<llvm::Module> makeModule(llvm::LLVMContext &context,
                                         unsigned number) {
  llvm::SMDiagnostic error;
  auto module = llvm::parseAssemblyString(
      R"(
    @table = private unnamed_addr constant [4 x i32] [i32 10, i32 11, i32 12,
                                                      i32 13]
    define void @f(ptr %to) nounwind {
      %at = getelementptr i32, ptr @table, i64 )" +
          std::to_string(number) + R"(
      %value = load i32, ptr %at
      store i32 %value, ptr %to
      ret void
    }
    define void @f_reset(ptr %to) nounwind {
      store i32 )" +
          std::to_string(number) + R"(, ptr %to
      ret void
    })",
      error, context);
  EXPECT_TRUE(module) << error.getMessage().str();
  return module;
}

std::vector<TargetInfo> variants() {
  return variantsOf(llvm::cantFail(lookupTarget("x86-64-multi")));
}

llvm::Expected<std::unique_ptr<llvm::Module>>
merge(llvm::LLVMContext &context, llvm::ArrayRef<TargetInfo> variants) {
  llvm::SmallVector<std::unique_ptr<llvm::Module>> modules;
  for (unsigned i = 0; i < variants.size(); ++i)
    modules.push_back(makeModule(context, i));
  return dispatchVariants(std::move(modules), variants, "f");
}

TEST(DispatchVariantsTest, TheLastThatTheProcessorExecutesIsCalled) {
  auto context = std::make_unique<llvm::LLVMContext>();
  auto module = llvm::cantFail(merge(*context, variants()));
  ASSERT_FALSE(llvm::verifyModule(*module, &llvm::errs()));
  llvm::orc::LLJITBuilder builder;
  auto jit = llvm::cantFail(builder.create());
  if (jit->getTargetTriple().getArch() != llvm::Triple::x86_64)
    GTEST_SKIP() << "no x86-64 machine";
  llvm::cantFail(jit->addIRModule(
      llvm::orc::ThreadSafeModule(std::move(module), std::move(context))));
  auto find = [&](const char *name) {
    return llvm::cantFail(jit->lookup(name)).toPtr<void (*)(uint32_t *)>();
  };

  auto features = llvm::sys::getHostCPUFeatures();
  auto hasAll = [&](std::initializer_list<llvm::StringRef> names) {
    return llvm::all_of(names,
                        [&](llvm::StringRef name) { return features[name]; });
  };
  uint32_t expected = 10;
  if (hasAll({"avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe"})) {
    expected = hasAll({"avxvnni"}) ? 12 : 11;
    if (hasAll({"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl",
                "avx512vnni"}))
      expected = 13;
  }
  uint32_t found = 0;
  // The second call goes by what the first one kept.
  for (int call = 0; call < 2; ++call) {
    found = 0;
    find("f")(&found);
    EXPECT_EQ(found, expected);
  }
  find("f_reset")(&found);
  EXPECT_EQ(found, 0u);
}

TEST(DispatchVariantsTest, EqualConstantsAreThereOnce) {
  llvm::LLVMContext context;
  auto module = llvm::cantFail(merge(context, variants()));
  unsigned constants = 0;
  for (const llvm::GlobalVariable &global : module->globals())
    constants += global.isConstant();
  EXPECT_EQ(constants, 1u);
}

TEST(DispatchVariantsTest, EachVariantIsForItsProcessor) {
  llvm::LLVMContext context;
  auto module = llvm::cantFail(merge(context, variants()));
  auto cpuOf = [&](const char *name) {
    return module->getFunction(name)
        ->getFnAttribute("target-cpu")
        .getValueAsString();
  };
  EXPECT_EQ(cpuOf("f_variant0"), "x86-64-v2");
  EXPECT_EQ(cpuOf("f_variant1"), "x86-64-v3");
  EXPECT_EQ(cpuOf("f_variant2"), "x86-64-v3");
  EXPECT_EQ(cpuOf("f_variant3"), "x86-64-v4");
  EXPECT_TRUE(module->getFunction("f_variant0")->hasLocalLinkage());
  EXPECT_FALSE(module->getFunction("f")->hasLocalLinkage());
}

TEST(DispatchVariantsTest, RefusesWhatCannotBeAsked) {
  llvm::LLVMContext context;
  std::vector<TargetInfo> pair = variants();
  pair.resize(2);
  pair[1].name = "cortex-m4";
  auto module = merge(context, pair);
  ASSERT_FALSE(static_cast<bool>(module));
  EXPECT_EQ(llvm::toString(module.takeError()),
            "no processor can be asked for 'cortex-m4'");
}

TEST(DispatchVariantsTest, VariantsTakeWhatIsAskedOfTheTarget) {
  TargetInfo target =
      withoutFloat(llvm::cantFail(lookupTarget("x86-64-multi")));
  target.codeSection = ".fast";
  for (const TargetInfo &variant : variantsOf(target)) {
    EXPECT_EQ(variant.kernels, KernelSet::Portable) << variant.name;
    EXPECT_EQ(variant.codeSection, ".fast");
  }
}

} // namespace
