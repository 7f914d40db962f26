//===- GuardedBytes.h - Buffers that end where memory does ------*- C++ -*-===//
//
// Part of the quantcc project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef QUANTCC_UNITTESTS_EXECUTION_GUARDEDBYTES_H
#define QUANTCC_UNITTESTS_EXECUTION_GUARDEDBYTES_H

#include <gtest/gtest.h>
#include <llvm/Support/MathExtras.h>
#include <sys/mman.h>
#include <unistd.h>

namespace quantcc {

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

} // namespace quantcc

#endif // QUANTCC_UNITTESTS_EXECUTION_GUARDEDBYTES_H
