//===- MemoryFunctionsTest.cpp - Tests of code without memcpy and memset --===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs the functions over all short lengths and distances, beside the C
// library's.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/MemoryFunctions.h"
#include "quantcc/Codegen/LLVMBackend.h"

#include <cstring>
#include <gtest/gtest.h>
#include <llvm/AsmParser/Parser.h>
#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/IntrinsicsRISCV.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/SourceMgr.h>

using namespace quantcc;

namespace {

constexpr const char *kSource = R"(
  define void @copy(ptr %to, ptr %from, i64 %n) {
    call void @llvm.memcpy.p0.p0.i64(ptr %to, ptr %from, i64 %n, i1 false)
    ret void
  }
  define void @copy_aligned(ptr %to, ptr %from, i64 %n) {
    call void @llvm.memcpy.p0.p0.i64(ptr align 16 %to, ptr align 8 %from,
                                     i64 %n, i1 false)
    ret void
  }
  define void @move(ptr %to, ptr %from, i64 %n) {
    call void @llvm.memmove.p0.p0.i64(ptr %to, ptr %from, i64 %n, i1 false)
    ret void
  }
  define void @fill(ptr %to, i8 %byte, i64 %n) {
    call void @llvm.memset.p0.i64(ptr %to, i8 %byte, i64 %n, i1 false)
    ret void
  }
  define void @short(ptr %to, ptr %from, i8 %byte) {
    call void @llvm.memcpy.p0.p0.i64(ptr %to, ptr %from, i64 13, i1 false)
    %rest = getelementptr i8, ptr %to, i64 13
    call void @llvm.memset.p0.i64(ptr %rest, i8 %byte, i64 16, i1 false)
    ret void
  }
)";

std::unique_ptr<llvm::Module> rewrite(llvm::LLVMContext &context,
                                      const TargetInfo &target) {
  auto machine = llvm::cantFail(createTargetMachine(target));
  llvm::SMDiagnostic error;
  auto module = llvm::parseAssemblyString(kSource, error, context);
  EXPECT_TRUE(module) << error.getMessage().str();
  module->setTargetTriple(machine->getTargetTriple());
  module->setDataLayout(machine->createDataLayout());
  replaceMemoryFunctions(*module, *machine, hasRiscvVectors(target.kernels));
  EXPECT_FALSE(llvm::verifyModule(*module, &llvm::errs()));
  return module;
}

using Bytes = std::vector<unsigned char>;

Bytes numbered(size_t size) {
  Bytes bytes(size);
  for (size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<unsigned char>(i * 7 + 1);
  return bytes;
}

TEST(MemoryFunctionsTest, DoWhatTheLibraryDoes) {
  auto context = std::make_unique<llvm::LLVMContext>();
  auto module = rewrite(*context, hostTarget());
  llvm::orc::LLJITBuilder builder;
  auto jit = llvm::cantFail(builder.create());
  llvm::cantFail(jit->addIRModule(
      llvm::orc::ThreadSafeModule(std::move(module), std::move(context))));
  auto find = [&](const char *name) {
    return llvm::cantFail(jit->lookup(name));
  };
  using Transfer = void (*)(void *, const void *, uint64_t);
  auto copy = find("copy").toPtr<Transfer>();
  auto copyAligned = find("copy_aligned").toPtr<Transfer>();
  auto move = find("move").toPtr<Transfer>();
  auto fill = find("fill").toPtr<void (*)(void *, unsigned char, uint64_t)>();
  auto shortly =
      find("short").toPtr<void (*)(void *, const void *, unsigned char)>();

  const Bytes source = numbered(64);
  for (size_t length = 0; length < 40; ++length) {
    for (Transfer each : {copy, copyAligned}) {
      Bytes found(64, 0xaa), expected(64, 0xaa);
      each(found.data() + 16, source.data() + 8, length);
      std::copy_n(source.data() + 8, length, expected.data() + 16);
      EXPECT_EQ(found, expected) << length;
    }
    Bytes filled(64, 0xaa), expected(64, 0xaa);
    fill(filled.data() + 3, 0x5c, length);
    std::fill_n(expected.data() + 3, length, 0x5c);
    EXPECT_EQ(filled, expected) << length;
    for (int distance = -20; distance <= 20; ++distance) {
      Bytes moved = source, expected = source;
      move(moved.data() + 20 + distance, moved.data() + 20,
           std::min<size_t>(length, 24));
      memmove(expected.data() + 20 + distance, expected.data() + 20,
              std::min<size_t>(length, 24));
      EXPECT_EQ(moved, expected) << length << " by " << distance;
    }
  }
  Bytes found(64, 0xaa), expected(64, 0xaa);
  shortly(found.data() + 1, source.data(), 0x77);
  std::copy_n(source.data(), 13, expected.data() + 1);
  std::fill_n(expected.data() + 14, 16, 0x77);
  EXPECT_EQ(found, expected);
}

/// On every target the object of the rewritten module needs nothing: so short
/// ones become instructions.
TEST(MemoryFunctionsTest, LeaveNoCalls) {
  for (const TargetInfo &target : namedTargets()) {
    llvm::LLVMContext context;
    auto module = rewrite(context, target);
    for (llvm::Function &function : *module)
      for (llvm::Instruction &each : llvm::instructions(function))
        if (auto *call = llvm::dyn_cast<llvm::MemIntrinsic>(&each))
          EXPECT_TRUE(call->isForceInlined()) << target.name;
  }
}

/// The intrinsics that `name` of `module` calls.
std::vector<llvm::Intrinsic::ID> intrinsicsOf(llvm::Module &module,
                                              llvm::StringRef name) {
  std::vector<llvm::Intrinsic::ID> result;
  for (llvm::Instruction &each : llvm::instructions(*module.getFunction(name)))
    if (auto *call = llvm::dyn_cast<llvm::IntrinsicInst>(&each))
      result.push_back(call->getIntrinsicID());
  return result;
}

/// What RISC-V's vectors copy is executed by EmulatedKernelTest.
TEST(MemoryFunctionsTest, TakeScalableVectorsWhereThereAreAny) {
  llvm::LLVMContext context;
  auto module = rewrite(context, llvm::cantFail(lookupTarget("rv64gcv")));
  using namespace llvm::Intrinsic;
  EXPECT_EQ(intrinsicsOf(*module, "quantcc_copy"),
            (std::vector<ID>{riscv_vsetvli, riscv_vle, riscv_vse}));
  EXPECT_EQ(intrinsicsOf(*module, "quantcc_fill"),
            (std::vector<ID>{riscv_vsetvli, riscv_vse}));
  // Alignment makes no difference.
  EXPECT_FALSE(module->getFunction("quantcc_copy_bytes"));
  auto scalar = rewrite(context, llvm::cantFail(lookupTarget("rv64gc")));
  EXPECT_TRUE(intrinsicsOf(*scalar, "quantcc_copy").empty());
}

} // namespace
