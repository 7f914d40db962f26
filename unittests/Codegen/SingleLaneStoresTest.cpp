//===- SingleLaneStoresTest.cpp - Tests of masked stores of one lane ------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is stored, on this machine, and which masks stay.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/SingleLaneStores.h"
#include "quantcc/Codegen/LLVMBackend.h"

#include <gtest/gtest.h>
#include <llvm/AsmParser/Parser.h>
#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/SourceMgr.h>

using namespace quantcc;

namespace {

/// Stores the lane `lane` of 8 truncated values.
std::string storeOf(const std::string &mask) {
  return R"(
  define void @f(ptr %from, ptr %to) {
    %wide = load <8 x i32>, ptr %from, align 4
    %narrow = trunc <8 x i32> %wide to <8 x i8>
    call void @llvm.masked.store.v8i8.p0(<8 x i8> %narrow, ptr align 1 %to,
                                         <8 x i1> )" +
         mask + R"()
    ret void
  }
  declare void @llvm.masked.store.v8i8.p0(<8 x i8>, ptr, <8 x i1>)
)";
}

std::string maskOf(const std::vector<bool> &lanes) {
  std::string text = "<";
  for (bool lane : lanes)
    text += std::string(text.size() > 1 ? ", " : "") + "i1 " +
            (lane ? "true" : "false");
  return text + ">";
}

std::unique_ptr<llvm::Module> rewrite(llvm::LLVMContext &context,
                                      const std::string &source) {
  llvm::SMDiagnostic error;
  auto module = llvm::parseAssemblyString(source, error, context);
  EXPECT_TRUE(module) << error.getMessage().str();
  splitSingleLaneStores(*module);
  EXPECT_FALSE(llvm::verifyModule(*module, &llvm::errs()));
  return module;
}

unsigned maskedStores(llvm::Module &module) {
  unsigned count = 0;
  for (llvm::Instruction &each : llvm::instructions(*module.getFunction("f")))
    if (auto *call = llvm::dyn_cast<llvm::IntrinsicInst>(&each))
      count += call->getIntrinsicID() == llvm::Intrinsic::masked_store;
  return count;
}

TEST(SingleLaneStoresTest, StoreOneElement) {
  auto machine = llvm::cantFail(createTargetMachine(hostTarget()));
  for (unsigned lane = 0; lane < 8; ++lane) {
    auto context = std::make_unique<llvm::LLVMContext>();
    std::vector<bool> lanes(8, false);
    lanes[lane] = true;
    auto module = rewrite(*context, storeOf(maskOf(lanes)));
    EXPECT_EQ(maskedStores(*module), 0u);
    module->setTargetTriple(machine->getTargetTriple());
    module->setDataLayout(machine->createDataLayout());
    auto jit = llvm::cantFail(llvm::orc::LLJITBuilder().create());
    auto object = llvm::cantFail(emitObject(*module, *machine));
    llvm::cantFail(jit->addObjectFile(llvm::MemoryBuffer::getMemBufferCopy(
        llvm::StringRef(object.bytes.data(), object.bytes.size()), "f")));
    auto *function = llvm::cantFail(jit->lookup("f"))
                         .toPtr<void (*)(const int32_t *, uint8_t *)>();
    const int32_t from[8] = {0x101, 0x202, 0x303, 0x404,
                             0x505, 0x606, 0x707, 0x808};
    std::vector<uint8_t> to(16, 0xA5), expected(16, 0xA5);
    expected[lane] = lane + 1;
    function(from, to.data());
    EXPECT_EQ(to, expected) << lane;
  }
}

TEST(SingleLaneStoresTest, OtherMasksStay) {
  for (const std::vector<bool> &lanes :
       {std::vector<bool>(8, false), std::vector<bool>(8, true),
        std::vector<bool>{1, 0, 0, 0, 0, 0, 0, 1}}) {
    llvm::LLVMContext context;
    auto module = rewrite(context, storeOf(maskOf(lanes)));
    EXPECT_EQ(maskedStores(*module), 1u);
  }
}

} // namespace
