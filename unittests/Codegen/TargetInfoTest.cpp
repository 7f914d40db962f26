//===- TargetInfoTest.cpp - Tests of the table of targets -----------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Looks up named and unnamed targets.
//
//===----------------------------------------------------------------------===//

#include "quantcc/Codegen/TargetInfo.h"
#include "quantcc/Codegen/LLVMBackend.h"

#include <gtest/gtest.h>

using namespace quantcc;
using llvm::StringRef;

namespace {

TEST(TargetInfoTest, FindsEveryNamedTarget) {
  for (const TargetInfo &target : namedTargets()) {
    auto found = lookupTarget(target.name);
    ASSERT_TRUE(static_cast<bool>(found));
    EXPECT_EQ(found->triple, target.triple);
    EXPECT_FALSE(target.description.empty());
    auto machine = createTargetMachine(*found);
    ASSERT_TRUE(static_cast<bool>(machine))
        << llvm::toString(machine.takeError());
    EXPECT_EQ((*machine)->createDataLayout().getPointerSizeInBits(),
              target.indexBits);
  }
  EXPECT_EQ(lookupTarget("host")->name, "host");
}

TEST(TargetInfoTest, DescribesUnnamedTargets) {
  auto target = describeTarget("armv7-none-eabi", "cortex-a7", "+neon", "");
  ASSERT_TRUE(static_cast<bool>(target));
  EXPECT_EQ(target->indexBits, 32u);
  EXPECT_FALSE(target->isHosted);
  EXPECT_TRUE(describeTarget("x86_64-linux-gnu", "", "", "")->isHosted);
}

/// What LLVM's tables tell of a machine is what the table of names says.
TEST(TargetInfoTest, DescriptionsAgreeWithTheNames) {
  for (const TargetInfo &named : namedTargets()) {
    auto described =
        describeTarget(named.triple, named.cpu, named.features, named.abi);
    ASSERT_TRUE(static_cast<bool>(described))
        << named.name << ": " << llvm::toString(described.takeError());
    EXPECT_EQ(described->indexBits, named.indexBits) << named.name;
    EXPECT_EQ(described->hasFPU, named.hasFPU) << named.name;
    EXPECT_EQ(described->hasDivide, named.hasDivide) << named.name;
    EXPECT_EQ(described->hasWideArithmetic, named.hasWideArithmetic)
        << named.name;
    EXPECT_EQ(described->isHosted, named.isHosted) << named.name;
    EXPECT_EQ(described->prefersSmallCode, named.prefersSmallCode)
        << named.name;
    EXPECT_EQ(described->kernels, named.kernels) << named.name;
  }
}

TEST(TargetInfoTest, FeaturesTellOfArithmetic) {
  auto describe = [](StringRef triple, StringRef cpu, StringRef features) {
    return llvm::cantFail(describeTarget(triple, cpu, features, ""));
  };
  EXPECT_FALSE(describe("thumbv7em-none-eabi", "cortex-m4", "-vfp2sp").hasFPU);
  EXPECT_FALSE(describe("thumbv7m-none-eabi", "cortex-m3", "").hasFPU);
  EXPECT_TRUE(describe("thumbv7m-none-eabi", "cortex-m3", "").hasDivide);
  TargetInfo m23 = describe("thumbv8m.base-none-eabi", "cortex-m23", "");
  EXPECT_TRUE(m23.hasDivide);
  EXPECT_FALSE(m23.hasWideArithmetic);
  EXPECT_TRUE(describe("armv7-linux-gnueabihf", "cortex-a15", "").hasDivide);
  EXPECT_TRUE(describe("riscv32-unknown-elf", "", "+m,+f").hasFPU);
  EXPECT_FALSE(describe("riscv32-unknown-elf", "", "").hasDivide);
}

TEST(TargetInfoTest, FloatIsLeftOut) {
  TargetInfo target = withoutFloat(*lookupTarget("x86-64-vnni"));
  EXPECT_FALSE(target.hasFPU);
  EXPECT_EQ(target.kernels, KernelSet::Portable);
  // Those that never compute in it stay.
  EXPECT_EQ(withoutFloat(*lookupTarget("neoverse-n1")).kernels,
            KernelSet::NeonDotprod);
}

TEST(TargetInfoTest, KernelsFollowFromFeatures) {
  EXPECT_EQ(lookupTarget("x86-64-vnni")->kernels, KernelSet::Avx512Vnni);
  EXPECT_EQ(lookupTarget("x86-64-v4")->kernels, KernelSet::Avx512);
  EXPECT_EQ(lookupTarget("x86-64-avxvnni")->kernels, KernelSet::AvxVnni);
  EXPECT_EQ(lookupTarget("x86-64-v3")->kernels, KernelSet::Avx2);
  EXPECT_EQ(lookupTarget("x86-64-v2")->kernels, KernelSet::Sse41);
  EXPECT_EQ(lookupTarget("cortex-a53")->kernels, KernelSet::Neon);
  EXPECT_EQ(lookupTarget("cortex-a55")->kernels, KernelSet::NeonDotprod);
  EXPECT_EQ(lookupTarget("neoverse-n2")->kernels, KernelSet::NeonI8mm);
  EXPECT_EQ(lookupTarget("armv7-a")->kernels, KernelSet::ArmNeon);
  EXPECT_EQ(lookupTarget("rv32imc")->kernels, KernelSet::Scalar);
  EXPECT_EQ(lookupTarget("rv64gc")->kernels, KernelSet::Portable);
  EXPECT_EQ(lookupTarget("rv64gcv")->kernels, KernelSet::RiscvVector);
  EXPECT_EQ(lookupTarget("rv64gcv-zvqdotq")->kernels,
            KernelSet::RiscvVectorDot);
  EXPECT_EQ(lookupTarget("neoverse-n1")->kernels, KernelSet::NeonDotprod);
  auto kernelsOf = [](StringRef cpu, StringRef features) {
    return describeTarget("x86_64-linux-gnu", cpu, features, "")->kernels;
  };
  EXPECT_EQ(kernelsOf("icelake-server", ""), KernelSet::Avx512Vnni);
  EXPECT_EQ(kernelsOf("icelake-server", "-avx512vnni"), KernelSet::Avx512);
  EXPECT_EQ(kernelsOf("alderlake", ""), KernelSet::AvxVnni);
  EXPECT_EQ(kernelsOf("haswell", ""), KernelSet::Avx2);
  // Without multiply-adds, vectors of 256 bits are of no use.
  EXPECT_EQ(kernelsOf("haswell", "-fma"), KernelSet::Sse41);
  EXPECT_EQ(kernelsOf("penryn", ""), KernelSet::Sse41);
  EXPECT_EQ(kernelsOf("core2", ""), KernelSet::Portable);
  EXPECT_EQ(kernelsOf("x86-64-v4", "+avx512vnni"), KernelSet::Avx512Vnni);
}

TEST(TargetInfoTest, RefusesWhatIsUnknown) {
  auto named = lookupTarget("z80");
  ASSERT_FALSE(static_cast<bool>(named));
  EXPECT_EQ(llvm::toString(named.takeError())
                .rfind("unknown target 'z80', expected one of host, ", 0),
            0u);
  auto refusalOf = [](StringRef triple, StringRef cpu, StringRef features,
                      StringRef abi) -> std::string {
    auto target = describeTarget(triple, cpu, features, abi);
    return target ? "" : llvm::toString(target.takeError());
  };
  EXPECT_EQ(refusalOf("pdp11-unknown-none", "", "", ""),
            "no code generator for target 'pdp11-unknown-none': expected "
            "x86_64, aarch64, arm, thumb, riscv32 or riscv64");
  EXPECT_EQ(refusalOf("aarch64-apple-darwin", "", "", ""),
            "target 'aarch64-apple-darwin' expected to have ELF objects");
  EXPECT_EQ(refusalOf("thumbv7em-none-eabi", "cortex-m99", "", ""),
            "target 'thumbv7em-none-eabi' has no processor 'cortex-m99'");
  EXPECT_EQ(refusalOf("thumbv7em-none-eabi", "", "+dsp,+warp", ""),
            "target 'thumbv7em-none-eabi' has no feature 'warp'");
  EXPECT_EQ(refusalOf("thumbv7em-none-eabi", "", "dsp", ""),
            "feature 'dsp' expected to begin with '+' or '-'");
  EXPECT_EQ(refusalOf("riscv32-unknown-elf", "", "+m,+f", "ilp32d"),
            "target 'riscv32-unknown-unknown-elf' expected ABI ilp32, ilp32f, "
            "found 'ilp32d'");
  EXPECT_EQ(refusalOf("thumbv7em-none-eabi", "", "", "hard"),
            "target 'thumbv7em-unknown-none-eabi' expected no ABI beside its "
            "own, found 'hard'");
  TargetInfo target = *lookupTarget("cortex-a53");
  target.cpu = "cortex-z9";
  auto machine = createTargetMachine(target);
  ASSERT_FALSE(static_cast<bool>(machine));
  EXPECT_EQ(llvm::toString(machine.takeError()),
            "target 'aarch64-unknown-linux-gnu' has no processor 'cortex-z9'");
}

} // namespace
