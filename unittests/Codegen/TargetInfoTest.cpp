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

TEST(TargetInfoTest, KernelsFollowFromFeatures) {
  EXPECT_EQ(lookupTarget("x86-64-vnni")->kernels, KernelSet::Avx512Vnni);
  EXPECT_EQ(lookupTarget("x86-64-v4")->kernels, KernelSet::Portable);
  EXPECT_EQ(lookupTarget("cortex-a53")->kernels, KernelSet::Portable);
  auto kernelsOf = [](StringRef cpu, StringRef features) {
    return describeTarget("x86_64-linux-gnu", cpu, features, "")->kernels;
  };
  EXPECT_EQ(kernelsOf("icelake-server", ""), KernelSet::Avx512Vnni);
  EXPECT_EQ(kernelsOf("icelake-server", "-avx512vnni"), KernelSet::Portable);
  EXPECT_EQ(kernelsOf("x86-64-v4", "+avx512vnni"), KernelSet::Avx512Vnni);
}

TEST(TargetInfoTest, RefusesWhatIsUnknown) {
  auto named = lookupTarget("z80");
  ASSERT_FALSE(static_cast<bool>(named));
  EXPECT_EQ(llvm::toString(named.takeError())
                .rfind("unknown target 'z80', expected one of host, ", 0),
            0u);
  auto triple = describeTarget("pdp11-unknown-none", "", "", "");
  ASSERT_FALSE(static_cast<bool>(triple));
  EXPECT_EQ(llvm::toString(triple.takeError()),
            "no code generator for target 'pdp11-unknown-none'");
  TargetInfo target = *lookupTarget("cortex-a53");
  target.cpu = "cortex-z9";
  auto machine = createTargetMachine(target);
  ASSERT_FALSE(static_cast<bool>(machine));
  EXPECT_EQ(llvm::toString(machine.takeError()),
            "target 'aarch64-unknown-linux-gnu' has no processor 'cortex-z9'");
}

} // namespace
