//===- ObjectInspectionTest.cpp - Tests of the scan of objects ------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Plants instructions, calls and data in objects of each architecture.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Target/ObjectInspection.h"
#include "quantcc/Codegen/LLVMBackend.h"

#include <gtest/gtest.h>

using namespace quantcc;
using llvm::StringRef;

namespace {

/// The object of a function `planted` whose body is `assembly`. `rest` is what
/// comes after the function.
llvm::SmallVector<char, 0> assemble(const TargetInfo &target,
                                    const llvm::Twine &assembly,
                                    const llvm::Twine &rest = "") {
  auto machine = llvm::cantFail(createTargetMachine(target));
  llvm::LLVMContext context;
  llvm::Module module("planted", context);
  module.setTargetTriple(machine->getTargetTriple());
  module.setDataLayout(machine->createDataLayout());
  std::string text = ".text\n";
  if (machine->getTargetTriple().isThumb())
    text += ".thumb\n.thumb_func\n";
  module.setModuleInlineAsm(
      (text + ".globl planted\n.type planted, %function\nplanted:\n" +
       assembly + "\n" + rest + "\n")
          .str());
  auto object = emitObject(module, *machine);
  EXPECT_TRUE(static_cast<bool>(object)) << assembly.str();
  return object ? std::move(object->bytes) : llvm::SmallVector<char, 0>();
}

llvm::Expected<ObjectFacts> inspect(StringRef targetName,
                                    const llvm::Twine &assembly,
                                    bool mayComputeInFloat = true,
                                    const llvm::Twine &rest = "") {
  TargetInfo target = llvm::cantFail(lookupTarget(targetName));
  return inspectObject(assemble(target, assembly, rest), target,
                       mayComputeInFloat);
}

/// How many float instructions are found in `assembly`, or -1 with a failure.
int64_t countFloats(StringRef target, const llvm::Twine &assembly) {
  auto facts = inspect(target, assembly);
  if (!facts) {
    ADD_FAILURE() << target.str() << ": " << llvm::toString(facts.takeError());
    return -1;
  }
  return facts->floatInstructions;
}

std::string refusalOf(llvm::Expected<ObjectFacts> facts) {
  if (!facts)
    return llvm::toString(facts.takeError());
  return "";
}

struct Planted {
  const char *target;
  std::vector<const char *> floats;
  std::vector<const char *> others;
};

const Planted kPlanted[] = {
    {"cortex-m4",
     {"vadd.f32 s0, s1, s2", "vmla.f32 s0, s1, s2", "vcvt.f32.s32 s0, s0",
      "vcvtr.s32.f32 s0, s0", "vcmp.f32 s0, s1",
      "it eq\nvaddeq.f32 s0, s1, s2"},
     {"vmov s0, r0", "vldr d0, [r0]", "vpush {d8}", "vmov.f32 s0, s1",
      "vabs.f32 s0, s0", "smlad r0, r1, r2, r3", "bfi r0, r1, #1, #2",
      "add r0, r1"}},
    {"cortex-m55",
     {"vadd.f32 q0, q1, q2", "vfma.f16 q0, q1, q2", "vcvt.s32.f32 q0, q0",
      "vmul.f64 d0, d1, d2"},
     {"vadd.i32 q0, q1, q2", "vmladava.s8 r0, q0, q1",
      "vqrdmulh.s32 q0, q1, q2", "vldrb.s32 q0, [r0]", "vmov.f32 q0, #1.0"}},
    {"armv7-a",
     {"vadd.f32 q0, q1, q2", "vcvt.f32.s32 q0, q0", "vrecpe.f32 d0, d1"},
     {"vadd.i32 q0, q1, q2", "vmlal.s16 q0, d2, d3", "vld1.8 {d0}, [r0]"}},
    {"cortex-a53",
     {"fadd s0, s1, s2", "fmla v0.4s, v1.4s, v2.4s", "scvtf s0, w0",
      "ucvtf v0.4s, v0.4s", "fcvtzs w0, s0", "fcmp s0, s1",
      "frinta v0.4s, v1.4s"},
     {"fmov s0, w0", "fneg v0.2s, v1.2s", "fcsel s0, s1, s2, eq",
      "bfi w0, w1, #1, #2", "bfxil w0, w1, #1, #2", "smlal v0.4s, v1.4h, v2.4h",
      "sqrdmulh v0.4s, v1.4s, v2.4s", "sqdmulh v0.8h, v1.8h, v2.8h",
      "ldr q0, [x0]"}},
    {"rv64gcv",
     {"fadd.s f0, f1, f2", "fcvt.s.w f0, a0", "feq.d a0, f0, f1",
      "fclass.s a0, f0", "vfadd.vv v0, v1, v2", "vmfeq.vv v0, v1, v2",
      "vfwcvt.f.x.v v0, v2"},
     {"fence", "fsgnjn.s f0, f1, f1", "fence.i", "flw f0, 0(a0)",
      "fsd f0, 0(a0)", "fmv.x.w a0, f0", "vfirst.m a0, v0",
      "vadd.vv v0, v1, v2", "mul a0, a1, a2"}},
    {"x86-64-vnni",
     {"addss %xmm0, %xmm1", "vmulps %zmm0, %zmm1, %zmm2",
      "vcvtdq2pd %ymm0, %zmm1", "cvttps2dq %xmm0, %xmm1",
      "vrndscalepd $8, %zmm0, %zmm1", "rcpps %xmm0, %xmm1", "faddp",
      "vrsqrt14ps %zmm0, %zmm1", "ucomiss %xmm0, %xmm1", "fld1"},
     {"movaps %xmm0, %xmm1", "xorps %xmm0, %xmm0", "shufps $1, %xmm0, %xmm1",
      "vpermpd $8, %ymm0, %ymm1", "vpdpbusd %zmm0, %zmm1, %zmm2",
      "vbroadcastss %xmm0, %zmm1", "movss %xmm0, %xmm1", "movsd %xmm0, %xmm1",
      "imul %eax, %ecx"}},
};

TEST(ObjectInspectionTest, CountsWhatComputesInFloat) {
  for (const Planted &planted : kPlanted) {
    for (const char *each : planted.floats)
      EXPECT_EQ(countFloats(planted.target, each), 1)
          << planted.target << ": " << each;
    for (const char *each : planted.others)
      EXPECT_EQ(countFloats(planted.target, each), 0)
          << planted.target << ": " << each;
  }
}

TEST(ObjectInspectionTest, RefusesFloatsWhereTheyAreNotAllowed) {
  for (const Planted &planted : kPlanted) {
    std::string all;
    for (const char *each : planted.others)
      (all += each) += "\n";
    EXPECT_EQ(
        refusalOf(inspect(planted.target, all, /*mayComputeInFloat=*/false)),
        "");
    EXPECT_NE(refusalOf(inspect(planted.target, all + planted.floats.front(),
                                /*mayComputeInFloat=*/false)),
              "");
  }
  EXPECT_EQ(refusalOf(inspect("cortex-m4", "add r0, r1\nvadd.f32 s0, s1, s2",
                              /*mayComputeInFloat=*/false)),
            "function 'planted' computes in floating point, with 'vadd.f32 s0, "
            "s1, s2', but the object must compute in integers alone");
  EXPECT_EQ(refusalOf(inspect("x86-64-vnni", "vaddps %zmm0, %zmm1, %zmm2",
                              /*mayComputeInFloat=*/false)),
            "function 'planted' computes in floating point, with 'vaddps "
            "%zmm0, %zmm1, %zmm2', but the object must compute in integers "
            "alone");
}

/// Even a move is no instruction of a processor without an FPU.
TEST(ObjectInspectionTest, RefusesInstructionsThatTheTargetLacks) {
  EXPECT_EQ(
      refusalOf(inspect("cortex-m0plus", "mov r0, r1\n.inst.w 0xee000a10")),
      "function 'planted' holds bytes that are no instruction of the "
      "target, at offset 2 of its section");
  EXPECT_EQ(refusalOf(inspect("cortex-m4", ".inst.w 0xee000a10")), "");
  // fadd.s fa0, fa0, fa1
  EXPECT_NE(refusalOf(inspect("rv32imc", ".insn 4, 0x00b57553")), "");
  EXPECT_EQ(refusalOf(inspect("rv64gc", ".insn 4, 0x00b57553")), "");
}

TEST(ObjectInspectionTest, PassesOverDataAmongCode) {
  // As an instruction, the word would be vadd.f32 s0, s0, s0.
  EXPECT_EQ(countFloats("cortex-m4", "bx lr\n.p2align 2\n.long 0x0a00ee30"), 0);
  EXPECT_EQ(countFloats("cortex-m4", "bx lr\n.p2align 2\n.inst.w 0xee300a00"),
            1);
}

TEST(ObjectInspectionTest, NamesTheCallerOfALibrary) {
  EXPECT_EQ(refusalOf(inspect("cortex-m4", "bl __aeabi_ldivmod")),
            "function 'planted' calls '__aeabi_ldivmod', but the object must "
            "need no library beside memcpy, memmove and memset");
  EXPECT_EQ(refusalOf(inspect("rv32imc", "call __mulsf3")),
            "function 'planted' calls '__mulsf3', but the object must need no "
            "library beside memcpy, memmove and memset");
  EXPECT_EQ(
      refusalOf(inspect("x86-64-v2", "ret", true,
                        ".type second, @function\nsecond:\ncall __divti3@PLT")),
      "function 'second' calls '__divti3', but the object must need no library "
      "beside memcpy, memmove and memset");
}

TEST(ObjectInspectionTest, AllowsMemoryFunctionsUnlessFreestanding) {
  auto facts = inspect("cortex-m4", "bl memcpy\nbl __aeabi_memclr8");
  ASSERT_TRUE(static_cast<bool>(facts));
  EXPECT_EQ(facts->undefinedSymbols,
            (std::vector<std::string>{"__aeabi_memclr8", "memcpy"}));
  TargetInfo freestanding = llvm::cantFail(lookupTarget("cortex-m4"));
  freestanding.hasMemoryFunctions = false;
  EXPECT_EQ(refusalOf(inspectObject(assemble(freestanding, "bl memcpy"),
                                    freestanding)),
            "function 'planted' calls 'memcpy', but the object must need no "
            "library");
}

TEST(ObjectInspectionTest, RefusesConstructorsAndWritableData) {
  EXPECT_EQ(refusalOf(inspect("cortex-m4", "bx lr", true,
                              ".section .init_array, \"aw\", %init_array\n"
                              ".long planted")),
            "the object has constructors in section '.init_array'");
  EXPECT_EQ(refusalOf(inspect("cortex-m4", "bx lr", true, ".data\n.long 1")),
            "the object has writable data in section '.data'");
}

} // namespace
