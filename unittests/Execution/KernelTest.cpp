//===- KernelTest.cpp - Kernels at the edges of their buffers -------------===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fused layers of many shapes against sums written down here, on buffers that
// end where memory does: a kernel that reads or writes beyond them crashes.
//
//===----------------------------------------------------------------------===//

#include "GuardedBytes.h"
#include "KernelLayers.h"

#include "quantcc/Codegen/TargetInfo.h"
#include "quantcc/Execution/CompiledModel.h"

#include <gtest/gtest.h>
#include <mlir/Parser/Parser.h>

using namespace mlir;
using namespace quantcc;

namespace {

class KernelTest : public testing::TestWithParam<KernelLayer> {};
class LookupTest : public testing::TestWithParam<int64_t> {};

void expectExactBytes(const KernelCase &layer) {
  auto context = createKernelContext();
  OwningOpRef<ModuleOp> module =
      parseSourceString<ModuleOp>(layer.source, context.get());
  ASSERT_TRUE(module);
  auto model = CompiledModel::compile(*module);
  ASSERT_TRUE(succeeded(model));

  GuardedBytes x(layer.input.size()), y(layer.expected.size());
  GuardedBytes arena(llvm::alignTo((*model)->arenaBytes(), 64));
  std::copy(layer.input.begin(), layer.input.end(), x.bytes);
  (*model)->run({x.bytes}, {y.bytes}, arena.bytes);
  std::vector<uint8_t> found(y.bytes, y.bytes + layer.expected.size());
  EXPECT_EQ(found, layer.expected);
}

TEST_P(KernelTest, StaysWithinItsBuffers) {
  if (hostTarget().kernels == KernelSet::Portable)
    GTEST_SKIP() << "this machine has no kernels";
  expectExactBytes(makeKernelCase(GetParam()));
}

TEST_P(LookupTest, StaysWithinItsBuffers) {
  expectExactBytes(makeLookupCase(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Layers, KernelTest,
                         testing::ValuesIn(kernelLayers(hostTarget().kernels)),
                         [](const auto &info) { return nameOf(info.param); });
INSTANTIATE_TEST_SUITE_P(Counts, LookupTest, testing::ValuesIn(kLookupCounts));

} // namespace
