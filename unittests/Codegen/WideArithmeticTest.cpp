//===- WideArithmeticTest.cpp - Tests of expanded arithmetic --------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Expands 64-bit operations as for a processor without them, runs the result
// on this machine, and compares with the machine's own operations.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/WideArithmetic.h"
#include "quantcc/Codegen/LLVMBackend.h"

#include <gtest/gtest.h>
#include <llvm/AsmParser/Parser.h>
#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/SourceMgr.h>
#include <random>

using namespace quantcc;

namespace {

constexpr const char *kOperations = R"(
  define i64 @mul(i64 %a, i64 %b) { %r = mul i64 %a, %b
    ret i64 %r }
  define i64 @shl(i64 %a, i64 %b) { %r = shl i64 %a, %b
    ret i64 %r }
  define i64 @ashr(i64 %a, i64 %b) { %r = ashr i64 %a, %b
    ret i64 %r }
  define i64 @lshr(i64 %a, i64 %b) { %r = lshr i64 %a, %b
    ret i64 %r }
  define i64 @sdiv(i64 %a, i64 %b) { %r = sdiv i64 %a, %b
    ret i64 %r }
  define i64 @urem(i64 %a, i64 %b) { %r = urem i64 %a, %b
    ret i64 %r }
  define i64 @srem32(i64 %a, i64 %b) {
    %x = trunc i64 %a to i32
    %y = trunc i64 %b to i32
    %r = srem i32 %x, %y
    %w = sext i32 %r to i64
    ret i64 %w }
  define i64 @lanes(i64 %a, i64 %b) {
    %v = insertelement <2 x i64> poison, i64 %a, i32 0
    %w = insertelement <2 x i64> %v, i64 %b, i32 1
    %p = mul <2 x i64> %w, <i64 3, i64 5>
    %x = extractelement <2 x i64> %p, i32 0
    %y = extractelement <2 x i64> %p, i32 1
    %r = xor i64 %x, %y
    ret i64 %r }
)";

TargetInfo smallProcessor() {
  TargetInfo target = hostTarget();
  target.indexBits = 32;
  target.hasDivide = false;
  target.hasWideArithmetic = false;
  return target;
}

class WideArithmeticTest : public testing::Test {
protected:
  using Operation = uint64_t (*)(uint64_t, uint64_t);

  void SetUp() override {
    initializeCodeGenerators();
    auto context = std::make_unique<llvm::LLVMContext>();
    llvm::SMDiagnostic error;
    auto module = llvm::parseAssemblyString(kOperations, error, *context);
    ASSERT_TRUE(module) << error.getMessage().str();
    expandWideArithmetic(*module, smallProcessor());
    ASSERT_FALSE(llvm::verifyModule(*module, &llvm::errs()));
    expectNothingWide(*module);

    auto created = llvm::orc::LLJITBuilder()
                       .setPlatformSetUp(llvm::orc::setUpInactivePlatform)
                       .create();
    ASSERT_TRUE(static_cast<bool>(created));
    jit = std::move(*created);
    ASSERT_FALSE(jit->addIRModule({std::move(module), std::move(context)}));
  }

  static void expectNothingWide(llvm::Module &module) {
    for (llvm::Function &function : module)
      for (llvm::Instruction &instruction : llvm::instructions(function)) {
        unsigned opcode = instruction.getOpcode();
        EXPECT_TRUE(opcode != llvm::Instruction::SDiv &&
                    opcode != llvm::Instruction::URem &&
                    opcode != llvm::Instruction::SRem);
        if (!instruction.getType()->isIntegerTy(64))
          continue;
        EXPECT_NE(opcode, llvm::Instruction::Mul);
        EXPECT_TRUE(!instruction.isShift() ||
                    llvm::isa<llvm::Constant>(instruction.getOperand(1)));
      }
  }

  Operation lookup(const char *name) {
    return llvm::cantFail(jit->lookup(name)).toPtr<Operation>();
  }

  /// Random integers of random magnitude, and the edges.
  uint64_t draw() {
    constexpr uint64_t edges[] = {0,
                                  1,
                                  UINT64_MAX,
                                  uint64_t(1) << 63,
                                  (uint64_t(1) << 63) - 1,
                                  0xffffffff,
                                  uint64_t(1) << 32,
                                  0x80000000};
    uint64_t bits = random();
    if (bits % 5 == 0)
      return edges[random() % 8];
    return random() >> (bits % 64);
  }

  std::mt19937_64 random{7};
  std::unique_ptr<llvm::orc::LLJIT> jit;
};

TEST_F(WideArithmeticTest, AgreesWithTheMachine) {
  Operation mul = lookup("mul"), lanes = lookup("lanes");
  Operation sdiv = lookup("sdiv"), urem = lookup("urem");
  Operation srem32 = lookup("srem32");
  for (int i = 0; i < 20000; ++i) {
    uint64_t a = draw(), b = draw();
    EXPECT_EQ(mul(a, b), a * b) << a << " " << b;
    EXPECT_EQ(lanes(a, b), (a * 3) ^ (b * 5));
    if (b == 0)
      continue;
    EXPECT_EQ(urem(a, b), a % b) << a << " " << b;
    bool overflows = a == uint64_t(1) << 63 && b == UINT64_MAX;
    if (!overflows) {
      EXPECT_EQ(static_cast<int64_t>(sdiv(a, b)),
                static_cast<int64_t>(a) / static_cast<int64_t>(b))
          << a << " " << b;
    }
    auto x = static_cast<int32_t>(a), y = static_cast<int32_t>(b);
    if (y != 0 && !(x == INT32_MIN && y == -1)) {
      EXPECT_EQ(static_cast<int64_t>(srem32(a, b)), x % y) << x << " " << y;
    }
  }
}

TEST_F(WideArithmeticTest, ShiftsByEveryAmount) {
  Operation shl = lookup("shl"), ashr = lookup("ashr"), lshr = lookup("lshr");
  for (int i = 0; i < 200; ++i) {
    uint64_t a = draw();
    for (uint64_t amount = 0; amount < 64; ++amount) {
      EXPECT_EQ(shl(a, amount), a << amount) << a << " " << amount;
      EXPECT_EQ(lshr(a, amount), a >> amount) << a << " " << amount;
      EXPECT_EQ(static_cast<int64_t>(ashr(a, amount)),
                static_cast<int64_t>(a) >> amount)
          << a << " " << amount;
    }
  }
}

TEST(WideArithmetic, LeavesWideTargetsAlone) {
  llvm::LLVMContext context;
  llvm::SMDiagnostic error;
  auto module = llvm::parseAssemblyString(kOperations, error, context);
  ASSERT_TRUE(module);
  size_t functions = module->size();
  expandWideArithmetic(*module, hostTarget());
  EXPECT_EQ(module->size(), functions);
}

} // namespace
