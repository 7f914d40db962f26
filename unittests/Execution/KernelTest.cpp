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

#include "KernelLayers.h"

#include "quantcc/Codegen/TargetInfo.h"
#include "quantcc/Execution/CompiledModel.h"

#include <gtest/gtest.h>
#include <mlir/Parser/Parser.h>
#include <sys/mman.h>
#include <unistd.h>

using namespace mlir;
using namespace quantcc;

namespace {

/// Bytes right before a page that nobody may touch.
class GuardedBytes {
public:
  explicit GuardedBytes(size_t size) {
    size_t page = sysconf(_SC_PAGESIZE);
    mapped = llvm::alignTo(size, page) + page;
    base = static_cast<char *>(mmap(nullptr, mapped, PROT_READ | PROT_WRITE,
                                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    EXPECT_EQ(mprotect(base + mapped - page, page, PROT_NONE), 0);
    bytes = base + mapped - page - size;
  }
  ~GuardedBytes() { munmap(base, mapped); }

  char *bytes;

private:
  char *base;
  size_t mapped;
};

class KernelTest : public testing::TestWithParam<KernelLayer> {};

TEST_P(KernelTest, StaysWithinItsBuffers) {
  if (hostTarget().kernels == KernelSet::Portable)
    GTEST_SKIP() << "this machine has no kernels";
  KernelCase layer = makeKernelCase(GetParam());
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

INSTANTIATE_TEST_SUITE_P(Layers, KernelTest,
                         testing::ValuesIn(kernelLayers(hostTarget().kernels ==
                                                        KernelSet::Avx512Vnni)),
                         [](const auto &info) { return nameOf(info.param); });

} // namespace
