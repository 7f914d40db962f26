//===- EmulatedKernelTest.cpp - Kernels of targets that are not here ------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layers that are hard on kernels, on each target with kernels that qemu
// emulates. The harness puts buffers before pages that nobody may touch, and
// makes floating point round up.
//
//===----------------------------------------------------------------------===//

#include "../Execution/KernelLayers.h"
#include "TargetProgram.h"

#include "quantcc/Codegen/CompileObject.h"

#include <gtest/gtest.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/TargetParser/Host.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/Parser/Parser.h>

using namespace mlir;
using namespace quantcc;
using namespace quantcc::differential;

namespace {

struct Machine {
  const char *target;
  /// Of RISC-V's vectors.
  unsigned vectorBits = 256;
  /// What this processor needs, in LLVM's terms, to run it without an emulator.
  std::vector<const char *> features = {};
};

class EmulatedKernelTest : public testing::TestWithParam<Machine> {};

TEST_P(EmulatedKernelTest, StaysWithinItsBuffers) {
  auto target = lookupExecutionTarget(GetParam().target, GetParam().vectorBits);
  if (!target) {
    std::string reason = llvm::toString(target.takeError());
    ASSERT_EQ(reason.rfind("cannot find the emulator", 0), 0u) << reason;
    GTEST_SKIP() << reason;
  }
  ASSERT_NE(target->info.kernels, KernelSet::Portable);
  auto features = llvm::sys::getHostCPUFeatures();
  for (const char *feature : GetParam().features)
    if (!features.lookup(feature))
      GTEST_SKIP() << "this processor has no " << feature;
  llvm::SmallString<128> folder;
  ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("kernels", folder));
  auto program = TargetProgram::create(*target, folder);
  ASSERT_TRUE(static_cast<bool>(program))
      << llvm::toString(program.takeError());

  std::vector<std::pair<std::string, KernelCase>> models;
  for (const KernelLayer &layer : kernelLayers(target->info.kernels))
    models.push_back({nameOf(layer), makeKernelCase(layer)});
  for (int64_t count : kLookupCounts)
    models.push_back(
        {"lookup_" + std::to_string(count), makeLookupCase(count)});
  std::vector<std::vector<Sample>> samples;
  std::vector<CompiledCase> cases;
  for (const auto &[symbol, one] : models) {
    auto context = createKernelContext();
    OwningOpRef<ModuleOp> module =
        parseSourceString<ModuleOp>(one.source, context.get());
    ASSERT_TRUE(module);
    SymbolTable::setSymbolName(*module->getOps<func::FuncOp>().begin(), symbol);
    auto object = compileFor(*module, target->info);
    ASSERT_TRUE(static_cast<bool>(object))
        << llvm::toString(object.takeError());
    // Both ways in which the harness calls.
    Sample sample;
    sample.inputs = {Bytes(one.input.begin(), one.input.end())};
    sample.outputs = {Bytes(one.expected.begin(), one.expected.end())};
    samples.push_back({sample, sample});
    cases.push_back({symbol, std::move(*object), {}});
  }
  for (auto [own, one] : llvm::zip_equal(samples, cases))
    one.samples = own;
  auto verdicts = program->run(cases, "program");
  llvm::sys::fs::remove_directories(folder);
  ASSERT_TRUE(static_cast<bool>(verdicts))
      << llvm::toString(verdicts.takeError());
  for (auto [model, verdict] : llvm::zip_equal(models, *verdicts))
    EXPECT_EQ(verdict, "") << model.first;
}

INSTANTIATE_TEST_SUITE_P(
    Targets, EmulatedKernelTest,
    testing::Values(
        Machine{"cortex-a53"}, Machine{"neoverse-n1"}, Machine{"neoverse-n2"},
        Machine{"armv7-a"}, Machine{"rv32imac"}, Machine{"cortex-m4"},
        Machine{"cortex-m55"}, Machine{"rv64gcv", 128}, Machine{"rv64gcv", 256},
        Machine{"rv64gcv", 1024}, Machine{"rv64gcv-zvqdotq", 128},
        Machine{"rv64gcv-zvqdotq", 512}, Machine{"x86-64-v2", 0, {"sse4.1"}},
        Machine{"x86-64-v3", 0, {"avx2", "fma"}},
        Machine{"x86-64-avxvnni", 0, {"avx2", "fma", "avxvnni"}},
        Machine{"x86-64-v4", 0, {"avx512f", "avx512bw"}}),
    [](const auto &info) {
      std::string name = info.param.target;
      std::replace(name.begin(), name.end(), '-', '_');
      if (llvm::StringRef(name).starts_with("rv64gcv"))
        name += "_" + std::to_string(info.param.vectorBits);
      return name;
    });

} // namespace
