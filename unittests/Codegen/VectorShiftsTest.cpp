//===- VectorShiftsTest.cpp - Tests of shifts of vectors by vectors -------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs the rewritten shifts, and looks at what is rewritten for which machine.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/VectorShifts.h"
#include "quantcc/Codegen/LLVMBackend.h"

#include <gtest/gtest.h>
#include <llvm/AsmParser/Parser.h>
#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/SourceMgr.h>

using namespace quantcc;

namespace {

constexpr const char *kShift = R"(
  define void @f(ptr %value, ptr %amount, ptr %to) {
    %v = load <4 x i32>, ptr %value, align 4
    %n = load <4 x i32>, ptr %amount, align 4
    %s = shl <4 x i32> %v, %n
    store <4 x i32> %s, ptr %to, align 4
    ret void
  })";

std::unique_ptr<llvm::Module> rewrite(llvm::LLVMContext &context,
                                      const llvm::TargetMachine &machine,
                                      const std::string &source) {
  llvm::SMDiagnostic error;
  auto module = llvm::parseAssemblyString(source, error, context);
  EXPECT_TRUE(module) << error.getMessage().str();
  expandVectorShifts(*module, machine);
  EXPECT_FALSE(llvm::verifyModule(*module, &llvm::errs()));
  return module;
}

/// How many shifts by other than constants `source` has for the named target.
unsigned variableShifts(llvm::StringRef target, const std::string &source) {
  auto machine =
      llvm::cantFail(createTargetMachine(llvm::cantFail(lookupTarget(target))));
  llvm::LLVMContext context;
  auto module = rewrite(context, *machine, source);
  unsigned count = 0;
  for (llvm::Instruction &each : llvm::instructions(*module->getFunction("f")))
    count += each.isShift() && !llvm::isa<llvm::Constant>(each.getOperand(1));
  return count;
}

TEST(VectorShiftsTest, ShiftByEveryAmount) {
  auto machine = llvm::cantFail(
      createTargetMachine(llvm::cantFail(lookupTarget("x86-64-v2"))));
  auto context = std::make_unique<llvm::LLVMContext>();
  auto module = rewrite(*context, *machine, kShift);
  llvm::orc::LLJITBuilder builder;
  auto jit = builder.create();
  if (!jit || !(*jit)->getTargetTriple().isX86()) {
    llvm::consumeError(jit.takeError());
    GTEST_SKIP() << "no x86 machine";
  }
  llvm::cantFail((*jit)->addIRModule(
      llvm::orc::ThreadSafeModule(std::move(module), std::move(context))));
  auto *shift =
      llvm::cantFail((*jit)->lookup("f"))
          .toPtr<void (*)(const uint32_t *, const uint32_t *, uint32_t *)>();
  for (uint32_t amount = 0; amount < 32; ++amount) {
    const uint32_t values[4] = {1, 0xdeadbeef, 0x7fffffff, 0x80000001};
    const uint32_t amounts[4] = {amount, 31 - amount, amount ^ 5, 0};
    uint32_t results[4] = {};
    shift(values, amounts, results);
    for (int lane = 0; lane < 4; ++lane)
      EXPECT_EQ(results[lane], values[lane] << amounts[lane]) << amounts[lane];
  }
}

TEST(VectorShiftsTest, RewriteWhatWouldTakeFloats) {
  EXPECT_EQ(variableShifts("x86-64-v2", kShift), 0u);
  EXPECT_EQ(variableShifts("x86-64-v3", kShift), 1u);
  EXPECT_EQ(variableShifts("cortex-a53", kShift), 1u);
  EXPECT_EQ(variableShifts("x86-64-v2", R"(
    define <4 x i32> @f(<4 x i32> %v, i32 %n) {
      %one = insertelement <4 x i32> poison, i32 %n, i64 0
      %all = shufflevector <4 x i32> %one, <4 x i32> poison,
                           <4 x i32> zeroinitializer
      %s = shl <4 x i32> %v, %all
      ret <4 x i32> %s
    })"),
            1u);
  EXPECT_EQ(variableShifts("x86-64-v2", R"(
    define <2 x i64> @f(<2 x i64> %v, <2 x i64> %n) {
      %s = shl <2 x i64> %v, %n
      ret <2 x i64> %s
    })"),
            1u);
  EXPECT_EQ(variableShifts("x86-64-v2", R"(
    define <4 x i32> @f(<4 x i32> %v, <4 x i32> %n) {
      %s = lshr <4 x i32> %v, %n
      ret <4 x i32> %s
    })"),
            1u);
}

} // namespace
