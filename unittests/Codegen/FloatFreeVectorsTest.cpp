//===- FloatFreeVectorsTest.cpp - Tests of vectors without floats ---------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs the rewritten operations, and looks at what is rewritten for which
// machine.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/FloatFreeVectors.h"
#include "quantcc/Codegen/LLVMBackend.h"

#include <gtest/gtest.h>
#include <llvm/AsmParser/Parser.h>
#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
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
  rewriteFloatFree(*module, machine);
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

/// `source`, rewritten for the named target, and run here: IR has no target.
class RewrittenFunction {
public:
  RewrittenFunction(llvm::StringRef target, const std::string &source) {
    auto machine = llvm::cantFail(
        createTargetMachine(llvm::cantFail(lookupTarget(target))));
    auto context = std::make_unique<llvm::LLVMContext>();
    auto module = rewrite(*context, *machine, source);
    llvm::orc::LLJITBuilder builder;
    jit = llvm::cantFail(builder.create());
    llvm::cantFail(jit->addIRModule(
        llvm::orc::ThreadSafeModule(std::move(module), std::move(context))));
  }

  template <typename Function> Function get() {
    return llvm::cantFail(jit->lookup("f")).toPtr<Function>();
  }

private:
  std::unique_ptr<llvm::orc::LLJIT> jit;
};

TEST(FloatFreeVectorsTest, ShiftByEveryAmount) {
  RewrittenFunction function("x86-64-v2", kShift);
  auto *shift =
      function.get<void (*)(const uint32_t *, const uint32_t *, uint32_t *)>();
  for (uint32_t amount = 0; amount < 32; ++amount) {
    const uint32_t values[4] = {1, 0xdeadbeef, 0x7fffffff, 0x80000001};
    const uint32_t amounts[4] = {amount, 31 - amount, amount ^ 5, 0};
    uint32_t results[4] = {};
    shift(values, amounts, results);
    for (int lane = 0; lane < 4; ++lane)
      EXPECT_EQ(results[lane], values[lane] << amounts[lane]) << amounts[lane];
  }
}

/// Counts the zeros of four values of 32 bits, leading or trailing.
std::string countOf(const std::string &intrinsic) {
  return "declare <4 x i32> @llvm." + intrinsic + R"(.v4i32(<4 x i32>, i1)
    define void @f(ptr %value, ptr %to) {
      %v = load <4 x i32>, ptr %value, align 4
      %n = call <4 x i32> @llvm.)" +
         intrinsic + R"(.v4i32(<4 x i32> %v, i1 false)
      store <4 x i32> %n, ptr %to, align 4
      ret void
    })";
}

TEST(FloatFreeVectorsTest, CountZerosAtEveryPosition) {
  RewrittenFunction leading("rv64gcv", countOf("ctlz"));
  RewrittenFunction trailing("rv64gcv", countOf("cttz"));
  using Count = void (*)(const uint32_t *, uint32_t *);
  auto check = [](Count count, const uint32_t(&values)[4],
                  const uint32_t(&expected)[4]) {
    uint32_t results[4] = {};
    count(values, results);
    for (int lane = 0; lane < 4; ++lane)
      EXPECT_EQ(results[lane], expected[lane]) << values[lane];
  };
  for (uint32_t position = 0; position < 32; ++position) {
    uint32_t bit = uint32_t(1) << position;
    check(leading.get<Count>(), {bit, bit | 1, bit | (bit - 1), 0},
          {31 - position, 31 - position, 31 - position, 32});
    check(trailing.get<Count>(), {bit, bit | 0x80000000, 0u - bit, 0},
          {position, position, position, 32});
  }
}

/// How many calls of intrinsics `source` has when it is rewritten for `target`.
unsigned intrinsicCalls(llvm::StringRef target, const std::string &source) {
  auto machine =
      llvm::cantFail(createTargetMachine(llvm::cantFail(lookupTarget(target))));
  llvm::LLVMContext context;
  auto module = rewrite(context, *machine, source);
  unsigned count = 0;
  for (llvm::Instruction &each : llvm::instructions(*module->getFunction("f")))
    count += llvm::isa<llvm::CallInst>(each);
  return count;
}

TEST(FloatFreeVectorsTest, RewriteCountsOfVectorsOnly) {
  constexpr const char *scalar = R"(
    declare i32 @llvm.ctlz.i32(i32, i1)
    define i32 @f(i32 %v) {
      %n = call i32 @llvm.ctlz.i32(i32 %v, i1 false)
      ret i32 %n
    })";
  constexpr const char *scalable = R"(
    declare <vscale x 4 x i32> @llvm.ctlz.nxv4i32(<vscale x 4 x i32>, i1)
    define <vscale x 4 x i32> @f(<vscale x 4 x i32> %v) {
      %n = call <vscale x 4 x i32> @llvm.ctlz.nxv4i32(<vscale x 4 x i32> %v,
                                                      i1 true)
      ret <vscale x 4 x i32> %n
    })";
  EXPECT_EQ(intrinsicCalls("rv64gcv", countOf("ctlz")), 0u);
  EXPECT_EQ(intrinsicCalls("rv64gcv", scalable), 0u);
  EXPECT_EQ(intrinsicCalls("rv64gcv", scalar), 1u);
  EXPECT_EQ(intrinsicCalls("cortex-a53", countOf("ctlz")), 1u);
}

TEST(FloatFreeVectorsTest, RewriteWhatWouldTakeFloats) {
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
